package migrate

import (
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
)

// TestMapped: a password is asked for where somebody has to be mapped, and nowhere else.
func TestMapped(t *testing.T) {
	r := newRoad(t, options{spec: twoAccounts, access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster}})
	is := func(when string, source, target bool) {
		t.Helper()
		r.facts.DropAll()
		for side, want := range map[steps.Side]bool{steps.Source: source, steps.Target: target} {
			if got := Mapped(r.ctx, r.facts, side); got != want {
				t.Errorf("%s: the %s is mapped: %t", when, side, got)
			}
		}
	}
	is("the master of the source signs", true, false)
	stranger(r)
	is("nobody is let in", false, false)
	r.upTo(StepSourceMapping)
	is("mapped on the source", true, false)
	r.must(r.run())
	is("done", true, true)
	r.cleanUp()
	is("cleaned up", false, false)

	open := newRoad(t, options{})
	if !Mapped(open.ctx, open.facts, steps.Source) {
		t.Error("there is something to map where there are no mappings")
	}
}
