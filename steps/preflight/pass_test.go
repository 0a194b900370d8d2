package preflight_test

import (
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func TestSignerMayPassRole(t *testing.T) {
	w := newWorld(t)
	bothSides(func(side steps.Side) {
		check, step := steps.CheckID(side)+"-signer-may-pass-role", steps.StepID(side)+"-signer"
		snap := `"arn:aws:iam::` + string(answers().Side(side).Account) + `:role/snap"`
		reach := may("Allow", `"es:*"`, `"*"`)
		pass := func(more string) string {
			return strings.TrimSuffix(may("Allow", `"iam:PassRole"`, snap), "}") + more + "}"
		}
		person := func(name awsid.RoleName, rights ...string) func(*spec.Spec) {
			return signing(side, w.person(side, account.RoleSpec{Name: name, Path: "/team/"}, rights...))
		}
		bounded := signing(side, w.person(side, account.RoleSpec{Name: "bounded", Boundary: w.edge(side, "bounded", reach)}, reach, pass("")))
		reserved := person("reserved", reach)
		w.run([]row{
			{name: "an administrator", check: check, want: steps.Pass, subject: "user/admin", evidence: "role/snap"},
			{name: "exactly this role", check: check, spec: person("right", reach, pass("")), want: steps.Pass, subject: "assumed-role/right"},
			{name: "to this service", check: check, spec: person("told", reach, pass(`,"Condition":{"StringEquals":{"iam:PassedToService":"es.amazonaws.com"}}`)), want: steps.Pass},
			{name: "not at all", check: check, spec: reserved, want: steps.Note, cause: "iam:PassRole on", fix: "The plan does it", step: step, diff: "iam:PassRole"},
			{name: "to another service", check: check, spec: person("ec2", reach, pass(`,"Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`)), want: steps.Note, cause: "iam:PassedToService", step: step},
			{name: "in another spelling", check: check, spec: person("case", reach, may("Allow", `"iam:PassRole"`, strings.Replace(snap, "snap", "Snap", 1))), want: steps.Note, step: step},
			{name: "denied", check: check, spec: person("denied", reach, pass(""), may("Deny", `"iam:*"`, `"*"`)), want: steps.Block, cause: "denies it", fix: "no Allow lifts a Deny"},
			{name: "no step can be planned", check: check, spec: both(reserved, both(func(s *spec.Spec) { s.Side(side).Role.Name = "Case" })), want: steps.Block, cmd: "iam put-role-policy"},
			{name: "a boundary in the way", check: check, spec: bounded, want: steps.Block, cause: "permissions boundary", fix: "Have the permissions boundary allow it"},
			{name: "across accounts", check: check, spec: func(s *spec.Spec) { s.Side(side).Signer.Profile = string(other(side)) }, want: steps.Block, cause: "cannot be passed across accounts", fix: "Sign with an identity of the role's account"},
			{name: "unsigned", check: check, spec: func(s *spec.Spec) { s.Side(side).Auth = spec.AuthUnsigned }, want: steps.Block, cause: "unsigned", fix: "Leave out " + string(side) + ".auth"},
			{name: "nobody may look", check: check, between: says("iam.", "/", 403, deniedIAM), want: steps.Unknown, fix: "iam:GetRole"},
			{name: "policies nobody may read", check: check, between: refuses("iam.", "ListAttachedUserPolicies", deniedIAM), want: steps.Unknown, fix: "iam:Get* and iam:List*"},
			{name: "no domain", check: check, spec: func(s *spec.Spec) { s.Side(side).Domain = "nothing" }, want: steps.Skipped, because: string(side) + "-domain-found"},
			{name: "nobody", check: check, spec: func(s *spec.Spec) { s.Side(side).Signer.Base = "none" }, want: steps.Unknown, cause: "Nobody was named"},
		})
	})
}

// TestPassRoleAtSigner: the slip of a tutorial, told and not failed.
func TestPassRoleAtSigner(t *testing.T) {
	w := newWorld(t)
	bothSides(func(side steps.Side) {
		check := steps.CheckID(side) + "-pass-role-at-signer"
		own := `"arn:aws:iam::` + string(answers().Side(side).Account) + `:role/tutorial"`
		tutorial := w.role(side, account.RoleSpec{Name: "tutorial"}, may("Allow", `["s3:GetObject","iam:PassRole"]`, `[`+onObjects+`,`+own+`]`))
		plain := w.role(side, account.RoleSpec{Name: "plain"}, may("Allow", `"s3:GetObject"`, onObjects))
		w.run([]row{
			{name: "none yet", check: check, want: steps.Pass, evidence: "none of that name"},
			{name: "it does not", check: check, spec: adopted(side, plain), want: steps.Pass, evidence: "tried iam:PassRole"},
			{name: "it does", check: check, spec: adopted(side, tutorial), want: steps.Note, subject: "role/tutorial", cause: "no help to the signer", evidence: "IAM GetRole"},
			{name: "nobody may look", check: check, spec: adopted(side, plain), between: refuses("iam.", "GetRolePolicy", deniedIAM), want: steps.Unknown, fix: "iam:List*"},
		})
	})
}
