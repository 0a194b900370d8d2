package steps

import "time"

// StepStatus is where a step stands.
type StepStatus string

// The statuses. Existed is done without having had to change anything; Stopped
// was running when the run was stopped, paused or killed.
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
// Slices and maps reachable from a State are never changed in place once Clone
// has given them out, apart from those Clone copies.
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

	// Plan is the newest plan of the move, Digest its fingerprint; Inverse is
	// the newest plan of a clean-up or undo.
	Plan    Plan
	Digest  string
	Inverse Plan
	// ApprovedPlan is the plan Approval names; the zero Plan before approval.
	ApprovedPlan Plan
	Approval     Approved

	// Steps are in the order of the plan.
	Steps []StepState
	// Changes are in the order they were intended.
	Changes []ChangeState
	// Filled holds the named holes that were filled.
	Filled map[string]string

	// Paused is set while the run is paused, Done once it ended.
	Paused *Paused
	Done   *RunDone
	// Logs are the newest lines, oldest first, a bounded number of them.
	Logs []LogLine
	// Unknown counts records of types this program does not know.
	Unknown int
}

// StepState is one step.
type StepState struct {
	ID     StepID
	Side   Side
	Title  Text
	Status StepStatus
	// Started is the first start of the step, Ended its last end; zero if not yet.
	Started, Ended time.Time
	// Active is the time spent in it over all starts of the program.
	Active time.Duration
	// Since is when the current start of it began; zero if it is not running.
	Since    time.Time
	Progress Progress
	// Wait is what is waited for now; its zero value is no wait.
	Wait      Waiting
	Evidence  Evidence
	Diagnosis *Diagnosis
	Why       Text // of a skipped step
}

// ChangeState is one change from intention to undoing.
type ChangeState struct {
	Change Change
	Marker string
	// Step time stamps; zero where it has not come to that.
	Intended, Made, Undone time.Time
	// Live is the document as read back.
	Live Doc
	// Kept says why the last attempt to take it back left it.
	Kept Text
}

// LogLine is a line with its time and step.
type LogLine struct {
	At    time.Time
	Step  StepID
	Level string
	Text  Text
}

// Apply folds one record in. Records come in order.
func (s *State) Apply(r Record) {}

// Clone gives a State that later Apply calls on s do not change.
func (s *State) Clone() *State { c := *s; return &c }

// Step finds a step's state, nil if the plan has none of that name.
func (s *State) Step(id StepID) *StepState { return nil }

// Pending finds the newest intended, not yet made and not undone change of that
// id; nil if there is none.
func (s *State) Pending(id string) *ChangeState { return nil }

// Takebacks are the changes that undo would look at, newest first: everything
// intended that was not undone; only helpers for CleanUp.
func (s *State) Takebacks(p Purpose) []ChangeState { return nil }
