package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// IAM has the same three calls under three names each; the holders make them
// one thing.

type roleHolder struct {
	c    *iam.Client
	name string
}

func (h roleHolder) inlineNames(ctx context.Context) (names []string, err error) {
	pages := iam.NewListRolePoliciesPaginator(h.c, &iam.ListRolePoliciesInput{RoleName: &h.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, page.PolicyNames...)
	}
	return names, nil
}

func (h roleHolder) inline(ctx context.Context, policy string) (*string, error) {
	out, err := h.c.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &h.name, PolicyName: aws.String(policy)})
	if err != nil {
		return nil, err
	}
	return out.PolicyDocument, nil
}

func (h roleHolder) attached(ctx context.Context) (list []types.AttachedPolicy, err error) {
	pages := iam.NewListAttachedRolePoliciesPaginator(h.c, &iam.ListAttachedRolePoliciesInput{RoleName: &h.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, page.AttachedPolicies...)
	}
	return list, nil
}

type userHolder struct {
	c    *iam.Client
	name string
}

func (h userHolder) inlineNames(ctx context.Context) (names []string, err error) {
	pages := iam.NewListUserPoliciesPaginator(h.c, &iam.ListUserPoliciesInput{UserName: &h.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, page.PolicyNames...)
	}
	return names, nil
}

func (h userHolder) inline(ctx context.Context, policy string) (*string, error) {
	out, err := h.c.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: &h.name, PolicyName: aws.String(policy)})
	if err != nil {
		return nil, err
	}
	return out.PolicyDocument, nil
}

func (h userHolder) attached(ctx context.Context) (list []types.AttachedPolicy, err error) {
	pages := iam.NewListAttachedUserPoliciesPaginator(h.c, &iam.ListAttachedUserPoliciesInput{UserName: &h.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, page.AttachedPolicies...)
	}
	return list, nil
}

type groupHolder struct {
	c    *iam.Client
	name string
}

func (h groupHolder) inlineNames(ctx context.Context) (names []string, err error) {
	pages := iam.NewListGroupPoliciesPaginator(h.c, &iam.ListGroupPoliciesInput{GroupName: &h.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, page.PolicyNames...)
	}
	return names, nil
}

func (h groupHolder) inline(ctx context.Context, policy string) (*string, error) {
	out, err := h.c.GetGroupPolicy(ctx, &iam.GetGroupPolicyInput{GroupName: &h.name, PolicyName: aws.String(policy)})
	if err != nil {
		return nil, err
	}
	return out.PolicyDocument, nil
}

func (h groupHolder) attached(ctx context.Context) (list []types.AttachedPolicy, err error) {
	pages := iam.NewListAttachedGroupPoliciesPaginator(h.c, &iam.ListAttachedGroupPoliciesInput{GroupName: &h.name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, page.AttachedPolicies...)
	}
	return list, nil
}
