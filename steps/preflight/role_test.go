package preflight_test

import (
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func TestRoleSpelling(t *testing.T) {
	w := newWorld(t)
	const check = "role-exact-spelling"
	bothSides(func(side steps.Side) {
		powerless := w.powerless(side)
		at := func(resource string) func(*spec.Spec) {
			arn := powerless
			arn.Resource = resource
			return adopted(side, arn)
		}
		w.run([]row{
			{name: "none yet", check: check, want: steps.Pass, subject: string(side) + " snap", evidence: "none of that name", step: steps.StepID(side) + "-role"},
			{name: "right", check: check, spec: named(side, "powerless"), want: steps.Pass, subject: "powerless", evidence: powerless.String()},
			{name: "another case", check: check, spec: named(side, "PowerLess"), want: steps.Block, subject: string(side) + " PowerLess", cause: "there is a role " + powerless.String(), fix: "exact name under " + string(side) + ".role.name, and the plan adds to that role what it lacks"},
			{name: "another path", check: check, spec: at("role/migration/powerless"), want: steps.Block, cause: "role/migration/powerless", fix: "Use " + powerless.String(), evidence: "IAM says " + powerless.String()},
			{name: "right ARN", check: check, spec: adopted(side, powerless), want: steps.Pass, subject: "powerless"},
			{name: "no such ARN", check: check, spec: at("role/gone"), want: steps.Block, cause: "there is no role", fix: "Copy the ARN from IAM"},
			{name: "not named", check: check, spec: named(side, ""), want: steps.Unknown, cause: string(side) + ".role.name", fix: "Say " + string(side) + ".role.name"},
			{name: "no rights", check: check, spec: func(s *spec.Spec) {
				s.Side(side).Control.Chain = []spec.Link{{Role: powerless}}
			}, want: steps.Unknown, cause: "iam:GetRole", fix: "control identity iam:GetRole", evidence: "IAM GetRole"},
		})
	})
}

// TestRegisteredSpelling: a registration stays when its role cannot be assumed, and
// keeps the spelling it was made with.
func TestRegisteredSpelling(t *testing.T) {
	w := newWorld(t)
	const check = "role-exact-spelling"
	w.bucket(steps.Source, "")
	writer := w.role(steps.Source, account.RoleSpec{Name: "writer"}, may("Allow", `"s3:*"`, `"*"`))
	w.does(steps.Source, false, "PUT", "/_snapshot/snapferry", registration(writer.String(), ""))
	answer := named(steps.Source, awsid.RoleName("writer"))
	w.run([]row{{name: "as IAM spells it", check: check, spec: answer, want: steps.Pass, subject: "source repository snapferry", evidence: "registered with " + writer.String()}})
	w.does(steps.Source, false, "DELETE", "/_snapshot/snapferry", "")
	w.fails(steps.Source, false, "PUT", "/_snapshot/snapferry", registration("arn:aws:iam::111111111111:role/Writer", ""))
	w.run([]row{
		{
			name: "in other case", check: check, spec: answer, want: steps.Block, subject: "source repository snapferry",
			cause: "registered with arn:aws:iam::111111111111:role/Writer, IAM says " + writer.String(), fix: "Remove that registration", evidence: "/_snapshot/REPOSITORY",
		},
		{name: "the answer is right all the same", check: check, spec: answer, want: steps.Pass, subject: "source writer"},
		{name: "another bucket's is not ours", check: check, spec: both(answer, bucket("acme-other")), want: steps.Pass},
	})
}
