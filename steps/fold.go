package steps

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Apply folds one record in. Records come in order; one that was applied before
// (its number is not new) is ignored, so that a replay and a feed may overlap.
func (s *State) Apply(r Record) {
	if r.Seq <= s.Seq {
		return
	}
	s.work(r.Event)
	switch e := r.Event.(type) {
	case RunStarted:
		s.start(r.At, e)
	case PlanMade:
		s.planned(e)
	case Approved:
		s.approved(e)
	case ChangeIntended, ChangeRefused, ChangeMade, UndoIntended, ChangeUndone:
		s.change(r)
	case StepStarted, StepDone, StepFailed, StepSkipped, ActBegun, Progress, Waiting:
		s.step(r)
	case Log:
		s.log(LogLine{At: r.At, Step: r.Step, Level: e.Level, Text: e.Text})
	case Paused:
		s.halt(r.At)
		s.Paused = &e
	case Continued:
		s.Paused = nil
		if st := s.Step(r.Step); st != nil {
			st.Status, st.Since = StatusRunning, r.At
		}
	case RunDone:
		s.halt(r.At)
		if !e.OK || !s.looks() {
			s.DoneAt, s.DoneFor = r.At, s.Purpose
		}
		s.Done = &e
	default:
		s.Unknown++
	}
	s.Seq, s.Updated = r.Seq, r.At
}

func (s *State) start(at time.Time, e RunStarted) {
	// A step that still runs belongs to a process that died at some time after
	// its last record; that record is the last moment known to have been worked.
	s.halt(s.Updated)
	s.RunID, s.Program, s.Purpose = e.RunID, e.Program, e.Purpose
	if e.Answers != "" {
		s.Answers = e.Answers
	}
	if s.Started.IsZero() {
		s.Started = at
	}
	s.LastStart = at
	s.Starts++
}

// work ends what was said of the run's end. A start alone does not: who looks at a plan
// and turns it down leaves the run as it was.
func (s *State) work(e Event) {
	switch e.(type) {
	case StepStarted:
		if s.Done != nil && s.Done.OK { // it may find everything as it was
			s.Done = nil
		}
		if s.looks() {
			s.Paused = nil
			return
		}
	case Approved, ChangeIntended, ChangeMade, UndoIntended, StepFailed:
	default:
		return
	}
	s.Paused, s.Done, s.DoneAt, s.DoneFor = nil, nil, time.Time{}, ""
}

// looks says that the run had come to its end, and that what is done now has changed
// nothing since: then it ended when it ended, and takes no longer.
func (s *State) looks() bool { return s.Done == nil && !s.DoneAt.IsZero() && s.DoneFor == s.Purpose }

// planned takes a plan in. Rows of steps that were there keep their story: a
// resumed run plans again, and what was done in an earlier start stays done on
// the board until the step is looked at again.
func (s *State) planned(e PlanMade) {
	if e.Plan.Purpose != Migrate {
		s.Inverse, s.InverseDigest = e.Plan, e.Digest
		return
	}
	s.Plan, s.Digest = e.Plan, e.Digest
	rows := make([]StepState, 0, len(e.Plan.Steps))
	for _, p := range e.Plan.Steps {
		row := StepState{Status: StatusWaiting}
		if old := s.Step(p.ID); old != nil {
			row = *old
		}
		row.ID, row.Side, row.Title = p.ID, p.Side, p.Title
		rows = append(rows, row)
	}
	s.Steps = rows
}

// approved tells by the digest which of the two plans was approved. Others are
// ignored: an approval of a plan nobody has seen since approves nothing.
func (s *State) approved(e Approved) {
	switch e.Digest {
	case s.Digest:
		s.Approval, s.ApprovedPlan = e, s.Plan
		s.guessed(s.Plan.Estimate)
		s.again()
	case s.InverseDigest:
		s.InverseApproval = e
		s.Approval = Approved{}
	}
}

