package iam_test

import (
	"net/url"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/fixture"
	"snapferry/awsx/sandbox/world"
)

// conditioned allows everything of IAM under a condition.
func conditioned(condition string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":` + condition + `}]}`
}

// TestConditionKeys are those by which real accounts delegate the making of
// roles without giving everything away.
func TestConditionKeys(t *testing.T) {
	f := peopled(t)
	f.Write(func(s *world.State) {
		s.Accounts[fixture.Source].Role("snap").Tags = map[string]string{"owner": "ops"}
		s.Accounts[fixture.Source].User("bob").Boundary = "arn:aws:iam::aws:policy/AdministratorAccess"
	})
	with := func(action string, more ...string) url.Values {
		v := form(action)
		v.Set("AssumeRolePolicyDocument", serviceTrust)
		for i := 0; i < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	const admin = "arn:aws:iam::aws:policy/AdministratorAccess"
	const bounded = `{"StringEquals":{"iam:PermissionsBoundary":"` + admin + `"}}`
	const onlyS3 = `{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AmazonS3FullAccess"}}`
	for name, tc := range map[string]struct {
		condition string
		values    url.Values
		allowed   bool
	}{
		"role with the boundary":       {bounded, with("CreateRole", "PermissionsBoundary", admin), true},
		"role without it":              {bounded, with("CreateRole"), false},
		"policy that may be attached":  {onlyS3, with("AttachRolePolicy", "PolicyArn", "arn:aws:iam::aws:policy/AmazonS3FullAccess"), true},
		"policy that may not":          {onlyS3, with("AttachRolePolicy", "PolicyArn", admin), false},
		"role with the tag":            {`{"StringEquals":{"aws:RequestTag/run":"1"}}`, with("CreateRole", "Tags.member.1.Key", "run", "Tags.member.1.Value", "1"), true},
		"role with another tag":        {`{"StringEquals":{"aws:RequestTag/run":"1"}}`, with("CreateRole", "Tags.member.1.Key", "run", "Tags.member.1.Value", "2"), false},
		"role that has the tag":        {`{"StringEquals":{"iam:ResourceTag/owner":"ops"}}`, with("GetRole"), true},
		"role that has another":        {`{"StringEquals":{"aws:ResourceTag/owner":"dev"}}`, with("GetRole"), false},
		"boundary that may be put on":  {bounded, with("PutRolePermissionsBoundary", "PermissionsBoundary", admin), true},
		"boundary that may not":        {bounded, with("PutRolePermissionsBoundary", "PermissionsBoundary", "arn:aws:iam::aws:policy/IAMFullAccess"), false},
		"policy for who is bounded":    {bounded, with("AttachUserPolicy", "PolicyArn", admin), true},
		"policy for who is not":        {bounded, with("AttachRolePolicy", "PolicyArn", admin), false},
		"tag that may be put on":       {`{"ForAllValues:StringEquals":{"aws:TagKeys":["run"]}}`, with("TagRole", "Tags.member.1.Key", "run", "Tags.member.1.Value", "2"), true},
		"tag that may not":             {`{"ForAllValues:StringEquals":{"aws:TagKeys":["run"]}}`, with("UntagRole", "TagKeys.member.1", "owner"), false},
		"IAM is in one region":         {`{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}`, with("GetRole"), true},
		"and not in the user's region": {`{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}`, with("GetRole"), false},
	} {
		t.Run(name, func(t *testing.T) {
			key, secret := f.User(fixture.Source, "ann", conditioned(tc.condition))
			status, body := ask(t, f, key, secret, tc.values)
			if allowed := status == 200; allowed != tc.allowed || !allowed && !strings.Contains(body, "AccessDenied") {
				t.Errorf("%d %s", status, body)
			}
			f.Write(func(s *world.State) {
				delete(s.Accounts[fixture.Source].Roles, "new")
				s.Accounts[fixture.Source].Role("snap").Boundary = ""
			})
		})
	}
}
