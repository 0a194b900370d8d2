package migrate

import (
	"context"
	"errors"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
)

// key is the customer key that the bucket encrypts with, by its default, as it is
// or as the bucket step will make it; zero for none. Whoever reads or writes
// there needs it, whatever the answers say of a key.
func (r *route) key(ctx context.Context, w *engine.World) (awsid.ARN, error) {
	b := r.spec.Bucket
	live, _, err := r.doc(ctx, w, steps.Ref{Kind: steps.KindBucket, Side: b.Owner, Name: string(b.Name)})
	if err != nil {
		return awsid.ARN{}, err
	}
	bucket, _, err := resource.ParseBucket(live)
	e := bucket.Encryption
	switch {
	case err != nil:
		return awsid.ARN{}, err
	case e == nil || e.Algorithm == "AES256":
		return awsid.ARN{}, nil
	case e.KeyARN == "":
		return awsid.ARN{}, r.managed("aws/s3")
	}
	key, err := r.facts.Key(ctx, b.Owner, e.KeyARN)
	named, parsed := awsid.ParseARN(e.KeyARN)
	switch {
	case (failure.Is(err, failure.Denied) || errors.Is(err, facts.ErrNobody)) && parsed == nil && named.Type() == "key":
		return named, nil // who may not look at it may still name it
	case err != nil:
		return awsid.ARN{}, err
	case key == nil:
		return awsid.ARN{}, &steps.Error{
			Field:   "bucket.name",
			Summary: steps.T("The bucket %s encrypts with key %s, which is not there", string(b.Name), e.KeyARN),
			Fix:     steps.T("Give the bucket another default key, or use another bucket"),
		}
	case key.AWSManaged:
		return awsid.ARN{}, r.managed(e.KeyARN)
	}
	return key.ARN, r.unusable(key)
}

// cipherUnseen says that nobody here can look at what the bucket encrypts with, and
// that the answers name no key.
func (r *route) cipherUnseen(ctx context.Context) bool {
	b := r.spec.Bucket
	return b.KMSKey.IsZero() && r.nobody(ctx, steps.Ref{Kind: steps.KindBucket, Side: b.Owner, Name: string(b.Name)})
}

// managed refuses a key of AWS's own where it would have to be shared: its policy
// cannot be changed (KMS developer guide). Inside one account it is no trouble.
func (r *route) managed(key string) error {
	if r.spec.OneAccount() {
		return nil
	}
	return &steps.Error{
		Field:   "bucket.name",
		Summary: steps.T("The bucket %s encrypts with %s, a key that AWS keeps and that cannot be shared with another account", string(r.spec.Bucket.Name), key),
		Fix:     steps.T("Make a customer key the bucket's default and take the snapshot into a base path where there is none yet; what is there stays under the old key"),
	}
}

// unusable refuses a key that nobody can use.
func (r *route) unusable(key *account.Key) error {
	if key.Enabled {
		return nil
	}
	return &steps.Error{
		Field:   "bucket.kms_key",
		Summary: steps.T("The key %s of the bucket is %s", key.ARN.String(), key.State),
		Fix:     steps.T("Enable it (aws kms enable-key), or give the bucket another default key"),
	}
}

// keySide is the side whose account holds the key.
func (r *route) keySide(key awsid.ARN) (steps.Side, error) {
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		if r.spec.Side(side).Account == key.Account {
			return side, nil
		}
	}
	return "", &steps.Error{
		Field:   "bucket.kms_key",
		Summary: steps.T("The key %s belongs to account %s, which is neither the source's nor the target's", key.String(), string(key.Account)),
		Fix:     steps.T("Use a key of the account that owns the bucket"),
	}
}
