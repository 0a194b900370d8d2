package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"snapferry/awsx/text"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/ui/board"
	"snapferry/ui/prompt"
	"snapferry/ui/term"
)

// keyboard reads what is typed; there is one for the whole start.
func (a *app) keyboard() *prompt.Keyboard {
	if a.typing == nil {
		a.typing = prompt.NewKeyboard(a.In)
	}
	return a.typing
}

// ask prints a question and waits for a line, or until ctx ends or a signal
// asked to stop: a prompt must never keep anybody in.
func (p *place) ask(ctx context.Context, question string) (string, error) {
	if p.asker != nil {
		got, err := p.asker.Ask(ctx, steps.T("%s", asTitle(question)), false)
		return strings.TrimSpace(got), err
	}
	got, err := p.answer(ctx, question, p.keyboard().Line)
	return strings.TrimSpace(got), err
}

// secret asks for something that must not be seen while it is typed. Blanks
// around it may be part of it.
func (p *place) secret(ctx context.Context, question string) (string, error) {
	if p.asker != nil {
		return p.asker.Ask(ctx, steps.T("%s", asTitle(question)), true)
	}
	got, err := p.answer(ctx, question, p.keyboard().Secret)
	if err == nil {
		fmt.Fprintln(p.Err) // the enter was not shown either
	}
	return got, err
}

// asTitle is the question of a line without what only a line needs.
func asTitle(question string) string { return strings.TrimRight(question, ": ") }

func (p *place) answer(ctx context.Context, question string, read func(context.Context) (string, error)) (string, error) {
	// Before the question is seen: who reads it may leave at once.
	defer p.asking.Store(p.asking.Swap(true))
	fmt.Fprint(p.Err, p.fitted(question))
	ctx, cancel := p.untilStopped(ctx)
	defer cancel()
	got, err := read(ctx)
	if err == nil {
		return got, nil
	}
	fmt.Fprintln(p.Err)
	return "", term.Exit(term.ExitInterrupted, nil)
}

// fitted breaks a question where the terminal it is read on would; what is typed goes on
// behind its last line.
func (a *app) fitted(question string) string {
	var lines []string
	for part := range strings.SplitSeq(question, "\n") {
		lines = append(lines, board.Line{Text: part, Hang: 2}.Wrap(a.errCells())...)
	}
	return strings.Join(lines, "\n")
}

// untilStopped gives a context that ends with the first signal too.
func (p *place) untilStopped(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-p.stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// mostSlips is how often a confirmation may be typed wrongly.
const mostSlips = 3

// typed asks for a confirmation that cannot be given by accident.
// A slip of the finger may be put right: all that was answered before stands.
func (p *place) typed(ctx context.Context, what, want string) error {
	question := fmt.Sprintf("Type %s to approve: ", what)
	for range mostSlips {
		got, err := p.ask(ctx, question)
		if err != nil {
			p.tell(steps.T("Stopped. Nothing was changed.%s Go on with: %s", p.standing(p.runner.State()), p.resumeLine(p.command)))
			return err
		}
		if got == "" {
			break
		}
		if strings.NewReplacer("-", "", " ", "").Replace(got) == strings.ReplaceAll(want, "-", "") {
			return nil
		}
		question = fmt.Sprintf("That is not it. Type %s to approve, or press enter to stop: ", what)
	}
	return term.Exit(term.ExitUsage, &steps.Error{
		Summary: steps.T("That is not %s; nothing was changed", what),
		Fix:     steps.T("Run again and type it as the plan shows it"),
	})
}

// standing says what a run has made by now, if that is anything.
func (a *app) standing(s *steps.State) string {
	if n := len(s.Takebacks(steps.Undo)); n > 0 {
		things := steps.Counted(n, "%d thing", "%d things")
		return fmt.Sprintf(" What the run made before stays: %s; to take it back: %s.", things, a.resumeLine("undo"))
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
		p.tell(steps.T("This deletes %s, for good.", what)) // so that the word to type stands near the beginning of a line
		got, err := p.ask(ctx, fmt.Sprintf("Type %s to allow it, or press enter to keep it: ", typed))
		return err == nil && got == typed
	}
}

// failedStep is a step that failed; the rest is right without one that is optional.
type failedStep struct {
	id       steps.StepID
	is       steps.Diagnosis
	optional bool
}

// onFailure asks on a terminal what to do about a failed step; nil, which stops,
// where nobody can be asked.
func (p *place) onFailure(list []engine.Step) func(context.Context, steps.StepID, steps.Diagnosis) engine.Decision {
	if p.decide == nil && !p.Interactive() {
		return nil
	}
	optional := map[steps.StepID]bool{}
	for _, s := range list {
		optional[s.Info().ID] = s.Info().Optional
	}
	return func(ctx context.Context, step steps.StepID, d steps.Diagnosis) engine.Decision {
		if p.decide != nil {
			return p.decide(ctx, failedStep{step, d, optional[step]})
		}
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
