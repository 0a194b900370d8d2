package cli

import (
	"context"
	"errors"
	"slices"

	"snapferry/steps"
	"snapferry/steps/engine"
)

// planned makes the plan. What somebody else has to do before there can be one is
// handed over and waited for; then everything is checked once more, as more is seen.
func (w *watcher) planned(ctx context.Context, c *consents) (steps.Plan, error) {
	var done []steps.StepID
	for {
		plan, err := w.runner.Plan(ctx)
		var ahead *engine.AheadError
		if !errors.As(err, &ahead) || slices.Contains(done, ahead.Step) {
			return plan, w.outcome(err)
		}
		if err := w.meanwhile(func() error { return w.runner.Ahead(ctx, ahead) }); err != nil {
			return plan, err
		}
		if err := w.checkFirst(ctx, w.sink, c); err != nil {
			return plan, err
		}
		done = append(done, ahead.Step)
	}
}

// meanwhile runs do and shows what happens, and leaves the view open for what comes
// after.
func (w *watcher) meanwhile(do func() error) error {
	ctx, cancel := context.WithCancel(context.Background())
	shown := make(chan error, 1)
	go func() { shown <- w.show(ctx) }()
	err := do()
	cancel()
	return w.outcome(errors.Join(err, <-shown, w.catchUp()))
}

// show shows records until there is nobody to wait for any more. A reader that went
// away stops the run.
func (w *watcher) show(ctx context.Context) error {
	for {
		batch, err := w.view.Next(ctx)
		if err != nil {
			return nil
		}
		if err := w.sink.Records(batch); err != nil {
			w.control.Load().Stop(steps.T("The reader of the output went away."))
			return err
		}
	}
}
