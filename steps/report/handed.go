package report

import (
	"slices"

	"snapferry/steps"
)

// Handed is what somebody else was asked to do and nobody here can read: it is
// neither proven by reading back nor ours to take back.
type Handed struct {
	Side    steps.Side   `json:"side"`
	Account string       `json:"account,omitempty"`
	Step    steps.StepID `json:"step"`
	Ref     steps.Ref    `json:"ref"`
	Summary steps.Text   `json:"summary"`
	// Known is what can be said of it from here, Undo who takes it back how.
	Known steps.Text `json:"known"`
	Undo  steps.Text `json:"undo"`
}

// handed takes in what a step handed over, once it has come to that step, and
// gives its evidence without what is said of that: it proves nothing.
func (r *Report) handed(s *steps.State, st steps.StepState) steps.Evidence {
	evidence := st.Evidence
	i := slices.IndexFunc(s.Plan.Steps, func(sp steps.StepPlan) bool { return sp.ID == st.ID })
	if i < 0 || st.Status == steps.StatusWaiting {
		return evidence
	}
	changes, before := s.Plan.Steps[i].Changes, len(r.Handed)
	evidence.Lines = nil
	for i, c := range changes {
		if c.Unread {
			r.Handed = append(r.Handed, Handed{
				Side: c.Ref.Side, Account: r.o.Accounts[c.Ref.Side], Step: st.ID, Ref: c.Ref, Summary: c.Summary,
				Known: known(st, i), Undo: steps.OthersUndo(c.Ref),
			})
		}
	}
	for i, l := range st.Evidence.Lines {
		if i >= len(changes) || !changes[i].Unread {
			evidence.Lines = append(evidence.Lines, l)
		}
	}
	if st.Status == steps.StatusSkipped && len(changes) > 0 && len(r.Handed) == before {
		r.omitted++
	}
	return evidence
}

// known is what a step says of its change number i: the engine's evidence begins
// with one line for each, in the order of the plan.
func known(st steps.StepState, i int) steps.Text {
	switch {
	case (st.Status == steps.StatusDone || st.Status == steps.StatusExisted) && i < len(st.Evidence.Lines):
		return st.Evidence.Lines[i]
	case st.Status == steps.StatusSkipped:
		return st.Why
	}
	return steps.T("Whether it was done is not known.")
}

// ended is the lead of a run that is done: it says "every step" only where every
// one was read back.
func (r Report) ended() steps.Text {
	switch {
	case len(r.Handed) > 0 && r.omitted > 0:
		return steps.T("The run is done. Handed over and not read back here: %d. Skipped, as was chosen: %d. The others were verified by reading back.", len(r.Handed), r.omitted)
	case len(r.Handed) > 0:
		return steps.T("The run is done. Handed over and not read back here: %d. Everything else was verified by reading back.", len(r.Handed))
	case r.omitted > 0:
		return steps.T("The run is done. Skipped, as was chosen: %d. The others were verified by reading back.", r.omitted)
	}
	return steps.T("The run is done: every step was verified by reading back.")
}

// others has a row for everything that was handed over.
func (r Report) others() section {
	s := section{title: steps.T("What was handed over, is not read from here, and is not ours to take back")}
	s.head = []steps.Text{steps.T("Account"), steps.T("Thing"), steps.T("What was handed over"), steps.T("What is known"), steps.T("Undo")}
	s.rows = each(r.Handed, func(h Handed) []steps.Text {
		return []steps.Text{r.where(h.Side, h.Account), steps.T("%s %s", string(h.Ref.Kind), h.Ref.Name), h.Summary, h.Known, h.Undo}
	})
	return s
}
