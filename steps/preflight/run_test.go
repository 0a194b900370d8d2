package preflight_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
)

// act is a check of the test's own.
type act struct {
	id steps.CheckID
	do func() []steps.Finding
}

func (a act) Info() preflight.CheckInfo {
	return preflight.CheckInfo{ID: a.id, Family: steps.FamilyFit, Severity: steps.Block, Statement: steps.T("it is so")}
}

func (a act) Run(context.Context, *preflight.View) []steps.Finding { return a.do() }

func ids(found []steps.Finding) []steps.CheckID {
	var list []steps.CheckID
	for _, f := range found {
		list = append(list, f.ID)
	}
	return slices.Compact(list)
}

// TestRunsAtOnceAndInOrder: every check waits for all others to have begun, and
// the first is the last to end.
func TestRunsAtOnceAndInOrder(t *testing.T) {
	var begun, later sync.WaitGroup
	begun.Add(3)
	later.Add(2)
	says := func(id steps.CheckID, n int) act {
		return act{id, func() []steps.Finding {
			begun.Done()
			begun.Wait()
			if id == "a" {
				later.Wait()
			} else {
				defer later.Done()
			}
			return slices.Repeat([]steps.Finding{{ID: id, Outcome: steps.Pass}}, n)
		}}
	}
	found := preflight.Run(t.Context(), nil, []preflight.Check{says("a", 2), says("b", 1), says("c", 3)})
	if len(found) != 6 || !slices.Equal(ids(found), []steps.CheckID{"a", "b", "c"}) {
		t.Errorf("%d findings of %v", len(found), ids(found))
	}
}

func TestBrokenChecksAreUnknown(t *testing.T) {
	fine := act{"fine", func() []steps.Finding { return []steps.Finding{{ID: "fine", Outcome: steps.Pass}} }}
	panics := act{"panics", func() []steps.Finding { panic("100% wrong") }}
	mute := act{"mute", func() []steps.Finding { return nil }}
	found := preflight.Run(t.Context(), nil, []preflight.Check{panics, mute, fine})
	if !slices.Equal(ids(found), []steps.CheckID{"panics", "mute", "fine"}) {
		t.Fatalf("findings of %v", ids(found))
	}
	for i, cause := range []string{"100% wrong", "said nothing"} {
		f := found[i]
		if f.Outcome != steps.Unknown || !strings.Contains(f.Cause.String(), cause) || f.Fix.Text.IsZero() || f.Summary.String() != "it is so" || f.Family != steps.FamilyFit {
			t.Errorf("%+v", f)
		}
	}
	if found[2].Outcome != steps.Pass {
		t.Errorf("one that broke took another along: %+v", found[2])
	}
}

func TestCatalogue(t *testing.T) {
	seen := map[steps.CheckID]bool{}
	for _, c := range preflight.All() {
		i := c.Info()
		for _, said := range []steps.Text{i.Statement, i.Why} {
			if said.IsZero() || strings.Contains(said.String(), "%!") || strings.Contains(said.String(), "%%") {
				t.Errorf("%s says %q", i.ID, said)
			}
		}
		if seen[i.ID] || i.Family == "" || !slices.Contains([]steps.Outcome{steps.Block, steps.Warn, steps.Note}, i.Severity) {
			t.Errorf("%+v", i)
		}
		seen[i.ID] = true
	}
	for _, c := range preflight.Catalogue(&spec.Spec{Shape: spec.ShapeSameDomain}) {
		if id := c.Info().ID; strings.HasPrefix(string(id), "target-") || !seen[id] {
			t.Errorf("beside its original a move is checked for %s", id)
		}
	}
	// Inside an account there is one snapshot role, the source's.
	for _, c := range preflight.Catalogue(&spec.Spec{Shape: spec.ShapeSameAccount}) {
		if id := c.Info().ID; strings.HasPrefix(string(id), "target-role-") || !seen[id] {
			t.Errorf("inside an account a move is checked for %s", id)
		}
		delete(seen, c.Info().ID)
	}
	for id := range seen {
		if !strings.HasPrefix(string(id), "target-") {
			t.Errorf("inside an account a move is not checked for %s", id)
		}
	}
}

