package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/ui/stream"
	"snapferry/ui/term"
)

// interruptible turns signals into stops: the first at the next safe point, the
// second at once. Both say how to go on.
func (p *place) interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	done, ended := make(chan struct{}), make(chan struct{})
	var once sync.Once
	p.stopping = make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var s os.Signal
			select {
			case <-done:
				return
			case s = <-p.Signals:
			}
			if p.toScreen(s) {
				continue
			}
			first, asking := p.control.Load().Interrupt() == 1, p.asking.Load()
			once.Do(func() { close(p.stopping) })
			if first && asking { // nothing is being done: the prompt is left, and says what that means
				continue
			}
			if first {
				fmt.Fprintln(p.Err, "\nStops at the next safe point; once more cancels the call in flight.")
				continue
			}
			cancel()
			return
		}
	}()
	return ctx, func() { close(done); cancel(); <-ended }
}

// toScreen hands a signal to the full screen, where one is open and takes it.
func (p *place) toScreen(s os.Signal) bool {
	to := p.screened.Load()
	if to == nil {
		return false
	}
	select {
	case *to <- s:
		return true
	default: // it has not taken those before: then it is stopped without it
		return false
	}
}

// watcher shows a run's records in a sink.
type watcher struct {
	*place
	view *engine.View
	sink stream.Sink
	// broken is why nothing can be shown any more.
	broken error
}

// watch begins to listen; nothing is shown before catchUp or during.
func (p *place) watch() (*watcher, error) {
	sink, err := p.sink()
	if err != nil {
		return nil, err
	}
	_, view := p.runner.Watch()
	return &watcher{place: p, view: view, sink: sink}, nil
}

// catchUp shows what has happened so far.
func (w *watcher) catchUp() error {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		batch, err := w.view.Next(now)
		if err != nil {
			return nil // nothing is left
		}
		if err := w.sink.Records(batch); err != nil {
			return w.outcome(err)
		}
	}
}

// during runs do and shows what happens, until everything was shown. A reader
// that went away stops the run at its next safe point.
func (w *watcher) during(do func() error) error {
	shown := make(chan struct{})
	go func() { defer close(shown); w.follow() }()
	err := do()
	w.runner.Close()
	<-shown
	return w.outcome(errors.Join(err, w.broken))
}

// outcome says how a run that was stopped is gone on with.
func (w *watcher) outcome(err error) error {
	if brokenPipe(err) {
		fmt.Fprintf(w.Err, "The reader of the output went away, so the run was stopped. Nothing is lost; go on with: %s\n", w.resumeLine(w.command))
		return term.Exit(term.ExitInterrupted, nil)
	}
	var failed *engine.StepError
	if errors.As(err, &failed) && w.control.Load().Stopping() { // asked what to do about it, somebody left
		fmt.Fprintf(w.Err, "Stopped. What is done stays done; go on with: %s\n", w.resumeLine(w.command))
		return term.Exit(term.ExitInterrupted, err)
	}
	if errors.Is(err, engine.ErrStopped) || errors.Is(err, context.Canceled) {
		fmt.Fprintf(w.Err, "Stopped. Nothing is lost; go on with: %s\n", w.resumeLine(w.command))
		return term.Exit(term.ExitInterrupted, nil)
	}
	return err
}

// beatEvery is how often a silent view looks at the clock.
const beatEvery = time.Second

func (w *watcher) follow() {
	defer w.view.Close()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), beatEvery)
		batch, err := w.view.Next(ctx)
		cancel()
		switch {
		case errors.Is(err, io.EOF):
			return
		case errors.Is(err, context.DeadlineExceeded):
			err = w.sink.Beat(w.Now())
		case err == nil:
			err = w.sink.Records(batch)
		}
		if err != nil && w.broken == nil {
			// Go on taking records, so that the feed can end.
			w.broken, w.sink = err, blind{}
			w.control.Load().Stop(steps.T("The reader of the output went away."))
		}
	}
}

// blind is the sink of a reader that went away.
type blind struct{}

func (blind) Records([]steps.Record) error { return nil }
func (blind) Beat(time.Time) error         { return nil }
