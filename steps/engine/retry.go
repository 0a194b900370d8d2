package engine

import (
	"context"
	"errors"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// Retry asks one question of a look that takes many, and asks it again as long as
// trouble that passes by itself stands in the way: then the look goes on where it was.
// What passes, how long it is borne and how that is told is as with a whole step. What
// does not pass, a refusal or a login that ran out, is the step's to deal with. Ask
// must change nothing and be good for being repeated.
func (w *World) Retry(ctx context.Context, step steps.StepID, ask func(context.Context) error) error {
	return w.again(ctx, step, ask)
}

// vain is trouble that was borne as long as it may be: the step does not bear it once more.
type vain struct{ error }

func (e vain) Unwrap() error { return e.error }

func (r *Runner) again(ctx context.Context, step steps.StepID, ask func(context.Context) error) error {
	var p patience
	for {
		err := stopped(ctx, ask(ctx))
		if err == nil {
			r.passed()
			return nil
		}
		f := failure.Of(err)
		if errors.Is(err, ErrStopped) || !f.Transient {
			return err
		}
		switch again, e := r.passes(ctx, step, &p, err, f); {
		case e != nil:
			return stopped(ctx, e)
		case !again:
			return vain{err}
		}
	}
}
