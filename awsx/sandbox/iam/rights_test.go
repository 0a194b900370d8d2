package iam_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"snapferry/awsx/sandbox/fixture"
	sandboxiam "snapferry/awsx/sandbox/iam"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// rights lists every operation with the resource it is judged on and the words
// its refusal has for that resource.
var rights = map[string]struct{ resource, shown string }{
	"CreateRole":                    {"role/new", ""},
	"GetRole":                       {"role/team/snap", "role snap"},
	"ListRoles":                     {"role/", ""},
	"DeleteRole":                    {"role/team/snap", "role snap"},
	"UpdateRole":                    {"role/team/snap", "role snap"},
	"UpdateAssumeRolePolicy":        {"role/team/snap", "role snap"},
	"PutRolePermissionsBoundary":    {"role/team/snap", "role snap"},
	"DeleteRolePermissionsBoundary": {"role/team/snap", "role snap"},
	"TagRole":                       {"role/team/snap", "role snap"},
	"UntagRole":                     {"role/team/snap", "role snap"},
	"ListRoleTags":                  {"role/team/snap", "role snap"},
	"PutUserPermissionsBoundary":    {"user/bob", "user bob"},
	"DeleteUserPermissionsBoundary": {"user/bob", "user bob"},
	"TagUser":                       {"user/bob", "user bob"},
	"UntagUser":                     {"user/bob", "user bob"},
	"ListUserTags":                  {"user/bob", "user bob"},
	"TagPolicy":                     {"policy/p", "policy arn:aws:iam::111111111111:policy/p"},
	"UntagPolicy":                   {"policy/p", "policy arn:aws:iam::111111111111:policy/p"},
	"ListPolicyTags":                {"policy/p", "policy arn:aws:iam::111111111111:policy/p"},
	"ListInstanceProfilesForRole":   {"role/team/snap", "role snap"},
	"PutRolePolicy":                 {"role/team/snap", "role snap"},
	"GetRolePolicy":                 {"role/team/snap", "role snap"},
	"DeleteRolePolicy":              {"role/team/snap", "role snap"},
	"ListRolePolicies":              {"role/team/snap", "role snap"},
	"AttachRolePolicy":              {"role/team/snap", "role snap"},
	"DetachRolePolicy":              {"role/team/snap", "role snap"},
	"ListAttachedRolePolicies":      {"role/team/snap", "role snap"},
	"PutUserPolicy":                 {"user/bob", "user bob"},
	"GetUserPolicy":                 {"user/bob", "user bob"},
	"DeleteUserPolicy":              {"user/bob", "user bob"},
	"ListUserPolicies":              {"user/bob", "user bob"},
	"AttachUserPolicy":              {"user/bob", "user bob"},
	"DetachUserPolicy":              {"user/bob", "user bob"},
	"ListAttachedUserPolicies":      {"user/bob", "user bob"},
	"CreateUser":                    {"user/new", ""},
	"GetUser":                       {"user/bob", "user bob"},
	"ListUsers":                     {"user/", ""},
	"ListGroupsForUser":             {"user/bob", "user bob"},
	"DeleteUser":                    {"user/bob", "user bob"},
	"CreateAccessKey":               {"user/bob", "user bob"},
	"UpdateAccessKey":               {"user/bob", "user bob"},
	"DeleteAccessKey":               {"user/bob", "user bob"},
	"ListAccessKeys":                {"user/bob", "user bob"},
	"CreatePolicy":                  {"policy/new", "policy new"},
	"GetPolicy":                     {"policy/p", "policy arn:aws:iam::111111111111:policy/p"},
	"ListPolicies":                  {"policy/", "policy path /"},
	"DeletePolicy":                  {"policy/p", "policy arn:aws:iam::111111111111:policy/p"},
	"CreatePolicyVersion":           {"policy/p", "policy arn:aws:iam::111111111111:policy/p"},
	"GetPolicyVersion":              {"policy/p", "policy arn:aws:iam::111111111111:policy/p"},
	"ListPolicyVersions":            {"policy/p", "policy arn:aws:iam::111111111111:policy/p"},
	"DeletePolicyVersion":           {"policy/p", "policy arn:aws:iam::111111111111:policy/p"},
	"SetDefaultPolicyVersion":       {"policy/p", "policy arn:aws:iam::111111111111:policy/p"},
	"SimulatePrincipalPolicy":       {"user/bob", ""},
}

// form is a request that is complete enough for its operation to get past
// reading its parameters.
func form(action string) url.Values {
	name := "snap"
	if action == "CreateRole" {
		name = "new"
	}
	user := "bob"
	if action == "CreateUser" {
		user = "new"
	}
	return url.Values{
		"Action": {action}, "Version": {"2010-05-08"}, "RoleName": {name}, "UserName": {user}, "PolicyName": {"new"},
		"PolicyArn": {"arn:aws:iam::111111111111:policy/p"}, "Status": {"Active"}, "VersionId": {"v1"},
		"PolicySourceArn": {"arn:aws:iam::111111111111:user/bob"}, "ActionNames.member.1": {"s3:GetObject"},
	}
}

