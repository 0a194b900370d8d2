package s3

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/wire"
)

func TestHeadBucketAndLists(t *testing.T) {
	f := newFixture(t)
	r := f.do(ask{who: admin, method: "HEAD", target: "/bkt"})
	if r.status != 200 || r.header.Get("X-Amz-Bucket-Region") != "eu-west-1" || r.header.Get("X-Amz-Access-Point-Alias") != "false" {
		t.Errorf("%+v", r)
	}
	if r := f.do(ask{who: nobody, method: "HEAD", target: "/bkt"}); r.status != 403 || r.header.Get("X-Amz-Bucket-Region") != "eu-west-1" {
		t.Errorf("refused: %+v", r)
	}
	if r := f.do(ask{who: admin, method: "HEAD", target: "/none"}); r.status != 404 || r.header.Get("X-Amz-Bucket-Region") != "" {
		t.Errorf("no bucket: %+v", r)
	}
	f.put("bkt", "k", "x")
	for _, target := range []string{"/bkt?acl", "/bkt/k?acl"} {
		r := f.do(ask{who: admin, method: "GET", target: target})
		if r.status != 200 || strings.Count(r.body, canonicalID(source)) != 2 || !strings.Contains(r.body, `xsi:type="CanonicalUser"`) {
			t.Errorf("%s: %s", target, r.body)
		}
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/none?acl"}); r.code != "NoSuchKey" {
		t.Errorf("list of nothing: %d %s", r.status, r.code)
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/?prefix=b&bucket-region=eu-west-1"}); !strings.Contains(r.body, "<Name>bkt</Name>") {
		t.Errorf("buckets of the region: %s", r.body)
	}
	for _, query := range []string{"prefix=c", "bucket-region=us-east-1"} {
		if r := f.do(ask{who: admin, method: "GET", target: "/?" + query}); r.status != 200 || strings.Contains(r.body, "<Name>bkt</Name>") {
			t.Errorf("%s: %s", query, r.body)
		}
	}
}

