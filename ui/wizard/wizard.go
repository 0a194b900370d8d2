// Package wizard is the full-screen way through a migration: start, the pages of
// questions, checks, plan, run, report. It decides which screen is next, and that
// is all it decides: what is asked stands in package ask, how a page of questions
// is drawn in form, how a board is drawn in panel, and whatever touches the world
// is done by Deeds, beside the program's loop.
//
// The root model is a router. A screen lives in a file of its own, is a function of
// its state, and knows neither the other screens nor the terminal.
package wizard

import (
	"context"
	"os"
	"time"

	"snapferry/steps"
	"snapferry/steps/report"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// Options of New.
type Options struct {
	Look  theme.Options
	Words board.Words
	// Answers are those to begin with; the wizard goes on writing into them.
	Answers *ask.Answers
	Deeds   Deeds
	// Sandbox puts the badge on every screen that nothing is real.
	Sandbox bool
	// Width and Height are the terminal's until it tells.
	Width, Height int
	Now           func() time.Time
	// Signals are SIGINT, SIGTERM and SIGHUP that came from outside: each is taken as
	// ctrl+c is. Nil for none.
	Signals <-chan os.Signal
	// Past reads the run that is in the directory, for a look at its report; of its
	// plan only Report is wanted. nil where there can be none.
	Past func(context.Context) (Planned, *steps.State, error)
	// Afresh says in words, a paragraph each, what another run beside the one in the
	// directory is; whoever goes on from there has Outcome.Afresh. nil where there can be
	// none.
	Afresh func() []steps.Text
}

// Deeds is what the wizard has done for it. Every method that takes a context is
// called beside the program's loop, one at a time, and its context ends when
// nobody waits any more. Errors are for a person: *steps.Error where there is one.
type Deeds interface {
	// Fetch looks up what a question can be answered with.
	Fetch(context.Context, *ask.Answers, ask.Request) (ask.Offer, error)
	// Route is what is known by now of both sides and the bucket; it asks nobody.
	Route() panel.Route
	// Keep writes the answers where nobody else's are lost and gives the file, ""
	// where there is nothing new to keep. No secret is in it.
	Keep(*ask.Answers) (path string, err error)
	// Check looks whether a migration with these answers can go well.
	Check(context.Context, *ask.Answers) ([]steps.Finding, error)
	// Fix changes the answers so that the plan puts a finding right, and says in
	// words what it changed; where it fails it changed none. It may ask through the
	// Asker for what only a person knows. Give it answers that nobody reads
	// meanwhile. Fixable says beforehand, asking nobody, whether there is such a way.
	Fixable(steps.Finding) bool
	Fix(context.Context, *ask.Answers, steps.Finding) (steps.Text, error)
	// Plan takes the run directory for itself and makes the plan. accept are the
	// warnings of weight that the person accepted on the board. Where somebody else has
	// to act before there can be one it gives a *HandedError, and is asked again.
	Plan(ctx context.Context, a *ask.Answers, accept []steps.CheckID) (Planned, error)
	// Run has the plan of the last Plan approved, said how, and does it. It ends when
	// everything is done or it was stopped; then Plan makes way for another. A panic
	// below is an error here.
	Run(ctx context.Context, approvedBy string) error
	// Explain says what an error means, as it was pasted; confirm also looks at the
	// world with the answers so far.
	Explain(ctx context.Context, a *ask.Answers, body string, confirm bool) (steps.Diagnosis, error)
	// Attach hands over how somebody can be asked while something is done.
	Attach(Asker)
}

// Planned is a plan, and everything that is needed to look at it and to follow it
// being done.
type Planned struct {
	Plan steps.Plan
	// State is what is known of the run before the first record of Feed.
	State *steps.State
	Feed  Feed
	// Uncovered counts the changes that no approval covers yet; 0 needs none.
	Uncovered int
	// Typed is what approves the plan by being typed: the target's account id.
	Typed string
	// Command gives a change as something to copy: curl, AWS CLI or Terraform.
	Command func(steps.Change) string
	// Interrupt asks the run to stop: the first time at the next safe point, the
	// second time at once. It gives how often it was asked. Continue tries again at
	// once what waits for a new login.
	Interrupt func() int
	Continue  func()
	// Pause has the run stand still before its next step, for as long as it is on: the
	// step now under way comes to its end.
	Pause func(on bool)
	// Failures are the failed steps that wait for a decision.
	Failures <-chan Failure
	// Calls gives the newest calls, at most n, oldest first.
	Calls func(n int) []panel.Call
	// Resume is the command that goes on with this run, however it ended.
	Resume string
	// Report is the account of a state of this run, with its commands and accounts.
	Report func(*steps.State) report.Report
}

// HandedError is what somebody else has to do before anything can be planned.
type HandedError struct {
	Err *steps.Error
	// Command is what does it, as lines to be handed on.
	Command string
}

func (e *HandedError) Error() string { return e.Err.Error() }

// Unwrap gives the words for a person.
func (e *HandedError) Unwrap() error { return e.Err }

// OtherRunError says that the directory has the run of other answers. Err says so in
// words; Dir is where another run could begin with these.
type OtherRunError struct {
	Err error
	Dir string
}

func (e *OtherRunError) Error() string { return e.Err.Error() }

// Unwrap gives the words for a person.
func (e *OtherRunError) Unwrap() error { return e.Err }

// Feed hands over every record of a run, in batches. Next ends with io.EOF after
// the last one.
type Feed interface {
	Next(context.Context) ([]steps.Record, error)
}

// Failure is a failed step that waits to be told what to do about it.
type Failure struct {
	Step      steps.StepID
	Diagnosis steps.Diagnosis
	// Skippable says that the rest is right without the step. Fix is what the plan
	// could do about it, zero where it could do nothing; see Deeds.Fix.
	Skippable bool
	Fix       steps.Finding
	// Decide takes the answer, once.
	Decide chan<- Decision
}

// Decision is the answer to a failed step.
type Decision int

// The decisions.
const (
	Stop Decision = iota
	Retry
	Skip
)

// Asker asks the person at the terminal for one line while something is done: the
// code of an MFA device, a password that turns out to be needed. Unseen hides it.
// It fails when the person turns the question down or the context ends.
type Asker interface {
	Ask(ctx context.Context, question steps.Text, unseen bool) (string, error)
}

// Question is one whose answer is judged as soon as it is given.
type Question struct {
	Words, Help steps.Text
	// Fits says what is wrong with an answer. It looks at nothing but that: somebody
	// waits at the line.
	Fits func(string) error
}

// Patient is an Asker who leaves a question up, with what was typed, until its
// answer fits.
type Patient interface {
	Asker
	AskUntil(context.Context, Question) (string, error)
}

// Outcome is how the wizard was left.
type Outcome struct {
	// Left says that the person left before the end; Kept is where the answers are.
	Left bool
	Kept string
	// Told says what became of texts that were typed and not entered.
	Told []steps.Text
	// Err is what the run, or the plan, ended with.
	Err error
	// Planned says that a run directory was taken.
	Planned bool
	// Afresh says that another run is to begin, as Options.Afresh told.
	Afresh bool
}