// again opens the steps that were taken back: they are to be done once more, and what
// they tell is of things that are gone.
func (s *State) again() {
	for i := range s.Steps {
		if st := &s.Steps[i]; st.TakenBack {
			*st = StepState{ID: st.ID, Side: st.Side, Title: st.Title, Status: StatusWaiting}
		}
	}
}

// guessed takes the guess of an approved plan. Once data move, a plan guesses only what
// is left by then, which stands for a leg that was not guessed before.
func (s *State) guessed(e Estimate) {
	if !s.moves() {
		s.Guess = e
		return
	}
	g := &s.Guess
	if g.Snapshot == 0 && e.Snapshot > 0 || g.Restore == 0 && e.Restore > 0 {
		g.Snapshot, g.Restore = cmp.Or(g.Snapshot, e.Snapshot), cmp.Or(g.Restore, e.Restore)
		g.Basis = slices.Concat(g.Basis, e.Basis)
	}
}

// moves says that a step that moves data was begun, and not taken back since.
func (s *State) moves() bool {
	return slices.ContainsFunc(s.Steps, func(st StepState) bool {
		kind := s.acts(st.ID)
		return (kind == KindSnapshot || kind == KindIndices) && !st.Started.IsZero() && !st.TakenBack
	})
}

// halt ends the running step's time without ending the step.
func (s *State) halt(at time.Time) {
	for i := range s.Steps {
		if st := &s.Steps[i]; st.Status == StatusRunning {
			s.leave(st, StatusStopped, at)
		}
	}
}

// leave ends the step's current stretch of work. Stretches add up over starts,
// so that the report gives the time worked and not the night in between. Looking again
// takes time too, but it is not the step's work.
func (s *State) leave(st *StepState, status StepStatus, at time.Time) {
	if !st.Since.IsZero() && at.After(st.Since) && !s.looks() {
		st.Active += at.Sub(st.Since)
	}
	st.Status, st.Since, st.Wait = status, time.Time{}, Waiting{}
}

// step folds what belongs to one step. A step the plan does not have is from
// another version of the program; its records have no row to stand in.
func (s *State) step(r Record) {
	st := s.Step(r.Step)
	if st == nil {
		return
	}
	switch e := r.Event.(type) {
	case StepStarted:
		if st.TakenBack { // what it tells is of things that are gone
			*st = StepState{ID: st.ID, Side: st.Side, Title: st.Title}
		}
		if st.Started.IsZero() {
			st.Started = r.At
		}
		st.Status, st.Since, st.Diagnosis, st.Why = StatusRunning, r.At, nil, Text{}
	case StepDone:
		s.done(st, e, r.At)
	case ActBegun:
		st.Begun = e.Data
	case StepFailed:
		s.leave(st, StatusFailed, r.At)
		st.Ended, st.Diagnosis = r.At, &e.Diagnosis
	case StepSkipped:
		again := s.looks() && !st.Ended.IsZero()
		s.leave(st, StatusSkipped, r.At)
		if st.Why = e.Why; !again {
			st.Ended = r.At
		}
	case Progress:
		if e.TotalBytes == 0 { // a proof that counts shards moves nothing: what was moved stays told
			e.DoneBytes, e.TotalBytes = st.Progress.DoneBytes, st.Progress.TotalBytes
		}
		st.Progress = e
	case Waiting:
		st.Wait = e
		if e.Reason.IsZero() {
			st.Wait = Waiting{}
		}
	}
}

// done tells apart "nothing had to be changed now" (the event) from "the run
// changed nothing" (the status): a resumed run finds done what it did itself.
func (s *State) done(st *StepState, e StepDone, at time.Time) {
	status := StatusDone
	// A proof is done anew whenever it is looked at: it never merely exists.
	if e.Existed && !s.Changed(st.ID) && !s.proves(st.ID) {
		status = StatusExisted
	}
	again := (e.Existed || s.looks()) && !st.Ended.IsZero() && !st.Evidence.Summary.IsZero()
	if again {
		st.Since = time.Time{}
	}
	s.leave(st, status, at)
	st.Begun = nil // the evidence tells of it now
	if !again {
		st.Ended = at
	}
	// The first proof is that of the deed; a later look is a weaker one (it must
	// not write). Only a proof that is the step itself is worth having anew.
	if !again || s.proves(st.ID) {
		st.Evidence = e.Evidence
	}
}