// TestTheLogLearnsWhatHappened reads the record that the request log keeps.
func TestTheLogLearnsWhatHappened(t *testing.T) {
	f := newFixture(t)
	dir := t.TempDir()
	log, err := wire.OpenLog(dir, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	f.server.Config.Handler = log.Serve("s3", f.service)
	f.put("bkt", "k", "x")
	refused := f.do(ask{who: nobody, method: "DELETE", target: "/bkt/k"})
	f.do(ask{who: unsigned, method: "GET", target: "/bkt?list-type=2"})
	f.do(ask{who: admin, method: "PUT", target: "/bkt/k?legal-hold"})
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := wire.ReadLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		line := e.Operation + " " + e.Account
		if e.Mutates {
			line += " mutates"
		}
		if e.Changed() {
			line += " changed"
		}
		got = append(got, line)
	}
	want := []string{"PutObject 111111111111 mutates changed", "DeleteObject 111111111111 mutates", "ListObjectsV2 ", "Unknown 111111111111 mutates changed"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	// The id in the answer can be found in the log.
	if id := strings.ToLower(refused.header.Get("X-Amz-Request-Id")); !strings.HasPrefix(strings.ReplaceAll(entries[1].ID, "-", ""), id) {
		t.Errorf("answered %s, logged %s", id, entries[1].ID)
	}
}

// badRegister cannot keep anything.
type badRegister struct{ *memoryRegister }

func (badRegister) Put(BucketConfig) error { return errors.New("disk full at /secret/place") }
func (badRegister) Delete(string) error    { return errors.New("disk full at /secret/place") }

// TestOwnFailures are shown without a reason and logged with it.
func TestOwnFailures(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "k", "x")
	var logged bytes.Buffer
	f.service.Logger = slog.New(slog.NewTextHandler(&logged, nil))
	f.service.Buckets = badRegister{f.register}
	tests := []ask{
		{method: "PUT", target: "/new-bucket", body: constraint("eu-west-1")},
		{method: "PUT", target: "/bkt?tagging", body: "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"},
		{method: "DELETE", target: "/bkt?tagging"},
		{method: "DELETE", target: "/bkt?lifecycle"},
		{method: "DELETE", target: "/bkt?encryption"},
		{method: "DELETE", target: "/bkt?publicAccessBlock"},
		{method: "DELETE", target: "/bkt?ownershipControls"},
		{method: "DELETE", target: "/bkt?policy"},
		{method: "PUT", target: "/bkt?policy", body: statement(readAll)},
	}
	for _, a := range tests {
		a.who = admin
		r := f.do(a)
		if r.status != 500 || r.code != "InternalError" || r.message != "We encountered an internal error. Please try again." || strings.Contains(r.body, "secret") {
			t.Errorf("%s %s: %d %s", a.method, a.target, r.status, r.body)
		}
		if !strings.Contains(logged.String(), "/secret/place") {
			t.Errorf("%s %s: nothing was logged", a.method, a.target)
		}
		logged.Reset()
	}
	f.service.Store.Close()
	for _, a := range []ask{
		{method: "GET", target: "/bkt/k"},
		{method: "PUT", target: "/bkt/k"},
		{method: "DELETE", target: "/bkt/k"},
		{method: "GET", target: "/bkt?list-type=2"},
		{method: "GET", target: "/bkt?uploads"},
		{method: "POST", target: "/bkt/k?uploads"},
		{method: "DELETE", target: "/bkt"},
		{method: "PUT", target: "/bkt/c", header: map[string]string{"X-Amz-Copy-Source": "/bkt/k"}},
	} {
		a.who = admin
		if r := f.do(a); r.status != 500 || r.code != "InternalError" {
			t.Errorf("%s %s without a store: %d %s", a.method, a.target, r.status, r.code)
		}
	}
	b := f.service.Blobs(callerOf(admin), backend.Place{Bucket: "bkt"})
	ctx := context.Background()
	_, get := b.Get(ctx, "k")
	_, list := b.List(ctx, "")
	for name, err := range map[string]error{"get": get, "list": list, "put": b.Put(ctx, "k", nil), "delete": b.Delete(ctx, []string{"k"})} {
		var e *backend.StoreError
		if !errors.As(err, &e) || e.Code != "InternalError" || e.Status != 500 {
			t.Errorf("%s without a store: %v", name, err)
		}
	}
}

// TestABucketThatGoesMeanwhile is deleted between the look and the change.
func TestABucketThatGoesMeanwhile(t *testing.T) {
	f := newFixture(t)
	c := &call{s: f.service, at: address{bucket: "gone"}}
	var e *Error
	if err := c.change(func(*BucketConfig) { t.Error("changed") }); !errors.As(err, &e) || e.Code != "NoSuchBucket" {
		t.Errorf("%v", err)
	}
}

// TestWithoutAListener runs the handler as in-process clients do.
func TestWithoutAListener(t *testing.T) {
	f := newFixture(t)
	open := statement(`"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::bkt/*","Condition":{"Bool":{"aws:SecureTransport":"true"}}`)
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: ownerEnforced, Policy: open})
	f.service.RequestID = func() string { return "FIXED" }
	serve := func(method, url, body string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r, err := http.NewRequest(method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		f.service.ServeHTTP(w, r)
		return w
	}
	if w := serve("PUT", "https://bkt.s3.eu-west-1.amazonaws.com/a/b", "hello"); w.Code != 200 || w.Header().Get("X-Amz-Request-Id") != "FIXED" {
		t.Errorf("put: %d %s", w.Code, w.Body)
	}
	if w := serve("GET", "https://bkt.s3.eu-west-1.amazonaws.com/a/b", ""); w.Code != 200 || w.Body.String() != "hello" {
		t.Errorf("get: %d %s", w.Code, w.Body)
	}
	if w := serve("GET", "http://bkt.s3.eu-west-1.amazonaws.com/a/b", ""); w.Code != 403 {
		t.Errorf("get without TLS: %d", w.Code)
	}
}
