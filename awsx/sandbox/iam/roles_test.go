package iam_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/fixture"
)

func TestRoleComesBackAsItWasMade(t *testing.T) {
	f, c := admin(t)
	ctx := context.Background()
	// Spacing and order of a document are the caller's.
	trust := strings.Replace(serviceTrust, `"Statement":`, ` "Statement" : `, 1)
	made, err := c.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("Snap"), Path: aws.String("/team/a/"), AssumeRolePolicyDocument: &trust,
		Description: aws.String("snapshots & more"), MaxSessionDuration: aws.Int32(7200),
		Tags: []types.Tag{{Key: aws.String("run"), Value: aws.String("1 & 2")}},
	})
	must(t, err)
	got, err := c.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("Snap")})
	must(t, err)
	if d := cmp.Diff(made.Role, got.Role, cmp.Exporter(func(reflect.Type) bool { return true })); d != "" {
		t.Error(d)
	}
	r := got.Role
	if *r.Arn != "arn:aws:iam::111111111111:role/team/a/Snap" || !strings.HasPrefix(*r.RoleId, "AROA") || len(*r.RoleId) != 21 ||
		*r.MaxSessionDuration != 7200 || *r.Description != "snapshots & more" || *r.Tags[0].Value != "1 & 2" || !r.CreateDate.Equal(f.Clock.Now()) {
		t.Errorf("%+v", r)
	}
	if doc := unescape(t, r.AssumeRolePolicyDocument); doc != trust {
		t.Errorf("trust came back as %s", doc)
	}
}

func TestRoleNamesDoNotDistinguishCase(t *testing.T) {
	_, c := admin(t)
	must(t, createRole(t, c, "ProdRole", serviceTrust))
	wants(t, createRole(t, c, "prodrole", serviceTrust), "EntityAlreadyExists", "Role with name prodrole already exists.")
	got, err := c.GetRole(context.Background(), &iam.GetRoleInput{RoleName: aws.String("PRODROLE")})
	must(t, err)
	if *got.Role.RoleName != "ProdRole" {
		t.Errorf("spelt %s", *got.Role.RoleName)
	}
}

func TestRoleRefusals(t *testing.T) {
	_, c := admin(t)
	ctx := context.Background()
	must(t, createRole(t, c, "held", serviceTrust))
	_, err := c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("held"), PolicyName: aws.String("p"), PolicyDocument: aws.String(fixture.Allow("s3:*", "*"))})
	must(t, err)
	must(t, createRole(t, c, "attached", serviceTrust))
	_, err = c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("attached"), PolicyArn: aws.String(fixture.Admin)})
	must(t, err)
	for name, tc := range map[string]struct {
		do            func() error
		code, message string
	}{
		"no such role": {func() error {
			_, err := c.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("ghost")})
			return err
		}, "NoSuchEntity", "The role with name ghost cannot be found."},
		"deleted with policies": {func() error {
			_, err := c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String("held")})
			return err
		}, "DeleteConflict", "Cannot delete entity, must delete policies first."},
		"deleted with attachments": {func() error {
			_, err := c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String("attached")})
			return err
		}, "DeleteConflict", "Cannot delete entity, must detach all policies first."},
		"principal that does not exist": {func() error {
			return createRole(t, c, "x", fixture.Trusting("AWS", "arn:aws:iam::222222222222:role/ghost", ""))
		}, "MalformedPolicyDocument", `Invalid principal in policy: "AWS":"arn:aws:iam::222222222222:role/ghost"`},
		"name with a blank": {
			func() error { return createRole(t, c, "a b", serviceTrust) },
			"ValidationError", "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
		},
		"long name": {
			func() error { return createRole(t, c, strings.Repeat("r", 65), serviceTrust) },
			"ValidationError", "1 validation error detected: Value '" + strings.Repeat("r", 65) + "' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64",
		},
		"path without slashes": {func() error {
			_, err := c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("x"), Path: aws.String("team"), AssumeRolePolicyDocument: aws.String(serviceTrust)})
			return err
		}, "ValidationError", "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."},
		"boundary that does not exist": {func() error {
			_, err := c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("x"), AssumeRolePolicyDocument: aws.String(serviceTrust), PermissionsBoundary: aws.String("arn:aws:iam::111111111111:policy/ghost")})
			return err
		}, "NoSuchEntity", "Scope ARN: arn:aws:iam::111111111111:policy/ghost does not exist or is not attachable."},
	} {
		t.Run(name, func(t *testing.T) { wants(t, tc.do(), tc.code, tc.message) })
	}
	for name, doc := range map[string]string{"no JSON": "{", "resource in trust": fixture.Allow("sts:AssumeRole", "*")} {
		if c, m := code(createRole(t, c, "x", doc)); c != "MalformedPolicyDocument" || m == "" {
			t.Errorf("%s: %s %s", name, c, m)
		}
	}
}

func TestRoleChanges(t *testing.T) {
	f, c := admin(t)
	ctx := context.Background()
	name := aws.String("snap")
	before := stateDump(t, f.World)
	must(t, createRole(t, c, *name, serviceTrust))
	narrow := fixture.Trusting("Service", "es.amazonaws.com", `{"StringEquals":{"aws:SourceAccount":"111111111111"}}`)
	_, err := c.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: &narrow})
	must(t, err)
	_, err = c.TagRole(ctx, &iam.TagRoleInput{RoleName: name, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}})
	must(t, err)
	_, err = c.UntagRole(ctx, &iam.UntagRoleInput{RoleName: name, TagKeys: []string{"a"}})
	must(t, err)
	_, err = c.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: name, PermissionsBoundary: aws.String(fixture.Admin)})
	must(t, err)
	_, err = c.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, Description: aws.String("d"), MaxSessionDuration: aws.Int32(3600)})
	must(t, err)
	got, err := c.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
	must(t, err)
	if r := got.Role; unescape(t, r.AssumeRolePolicyDocument) != narrow || *r.PermissionsBoundary.PermissionsBoundaryArn != fixture.Admin || *r.Description != "d" {
		t.Errorf("%+v", r)
	}
	tags, err := c.ListRoleTags(ctx, &iam.ListRoleTagsInput{RoleName: name})
	must(t, err)
	if len(tags.Tags) != 1 || *tags.Tags[0].Key != "b" {
		t.Errorf("tags %+v", tags.Tags)
	}
	profiles, err := c.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: name})
	if err != nil || len(profiles.InstanceProfiles) != 0 {
		t.Errorf("%v, %v", profiles, err)
	}
	_, err = c.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: name})
	must(t, err)
	_, err = c.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name})
	must(t, err)
	if d := cmp.Diff(before, stateDump(t, f.World)); d != "" {
		t.Errorf("a role made and deleted left something: %s", d)
	}
}

func TestListRolesPageByPage(t *testing.T) {
	_, c := admin(t)
	ctx := context.Background()
	for _, n := range []string{"c", "a", "b"} {
		must(t, createRole(t, c, n, serviceTrust))
	}
	var got []string
	pages := 0
	for p := iam.NewListRolesPaginator(c, &iam.ListRolesInput{MaxItems: aws.Int32(2)}); p.HasMorePages(); pages++ {
		out, err := p.NextPage(ctx)
		must(t, err)
		for _, r := range out.Roles {
			got = append(got, *r.RoleName)
		}
	}
	if d := cmp.Diff([]string{"a", "b", "c"}, got); d != "" || pages != 2 {
		t.Errorf("%d pages: %s", pages, d)
	}
}
