package preflight_test

import (
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// TestTwoSignersOfOneAccount: what the plan grants one signer is not the other's,
// and the other's own grant is told by its own step.
func TestTwoSignersOfOneAccount(t *testing.T) {
	w := openWorld(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessPolicy, "next": sandbox.AccessPolicy}})
	writer := w.person(steps.Source, account.RoleSpec{Name: "writer", Path: "/team/"})
	bounded := w.person(steps.Source, account.RoleSpec{Name: "bounded", Boundary: w.edge(steps.Source, "nothing", may("Allow", `"s3:*"`, `"*"`))})
	reader := w.person(steps.Source, account.RoleSpec{Name: "reader", Path: "/team/"})
	near := func(s *spec.Spec) {
		s.Shape, s.Target = spec.ShapeSameAccount, s.Source
		s.Target.Domain, s.Target.Control = "logs-next", spec.Identity{Base: "profile", Profile: "source"}
		s.Target.Signer = s.Target.Control
		s.Source.Signer = s.Target.Control
	}
	as := func(who func(*spec.Spec)) func(*spec.Spec) { return both(near, signing(steps.Source, writer), who) }
	w.run([]row{
		{name: "another signer", check: "target-signer-may-call", spec: as(signing(steps.Target, reader)), want: steps.Note, subject: "role/reader", fix: "The plan does it", step: "target-signer", diff: "logs-next/*"},
		{name: "another signer", check: "target-signer-may-pass-role", spec: as(signing(steps.Target, reader)), want: steps.Note, subject: "role/reader", step: "target-signer", diff: "iam:PassRole"},
		{name: "another signer", check: "target-domain-answers", spec: as(signing(steps.Target, reader)), want: steps.Note, step: "target-signer"},
		{name: "the same signer", check: "target-signer-may-call", spec: as(signing(steps.Target, writer)), want: steps.Note, step: "source-signer", diff: "logs-next/*"},
		{name: "one that a boundary caps", check: "target-signer-may-call", spec: as(signing(steps.Target, bounded)), want: steps.Block, subject: "role/bounded", cause: "permissions boundary"},
	})
}
