package account_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
)

// TestManagedPolicy reads the version that is in force.
func TestManagedPolicy(t *testing.T) {
	w := world(t)
	s := login(t, w, keysOf(t, w, "source"), sandbox.Region)
	c, a := iam.NewFromConfig(s.AWS()), account.New(s)
	const first, second = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"es:*","Resource":"*"}]}`
	made, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("edge"), PolicyDocument: aws.String(first)})
	must(t, err)
	_, err = c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: made.Policy.Arn, PolicyDocument: aws.String(second), SetAsDefault: true})
	must(t, err)
	arn, err := awsid.ParseARN(*made.Policy.Arn)
	must(t, err)
	got, err := a.ManagedPolicy(ctx, arn)
	must(t, err)
	equalJSON(t, "policy", account.Document(second), got)
	arn.Resource += "x"
	if none, err := a.ManagedPolicy(ctx, arn); err != nil || none != nil {
		t.Errorf("absent: %s, %v", none, err)
	}
}
