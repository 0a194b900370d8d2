package sandbox_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/fixture"
)

const everybodysRights = "arn:aws:iam::aws:policy/AdministratorAccess"

// TestExceptionsOfADenial: a bucket policy that denies everything to everybody
// but those under NotPrincipal leaves these in, though it is kept by their ids.
// AWS asks for each link of a caller: the account's root, the user or role, and
// the session.
func TestExceptionsOfADenial(t *testing.T) {
	s := openAs(t, sandbox.Options{})
	a, _ := labelled(t, s.Info(), "source", "source")
	c, ctx := clientsOf(a, s.Transport()), t.Context()
	_, err := c.s3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucket), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	must(t, err)
	const account = "arn:aws:iam::111111111111:"
	_, err = c.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("ann")})
	must(t, err)
	_, err = c.iam.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String("ann"), PolicyArn: aws.String(everybodysRights)})
	must(t, err)
	key, err := c.iam.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("ann")})
	must(t, err)
	_, err = c.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("jump"), AssumeRolePolicyDocument: aws.String(fixture.Trusting("AWS", "111111111111", ""))})
	must(t, err)
	_, err = c.iam.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("jump"), PolicyArn: aws.String(everybodysRights)})
	must(t, err)
	session, err := c.sts.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String(account + "role/jump"), RoleSessionName: aws.String("me")})
	must(t, err)
	callers := map[string]clients{
		"admin": c,
		"ann":   clientsWith(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "", s.Transport()),
		"jump":  clientsWith(*session.Credentials.AccessKeyId, *session.Credentials.SecretAccessKey, *session.Credentials.SessionToken, s.Transport()),
	}
	const (
		root    = `"` + account + `root"`
		admin   = root + `,"` + account + `user/admin"`
		role    = admin + `,"` + account + `role/jump"`
		meAlone = role + `,"arn:aws:sts::111111111111:assumed-role/jump/me"`
	)
	for name, tc := range map[string]struct {
		excepted string
		in       map[string]bool
	}{
		"the user":                 {admin, map[string]bool{"admin": true}},
		"the role, no session":     {role, map[string]bool{"admin": true}},
		"the role and its session": {meAlone, map[string]bool{"admin": true, "jump": true}},
	} {
		t.Run(name, func(t *testing.T) {
			doc := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":[` + tc.excepted + `]},"Action":"s3:*","Resource":["arn:aws:s3:::` + bucket + `","arn:aws:s3:::` + bucket + `/*"]}]}`
			_, err := c.s3.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: &doc})
			must(t, err)
			for who, caller := range callers {
				_, err := caller.s3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String(bucket)})
				if (err == nil) != tc.in[who] {
					t.Errorf("%s: %v", who, err)
				}
			}
		})
	}
}
