package preflight_test

import (
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func TestIdentities(t *testing.T) {
	w := newWorld(t)
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		id := answers().Side(side).Account
		for _, check := range []steps.CheckID{"identity", "signer-identity"} {
			check = steps.CheckID(side) + "-" + check
			nobody := func(s *spec.Spec) {
				s.Side(side).Control.Base, s.Side(side).Signer.Base = "none", "none"
			}
			strange := func(s *spec.Spec) {
				s.Side(side).Control.Profile, s.Side(side).Signer.Profile = "jump", "jump"
			}
			w.run([]row{
				{name: "right", check: check, want: steps.Pass, subject: "user/admin", evidence: "account " + string(id)},
				{name: "another account", check: check, spec: strange, want: steps.Block, subject: string(sandbox.JumpAccount), cause: "of account 333333333333", fix: "correct " + string(side) + ".account"},
				{name: "no account", check: check, spec: func(s *spec.Spec) { s.Side(side).Account = "" }, want: steps.Note, cause: "no account id", evidence: string(id)},
				{name: "nobody", check: check, spec: nobody, want: steps.Unknown, cause: "Nobody was named", fix: "Name an identity under " + string(side), evidence: "STS GetCallerIdentity"},
				{
					name: "refused", check: check, between: says("sts.", "/", 403, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>`),
					want: steps.Unknown, cause: "AccessDenied", evidence: "STS GetCallerIdentity",
				},
				{
					name: "expired", check: check, between: says("sts.", "/", 403, `<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>`),
					want: steps.Unknown, cause: "is expired", fix: "Log in again",
				},
			})
		}
	}
	one := func(s *spec.Spec) { s.Target.Signer.Profile = "source" }
	w.run([]row{
		{name: "control only", check: "target-identity", spec: one, want: steps.Pass},
		{name: "signer only", check: "target-signer-identity", spec: one, want: steps.Block, cause: string(sandbox.SourceAccount)},
	})
}
