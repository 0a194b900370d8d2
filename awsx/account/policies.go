package account

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"snapferry/awsx/awsid"
)

// ManagedPolicy is an attached policy in its default version.
type ManagedPolicy struct {
	ARN      awsid.ARN
	Document Document
}

// holder is whoever can hold policies: a role, a user, a group.
type holder interface {
	inlineNames(context.Context) ([]string, error)
	inline(ctx context.Context, name string) (*string, error)
	attached(context.Context) ([]types.AttachedPolicy, error)
}

// allPolicies reads inline and attached policies. What one call may not read
// does not hide what the others may: the first error is given beside the rest.
func allPolicies(ctx context.Context, c *iam.Client, h holder) (own map[string]Document, managed []ManagedPolicy, firstErr error) {
	own = map[string]Document{}
	note := func(err error) bool {
		if err != nil && firstErr == nil {
			firstErr = fail(err)
		}
		return err != nil
	}
	names, err := h.inlineNames(ctx)
	note(err)
	for _, n := range names {
		if doc, err := h.inline(ctx, n); !note(err) {
			own[n] = document(doc)
		}
	}
	list, err := h.attached(ctx)
	note(err)
	for _, p := range list {
		m := ManagedPolicy{ARN: arn(p.PolicyArn)}
		m.Document, err = managedDocument(ctx, c, p.PolicyArn)
		note(err)
		managed = append(managed, m)
	}
	return own, managed, firstErr
}

func managedDocument(ctx context.Context, c *iam.Client, policy *string) (Document, error) {
	p, err := c.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: policy})
	if err != nil {
		return nil, err
	}
	v, err := c.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: policy, VersionId: p.Policy.DefaultVersionId})
	if err != nil {
		return nil, err
	}
	return document(v.PolicyVersion.Document), nil
}

// RolePolicy reads one inline policy; nil when the policy or the role is absent.
// Needs iam:GetRolePolicy.
func (a *Account) RolePolicy(ctx context.Context, role awsid.RoleName, policy string) (Document, error) {
	return oneInline(ctx, roleHolder{a.iam(), string(role)}, policy)
}

// UserPolicy reads one inline policy; nil when the policy or the user is absent.
// Needs iam:GetUserPolicy.
func (a *Account) UserPolicy(ctx context.Context, user, policy string) (Document, error) {
	return oneInline(ctx, userHolder{a.iam(), user}, policy)
}

func oneInline(ctx context.Context, h holder, policy string) (Document, error) {
	doc, err := h.inline(ctx, policy)
	if err != nil {
		return nil, ignore(err, noSuchEntity)
	}
	return document(doc), nil
}

// PutRolePolicy writes one inline policy.
// Needs iam:PutRolePolicy.
func (a *Account) PutRolePolicy(ctx context.Context, role awsid.RoleName, policy string, doc Document) error {
	_, err := a.iam().PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String(string(role)), PolicyName: aws.String(policy), PolicyDocument: aws.String(string(doc)),
	})
	return fail(err)
}

// DeleteRolePolicy removes one inline policy; absent is no error.
// Needs iam:DeleteRolePolicy.
func (a *Account) DeleteRolePolicy(ctx context.Context, role awsid.RoleName, policy string) error {
	_, err := a.iam().DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: aws.String(string(role)), PolicyName: aws.String(policy)})
	return ignore(err, noSuchEntity)
}

// PutUserPolicy writes one inline policy.
// Needs iam:PutUserPolicy.
func (a *Account) PutUserPolicy(ctx context.Context, user, policy string, doc Document) error {
	_, err := a.iam().PutUserPolicy(ctx, &iam.PutUserPolicyInput{
		UserName: aws.String(user), PolicyName: aws.String(policy), PolicyDocument: aws.String(string(doc)),
	})
	return fail(err)
}

// DeleteUserPolicy removes one inline policy; absent is no error.
// Needs iam:DeleteUserPolicy.
func (a *Account) DeleteUserPolicy(ctx context.Context, user, policy string) error {
	_, err := a.iam().DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: aws.String(user), PolicyName: aws.String(policy)})
	return ignore(err, noSuchEntity)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
