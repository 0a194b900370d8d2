package s3

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

func TestCopy(t *testing.T) {
	f := newFixture(t)
	f.bucket("other", BucketConfig{Owner: source, Region: "us-east-1", Ownership: ownerEnforced, Encryption: Encryption{Algorithm: "aws:kms", Key: "k"}})
	f.bucket("theirs", BucketConfig{Owner: target, Region: "eu-west-1", Ownership: ownerEnforced})
	r := f.do(ask{who: admin, method: "PUT", target: "/bkt/a%20b%2Bc", body: "hello", header: map[string]string{"X-Amz-Meta-M": "1", "Content-Type": "x/y", "X-Amz-Checksum-Sha1": sumOf("sha1", "hello")}})
	if r.status != 200 {
		t.Fatal(r)
	}
	etag := r.header.Get("ETag")
	if r := f.do(ask{who: foreign, method: "PUT", target: "/theirs/k", body: "secret"}); r.status != 200 {
		t.Fatal(r)
	}
	const from = "/bkt/a%20b%2Bc"
	tests := []struct {
		name, to, from string
		header         map[string]string
		status         int
		code           string
		meta, kind     string
	}{
		{"as it is", "/other/copy", from, nil, 200, "", "1", "x/y"},
		{"no leading slash", "/other/copy", "bkt/a%20b%2Bc", nil, 200, "", "1", "x/y"},
		{"of a version", "/other/copy", from + "?versionId=null", nil, 200, "", "1", "x/y"},
		{"replaced", "/other/copy", from, map[string]string{"X-Amz-Metadata-Directive": "REPLACE", "Content-Type": "z", "X-Amz-Meta-M": "2"}, 200, "", "2", "z"},
		{"matching", "/other/copy", from, map[string]string{"X-Amz-Copy-Source-If-Match": etag}, 200, "", "1", "x/y"},
		{"onto itself", from, from, nil, 400, "InvalidRequest", "", ""},
		{"not matching", "/other/new", from, map[string]string{"X-Amz-Copy-Source-If-Match": `"x"`}, 412, "PreconditionFailed", "", ""},
		{"known already", "/other/new", from, map[string]string{"X-Amz-Copy-Source-If-None-Match": etag}, 412, "PreconditionFailed", "", ""},
		{"too old", "/other/new", from, map[string]string{"X-Amz-Copy-Source-If-Modified-Since": "Fri, 02 Jan 2026 12:00:00 GMT"}, 412, "PreconditionFailed", "", ""},
		{"too new", "/other/new", from, map[string]string{"X-Amz-Copy-Source-If-Unmodified-Since": "Fri, 02 Jan 2026 11:00:00 GMT"}, 412, "PreconditionFailed", "", ""},
		{"no such key", "/other/new", "/bkt/none", nil, 404, "NoSuchKey", "", ""},
		{"no such bucket", "/other/new", "/none/k", nil, 404, "NoSuchBucket", "", ""},
		{"no key", "/other/new", "/bkt", nil, 400, "InvalidArgument", "", ""},
		{"from another account", "/other/new", "/theirs/k", nil, 403, "AccessDenied", "", ""},
		{"to another account", "/theirs/new", from, nil, 403, "AccessDenied", "", ""},
	}
	for _, tt := range tests {
		header := map[string]string{"X-Amz-Copy-Source": tt.from}
		maps.Copy(header, tt.header)
		r := f.do(ask{who: admin, method: "PUT", target: tt.to, header: header})
		if r.status != tt.status || r.code != tt.code {
			t.Errorf("%s: %d %s %s", tt.name, r.status, r.code, r.message)
			continue
		}
		if tt.status != 200 {
			continue
		}
		got := f.do(ask{who: admin, method: "GET", target: tt.to, header: map[string]string{"X-Amz-Checksum-Mode": "ENABLED"}})
		if got.body != "hello" || got.header.Get("X-Amz-Meta-M") != tt.meta || got.header.Get("Content-Type") != tt.kind || got.header.Get("X-Amz-Checksum-Sha1") != sumOf("sha1", "hello") {
			t.Errorf("%s: %q %v", tt.name, got.body, got.header)
		}
		if got.header.Get(sseHeader) != "aws:kms" || !strings.Contains(r.body, "<ETag>&#34;5d41402abc4b2a76b9719d911017c592&#34;</ETag>") {
			t.Errorf("%s: %s %s", tt.name, got.header.Get(sseHeader), r.body)
		}
	}
	if r := f.do(ask{who: admin, method: "HEAD", target: "/other/new"}); r.status != 404 {
		t.Error("a refused copy left an object")
	}
}

func TestCopyParts(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "src", "0123456789")
	id, _ := begun(t, f)
	send := func(span string) reply {
		header := map[string]string{"X-Amz-Copy-Source": "/bkt/src"}
		if span != "" {
			header["X-Amz-Copy-Source-Range"] = span
		}
		return f.do(ask{who: admin, method: "PUT", target: "/bkt/k?partNumber=1&uploadId=" + id, header: header})
	}
	for _, span := range []string{"bytes=5-10", "bytes=20-30", "bytes=5-", "5-6"} {
		if r := send(span); r.status != 400 || r.code != "InvalidArgument" {
			t.Errorf("%s: %d %s", span, r.status, r.code)
		}
	}
	for span, want := range map[string]string{"": "0123456789", "bytes=2-4": "234"} {
		r := send(span)
		_, etag, _ := strings.Cut(r.body, "<ETag>&#34;")
		etag, _, _ = strings.Cut(etag, "&#34;")
		if r.status != 200 || etag == "" {
			t.Fatalf("%q: %+v", span, r)
		}
		target := fmt.Sprintf("/bkt/k?uploadId=%s", id)
		if r := f.do(ask{who: admin, method: "POST", target: target, body: partList("1 " + etag)}); r.status != 200 {
			t.Fatalf("%q: %+v", span, r)
		}
		if r := f.do(ask{who: admin, method: "GET", target: "/bkt/k"}); r.body != want {
			t.Errorf("%q: %q", span, r.body)
		}
		id, _ = begun(t, f)
	}
}
