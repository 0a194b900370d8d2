package iam_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/fixture"
)

func TestUsersAndKeys(t *testing.T) {
	f, c := admin(t)
	ctx := context.Background()
	before := stateDump(t, f.World)
	made, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("Bob"), Path: aws.String("/ops/")})
	must(t, err)
	if *made.User.Arn != "arn:aws:iam::111111111111:user/ops/Bob" {
		t.Error(*made.User.Arn)
	}
	_, err = c.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("bob")})
	wants(t, err, "EntityAlreadyExists", "User with name bob already exists.")
	key, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("Bob")})
	must(t, err)
	bob := client(f, *key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey)
	_, err = bob.GetUser(ctx, &iam.GetUserInput{})
	wants(t, err, "AccessDenied", "User: arn:aws:iam::111111111111:user/ops/Bob is not authorized to perform: iam:GetUser on resource: user Bob because no identity-based policy allows the iam:GetUser action")
	_, err = c.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{UserName: aws.String("Bob"), AccessKeyId: key.AccessKey.AccessKeyId, Status: types.StatusTypeInactive})
	must(t, err)
	_, err = bob.GetUser(ctx, &iam.GetUserInput{})
	wants(t, err, "InvalidClientTokenId", "The security token included in the request is invalid.")
	_, err = c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: aws.String("Bob")})
	wants(t, err, "DeleteConflict", "Cannot delete entity, must delete access keys first.")
	keys, err := c.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: aws.String("Bob")})
	must(t, err)
	if len(keys.AccessKeyMetadata) != 1 || keys.AccessKeyMetadata[0].Status != types.StatusTypeInactive {
		t.Errorf("%+v", keys.AccessKeyMetadata)
	}
	_, err = c.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: aws.String("Bob"), AccessKeyId: key.AccessKey.AccessKeyId})
	must(t, err)
	_, err = c.DeleteUser(ctx, &iam.DeleteUserInput{UserName: aws.String("Bob")})
	must(t, err)
	if d := cmp.Diff(before, stateDump(t, f.World)); d != "" {
		t.Error(d)
	}
}

func TestWhoAmIByGetUser(t *testing.T) {
	_, c := admin(t)
	ctx := context.Background()
	me, err := c.GetUser(ctx, &iam.GetUserInput{})
	must(t, err)
	if *me.User.UserName != "admin" {
		t.Errorf("%+v", me.User)
	}
	all, err := c.ListUsers(ctx, &iam.ListUsersInput{})
	if err != nil || len(all.Users) != 1 {
		t.Errorf("%v, %v", all, err)
	}
	_, err = c.GetUser(ctx, &iam.GetUserInput{UserName: aws.String("ghost")})
	wants(t, err, "NoSuchEntity", "The user with name ghost cannot be found.")
}

