package sigv4

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
)

// The two example identities of AWS's documentation and of its test suite. They
// differ in one character of the secret.
const (
	docKey, docSecret     = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	suiteKey, suiteSecret = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
)

var somebody = access.Caller{Account: "111122223333", AccessKey: docKey}

func lookup(key, _ string) (access.Caller, string, error) {
	switch key {
	case docKey:
		return somebody, docSecret, nil
	case suiteKey:
		return somebody, suiteSecret, nil
	}
	return access.Caller{}, "", &access.Refusal{Status: 403, Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid."}
}

func at(stamp string) func() time.Time {
	t, err := time.Parse(stampForm, stamp)
	if err != nil {
		panic(err)
	}
	return func() time.Time { return t }
}

func verifier(service string, region awsid.Region, stamp string) Verifier {
	return Verifier{Service: service, Region: region, Tolerance: 5 * time.Minute, Now: at(stamp), Lookup: lookup}
}

// wire parses a request as a server does.
func wire(t *testing.T, head, body string) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body)))
	if err != nil {
		t.Fatalf("request does not parse: %v", err)
	}
	return r
}

func TestDocumentedS3Examples(t *testing.T) {
	const auth = "Authorization: AWS4-HMAC-SHA256 Credential=" + docKey + "/20130524/us-east-1/s3/aws4_request,SignedHeaders="
	const common = "Host: examplebucket.s3.amazonaws.com\nx-amz-content-sha256: " + emptyHash + "\nx-amz-date: 20130524T000000Z\n"
	tests := map[string]struct{ head, body string }{
		"get object": {head: "GET /test.txt HTTP/1.1\n" + common + "Range: bytes=0-9\n" + auth +
			"host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
		"put object": {body: "Welcome to Amazon S3.", head: "PUT /test%24file.text HTTP/1.1\nHost: examplebucket.s3.amazonaws.com\nContent-Length: 21\nDate: Fri, 24 May 2013 00:00:00 GMT\n" +
			"x-amz-date: 20130524T000000Z\nx-amz-storage-class: REDUCED_REDUNDANCY\nx-amz-content-sha256: 44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072\n" + auth +
			"date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
		"get lifecycle": {head: "GET /?lifecycle HTTP/1.1\n" + common + auth +
			"host;x-amz-content-sha256;x-amz-date,Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
		"list objects": {head: "GET /?max-keys=2&prefix=J HTTP/1.1\n" + common + auth +
			"host;x-amz-content-sha256;x-amz-date,Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
		"presigned": {head: "GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + docKey + "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
			"&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404 HTTP/1.1\nHost: examplebucket.s3.amazonaws.com"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := wire(t, tt.head, tt.body)
			got, err := verifier("s3", "us-east-1", "20130524T000000Z").Verify(r)
			if err != nil {
				t.Fatal(err)
			}
			if got.Caller != somebody || got.Region != "us-east-1" {
				t.Errorf("got %+v", got)
			}
			if body, err := io.ReadAll(r.Body); err != nil || string(body) != tt.body {
				t.Errorf("body %q, %v", body, err)
			}
		})
	}
}

func TestPublishedSuite(t *testing.T) {
	const head = "Host:example.amazonaws.com\n"
	const date = "X-Amz-Date:20150830T123600Z\n"
	tests := map[string]struct{ request, headers, signed, body, signature string }{
		"get-vanilla":                     {request: "GET /", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		"get-relative":                    {request: "GET /example/..", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		"get-slash":                       {request: "GET //", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		"get-slashes":                     {request: "GET //example//", signature: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
		"get-utf8":                        {request: "GET /ሴ", signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
		"get-vanilla-query-order-key":     {request: "GET /?Param1=value2&Param1=Value1", signature: "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"},
		"get-vanilla-query-order-keycase": {request: "GET /?Param2=value2&Param1=value1", signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		"get-vanilla-utf8-query":          {request: "GET /?ሴ=bar", signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
		"get-header-value-trim": {
			request: "GET /", headers: "My-Header1: value1\nMy-Header2: \"a   b   c\"\n", signed: "host;my-header1;my-header2;x-amz-date",
			signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
		},
		"get-header-key-duplicate": {
			request: "GET /", headers: "My-Header1:value2\nMy-Header1:value2\nMy-Header1:value1\n", signed: "host;my-header1;x-amz-date",
			signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
		},
		"post-vanilla": {request: "POST /", signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		"post-x-www-form-urlencoded": {
			request: "POST /", headers: "Content-Type:application/x-www-form-urlencoded\nContent-Length: 13\n", signed: "content-type;host;x-amz-date", body: "Param1=value1",
			signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.signed == "" {
				tt.signed = "host;x-amz-date"
			}
			r := wire(t, tt.request+" HTTP/1.1\n"+head+tt.headers+date+
				"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="+tt.signed+", Signature="+tt.signature, tt.body)
			if _, err := verifier("service", "us-east-1", "20150830T123600Z").Verify(r); err != nil {
				cl, _ := Verifier{Service: "service"}.claim(r)
				canonical, _ := canonicalRequest(r, cl, hexHash([]byte(tt.body)), false)
				t.Errorf("%v; canonical request:\n%s", err, canonical)
			}
		})
	}
}

// TestDocumentedIAMExample is the worked example of the signing documentation.
func TestDocumentedIAMExample(t *testing.T) {
	r := wire(t, "GET /?Action=ListUsers&Version=2010-05-08 HTTP/1.1\nHost: iam.amazonaws.com\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\nX-Amz-Date: 20150830T123600Z\n"+
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", "")
	if _, err := verifier("iam", "us-east-1", "20150830T123600Z").Verify(r); err != nil {
		t.Error(err)
	}
}

func refusal(t *testing.T, err error) *access.Refusal {
	t.Helper()
	var r *access.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("got %v, want a refusal", err)
	}
	return r
}
