package cluster_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
)

// The signatures were made by botocore 1.43 (SigV4Auth, service es) for the same
// keys, moment, headers and bodies.
var recorded = []struct {
	method, target, body, token string
	signed, signature           string
}{
	{"GET", "/", "", "", "host;x-amz-content-sha256;x-amz-date", "21f92bb877c5ad7adbd2cba267468964e22268807e0ba858f545a25a5285b1e1"},
	{"get", "_cat/indices?v&h=index,uuid&format=json&bytes=b", "", "session-token", "host;x-amz-content-sha256;x-amz-date;x-amz-security-token", "219e683831176857e3b51df060f79852f7d76451c094a6dbcb56c72fd46ed897"},
	{"GET", "/logs%2Ba,café/_search?preference=_shards:0", `{"size":1}`, "", "content-length;content-type;host;x-amz-content-sha256;x-amz-date", "7c89a574b80481233836b3493bc017184eacd20baa0a6656088e0f1f06388d47"},
	{"PUT", "/_snapshot/mig/snap-1", `{"indices":["a"]}`, "session-token", "content-length;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token", "3274f6c5589d3455bb3a1e2546e547d85e987cdcf40467ba71431e4f8ed09723"},
	{"POST", "/_snapshot/mig/snap-1/_restore", "", "", "host;x-amz-content-sha256;x-amz-date", "626b6b2b8bcf27e9722f5f0cd374a7ca2ea89b407d19dbc5cb66f408f377aa9c"},
}

func TestSignatureAgreesWithBotocore(t *testing.T) {
	for _, tc := range recorded {
		t.Run(tc.method+" "+tc.target, func(t *testing.T) {
			d := &domain{t: t, answers: map[string]answer{}}
			rt := roundTripper(func(r *http.Request) (*http.Response, error) {
				d.answers[r.Method+" "+r.URL.EscapedPath()] = ok(`{}`)
				return d.RoundTrip(r)
			})
			if _, err := signed(t, rt, tc.token).Do(ctx, tc.method, tc.target, []byte(tc.body)); err != nil {
				t.Fatal(err)
			}
			r, body := d.last()
			want := "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-west-1/es/aws4_request, SignedHeaders=" + tc.signed + ", Signature=" + tc.signature
			if got := r.Header.Get("Authorization"); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			if r.Header.Get("X-Amz-Security-Token") != tc.token || body != tc.body || r.URL.Host != host {
				t.Errorf("token %q, body %q, host %s", r.Header.Get("X-Amz-Security-Token"), body, r.URL.Host)
			}
			if tc.body == "" && r.ContentLength != 0 {
				t.Errorf("an empty body is sent with length %d", r.ContentLength)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAuthKinds(t *testing.T) {
	any := map[string]answer{"GET /": ok(`{}`)}
	d := &domain{t: t, answers: any}
	c := client(d, "3.4.0", cluster.Basic("admin", session.NewSecret("hush")))
	if _, err := c.Do(ctx, "GET", "/", nil); err != nil || c.Auth() != cluster.AuthBasic {
		t.Fatal(err)
	}
	if r, _ := d.last(); r.Header.Get("Authorization") != "Basic YWRtaW46aHVzaA==" {
		t.Errorf("basic sends %q", r.Header.Get("Authorization"))
	}
	plain, d := serve(t, "3.4.0", any)
	if _, err := plain.Do(ctx, "GET", "/", nil); err != nil || plain.Auth() != cluster.AuthUnsigned {
		t.Fatal(err)
	}
	if r, _ := d.last(); r.Header.Get("Authorization") != "" || r.Header.Get("X-Amz-Date") != "" {
		t.Errorf("unsigned sends %v", r.Header)
	}
}

func TestAnswersOfAnyStatus(t *testing.T) {
	c, _ := serve(t, "3.4.0", map[string]answer{
		"GET /a": {403, []byte(`{"Message":"User: x is not authorized to perform: es:ESHttpGet"}`)}, "GET /b": ok(`{"x":1}`),
	})
	a, err := c.Do(ctx, "GET", "/a", nil)
	if err != nil {
		t.Fatal(err)
	}
	f := a.Failure()
	if f == nil || f.Kind != failure.Denied || f.Operation != "GET /a" || f.Host != host || f.RequestID != "r-1" || a.RequestID != "r-1" {
		t.Errorf("%+v", f)
	}
	if a.Header.Get("Date") == "" || a.Request.String() != "GET /a" {
		t.Errorf("%+v", a)
	}
	if b, err := c.Do(ctx, "GET", "/b", nil); err != nil || b.Failure() != nil || string(b.Body) != `{"x":1}` {
		t.Errorf("%+v %v", b, err)
	}
}

func TestNoAnswer(t *testing.T) {
	broken := client(roundTripper(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }), "3.4.0", cluster.Unsigned())
	_, err := broken.Info(ctx)
	if f := failure.Of(err); f.Kind != failure.Unreachable || f.Operation != "GET /" || f.Host != host {
		t.Errorf("%+v", f)
	}
	endless := client(roundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(zeros{})}, nil
	}), "3.4.0", cluster.Unsigned())
	a, err := endless.Do(ctx, "GET", "/", nil)
	if err != nil || !a.Truncated || len(a.Body) != 64<<20 {
		t.Fatalf("%v, %d bytes", err, len(a.Body))
	}
	if _, err := endless.Info(ctx); err == nil || !strings.Contains(err.Error(), "longer than 64 MiB") {
		t.Errorf("a cut answer was read: %v", err)
	}
	html, _ := serve(t, "3.4.0", map[string]answer{"GET /": ok(`<html>`)})
	if _, err := html.Info(ctx); !failure.Is(err, failure.Unknown) || !bytes.Contains(failure.Of(err).Body, []byte("<html>")) {
		t.Errorf("got %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestEndpoints(t *testing.T) {
	for in, want := range map[string]string{
		host: "https://" + host, " https://" + host + "/ ": "https://" + host, "https://" + host + ":443": "https://" + host,
		"http://" + host: "https://" + host, "http://127.0.0.1:9200": "http://127.0.0.1:9200", "https://Vpc-X.es.amazonaws.com:8443": "https://vpc-x.es.amazonaws.com:8443",
	} {
		var got string
		rt := roundTripper(func(r *http.Request) (*http.Response, error) {
			got = r.URL.Scheme + "://" + r.URL.Host
			return nil, errors.New("enough")
		})
		c := cluster.New(cluster.Options{Endpoint: in, Network: network.New(network.Options{Isolated: true, RoundTripper: rt})})
		_, _ = c.Do(ctx, "GET", "/", nil)
		if got != want || !strings.HasSuffix(want, c.Host()) {
			t.Errorf("%q is called at %q (host %s), want %q", in, got, c.Host(), want)
		}
	}
}