func (s *State) proves(id StepID) bool { return s.acts(id) == KindProof }

// acts is the kind of the one thing a step changes, "" where there are more or none.
func (s *State) acts(id StepID) Kind {
	for _, p := range s.Plan.Steps {
		if p.ID == id && len(p.Changes) == 1 {
			return p.Changes[0].Ref.Kind
		}
	}
	return ""
}

// change follows one change through its stages. An intent repeated for the same
// documents is the same intent, told again by a later start; one for others is a
// second change of the thing, and both can be taken back, newest first.
func (s *State) change(r Record) {
	switch e := r.Event.(type) {
	case ChangeIntended:
		if p := s.Pending(e.Change.ID); p != nil && p.Change.Before == e.Change.Before && p.Change.After == e.Change.After {
			p.Marker = e.Marker
			return
		}
		s.Changes = append(s.Changes, ChangeState{Change: e.Change, Intent: r.Seq, Step: r.Step, Marker: e.Marker, Intended: r.At})
	case ChangeRefused: // an intent that came to nothing
		if c := s.Pending(e.ID); c != nil {
			s.Changes = slices.DeleteFunc(s.Changes, func(x ChangeState) bool { return x.Intent == c.Intent })
		}
	case ChangeMade:
		if c := s.Pending(e.ID); c != nil {
			c.Made, c.Live = r.At, e.Live
		}
		s.fill(e.Filled)
	case ChangeUndone:
		s.undone(r.At, e)
	}
}

func (s *State) undone(at time.Time, e ChangeUndone) {
	c := s.standing(e)
	if c == nil {
		return
	}
	c.Live, c.Kept, c.How = e.Live, e.Kept, e.How
	if !e.Kept.IsZero() { // what was kept can be tried again later
		return
	}
	s.gone(c, at)
}

// gone folds the end of a change in, and of what lay in the thing.
func (s *State) gone(c *ChangeState, at time.Time) {
	c.Undone, c.Kept, c.How = at, Text{}, Text{}
	s.takenBack(c.Step, c.Change.Verb == Act)
	if c.Live.Exists() && c.Change.Verb != Act || c.Change.Verb == Modify {
		return // it is still there, without our part: so is what lies in it
	}
	for i := range s.Changes {
		if in := &s.Changes[i]; in.Change.Within == c.Change.Ref && in.Undone.IsZero() {
			s.gone(in, at)
		}
	}
}

// takenBack marks the step's row, and with data those of the proofs of it.
func (s *State) takenBack(id StepID, data bool) {
	for i := range s.Steps {
		if st := &s.Steps[i]; st.ID == id || data && s.proves(st.ID) {
			st.TakenBack = true
		}
	}
}

// standing finds the change that was taken back: the same thing may have been
// changed twice, after a drift and a new approval.
func (s *State) standing(e ChangeUndone) *ChangeState {
	for i := len(s.Changes) - 1; i >= 0; i-- {
		c := &s.Changes[i]
		if c.Change.ID == e.ID && c.Undone.IsZero() && (e.Intent == 0 || e.Intent == c.Intent) {
			return c
		}
	}
	return nil
}

func (s *State) fill(holes map[string]string) {
	if len(holes) == 0 {
		return
	}
	if s.Filled == nil {
		s.Filled = map[string]string{}
	}
	maps.Copy(s.Filled, holes)
}

// log keeps the newest lines, cutting only now and then so that a long run does
// not copy them at every line.
func (s *State) log(l LogLine) {
	s.Logs = append(s.Logs, l)
	if len(s.Logs) >= 2*MaxLogs {
		s.Logs = slices.Clone(s.Logs[len(s.Logs)-MaxLogs:])
	}
}
