package wizard

import (
	"context"
	"os"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
)

// Run shows the wizard until it is left, gives the terminal back whatever happens, and
// keeps what was answered. Whoever made the deeds waits for what is still under way of
// them.
func Run(ctx context.Context, o Options, options ...tea.ProgramOption) (Outcome, error) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	r := newRoot(inner, o)
	p := tea.NewProgram(r, append([]tea.ProgramOption{
		tea.WithoutSignalHandler(), tea.WithColorProfile(o.Look.Profile), tea.WithWindowSize(o.Width, o.Height),
	}, options...)...)
	o.Deeds.Attach(asker{p.Send})
	go hear(inner, o.Signals, p)
	_, err := p.Run()
	cancel()
	r.modal.close()
	r.screen.Close() // it may not have ended by itself
	r.out.Told = r.settle()
	out := r.out
	if err != nil { // it did not end by itself
		out.Left = true
		err = &steps.Error{Summary: steps.T("The screen ended: %s", err.Error()), Fix: steps.T("Go on in plain lines with --plain"), Cause: err}
	}
	if o.Answers != nil {
		kept, keepErr := o.Deeds.Keep(o.Answers)
		if out.Kept = kept; err == nil {
			err = keepErr
		}
	}
	return out, err
}

// hear tells the program of signals, and of the end of its time.
func hear(ctx context.Context, signals <-chan os.Signal, p *tea.Program) {
	for {
		select {
		case _, open := <-signals:
			if !open {
				signals = nil
				continue
			}
			p.Send(stopMsg{})
		case <-ctx.Done():
			p.Send(leaveMsg{err: context.Cause(ctx)})
			return
		}
	}
}
