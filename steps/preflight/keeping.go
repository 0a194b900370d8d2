package preflight

import (
	"context"
	"fmt"
	"strings"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// ours says that the bucket is there and this account's to read; settled is the
// finding where it is not.
func (w *View) ours(ctx context.Context, v verdict, made string) (settled *steps.Finding) {
	b, err := w.Bucket(ctx)
	var found steps.Finding
	switch {
	case err != nil:
		found = v.unread(err)
	case b == nil:
		found = v.pass(steps.T("there is none yet; the plan makes it %s", made))
		found.Fix.Step = "bucket"
	case b.Owner != account.Ours:
		found = v.skipped("bucket-usable", steps.T("the bucket's settings are not this account's to read"))
	default:
		return nil
	}
	return &found
}

func bucketPrivate() Check {
	return check{CheckInfo{
		ID: "bucket-private", Family: steps.FamilyBucket, Severity: steps.Warn,
		Statement: steps.T("the bucket cannot be opened to everybody"),
		Why:       steps.T("A snapshot is all of the data. The four switches of S3 against public access stand in nobody's way here: they let policies pass that name accounts and roles."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		b := f.Spec().Bucket
		v = v.on("s3://%s", b.Name)
		if settled := f.ours(ctx, v, "closed"); settled != nil {
			return one(*settled)
		}
		block, err := f.BucketPublic(ctx)
		if err != nil {
			return one(v.unread(err))
		}
		how := f.How(facts.FactBucketPublic, b.Owner)
		if block == account.AllBlocked {
			return one(v.pass(steps.T("%s: all four switches are on", how)))
		}
		found := v.fail(steps.T("switched off: %s", strings.Join(off(block), ", ")), steps.Fix{
			Text: steps.T("Switch them on"),
			Command: f.onBucket("put-public-access-block", "--public-access-block-configuration",
				"BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"),
		}, how)
		doc, err := f.BucketPolicy(ctx)
		if err == nil && !block.RestrictBuckets && readByAll(doc, b.Region.Partition(), b.Name) {
			found.Cause = steps.T("%s, and the bucket's policy lets everybody read", found.Cause)
			found.Weighty = true
		}
		return one(found)
	}}
}

// onBucket is a command of the bucket's owner.
func (w *View) onBucket(command string, args ...string) string {
	b := w.Spec().Bucket
	return w.command(b.Owner, b.Region, "s3api "+command, append([]string{"--bucket", string(b.Name)}, args...)...)
}

// command is one of a side's control identity, in a region.
func (w *View) command(side steps.Side, region awsid.Region, command string, args ...string) string {
	place := w.Place(side)
	place.Region = region
	return strings.TrimSpace(place.AWS(command, args...))
}

func off(b account.PublicAccessBlock) []string {
	var list []string
	for _, s := range []struct {
		name string
		on   bool
	}{{"BlockPublicAcls", b.BlockACLs}, {"IgnorePublicAcls", b.IgnoreACLs}, {"BlockPublicPolicy", b.BlockPolicy}, {"RestrictPublicBuckets", b.RestrictBuckets}} {
		if !s.on {
			list = append(list, s.name)
		}
	}
	return list
}

// readByAll says that a policy lets somebody read who does not even sign.
func readByAll(d policy.Document, p awsid.Partition, b awsid.BucketName) bool {
	return policy.Decide(policy.Stack{Resource: &d, Kind: policy.KindBucket}, policy.Request{
		Who: policy.Who{Anonymous: true}, Action: "s3:GetObject", Resource: awsid.BucketARN(p, b).String() + "/index-0",
		Context: map[string][]string{"aws:SecureTransport": {"true"}},
	}).Allowed()
}

func bucketOwnsObjects() Check {
	return check{CheckInfo{
		ID: "bucket-owns-objects", Family: steps.FamilyBucket, Severity: steps.Block,
		Statement: steps.T("what is written into the bucket belongs to the bucket's account"),
		Why:       steps.T("In a bucket of before 2023 an object belongs to whoever wrote it: a source that writes into the target's bucket would own a snapshot that the target cannot read."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		b := f.Spec().Bucket
		v = v.on("s3://%s", b.Name)
		if settled := f.ours(ctx, v, "the owner of all that is in it"); settled != nil {
			return one(*settled)
		}
		is, err := f.BucketOwnership(ctx)
		if err != nil {
			return one(v.unread(err))
		}
		evidence := steps.T("%s: %s", f.How(facts.FactBucketOwning, b.Owner), is)
		switch {
		case is == account.OwnerEnforced:
			return one(v.pass(evidence))
		case !f.Spec().RoleHandsOver(steps.Source):
			return one(v.pass(evidence, steps.T("the account that writes is the bucket's own")))
		case is == account.OwnerPreferred:
			return one(v.pass(evidence, steps.T("the repository is registered to hand every object over (canned_acl)")))
		}
		return one(v.fail(steps.T("objects belong to whoever writes them, which is the source"), steps.Fix{
			Text:    steps.T("Set the bucket's object ownership to the bucket owner"),
			Command: f.onBucket("put-bucket-ownership-controls", "--ownership-controls", fmt.Sprintf("Rules=[{ObjectOwnership=%s}]", account.OwnerEnforced)),
		}, evidence))
	}}
}
