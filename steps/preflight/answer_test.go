package preflight_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
)

// found are the findings of one check.
func (w *world) found(r row) []steps.Finding {
	w.Helper()
	f := w.facts(r)
	checks := slices.DeleteFunc(preflight.Catalogue(f.Spec()), func(c preflight.Check) bool { return c.Info().ID != r.check })
	return preflight.Run(w.ctx, f, checks)
}

// answersOf are those of the findings with an outcome.
func answersOf(found []steps.Finding, o steps.Outcome) (list []steps.Answer) {
	for _, f := range found {
		if f.Outcome == o {
			list = append(list, f.Fix.Answers...)
		}
	}
	return list
}

const masterAsked = "MASTER-ROLE-ARN"

// TestCardsAndTheirAnswers: a card that stops a run says which answers have the plan
// put it right; one that the plan puts right by itself, or that is in nobody's way,
// says none.
func TestCardsAndTheirAnswers(t *testing.T) {
	want := map[string][]steps.Answer{
		"unmapped-signer": {{Key: "source.mapper"}, {Key: "source.mapper.base", Value: "profile"}, {Key: "source.mapper.profile", Value: "source"}, {Key: "source.mapper.chain.1.role", Value: masterAsked}},
		"role-name-case":  {{Key: "source.role.name", Value: "Snapferry-Logs-Prod-Snapshot"}},
	}
	for _, r := range cards {
		r.spec = func(s *spec.Spec) {
			usual(s)
			s.Source.Control = spec.Identity{Base: "profile", Profile: "source"}
		}
		w := openWorld(t, sandbox.Options{Faults: []string{r.name}})
		got := answersOf(w.found(r), r.want)
		if d := cmp.Diff(want[r.name], got, cmpopts.IgnoreFields(steps.Answer{}, "Ask")); d != "" {
			t.Errorf("%s: %s", r.name, d)
		}
		for _, a := range got {
			if (a.Value == masterAsked) == a.Ask.IsZero() {
				t.Errorf("%s: %+v", r.name, a)
			}
		}
	}
}

// TestAdoptedRolesAndTheirAnswers: a role that is taken as it is may be handed to
// the plan, which merges what it lacks; a denial no merge lifts.
func TestAdoptedRolesAndTheirAnswers(t *testing.T) {
	w := newWorld(t)
	trusted := func(condition string) account.RoleSpec {
		return account.RoleSpec{Name: "Own", Path: "/service/", Trust: policyOf(trusted("es.amazonaws.com", condition))}
	}
	own := w.role(steps.Source, trusted(sourceIs(steps.Target)), may("Allow", `"s3:ListBucket"`, `"*"`))
	denied := w.role(steps.Source, account.RoleSpec{Name: "denied"}, may("Allow", `"s3:*"`, `"*"`), may("Deny", `"s3:PutObject"`, `"*"`))
	other, err := awsid.ParseARN("arn:aws:iam::111111111111:role/service/own")
	w.must(err)
	none, err := awsid.ParseARN("arn:aws:iam::111111111111:role/nobody")
	w.must(err)
	byName := []steps.Answer{{Key: "source.role.arn"}, {Key: "source.role.name", Value: "Own"}, {Key: "source.role.path", Value: "/service/"}}
	for _, c := range []struct {
		name string
		row
		want []steps.Answer
	}{
		{"trust of another account", row{check: "source-role-trusts-service", spec: adopted(steps.Source, own)}, byName},
		{"too few rights", row{check: "source-role-may-use-bucket", spec: adopted(steps.Source, own)}, byName},
		{"denied", row{check: "source-role-may-use-bucket", spec: adopted(steps.Source, denied)}, nil},
		{"another spelling", row{check: "role-exact-spelling", spec: adopted(steps.Source, other)}, []steps.Answer{{Key: "source.role.arn", Value: own.String()}}},
		{"none there", row{check: "role-exact-spelling", spec: adopted(steps.Source, none)}, []steps.Answer{{Key: "source.role.arn"}, {Key: "source.role.name", Value: "nobody"}}},
		{"a pattern too many", row{check: "patterns-hit", spec: patterns("metrics-*", "nope-*")}, nil},
	} {
		if d := cmp.Diff(c.want, answersOf(w.found(c.row), steps.Block)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// TestPatternsAndTheirAnswers: a pattern that asks for what stays, or for nothing, is
// taken out, unless nothing but everything would be left.
func TestPatternsAndTheirAnswers(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		check steps.CheckID
		spec  func(*spec.Spec)
		want  []steps.Answer
	}{
		{"patterns-hit", patterns("metrics-*", "nope-*"), []steps.Answer{{Key: "move.indices", Value: "metrics-*"}}},
		{"patterns-hit", patterns("nope-*", "-metrics-*"), nil},
		{"protected-content-not-asked-for", patterns("metrics-*", ".kibana*", "-x-*"), []steps.Answer{{Key: "move.indices", Value: "metrics-*, -x-*"}}},
	} {
		if d := cmp.Diff(c.want, answersOf(w.found(row{check: c.check, spec: c.spec}), steps.Warn)); d != "" {
			t.Errorf("%s: %s", c.check, d)
		}
	}
}
