package migrate

import (
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// TestLinesNameWhatMoves: the role that somebody else is to make covers what moves
// and nothing else where that can be seen, and says so where it cannot.
func TestLinesNameWhatMoves(t *testing.T) {
	for side, c := range map[steps.Side]struct{ has, not []string }{
		steps.Target: {[]string{`"metrics-2026.02"`}, []string{`"metrics-*"`, `"metrics-2026.01"`, "cannot be seen by name"}},
		steps.Source: {[]string{`"metrics-*"`, "cannot be seen by name yet", "covers all that matches metrics-*, .ds-metrics-*-*, whatever is excluded"}, nil},
	} {
		r := newRoad(t, options{
			spec: func(s *spec.Spec) {
				twoAccounts(s)
				s.Move.Patterns = []string{"metrics-*", "-metrics-2026.01"}
			},
			access: map[string]sandbox.AccessKind{string(side): sandbox.AccessIAMMaster, string(across(side)): sandbox.AccessPolicy},
		})
		stranger(r)
		r.spec.Side(side).Mapper, r.dir = spec.Identity{Base: "none"}, t.TempDir()
		r.spec.Side(across(side)).Signer, r.spec.Side(across(side)).Mapper = r.spec.Side(across(side)).Control, spec.Identity{}
		r.start()
		_, err := r.runner.Plan(r.ctx)
		r.says(err, string(side)+".mapper", "see nothing")
		if own(err) == nil {
			t.Fatal(err)
		}
		lines := own(err).Fix.String()
		for _, part := range c.has {
			if !strings.Contains(lines, part) {
				t.Errorf("%s: without %s:\n%s", side, part, lines)
			}
		}
		for _, part := range c.not {
			if strings.Contains(lines, part) {
				t.Errorf("%s: with %s:\n%s", side, part, lines)
			}
		}
	}
}
