package sigv4

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"snapferry/awsx/sandbox/access"
)

const noon = "20260102T120000Z"

// signedGet is a request of the given service, signed at the given time with
// the documentation's key, region eu-west-1.
func signedGet(t *testing.T, service, stamp string) *http.Request {
	t.Helper()
	req, err := http.NewRequest("GET", "http://search-logs.eu-west-1.es.amazonaws.com/_cat/indices?v=true", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Amz-Content-Sha256", emptyHash)
	if err := signer.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: docKey, SecretAccessKey: docSecret},
		req, emptyHash, service, "eu-west-1", at(stamp)()); err != nil {
		t.Fatal(err)
	}
	return req
}

func TestClockWords(t *testing.T) {
	tests := []struct {
		service, stamp, want string
		tolerance            int
	}{
		{"es", "20260102T115500Z", "", 5},
		{"es", "20260102T120500Z", "", 5},
		{"es", "20260102T115459Z", "403 InvalidSignatureException: Signature expired: 20260102T115459Z is now earlier than 20260102T115500Z (20260102T120000Z - 5 min.)", 5},
		{"es", "20260102T120501Z", "403 InvalidSignatureException: Signature not yet current: 20260102T120501Z is still later than 20260102T120500Z (20260102T120000Z + 5 min.)", 5},
		{"sts", "20260102T114459Z", "403 SignatureDoesNotMatch: Signature expired: 20260102T114459Z is now earlier than 20260102T114500Z (20260102T120000Z - 15 min.)", 15},
		{"kms", "20260102T114459Z", "400 InvalidSignatureException: Signature expired: 20260102T114459Z is now earlier than 20260102T114500Z (20260102T120000Z - 15 min.)", 15},
		{"s3", "20260102T114459Z", "403 RequestTimeTooSkewed: The difference between the request time and the current time is too large.", 15},
		{"s3", "20260102T121501Z", "403 RequestTimeTooSkewed: The difference between the request time and the current time is too large.", 15},
	}
	for _, tt := range tests {
		v := verifier(tt.service, "eu-west-1", noon)
		v.Tolerance = minutes(tt.tolerance)
		_, err := v.Verify(signedGet(t, tt.service, tt.stamp))
		if got := words(err); got != tt.want {
			t.Errorf("%s at %s:\n got %s\nwant %s", tt.service, tt.stamp, got, tt.want)
		}
	}
}

