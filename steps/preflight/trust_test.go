package preflight_test

import (
	"strings"
	"testing"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func other(side steps.Side) steps.Side {
	if side == steps.Source {
		return steps.Target
	}
	return steps.Source
}

func TestRoleTrustsService(t *testing.T) {
	w := newWorld(t)
	bothSides(func(side steps.Side) {
		check, step := steps.CheckID(side)+"-role-trusts-service", steps.StepID(side)+"-role"
		make := func(name awsid.RoleName, trust ...string) awsid.ARN {
			return w.role(side, account.RoleSpec{Name: name, Trust: policyOf(trust...)})
		}
		right := make("right", trusted("es.amazonaws.com", sourceIs(side)))
		loose := make("loose", trusted("es.amazonaws.com", ""))
		copied := make("copied", trusted("es.amazonaws.com", sourceIs(other(side))))
		reported := make("reported", trusted("opensearchservice.amazonaws.com", ""))
		wrong := make("wrong", trusted("opensearch.amazonaws.com", ""))
		denies := make("denies", trusted("es.amazonaws.com", ""), strings.NewReplacer("Allow", "Deny", `"Sid":"Trust",`, "").Replace(trusted("es.amazonaws.com", "")))
		_ = make("Spelt", trusted("es.amazonaws.com", ""))
		nameless := func(do func(*spec.Spec)) func(*spec.Spec) {
			return func(s *spec.Spec) {
				do(s)
				s.Side(side).Endpoint, s.Side(side).Domain = w.endpoint(string(side)), ""
			}
		}
		w.run([]row{
			{name: "none yet", check: check, want: steps.Pass, subject: ":role/snap for arn:aws:es", evidence: "the plan makes it so", step: step},
			{name: "with conditions", check: check, spec: adopted(side, right), want: steps.Pass, evidence: "IAM GetRole"},
			{name: "without", check: check, spec: adopted(side, loose), want: steps.Pass},
			{name: "of a domain without a name, none yet", check: check, spec: nameless(named(side, "snap")), want: steps.Pass, subject: "domain/*", evidence: "the plan makes it so"},
			{name: "of a domain without a name, for another or it", check: check, spec: nameless(adopted(side, right)), want: steps.Unknown},
			{name: "of a domain without a name, for all", check: check, spec: nameless(adopted(side, loose)), want: steps.Pass},
			{
				name: "copied and adopted", check: check, spec: adopted(side, copied), want: steps.Block, subject: copied.String(), cause: `"Trust"`,
				fix: "Let es.amazonaws.com assume it for account " + string(answers().Side(side).Account), cmd: "iam update-assume-role-policy", evidence: "tried sts:AssumeRole",
			},
			{name: "copied, to be mended", check: check, spec: named(side, "copied"), want: steps.Note, cause: "aws:SourceA", fix: "The plan does it", step: step, diff: "SnapferryTrust"},
			{name: "copied, and nobody knows what the plan does", check: check, spec: named(side, "copied"), between: says(bucketName+".s3", "/", 501, ""), want: steps.Unknown, cause: "Whether the plan puts it right is not known: S3 HeadBucket", evidence: "tried sts:AssumeRole"},
			{name: "copied and adopted, whatever the plan does", check: check, spec: adopted(side, copied), between: says(bucketName+".s3", "/", 501, ""), want: steps.Block},
			{name: "seen to work", check: check, spec: adopted(side, reported), want: steps.Warn, cause: "opensearchservice.amazonaws.com, which was seen to work", cmd: "update-assume-role-policy"},
			{name: "another service", check: check, spec: adopted(side, wrong), want: steps.Block, cause: "opensearch.amazonaws.com"},
			{name: "denied", check: check, spec: adopted(side, denies), want: steps.Block, cause: "denies it", fix: "Take the service out of that denial"},
			{name: "denied, by name", check: check, spec: named(side, "denies"), want: steps.Block, cause: "denies it"},
			{name: "another spelling", check: check, spec: named(side, "spelt"), want: steps.Skipped, because: "role-exact-spelling"},
			{name: "no rights", check: check, between: says("iam.", "/", 403, deniedIAM), want: steps.Unknown, fix: "iam:GetRole", evidence: "IAM GetRole"},
			{name: "no domain", check: check, spec: func(s *spec.Spec) { s.Side(side).Domain = "nothing" }, want: steps.Skipped, because: string(side) + "-domain-found"},
		})
	})
}

// deniedIAM is how IAM refuses.
const deniedIAM = `<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized to perform: iam:GetRole</Message></Error></ErrorResponse>`

// TestOldSoftware: what an old domain does not say no condition can ask for.
func TestOldSoftware(t *testing.T) {
	w := newWorld(t)
	bothSides(func(side steps.Side) {
		check, step := steps.CheckID(side)+"-software-sends-source", steps.StepID(side)+"-role"
		asks := w.role(side, account.RoleSpec{Name: "asks", Trust: policyOf(trusted("es.amazonaws.com", sourceIs(side)))})
		loose := w.role(side, account.RoleSpec{Name: "loose"})
		old := edits("es.", "/2021-01-01/opensearch/domain/", "_R20260915", "_R20210913")
		typed := func(s *spec.Spec) { s.Side(side).Endpoint = w.endpoint(string(side)) }
		w.run([]row{
			{name: "new", check: check, spec: adopted(side, asks), want: steps.Pass, evidence: "service software"},
			{name: "old, nothing asked", check: check, spec: adopted(side, loose), between: old, want: steps.Pass, evidence: "R20210913"},
			{name: "old, asked", check: check, spec: adopted(side, asks), between: old, want: steps.Block, cause: "aws:SourceA", fix: "Update the domain's service software", cmd: "update-assume-role-policy", evidence: "R20210913"},
			{name: "old, to be mended", check: check, spec: named(side, "asks"), between: old, want: steps.Note, step: step, diff: "SnapferryTrust"},
			{name: "old, to be made", check: check, between: old, want: steps.Pass, evidence: "the plan makes it so", step: step},
			{name: "not told", check: check, spec: typed, between: says("es.", "/", 403, denied), want: steps.Skipped, because: string(side) + "-domain-found"},
			{name: "no domain", check: check, spec: func(s *spec.Spec) { s.Side(side).Domain = "nothing" }, want: steps.Skipped, because: string(side) + "-domain-found"},
		})
	})
}
