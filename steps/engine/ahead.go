package engine

import (
	"context"
	"fmt"

	"snapferry/steps"
)

// AheadError says that nothing more can be planned before somebody else has made these
// changes: who is here sees nothing of what the rest of the plan is about. Err has the
// words for a person.
type AheadError struct {
	Step    steps.StepID
	Changes []steps.Change
	Err     *steps.Error
}

func (e *AheadError) Error() string { return e.Err.Error() }
func (e *AheadError) Unwrap() error { return e.Err }

// Ahead hands over what has to be done before a plan can be made, as a step hands over
// what nobody here may do, and waits until its effect is seen. It gives what Run gives;
// nil says that it is time to plan again.
func (r *Runner) Ahead(ctx context.Context, ahead *AheadError) error {
	s, ok := r.step(ahead.Step)
	if !ok {
		return fmt.Errorf("engine: step %s is not one of the run", ahead.Step)
	}
	if err := r.begin(steps.Migrate); err != nil {
		return err
	}
	ctx, end := r.session(ctx)
	defer end()
	err := r.patiently(ctx, ahead.Step, func(ctx context.Context) (err error) {
		defer recovered(&err)
		return r.handBlind(ctx, s, ahead.Changes)
	})
	if err != nil {
		return r.finish(err)
	}
	r.o.Live.DropAll()
	return nil
}
