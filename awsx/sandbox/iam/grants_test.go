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

func TestInlineAndAttachedPolicies(t *testing.T) {
	f, c := admin(t)
	ctx := context.Background()
	role, user := aws.String("snap"), aws.String("ann")
	f.User(fixture.Source, "ann")
	must(t, createRole(t, c, *role, serviceTrust))
	before := stateDump(t, f.World)
	doc := fixture.Allow("s3:GetObject s3:PutObject", "arn:aws:s3:::b/*")
	_, err := c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: role, PolicyName: aws.String("p"), PolicyDocument: &doc})
	must(t, err)
	_, err = c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: user, PolicyName: aws.String("p"), PolicyDocument: &doc})
	must(t, err)
	got, err := c.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: role, PolicyName: aws.String("p")})
	must(t, err)
	if *got.RoleName != "snap" || unescape(t, got.PolicyDocument) != doc {
		t.Errorf("%+v", got)
	}
	ofUser, err := c.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: user, PolicyName: aws.String("p")})
	must(t, err)
	if *ofUser.UserName != "ann" || unescape(t, ofUser.PolicyDocument) != doc {
		t.Errorf("%+v", ofUser)
	}
	names, err := c.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: role})
	if err != nil || cmp.Diff([]string{"p"}, names.PolicyNames) != "" {
		t.Errorf("%v, %v", names, err)
	}
	for range 2 { // attaching twice is attaching once
		_, err = c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: role, PolicyArn: aws.String(fixture.Admin)})
		must(t, err)
	}
	attached, err := c.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: role})
	must(t, err)
	if len(attached.AttachedPolicies) != 1 || *attached.AttachedPolicies[0].PolicyName != "AdministratorAccess" {
		t.Errorf("%+v", attached.AttachedPolicies)
	}
	none, err := c.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{UserName: user})
	if err != nil || none.AttachedPolicies == nil || len(none.AttachedPolicies) != 0 {
		t.Errorf("an empty list must be there: %v, %v", none, err)
	}
	_, err = c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: role, PolicyArn: aws.String(fixture.Admin)})
	must(t, err)
	_, err = c.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: role, PolicyName: aws.String("p")})
	must(t, err)
	_, err = c.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: user, PolicyName: aws.String("p")})
	must(t, err)
	if d := cmp.Diff(before, stateDump(t, f.World)); d != "" {
		t.Errorf("policies put and taken back left something: %s", d)
	}
}

func TestGrantRefusals(t *testing.T) {
	_, c := admin(t)
	ctx := context.Background()
	must(t, createRole(t, c, "snap", serviceTrust))
	put := func(doc string) error {
		_, err := c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("snap"), PolicyName: aws.String("p"), PolicyDocument: &doc})
		return err
	}
	for name, tc := range map[string]struct {
		do            func() error
		code, message string
	}{
		"inline policy missing": {func() error {
			_, err := c.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String("snap"), PolicyName: aws.String("ghost")})
			return err
		}, "NoSuchEntity", "The role policy with name ghost cannot be found."},
		"user missing": {func() error {
			_, err := c.ListUserPolicies(ctx, &iam.ListUserPoliciesInput{UserName: aws.String("ghost")})
			return err
		}, "NoSuchEntity", "The user with name ghost cannot be found."},
		"managed policy missing": {func() error {
			_, err := c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("snap"), PolicyArn: aws.String("arn:aws:iam::111111111111:policy/ghost")})
			return err
		}, "NoSuchEntity", "Policy arn:aws:iam::111111111111:policy/ghost does not exist or is not attachable."},
		"not attached": {func() error {
			_, err := c.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: aws.String("snap"), PolicyArn: aws.String(fixture.Admin)})
			return err
		}, "NoSuchEntity", "Policy arn:aws:iam::aws:policy/AdministratorAccess was not found."},
		"too large": {
			func() error { return put(fixture.Allow("s3:*", "arn:aws:s3:::"+strings.Repeat("x", 10240))) },
			"LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role snap",
		},
	} {
		t.Run(name, func(t *testing.T) { wants(t, tc.do(), tc.code, tc.message) })
	}
	if c, _ := code(put("{")); c != "MalformedPolicyDocument" {
		t.Errorf("half a document: %s", c)
	}
	if c, _ := code(put(serviceTrust)); c != "MalformedPolicyDocument" {
		t.Errorf("a principal in an identity policy: %s", c)
	}
	if names, err := c.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: aws.String("snap")}); err != nil || len(names.PolicyNames) != 0 {
		t.Errorf("a refused policy was kept: %v, %v", names, err)
	}
}

