package cli

import (
	"testing"
	"time"

	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/term"
)

// TestEnterLeadsThroughEveryShape: whatever was chosen before, no question of a shape of
// the sandbox wants more than enter, and what comes of it is a migration of that shape.
func TestEnterLeadsThroughEveryShape(t *testing.T) {
	p := &place{app: &app{Process: Process{Now: time.Now}, globals: globals{dir: t.TempDir()}}, practised: true}
	a, today := p.beginning(p.practice()), p.began()
	choose := func(key ask.Key, value string) {
		t.Helper()
		q, _, _ := a.Find(key)
		if e := a.Set(q, value); e != nil {
			t.Fatal(e)
		}
	}
	choose(ask.Goal, ask.GoalMigrate)
	for _, shape := range []spec.Shape{spec.ShapeSameAccount, spec.ShapeSameDomain, spec.ShapeTwoAccounts, spec.ShapeSameDomain, spec.ShapeSameAccount} {
		choose("shape", string(shape))
		for _, page := range a.Pages() {
			for _, q := range page.Questions {
				if q.Kind == ask.Secret {
					continue // the sandbox's own, which it offers
				}
				answer := a.Get(q.Key)
				if answer == "" {
					answer = q.Default
				}
				if e := a.Check(q, answer); e != nil {
					t.Errorf("%s: enter at %s is refused: %v", shape, q.Key, e)
				}
			}
		}
		s, errs := a.Draft().Build(today)
		if len(errs) > 0 || s.Shape != shape {
			t.Errorf("%s: %v", shape, errs)
		}
		if shape != spec.ShapeTwoAccounts && a.Get("target.control.profile")+a.Get("target.account") != "" {
			t.Errorf("%s is asked for another account", shape)
		}
	}
}

// TestBesideTheOriginalsByEnter: the whole way of the shape that renames, by enter and the
// account id alone.
func TestBesideTheOriginalsByEnter(t *testing.T) {
	s := atTerminal(t, t.TempDir(), []reply{{"Where do the indices go", "3"}, {"to approve", "111111111111"}}, "--plain", "--sandbox-pace", "instant").wants(t, term.ExitDone)
	says(t, s.out, "restored-", "46 indices equal: ")
}
