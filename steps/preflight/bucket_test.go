package preflight_test

import (
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func TestBucketUsable(t *testing.T) {
	w := newWorld(t)
	const check = "bucket-usable"
	w.must(w.account(steps.Source).CreateBucket(w.ctx, account.BucketSpec{Name: "acme-ours", Region: sandbox.Region}))
	w.must(w.account(steps.Target).CreateBucket(w.ctx, account.BucketSpec{Name: "acme-theirs", Region: sandbox.Region}))
	w.must(w.account(steps.Target).CreateBucket(w.ctx, account.BucketSpec{Name: "acme-shared", Region: sandbox.Region}))
	w.must(w.account(steps.Target).PutBucketPolicy(w.ctx, "acme-shared", account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
		"Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"s3:*","Resource":["arn:aws:s3:::acme-shared","arn:aws:s3:::acme-shared/*"]}]}`)))
	powerless := w.powerless(steps.Source)
	w.run([]row{
		{name: "free", check: check, want: steps.Pass, subject: "s3://" + bucketName, evidence: "nobody has"},
		{name: "ours", check: check, spec: bucket("acme-ours"), want: steps.Pass, evidence: "owned by the source account, in eu-west-1"},
		{name: "the target's", check: check, spec: bucket("acme-theirs"), want: steps.Block, cause: "not the source account's", fix: "Choose another bucket name", evidence: "S3 HeadBucket"},
		{name: "the target's, as said", check: check, spec: func(s *spec.Spec) {
			s.Bucket.Name, s.Bucket.Owner = "acme-theirs", steps.Target
		}, want: steps.Pass, evidence: "target account"},
		{name: "no rights", check: check, spec: func(s *spec.Spec) {
			s.Bucket.Name = "acme-ours"
			s.Source.Control.Chain = []spec.Link{{Role: powerless}}
		}, want: steps.Block, cause: "may not be listed", fix: "give the control identity s3:ListBucket", evidence: "S3 HeadBucket"},
		{
			name: "STS refuses", check: check, spec: both(bucket("acme-ours"), func(s *spec.Spec) { s.Source.Account = "" }), between: says("sts.", "/", 403, denied),
			want: steps.Unknown, cause: "whose it is was not told", fix: "reaches STS", evidence: "S3 HeadBucket",
		},
		{name: "STS refuses, of an account that is answered", check: check, spec: bucket("acme-ours"), between: says("sts.", "/", 403, denied), want: steps.Pass, evidence: "owned by the source account"},
		{name: "S3 fails", check: check, spec: bucket("acme-ours"), between: says("acme-ours.s3", "/", 501, ""), want: steps.Unknown, cause: "501", evidence: "S3 HeadBucket"},
		{
			name: "the target's, open to us", check: check, spec: bucket("acme-shared"),
			want: steps.Block, cause: "not the source account's", fix: "bucket.owner",
		},
		{name: "not named", check: check, spec: bucket(""), want: steps.Unknown, cause: "bucket.name was not said", fix: "Say bucket.name"},
		{name: "nobody", check: check, spec: func(s *spec.Spec) { s.Source.Control.Base = "none" }, want: steps.Unknown, cause: "Nobody was named"},
	})
}

func bucket(name string) func(*spec.Spec) {
	return func(s *spec.Spec) { s.Bucket.Name = awsid.BucketName(name) }
}

func TestBucketRegion(t *testing.T) {
	w := newWorld(t)
	w.must(w.account(steps.Source).CreateBucket(w.ctx, account.BucketSpec{Name: "acme-here", Region: sandbox.Region}))
	w.must(w.account(steps.Source).CreateBucket(w.ctx, account.BucketSpec{Name: "acme-there", Region: "eu-central-1"}))
	bothSides(func(side steps.Side) {
		check := steps.CheckID(side) + "-bucket-region-match"
		w.run([]row{
			{name: "to be made", check: check, want: steps.Pass, evidence: "it will be made in eu-west-1"},
			{name: "here", check: check, spec: bucket("acme-here"), want: steps.Pass, evidence: "both in eu-west-1"},
			{name: "really there", check: check, spec: bucket("acme-there"), want: steps.Block, cause: "it is in eu-central-1, the answers say eu-west-1", fix: "Correct bucket.region"},
			{name: "there, as said", check: check, spec: func(s *spec.Spec) {
				s.Bucket.Name, s.Bucket.Region = "acme-there", "eu-central-1"
			}, want: steps.Block, cause: "the bucket is in eu-central-1, the domain in eu-west-1", fix: "Use a bucket in eu-west-1"},
			{name: "to be made there", check: check, spec: func(s *spec.Spec) { s.Bucket.Region = "eu-central-1" }, want: steps.Block, fix: "Use a bucket in eu-west-1"},
			{name: "not named", check: check, spec: bucket(""), want: steps.Unknown, cause: "bucket.name was not said"},
			{name: "S3 fails", check: check, between: says(bucketName+".s3", "/", 501, ""), want: steps.Unknown, cause: "501", evidence: "S3 HeadBucket"},
			{name: "may not be looked at", check: check, between: says(bucketName+".s3", "/", 403, ""), want: steps.Skipped, because: "bucket-usable"},
		})
	})
	abroad := func(s *spec.Spec) { s.Target.Region = "eu-central-1" }
	w.run([]row{
		{name: "the source's own", check: "source-bucket-region-match", spec: abroad, want: steps.Pass},
		{name: "not the target's", check: "target-bucket-region-match", spec: abroad, want: steps.Block, fix: "Use a bucket in eu-central-1"},
	})
}
