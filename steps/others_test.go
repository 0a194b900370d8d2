package steps

import (
	"strings"
	"testing"
)

// TestWhatOthersMade: what was planned, came true and was never intended here is somebody
// else's; what was there before, what nobody came to, and what this run made are not.
func TestWhatOthersMade(t *testing.T) {
	role := func(name, before string) Change {
		return NewChange("source-role", Ref{Kind: KindRole, Side: Source, Name: name}, Doc(before), `{"a":1}`, T("role %s", name))
	}
	handed, ours, there, helper := role("handed", ""), role("ours", ""), role("there", `{"a":1}`), role("helper", "")
	helper.Helper = true
	unread := role("unread", "")
	unread.Unread = true
	p := Plan{RunID: "run-1", Steps: []StepPlan{
		{ID: "source-role", Changes: []Change{handed, ours, there, helper, unread}},
		{ID: "snapshot", Changes: []Change{NewAct("snapshot", Ref{Kind: KindSnapshot, Name: "s"}, `{}`, T("act"))}},
	}}
	s := fold(&State{}, RunStarted{RunID: "run-1"}, PlanMade{Plan: p, Digest: p.Digest()}, Approved{Digest: p.Digest()})
	names := func(purpose Purpose) string {
		var list []string
		for _, c := range s.ByOthers(purpose) {
			list = append(list, c.Ref.Name)
		}
		return strings.Join(list, " ")
	}
	fold(s, StepID("source-role"), StepStarted{}, ChangeIntended{Change: ours}, ChangeMade{ID: ours.ID})
	if got := names(Undo); got != "" {
		t.Errorf("before the step is done: %s", got)
	}
	fold(s, StepID("source-role"), StepSkipped{Why: T("handed over")})
	if got := names(Undo); got != "unread" {
		t.Errorf("a step that is skipped: %s", got)
	}
	fold(s, StepID("source-role"), StepStarted{}, StepDone{}, StepID("snapshot"), StepStarted{}, StepDone{})
	if u, c := names(Undo), names(CleanUp); u != "unread helper handed" || c != "helper" {
		t.Errorf("undo %q, clean-up %q", u, c)
	}
	fold(s, StepID("source-role"), ChangeUndone{ID: ours.ID})
	if got := names(Undo); got != "unread helper handed" {
		t.Errorf("after the undo: %s", got)
	}
	if st := handed.Stay(); st.What != "role" || st.Name != "handed" || st.Why.IsZero() || !strings.Contains(st.How.String(), "deletes the role handed") {
		t.Errorf("%+v", st)
	}
}
