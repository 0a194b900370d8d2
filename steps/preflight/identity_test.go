package preflight_test

import (
	"context"
	"strings"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// absent is a role that nobody made.
func absent(side steps.Side) awsid.ARN {
	arn, _ := awsid.ParseARN("arn:aws:iam::" + string(answers().Side(side).Account) + ":role/absent")
	return arn
}

func TestIdentities(t *testing.T) {
	w := newWorld(t)
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		id := answers().Side(side).Account
		for _, check := range []steps.CheckID{"identity", "signer-identity"} {
			check = steps.CheckID(side) + "-" + check
			nobody := func(s *spec.Spec) {
				s.Side(side).Control.Base, s.Side(side).Signer.Base = "none", "none"
			}
			missing, gone := steps.Unknown, steps.Block // whoever is not named may be somebody else; nobody's calls are refused
			if strings.HasSuffix(string(check), "signer-identity") {
				missing = steps.Block
			}
			named := func(profile string) func(*spec.Spec) {
				return func(s *spec.Spec) {
					id := spec.Identity{Base: "profile", Profile: profile}
					s.Side(side).Control, s.Side(side).Signer = id, id
				}
			}
			lost := spec.Link{Role: absent(side)}
			strange := func(s *spec.Spec) {
				s.Side(side).Control.Profile, s.Side(side).Signer.Profile = "jump", "jump"
			}
			w.run([]row{
				{name: "right", check: check, want: steps.Pass, subject: "user/admin", evidence: "account " + string(id)},
				{name: "another account", check: check, spec: strange, want: steps.Block, subject: string(sandbox.JumpAccount), cause: "of account 333333333333", fix: "correct " + string(side) + ".account"},
				{name: "no account", check: check, spec: func(s *spec.Spec) { s.Side(side).Account = "" }, want: steps.Note, cause: "no account id", evidence: string(id)},
				{name: "nobody", check: check, spec: nobody, want: missing, cause: "Nobody was named", fix: "Name an identity under " + string(side), evidence: "STS GetCallerIdentity"},
				{
					name: "refused", check: check, between: says("sts.", "/", 403, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>`),
					want: steps.Unknown, cause: "AccessDenied", evidence: "STS GetCallerIdentity",
				},
				{
					name: "expired", check: check, between: says("sts.", "/", 403, `<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>`),
					want: steps.Unknown, cause: "is expired", fix: "Log in again",
				},
				{name: "no such profile", check: check, spec: named("nosuch"), want: gone, cause: "no profile nosuch", fix: "Use source"},
				{
					name: "named and expired", check: check, spec: named(string(side)), between: says("sts.", "/", 403, `<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>`),
					want: gone, cause: "is expired", fix: "Log in again",
				},
				{name: "named, and no line", check: check, spec: named(string(side)), between: breaks("sts.", context.DeadlineExceeded), want: steps.Unknown},
				{name: "a role not to be assumed", check: check, spec: func(s *spec.Spec) {
					s.Side(side).Control.Chain, s.Side(side).Signer.Chain = []spec.Link{lost}, []spec.Link{lost}
				}, want: gone, cause: "AssumeRole"},
			})
		}
	}
	one := func(s *spec.Spec) { s.Target.Signer.Profile = "source" }
	w.run([]row{
		{name: "control only", check: "target-identity", spec: one, want: steps.Pass},
		{name: "signer only", check: "target-signer-identity", spec: one, want: steps.Block, cause: string(sandbox.SourceAccount)},
	})
}
