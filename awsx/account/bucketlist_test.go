package account_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
)

// TestBucketsOfTheAccountAndRegion: nobody else's, and none the domain could not
// use.
func TestBucketsOfTheAccountAndRegion(t *testing.T) {
	w := world(t)
	ours, theirs := as(t, w, "source"), as(t, w, "target")
	if list, err := ours.Buckets(ctx); err != nil || len(list) != 0 {
		t.Errorf("at first: %v, %v", list, err)
	}
	elsewhere := account.New(login(t, w, keysOf(t, w, "source"), "eu-west-2"))
	for name, in := range map[awsid.BucketName]*account.Account{"acme-b": ours, "acme-a": ours, "acme-far": elsewhere, "acme-theirs": theirs} {
		region := awsid.Region(sandbox.Region)
		if in == elsewhere {
			region = "eu-west-2"
		}
		must(t, in.CreateBucket(ctx, account.BucketSpec{Name: name, Region: region}))
	}
	got, err := ours.Buckets(ctx)
	if diff := cmp.Diff([]awsid.BucketName{"acme-a", "acme-b"}, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}
