package steps

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSpent: the night between two starts is no work, nor is the reading of a plan.
func TestSpent(t *testing.T) {
	worked := func(s *State, more ...any) *State { // three seconds of two steps
		return fold(s, append([]any{StepID("bucket"), StepStarted{}, Progress{}, StepDone{}, StepID("snapshot"), StepStarted{}}, more...)...)
	}
	night := func(s *State) *State {
		s.Apply(Record{Seq: s.Seq + 1, At: s.Updated.Add(2 * time.Hour), Event: RunStarted{RunID: "run-1"}})
		s.Apply(Record{Seq: s.Seq + 1, At: s.Updated.Add(time.Second), Step: "snapshot", Event: StepStarted{}})
		s.Apply(Record{Seq: s.Seq + 1, At: s.Updated.Add(4 * time.Second), Step: "snapshot", Event: StepDone{}})
		return s
	}
	for name, c := range map[string]struct {
		s    *State
		want Spent
		away bool
	}{
		"nothing":          {&State{}, Spent{}, false},
		"only planned":     {planned(), Spent{Over: 2}, false},
		"in one go":        {worked(planned(), StepDone{}), Spent{Worked: 3, Over: 7}, false},
		"at work":          {worked(planned(), Progress{}), Spent{Worked: 3, Over: 7}, false},
		"stopped, resumed": {night(worked(planned(), Paused{})), Spent{Worked: 7, Over: 7 + 7200 + 5}, true},
		"killed, resumed":  {night(worked(planned(), Progress{})), Spent{Worked: 7, Over: 7 + 7200 + 5}, true},
	} {
		got := c.s.Spent()
		if d := cmp.Diff(c.want, got); d != "" || got.Away() != c.away {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestLookingMakesItNoLonger: a plan that was turned down after the end is no part of it.
func TestLookingMakesItNoLonger(t *testing.T) {
	s := fold(planned(), StepID("bucket"), StepStarted{}, StepDone{}, RunDone{OK: true})
	before := s.Spent()
	if fold(s, RunStarted{Purpose: CleanUp}, PlanMade{Plan: Plan{Purpose: CleanUp}}); s.Spent() != before || before.Over == 0 {
		t.Errorf("%+v, was %+v", s.Spent(), before)
	}
}

// TestRunningOnceMoreMakesItNoLonger: a start that finds everything as it was proves it
// anew, and the run ended when it ended; one that changes something, or fails, or came
// after what was made was taken back, ends it anew.
func TestRunningOnceMoreMakesItNoLonger(t *testing.T) {
	made := func(c Change) []any { return []any{ChangeIntended{Change: c}, ChangeMade{ID: c.ID, Live: c.After}} }
	proof, end := Evidence{Summary: T("equal")}, []any{RunDone{OK: true}}
	road := func(existed bool, bucket ...any) []any {
		return slices.Concat([]any{StepID("bucket"), StepStarted{}}, bucket, []any{
			StepDone{Evidence: proof, Existed: existed}, StepID("snapshot"), StepStarted{}, Progress{}, StepDone{Evidence: proof},
		})
	}
	first := samplePlan().Steps[0].Changes[0]
	second := first
	second.ID = "another"
	start := []any{RunStarted{RunID: "run-1", Purpose: Migrate}}
	look := slices.Concat(start, road(true))
	undone := []any{RunStarted{Purpose: Undo}, UndoIntended{ID: first.ID}, ChangeUndone{ID: first.ID}, RunDone{OK: true}}
	for name, c := range map[string]struct {
		events []any
		same   bool
	}{
		"looked at":             {slices.Concat(look, end), true},
		"looked at twice":       {slices.Concat(look, end, look, end), true},
		"killed, looked at":     {slices.Concat(start, []any{StepID("snapshot"), StepStarted{}, Progress{}}, look, end), true},
		"paused, killed":        {slices.Concat(start, []any{StepID("snapshot"), StepStarted{}, Paused{}}, look, end), true},
		"changed":               {slices.Concat(start, road(false, made(second)...), end), false},
		"approved anew":         {slices.Concat(start, []any{Approved{}}, road(true), end), false},
		"the proof failed":      {slices.Concat(look, []any{StepID("snapshot"), StepStarted{}, StepFailed{}, RunDone{ExitCode: 1}}), false},
		"failed, tried again":   {slices.Concat(look, []any{StepID("snapshot"), StepStarted{}, Progress{}, StepFailed{}, StepStarted{}, StepDone{Evidence: proof}}, end), false},
		"failed, skipped":       {slices.Concat(look, []any{StepID("snapshot"), StepStarted{}, StepFailed{}, StepSkipped{}}, end), false},
		"stopped":               {slices.Concat(look, []any{Paused{}, RunDone{ExitCode: 130}}), false},
		"taken back":            {undone, false},
		"nothing to take back":  {[]any{RunStarted{Purpose: Undo}, Log{}, RunDone{OK: true}}, false},
		"taken back, looked at": {slices.Concat(undone, look, end), false},
	} {
		t.Run(name, func(t *testing.T) {
			s := fold(planned(), slices.Concat(road(false, made(first)...), end)...)
			before, at, steps := s.Spent(), s.DoneAt, s.Clone().Steps
			fold(s, c.events...)
			if s.Done == nil || (s.DoneAt == at) != c.same || c.same && s.DoneFor != Migrate {
				t.Errorf("done %v at %s for %q, was %s", s.Done, s.DoneAt, s.DoneFor, at)
			}
			if d := cmp.Diff(before, s.Spent()); (d == "") != c.same {
				t.Errorf("spent: %s", d)
			}
			if ended := s.Step("snapshot").Ended; ended.After(s.DoneAt) {
				t.Errorf("a step ended at %s, the run at %s", ended, s.DoneAt)
			}
			if s.Paused != nil && s.Done.OK {
				t.Error("it counts as paused")
			}
			if d := cmp.Diff(steps, s.Steps); c.same && d != "" {
				t.Errorf("steps: %s", d)
			}
		})
	}
}

// TestWorkedByNow: what runs counts on.
func TestWorkedByNow(t *testing.T) {
	s := fold(planned(), StepID("bucket"), StepStarted{}, Progress{}, StepDone{}, StepID("snapshot"), StepStarted{})
	if got := s.Worked(s.Updated.Add(time.Minute)); got != time.Minute+2*time.Second {
		t.Errorf("%s", got)
	}
}
