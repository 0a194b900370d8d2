package s3

import (
	"fmt"
	"strings"
	"testing"
)

func TestPutAndGet(t *testing.T) {
	f := newFixture(t)
	sent := map[string]string{
		"Content-Type": "application/x-test", "Cache-Control": "no-store", "Content-Disposition": "inline", "Content-Language": "de", "Content-Encoding": "aws-chunked,br",
		"Expires": "Thu, 01 Dec 2026 16:00:00 GMT", "X-Amz-Meta-One": "1", "X-Amz-Meta-Two": "ü", "X-Amz-Storage-Class": "STANDARD_IA", "X-Amz-Tagging": "a=b&c=d",
	}
	r := f.do(ask{who: admin, method: "PUT", target: "/bkt/k", body: "hello", header: sent})
	if r.status != 200 || r.header.Get("ETag") != `"5d41402abc4b2a76b9719d911017c592"` || r.header.Get(sseHeader) != "AES256" || r.header.Get("x-amz-checksum-crc64nvme") == "" {
		t.Fatalf("put: %d %v %s", r.status, r.header, r.body)
	}
	for _, method := range []string{"GET", "HEAD"} {
		r := f.do(ask{who: admin, method: method, target: "/bkt/k"})
		want := map[string]string{
			"Content-Type": "application/x-test", "Cache-Control": "no-store", "Content-Disposition": "inline", "Content-Language": "de", "Content-Encoding": "br",
			"Expires": "Thu, 01 Dec 2026 16:00:00 GMT", "X-Amz-Meta-One": "1", "X-Amz-Meta-Two": "ü", "X-Amz-Storage-Class": "STANDARD_IA", "X-Amz-Tagging-Count": "2",
			"ETag": `"5d41402abc4b2a76b9719d911017c592"`, "Last-Modified": "Fri, 02 Jan 2026 12:00:00 GMT", "Accept-Ranges": "bytes", "Content-Length": "5", "X-Amz-Checksum-Crc64nvme": "",
		}
		for name, v := range want {
			if got := r.header.Get(name); got != v {
				t.Errorf("%s: %s is %q, want %q", method, name, got, v)
			}
		}
		if body := map[string]string{"GET": "hello", "HEAD": ""}[method]; r.body != body {
			t.Errorf("%s: body %q", method, r.body)
		}
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/k?tagging"}); !strings.Contains(r.body, "<Tag><Key>a</Key><Value>b</Value></Tag><Tag><Key>c</Key><Value>d</Value></Tag>") {
		t.Errorf("tags: %s", r.body)
	}
	r = f.do(ask{who: admin, method: "GET", target: "/bkt/k?response-cache-control=x&response-content-type=text%2Fplain"})
	if r.header.Get("Content-Type") != "text/plain" || r.header.Get("Cache-Control") != "x" {
		t.Errorf("overrides: %v", r.header)
	}
	f.put("bkt", "plain", "x")
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/plain"}); r.header.Get("Content-Type") != "binary/octet-stream" || r.header.Get("X-Amz-Storage-Class") != "" {
		t.Errorf("defaults: %v", r.header)
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/plain?tagging"}); !strings.Contains(r.body, "<TagSet></TagSet>") {
		t.Errorf("no tags: %s", r.body)
	}
}

const (
	before, after = "Fri, 02 Jan 2026 11:59:59 GMT", "Fri, 02 Jan 2026 12:00:00 GMT"
	etagOfDigits  = `"781e5e245d69b566979b86e28d23f2c7"`
)

// partial holds ranges and conditions on the object "0123456789" of noon.
var partial = []struct {
	header, value string
	status        int
	body          string
}{
	{"Range", "bytes=0-0", 206, "0"},
	{"Range", "bytes=2-4", 206, "234"},
	{"Range", "bytes=8-", 206, "89"},
	{"Range", "bytes=8-99", 206, "89"},
	{"Range", "bytes=-3", 206, "789"},
	{"Range", "bytes=-99", 206, "0123456789"},
	{"Range", "bytes=10-", 416, ""},
	{"Range", "bytes=-0", 416, ""},
	{"Range", "bytes=4-2", 200, "0123456789"},
	{"Range", "bytes=0-1,3-4", 200, "0123456789"},
	{"Range", "lines=0-1", 200, "0123456789"},
	{"If-Match", etagOfDigits, 200, "0123456789"},
	{"If-Match", `"other"`, 412, ""},
	{"If-None-Match", `"other"`, 200, "0123456789"},
	{"If-None-Match", etagOfDigits, 304, ""},
	{"If-None-Match", "*", 304, ""},
	{"If-Modified-Since", before, 200, "0123456789"},
	{"If-Modified-Since", after, 304, ""},
	{"If-Unmodified-Since", before, 412, ""},
	{"If-Unmodified-Since", after, 200, "0123456789"},
}

