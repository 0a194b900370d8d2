package sigv4

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	signer "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/access"
)

// signedBy signs any request for a service, without a trip over a wire.
func signedBy(t *testing.T, r *http.Request, service, hash string) *http.Request {
	t.Helper()
	err := signer.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: docKey, SecretAccessKey: docSecret}, r, hash, service, "eu-west-1", at(noon)(),
		func(o *signer.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestFormsOfTheTarget covers the shapes a request target comes in: on a wire,
// through a proxy, and without either.
func TestFormsOfTheTarget(t *testing.T) {
	tests := []struct {
		name string
		form func(*http.Request)
		want bool
	}{
		{"in process", func(*http.Request) {}, true},
		{"from a wire", func(r *http.Request) { r.RequestURI = "/a%20b/c?x=1" }, true},
		{"through a proxy", func(r *http.Request) { r.RequestURI = "http://search-x.eu-west-1.es.amazonaws.com/a%20b/c?x=1" }, true},
		{"another target on the wire", func(r *http.Request) { r.RequestURI = "/a%20b/d?x=1" }, false},
		{"a slash that was escaped", func(r *http.Request) { r.RequestURI = "/a%20b%2Fc?x=1" }, false},
		{"a path that looks like a URL", func(r *http.Request) { r.RequestURI = "/http://a%20b/c?x=1" }, false},
		{"host with a port", func(r *http.Request) { r.Host = "search-x.eu-west-1.es.amazonaws.com:443" }, false},
		{"another host", func(r *http.Request) { r.Host = "search-y.eu-west-1.es.amazonaws.com" }, false},
	}
	for _, tt := range tests {
		r, _ := http.NewRequest("GET", "https://search-x.eu-west-1.es.amazonaws.com/a%20b/c?x=1", nil)
		signedBy(t, r, "es", emptyHash)
		tt.form(r)
		if _, err := verifier("es", "eu-west-1", noon).Verify(r); (err == nil) != tt.want {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// TestHeadersGoMovesAway signs headers that Go's server keeps elsewhere than in
// the header map.
func TestHeadersGoMovesAway(t *testing.T) {
	body := strings.Repeat("x", 30)
	r, _ := http.NewRequest("POST", "https://search-x.eu-west-1.es.amazonaws.com/", strings.NewReader(body))
	signedBy(t, r, "es", hexHash([]byte(body))) // the SDK signs Content-Length, which stands in a field
	if !strings.Contains(r.Header.Get("Authorization"), "content-length") {
		t.Fatal("the SDK no longer signs Content-Length")
	}
	for length, want := range map[int64]bool{30: true, 31: false, -1: false} {
		c := r.Clone(context.Background())
		c.Body, c.ContentLength = io.NopCloser(strings.NewReader(body)), length
		if _, err := verifier("es", "eu-west-1", noon).Verify(c); (err == nil) != want {
			t.Errorf("length %d: %v", length, err)
		}
	}
	if v, ok := headerValues(&http.Request{TransferEncoding: []string{"chunked"}}, "transfer-encoding"); !ok || v[0] != "chunked" {
		t.Errorf("transfer encoding: %v, %v", v, ok)
	}
	if _, ok := headerValues(&http.Request{}, "transfer-encoding"); ok {
		t.Error("a transfer encoding that is not there was found")
	}
}

// TestPresignedSTS is the form in which tools hand a proof of identity on.
func TestPresignedSTS(t *testing.T) {
	req, _ := http.NewRequest("GET", "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", nil)
	creds := aws.Credentials{AccessKeyID: docKey, SecretAccessKey: docSecret, SessionToken: "tok/en+=="}
	signed, _, err := signer.NewSigner().PresignHTTP(context.Background(), creds, req, emptyHash, "sts", "eu-west-1", at(noon)())
	if err != nil {
		t.Fatal(err)
	}
	var token string
	v := verifier("sts", "eu-west-1", noon)
	v.Lookup = func(id, given string) (access.Caller, string, error) {
		token = given
		return lookup(id, given)
	}
	r, _ := http.NewRequest("GET", signed, nil)
	got, err := v.Verify(r)
	if err != nil || got.Caller != somebody || token != "tok/en+==" {
		t.Errorf("%+v, token %q, %v", got, token, err)
	}
	for from, to := range map[string]string{"GetCallerIdentity": "AssumeRole", "2011-06-15": "2011-06-16", "Token=tok": "Token=tik"} {
		r, _ := http.NewRequest("GET", strings.Replace(signed, from, to, 1), nil)
		if _, err := v.Verify(r); err == nil {
			t.Errorf("%s → %s was accepted", from, to)
		}
	}
}

// TestTheDateHeaderWillDo signs without X-Amz-Date, as old clients do.
func TestTheDateHeaderWillDo(t *testing.T) {
	for _, form := range []string{http.TimeFormat, stampForm} {
		r, _ := http.NewRequest("GET", "https://iam.amazonaws.com/", nil)
		r.Header.Set("Date", at(noon)().Format(form))
		cl := &claim{stamp: noon, date: "20260102", region: "eu-west-1", service: "iam", signed: []string{"date", "host"}}
		canonical, _ := canonicalRequest(r, cl, emptyHash, false)
		sum := sign(signingKey(docSecret, cl.date, cl.region, cl.service), stringToSign(cl, canonical))
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+docKey+"/20260102/eu-west-1/iam/aws4_request, SignedHeaders=date;host, Signature="+hexOf(sum))
		if _, err := verifier("iam", "eu-west-1", noon).Verify(r); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func hexOf(b []byte) string {
	const digits = "0123456789abcdef"
	var out strings.Builder
	for _, c := range b {
		out.WriteByte(digits[c>>4])
		out.WriteByte(digits[c&15])
	}
	return out.String()
}

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"/": "/", "": "/", "//": "/", "/a": "/a", "/a/": "/a/", "//a//b": "/a/b", "/a/./b": "/a/b", "/a/../b": "/b", "/../a": "/a", "/a/b/..": "/a/", "/a/.": "/a/",
		"/..": "/", "/a/%2E%2E/b": "/a/%2E%2E/b", "/...": "/...",
	} {
		if got := normalise(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCanonicalQuery(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "b=2&a=1": "a=1&b=2", "a=2&a=1": "a=1&a=2", "a&b=": "a=&b=", "a=b=c": "a=b%3Dc", "a=b+c": "a=b%20c", "a=%2b": "a=%2B", "a=%7E": "a=~",
		"a-b=1&a=1": "a=1&a-b=1", "&&a=1&": "a=1", "x=%E6%BC%A2": "x=%E6%BC%A2", "x=漢": "x=%E6%BC%A2", "a=1&A=1": "A=1&a=1",
	} {
		if got, ok := canonicalQuery(in, false); !ok || got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if _, ok := canonicalQuery("a=%zz", false); ok {
		t.Error("an escape that is none was taken")
	}
	if got, _ := canonicalQuery("X-Amz-Signature=1&a=1", true); got != "a=1" {
		t.Errorf("presigned: %q", got)
	}
	if got, _ := canonicalQuery("X-Amz-Signature=1&a=1", false); !strings.Contains(got, "Signature") {
		t.Errorf("not presigned: %q", got)
	}
}

// failing is a body whose connection breaks.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
func (failing) Close() error               { return nil }

func TestABrokenConnectionStaysOne(t *testing.T) {
	broken := errors.New("connection reset")
	r, _ := http.NewRequest("POST", "https://search-x.eu-west-1.es.amazonaws.com/", nil)
	signedBy(t, r, "es", emptyHash)
	r.Body = failing{broken}
	if _, err := verifier("es", "eu-west-1", noon).Verify(r); !errors.Is(err, broken) {
		t.Errorf("held body: %v", err)
	}
	chunks := newChunkReader(failing{broken}, nil, 5, false)
	if _, err := io.ReadAll(chunks); !errors.Is(err, broken) {
		t.Errorf("chunks: %v", err)
	}
	if err := chunks.Close(); err != nil {
		t.Error(err)
	}
	hashed := &hashedBody{body: failing{broken}, sum: nopHash{}}
	if _, err := io.ReadAll(hashed); !errors.Is(err, broken) {
		t.Errorf("hashed: %v", err)
	}
	if err := hashed.Close(); err != nil {
		t.Error(err)
	}
}

type nopHash struct{}

func (nopHash) Write(p []byte) (int, error) { return len(p), nil }
func (nopHash) Sum(b []byte) []byte         { return b }
func (nopHash) Reset()                      {}
func (nopHash) Size() int                   { return 0 }
func (nopHash) BlockSize() int              { return 1 }

// TestRegionIsOptional and decides nothing by itself: it is under the signature.
func TestRegionIsOptional(t *testing.T) {
	for region, want := range map[awsid.Region]bool{"": true, "eu-west-1": true, "us-east-1": false} {
		r, _ := http.NewRequest("GET", "https://kms.eu-west-1.amazonaws.com/", nil)
		signedBy(t, r, "kms", emptyHash)
		v := verifier("kms", region, noon)
		v.Tolerance = 15 * time.Minute
		got, err := v.Verify(r)
		if (err == nil) != want || want && got.Region != "eu-west-1" {
			t.Errorf("expecting %q: %+v, %v", region, got, err)
		}
	}
}

// TestSecretsStayOutOfRefusals: refusals are shown and logged.
func TestSecretsStayOutOfRefusals(t *testing.T) {
	const signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
	for _, header := range []string{"AWS4-HMAC-SHA256 Signature=" + signature, "AWS4-HMAC-SHA256 SignedHeaders=host,Signature=" + signature} {
		r := &http.Request{Header: http.Header{"Authorization": {header}}, URL: &url.URL{Path: "/"}}
		if _, err := verifier("sts", "", noon).Verify(r); err == nil || strings.Contains(err.Error(), signature) {
			t.Errorf("%v", err)
		}
	}
}
