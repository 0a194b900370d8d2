package wizard

import (
	"context"
	"fmt"
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
	return r.end(err)
}

// end gives up what is under way and keeps the answers, after the program ended by itself
// or by err.
func (r *root) end(err error) (Outcome, error) {
	// It may not have ended by itself, and then nothing of it is sure to work.
	for _, do := range []func(){func() { r.modal.close() }, func() { r.screen.Close() }, func() { r.out.Told = r.settle() }} {
		if e := caught(do); err == nil {
			err = e
		}
	}
	out := r.out
	if err != nil { // it did not end by itself
		out.Left = true
		err = &steps.Error{Summary: steps.T("The screen ended: %s", err.Error()), Fix: steps.T("Go on in plain lines with --plain"), Cause: err}
	}
	if r.Answers != nil {
		kept, keepErr := r.Deeds.Keep(r.Answers)
		if out.Kept = kept; err == nil {
			err = keepErr
		}
	}
	return out, err
}

// caught does something, and makes an error of a panic.
func caught(do func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	do()
	return nil
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
