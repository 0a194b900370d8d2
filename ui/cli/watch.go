package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"snapferry/steps/engine"
	"snapferry/ui/stream"
	"snapferry/ui/term"
)

// interruptible turns signals into stops: the first at the next safe point, the
// second at once. Both say how to go on.
func (p *place) interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-p.Signals:
			}
			if p.control.Interrupt() == 1 {
				fmt.Fprintln(p.Err, "\nStops at the next safe point; once more cancels the call in flight.")
				continue
			}
			cancel()
			return
		}
	}()
	return ctx, func() { close(done); cancel() }
}

// beatEvery is how often a silent view looks at the clock.
const beatEvery = time.Second

// watched runs do while the sink shows what happens, and waits until everything
// was shown. A reader that went away stops the run at its next safe point.
func (p *place) watched(sink stream.Sink, do func() error) error {
	_, view := p.runner.Watch()
	shown := make(chan error, 1)
	go func() { shown <- p.show(view, sink) }()
	err := do()
	p.runner.Close()
	showErr := <-shown
	if err == nil {
		err = showErr
	}
	if errors.Is(err, engine.ErrStopped) || errors.Is(err, context.Canceled) {
		fmt.Fprintf(p.Err, "Stopped. Nothing is lost; go on with: %s\n", p.resumeLine("run"))
		return term.Exit(term.ExitInterrupted, nil)
	}
	return err
}

func (p *place) show(view *engine.View, sink stream.Sink) error {
	defer view.Close()
	var broken error
	for {
		ctx, cancel := context.WithTimeout(context.Background(), beatEvery)
		batch, err := view.Next(ctx)
		cancel()
		switch {
		case errors.Is(err, io.EOF):
			return broken
		case errors.Is(err, context.DeadlineExceeded):
			err = sink.Beat(p.Now())
		case err == nil:
			err = sink.Records(batch)
		}
		if err != nil && broken == nil {
			broken = err
			p.control.Interrupt()
		}
		if broken != nil {
			// Go on taking records, so that the feed can end.
			sink = blind{}
		}
	}
}

// blind is the sink of a reader that went away.
type blind struct{ stream.Sink }

func (blind) Records([]record) error { return nil }
func (blind) Beat(time.Time) error   { return nil }
