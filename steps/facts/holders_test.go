package facts_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/facts"
)

func TestHolders(t *testing.T) {
	r := newRoad(t)
	f := r.open(answers(nil))
	s, err := f.Session(r.ctx, steps.Source, facts.Control)
	if err != nil {
		t.Fatal(err)
	}
	made, err := iam.NewFromConfig(s.AWS()).CreatePolicy(r.ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String("edge"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	arn, err := awsid.ParseARN(*made.Policy.Arn)
	if err != nil {
		t.Fatal(err)
	}
	if d, err := f.Boundary(r.ctx, steps.Source, arn); err != nil || len(d.Statements) != 1 {
		t.Errorf("%+v, %v", d, err)
	}
	var unknown *facts.Error
	if _, err := f.Boundary(r.ctx, steps.Target, arn); !errors.As(err, &unknown) || unknown.Kind != failure.Missing || unknown.Fact != facts.FactBoundary {
		t.Errorf("on the other side: %v", err)
	}
	acc, err := f.Control(r.ctx, steps.Source)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := acc.CreateRole(r.ctx, account.RoleSpec{Name: "Snap-Role", Trust: account.Document(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)}); err != nil {
		t.Fatal(err)
	}
	if role, err := f.RoleNamed(r.ctx, steps.Source, "snap-role"); err != nil || role == nil || role.Name != "Snap-Role" {
		t.Errorf("%+v, %v", role, err)
	}
	if role, err := f.RoleNamed(r.ctx, steps.Source, "snap-rol"); err != nil || role != nil {
		t.Errorf("%+v, %v", role, err)
	}
	if err := f.Partly(facts.FactPolicies, steps.Source, errors.New("half")); !errors.As(err, &unknown) || unknown.How.IsZero() {
		t.Errorf("%v", err)
	}
}