// TestWholeRuns goes over all checks at once, in worlds that are well, refuse
// everything, and are only half answered.
func TestWholeRuns(t *testing.T) {
	open, guarded := newWorld(t), openWorld(t, kinds(sandbox.AccessIAMMaster, sandbox.AccessInternalMaster))
	told := []steps.Outcome{steps.Pass, steps.Note}
	for name, r := range map[string]row{
		"guarded":       {spec: usual},
		"into a bucket": {spec: both(usual, ownedBy(steps.Target))},
	} {
		guarded.whole(name, r, told)
	}
	openWorld(t, kinds(sandbox.AccessOpen, sandbox.AccessOpen)).whole("everybody let in", row{}, []steps.Outcome{steps.Pass})
	worlds := map[string]struct {
		row
		// may are the outcomes there may be.
		may []steps.Outcome
	}{
		"well": {row{}, []steps.Outcome{steps.Pass}},
		"beside": {row{spec: func(s *spec.Spec) {
			s.Shape, s.Move.RenamePattern, s.Move.RenameReplacement = spec.ShapeSameDomain, "^(.+)$", "old-$1"
		}}, []steps.Outcome{steps.Pass}},
		"in one": {row{spec: func(s *spec.Spec) {
			s.Shape, s.Target = spec.ShapeSameAccount, s.Source
			s.Target.Domain = "logs-next"
			s.Target.Control.Profile, s.Target.Signer.Profile = "source", "source"
		}}, []steps.Outcome{steps.Pass}},
		"refused":     {row{between: says("", "/", 403, denied)}, []steps.Outcome{steps.Unknown, steps.Block, steps.Skipped}},
		"garbage":     {row{between: says("", "/", 200, "<html>")}, []steps.Outcome{steps.Unknown, steps.Pass, steps.Block, steps.Skipped, steps.Note}},
		"failing":     {row{between: says("search-", "/", 400, `{"error":{"type":"x","reason":"100% broken"},"status":400}`)}, []steps.Outcome{steps.Unknown, steps.Pass, steps.Skipped}},
		"no answers":  {row{spec: func(s *spec.Spec) { *s = spec.Spec{Shape: spec.ShapeTwoAccounts} }}, []steps.Outcome{steps.Unknown, steps.Skipped}},
		"no domains":  {row{spec: func(s *spec.Spec) { s.Source.Domain, s.Target.Domain = "nope", "nope" }}, []steps.Outcome{steps.Pass, steps.Skipped, steps.Block}},
		"wrong sides": {row{spec: func(s *spec.Spec) { s.Source.Control.Profile, s.Source.Signer.Profile = "target", "target" }}, []steps.Outcome{steps.Pass, steps.Warn, steps.Block, steps.Unknown, steps.Skipped}},
	}
	for name, x := range worlds {
		open.whole(name, x.row, x.may)
	}
}

// whole runs all checks, of which every one has to say something sound.
func (w *world) whole(name string, r row, may []steps.Outcome) {
	w.Helper()
	f := w.facts(r)
	list := preflight.Catalogue(f.Spec())
	found := preflight.Run(w.ctx, f, list)
	of := map[steps.CheckID][]steps.Finding{}
	for _, one := range found {
		of[one.ID] = append(of[one.ID], one)
		if !slices.Contains(may, one.Outcome) {
			w.Errorf("%s: %s is %s: %s", name, one.ID, one.Outcome, one.Cause)
		}
	}
	var order []steps.CheckID
	for _, c := range list {
		order = append(order, c.Info().ID)
		sound(w.T, name, c.Info(), of[c.Info().ID])
	}
	if !slices.Equal(ids(found), order) {
		w.Errorf("%s: findings of %v", name, ids(found))
	}
}
