package facts_test

import (
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
)

// TestBucketPublic is forgotten with whatever else of the bucket was changed.
func TestBucketPublic(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	acc, err := f.Control(r.ctx, steps.Source)
	if err != nil {
		t.Fatal(err)
	}
	bucket := f.Spec().Bucket.Name
	if err := acc.CreateBucket(r.ctx, account.BucketSpec{Name: bucket, Region: sandbox.Region}); err != nil {
		t.Fatal(err)
	}
	if p, err := f.BucketPublic(r.ctx); err != nil || p != account.AllBlocked {
		t.Errorf("%+v, %v", p, err)
	}
	half := account.PublicAccessBlock{BlockACLs: true}
	if err := acc.PutPublicAccessBlock(r.ctx, bucket, half); err != nil {
		t.Fatal(err)
	}
	if p, err := f.BucketPublic(r.ctx); err != nil || p != account.AllBlocked {
		t.Errorf("not remembered: %+v, %v", p, err)
	}
	f.Drop(steps.Ref{Kind: steps.KindBucket, Side: steps.Source, Name: string(bucket)})
	if p, err := f.BucketPublic(r.ctx); err != nil || p != half {
		t.Errorf("not forgotten: %+v, %v", p, err)
	}
}
