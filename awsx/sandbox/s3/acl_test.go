package s3

import (
	"testing"

	"snapferry/awsx/awsid"
)

const shared = `"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:user/foreign"},"Action":["s3:PutObject","s3:PutObjectAcl","s3:GetObject"],"Resource":"arn:aws:s3:::bkt/*"`

// TestCannedLists follows the rule for buckets without lists: what means nobody
// else is taken from the owner's account, and from others only with the owner
// in control.
func TestCannedLists(t *testing.T) {
	f := newFixture(t)
	tests := []struct {
		ownership, who, acl string
		status              int
		code                string
	}{
		{ownerEnforced, admin, "", 200, ""},
		{ownerEnforced, admin, "private", 200, ""},
		{ownerEnforced, admin, "bucket-owner-full-control", 200, ""},
		{ownerEnforced, admin, "public-read", 400, "AccessControlListNotSupported"},
		{ownerEnforced, foreign, "", 200, ""},
		{ownerEnforced, foreign, "private", 400, "AccessControlListNotSupported"},
		{ownerEnforced, foreign, "bucket-owner-full-control", 200, ""},
		{objectWriter, foreign, "private", 200, ""},
		{ownerPreferred, foreign, "public-read", 200, ""},
	}
	for _, tt := range tests {
		f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: tt.ownership, Policy: statement(shared)})
		a := ask{who: tt.who, method: "PUT", target: "/bkt/k", body: "x", header: map[string]string{}}
		if tt.acl != "" {
			a.header["X-Amz-Acl"] = tt.acl
		}
		r := f.do(a)
		if r.status != tt.status || r.code != tt.code || tt.code != "" && r.message != "The bucket does not allow ACLs" {
			t.Errorf("%s, %s, %q: %d %s %s", tt.ownership, tt.who, tt.acl, r.status, r.code, r.message)
		}
	}
	r := f.do(ask{who: admin, method: "PUT", target: "/bkt/k", header: map[string]string{"X-Amz-Grant-Read": "id=x"}})
	if r.status != 501 {
		t.Errorf("grants: %d", r.status)
	}
}

// TestPrivateNeedsNoRightOfItsOwn keeps the snapshot role of AWS's own
// documentation able to write: it has PutObject and no PutObjectAcl.
func TestPrivateNeedsNoRightOfItsOwn(t *testing.T) {
	f := newFixture(t)
	f.gate.grants[nobody] = statement(`"Effect":"Allow","Action":["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::bkt/*"`)
	for acl, want := range map[string]int{"private": 200, "bucket-owner-full-control": 403} {
		r := f.do(ask{who: nobody, method: "PUT", target: "/bkt/k", body: "x", header: map[string]string{"X-Amz-Acl": acl}})
		if r.status != want {
			t.Errorf("%s: %d %s", acl, r.status, r.message)
		}
	}
}

// TestObjectsOfAnotherAccount is the trap of buckets from before 2023: who
// writes owns, and the bucket's owner cannot read.
func TestObjectsOfAnotherAccount(t *testing.T) {
	f := newFixture(t)
	tests := []struct {
		ownership, acl     string
		ownerReads         int
		owner              awsid.AccountID
		foreignReadsObject int
	}{
		{ownerEnforced, "", 200, source, 200},
		{objectWriter, "", 403, target, 200},
		{objectWriter, "bucket-owner-full-control", 200, target, 200},
		{ownerPreferred, "", 403, target, 200},
		{ownerPreferred, "bucket-owner-full-control", 200, source, 200},
		{"", "", 403, target, 200}, // never configured means the writer owns
	}
	for _, tt := range tests {
		f.bucket("bkt", BucketConfig{Owner: source, Region: "eu-west-1", Ownership: tt.ownership, Policy: statement(shared)})
		a := ask{who: foreign, method: "PUT", target: "/bkt/k", body: "x", header: map[string]string{}}
		if tt.acl != "" {
			a.header["X-Amz-Acl"] = tt.acl
		}
		if r := f.do(a); r.status != 200 {
			t.Fatalf("%+v: %d %s", tt, r.status, r.body)
		}
		if r := f.do(ask{who: admin, method: "GET", target: "/bkt/k"}); r.status != tt.ownerReads {
			t.Errorf("%s %q: the bucket's owner gets %d", tt.ownership, tt.acl, r.status)
		}
		if r := f.do(ask{who: foreign, method: "GET", target: "/bkt/k"}); r.status != tt.foreignReadsObject {
			t.Errorf("%s %q: the writer gets %d", tt.ownership, tt.acl, r.status)
		}
		o, err := f.service.Store.Stat("bkt", "k")
		if err != nil || objectOwner(f.register.byID["bkt"], o) != tt.owner {
			t.Errorf("%s %q: owned by %s, %v", tt.ownership, tt.acl, objectOwner(f.register.byID["bkt"], o), err)
		}
	}
}

func TestAcrossAccountsBothMustAllow(t *testing.T) {
	f := newFixture(t)
	f.put("bkt", "k", "x")
	get := ask{who: foreign, method: "GET", target: "/bkt/k"}
	withPolicy := BucketConfig{Owner: source, Region: "eu-west-1", Ownership: ownerEnforced, Policy: statement(shared)}
	without := withPolicy
	without.Policy = ""
	for _, tt := range []struct {
		cfg      BucketConfig
		identity string
		status   int
	}{
		{withPolicy, allowAll, 200},
		{without, allowAll, 403},
		{withPolicy, "", 403},
	} {
		f.bucket("bkt", tt.cfg)
		f.gate.grants[foreign] = tt.identity
		if r := f.do(get); r.status != tt.status || tt.status == 403 && r.message != "Access Denied" {
			t.Errorf("policy %v, identity %v: %d %s", tt.cfg.Policy != "", tt.identity != "", r.status, r.message)
		}
	}
}
