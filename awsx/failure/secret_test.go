package failure_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/smithy-go"

	"snapferry/awsx/failure"
)

const (
	hush      = "IQoJb3JpZ2luX2VjEXAMPLE//hush+hush/9wAB=="
	hushKey   = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"

	mismatch = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	// canonical is what AWS adds to mismatch: the whole request as it should have been signed.
	canonical = "\n\nThe Canonical String for this request should have been\n'PUT\n/_snapshot/r\n\nhost:h\nx-amz-date:20261122T080000Z\nx-amz-security-token:" + hush +
		"\n\nhost;x-amz-date;x-amz-security-token\ne3b0'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20261122T080000Z'\n"
)

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// s3Mismatch is S3's own refusal, which gives the request as text and as bytes.
func s3Mismatch() string {
	request := "GET\n/\n\nhost:h\nx-amz-security-token:" + hush + "\n\nhost\nUNSIGNED-PAYLOAD"
	return `<Error><Code>SignatureDoesNotMatch</Code><Message>` + mismatch + `</Message><AWSAccessKeyId>AKIAEXAMPLE</AWSAccessKeyId>` +
		`<StringToSign>AWS4-HMAC-SHA256</StringToSign><SignatureProvided>` + signature + `</SignatureProvided><StringToSignBytes>41 57</StringToSignBytes>` +
		`<CanonicalRequest>` + request + `</CanonicalRequest><CanonicalRequestBytes>` + fmt.Sprintf("% x", request) + `</CanonicalRequestBytes><RequestId>7</RequestId></Error>`
}

var leaky = map[string]struct {
	body string
	kept string // what must still be there
}{
	"front":              {`{"message":` + quoted(mismatch+canonical) + `}`, mismatch},
	"front, small words": {`{"message":` + quoted(mismatch+strings.ToLower(canonical)) + `}`, mismatch},
	"engine": {`{"error":{"type":"repository_exception","reason":"x","caused_by":{"type":"s3_exception","reason":` + quoted(mismatch+canonical) +
		`,"suppressed":[{"type":"i_o_exception","reason":` + quoted(canonical) + `}]}},"status":500}`, mismatch},
	"escaped twice":       {`{"message":` + quoted(quoted(mismatch+canonical)) + `}`, "does not match"},
	"S3":                  {s3Mismatch(), "SignatureDoesNotMatch"},
	"S3, cut off":         {s3Mismatch()[:len(s3Mismatch())-90], "SignatureDoesNotMatch"},
	"S3, token expired":   {`<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message><Token-0>` + hush + `</Token-0></Error>`, "The provided token has expired."},
	"IAM":                 {`<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>` + mismatch + canonical + `</Message></Error></ErrorResponse>`, mismatch},
	"STS answer":          {`<Error><Code>X</Code><Message>m</Message><SecretAccessKey>` + hushKey + `</SecretAccessKey><SessionToken>` + hush + `</SessionToken></Error>`, "<Code>X"},
	"plain words":         {"refused with x-amz-security-token: " + hush + " for you", "for you"},
	"headers in JSON":     {`{"message":"no","headers":{"X-Amz-Security-Token": "` + hush + `","Authorization":["Bearer ` + hush + `"]}}`, `"no"`},
	"headers of Java":     {`{"message":"sent {x-amz-security-token=[` + hush + `], host=h}"}`, "host=h"},
	"a signed URL":        {"GET https://h/p?X-Amz-Credential=AKIAHUSH%2F2026&X-Amz-Security-Token=" + url.QueryEscape(hush) + "&X-Amz-Signature=" + signature + "&x=1", "x=1"},
	"authorization":       {"sent Authorization: AWS4-HMAC-SHA256 Credential=AKIAHUSH/2026, SignedHeaders=host, Signature=" + signature + "\nmore", "more"},
	"not a key=value":     {`{"message":"'x' not a valid key=value pair (missing equal-sign) in Authorization header: 'Basic ` + hush + `'."}`, "missing equal-sign"},
	"slashes escaped":     {`{"message":"x-amz-security-token:` + strings.NewReplacer("/", `\/`, "=", `\u003d`, "+", `\u002b`).Replace(hush) + ` told"}`, "told"},
	"a profile's key":     {"aws_secret_access_key = " + hushKey + " at line 3", "at line 3"},
	"credentials as JSON": {`{"message":"odd","SecretAccessKey": "` + hushKey + `","SessionToken":"` + hush + `"}`, "odd"},
	"no secret at all":    {`{"message":"` + mismatch + ` Authorization header requires 'Signature' parameter."}`, "Authorization header requires 'Signature' parameter."},
}

