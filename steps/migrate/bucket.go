package migrate

import (
	"context"

	"snapferry/awsx/account"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/resource"
)

// bucketStep wants the bucket the snapshot goes through: private, ownership
// enforced, encrypted, TLS only. A bucket that is there already is adopted as it
// is; only buckets of our own making get our statement.
type bucketStep struct{ *route }

func (s bucketStep) Info() engine.Info {
	return engine.Info{ID: StepBucket, Side: s.spec.Bucket.Owner, Title: steps.T("Bucket %s", string(s.spec.Bucket.Name))}
}

func (s bucketStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	b := s.spec.Bucket
	ref := steps.Ref{Kind: steps.KindBucket, Side: b.Owner, Name: string(b.Name)}
	live, err := w.Doc(ctx, ref)
	if err != nil {
		return nil, err
	}
	want, ours, err := s.want(live, w.RunID())
	if err != nil {
		return nil, err
	}
	changes := []steps.Change{steps.NewChange(StepBucket, ref, live, want, steps.T("bucket s3://%s in %s", string(b.Name), string(b.Region)))}
	if !ours {
		return changes, nil
	}
	tls, err := s.tlsOnly(ctx, w)
	if err != nil {
		return nil, err
	}
	return append(changes, tls), nil
}

// want is the bucket as it should be, and whether it is of our making.
func (s bucketStep) want(live steps.Doc, run string) (steps.Doc, bool, error) {
	if live.Exists() {
		b, _, err := resource.ParseBucket(live)
		return live, err == nil && b.Tags[resource.TagRun] != "", err
	}
	block := account.AllBlocked
	b := resource.Bucket{
		Region: string(s.spec.Bucket.Region), Owner: account.Ours,
		Encryption: &account.Encryption{Algorithm: "AES256"},
		Block:      &block,
		Ownership:  account.OwnerEnforced,
		Tags:       map[string]string{resource.TagRun: run},
	}
	if key := s.spec.Bucket.KMSKey; !key.IsZero() {
		// A bucket key cuts the calls to KMS from one an object to one a while.
		b.Encryption = &account.Encryption{Algorithm: "aws:kms", KeyARN: key.String(), BucketKey: true}
	}
	return b.Doc(), true, nil
}

func (s bucketStep) tlsOnly(ctx context.Context, w *engine.World) (steps.Change, error) {
	b := s.spec.Bucket
	ref := steps.Ref{Kind: steps.KindBucketPolicy, Side: b.Owner, Name: string(b.Name)}
	live, err := w.Doc(ctx, ref)
	if err != nil {
		return steps.Change{}, err
	}
	doc, err := resource.ParsePolicy(live)
	if err != nil {
		return steps.Change{}, err
	}
	want := resource.PolicyDoc(doc.Merge(tlsOnly(s.partition(b.Owner), b.Name)))
	return steps.NewChange(StepBucket, ref, live, want, steps.T("bucket policy of %s refuses requests without TLS", string(b.Name))), nil
}
