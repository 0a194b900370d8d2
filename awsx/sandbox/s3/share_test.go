package s3

import (
	"strings"
	"testing"
)

// TestSharedForReading is the sharing a migration needs: the other account's
// snapshot role lists the bucket and reads what is in it, and nothing more.
func TestSharedForReading(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "mig/index-0", "root")
	const reader = `"Principal":{"AWS":"arn:aws:iam::222222222222:user/foreign"}`
	policy := `{"Version":"2012-10-17","Statement":[
		{"Sid":"list","Effect":"Allow",` + reader + `,"Action":"s3:ListBucket","Resource":"arn:aws:s3:::bkt"},
		{"Sid":"read","Effect":"Allow",` + reader + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::bkt/*"}]}`
	before := []ask{
		{method: "GET", target: "/bkt?list-type=2"},
		{method: "GET", target: "/bkt/mig/index-0"},
		{method: "GET", target: "/bkt/mig/none"},
		{method: "PUT", target: "/bkt/mig/tests-x/master.dat"},
		{method: "DELETE", target: "/bkt/mig/index-0"},
		{method: "GET", target: "/bkt?location"},
		{method: "HEAD", target: "/bkt"},
	}
	statuses := func() (out []int) {
		for _, a := range before {
			a.who = foreign
			out = append(out, f.do(a).status)
		}
		return out
	}
	check := func(when string, want ...int) {
		t.Helper()
		for i, got := range statuses() {
			if got != want[i] {
				t.Errorf("%s: %s %s: %d, want %d", when, before[i].method, before[i].target, got, want[i])
			}
		}
	}
	check("before", 403, 403, 403, 403, 403, 403, 403)
	if r := f.do(ask{who: admin, method: "PUT", target: "/bkt?policy", body: policy}); r.status != 204 {
		t.Fatalf("%d %s", r.status, r.body)
	}
	check("shared", 200, 200, 404, 403, 403, 403, 200)
	f.gate.grants[foreign] = statement(`"Effect":"Allow","Action":"s3:GetObject","Resource":"*"`)
	check("half of the other side's rights", 403, 200, 403, 403, 403, 403, 403)
}

// TestWriterMustGiveTheOwnerControl is the destination policy of people who copy
// between accounts: objects are taken only with the owner in control.
func TestWriterMustGiveTheOwnerControl(t *testing.T) {
	f := newFixture(t)
	policy := statement(`"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:user/foreign"},"Action":["s3:PutObject","s3:PutObjectAcl"],"Resource":"arn:aws:s3:::bkt/*","Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}`)
	for _, ownership := range []string{ownerEnforced, ownerPreferred} {
		f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: ownership, Policy: policy})
		for acl, want := range map[string]int{"bucket-owner-full-control": 200, "private": 403, "": 403} {
			a := ask{who: foreign, method: "PUT", target: "/bkt/k", body: "x", header: map[string]string{}}
			if acl != "" {
				a.header["X-Amz-Acl"] = acl
			}
			if r := f.do(a); r.status != want {
				t.Errorf("%s, %q: %d %s", ownership, acl, r.status, r.message)
			}
		}
		if r := f.do(ask{who: admin, method: "GET", target: "/bkt/k"}); r.status != 200 {
			t.Errorf("%s: the owner reads: %d", ownership, r.status)
		}
	}
}

// TestCopyAcrossAccounts runs a copy as the target's role: one caller needs the
// right to read there and to write here, and the copy belongs to his account.
func TestCopyAcrossAccounts(t *testing.T) {
	f := newFixture(t)
	f.bucket("theirs", BucketConfig{Owner: target, Region: "eu-west-1", Ownership: ownerEnforced})
	f.put("bkt", "mig/blob", "data")
	copying := ask{who: foreign, method: "PUT", target: "/theirs/mig/blob", header: map[string]string{"X-Amz-Copy-Source": "/bkt/mig/blob"}}
	if r := f.do(copying); r.status != 403 || r.message != "Access Denied" {
		t.Errorf("not shared: %d %s", r.status, r.message)
	}
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: ownerEnforced, Policy: statement(readAll)})
	if r := f.do(copying); r.status != 200 {
		t.Fatalf("shared: %d %s", r.status, r.message)
	}
	if r := f.do(ask{who: foreign, method: "GET", target: "/theirs/mig/blob"}); r.body != "data" {
		t.Errorf("%+v", r)
	}
	if r := f.do(ask{who: admin, method: "GET", target: "/theirs/mig/blob"}); r.status != 403 {
		t.Errorf("the source reads the copy: %d", r.status)
	}
	// Pinned to what was listed: a blob that changed meanwhile is an error.
	copying.header["X-Amz-Copy-Source-If-Match"] = f.do(ask{who: admin, method: "HEAD", target: "/bkt/mig/blob"}).header.Get("ETag")
	f.put("bkt", "mig/blob", "other data")
	if r := f.do(copying); r.status != 412 || !strings.Contains(r.body, "x-amz-copy-source-If-Match") {
		t.Errorf("changed meanwhile: %d %s", r.status, r.body)
	}
}

// TestDenyOutweighsAll also the owner's own administrator.
func TestDenyOutweighsAll(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "k", "x")
	deny := `"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::bkt/*","Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}`
	f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: ownerEnforced, Policy: statement(deny)})
	for sse, want := range map[string]int{"": 403, "AES256": 403, "aws:kms": 200} {
		a := ask{who: admin, method: "PUT", target: "/bkt/k", body: "x", header: map[string]string{}}
		if sse != "" {
			a.header["X-Amz-Server-Side-Encryption"] = sse
		}
		r := f.do(a)
		if r.status != want || want == 403 && !strings.HasSuffix(r.message, "with an explicit deny in a resource-based policy") {
			t.Errorf("%q: %d %s", sse, r.status, r.message)
		}
	}
}
