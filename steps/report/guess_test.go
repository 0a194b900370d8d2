package report

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

// TestTheGuessIsOfAllOfIt: a later start plans only what is left, and what came true is
// compared with what was guessed of all of it, also where the later plan was approved.
func TestTheGuessIsOfAllOfIt(t *testing.T) {
	first := plan().Estimate
	left := plan()
	left.Estimate = steps.Estimate{Restore: 7 * time.Minute, Basis: []steps.Text{steps.T("snapshot: %s is there already", "s-1")}}
	more := plan()
	more.Estimate = steps.Estimate{Bytes: 9 << 30, Snapshot: 4 * time.Minute, Restore: 3 * time.Minute}
	shown := func(p steps.Plan) []any {
		return []any{steps.RunStarted{RunID: "run-1"}, steps.PlanMade{Plan: p, Digest: p.Digest()}}
	}
	approved := func(p steps.Plan) []any { return append(shown(p), steps.Approved{Digest: p.Digest()}) }
	takenBack := func(s *steps.State, ids ...steps.StepID) *steps.State {
		for _, id := range ids {
			s = story(s, steps.ChangeUndone{ID: s.Plan.Steps[map[steps.StepID]int{"share-bucket": 1, "snapshot": 2, "restore": 3}[id]].Changes[0].ID})
		}
		return s
	}
	unguessed := plan()
	unguessed.Estimate = steps.Estimate{Bytes: 5 << 30, Snapshot: time.Minute, Basis: []steps.Text{steps.T("restore: no guess")}}
	filled := steps.Estimate{
		Bytes: 5 << 30, Snapshot: time.Minute, Restore: 7 * time.Minute,
		Basis: []steps.Text{unguessed.Estimate.Basis[0], left.Estimate.Basis[0]},
	}
	moved := func() *steps.State { return done(done(done(begun(), "share-bucket"), "snapshot"), "restore") }
	for name, c := range map[string]struct {
		s      *steps.State
		events []any
		want   steps.Estimate
	}{
		"nothing approved":                {&steps.State{}, shown(left), left.Estimate},
		"only looked at later":            {begun(), shown(left), first},
		"approved anew, nothing moved":    {done(begun(), "bucket"), approved(more), more.Estimate},
		"approved anew, half of it there": {done(begun(), "snapshot"), approved(left), first},
		"approved anew while it failed":   {story(begun(), steps.StepID("snapshot"), steps.StepStarted{}, steps.StepFailed{}), approved(more), first},
		"approved three times":            {story(done(begun(), "snapshot"), approved(left)...), approved(more), first},
		"helpers taken back":              {takenBack(moved(), "share-bucket"), approved(left), first},
		"a part taken back":               {takenBack(moved(), "restore"), approved(left), first},
		"all taken back":                  {takenBack(moved(), "restore", "snapshot"), approved(more), more.Estimate},
		"a leg nobody guessed":            {done(story(&steps.State{}, approved(unguessed)...), "snapshot"), approved(left), filled},
	} {
		if d := cmp.Diff(c.want, New(story(c.s, c.events...), Options{}).Guess.Plan); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
