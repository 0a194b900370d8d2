package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// pages is what IAM's paginators have in common.
type pages[Page any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*iam.Options)) (Page, error)
}

// gather reads all pages, or none: half a list would pass for a whole one.
func gather[Page, Item any](ctx context.Context, p pages[Page], items func(Page) []Item) ([]Item, error) {
	var list []Item
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, items(page)...)
	}
	return list, nil
}

// IAM has the same three calls under three names each; the holders make them
// one thing.

type roleHolder struct {
	c    *iam.Client
	name string
}

func (h roleHolder) inlineNames(ctx context.Context) ([]string, error) {
	p := iam.NewListRolePoliciesPaginator(h.c, &iam.ListRolePoliciesInput{RoleName: &h.name})
	return gather(ctx, p, func(o *iam.ListRolePoliciesOutput) []string { return o.PolicyNames })
}

func (h roleHolder) inline(ctx context.Context, policy string) (*string, error) {
	out, err := h.c.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &h.name, PolicyName: aws.String(policy)})
	if err != nil {
		return nil, err
	}
	return out.PolicyDocument, nil
}

func (h roleHolder) attached(ctx context.Context) ([]types.AttachedPolicy, error) {
	p := iam.NewListAttachedRolePoliciesPaginator(h.c, &iam.ListAttachedRolePoliciesInput{RoleName: &h.name})
	return gather(ctx, p, func(o *iam.ListAttachedRolePoliciesOutput) []types.AttachedPolicy { return o.AttachedPolicies })
}

type userHolder struct {
	c    *iam.Client
	name string
}

func (h userHolder) inlineNames(ctx context.Context) ([]string, error) {
	p := iam.NewListUserPoliciesPaginator(h.c, &iam.ListUserPoliciesInput{UserName: &h.name})
	return gather(ctx, p, func(o *iam.ListUserPoliciesOutput) []string { return o.PolicyNames })
}

func (h userHolder) inline(ctx context.Context, policy string) (*string, error) {
	out, err := h.c.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: &h.name, PolicyName: aws.String(policy)})
	if err != nil {
		return nil, err
	}
	return out.PolicyDocument, nil
}

func (h userHolder) attached(ctx context.Context) ([]types.AttachedPolicy, error) {
	p := iam.NewListAttachedUserPoliciesPaginator(h.c, &iam.ListAttachedUserPoliciesInput{UserName: &h.name})
	return gather(ctx, p, func(o *iam.ListAttachedUserPoliciesOutput) []types.AttachedPolicy { return o.AttachedPolicies })
}

type groupHolder struct {
	c    *iam.Client
	name string
}

func (h groupHolder) inlineNames(ctx context.Context) ([]string, error) {
	p := iam.NewListGroupPoliciesPaginator(h.c, &iam.ListGroupPoliciesInput{GroupName: &h.name})
	return gather(ctx, p, func(o *iam.ListGroupPoliciesOutput) []string { return o.PolicyNames })
}

func (h groupHolder) inline(ctx context.Context, policy string) (*string, error) {
	out, err := h.c.GetGroupPolicy(ctx, &iam.GetGroupPolicyInput{GroupName: &h.name, PolicyName: aws.String(policy)})
	if err != nil {
		return nil, err
	}
	return out.PolicyDocument, nil
}

func (h groupHolder) attached(ctx context.Context) ([]types.AttachedPolicy, error) {
	p := iam.NewListAttachedGroupPoliciesPaginator(h.c, &iam.ListAttachedGroupPoliciesInput{GroupName: &h.name})
	return gather(ctx, p, func(o *iam.ListAttachedGroupPoliciesOutput) []types.AttachedPolicy { return o.AttachedPolicies })
}
