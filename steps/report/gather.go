package report

import (
	"encoding/json"
	"slices"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"snapferry/steps"
)

// New makes the account of a state.
func New(s *steps.State, o Options) Report {
	if o.Say == nil {
		english := message.NewPrinter(language.English) // which groups the digits of a number
		o.Say = func(t steps.Text) string {
			return t.Render(func(format string, args ...any) string { return english.Sprintf(format, args...) })
		}
	}
	r := Report{
		Schema: "snapferry/1", Type: "report", RunID: s.RunID, Program: s.Program, Outcome: outcome(s),
		Started: s.Started, Ended: s.Updated, Spent: s.Spent(), Stays: s.Plan.Stays, o: o,
	}
	if s.Done != nil {
		r.Exit, r.Kept, r.Ended = s.Done.ExitCode, s.Done.Kept, s.DoneAt
	}
	for _, st := range s.Steps {
		r.step(s, st)
	}
	slices.SortStableFunc(r.Proven, func(a, b Proof) int { return weight(s.Plan, a.Step) - weight(s.Plan, b.Step) })
	for _, c := range s.Changes {
		r.Changed = append(r.Changed, changed(c, o.Accounts))
		for _, n := range c.Change.Deletes {
			if !slices.Contains(r.Moved.Replaced, n) {
				r.Moved.Replaced = append(r.Moved.Replaced, n)
			}
		}
	}
	r.move(s)
	r.Guess.Plan = s.Plan.Estimate
	if len(s.ApprovedPlan.Steps) > 0 { // a later plan guesses only what was left by then
		r.Guess.Plan = s.Guess
	}
	if r.Moved.Arrived {
		r.DayAfter = dayAfter(s)
	}
	return r
}

// outcome reads the end, not the steps: a run that was stopped has steps that
// are done, and one that failed may have been repaired by skipping.
func outcome(s *steps.State) Outcome {
	switch {
	case s.Done == nil:
		return Unfinished
	case s.Done.OK && s.DoneFor != steps.Migrate:
		return TakenBack
	case s.Done.OK:
		return Done
	case s.Paused != nil:
		return Stopped
	}
	return Failed
}

// step takes one step in: its line, its proof, and, if it moved data, its leg.
// Only steps that ended well prove anything; what a failed one had found so far
// is in its diagnosis.
func (r *Report) step(s *steps.State, st steps.StepState) {
	line := StepLine{ID: st.ID, Side: st.Side, Title: st.Title, Status: st.Status, Seconds: st.Active.Seconds(), Why: st.Why, Diagnosis: st.Diagnosis}
	r.Steps = append(r.Steps, line)
	ended := st.Status == steps.StatusDone || st.Status == steps.StatusExisted
	if st.Status == steps.StatusFailed {
		r.Failed = &line
	}
	if proof := r.handed(s, st); ended && !proof.Summary.IsZero() {
		r.Proven = append(r.Proven, Proof{Step: st.ID, Evidence: proof})
	}
	kind := acts(s.Plan, st.ID)
	if kind == steps.KindIndices && ended {
		r.Moved.Arrived, r.Moved.Back = !st.TakenBack, st.TakenBack
	}
	if !ended || (kind != steps.KindSnapshot && kind != steps.KindIndices) {
		return
	}
	seconds := took(st)
	l := Leg{Step: st.ID, Title: st.Title, Seconds: seconds, Bytes: st.Progress.TotalBytes, Shards: st.Progress.TotalShards}
	if l.Shards == 0 && st.Status == steps.StatusDone {
		// It ended while nobody watched (a killed program, a closed laptop): what
		// moved is what was planned.
		for _, m := range s.Plan.Moves {
			l.Bytes += m.Bytes
			l.Shards += m.Primaries
		}
	}
	r.Moved.Legs = append(r.Moved.Legs, l)
	if st.Status != steps.StatusDone { // what existed took no time that could be compared
		return
	}
	if kind == steps.KindSnapshot {
		r.Guess.SnapshotSeconds += seconds
	} else {
		r.Guess.RestoreSeconds += seconds
	}
}

