package resource

import (
	"context"
	"strings"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
)

// Reserved says that a principal's policies are kept by AWS itself (roles of IAM
// Identity Center, service-linked roles) and cannot be edited.
func Reserved(principal awsid.ARN) bool {
	return strings.HasPrefix(principal.Path(), "/aws-reserved/") || strings.HasPrefix(principal.Path(), "/aws-service-role/")
}

// grantKind is one inline policy in the signer's user or role: iam:PassRole for
// the snapshot role and es:ESHttp* on the domain. Ref.Name is the principal's
// ARN, Ref.In the policy's name.
func grantKind(a Access, o Options) Kind {
	hands := func(ctx context.Context, ref steps.Ref) (inlineHands, error) {
		acc, err := a.Control(ctx, ref.Side)
		if err != nil {
			return inlineHands{}, err
		}
		return handsFor(acc, ref)
	}
	return mergeKind{
		grammar: policy.KindIdentity,
		read: func(ctx context.Context, ref steps.Ref) (account.Document, error) {
			h, err := hands(ctx, ref)
			if err != nil {
				return nil, err
			}
			return h.read(ctx, h.name, ref.In)
		},
		put: func(ctx context.Context, ref steps.Ref, doc account.Document) error {
			h, err := hands(ctx, ref)
			if err != nil {
				return err
			}
			return h.put(ctx, h.name, ref.In, doc)
		},
		remove: func(ctx context.Context, ref steps.Ref) error {
			h, err := hands(ctx, ref)
			if err != nil {
				return err
			}
			return h.remove(ctx, h.name, ref.In)
		},
		render: func(c steps.Change) Renderings { return renderGrant(o, c) },
	}
}

// inlineHands does to users and roles alike what IAM has two sets of calls for.
type inlineHands struct {
	arn    awsid.ARN
	name   string
	read   func(ctx context.Context, name, policy string) (account.Document, error)
	put    func(ctx context.Context, name, policy string, doc account.Document) error
	remove func(ctx context.Context, name, policy string) error
}

// handsFor chooses by the principal's ARN. IAM's calls take the name without the path.
func handsFor(acc *account.Account, ref steps.Ref) (inlineHands, error) {
	arn, err := awsid.ParseARN(ref.Name)
	if err != nil {
		return inlineHands{}, err
	}
	h := inlineHands{arn: arn, name: arn.Name()}
	switch arn.Type() {
	case "user":
		h.read, h.put, h.remove = acc.UserPolicy, acc.PutUserPolicy, acc.DeleteUserPolicy
	case "role":
		h.read = func(ctx context.Context, name, policy string) (account.Document, error) {
			return acc.RolePolicy(ctx, awsid.RoleName(name), policy)
		}
		h.put = func(ctx context.Context, name, policy string, doc account.Document) error {
			return acc.PutRolePolicy(ctx, awsid.RoleName(name), policy, doc)
		}
		h.remove = func(ctx context.Context, name, policy string) error {
			return acc.DeleteRolePolicy(ctx, awsid.RoleName(name), policy)
		}
	default:
		// The account's root user may do everything and can have no policy.
		return inlineHands{}, &steps.Error{
			Summary: steps.T("%s is no user and no role: it can have no inline policy", arn.String()),
			Fix:     steps.T("Sign with a user or a role"),
		}
	}
	return h, nil
}

// renderGrant shows the text alone for principals whose policies nobody may edit
// in place: the owner of a permission set puts it in.
func renderGrant(o Options, c steps.Change) Renderings {
	arn, err := awsid.ParseARN(c.Ref.Name)
	switch {
	case err != nil || (arn.Type() != "user" && arn.Type() != "role"):
		return Renderings{}
	case Reserved(arn):
		return Renderings{CLI: note("Add this inline policy to the permission set of "+arn.Name(), c.After)}
	}
	place, kind := o.placeOf(c), arn.Type()
	if c.Verb == steps.Delete {
		return Renderings{CLI: place.AWS("iam delete-"+kind+"-policy", "--"+kind+"-name", arn.Name(), "--policy-name", c.Ref.In)}
	}
	tf := newTerraform(place)
	tf.existing(c, "aws_iam_"+kind+"_policy", arn.Name()+"-"+c.Ref.In, arn.Name()+":"+c.Ref.In)
	tf.block("aws_iam_"+kind+"_policy", arn.Name()+"-"+c.Ref.In, func(b *tfBody) {
		b.text("name", c.Ref.In)
		b.text(kind, arn.Name())
		b.json("policy", c.After)
	})
	return Renderings{
		Terraform: tf.String(),
		CLI:       place.AWS("iam put-"+kind+"-policy", "--"+kind+"-name", arn.Name(), "--policy-name", c.Ref.In, "--policy-document", jsonArg(c.After)),
	}
}
