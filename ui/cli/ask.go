package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	xterm "golang.org/x/term"

	"snapferry/awsx/text"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/ui/term"
)

// typedLine is one line that was typed.
type typedLine struct {
	text string
	err  error
}

// ask prints a question and waits for a line, or until ctx ends or a signal
// asked to stop: a prompt must never keep anybody in.
func (p *place) ask(ctx context.Context, question string) (string, error) {
	p.asking.Store(true)
	fmt.Fprint(p.Err, question)
	if p.input == nil {
		p.input = bufio.NewReader(p.In)
	}
	got := make(chan typedLine, 1)
	go func() {
		s, err := p.input.ReadString('\n')
		got <- typedLine{s, err}
	}()
	return p.answer(ctx, got)
}

// secret asks for something that must not be seen while it is typed.
func (p *place) secret(ctx context.Context, question string) (string, error) {
	f, ok := p.In.(*os.File)
	if !ok {
		return p.ask(ctx, question)
	}
	state, err := xterm.GetState(int(f.Fd()))
	if err != nil {
		return p.ask(ctx, question)
	}
	p.asking.Store(true)
	fmt.Fprint(p.Err, question)
	// Whoever leaves the prompt by a signal must find the terminal as it was.
	defer func() { _ = xterm.Restore(int(f.Fd()), state); fmt.Fprintln(p.Err) }()
	got := make(chan typedLine, 1)
	go func() {
		b, err := xterm.ReadPassword(int(f.Fd()))
		got <- typedLine{string(b), err}
	}()
	return p.answer(ctx, got)
}

func (p *place) answer(ctx context.Context, got <-chan typedLine) (string, error) {
	defer p.asking.Store(false)
	select {
	case <-ctx.Done():
	case <-p.stopping:
	case l := <-got:
		if l.err == nil || (errors.Is(l.err, io.EOF) && l.text != "") {
			return strings.TrimSpace(l.text), nil
		}
	}
	fmt.Fprintln(p.Err)
	return "", term.Exit(term.ExitInterrupted, nil)
}

// typed asks for a confirmation that cannot be given by accident.
func (p *place) typed(ctx context.Context, what, want string) error {
	got, err := p.ask(ctx, fmt.Sprintf("Type %s to approve: ", what))
	if err != nil {
		fmt.Fprintf(p.Err, "Stopped. Nothing was changed.%s Go on with: %s\n", p.standing(), p.resumeLine(p.command))
		return err
	}
	if strings.NewReplacer("-", "", " ", "").Replace(got) == strings.ReplaceAll(want, "-", "") {
		return nil
	}
	return term.Exit(term.ExitUsage, &steps.Error{
		Summary: steps.T("That is not %s; nothing was changed", what),
		Fix:     steps.T("Run again and type it as the plan shows it"),
	})
}

// standing says what earlier starts of the run made, if that is anything.
func (p *place) standing() string {
	if n := len(p.runner.State().Takebacks(steps.Undo)); n > 0 {
		return fmt.Sprintf(" What the run made before stays: %d things; %s takes them back.", n, p.resumeLine("undo"))
	}
	return ""
}

// confirm asks before data is lost: on a terminal by typing its name, which is
// shown even where names are hidden; elsewhere only the flags say yes.
func (p *place) confirm(o *consents) engine.Confirm {
	return func(ctx context.Context, what text.Text, typed string) bool {
		if o.deletes(typed) {
			return true
		}
		if !p.Interactive() {
			return false
		}
		got, err := p.ask(ctx, fmt.Sprintf("This deletes %s, for good. Type %s to allow it, or press enter to keep it: ", p.words().Say(what), typed))
		return err == nil && got == typed
	}
}

// onFailure asks on a terminal what to do about a failed step; nil, which stops,
// where nobody can be asked.
func (p *place) onFailure(list []engine.Step) func(context.Context, steps.StepID, steps.Diagnosis) engine.Decision {
	if !p.Interactive() {
		return nil
	}
	optional := map[steps.StepID]bool{}
	for _, s := range list {
		optional[s.Info().ID] = s.Info().Optional
	}
	return func(ctx context.Context, step steps.StepID, d steps.Diagnosis) engine.Decision {
		question := fmt.Sprintf("Step %s failed: %s\nr retry, enter stop and keep: ", step, p.words().Say(d.Summary))
		if optional[step] {
			question = fmt.Sprintf("Step %s failed: %s\nr retry, s skip, enter stop and keep: ", step, p.words().Say(d.Summary))
		}
		got, err := p.ask(ctx, question)
		switch {
		case err != nil:
			return engine.Stop
		case got == "r":
			return engine.Retry
		case got == "s" && optional[step]:
			return engine.Skip
		}
		return engine.Stop
	}
}

// waitOther is how long it is waited for the other side: as was said, else as
// long as somebody sits here and may hand the command on.
func (p *place) waitOther(c *consents) time.Duration {
	if c.wait == 0 && p.Interactive() {
		return engine.Forever
	}
	return c.wait
}
