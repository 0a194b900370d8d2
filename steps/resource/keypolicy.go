package resource

import (
	"context"

	"snapferry/awsx/account"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// keyPolicyKind is the policy of a customer key: Ref.Name is the key's ARN. A
// key always has a policy, so it is never removed.
func keyPolicyKind(a Access, o Options) Kind {
	return mergeKind{
		grammar: policy.KindKey,
		read: func(ctx context.Context, ref steps.Ref) (account.Document, error) {
			acc, err := a.Control(ctx, ref.Side)
			if err != nil {
				return nil, err
			}
			return acc.KeyPolicy(ctx, ref.Name)
		},
		put: func(ctx context.Context, ref steps.Ref, doc account.Document) error {
			acc, err := a.Control(ctx, ref.Side)
			if err != nil {
				return err
			}
			return acc.PutKeyPolicy(ctx, ref.Name, doc)
		},
		remove: func(_ context.Context, ref steps.Ref) error {
			return &steps.Error{
				Summary: steps.T("The policy of key %s cannot be removed: without one nobody could ever change the key again", ref.Name),
				Fix:     steps.T("Take single statements out of it instead"),
			}
		},
		render: func(c steps.Change) Renderings {
			if c.Verb == steps.Delete {
				return Renderings{}
			}
			place := o.placeOf(c)
			tf := newTerraform(place)
			tf.existing(c, "aws_kms_key_policy", c.Ref.Name, c.Ref.Name)
			tf.block("aws_kms_key_policy", c.Ref.Name, func(b *tfBody) {
				b.text("key_id", c.Ref.Name)
				b.json("policy", c.After)
			})
			return Renderings{
				Terraform: tf.String(),
				CLI:       place.AWS("kms put-key-policy", "--key-id", c.Ref.Name, "--policy-name", "default", "--policy", jsonArg(c.After)),
			}
		},
	}
}