func TestCallersNeedTheRight(t *testing.T) {
	f, c := admin(t)
	ctx := context.Background()
	must(t, createRole(t, c, "snap", serviceTrust))
	key, secret := f.User(fixture.Source, "ann", fixture.Allow("iam:GetRole", "arn:aws:iam::111111111111:role/snap"))
	ann := client(f, key, secret)
	if _, err := ann.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("snap")}); err != nil {
		t.Errorf("what was allowed: %v", err)
	}
	const who = "User: arn:aws:iam::111111111111:user/ann is not authorized to perform: "
	for action, tc := range map[string]struct {
		do func() error
		on string
	}{
		"iam:GetRole": {func() error {
			_, err := ann.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("other")})
			return err
		}, "role other"},
		"iam:ListRoles": {func() error {
			_, err := ann.ListRoles(ctx, &iam.ListRolesInput{})
			return err
		}, "arn:aws:iam::111111111111:role/"},
		"iam:CreateRole": {func() error { return createRole(t, ann, "new", serviceTrust) }, "arn:aws:iam::111111111111:role/new"},
		"iam:PutRolePolicy": {func() error {
			_, err := ann.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("snap"), PolicyName: aws.String("p"), PolicyDocument: aws.String("{}")})
			return err
		}, "role snap"},
		"iam:CreateAccessKey": {func() error {
			_, err := ann.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{})
			return err
		}, "user ann"},
		"iam:SimulatePrincipalPolicy": {func() error {
			_, err := ann.SimulatePrincipalPolicy(ctx, &iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String("arn:aws:iam::111111111111:user/ann"), ActionNames: []string{"s3:GetObject"}})
			return err
		}, "arn:aws:iam::111111111111:user/ann"},
	} {
		t.Run(action, func(t *testing.T) {
			wants(t, tc.do(), "AccessDenied", who+action+" on resource: "+tc.on+" because no identity-based policy allows the "+action+" action")
		})
	}
}

func TestSimulate(t *testing.T) {
	f, c := admin(t)
	f.User(fixture.Source, "ann", fixture.Allow("s3:GetObject", "arn:aws:s3:::b/*"), fixture.Deny("s3:DeleteObject", "*"),
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"es.amazonaws.com"}}}]}`)
	ask := func(service string) map[string]types.PolicyEvaluationDecisionType {
		t.Helper()
		out, err := c.SimulatePrincipalPolicy(context.Background(), &iam.SimulatePrincipalPolicyInput{
			PolicySourceArn: aws.String("arn:aws:iam::111111111111:user/ann"),
			ActionNames:     []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "iam:PassRole"}, ResourceArns: []string{"arn:aws:s3:::b/k"},
			ContextEntries: []types.ContextEntry{{ContextKeyName: aws.String("iam:PassedToService"), ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: []string{service}}},
		})
		must(t, err)
		got := map[string]types.PolicyEvaluationDecisionType{}
		for _, r := range out.EvaluationResults {
			got[*r.EvalActionName] = r.EvalDecision
		}
		return got
	}
	want := map[string]types.PolicyEvaluationDecisionType{
		"s3:GetObject": "allowed", "s3:PutObject": "implicitDeny", "s3:DeleteObject": "explicitDeny", "iam:PassRole": "allowed",
	}
	if d := cmp.Diff(want, ask("es.amazonaws.com")); d != "" {
		t.Error(d)
	}
	if got := ask("ec2.amazonaws.com")["iam:PassRole"]; got != "implicitDeny" {
		t.Errorf("passing to another service: %s", got)
	}
	_, err := c.SimulatePrincipalPolicy(context.Background(), &iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String("arn:aws:sts::111111111111:assumed-role/r/s"), ActionNames: []string{"s3:GetObject"}})
	if got, _ := code(err); got != "InvalidInput" {
		t.Errorf("a session as source: %v", err)
	}
}
