package iam_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"snapferry/awsx/sandbox/fixture"
)

// TestLabels goes through tags and boundaries of a user and a policy.
func TestLabels(t *testing.T) {
	f, c := admin(t)
	ctx := context.Background()
	f.User(fixture.Source, "bob")
	before := stateDump(t, f.World)
	bob, boundary := aws.String("bob"), aws.String("arn:aws:iam::aws:policy/AmazonS3FullAccess")
	two := []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}

	_, err := c.TagUser(ctx, &iam.TagUserInput{UserName: bob, Tags: two})
	must(t, err)
	_, err = c.UntagUser(ctx, &iam.UntagUserInput{UserName: bob, TagKeys: []string{"a", "none"}})
	must(t, err)
	_, err = c.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: bob, PermissionsBoundary: boundary})
	must(t, err)
	user, err := c.GetUser(ctx, &iam.GetUserInput{UserName: bob})
	must(t, err)
	if u := user.User; len(u.Tags) != 1 || *u.Tags[0].Key != "b" || *u.PermissionsBoundary.PermissionsBoundaryArn != *boundary {
		t.Errorf("%+v", u)
	}
	_, err = c.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: bob, PermissionsBoundary: aws.String("arn:aws:iam::111111111111:policy/ghost")})
	wants(t, err, "NoSuchEntity", "Scope ARN: arn:aws:iam::111111111111:policy/ghost does not exist or is not attachable.")
	_, err = c.DeleteUserPermissionsBoundary(ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: bob})
	must(t, err)
	_, err = c.UntagUser(ctx, &iam.UntagUserInput{UserName: bob, TagKeys: []string{"b"}})
	must(t, err)
	if tags, err := c.ListUserTags(ctx, &iam.ListUserTagsInput{UserName: bob}); err != nil || len(tags.Tags) != 0 {
		t.Errorf("%+v, %v", tags, err)
	}
	if after := stateDump(t, f.World); after != before {
		t.Errorf("left behind: %s", after)
	}

	made, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String(fixture.Allow("s3:*", "*"))})
	must(t, err)
	_, err = c.TagPolicy(ctx, &iam.TagPolicyInput{PolicyArn: made.Policy.Arn, Tags: two})
	must(t, err)
	_, err = c.UntagPolicy(ctx, &iam.UntagPolicyInput{PolicyArn: made.Policy.Arn, TagKeys: []string{"b"}})
	must(t, err)
	tags, err := c.ListPolicyTags(ctx, &iam.ListPolicyTagsInput{PolicyArn: made.Policy.Arn})
	must(t, err)
	if len(tags.Tags) != 1 || *tags.Tags[0].Key != "a" {
		t.Errorf("%+v", tags.Tags)
	}
}

// TestMalformedDocuments has the sentences by which people know what is wrong.
func TestMalformedDocuments(t *testing.T) {
	_, c := admin(t)
	statement := func(rest string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + rest + `}]}`
	}
	two := `{"Sid":"a","Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`
	for doc, want := range map[string]string{
		"{":                        "Syntax errors in policy.",
		`{"Version":"2012-10-17"}`: "Syntax errors in policy.",
		`{"Version":"2012-10-17","Statement":[]}`:                           "Syntax errors in policy.",
		statement(`"Resource":"*"`):                                         "Syntax errors in policy.",
		statement(`"Action":"s3:GetObject"`):                                "Policy statement must contain resources.",
		statement(`"Action":[],"Resource":"*"`):                             "Policy statement must contain actions.",
		statement(`"Action":"GetObject","Resource":"*"`):                    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
		statement(`"Action":"s3:GetObject","Resource":"bucket/*"`):          `Resource bucket/* must be in ARN format or "*".`,
		statement(`"Principal":"*","Action":"s3:GetObject","Resource":"*"`): "Policy document should not specify a principal.",
		statement(`"Sid":"a b","Action":"s3:GetObject","Resource":"*"`):     "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
		`{"Version":"2012-10-17","Statement":[` + two + "," + two + `]}`:    "Statement IDs (SID) in a single policy must be unique.",
	} {
		_, err := c.CreatePolicy(context.Background(), &iam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: &doc})
		wants(t, err, "MalformedPolicyDocument", want)
	}
	for doc, want := range map[string]string{
		"{":                                    "Syntax errors in policy.",
		statement(`"Action":"sts:AssumeRole"`): "Missing required field Principal",
		statement(`"Principal":{"AWS":"111111111111"},"Action":"s3:GetObject"`):                  "AssumeRole policy may only specify STS AssumeRole actions.",
		statement(`"Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole","Resource":"*"`): "Has prohibited field Resource",
		statement(`"Principal":{"Service":"es.amazon.com"},"Action":"sts:AssumeRole"`):           `Invalid principal in policy: "SERVICE":"es.amazon.com"`,
		statement(`"Principal":{"AWS":"111111111112"},"Action":"sts:AssumeRole"`):                `Invalid principal in policy: "AWS":"arn:aws:iam::111111111112:root"`,
	} {
		wants(t, createRole(t, c, "r", doc), "MalformedPolicyDocument", want)
	}
}
