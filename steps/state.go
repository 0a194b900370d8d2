package steps

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// StepStatus is where a step stands.
type StepStatus string

// The statuses. Existed is done without the run having changed anything for it;
// Stopped was running when the run was stopped, paused or killed.
const (
	StatusWaiting StepStatus = "waiting"
	StatusRunning StepStatus = "running"
	StatusDone    StepStatus = "done"
	StatusExisted StepStatus = "existed"
	StatusFailed  StepStatus = "failed"
	StatusSkipped StepStatus = "skipped"
	StatusStopped StepStatus = "stopped"
)

// State is everything known about a run, folded from its records. Board, resume
// and report read it and nothing else. The zero State is a run nobody started.
//
// Everything inside the events it was folded from is shared and never changed;
// what Apply itself changes, Clone copies.
type State struct {
	RunID   string
	Program string
	// Answers is the fingerprint of the Spec the run was started with.
	Answers string
	// Purpose is what the latest start is for.
	Purpose Purpose
	// Starts counts how often the program was started on this run.
	Starts int
	// Started is the first start, LastStart the latest, Updated the last record.
	Started, LastStart, Updated time.Time
	// Seq is the number of the last record.
	Seq int64

	// Plan is the newest plan of the move, Digest its fingerprint. ApprovedPlan
	// is the one approved last; Approval names it, and is zero before approval and
	// after a clean-up or undo was approved: what was taken back is not made again
	// unasked.
	Plan         Plan
	Digest       string
	ApprovedPlan Plan
	Approval     Approved
	// Guess is of all of the move: that of the plan approved last before data moved.
	Guess Estimate
	// Inverse is the newest plan of a clean-up or undo, with its own approval.
	Inverse         Plan
	InverseDigest   string
	InverseApproval Approved

	// Steps are in the order of the plan.
	Steps []StepState
	// Changes are in the order they were intended.
	Changes []ChangeState
	// Filled holds the named holes that were filled.
	Filled map[string]string

	// Paused is set while the run is paused, Done once it ended, until work begins anew;
	// DoneAt is when it ended, DoneFor what the start that ended was for; both stay as
	// long as later starts find everything as it was.
	Paused  *Paused
	Done    *RunDone
	DoneAt  time.Time
	DoneFor Purpose
	// Logs are the newest lines, oldest first, at most MaxLogs of them.
	Logs []LogLine
	// Unknown counts records of types this program does not know.
	Unknown int
}

// MaxLogs is how many log lines a State keeps; the journal has them all.
const MaxLogs = 200

// StepState is one step.
type StepState struct {
	ID     StepID
	Side   Side
	Title  Text
	Status StepStatus
	// Started is the first start of the step, Ended its last end; zero if not yet.
	Started, Ended time.Time
	// Since is when the current start of it began; zero if it is not running.
	Since time.Time
	// Active is the time spent in it before Since, over all starts of the program.
	Active   time.Duration
	Progress Progress
	// Wait is what is waited for now; its zero value is no wait.
	Wait     Waiting
	Evidence Evidence
	// Begun is what its act wrote down last before it began to make it, nil once that
	// is proven.
	Begun     json.RawMessage
	Diagnosis *Diagnosis
	// Why says why a step was skipped.
	Why Text
	// TakenBack says that what it made, or what it proved, was taken back since:
	// the next start of it is a new story.
	TakenBack bool
}

// ChangeState is one change from intention to undoing.
type ChangeState struct {
	Change Change
	// Intent is the number of the record that intended it.
	Intent int64
	Step   StepID
	Marker string
	// The times of its stages, zero where it has not come to that.
	Intended, Made, Undone time.Time
	// Live is the document as last read back.
	Live Doc
	// Kept says why the last attempt to take it back left it, How what would not.
	Kept, How Text
}

// LogLine is a line with its time and step.
type LogLine struct {
	At    time.Time
	Step  StepID
	Level string
	Text  Text
}

// Clone gives a State that later Apply calls on s do not change.
func (s *State) Clone() *State {
	c := *s
	c.Steps = slices.Clone(s.Steps)
	c.Changes = slices.Clone(s.Changes)
	c.Logs = slices.Clone(s.Logs)
	c.Filled = maps.Clone(s.Filled)
	return &c
}

// Step finds a step's state, nil if the plan has none of that name.
func (s *State) Step(id StepID) *StepState {
	for i := range s.Steps {
		if s.Steps[i].ID == id {
			return &s.Steps[i]
		}
	}
	return nil
}

// Pending finds the newest change of that id if it was intended but neither seen
// made nor taken back: the process may have died on either side of the deed.
func (s *State) Pending(id string) *ChangeState {
	c := s.newest(id)
	if c == nil || !c.Made.IsZero() || !c.Undone.IsZero() {
		return nil
	}
	return c
}

// PendingOn finds the newest change of a thing, if it is pending.
func (s *State) PendingOn(ref Ref) *ChangeState {
	for _, c := range slices.Backward(s.Changes) {
		if c.Change.Ref == ref {
			return s.Pending(c.Change.ID)
		}
	}
	return nil
}

// Changed says whether this run made something of a step that still stands.
func (s *State) Changed(id StepID) bool {
	return slices.ContainsFunc(s.Changes, func(c ChangeState) bool {
		return c.Step == id && !c.Made.IsZero() && c.Undone.IsZero()
	})
}

// Takebacks are the changes a clean-up or undo has to look at, newest first:
// whatever was intended and is not taken back yet; for CleanUp, helpers only.
// What can only go with something else is not looked at by itself.
func (s *State) Takebacks(p Purpose) []ChangeState {
	var back []ChangeState
	for _, c := range slices.Backward(s.Changes) {
		rides := !c.Change.Reversible && c.Change.Within != Ref{}
		if c.Undone.IsZero() && c.Change.Mutates() && !rides && (p != CleanUp || c.Change.Helper) {
			back = append(back, c)
		}
	}
	return back
}

// newest finds the last change of that id. The wanted one is nearly always the
// last of all, which is why there is no index beside the slice.
func (s *State) newest(id string) *ChangeState {
	for i := len(s.Changes) - 1; i >= 0; i-- {
		if s.Changes[i].Change.ID == id {
			return &s.Changes[i]
		}
	}
	return nil
}
