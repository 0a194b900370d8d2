package wire_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/access"
	"snapferry/awsx/sandbox/sigv4"
	"snapferry/awsx/sandbox/wire"
)

// open is a query service that takes unsigned requests, so that a test can look
// at the protocol alone.
func open(ops map[string]wire.Operation) wire.Query {
	return wire.Query{
		Verifier:  sigv4.Verifier{Service: "iam", AllowAnonymous: true, Now: func() time.Time { return at }},
		Namespace: "urn:x", Version: "v", Operations: ops,
	}
}

func ask(q http.Handler, form string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "https://iam.amazonaws.com/", strings.NewReader(form))
	q.ServeHTTP(rec, r)
	return rec
}

func TestQueryAnswers(t *testing.T) {
	q := open(map[string]wire.Operation{
		"Say":   {Run: func(in *wire.Input) (any, error) { return struct{ Word string }{in.Get("Word")}, nil }},
		"Quiet": {Mutates: true, Run: func(*wire.Input) (any, error) { return nil, nil }},
		"Fail":  {Run: func(*wire.Input) (any, error) { return nil, errors.New("disk") }},
		"No":    {Run: func(*wire.Input) (any, error) { return nil, wire.NewFault(404, "NoSuchEntity", "not <here>") }},
	})
	for form, want := range map[string]struct {
		status int
		body   string
	}{
		"Action=Say&Version=v&Word=a%26b": {200, `<SayResponse xmlns="urn:x"><SayResult><Word>a&amp;b</Word></SayResult><ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></SayResponse>`},
		"Action=Quiet&Version=v":          {200, `<QuietResponse xmlns="urn:x"><ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></QuietResponse>`},
		"Action=No&Version=v":             {404, `<ErrorResponse xmlns="urn:x"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>not &lt;here&gt;</Message></Error><RequestId>ID</RequestId></ErrorResponse>`},
		"Action=Fail&Version=v":           {500, `<ErrorResponse xmlns="urn:x"><Error><Type>Receiver</Type><Code>InternalFailure</Code><Message>disk</Message></Error><RequestId>ID</RequestId></ErrorResponse>`},
		"Action=Other&Version=v":          {400, `<ErrorResponse xmlns="urn:x"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation Other for version v</Message></Error><RequestId>ID</RequestId></ErrorResponse>`},
		"Action=Say&Version=w":            {400, `<ErrorResponse xmlns="urn:x"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation Say for version w</Message></Error><RequestId>ID</RequestId></ErrorResponse>`},
	} {
		rec := ask(q, form)
		id := between(rec.Body.String(), "<RequestId>", "</RequestId>")
		body := strings.Replace(rec.Body.String(), id, "ID", 1)
		if rec.Code != want.status || body != want.body || len(id) != 36 {
			t.Errorf("%s\ngot  %d %s\nwant %d %s", form, rec.Code, body, want.status, want.body)
		}
	}
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func TestQueryParameters(t *testing.T) {
	in := &wire.Input{Params: url.Values{
		"L.member.1": {"a"}, "L.member.2": {"b"}, "L.member.4": {"lost"},
		"T.member.1.Key": {"k"}, "T.member.1.Value": {"v"}, "T.member.2.Key": {"empty"},
	}}
	if d := cmp.Diff([]string{"a", "b"}, in.Members("L")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]string{"k": "v", "empty": ""}, in.Pairs("T", "Key", "Value")); d != "" {
		t.Error(d)
	}
}

func TestQueryTellsWhatItDoes(t *testing.T) {
	dir := t.TempDir()
	l := openLog(t, dir)
	h := l.Serve("iam", open(map[string]wire.Operation{"Quiet": {Mutates: true, Run: func(*wire.Input) (any, error) { return nil, nil }}}))
	ask(h, "Action=Quiet&Version=v")
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "https://iam.amazonaws.com/?Action=Other&Version=v", nil))
	got, err := wire.ReadLog(dir)
	if err != nil || len(got) != 2 || got[0].Operation != "Quiet" || !got[0].Mutates || got[1].Operation != "Other" || got[1].Mutates {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestJSONFaults(t *testing.T) {
	for name, tc := range map[string]struct {
		err    error
		status int
		code   string
		body   string
	}{
		"key":     {&access.Refusal{Status: 403, Code: "InvalidClientTokenId", Message: "invalid."}, 403, "UnrecognizedClientException", `{"message":"invalid."}`},
		"expired": {&access.Refusal{Status: 403, Code: "ExpiredToken", Message: "expired"}, 403, "ExpiredTokenException", `{"message":"expired"}`},
		"own":     {wire.NewFault(409, "ResourceNotFoundException", "Domain not found: x"), 409, "ResourceNotFoundException", `{"message":"Domain not found: x"}`},
		"broken":  {errors.New("disk"), 500, "InternalFailure", `{"message":"disk"}`},
	} {
		rec := httptest.NewRecorder()
		wire.JSONFault(rec, tc.err)
		if rec.Code != tc.status || rec.Header().Get("X-Amzn-Errortype") != tc.code || rec.Body.String() != tc.body {
			t.Errorf("%s: %d %s %s", name, rec.Code, rec.Header(), rec.Body)
		}
	}
}

func TestFacts(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "http://x/", nil)
	r.RemoteAddr, r.URL.Scheme = "10.0.0.7:1234", "http"
	r.Header.Set("User-Agent", "curl")
	want := map[string][]string{"aws:SourceIp": {"10.0.0.7"}, "aws:SecureTransport": {"false"}, "aws:RequestedRegion": {"eu-west-1"}, "aws:UserAgent": {"curl"}}
	if d := cmp.Diff(want, wire.Facts(r, "eu-west-1")); d != "" {
		t.Error(d)
	}
	r.RemoteAddr, r.URL.Scheme = "", "https"
	if f := wire.Facts(r, ""); f["aws:SourceIp"][0] != "127.0.0.1" || f["aws:SecureTransport"][0] != "true" || f["aws:RequestedRegion"] != nil {
		t.Errorf("%v", f)
	}
}