func TestRefusalWords(t *testing.T) {
	auth := func(from, to string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
		}
	}
	const generic = "403 InvalidSignatureException: "
	tests := []struct {
		name, service string
		change        func(*http.Request)
		want          string
	}{
		{"unchanged", "es", func(*http.Request) {}, ""},
		{"no signature", "es", func(r *http.Request) { r.Header.Del("Authorization") }, "403 MissingAuthenticationTokenException: Missing Authentication Token"},
		{"no signature", "sts", func(r *http.Request) { r.Header.Del("Authorization") }, "403 MissingAuthenticationToken: Request is missing Authentication Token"},
		{"no signature", "s3", func(r *http.Request) { r.Header.Del("Authorization") }, "403 AccessDenied: Access Denied"},
		{"basic", "es", func(r *http.Request) { r.SetBasicAuth("u", "p") }, "403 MissingAuthenticationTokenException: Missing Authentication Token"},
		{"other path", "es", func(r *http.Request) { r.URL.Path = "/_cat/shards" }, generic + mismatchText},
		{"other path", "iam", func(r *http.Request) { r.URL.Path = "/x" }, "403 SignatureDoesNotMatch: " + mismatchText},
		{"other path", "s3", func(r *http.Request) { r.URL.Path = "/x" }, "403 SignatureDoesNotMatch: " + mismatchTextS3},
		{"host not signed", "es", auth("SignedHeaders=host;", "SignedHeaders="), generic + "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
		{"region", "es", auth("/eu-west-1/", "/us-east-1/"), generic + "Credential should be scoped to a valid region, not 'us-east-1'. "},
		{"region", "s3", auth("/eu-west-1/", "/us-east-1/"), "400 AuthorizationHeaderMalformed: The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'"},
		{"service", "es", auth("/es/", "/s3/"), generic + "Credential should be scoped to correct service: 'es'. "},
		{"service", "s3", auth("/s3/", "/es/"), `400 AuthorizationHeaderMalformed: The authorization header is malformed; incorrect service "es". This endpoint belongs to "s3".`},
		{"terminator and date", "es", auth("20260102/eu-west-1/es/aws4_request", "20260103/eu-west-1/es/aws5"), generic + "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. " +
			"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260103' != '20260102', from '" + noon + "'."},
		{"credential", "es", auth("/aws4_request", ""), "403 IncompleteSignatureException: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIAIOSFODNN7EXAMPLE/20260102/eu-west-1/es'"},
		{"algorithm", "sts", auth("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"), "400 IncompleteSignature: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only AWS4-HMAC-SHA256 for now). "},
		{"date", "sts", func(r *http.Request) { r.Header.Set("X-Amz-Date", "2026") }, "400 IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '2026'. See http://en.wikipedia.org/wiki/ISO_8601"},
		{"no equal sign", "sts", func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential") }, "400 IncompleteSignature: 'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 Credential'."},
		{"nothing in it", "sts", func(r *http.Request) {
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Signature=abc")
			r.Header.Del("X-Amz-Date")
		}, "400 IncompleteSignature: Authorization header requires 'Credential' parameter. Authorization header requires 'SignedHeaders' parameter. " +
			"Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256 Signature=…"},
		{"unknown key", "es", auth(docKey, "AKIAUNKNOWN"), "403 InvalidClientTokenId: The security token included in the request is invalid."},
		{"unknown key", "s3", auth(docKey, "AKIAUNKNOWN"), "403 InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records."},
		{"header added on the way", "s3", func(r *http.Request) { r.Header.Set("X-Amz-Acl", "public-read") }, "403 AccessDenied: There were headers present in the request which were not signed"},
		{"no payload hash", "s3", func(r *http.Request) { r.Header.Del("X-Amz-Content-Sha256") }, "400 InvalidRequest: Missing required header for this request: x-amz-content-sha256"},
		{"odd payload hash", "s3", func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", "abc") }, "400 InvalidArgument: x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or a valid sha256 value."},
		{"two signatures", "s3", func(r *http.Request) { r.URL.RawQuery = "X-Amz-Algorithm=x" }, "400 InvalidArgument: Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"},
		{"old signature", "s3", func(r *http.Request) { r.Header.Set("Authorization", "AWS key:signature") }, "400 InvalidRequest: The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."},
		{"half a presigned URL", "sts", func(r *http.Request) {
			r.Header.Del("Authorization")
			r.URL.RawQuery = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c&X-Amz-Signature=s&X-Amz-SignedHeaders=host"
		}, "400 IncompleteSignature: AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters."},
	}
	for _, tt := range tests {
		t.Run(tt.service+" "+tt.name, func(t *testing.T) {
			r := signedGet(t, tt.service, noon)
			tt.change(r)
			_, err := verifier(tt.service, "eu-west-1", noon).Verify(r)
			if got := words(err); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestKeyRefusalsInS3Words(t *testing.T) {
	tests := []struct{ gate, token, want string }{
		{"ExpiredToken", "old", "400 ExpiredToken: The provided token has expired."},
		{"ExpiredTokenException", "old", "400 ExpiredToken: The provided token has expired."},
		{"InvalidClientTokenId", "other", "400 InvalidToken: The provided token is malformed or otherwise invalid."},
		{"InvalidClientTokenId", "", "403 InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records."},
	}
	for _, tt := range tests {
		v := Verifier{Service: "s3"}
		if got := words(v.keyRefusal(&access.Refusal{Status: 403, Code: tt.gate}, &claim{token: tt.token})); got != tt.want {
			t.Errorf("%s with token %q: %s, want %s", tt.gate, tt.token, got, tt.want)
		}
	}
}

func TestAnonymousIsOnlyLetThroughWhereAllowed(t *testing.T) {
	v := verifier("es", "eu-west-1", noon)
	v.AllowAnonymous = true
	r := signedGet(t, "es", noon)
	r.Header.Del("Authorization")
	got, err := v.Verify(r)
	if err != nil || !got.Caller.Anonymous || got.Caller.Account != "" {
		t.Errorf("%+v, %v", got, err)
	}
	// A bad signature must not fall back to anonymous.
	r = signedGet(t, "es", noon)
	r.URL.Path = "/x"
	if _, err := v.Verify(r); err == nil {
		t.Error("a bad signature was let through")
	}
}

func TestBodyBound(t *testing.T) {
	v := verifier("es", "eu-west-1", noon)
	v.AllowAnonymous, v.MaxBody = true, 4
	for body, want := range map[string]string{"1234": "", "12345": "413 RequestEntityTooLargeException: Request size exceeded 4 bytes"} {
		r, _ := http.NewRequest("POST", "http://h/", strings.NewReader(body))
		_, err := v.Verify(r)
		if got := words(err); got != want {
			t.Errorf("%q: %s, want %s", body, got, want)
		}
	}
}

func words(err error) string {
	if err == nil {
		return ""
	}
	var r *access.Refusal
	if !errors.As(err, &r) {
		return "not a refusal: " + err.Error()
	}
	return fmt.Sprintf("%d %s: %s", r.Status, r.Code, r.Message)
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }
