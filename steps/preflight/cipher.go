package preflight

import (
	"context"
	"strings"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// cipher is what the bucket encrypts with by default, as it is or will be made.
type cipher struct {
	account.Encryption
	// key is nil where S3 uses keys of its own, which nobody needs a right for, and
	// where a key was named that is not there.
	key  *account.Key
	seen steps.Text
}

// customer says that rights on a key are needed.
func (c cipher) customer() bool { return strings.HasPrefix(c.Algorithm, "aws:kms") }

// managed is the key of AWS's own that S3 takes where none was named.
func (c cipher) managed() bool {
	return c.customer() && (c.KeyARN == "" || c.key != nil && c.key.AWSManaged)
}

// gone says that a key is named that is not there.
func (c cipher) gone() bool { return c.customer() && c.KeyARN != "" && c.key == nil }

func (w *View) cipher(ctx context.Context) (cipher, error) {
	b := w.Spec().Bucket
	bucket, err := w.Bucket(ctx)
	if err != nil {
		return cipher{}, err
	}
	out := cipher{seen: steps.T("%s of s3://%s", w.How(facts.FactBucketCrypto, b.Owner), string(b.Name))}
	switch {
	case bucket == nil:
		out.seen = steps.T("the plan makes s3://%s", string(b.Name))
		out.Algorithm = "AES256"
		if !b.KMSKey.IsZero() {
			out.Encryption = account.Encryption{Algorithm: "aws:kms", KeyARN: b.KMSKey.String(), BucketKey: true}
		}
	default:
		e, err := w.BucketEncryption(ctx)
		if err != nil {
			return out, err
		}
		if e != nil {
			out.Encryption = *e
		}
	}
	if !out.customer() || out.KeyARN == "" {
		return out, nil
	}
	out.key, err = w.Key(ctx, w.holder(out.KeyARN), out.KeyARN)
	return out, err
}

// holder is the side whose account a key's ARN names, else the bucket's owner.
func (w *View) holder(key string) steps.Side {
	arn, err := awsid.ParseARN(key)
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		if err == nil && arn.Account == w.Spec().Side(side).Account {
			return side
		}
	}
	return w.Spec().Bucket.Owner
}

// told is the evidence of what the bucket encrypts with.
func (c cipher) told() steps.Text {
	switch {
	case !c.customer():
		return steps.T("%s: S3's own keys (AES256), for which nobody needs a right", c.seen)
	case c.KeyARN == "":
		return steps.T("%s: %s without a key, which is aws/s3", c.seen, c.Algorithm)
	case c.key == nil:
		return steps.T("%s: %s with %s", c.seen, c.Algorithm, c.KeyARN)
	}
	return steps.T("%s: %s with %s, %s", c.seen, c.Algorithm, c.key.ARN.String(), c.key.State)
}

const (
	shareableID steps.CheckID = "bucket-key-shareable"
	enabledID   steps.CheckID = "bucket-key-enabled"
)

func keyShareable() Check {
	return check{CheckInfo{
		ID: shareableID, Family: steps.FamilyBucket, Severity: steps.Block,
		Statement: steps.T("the key the bucket encrypts with can be shared with the other account"),
		Why:       steps.T("The key aws/s3 belongs to AWS: its policy cannot be changed, so that no other account can read what it encrypted. What lies there stays under the key it was written with."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		c, err := f.cipher(ctx)
		v = v.on("s3://%s", f.Spec().Bucket.Name)
		switch {
		case err != nil:
			return one(v.unread(err))
		case f.Spec().OneAccount():
			return one(v.pass(c.told(), steps.T("nothing is shared: both domains are of one account")))
		case c.managed():
			return one(v.fail(steps.T("it is aws/s3, a key that AWS keeps"), steps.Fix{
				Text: steps.T("Make a customer key the bucket's default, put its ARN in place of KEY-ARN, and answer with a bucket.base_path where there is none yet"),
				Command: f.onBucket("put-bucket-encryption", "--server-side-encryption-configuration",
					`{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"KEY-ARN"},"BucketKeyEnabled":true}]}`),
			}, c.told()))
		case c.gone():
			return one(v.skipped(enabledID, steps.T("there is no such key")))
		}
		return one(v.pass(c.told()))
	}}
}

func keyEnabled() Check {
	return check{CheckInfo{
		ID: enabledID, Family: steps.FamilyBucket, Severity: steps.Block,
		Statement: steps.T("the key the bucket encrypts with is there and enabled"),
		Why:       steps.T("What is encrypted with a key that is disabled, gone or about to be deleted can be neither written nor read."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		c, err := f.cipher(ctx)
		v = v.on("s3://%s", f.Spec().Bucket.Name)
		switch {
		case err != nil:
			return one(v.unread(err))
		case c.gone():
			return one(v.fail(steps.T("there is no key %s", c.KeyARN), steps.Fix{Text: steps.T("Give the bucket another default key, in its own region; an alias is looked up in the caller's account")}, c.told()))
		case c.key != nil && !c.key.Enabled:
			key := c.key.ARN
			on := f.command(f.holder(key.String()), key.Region, "kms enable-key", "--key-id", key.String())
			if c.key.State == "PendingDeletion" {
				on = f.command(f.holder(key.String()), key.Region, "kms cancel-key-deletion", "--key-id", key.String()) + "\n" + on
			}
			return one(v.fail(steps.T("its state is %s", c.key.State), steps.Fix{Text: steps.T("Enable it, or give the bucket another default key"), Command: on}, c.told()))
		}
		return one(v.pass(c.told()))
	}}
}
