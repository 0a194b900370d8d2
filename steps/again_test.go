package steps

import "testing"

// TestDoneOnceMore: a step that was taken back is open again once the plan is approved
// anew, long before it is its turn. To look at the plan opens nothing, and what still
// stands goes on being done.
func TestDoneOnceMore(t *testing.T) {
	made := func(step StepID, c Change) []any {
		return []any{step, StepStarted{}, ChangeIntended{Change: c}, ChangeMade{ID: c.ID, Live: c.After}, StepDone{Evidence: Evidence{Summary: T("is so")}}}
	}
	p := samplePlan()
	bucket, snapshot := p.Steps[0].Changes[0], p.Steps[1].Changes[0]
	s := fold(fold(planned(), made("bucket", bucket)...), append(made("snapshot", snapshot), RunDone{OK: true})...)
	back := Plan{Purpose: Undo}
	fold(s, RunStarted{Purpose: Undo}, PlanMade{Plan: back, Digest: "back"}, Approved{Digest: "back"}, UndoIntended{ID: snapshot.ID}, ChangeUndone{ID: snapshot.ID}, RunDone{OK: true})

	fold(s, RunStarted{}, PlanMade{Plan: p, Digest: p.Digest()})
	if st := s.Step("snapshot"); st.Status != StatusDone || !st.TakenBack {
		t.Errorf("a look opened it: %+v", st)
	}
	fold(s, Approved{Digest: p.Digest()})
	if st := s.Step("snapshot"); st.Status != StatusWaiting || st.TakenBack || !st.Evidence.Summary.IsZero() || !st.Started.IsZero() || st.Title.IsZero() {
		t.Errorf("what is gone is told as done: %+v", st)
	}
	if st := s.Step("bucket"); st.Status != StatusDone || st.Evidence.Summary.IsZero() {
		t.Errorf("what stands is told as open: %+v", st)
	}
}
