package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// ErrStopped says that the run stopped because somebody asked for it.
var ErrStopped = errors.New("stopped on request")

// ApprovalError says that a plan may not be run, as these changes of it are not
// approved. Like DriftError it has its words as a *steps.Error inside, so that
// callers show it as every other error with a fix.
type ApprovalError struct{ Changes []steps.Change }

func (e *ApprovalError) Error() string { return e.Unwrap().Error() }

// Unwrap gives the words for a person.
func (e *ApprovalError) Unwrap() error {
	return &steps.Error{
		Summary: steps.T("%d changes of the plan are not approved, the first of them: %s.", len(e.Changes), e.Changes[0].ID),
		Fix:     steps.T("Look at the plan and approve it; nothing of it is done before."),
	}
}

// DriftError says that a thing is neither as it was when the change was
// approved nor as it will be: somebody else changed it in between.
type DriftError struct {
	Change steps.Change
	Live   steps.Doc
	// Written says that our change was made and did not hold.
	Written bool
}

func (e *DriftError) Error() string { return e.Unwrap().Error() }

// Unwrap gives the words for a person.
func (e *DriftError) Unwrap() error {
	summary := steps.T("%s is no longer as it was when the plan was approved; it was left alone.", e.Change.Ref)
	if e.Written {
		summary = steps.T("%s does not read back as it was written: somebody else changes it too, or AWS keeps it in another form.", e.Change.Ref)
	}
	return &steps.Error{
		Summary: summary,
		Fix:     steps.T("Look at the difference, plan again and approve again. What is done already stays done."),
	}
}

// StepError is a failed step with what was understood of it.
type StepError struct {
	Step      steps.StepID
	Diagnosis steps.Diagnosis
	Err       error
}

func (e *StepError) Error() string { return fmt.Sprintf("step %s: %s", e.Step, e.Diagnosis.Summary) }
func (e *StepError) Unwrap() error { return e.Err }

// PauseError says that nobody logged in again in time.
type PauseError struct {
	Step   steps.StepID
	Waited time.Duration
	Err    error
}

func (e *PauseError) Error() string {
	return fmt.Sprintf("step %s waited %s for a new login: %s", e.Step, e.Waited, failure.Silent(fmt.Sprint(e.Err)))
}
func (e *PauseError) Unwrap() error { return e.Err }

// PanicError is a mistake in the program that ended a step and nothing else.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("internal error: %v", e.Value) }

// ExitCode is the program's exit code for an error of Run, CleanUp or Undo.
func ExitCode(err error) int {
	var paused *PauseError
	var other *OtherSideError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, ErrStopped):
		return 130
	case errors.As(err, &other):
		return 4
	case errors.As(err, &paused):
		return 5
	}
	return 1
}

// stopped turns the end of our own context into the wish it came from.
func stopped(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ErrStopped
	}
	return err
}

// innermost is the diagnosis without a decoder: the words of the last cause.
func innermost(err error) steps.Diagnosis {
	f := failure.Of(err)
	d := steps.Diagnosis{Layer: "service", Summary: steps.T("%s", f.Message), Unknown: true, Body: string(f.Body)}
	if f.Kind == failure.Unknown && f.Status == 0 {
		d.Layer = "client"
	}
	return d
}

// own explains errors that are ours; ok is false for those of AWS or the engine.
func own(err error) (d steps.Diagnosis, ok bool) {
	var broken *PanicError
	if errors.As(err, &broken) {
		return steps.Diagnosis{
			Layer: "client", Summary: steps.T("snapferry made a mistake: %s", broken.Error()), Body: string(broken.Stack),
			Causes: []steps.Cause{{ID: "internal-error", Summary: steps.T("A mistake in the program"), Fix: steps.T("Run again: what is done is not repeated. If it comes back, report it with the text below.")}},
		}, true
	}
	var said *steps.Error
	if !errors.As(err, &said) || said.Cause != nil {
		return steps.Diagnosis{}, false
	}
	id := "not-possible"
	var drift *DriftError
	if errors.As(err, &drift) {
		id = "changed-meanwhile"
	}
	return steps.Diagnosis{Layer: "client", Summary: said.Summary, Causes: []steps.Cause{{ID: id, Summary: said.Summary, Fix: said.Fix}}}, true
}
