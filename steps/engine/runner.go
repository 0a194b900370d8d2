package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// Journal is where the Runner writes: *journal.Journal, or a Memory for
// looking only.
type Journal interface {
	RunID() string
	// State is a copy of what was folded from the records so far.
	State() *steps.State
	// Append writes an event down, durably if it is a state change, before it returns.
	Append(step steps.StepID, e steps.Event) (steps.Record, error)
}

// Options of a Runner. Steps, Journal and either Facts or Live are needed.
type Options struct {
	Steps []Step
	Facts *facts.Facts
	// Live is what the engine itself reads and writes through; nil is Facts.
	Live    Live
	Journal Journal
	// Clock is nil for the system's, Control for one that nobody touches.
	Clock   failure.Clock
	Control *Control
	// Program is the version that is written down; Answers the Spec's fingerprint.
	Program, Answers string
	// Resume is the command that goes on, shown when the run stops.
	Resume string
	// Diagnose explains an error; nil gives its innermost message.
	Diagnose func(error) steps.Diagnosis
	// Points is told the name of every point as it is passed; nil tells nobody.
	Points func(name string)
	// Failed decides what to do about a failed step; nil stops.
	Failed func(ctx context.Context, step steps.StepID, d steps.Diagnosis) Decision
	// LoggedIn says whether the credentials work again; nil asks STS for every
	// identity of Facts, or without Facts tries the step itself.
	LoggedIn func(ctx context.Context) error
	// Consent says how else than by typing that word somebody may allow data to
	// be deleted (a flag); nil says nothing.
	Consent func(typed string) steps.Text
	// Report writes the report at the end of a run from its final state and
	// gives its path; nil writes none.
	Report func(*steps.State) (path string, err error)
	// PauseTimeout bounds how long a new login is waited for; 0 is one hour.
	PauseTimeout time.Duration
	// WaitOther bounds how long it is waited for what somebody else has to do; 0
	// looks once, Forever waits until a stop.
	WaitOther time.Duration
	// Settle bounds how long a change just made may take to be seen everywhere;
	// 0 is three minutes.
	Settle time.Duration
}

// Decision is the answer to a failed step.
type Decision int

// The decisions. Skip is for steps whose Info says they are optional; others stop.
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
type Runner struct {
	o     Options
	world *World
	feed  *feed

	// mu makes writing down, showing and joining one order of things.
	mu     sync.Mutex
	broken error     // the journal's first failed write
	well   time.Time // when something was last as it should be
	shown  awaited   // the wait that is shown while something is tried again

	begun   bool
	purpose steps.Purpose
	// made are the steps of which this start of the program changed something.
	made map[steps.StepID]bool
	// unseen was handed over in this start, and nobody here can see whether it is so.
	unseen []steps.Change
	// told is what was handed over so by each step.
	told map[steps.StepID]string
	// kept are the intents this start was to take back and left; refused, by the
	// thing it lies in, is the data that was not allowed to go.
	kept    []int64
	refused map[steps.Ref]steps.Ref
	pace    pace
}

// New makes a Runner; nothing is read or written yet.
func New(o Options) *Runner {
	if o.Live == nil {
		o.Live = o.Facts
	}
	if o.Clock == nil {
		o.Clock = failure.SystemClock()
	}
	if o.Control == nil {
		o.Control = NewControl()
	}
	if o.Diagnose == nil {
		o.Diagnose = innermost
	}
	if o.Points == nil {
		o.Points = func(string) {}
	}
	if o.LoggedIn == nil && o.Facts != nil {
		o.LoggedIn = loggedIn(o.Facts)
	}
	if o.PauseTimeout == 0 {
		o.PauseTimeout = time.Hour
	}
	if o.Settle == 0 {
		o.Settle = 3 * time.Minute
	}
	h := &holes{known: map[string]string{}, fresh: map[string]string{}}
	for name, v := range o.Journal.State().Filled {
		h.known[name] = v
	}
	r := &Runner{o: o, feed: newFeed(), made: map[steps.StepID]bool{}, told: map[steps.StepID]string{}}
	r.world = &World{Facts: o.Facts, live: o.Live, clock: o.Clock, control: o.Control, journal: o.Journal, emit: r.emit, again: r.again, holes: h, point: func(name string) {
		r.isWell()
		o.Points(name)
	}}
	return r
}

// World is the world the steps see while they are applied.
func (r *Runner) World() *World { return r.world }

// State is what is known about the run now.
func (r *Runner) State() *steps.State { return r.o.Journal.State() }

// Watch gives the state as it is now and a view of every record after it.
func (r *Runner) Watch() (*steps.State, *View) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.o.Journal.State(), r.feed.view()
}

// Close ends the feed: views get what is left and then io.EOF. The journal is
// closed by who opened it.
func (r *Runner) Close() { r.feed.close() }

// emit writes an event down and then shows it. After a failed write nothing is
// written, shown or done any more.
func (r *Runner) emit(step steps.StepID, e steps.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken != nil {
		return r.broken
	}
	rec, err := r.o.Journal.Append(step, e)
	if err != nil {
		r.broken = err
		return err
	}
	switch e.(type) {
	case steps.Waiting, steps.Paused, steps.StepStarted, steps.StepDone, steps.StepFailed, steps.StepSkipped:
		r.shown = awaited{}
	}
	r.feed.publish(rec)
	return nil
}

// unwritable is the journal's first failed write, nil while it can be written.
func (r *Runner) unwritable() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.broken
}

// record is emit with the point that follows it.
func (r *Runner) record(step steps.StepID, e steps.Event, point string) error {
	if err := r.emit(step, e); err != nil {
		return err
	}
	r.o.Points(point)
	return nil
}

// begin opens this start of the program in the journal, once for each purpose.
func (r *Runner) begin(p steps.Purpose) error {
	if r.begun && r.purpose == p {
		return nil
	}
	s := r.State()
	e := steps.RunStarted{RunID: r.o.Journal.RunID(), Resumed: s.Starts > 0, Purpose: p, Program: r.o.Program, Answers: r.o.Answers}
	if err := r.record("", e, PointStarted); err != nil {
		return err
	}
	r.begun, r.purpose = true, p
	return nil
}

// Uncovered lists the changes of plan that no approval covers yet; a plan with
// none may be run. A plan in which everything exists needs no approval.
func (r *Runner) Uncovered(plan steps.Plan) []steps.Change { return r.State().Uncovered(plan) }

// Approve writes down that a plan made by this Runner was shown and approved,
// and how ("typed 222222222222", "--yes", "the sandbox").
func (r *Runner) Approve(plan steps.Plan, by string) error {
	s := r.State()
	digest := plan.Digest()
	if digest == "" || (digest != s.Digest && digest != s.InverseDigest) {
		return errors.New("engine: this is not the plan that was made last")
	}
	return r.record("", steps.Approved{Digest: digest, By: by}, PointApproved)
}

// session is the context of everything that is done: it ends with the caller's
// and with the second interrupt.
func (r *Runner) session(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	off := context.AfterFunc(r.o.Control.now, cancel)
	return ctx, func() { off(); cancel() }
}

// halting says that a stop was asked for; it is asked at every safe point.
func (r *Runner) halting(ctx context.Context) error {
	if r.o.Control.Stopping() || ctx.Err() != nil {
		return ErrStopped
	}
	return nil
}