func TestKeyQuota(t *testing.T) {
	_, c := admin(t)
	_, err := c.CreateAccessKey(context.Background(), &iam.CreateAccessKeyInput{})
	must(t, err)
	_, err = c.CreateAccessKey(context.Background(), &iam.CreateAccessKeyInput{})
	wants(t, err, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
}

func policyARN(n string) *string { return aws.String("arn:aws:iam::111111111111:policy/" + n) }

func TestManagedPolicies(t *testing.T) {
	f, c := admin(t)
	ctx := context.Background()
	before := stateDump(t, f.World)
	one, two := fixture.Allow("s3:GetObject", "*"), fixture.Allow("s3:PutObject", "*")
	made, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: &one})
	must(t, err)
	if *made.Policy.Arn != *policyARN("p") || *made.Policy.DefaultVersionId != "v1" {
		t.Errorf("%+v", made.Policy)
	}
	_, err = c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("P"), PolicyDocument: &one})
	wants(t, err, "EntityAlreadyExists", "A policy called P already exists. Duplicate names are not allowed.")
	v2, err := c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: policyARN("p"), PolicyDocument: &two, SetAsDefault: true})
	must(t, err)
	if *v2.PolicyVersion.VersionId != "v2" || !v2.PolicyVersion.IsDefaultVersion {
		t.Errorf("%+v", v2.PolicyVersion)
	}
	got, err := c.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: policyARN("p"), VersionId: aws.String("v1")})
	must(t, err)
	if unescape(t, got.PolicyVersion.Document) != one || got.PolicyVersion.IsDefaultVersion {
		t.Errorf("%+v", got.PolicyVersion)
	}
	_, err = c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: policyARN("p"), VersionId: aws.String("v2")})
	wants(t, err, "DeleteConflict", "Cannot delete the default version of a policy.")
	_, err = c.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: policyARN("p")})
	wants(t, err, "DeleteConflict", "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	_, err = c.SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: policyARN("p"), VersionId: aws.String("v1")})
	must(t, err)
	_, err = c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: policyARN("p"), VersionId: aws.String("v2")})
	must(t, err)
	v3, err := c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: policyARN("p"), PolicyDocument: &two})
	if err != nil || *v3.PolicyVersion.VersionId != "v3" {
		t.Errorf("a number was given twice: %v, %v", v3, err)
	}
	list, err := c.ListPolicyVersions(ctx, &iam.ListPolicyVersionsInput{PolicyArn: policyARN("p")})
	if err != nil || len(list.Versions) != 2 || *list.Versions[0].VersionId != "v3" {
		t.Errorf("%+v, %v", list, err)
	}
	_, err = c.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: policyARN("p"), VersionId: aws.String("v3")})
	must(t, err)
	_, err = c.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: policyARN("p")})
	must(t, err)
	if d := cmp.Diff(before, stateDump(t, f.World)); d != "" {
		t.Error(d)
	}
}

func TestManagedPolicyQuotas(t *testing.T) {
	_, c := admin(t)
	ctx := context.Background()
	const arn = "arn:aws:s3:::"
	room := 6144 - len(fixture.Allow("s3:*", arn))
	// White space is not counted, so the limit is met exactly.
	exact := strings.ReplaceAll(fixture.Allow("s3:*", arn+strings.Repeat("x", room)), "{", "{ \n")
	_, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("exact"), PolicyDocument: &exact})
	must(t, err)
	_, err = c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("large"), PolicyDocument: aws.String(fixture.Allow("s3:*", arn+strings.Repeat("x", room+1)))})
	wants(t, err, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144")
	doc := fixture.Allow("s3:*", "*")
	for range 4 {
		_, err = c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: policyARN("exact"), PolicyDocument: &doc})
		must(t, err)
	}
	_, err = c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: policyARN("exact"), PolicyDocument: &doc})
	wants(t, err, "LimitExceeded", "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.")
}

func TestAttachedPolicyIsInForceAndCannotGo(t *testing.T) {
	f, c := admin(t)
	ctx := context.Background()
	key, secret := f.User(fixture.Source, "ann")
	ann := client(f, key, secret)
	_, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("read"), PolicyDocument: aws.String(fixture.Allow("iam:ListUsers", "*"))})
	must(t, err)
	_, err = c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String("ann"), PolicyArn: policyARN("read")})
	must(t, err)
	_, err = ann.ListUsers(ctx, &iam.ListUsersInput{})
	must(t, err)
	got, err := c.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: policyARN("read")})
	if err != nil || *got.Policy.AttachmentCount != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = c.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: policyARN("read")})
	wants(t, err, "DeleteConflict", "Cannot delete a policy attached to entities.")
	_, err = c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: policyARN("read"), PolicyDocument: aws.String(fixture.Allow("s3:GetObject", "*")), SetAsDefault: true})
	must(t, err)
	if _, err = ann.ListUsers(ctx, &iam.ListUsersInput{}); err == nil {
		t.Error("an old version of the policy is in force")
	}
	_, err = c.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: policyARN("ghost")})
	wants(t, err, "NoSuchEntity", "Policy arn:aws:iam::111111111111:policy/ghost was not found.")
	all, err := c.ListPolicies(ctx, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal})
	if err != nil || len(all.Policies) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
	aws1, err := c.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: aws.String(fixture.Admin), VersionId: aws.String("v1")})
	if err != nil || unescape(t, aws1.PolicyVersion.Document) == "" {
		t.Errorf("AWS's own policy: %v", err)
	}
}
