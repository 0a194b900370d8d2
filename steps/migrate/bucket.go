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
	live, unread, err := s.doc(ctx, w, ref)
	if err != nil {
		return nil, err
	}
	if err := s.usable(ctx, live); err != nil {
		return nil, err
	}
	want, ours, err := s.want(live, w.RunID())
	if err != nil {
		return nil, err
	}
	what := steps.T("bucket s3://%s in %s", string(b.Name), string(b.Region))
	if s.cipherUnseen(ctx) {
		what = steps.T("%s; whether it encrypts with a customer key nobody here can see: answer bucket.kms_key if it does", what)
	}
	made := steps.NewChange(StepBucket, ref, live, want, what)
	made.Unread = unread
	if made.Verb == steps.Create {
		made.Newborn = resource.NewBucket(string(b.Region)).Doc()
	}
	if !ours {
		return []steps.Change{made}, nil
	}
	policy := steps.Ref{Kind: steps.KindBucketPolicy, Side: b.Owner, Name: string(b.Name)}
	tls, err := s.merged(ctx, w, StepBucket, policy, steps.T("bucket policy of %s refuses requests without TLS", string(b.Name)), tlsOnly(s.partition(b.Owner), b.Name))
	tls.Helper = false
	if b, _, err := resource.ParseBucket(made.After); err == nil && b.Tags[resource.TagRun] == w.RunID() {
		tls.Within, tls.Reversible = ref, false // it goes with the bucket, and stays as long as that does
	}
	return []steps.Change{made, tls}, err
}

// usable refuses a bucket of somebody else, who would get the data, and one in
// another region, from which the engine is redirected, which it does not follow.
//
// A private bucket of another account cannot be told from one of our own that
// this identity may not list: neither will do.
func (s bucketStep) usable(ctx context.Context, live steps.Doc) error {
	b, exists, err := resource.ParseBucket(live)
	if err != nil || !exists {
		return err
	}
	seen, err := s.facts.Bucket(ctx)
	if err != nil {
		return err
	}
	asked := s.spec.Bucket
	switch {
	case b.Owner == account.Theirs, seen != nil && !seen.Readable:
		return &steps.Error{
			Field:   "bucket.name",
			Summary: steps.T("The bucket %s exists, and it is not this account's or may not be listed by this identity", string(asked.Name)),
			Fix:     steps.T("Choose another name, as bucket names are unique among all accounts; if the bucket is yours, give the control identity s3:ListBucket on it"),
		}
	case s.use(steps.Source).handsOver && b.Ownership == account.ObjectWriter:
		return &steps.Error{
			Field:   "bucket.name",
			Summary: steps.T("In the bucket %s objects belong to whoever writes them: the source's account would own the snapshot, and the target could not read it", string(asked.Name)),
			Fix:     steps.T("Set the bucket's object ownership to bucket owner enforced (aws s3api put-bucket-ownership-controls), or use another bucket"),
		}
	case b.Region != string(asked.Region):
		return &steps.Error{
			Field:   "bucket.region",
			Summary: steps.T("The bucket %s is in %s, the answers say %s", string(asked.Name), b.Region, string(asked.Region)),
			Fix:     steps.T("Correct bucket.region if the domain is there, too, or choose another bucket"),
		}
	}
	return nil
}

// want is the bucket as it should be, and whether it is of our making.
func (s bucketStep) want(live steps.Doc, run string) (steps.Doc, bool, error) {
	if live.Exists() {
		b, _, err := resource.ParseBucket(live)
		return live, err == nil && b.Tags[resource.TagRun] != "", err
	}
	b := resource.NewBucket(string(s.spec.Bucket.Region)) // as it comes is as it should be
	b.Tags = map[string]string{resource.TagRun: run}
	if key := s.spec.Bucket.KMSKey; !key.IsZero() {
		// A bucket key cuts the calls to KMS from one an object to one a while.
		b.Encryption = &account.Encryption{Algorithm: "aws:kms", KeyARN: key.String(), BucketKey: true}
	}
	return b.Doc(), true, nil
}
