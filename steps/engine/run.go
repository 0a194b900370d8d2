package engine

import (
	"context"
	"errors"
	"fmt"

	"snapferry/steps"
)

// Run does an approved plan, step by step, and writes down how it ended. It
// gives nil, ErrStopped, *ApprovalError, *PauseError, *OtherSideError, or *StepError wrapping
// what failed (*DriftError, *PanicError, an error of AWS); see ExitCode.
func (r *Runner) Run(ctx context.Context, plan steps.Plan) error {
	if _, ok := r.o.Journal.(*Memory); ok {
		return errors.New("engine: a run needs a journal that lasts")
	}
	if open := r.Uncovered(plan); len(open) > 0 {
		return &ApprovalError{Changes: open}
	}
	if err := r.begin(plan.Purpose); err != nil {
		return err
	}
	ctx, end := r.session(ctx)
	defer end()
	// What was read for the plan may be hours old: it was shown to a person.
	r.o.Live.DropAll()
	var err error
	for _, sp := range plan.Steps {
		r.o.Points(PointBetween)
		r.o.Control.stand(ctx)
		if err = r.halting(ctx); err != nil {
			break
		}
		if err = r.runStep(ctx, sp); err != nil {
			break
		}
	}
	return r.finish(err)
}

// finish writes down how it ended, and the report with it. The report is written
// from the state as it will be with the end in it: a report that has to be read
// together with an exit code would be no account. A report that cannot be written
// does not turn a migration that is done into one that failed.
func (r *Runner) finish(err error) error {
	if broken := r.unwritable(); broken != nil {
		return broken
	}
	if errors.Is(err, ErrStopped) {
		if e := r.emit("", steps.Paused{Why: r.o.Control.because(), Resume: r.o.Resume}); e != nil {
			return e
		}
	}
	var other *OtherSideError
	if errors.As(err, &other) {
		why := steps.T("Waiting for the other side: %s: %s", other.Instruction.Who, other.Instruction.What)
		if e := r.emit("", steps.Paused{Why: why, Resume: r.o.Resume}); e != nil {
			return e
		}
	}
	done := steps.RunDone{OK: err == nil, ExitCode: ExitCode(err), Kept: r.stays()}
	last := r.State()
	last.Apply(steps.Record{Seq: last.Seq + 1, At: r.o.Clock.Now().UTC(), Event: done})
	if r.purpose == steps.Migrate {
		done.Spent = last.Spent()
		last.Done = &done
	}
	var unwritten error
	if r.o.Report != nil {
		done.Report, unwritten = r.o.Report(last)
	}
	if unwritten != nil {
		line := steps.Log{Level: "warn", Text: steps.T("The report could not be written: %s", unwritten)}
		if e := r.emit("", line); e != nil {
			return e
		}
	}
	r.o.Points(PointBeforeEnd)
	if e := r.emit("", done); e != nil {
		return e
	}
	return err
}

// runStep does one step to its end: verified, skipped, failed or stopped.
func (r *Runner) runStep(ctx context.Context, sp steps.StepPlan) error {
	s, ok := r.step(sp.ID)
	if !ok {
		return fmt.Errorf("engine: the plan has step %s, which this program does not know", sp.ID)
	}
	if len(sp.Changes) == 0 {
		return r.emit(sp.ID, steps.StepSkipped{Why: steps.T("There is nothing to do.")})
	}
	unproven := r.unproven(sp.ID) // asked before StepStarted changes the status
	for {
		if err := r.record(sp.ID, steps.StepStarted{}, PointStepStarted); err != nil {
			return err
		}
		evidence, err := r.work(ctx, s, sp.Changes, unproven)
		r.flush(sp.ID)
		if errors.Is(err, errUnseen) {
			return r.emit(sp.ID, steps.StepSkipped{Why: steps.T("It was handed over; whether it is so cannot be read here.")})
		}
		if err == nil {
			r.o.Points(PointVerified)
			existed := !r.made[sp.ID] && sp.Changes[0].Verb != steps.Act
			return r.record(sp.ID, steps.StepDone{Evidence: evidence, Existed: existed}, PointStepDone)
		}
		if again, err := r.failed(ctx, s, err); !again {
			return err
		}
	}
}

// work does a step's changes. What the identity here is refused somebody else does,
// and the step goes on with the rest.
func (r *Runner) work(ctx context.Context, s Step, changes []steps.Change, unproven bool) (evidence steps.Evidence, err error) {
	for {
		err = r.patiently(ctx, s.Info().ID, func(ctx context.Context) (err error) {
			defer recovered(&err)
			if a, ok := s.(Action); ok {
				evidence, err = r.act(ctx, a, changes[0])
				return err
			}
			evidence, err = r.declare(ctx, s, changes, unproven)
			return err
		})
		var no *refusedWrite
		if !errors.As(err, &no) {
			return evidence, err
		}
		if err := r.handRefused(ctx, s.Info().ID, no); err != nil {
			return evidence, err
		}
	}
}

// unproven matters for proofs that write (a repository's verification): they are
// given until they succeeded once, and then only looked at. It says that an earlier start made something of the step and died before
// it was verified.
func (r *Runner) unproven(id steps.StepID) bool {
	s := r.State()
	st := s.Step(id)
	proven := st != nil && (st.Status == steps.StatusDone || st.Status == steps.StatusExisted)
	return s.Changed(id) && !proven
}

// resumable says that an error ends this start and fails nothing: the next start
// goes on where this one was.
func (r *Runner) resumable(err error) bool {
	var paused *PauseError
	var other *OtherSideError
	return r.unwritable() != nil || errors.Is(err, ErrStopped) || errors.As(err, &paused) || errors.As(err, &other)
}

// failed writes a failure down and asks what to do about it. Being stopped,
// waiting in vain for a login and a dead journal are no failures of the step: it
// goes on where it was at the next start.
func (r *Runner) failed(ctx context.Context, s Step, err error) (again bool, _ error) {
	info := s.Info()
	if r.resumable(err) {
		return false, err
	}
	d := r.diagnose(err)
	if e := r.emit(info.ID, steps.StepFailed{Diagnosis: d}); e != nil {
		return false, e
	}
	decision := Stop
	if r.o.Failed != nil {
		decision = r.o.Failed(ctx, info.ID, d)
	}
	switch {
	case decision == Retry:
		r.o.Live.DropAll() // the person may have mended something meanwhile
		return true, nil
	case decision == Skip && info.Optional:
		return false, r.emit(info.ID, steps.StepSkipped{Why: steps.T("It failed, and you chose to go on without it.")})
	}
	return false, &StepError{Step: info.ID, Diagnosis: d, Err: err}
}
