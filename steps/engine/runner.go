package engine

import (
	"context"
	"errors"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// ErrStopped says that the run stopped because somebody asked for it.
var ErrStopped = errors.New("stopped on request")

// Journal is where the Runner writes; *journal.Journal and Memory are ones.
type Journal interface {
	RunID() string
	State() *steps.State
	Append(step steps.StepID, e steps.Event) (steps.Record, error)
}

// Options of a Runner.
type Options struct {
	Steps   []Step
	Live    Live
	Journal Journal
	Clock   failure.Clock
	Control *Control
	// Program is the version that is written down; Answers the Spec's fingerprint.
	Program, Answers string
	// Resume is the command that goes on, shown when the run stops.
	Resume string
	// Diagnose explains an error; nil gives its innermost message.
	Diagnose func(error) steps.Diagnosis
	// Points is told the name of every durable point as it is passed; nil tells nobody.
	Points func(name string)
	// Failed decides what to do about a failed step; nil stops.
	Failed func(ctx context.Context, step steps.StepID, d steps.Diagnosis) Decision
	// Report writes the report at the end of a run and gives its path; nil writes none.
	Report func(*steps.State) (path string, err error)
	// PauseTimeout bounds how long expired credentials are waited for; 0 is one hour.
	PauseTimeout time.Duration
	// Settle bounds how long a change just made may take to be seen; 0 is three minutes.
	Settle time.Duration
}

// Decision is the answer to a failed step.
type Decision int

// The decisions. Skip is for steps whose Info says they may be skipped; for
// others it stops.
const (
	Stop Decision = iota
	Retry
	Skip
)

// Confirm asks for a typed confirmation before data is deleted: what says what
// will be lost, typed is the word that has to be typed.
type Confirm func(ctx context.Context, what steps.Text, typed string) bool

// Runner plans, has approved, applies, verifies and takes back, for one run. Its
// methods are called one at a time; Watch and Control may be used from anywhere.
type Runner struct{}

// New makes a Runner; nothing is read or written yet.
func New(o Options) *Runner { return nil }

// World is the world the steps see.
func (r *Runner) World() *World { return nil }

// Watch gives the state as it is now and a view of every record after it.
func (r *Runner) Watch() (*steps.State, *View) { return nil, nil }

// Plan looks at the world and says what a run would do. It changes nothing.
func (r *Runner) Plan(ctx context.Context) (steps.Plan, error) { return steps.Plan{}, nil }

// Uncovered lists the changes of plan that no approval covers yet; a plan with
// none may be run. A plan in which everything exists needs no approval.
func (r *Runner) Uncovered(plan steps.Plan) []steps.Change { return nil }

// Approve writes down that plan was shown and approved, and how.
func (r *Runner) Approve(plan steps.Plan, by string) error { return nil }

// Run does an approved plan. It ends with nil, ErrStopped, *ApprovalError,
// *DriftError, *PauseError or *StepError; ExitCode knows the code.
func (r *Runner) Run(ctx context.Context, plan steps.Plan) error { return nil }

// PlanCleanUp and PlanUndo list the inverse changes, newest first; Before is
// what is there, After what will be. What will be left is in the plan's Stays.
func (r *Runner) PlanCleanUp(ctx context.Context) (steps.Plan, error) { return steps.Plan{}, nil }

// PlanUndo lists the inverse of everything the run made.
func (r *Runner) PlanUndo(ctx context.Context) (steps.Plan, error) { return steps.Plan{}, nil }

// CleanUp does an approved plan of PlanCleanUp.
func (r *Runner) CleanUp(ctx context.Context, plan steps.Plan) error { return nil }

// Undo does an approved plan of PlanUndo; confirm is asked before data goes.
func (r *Runner) Undo(ctx context.Context, plan steps.Plan, confirm Confirm) error { return nil }

// Close ends the feed: views get what is left and then io.EOF.
func (r *Runner) Close() {}

// ExitCode is the program's exit code for an error of Run, CleanUp or Undo.
func ExitCode(err error) int { return 0 }

// PointNames are the names Points is called with.
var PointNames []string
