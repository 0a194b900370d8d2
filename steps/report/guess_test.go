package report

import (
	"testing"

	"snapferry/steps"
)

// TestTheGuessIsWhatWasApproved: a later start plans only what is left, and what came
// true is compared with what was guessed of all of it.
func TestTheGuessIsWhatWasApproved(t *testing.T) {
	left := plan()
	left.Estimate = steps.Estimate{Restore: 7}
	s := story(begun(), steps.RunStarted{RunID: "run-1"}, steps.PlanMade{Plan: left, Digest: left.Digest()})
	if got := New(s, Options{}).Guess.Plan; got.Snapshot != plan().Estimate.Snapshot || got.Restore != plan().Estimate.Restore {
		t.Errorf("guessed %+v", got)
	}
	unapproved := story(&steps.State{}, steps.RunStarted{RunID: "run-1"}, steps.PlanMade{Plan: left, Digest: left.Digest()})
	if got := New(unapproved, Options{}).Guess.Plan; got.Restore != 7 {
		t.Errorf("guessed %+v before approval", got)
	}
}