func TestRangesAndConditions(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "k", "0123456789")
	f.put("bkt", "empty", "")
	for _, tt := range partial {
		r := f.do(ask{who: admin, method: "GET", target: "/bkt/k", header: map[string]string{tt.header: tt.value, "X-Amz-Checksum-Mode": "ENABLED"}})
		if r.status != tt.status || tt.status < 300 && r.body != tt.body {
			t.Errorf("%s: %s: %d %q, want %d %q", tt.header, tt.value, r.status, r.body, tt.status, tt.body)
		}
		switch has := r.header.Get("X-Amz-Checksum-Crc64nvme") != ""; r.status {
		case 200:
			if !has {
				t.Errorf("%s: no checksum on the whole object", tt.value)
			}
		case 206:
			// A checksum of the whole beside a part of it would fail every client.
			if has || !strings.HasPrefix(r.header.Get("Content-Range"), "bytes ") || !strings.HasSuffix(r.header.Get("Content-Range"), "/10") {
				t.Errorf("%s: %v", tt.value, r.header)
			}
		case 416:
			if r.code != "InvalidRange" || !strings.Contains(r.body, "<ActualObjectSize>10</ActualObjectSize>") {
				t.Errorf("%s: %s", tt.value, r.body)
			}
		case 412:
			if r.code != "PreconditionFailed" || !strings.Contains(r.body, "<Condition>"+tt.header+"</Condition>") || r.header.Get("ETag") != "" {
				t.Errorf("%s: %s", tt.value, r.body)
			}
		case 304:
			if r.header.Get("ETag") != etagOfDigits || r.body != "" {
				t.Errorf("%s: %v %q", tt.value, r.header, r.body)
			}
		}
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/empty", header: map[string]string{"Range": "bytes=0-"}}); r.status != 416 {
		t.Errorf("range of nothing: %d", r.status)
	}
	both := map[string]string{"If-None-Match": `"other"`, "If-Modified-Since": after}
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/k", header: both}); r.status != 200 {
		t.Errorf("a tag outweighs a time: %d", r.status)
	}
}

func TestMissingKeyTellsOnlyThoseWhoMayList(t *testing.T) {
	f := newFixture(t)
	f.gate.grants[nobody] = statement(`"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/*"`)
	r := f.do(ask{who: nobody, method: "GET", target: "/bkt/none"})
	if r.status != 403 || r.message != `User: arn:aws:iam::111111111111:user/nobody is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::bkt" because no identity-based policy allows the s3:ListBucket action` {
		t.Errorf("without: %d %s", r.status, r.message)
	}
	r = f.do(ask{who: admin, method: "GET", target: "/bkt/none"})
	if r.status != 404 || r.code != "NoSuchKey" || r.message != "The specified key does not exist." || !strings.Contains(r.body, "<Key>none</Key>") {
		t.Errorf("with: %d %s", r.status, r.body)
	}
	for who, want := range map[string]int{nobody: 403, admin: 404} {
		if r := f.do(ask{who: who, method: "HEAD", target: "/bkt/none"}); r.status != want || r.body != "" {
			t.Errorf("head by %s: %d", who, r.status)
		}
	}
}

func TestRefusalWords(t *testing.T) {
	f := newFixture(t)
	tests := []struct{ who, want string }{
		{nobody, `User: arn:aws:iam::111111111111:user/nobody is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::bkt/a b" because no identity-based policy allows the s3:PutObject action`},
		{foreign, "Access Denied"},
		{unsigned, "Access Denied"},
	}
	for _, tt := range tests {
		if r := f.do(ask{who: tt.who, method: "PUT", target: "/bkt/a%20b", body: "x"}); r.status != 403 || r.code != "AccessDenied" || r.message != tt.want {
			t.Errorf("%s: %d %s %q", tt.who, r.status, r.code, r.message)
		}
	}
}

