package account

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"snapferry/awsx/awsid"
)

// Role is an IAM role with everything that decides what it may do.
type Role struct {
	ARN         awsid.ARN
	Name        awsid.RoleName
	Path        string
	UniqueID    string // AROA…
	Description string
	Created     time.Time
	Boundary    awsid.ARN
	Tags        map[string]string
	Trust       Document
	// Inline are the role's own policies by name, Attached the managed ones.
	Inline   map[string]Document
	Attached []ManagedPolicy
	// Incomplete is why some policies could not be read, nil when all were. What
	// is there is true even then.
	Incomplete error
}

// RoleSummary is one role in a listing.
type RoleSummary struct {
	ARN      awsid.ARN
	Name     awsid.RoleName
	UniqueID string
	Created  time.Time
}

// RoleSpec is a role to be made.
type RoleSpec struct {
	Name        awsid.RoleName
	Path        string // "" is "/"
	Description string
	Trust       Document
	Boundary    awsid.ARN
	Tags        map[string]string
}

func (a *Account) iam() *iam.Client { return iam.NewFromConfig(a.session.AWS()) }

const noSuchEntity = "NoSuchEntity"

// Role reads a role with its trust and all policies; nil when there is none.
// Compare Name and ARN with what was asked for: whatever letter case is found
// here, STS compares letter by letter.
// Needs iam:GetRole, and for its policies iam:ListRolePolicies, iam:GetRolePolicy,
// iam:ListAttachedRolePolicies, iam:GetPolicy and iam:GetPolicyVersion.
func (a *Account) Role(ctx context.Context, name awsid.RoleName) (*Role, error) {
	c := a.iam()
	out, err := c.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(string(name))})
	if hasCode(err, noSuchEntity) {
		return nil, nil
	}
	if err != nil {
		return nil, fail(err)
	}
	r := out.Role
	role := &Role{
		ARN: arn(r.Arn), Name: awsid.RoleName(aws.ToString(r.RoleName)), Path: aws.ToString(r.Path), UniqueID: aws.ToString(r.RoleId),
		Description: aws.ToString(r.Description), Created: aws.ToTime(r.CreateDate), Tags: tags(r.Tags), Trust: document(r.AssumeRolePolicyDocument),
	}
	if r.PermissionsBoundary != nil {
		role.Boundary = arn(r.PermissionsBoundary.PermissionsBoundaryArn)
	}
	holder := roleHolder{c, aws.ToString(r.RoleName)}
	role.Inline, role.Attached, role.Incomplete = allPolicies(ctx, c, holder)
	return role, nil
}

func summary(r types.Role) RoleSummary {
	return RoleSummary{ARN: arn(r.Arn), Name: awsid.RoleName(aws.ToString(r.RoleName)), UniqueID: aws.ToString(r.RoleId), Created: aws.ToTime(r.CreateDate)}
}

// CreateRole makes a role. A name that is taken, in any letter case, fails with
// failure.Exists.
// Needs iam:CreateRole, iam:TagRole for tags, and
// iam:PutRolePermissionsBoundary for a boundary.
func (a *Account) CreateRole(ctx context.Context, spec RoleSpec) (RoleSummary, error) {
	in := &iam.CreateRoleInput{
		RoleName: aws.String(string(spec.Name)), AssumeRolePolicyDocument: aws.String(string(spec.Trust)), Tags: iamTags(spec.Tags),
	}
	if spec.Path != "" {
		in.Path = aws.String(spec.Path)
	}
	if spec.Description != "" {
		in.Description = aws.String(spec.Description)
	}
	if !spec.Boundary.IsZero() {
		in.PermissionsBoundary = aws.String(spec.Boundary.String())
	}
	out, err := a.iam().CreateRole(ctx, in)
	if err != nil {
		return RoleSummary{}, fail(err)
	}
	return summary(*out.Role), nil
}

// DeleteRole removes a role that has no policies left; absent is no error.
// Needs iam:DeleteRole.
func (a *Account) DeleteRole(ctx context.Context, name awsid.RoleName) error {
	_, err := a.iam().DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String(string(name))})
	return ignore(err, noSuchEntity)
}

// PutTrust replaces a role's trust policy.
// Needs iam:UpdateAssumeRolePolicy.
func (a *Account) PutTrust(ctx context.Context, name awsid.RoleName, trust Document) error {
	_, err := a.iam().UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{
		RoleName: aws.String(string(name)), PolicyDocument: aws.String(string(trust)),
	})
	return fail(err)
}

// TagRole adds or replaces tags.
// Needs iam:TagRole.
func (a *Account) TagRole(ctx context.Context, name awsid.RoleName, tags map[string]string) error {
	if len(tags) == 0 {
		return nil
	}
	_, err := a.iam().TagRole(ctx, &iam.TagRoleInput{RoleName: aws.String(string(name)), Tags: iamTags(tags)})
	return fail(err)
}

// UntagRole removes tags; absent ones are no error.
// Needs iam:UntagRole.
func (a *Account) UntagRole(ctx context.Context, name awsid.RoleName, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := a.iam().UntagRole(ctx, &iam.UntagRoleInput{RoleName: aws.String(string(name)), TagKeys: keys})
	return fail(err)
}

func tags(list []types.Tag) map[string]string {
	m := map[string]string{}
	for _, t := range list {
		m[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return m
}

func iamTags(m map[string]string) []types.Tag {
	var list []types.Tag
	for _, k := range sortedKeys(m) {
		list = append(list, types.Tag{Key: aws.String(k), Value: aws.String(m[k])})
	}
	return list
}
