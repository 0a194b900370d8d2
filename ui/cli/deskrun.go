package cli

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"

	"snapferry/awsx/text"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/report"
	"snapferry/ui/ask"
	"snapferry/ui/wizard"
)

// Plan checks once more, takes the run directory, and makes the plan. What stands
// in the way is its error; then the directory is as free as before.
func (d *desk) Plan(ctx context.Context, a *ask.Answers, accept []steps.CheckID) (made wizard.Planned, err error) {
	ctx, done := d.begin(ctx, &err)
	defer done()
	c := *d.o
	for _, id := range accept {
		c.accept = append(c.accept, string(id))
	}
	if err := d.settle(ctx, a, false, &c); err != nil {
		return made, asError(err)
	}
	control := engine.NewControl() // one that was stopped stays so
	d.control.Store(control)
	plan, err := d.planned(ctx, &c)
	d.learn()
	if err != nil {
		err = d.untold(err)
		d.release()
		return made, d.othersRun(asError(err))
	}
	d.plan = &plan
	state, view := d.runner.Watch()
	failures := make(chan wizard.Failure)
	stopped := make(chan struct{})
	var once sync.Once
	d.failing = failing{failures, stopped}
	d.seen.Lock()
	d.kept.at, d.kept.body = filepath.Join(d.dir, answersName), string(written(a)) // the run directory has them
	d.seen.Unlock()
	return wizard.Planned{
		Plan: plan, State: state, Feed: view,
		Uncovered: len(d.runner.Uncovered(plan)), Typed: string(d.spec.Target.Account),
		Command: d.commands(),
		Interrupt: func() int {
			n := control.Interrupt()
			once.Do(func() { close(stopped) })
			return n
		},
		Continue: control.Continue, Pause: control.Pause,
		Failures: failures, Calls: d.newestCalls(),
		Report: d.reports(), Resume: d.resumeLine("run"),
	}, nil
}

// planned takes the run directory and plans.
func (d *desk) planned(ctx context.Context, c *consents) (plan steps.Plan, err error) {
	d.mark = len(d.closers)
	if err := d.openRun("run", c); err != nil {
		return plan, err
	}
	if err := d.overwritable(ctx); err != nil {
		return plan, err
	}
	d.found = d.findings(ctx)
	if err := ctx.Err(); err != nil {
		return plan, err
	}
	if err := mayGoOn(d.found, c); err != nil {
		return plan, err
	}
	return d.runner.Plan(ctx)
}

// untold makes of a step that cannot be planned an error with the way out.
func (d *desk) untold(err error) error {
	var ahead *engine.AheadError
	if errors.As(err, &ahead) {
		return d.errand(ahead)
	}
	var failed *engine.StepError
	if !errors.As(err, &failed) {
		return err
	}
	e := &steps.Error{Summary: steps.T("Step %s cannot be planned: %s", string(failed.Step), failed.Diagnosis.Summary), Cause: err}
	if len(failed.Diagnosis.Causes) > 0 {
		e.Fix = failed.Diagnosis.Causes[0].Fix
	}
	return e
}

// errand is what somebody else has to do before there can be a plan, with its lines.
func (d *desk) errand(ahead *engine.AheadError) error {
	render, words := d.commands(), d.words()
	var lines []string
	for _, c := range ahead.Changes {
		lines = append(lines, "# "+text.Clean(words.Say(c.Summary)), // which stays a comment
			strings.TrimSpace(render(c)), "")
	}
	return &wizard.HandedError{Command: strings.Join(lines, "\n"), Err: &steps.Error{
		Field: ahead.Err.Field, Summary: ahead.Err.Summary, Cause: ahead,
		Fix: steps.T("Hand these lines to somebody who may edit its role mappings: the plan follows as soon as it is seen that he ran them. Or go back and name who does it under %s", ahead.Err.Field),
	}}
}

// Run has the plan that was made last approved, and does it.
func (d *desk) Run(ctx context.Context, approvedBy string) (err error) {
	ctx, done := d.begin(ctx, &err)
	defer done()
	if d.plan == nil {
		return &steps.Error{Summary: steps.T("There is no plan to be run"), Fix: steps.T("Plan again: the answers have changed since")}
	}
	plan := *d.plan
	d.plan = nil // it is run once
	defer d.learn()
	defer d.runner.Close()
	if len(d.runner.Uncovered(plan)) > 0 {
		if err := d.runner.Approve(plan, approvedBy); err != nil {
			return err
		}
	}
	return d.runner.Run(ctx, plan)
}

// commands gives a change as something to copy. A kind's rendering is pure, so that
// it may be asked for while something is done.
func (d *desk) commands() func(steps.Change) string {
	f, words := d.facts, d.words()
	return func(c steps.Change) string {
		kind, ok := f.Resource(c.Ref.Kind)
		if !ok {
			return ""
		}
		shown := kind.Render(c)
		for _, form := range []string{shown.Curl, shown.CLI, shown.Terraform} {
			if form != "" {
				return words.Mask(form)
			}
		}
		return ""
	}
}

// reports gives the account of a state of the run that was planned.
func (d *desk) reports() func(*steps.State) report.Report {
	o := d.reportOptions()
	return func(s *steps.State) report.Report { return report.New(s, o) }
}

// failing is how a failed step is told and its decision waited for.
type failing struct {
	to chan wizard.Failure
	// stopped is closed by the first interrupt: who stops decides nothing else.
	stopped chan struct{}
}

// decide hands a failed step to the screen and waits for what is to be done.
func (d *desk) decide(ctx context.Context, failed failedStep) engine.Decision {
	answer := make(chan wizard.Decision, 1)
	tell := wizard.Failure{Step: failed.id, Diagnosis: failed.is, Skippable: failed.optional, Fix: d.mendable(ctx, failed), Decide: answer}
	stop := d.failing.stopped
	select {
	case <-stop: // who stopped is not asked any more
		return engine.Stop
	default:
	}
	select {
	case d.failing.to <- tell:
	case <-stop:
		return engine.Stop
	case <-ctx.Done():
		return engine.Stop
	}
	select {
	case said := <-answer:
		return map[wizard.Decision]engine.Decision{wizard.Retry: engine.Retry, wizard.Skip: engine.Skip}[said]
	case <-stop:
	case <-ctx.Done():
	}
	return engine.Stop
}
