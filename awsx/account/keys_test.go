package account_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/sandbox"
)

// makeKey makes a customer key of the source account in a region, with an alias.
func makeKey(t *testing.T, w *sandbox.Sandbox, region awsid.Region) string {
	t.Helper()
	c := kms.NewFromConfig(login(t, w, keysOf(t, w, "source"), region).AWS())
	out, err := c.CreateKey(ctx, &kms.CreateKeyInput{Description: aws.String("for a test")})
	must(t, err)
	_, err = c.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/mine"), TargetKeyId: out.KeyMetadata.KeyId})
	must(t, err)
	return aws.ToString(out.KeyMetadata.Arn)
}

// TestKeyByAnyName: id, ARN and alias are one key; an alias is our own account's,
// an ARN is looked for in its own region.
func TestKeyByAnyName(t *testing.T) {
	w := world(t)
	owner := as(t, w, "source")
	made := makeKey(t, w, sandbox.Region)
	want, err := owner.Key(ctx, made)
	must(t, err)
	if want == nil || want.ARN.String() != made || want.ARN.Account != sandbox.SourceAccount || want.AWSManaged || !want.Enabled || want.Description != "for a test" {
		t.Fatalf("%+v", want)
	}
	for _, id := range []string{want.ID, "alias/mine", strings.Replace(made, "key/"+want.ID, "alias/mine", 1)} {
		got, err := owner.Key(ctx, id)
		must(t, err)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", id, d)
		}
	}
	if k, err := as(t, w, "target").Key(ctx, "alias/mine"); k != nil || err != nil {
		t.Errorf("the other account's alias: %+v %v", k, err)
	}
	if k, err := as(t, w, "target").Key(ctx, made); !failure.Is(err, failure.Denied) {
		t.Errorf("the other account's key: %+v %v", k, err)
	}
	if k, err := owner.Key(ctx, "alias/aws/s3"); err != nil || (k != nil && !k.AWSManaged) {
		t.Errorf("the managed key: %+v %v", k, err)
	}
	far := makeKey(t, w, "eu-west-2")
	k, err := owner.Key(ctx, far)
	if err != nil || k == nil || k.ARN.Region != "eu-west-2" {
		t.Errorf("a key of another region: %+v %v", k, err)
	}
	doc, err := owner.KeyPolicy(ctx, far)
	must(t, err)
	must(t, owner.PutKeyPolicy(ctx, far, doc))
}

// TestKeyIsShared: the policy lets the other account in, and KMS refuses one that
// names nobody.
func TestKeyIsShared(t *testing.T) {
	w := world(t)
	owner, other := as(t, w, "source"), as(t, w, "target")
	arn := makeKey(t, w, sandbox.Region)
	before, err := owner.KeyPolicy(ctx, arn)
	must(t, err)
	share := func(principal string) account.Document {
		var doc map[string]any
		must(t, json.Unmarshal(before, &doc))
		doc["Statement"] = append(doc["Statement"].([]any), map[string]any{
			"Sid": "Share", "Effect": "Allow", "Principal": map[string]any{"AWS": principal}, "Action": "kms:DescribeKey", "Resource": "*",
		})
		b, err := json.Marshal(doc)
		must(t, err)
		return b
	}
	shared := share("arn:aws:iam::" + string(sandbox.TargetAccount) + ":root")
	must(t, owner.PutKeyPolicy(ctx, arn, shared))
	after, err := owner.KeyPolicy(ctx, arn)
	must(t, err)
	equalJSON(t, "key policy", shared, after)
	if k, err := other.Key(ctx, arn); err != nil || k == nil || k.ARN.String() != arn {
		t.Errorf("shared: %+v %v", k, err)
	}
	if err := owner.PutKeyPolicy(ctx, arn, share("arn:aws:iam::"+string(sandbox.TargetAccount)+":role/none")); !failure.Is(err, failure.Invalid) {
		t.Errorf("a principal that is not there: %v", err)
	}
	if err := other.PutKeyPolicy(ctx, arn, before); !failure.Is(err, failure.Denied) {
		t.Errorf("changed by the other account: %v", err)
	}
}

// TestBucketWithAKey: what a bucket encrypts with is read as it was written.
func TestBucketWithAKey(t *testing.T) {
	w := world(t)
	a := as(t, w, "source")
	want := account.Encryption{Algorithm: "aws:kms", KeyARN: makeKey(t, w, sandbox.Region), BucketKey: true}
	s := spec()
	s.Encryption = want
	must(t, a.CreateBucket(ctx, s))
	got, err := a.BucketEncryption(ctx, bucket)
	must(t, err)
	if d := cmp.Diff(&want, got); d != "" {
		t.Error(d)
	}
	putObject(t, w, "k", "x")
	must(t, a.PutObjectOwnership(ctx, bucket, account.OwnerPreferred))
	if o, err := a.ObjectOwnership(ctx, bucket); err != nil || o != account.OwnerPreferred {
		t.Errorf("%s %v", o, err)
	}
}