// TestConditionKeys lets policies speak about what only S3 knows.
func TestConditionKeys(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "base/k", "x")
	tests := []struct {
		name, condition string
		ask             ask
		allowed         bool
	}{
		{"prefix", `{"StringLike":{"s3:prefix":"base/*"}}`, ask{method: "GET", target: "/bkt?list-type=2&prefix=base%2F"}, true},
		{"other prefix", `{"StringLike":{"s3:prefix":"base/*"}}`, ask{method: "GET", target: "/bkt?list-type=2&prefix=other"}, false},
		{"no prefix", `{"StringLike":{"s3:prefix":"base/*"}}`, ask{method: "GET", target: "/bkt?list-type=2"}, false},
		{"delimiter", `{"StringEquals":{"s3:delimiter":"/"}}`, ask{method: "GET", target: "/bkt?delimiter=%2F"}, true},
		{"transport", `{"Bool":{"aws:SecureTransport":"true"}}`, ask{method: "GET", target: "/bkt/base/k"}, true},
		{"no transport", `{"Bool":{"aws:SecureTransport":"false"}}`, ask{method: "GET", target: "/bkt/base/k"}, false},
		{"address", `{"IpAddress":{"aws:SourceIp":"127.0.0.0/8"}}`, ask{method: "GET", target: "/bkt/base/k"}, true},
		{"other address", `{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`, ask{method: "GET", target: "/bkt/base/k"}, false},
		{"encryption", `{"StringEquals":{"s3:x-amz-server-side-encryption":"AES256"}}`, ask{method: "PUT", target: "/bkt/k", header: map[string]string{"X-Amz-Server-Side-Encryption": "AES256"}}, true},
		{"encryption not said", `{"StringEquals":{"s3:x-amz-server-side-encryption":"AES256"}}`, ask{method: "PUT", target: "/bkt/k"}, false},
		{"list", `{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}`, ask{method: "PUT", target: "/bkt/k", header: map[string]string{"X-Amz-Acl": "bucket-owner-full-control"}}, true},
		{"owner", `{"StringEquals":{"s3:ResourceAccount":"111111111111"}}`, ask{method: "GET", target: "/bkt/base/k"}, true},
		{"region", `{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}`, ask{method: "GET", target: "/bkt/base/k"}, true},
	}
	for _, tt := range tests {
		f.gate.grants[nobody] = statement(`"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":` + tt.condition)
		tt.ask.who = nobody
		if r := f.do(tt.ask); (r.status == 200) != tt.allowed {
			t.Errorf("%s: %d %s", tt.name, r.status, r.message)
		}
	}
	// The same listener without TLS, as a TLS-only bucket policy sees it.
	tlsOnly := statement(`"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::bkt","arn:aws:s3:::bkt/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}`)
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Policy: tlsOnly})
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/base/k"}); r.status != 200 {
		t.Errorf("over TLS: %d", r.status)
	}
	f.plain()
	if r := f.do(ask{who: admin, method: "GET", target: "/bkt/base/k"}); r.status != 403 || !strings.HasSuffix(r.message, "with an explicit deny in a resource-based policy") {
		t.Errorf("without TLS: %d %s", r.status, r.message)
	}
}

func TestTagsNeedTheirOwnRight(t *testing.T) {
	f := newFixture(t)
	f.gate.grants[nobody] = statement(`"Effect":"Allow","Action":"s3:PutObject","Resource":"*"`)
	for tags, want := range map[string]int{"": 200, "a=b": 403} {
		a := ask{who: nobody, method: "PUT", target: "/bkt/k", header: map[string]string{}}
		if tags != "" {
			a.header["X-Amz-Tagging"] = tags
		}
		if r := f.do(a); r.status != want {
			t.Errorf("tags %q: %d %s", tags, r.status, r.message)
		}
	}
}

func TestConditionalWrites(t *testing.T) {
	f := newFixture(t)
	put := func(name, value string) reply {
		return f.do(ask{who: admin, method: "PUT", target: "/bkt/k", body: "x", header: map[string]string{name: value}})
	}
	if r := put("If-Match", `"0"`); r.status != 404 || r.code != "NoSuchKey" {
		t.Errorf("match without an object: %d %s", r.status, r.code)
	}
	first := put("If-None-Match", "*")
	if first.status != 200 {
		t.Fatalf("%+v", first)
	}
	if r := put("If-None-Match", "*"); r.status != 412 || r.code != "PreconditionFailed" {
		t.Errorf("second: %d %s", r.status, r.code)
	}
	if r := put("If-None-Match", `"x"`); r.status != 501 {
		t.Errorf("a tag: %d", r.status)
	}
	if r := put("If-Match", first.header.Get("ETag")); r.status != 200 {
		t.Errorf("match: %d", r.status)
	}
}

