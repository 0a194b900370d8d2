package account_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/failure"
	"snapferry/awsx/sandbox"
)

const bucket = "acme-os-migration"

func spec() account.BucketSpec {
	return account.BucketSpec{Name: bucket, Region: sandbox.Region, Encryption: account.Encryption{Algorithm: "AES256"}, Tags: map[string]string{"run": "1"}}
}

func TestBucketIsMadeClosed(t *testing.T) {
	a := as(t, world(t), "source")
	if none, err := a.Bucket(ctx, bucket); err != nil || none != nil {
		t.Fatalf("before: %+v %v", none, err)
	}
	for range 2 { // one that is ours already is completed
		must(t, a.CreateBucket(ctx, spec()))
	}
	b, err := a.Bucket(ctx, bucket)
	if d := cmp.Diff(&account.Bucket{Name: bucket, Region: sandbox.Region, Owner: account.Ours, Readable: true}, b); err != nil || d != "" {
		t.Error(err, d)
	}
	block, err := a.PublicAccessBlock(ctx, bucket)
	if err != nil || block != account.AllBlocked {
		t.Errorf("%+v %v", block, err)
	}
	owner, err := a.ObjectOwnership(ctx, bucket)
	if err != nil || owner != account.OwnerEnforced {
		t.Errorf("%s %v", owner, err)
	}
	crypt, err := a.BucketEncryption(ctx, bucket)
	if err != nil || crypt == nil || crypt.Algorithm != "AES256" || crypt.KeyARN != "" {
		t.Errorf("%+v %v", crypt, err)
	}
	tags, err := a.BucketTags(ctx, bucket)
	if d := cmp.Diff(map[string]string{"run": "1"}, tags); err != nil || d != "" {
		t.Error(err, d)
	}
	for range 2 {
		must(t, a.DeleteBucket(ctx, bucket))
	}
	if gone, err := a.Bucket(ctx, bucket); err != nil || gone != nil {
		t.Errorf("after: %+v %v", gone, err)
	}
}

func TestBucketSettingsComeBack(t *testing.T) {
	a := as(t, world(t), "source")
	must(t, a.CreateBucket(ctx, spec()))
	if none, err := a.BucketPolicy(ctx, bucket); err != nil || none != nil {
		t.Errorf("%s %v", none, err)
	}
	policy := account.Document(`{"Version":"2012-10-17","Statement":[{"Sid":"TLSOnly","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::` + bucket + `","arn:aws:s3:::` + bucket + `/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`)
	must(t, a.PutBucketPolicy(ctx, bucket, policy))
	got, err := a.BucketPolicy(ctx, bucket)
	must(t, err)
	equalJSON(t, "policy", policy, got)
	for range 2 {
		must(t, a.DeleteBucketPolicy(ctx, bucket))
	}
	if none, err := a.BucketPolicy(ctx, bucket); err != nil || none != nil {
		t.Errorf("%s %v", none, err)
	}
	must(t, a.PutBucketTags(ctx, bucket, map[string]string{"a": "1", "b": "2"}))
	tags, err := a.BucketTags(ctx, bucket)
	if d := cmp.Diff(map[string]string{"a": "1", "b": "2"}, tags); err != nil || d != "" {
		t.Error(err, d)
	}
	must(t, a.PutBucketTags(ctx, bucket, nil))
	if tags, err := a.BucketTags(ctx, bucket); err != nil || len(tags) != 0 {
		t.Errorf("%v %v", tags, err)
	}
	open := account.PublicAccessBlock{BlockACLs: true, RestrictBuckets: true}
	must(t, a.PutPublicAccessBlock(ctx, bucket, open))
	if b, err := a.PublicAccessBlock(ctx, bucket); err != nil || b != open {
		t.Errorf("%+v %v", b, err)
	}
	must(t, a.PutObjectOwnership(ctx, bucket, account.OwnerPreferred))
	if o, err := a.ObjectOwnership(ctx, bucket); err != nil || o != account.OwnerPreferred {
		t.Errorf("%s %v", o, err)
	}
	if _, err := a.BucketPolicy(ctx, "acme-not-there"); !failure.Is(err, failure.Missing) {
		t.Errorf("no bucket is not no policy: %v", err)
	}
	if err := a.PutBucketPolicy(ctx, bucket, account.Document(`{`)); !failure.Is(err, failure.Invalid) {
		t.Errorf("a broken document gave %v", err)
	}
}

func TestSomebodyElsesBucket(t *testing.T) {
	w := world(t)
	mine, other := as(t, w, "source"), as(t, w, "target")
	must(t, mine.CreateBucket(ctx, spec()))
	b, err := other.Bucket(ctx, bucket)
	if err != nil || b == nil || b.Owner != account.OwnerUnknown || b.Readable {
		t.Errorf("closed: %+v %v", b, err)
	}
	if err := other.CreateBucket(ctx, spec()); !failure.Is(err, failure.Exists) {
		t.Errorf("making it again gave %v", err)
	}
	must(t, mine.PutBucketPolicy(ctx, bucket, account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::`+bucket+`"}]}`)))
	b, err = other.Bucket(ctx, bucket)
	if err != nil || b == nil || b.Owner != account.Theirs || !b.Readable {
		t.Errorf("shared: %+v %v", b, err)
	}
}

func TestObjects(t *testing.T) {
	w := world(t)
	a := as(t, w, "source")
	must(t, a.CreateBucket(ctx, spec()))
	var keys []string
	for i := range 25 {
		k := fmt.Sprintf("mig/é +%02d", i)
		keys = append(keys, k)
		putObject(t, w, k, "twelve bytes")
	}
	putObject(t, w, "mih", "")
	var seen []string
	for o, err := range a.Objects(ctx, bucket, "mig/") {
		must(t, err)
		if o.Size != 12 || o.ETag == "" || o.Modified.IsZero() {
			t.Errorf("%+v", o)
		}
		seen = append(seen, o.Key)
	}
	if d := cmp.Diff(keys, seen); d != "" {
		t.Error(d)
	}
	if err := a.DeleteBucket(ctx, bucket); !failure.Is(err, failure.Conflict) {
		t.Errorf("a bucket with objects was deleted: %v", err)
	}
	must(t, a.DeleteObjects(ctx, bucket, slices.Concat(keys, []string{"mih", "never there"})))
	for o, err := range a.Objects(ctx, bucket, "") {
		t.Errorf("left: %+v %v", o, err)
	}
	for _, err := range a.Objects(ctx, "acme-not-there", "") {
		if !failure.Is(err, failure.Missing) {
			t.Errorf("no bucket: %v", err)
		}
	}
	must(t, a.DeleteBucket(ctx, bucket))
}

// putObject writes an object as any other client does; the product writes none.
func putObject(t *testing.T, w *sandbox.Sandbox, key, body string) {
	t.Helper()
	c := s3.NewFromConfig(login(t, w, keysOf(t, w, "source"), sandbox.Region).AWS())
	_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(key), Body: strings.NewReader(body)})
	must(t, err)
}