// ask sends a form as the holder of a key.
func ask(t *testing.T, f *fixture.Fixture, key, secret string, values url.Values) (int, string) {
	t.Helper()
	body := values.Encode()
	r := httptest.NewRequest(http.MethodPost, "https://iam.amazonaws.com/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256([]byte(body))
	c := aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}
	must(t, v4.NewSigner().SignHTTP(context.Background(), c, r, hex.EncodeToString(sum[:]), "iam", "us-east-1", f.Clock.Now()))
	rec := httptest.NewRecorder()
	sandboxiam.New(f.World, f.Gate).ServeHTTP(rec, r)
	b, err := io.ReadAll(rec.Body)
	must(t, err)
	return rec.Code, string(b)
}

// peopled is a world with a role, a user and a policy for others to ask about.
func peopled(t *testing.T) *fixture.Fixture {
	t.Helper()
	f := fixture.New(t)
	f.User(fixture.Source, "bob")
	f.Role(fixture.Source, "/team/", "snap", serviceTrust)
	f.Write(func(s *world.State) {
		arn := "arn:aws:iam::111111111111:policy/p"
		s.Accounts[fixture.Source].Policies[arn] = &world.ManagedPolicy{
			Name: "p", Path: "/", ARN: arn, Default: "v1", NextVersion: 2,
			Versions: []world.PolicyVersion{{ID: "v1", Document: fixture.Allow("s3:*", "*")}},
		}
	})
	return f
}

func message(t *testing.T, body string) string {
	t.Helper()
	var e struct {
		Error struct{ Code, Message string }
	}
	must(t, xml.Unmarshal([]byte(body), &e))
	return e.Error.Code + ": " + e.Error.Message
}

func TestEveryOperationIsInTheTable(t *testing.T) {
	f := fixture.New(t)
	for action := range sandboxiam.New(f.World, f.Gate).(wire.Query).Operations {
		if _, ok := rights[action]; !ok {
			t.Errorf("nobody says on what %s is judged", action)
		}
	}
}

func TestEveryOperationIsJudged(t *testing.T) {
	for action, r := range rights {
		t.Run(action, func(t *testing.T) {
			f := peopled(t)
			arn := "arn:aws:iam::111111111111:" + r.resource
			shown := r.shown
			if shown == "" {
				shown = arn
			}
			key, secret := f.User(fixture.Source, "nobody", fixture.Allow("iam:*", arn+"-other"))
			status, body := ask(t, f, key, secret, form(action))
			want := "AccessDenied: User: arn:aws:iam::111111111111:user/nobody is not authorized to perform: iam:" + action +
				" on resource: " + shown + " because no identity-based policy allows the iam:" + action + " action"
			if got := message(t, body); status != 403 || got != want {
				t.Errorf("%d\ngot  %s\nwant %s", status, got, want)
			}
			key, secret = f.User(fixture.Source, "somebody", fixture.Allow("iam:"+action, arn))
			if status, body = ask(t, f, key, secret, form(action)); status == 403 {
				t.Errorf("refused with exactly its right: %s", body)
			}
		})
	}
}

func TestAnotherAccountIsOutOfReach(t *testing.T) {
	f := peopled(t)
	key, secret := f.User(fixture.Target, "admin", fixture.Admin)
	for _, action := range []string{"GetRole", "DeleteRole", "GetPolicy", "DeletePolicyVersion", "GetUserPolicy"} {
		status, body := ask(t, f, key, secret, form(action))
		if status != 404 || !strings.HasPrefix(message(t, body), "NoSuchEntity") {
			t.Errorf("%s: %d %s", action, status, body)
		}
	}
	if status, body := ask(t, f, key, secret, form("SimulatePrincipalPolicy")); status != 404 {
		t.Errorf("%d %s", status, body)
	}
}

func TestUnknownOperations(t *testing.T) {
	f := peopled(t)
	key, secret := f.User(fixture.Source, "admin", fixture.Admin)
	if status, body := ask(t, f, key, secret, form("CreateInstanceProfile")); status != 400 || !strings.HasPrefix(message(t, body), "InvalidAction: Could not find operation CreateInstanceProfile") {
		t.Errorf("%d %s", status, body)
	}
	for _, field := range []string{"RoleName", "PolicyArn"} {
		action := map[string]string{"RoleName": "GetRole", "PolicyArn": "GetPolicy"}[field]
		values := form(action)
		values.Del(field)
		if status, body := ask(t, f, key, secret, values); status != 400 || !strings.HasPrefix(message(t, body), "ValidationError: 1 validation error detected: Value at '") {
			t.Errorf("%s without %s: %d %s", action, field, status, body)
		}
	}
}
