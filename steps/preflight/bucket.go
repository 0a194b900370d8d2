package preflight

import (
	"context"
	"errors"

	"snapferry/awsx/account"
	"snapferry/steps"
	"snapferry/steps/facts"
)

func bucketUsable() Check {
	return check{CheckInfo{
		ID: "bucket-usable", Family: steps.FamilyBucket, Severity: steps.Block,
		Statement: steps.T("the bucket is ours, or its name is free"),
		Why:       steps.T("Bucket names are unique in the whole partition; one that somebody else owns cannot be used."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		owner, how := string(f.Spec().Bucket.Owner), f.How(facts.FactBucket, f.Spec().Bucket.Owner)
		v = v.on("s3://%s", f.Spec().Bucket.Name)
		b, err := f.Bucket(ctx)
		switch {
		case err != nil:
			return one(v.unread(err))
		case b == nil:
			found := v.pass(steps.T("nobody has a bucket of that name"))
			found.Fix.Step = "bucket"
			return one(found)
		case b.Owner == account.Theirs, !b.Readable:
			// A private bucket of another account cannot be told from one of our own
			// that this identity may not list: the bucket step takes neither.
			return one(v.fail(steps.T("it exists, and is not the %s account's or may not be listed by its control identity", owner),
				steps.Fix{Text: steps.T("Choose another bucket name, or say with bucket.owner whose it is; if it is yours, give the control identity s3:ListBucket on it")}, how))
		case b.Owner != account.Ours:
			found := v.unread(errors.New("it exists, and whose it is was not told"))
			found.Fix.Text = steps.T("See that this host reaches STS, which tells the account to compare with")
			found.Evidence = []steps.Text{how}
			return one(found)
		}
		return one(v.pass(steps.T("owned by the %s account, in %s", owner, string(b.Region))))
	}}
}

func bucketRegion(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-bucket-region-match"), Family: steps.FamilyBucket, Severity: steps.Block,
		Statement: steps.T("the bucket is in the region of the %s domain", string(side)),
		Why:       steps.T("The repository is registered with the bucket's region; the engine is redirected (301) from any other one, which it does not follow."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		want, asked := f.Spec().Side(side).Region, f.Spec().Bucket.Region
		v = v.on("s3://%s", f.Spec().Bucket.Name)
		b, err := f.Bucket(ctx)
		switch {
		case err != nil:
			return one(v.unread(err))
		case b != nil && b.Owner == account.OwnerUnknown && !b.Readable:
			// A refusal need not name the region, and what it does not name is guessed.
			return one(v.skipped("bucket-usable", steps.T("the bucket may not be looked at")))
		case b != nil && b.Region != asked:
			return one(v.fail(steps.T("it is in %s, the answers say %s", string(b.Region), string(asked)), steps.Fix{Text: steps.T("Correct bucket.region")}))
		case asked != want:
			return one(v.fail(steps.T("the bucket is in %s, the domain in %s", string(asked), string(want)), steps.Fix{Text: steps.T("Use a bucket in %s", string(want))}))
		case b == nil:
			return one(v.pass(steps.T("it will be made in %s", string(asked))))
		}
		return one(v.pass(steps.T("both in %s", string(want))))
	}}
}