// tells are what no output may hold: every secret, and pieces of it as they look
// escaped, as a URL and as bytes.
func tells() []string {
	return []string{
		hush, "IQoJb3JpZ2luX2VjEXAMPLE", "hush+hush", "hush%2Bhush", `hush\u002bhush`, "9wAB", "AKIAHUSH",
		hushKey, "wJalrXUtnFEMI", "bPxRfiCYEXAMPLEKEY", signature, fmt.Sprintf("% x", "b3JpZ2lu"), hex.EncodeToString([]byte("b3JpZ2lu")),
	}
}

func checkSilent(t *testing.T, f *failure.Failure) {
	t.Helper()
	marshalled, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	for where, s := range map[string]string{
		"a field": fmt.Sprintf("%q %q %q", f.Message, f.Chain, f.Suppressed), "Body": string(f.Body),
		"Error()": f.Error(), "JSON": string(marshalled), "%+v": fmt.Sprintf("%+v", f),
	} {
		for _, tell := range tells() {
			if strings.Contains(s, tell) {
				t.Errorf("%s tells %s: %s", where, tell, s)
			}
		}
	}
}

func TestNoSecretOfAnAnswerIsKept(t *testing.T) {
	for name, tc := range leaky {
		t.Run(name, func(t *testing.T) {
			f := failure.FromResponse("PUT /_snapshot/r", "h", 403, nil, []byte(tc.body))
			checkSilent(t, f)
			if !strings.Contains(string(f.Body), tc.kept) {
				t.Errorf("%q is lost from %s", tc.kept, f.Body)
			}
			if strings.Contains(f.Message, mismatch) && f.Kind != failure.Signature {
				t.Errorf("is %s now", f.Kind)
			}
		})
	}
}

func TestNoSecretOfAnErrorIsKept(t *testing.T) {
	api := &smithy.GenericAPIError{Code: "SignatureDoesNotMatch", Message: mismatch + canonical}
	for name, err := range map[string]error{
		"SDK":           &smithy.OperationError{ServiceID: "IAM", OperationName: "GetRole", Err: api},
		"transport":     fmt.Errorf("odd answer: %s", canonical),
		"no API at all": fmt.Errorf("credential process wrote {\"SecretAccessKey\": \"%s\"}", hushKey),
	} {
		t.Run(name, func(t *testing.T) {
			f := failure.Of(err)
			if f.Message == "" {
				t.Error("nothing is said at all")
			}
			// %+v of the value would walk into the error it wraps, which nobody prints.
			if got := fmt.Sprint(f, f.Message, string(f.Body)); strings.Contains(got, "IQoJb3") || strings.Contains(got, "wJalr") {
				t.Error(got)
			}
			if name == "SDK" && (f.Kind != failure.Signature || !strings.Contains(f.Message, mismatch)) {
				t.Errorf("%s: %s", f.Kind, f.Message)
			}
		})
	}
	if got := failure.Silent(mismatch + canonical); strings.Contains(got, "IQoJb3") || !strings.HasPrefix(got, mismatch) {
		t.Error(got)
	}
	checkSilent(t, failure.FromCode("S3 DeleteObjects", "SignatureDoesNotMatch", mismatch+canonical))
}
