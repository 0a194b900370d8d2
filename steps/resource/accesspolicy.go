package resource

import (
	"context"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// accessPolicyKind is a domain's access policy. A change of it makes the domain
// process for some minutes; it serves all the while.
func accessPolicyKind(a Access, o Options) Kind {
	put := func(ctx context.Context, ref steps.Ref, doc account.Document) error {
		acc, err := a.Control(ctx, ref.Side)
		if err != nil {
			return err
		}
		return acc.PutAccessPolicy(ctx, awsid.DomainName(ref.Name), doc)
	}
	return mergeKind{
		grammar: policy.KindDomainAccess,
		read: func(ctx context.Context, ref steps.Ref) (account.Document, error) {
			acc, err := a.Control(ctx, ref.Side)
			if err != nil {
				return nil, err
			}
			d, err := acc.Domain(ctx, awsid.DomainName(ref.Name))
			switch {
			case err != nil:
				return nil, err
			case d == nil:
				return nil, &failure.Failure{Kind: failure.Missing, Message: "there is no domain " + ref.Name, Operation: "OpenSearch DescribeDomain"}
			}
			return d.AccessPolicy, nil
		},
		put:    put,
		remove: func(ctx context.Context, ref steps.Ref) error { return put(ctx, ref, nil) },
		render: func(c steps.Change) Renderings {
			place := o.placeOf(c)
			if c.Verb == steps.Delete {
				return Renderings{CLI: place.AWS("opensearch update-domain-config", "--domain-name", c.Ref.Name, "--access-policies", "")}
			}
			tf := newTerraform(place)
			tf.existing(c, "aws_opensearch_domain_policy", c.Ref.Name, c.Ref.Name)
			tf.block("aws_opensearch_domain_policy", c.Ref.Name, func(b *tfBody) {
				b.text("domain_name", c.Ref.Name)
				b.json("access_policies", c.After)
			})
			return Renderings{
				Terraform: tf.String(),
				CLI:       place.AWS("opensearch update-domain-config", "--domain-name", c.Ref.Name, "--access-policies", jsonArg(c.After)),
			}
		},
	}
}
