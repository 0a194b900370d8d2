package board

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

// TestKeysOfACurlAreToldOnce: its keys are not where it looks for them, where they are
// a profile's.
func TestKeysOfACurlAreToldOnce(t *testing.T) {
	curl := steps.Finding{ID: "a", Outcome: steps.Block, Fix: steps.Fix{Command: `curl --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" x`}}
	other := steps.Finding{ID: "b", Outcome: steps.Block, Fix: steps.Fix{Command: "aws iam x"}}
	for want, found := range map[int][]steps.Finding{0: {other}, 1: {curl, other, curl}} {
		all := strings.Join(Strings(english.FindingsLines(found, true)), "\n")
		if got := strings.Count(all, `eval "$(aws configure export-credentials --profile PROFILE --format env)"`); got != want {
			t.Errorf("told %d times, wants %d:\n%s", got, want, all)
		}
	}
}

// TestAnswersThatFix: a finding shows what the answers have to say, to be copied.
func TestAnswersThatFix(t *testing.T) {
	for name, c := range map[string]struct {
		list []steps.Answer
		want string
	}{
		"none":     {nil, ""},
		"one said": {[]steps.Answer{{Key: "source.role.name", Value: "Snap"}}, "plan      or let the plan do it: have the answers say\n  source:\n    role:\n      name: Snap"},
		"one left": {[]steps.Answer{{Key: "source.role.path"}}, "plan      or let the plan do it: leave source.role.path out of the answers"},
		"both": {
			[]steps.Answer{{Key: "source.role.arn"}, {Key: "source.role.name", Value: "Snap"}},
			"plan      or let the plan do it: leave source.role.arn out of the answers, and have them say\n  source:\n    role:\n      name: Snap",
		},
		"in the place of others": {
			[]steps.Answer{{Key: "source.mapper"}, {Key: "source.mapper.base", Value: "instance"}},
			"plan      or let the plan do it: have the answers say\n  source:\n    mapper:\n      base: instance",
		},
	} {
		var got []string
		for _, l := range Strings(english.FindingLines(steps.Finding{ID: "a", Outcome: steps.Block, Fix: steps.Fix{Answers: c.list}}))[1:] {
			got = append(got, strings.TrimPrefix(strings.TrimPrefix(l, "        "), "        "))
		}
		if d := cmp.Diff(c.want, strings.Join(got, "\n")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
