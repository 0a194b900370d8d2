package resource

import (
	"context"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// bucketPolicyKind is the policy on a bucket: the refusal of requests without
// TLS, and the sharing with the other side's role.
func bucketPolicyKind(a Access, o Options) Kind {
	return mergeKind{
		grammar: policy.KindBucket,
		read: func(ctx context.Context, ref steps.Ref) (account.Document, error) {
			acc, err := a.Control(ctx, ref.Side)
			if err != nil {
				return nil, err
			}
			// A bucket that is not there yet has no policy either.
			if b, err := acc.Bucket(ctx, awsid.BucketName(ref.Name)); err != nil || b == nil {
				return nil, err
			}
			return acc.BucketPolicy(ctx, awsid.BucketName(ref.Name))
		},
		put: func(ctx context.Context, ref steps.Ref, doc account.Document) error {
			acc, err := a.Control(ctx, ref.Side)
			if err != nil {
				return err
			}
			return acc.PutBucketPolicy(ctx, awsid.BucketName(ref.Name), doc)
		},
		remove: func(ctx context.Context, ref steps.Ref) error {
			acc, err := a.Control(ctx, ref.Side)
			if err != nil {
				return err
			}
			return acc.DeleteBucketPolicy(ctx, awsid.BucketName(ref.Name))
		},
		render: func(c steps.Change) Renderings {
			place := o.placeOf(c)
			if c.Verb == steps.Delete {
				return Renderings{CLI: place.AWS("s3api delete-bucket-policy", "--bucket", c.Ref.Name)}
			}
			tf := newTerraform(place)
			tf.existing(c, "aws_s3_bucket_policy", c.Ref.Name, c.Ref.Name)
			tf.block("aws_s3_bucket_policy", c.Ref.Name, func(b *tfBody) {
				b.text("bucket", c.Ref.Name)
				b.json("policy", c.After)
			})
			return Renderings{
				Terraform: tf.String(),
				CLI:       place.AWS("s3api put-bucket-policy", "--bucket", c.Ref.Name, "--policy", jsonArg(c.After)),
			}
		},
	}
}