func TestDeleteObjects(t *testing.T) {
	f := newFixture(t)
	list := func(quiet bool, keys ...string) string {
		b := "<Delete>"
		for _, k := range keys {
			b += "<Object><Key>" + k + "</Key></Object>"
		}
		return b + fmt.Sprintf("<Quiet>%v</Quiet></Delete>", quiet)
	}
	f.gate.grants[nobody] = statement(`"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::bkt","arn:aws:s3:::bkt/open/*"]`)
	send := func(body string, header map[string]string) reply {
		return f.do(ask{who: nobody, method: "POST", target: "/bkt?delete", body: body, header: header})
	}
	for _, k := range []string{"open/1", "open/2", "closed/1"} {
		f.put("bkt", k, "x")
	}
	if r := send(list(false, "open/1"), nil); r.status != 400 || r.message != "Missing required header for this request: Content-MD5 OR x-amz-checksum-*" {
		t.Errorf("no checksum: %d %s", r.status, r.message)
	}
	with := func(quiet bool, keys ...string) reply {
		body := list(quiet, keys...)
		sum := newHash("crc32")
		sum.Write([]byte(body))
		return send(body, map[string]string{"X-Amz-Checksum-Crc32": (&digests{sum: sum}).value()})
	}
	r := with(false, "open/1", "closed/1", "open/none")
	for _, part := range []string{"<Deleted><Key>open/1</Key></Deleted>", "<Deleted><Key>open/none</Key></Deleted>", "<Error><Key>closed/1</Key><Code>AccessDenied</Code>"} {
		if !strings.Contains(r.body, part) {
			t.Errorf("%q is not in %s", part, r.body)
		}
	}
	if r := with(true, "open/2", "closed/1"); strings.Contains(r.body, "<Deleted>") || !strings.Contains(r.body, "closed/1") {
		t.Errorf("quiet: %s", r.body)
	}
	for k, want := range map[string]int{"open/1": 404, "open/2": 404, "closed/1": 200} {
		if r := f.do(ask{who: admin, method: "HEAD", target: "/bkt/" + k}); r.status != want {
			t.Errorf("%s: %d, want %d", k, r.status, want)
		}
	}
	if r := with(false); r.code != "MalformedXML" {
		t.Errorf("nothing: %d %s", r.status, r.code)
	}
	if r := with(false, strings.Split(strings.Repeat("k,", maxDelete)+"k", ",")...); r.code != "MalformedXML" {
		t.Errorf("too many: %d %s", r.status, r.code)
	}
}

func TestBadRequests(t *testing.T) {
	f := newFixture(t)
	tests := []struct {
		name   string
		ask    ask
		status int
		code   string
	}{
		{"long key", ask{method: "PUT", target: "/bkt/" + strings.Repeat("k", maxKey+1)}, 400, "KeyTooLongError"},
		{"unknown subresource", ask{method: "PUT", target: "/bkt/k?legal-hold"}, 501, "NotImplemented"},
		{"unknown method", ask{method: "PATCH", target: "/bkt/k"}, 501, "NotImplemented"},
		{"other version", ask{method: "GET", target: "/bkt/k?versionId=v1"}, 404, "NoSuchVersion"},
		{"customer key", ask{method: "PUT", target: "/bkt/k", header: map[string]string{"X-Amz-Server-Side-Encryption-Customer-Algorithm": "AES256"}}, 501, "NotImplemented"},
		{"unknown encryption", ask{method: "PUT", target: "/bkt/k", header: map[string]string{"X-Amz-Server-Side-Encryption": "rot13"}}, 400, "InvalidArgument"},
		{"key without KMS", ask{method: "PUT", target: "/bkt/k", header: map[string]string{"X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id": "k"}}, 400, "InvalidArgument"},
		{"unknown key of the signer", ask{who: "AKIAUNKNOWN", method: "GET", target: "/bkt/k"}, 403, "InvalidAccessKeyId"},
	}
	for _, tt := range tests {
		if tt.ask.who == "" {
			tt.ask.who = admin
		}
		if r := f.do(tt.ask); r.status != tt.status || r.code != tt.code {
			t.Errorf("%s: %d %s %s, want %d %s", tt.name, r.status, r.code, r.message, tt.status, tt.code)
		}
	}
}
