package preflight_test

import (
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps"
)

func TestBucketPrivate(t *testing.T) {
	w := newWorld(t)
	const check = "bucket-private"
	w.run([]row{{name: "to be made", check: check, want: steps.Pass, evidence: "the plan makes it closed", step: "bucket"}})
	w.bucket(steps.Source, "")
	a := w.account(steps.Source)
	w.run([]row{
		{name: "closed", check: check, want: steps.Pass, subject: "s3://" + bucketName, evidence: "all four"},
		{name: "not told", check: check, between: without(bucketName, "publicAccessBlock"), want: steps.Unknown, fix: "s3:GetBucketPublicAccessBlock"},
		{name: "somebody else's", check: check, spec: ownedBy(steps.Target), want: steps.Skipped, because: "bucket-usable"},
	})
	w.must(a.PutPublicAccessBlock(w.ctx, bucketName, account.PublicAccessBlock{BlockACLs: true, IgnoreACLs: true}))
	w.run([]row{{name: "two are off", check: check, want: steps.Warn, cause: "switched off: BlockPublicPolicy, RestrictPublicBuckets", fix: "Switch them on", cmd: "put-public-access-block \\\n  --bucket " + bucketName}})
	if w.weighty(check) {
		t.Error("switches alone have weight")
	}
	w.must(a.PutBucketPolicy(w.ctx, bucketName, policyOf(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":`+onObjects+`}`)))
	w.run([]row{{name: "everybody reads", check: check, want: steps.Warn, cause: "lets everybody read"}})
	if !w.weighty(check) {
		t.Error("a bucket that everybody reads is passed over by --yes")
	}
	w.must(a.PutPublicAccessBlock(w.ctx, bucketName, account.PublicAccessBlock{RestrictBuckets: true}))
	if w.weighty(check) {
		t.Error("what S3 restricts has weight")
	}
}

func (w *world) weighty(check steps.CheckID) bool {
	w.Helper()
	for _, f := range w.check(row{}, check) {
		if f.Weighty {
			return true
		}
	}
	return false
}

func TestBucketOwnsObjects(t *testing.T) {
	w := newWorld(t)
	const check = "bucket-owns-objects"
	into := ownedBy(steps.Target)
	w.run([]row{{name: "to be made", check: check, want: steps.Pass, evidence: "the plan makes it", step: "bucket"}})
	w.bucket(steps.Target, "")
	a := w.account(steps.Target)
	set := func(ownership string) {
		t.Helper()
		w.must(a.PutObjectOwnership(w.ctx, bucketName, ownership))
	}
	w.run([]row{
		{name: "enforced", check: check, spec: into, want: steps.Pass, evidence: "BucketOwnerEnforced"},
		{name: "not told", check: check, spec: into, between: without(bucketName, "ownershipControls"), want: steps.Unknown, fix: "s3:GetBucketOwnershipControls"},
		{name: "somebody else's", check: check, want: steps.Skipped, because: "bucket-usable"},
	})
	set(account.OwnerPreferred)
	w.run([]row{{name: "preferred", check: check, spec: into, want: steps.Pass, evidence: "canned_acl"}})
	set(account.ObjectWriter)
	w.run([]row{{name: "the writer's", check: check, spec: into, want: steps.Block, cause: "which is the source", fix: "object ownership", cmd: "put-bucket-ownership-controls \\\n  --bucket " + bucketName}})
	w.must(a.DeleteBucket(w.ctx, bucketName))
	w.bucket(steps.Source, "")
	w.must(w.account(steps.Source).PutObjectOwnership(w.ctx, bucketName, account.ObjectWriter))
	w.run([]row{{name: "the writer is the owner", check: check, want: steps.Pass, evidence: "the account that writes is the bucket's own"}})
}

func TestPrincipalsAlive(t *testing.T) {
	w := newWorld(t)
	const check = "principals-alive"
	w.run([]row{{name: "nothing yet", check: check, want: steps.Pass, evidence: "neither role nor bucket"}})
	gone := func(name awsid.RoleName) awsid.ARN { return w.role(steps.Target, account.RoleSpec{Name: name}) }
	reader, opener, taker := gone("reader"), gone("opener"), gone("taker")
	key := w.key(steps.Source, `{"Sid":"Opener","Effect":"Allow","Principal":{"AWS":["`+opener.String()+`","arn:aws:iam::222222222222:root"]},"Action":"kms:Decrypt","Resource":"*"}`)
	w.bucket(steps.Source, key.String())
	w.must(w.account(steps.Source).PutBucketPolicy(w.ctx, bucketName, policyOf(granting(reader))))
	snap := w.role(steps.Source, account.RoleSpec{Name: "snap", Trust: policyOf(trusted("es.amazonaws.com", ""), `{"Effect":"Allow","Principal":{"AWS":"`+taker.String()+`"},"Action":"sts:AssumeRole"}`)})
	w.run([]row{{name: "all alive", check: check, want: steps.Pass, evidence: "statements of the key's policy"}})
	w.run([]row{
		{name: "key not told", check: check, between: without(bucketName, "encryption"), want: steps.Unknown, subject: "the key's policy", fix: "s3:GetEncryptionConfiguration"},
		{name: "key's policy not told", check: check, between: says("kms.", "/", 400, `{"__type":"AccessDeniedException","Message":"User: x is not authorized to perform: kms:DescribeKey"}`), want: steps.Unknown, subject: "the key's policy", fix: "kms:DescribeKey"},
	})
	for _, name := range []awsid.RoleName{"reader", "opener", "taker"} {
		w.must(w.account(steps.Target).DeleteRole(w.ctx, name))
	}
	_ = snap
	w.run([]row{
		{name: "in the bucket's", check: check, want: steps.Warn, subject: "the bucket's policy", cause: "statement number 1 names AROA", fix: "save the policy with the ARN anew", evidence: "S3 GetBucketPolicy"},
		{name: "alone there", check: check, want: steps.Warn, subject: "the bucket's policy", cause: "a role that was deleted, and is about nobody else"},
		{name: "in the key's", check: check, want: steps.Warn, subject: "the key's policy", cause: `statement "Opener" names AROA`, evidence: "KMS GetKeyPolicy"},
		{name: "in the trust", check: check, want: steps.Warn, subject: "the trust of the source snapshot role", cause: "statement number 2 names AROA", evidence: "IAM GetRole"},
		{name: "not told", check: check, between: without(bucketName, "policy"), want: steps.Unknown, subject: "the bucket's policy", fix: "s3:GetBucketPolicy"},
		{name: "no rights at all", check: check, between: says("iam.", "/", 403, deniedIAM), want: steps.Unknown, subject: "the trust of", fix: "iam:GetRole"},
	})
}