// took is how long the engine says that it worked, else how long it was watched:
// whoever comes back to work that went on alone has seen only the rest of it.
func took(st steps.StepState) float64 {
	var engine struct {
		Seconds float64 `json:"engine_seconds"`
	}
	if err := json.Unmarshal(st.Evidence.Data, &engine); err == nil && engine.Seconds > 0 {
		return engine.Seconds
	}
	return round(st.Active)
}

// weight orders what was proven: first that what arrived is what was there, which is what
// it was all for, then what moved it, then what was read back on the way.
func weight(p steps.Plan, id steps.StepID) int {
	switch acts(p, id) {
	case steps.KindProof:
		return 0
	case steps.KindSnapshot, steps.KindIndices:
		return 1
	}
	return 2
}

// acts is the kind of thing a step acts on; "" for declarative steps.
func acts(p steps.Plan, id steps.StepID) steps.Kind {
	for _, sp := range p.Steps {
		if sp.ID == id && len(sp.Changes) == 1 {
			return sp.Changes[0].Ref.Kind
		}
	}
	return ""
}

func round(d time.Duration) float64 { return d.Round(time.Millisecond).Seconds() }

// changed never hides an intent whose end was not seen: it may be in the world.
func changed(c steps.ChangeState, accounts map[steps.Side]string) Changed {
	out := Changed{
		Side: c.Change.Ref.Side, Account: accounts[c.Change.Ref.Side], Step: c.Step, Ref: c.Change.Ref, Verb: c.Change.Verb,
		Summary: c.Change.Summary, State: "made", Intended: c.Intended, Undo: undo(c),
	}
	switch {
	case !c.Undone.IsZero():
		out.State = "undone"
	case c.Made.IsZero():
		out.State = "intended"
	}
	return out
}

// undo says in words what taking it back means.
func undo(c steps.ChangeState) steps.Text {
	switch {
	case !c.Undone.IsZero():
		return steps.T("Taken back.")
	case !c.Kept.IsZero():
		return steps.T("Left where it is: %s", c.Kept)
	case !c.Change.Reversible && c.Change.Within != (steps.Ref{}):
		return steps.T("Goes and stays with %s %s.", string(c.Change.Within.Kind), c.Change.Within.Name)
	case !c.Change.Reversible:
		return steps.T("Cannot be taken back by itself.")
	case c.Change.Verb == steps.Act:
		return steps.T("snapferry undo takes it back after a typed confirmation, if nobody has changed it since.")
	case c.Change.Ref.Kind == steps.KindBucket && c.Change.Verb == steps.Create:
		return steps.T("snapferry undo deletes it, and its content after a typed confirmation.")
	case c.Change.Verb == steps.Create && c.Change.Helper:
		return steps.T("snapferry clean-up deletes it.")
	case c.Change.Verb == steps.Create:
		return steps.T("snapferry undo deletes it.")
	case c.Change.Verb == steps.Delete:
		return steps.T("snapferry undo makes it again.")
	case c.Change.Helper:
		return steps.T("snapferry clean-up takes our part out again and leaves everything else.")
	}
	return steps.T("snapferry undo takes our part out again and leaves everything else.")
}

// dayAfter is what no program can do for its users. The source's own automated
// snapshots are deleted with the domain by the service, which is why the target
// needs its own first.
func dayAfter(s *steps.State) []steps.Text {
	list := []steps.Text{
		steps.T("Point the clients at the target's endpoint. The source goes on answering, and what is written there now stays there."),
		steps.T("A custom endpoint belongs to one domain: move it, its certificate and its DNS record to the target."),
		steps.T("Put back what was raised for the move: max_snapshot_bytes_per_sec, max_restore_bytes_per_sec and indices.recovery.max_bytes_per_sec."),
		steps.T("See that the target takes snapshots of its own before the source is deleted."),
	}
	if len(s.Plan.Stays) > 0 {
		list = append(list, steps.T("Go through what was not moved, above, and bring over by hand what is missed."))
	}
	if len(s.Takebacks(steps.CleanUp)) > 0 {
		list = append(list, steps.T("When nobody needs the road any more: snapferry clean-up takes back the helpers, never the data."))
	}
	return list
}
