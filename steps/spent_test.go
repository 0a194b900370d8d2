package steps

import (
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

// TestWorkedByNow: what runs counts on.
func TestWorkedByNow(t *testing.T) {
	s := fold(planned(), StepID("bucket"), StepStarted{}, Progress{}, StepDone{}, StepID("snapshot"), StepStarted{})
	if got := s.Worked(s.Updated.Add(time.Minute)); got != time.Minute+2*time.Second {
		t.Errorf("%s", got)
	}
}
