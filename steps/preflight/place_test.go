package preflight_test

import (
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// TestCommandsActWhereTheIdentityDoes: the profile of a chain of roles is that of another
// account, so that nothing is printed with it; one without a chain stands in each.
func TestCommandsActWhereTheIdentityDoes(t *testing.T) {
	w := newWorld(t)
	a := w.account(steps.Source)
	w.bucket(steps.Source, "")
	w.must(a.PutPublicAccessBlock(w.ctx, bucketName, account.PublicAccessBlock{}))
	role := w.role(steps.Source, account.RoleSpec{Name: "adopted", Trust: policyOf(trusted("ec2.amazonaws.com", ""))})
	migrator := w.role(steps.Source, account.RoleSpec{
		Name: "migrator", Trust: policyOf(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:root"},"Action":"sts:AssumeRole"}`),
	}, may("Allow", `"*"`, `"*"`))
	jump := func(s *spec.Spec) {
		s.Source.Control = spec.Identity{Base: "profile", Profile: "jump", Chain: []spec.Link{{Role: migrator}}}
	}
	direct := func(s *spec.Spec) { s.Source.Control = spec.Identity{Base: "profile", Profile: "source"} }
	nowhere := func(s *spec.Spec) { s.Source.Domain = awsid.DomainName("nothing") }
	for _, tt := range []struct {
		check steps.CheckID
		spec  func(*spec.Spec)
	}{{"source-role-trusts-service", adopted(steps.Source, role)}, {"bucket-private", func(*spec.Spec) {}}, {"source-domain-found", nowhere}} {
		for name, identity := range map[string]func(*spec.Spec){"a chain": jump, "a profile": direct} {
			for _, f := range w.check(row{spec: both(identity, tt.spec)}, tt.check) {
				first, rest, _ := strings.Cut(f.Fix.Command, "\n")
				chained := strings.HasPrefix(first, "# Assume "+migrator.String()+" from the profile jump first") && strings.HasPrefix(rest, "aws --region ") && !strings.Contains(rest, "--profile")
				if name == "a chain" && !chained || name == "a profile" && !strings.HasPrefix(first, "aws --profile source --region eu-west-1 ") {
					t.Errorf("%s, %s: %s, %s\n%s", tt.check, name, f.Outcome, f.Cause, f.Fix.Command)
				}
			}
		}
	}
}
