package cli

import (
	"context"
	"time"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/term"
)

// guided leads whoever starts the bare program on a terminal through all
// questions, and does what they were asked for.
func (a *app) guided(outer context.Context) error {
	a.questions = &questions{whole: true}
	o := &runOptions{consents{pauseTimeout: time.Hour}}
	p, ctx := a.enter(outer)
	defer p.close()
	if err := p.banner(); err != nil {
		return err
	}
	if err := p.answered(ctx, &o.consents); err != nil {
		return err
	}
	switch p.asked.Get(ask.Goal) {
	case ask.GoalExplain:
		return p.explainPasted(ctx)
	case ask.GoalReport:
		return a.report(&reportOptions{format: "markdown"})
	case ask.GoalResume:
		p.close() // another start of its own, which opens the sandbox again
		a.questions = nil
		return a.run(outer, o)
	case ask.GoalCheck:
		a.partial = true
		if err := p.prepare(ctx, &o.consents); err != nil {
			return err
		}
		return p.check(ctx)
	}
	if err := p.prepare(ctx, &o.consents); err != nil {
		return err
	}
	return p.migrate(ctx, o)
}

// explainPasted explains an error that is pasted at the prompt.
func (p *place) explainPasted(ctx context.Context) error {
	p.tell(steps.T("Paste the error as it came, then an empty line (two, where a brace is left open):"))
	defer p.asking.Store(p.asking.Swap(true))
	ctx, cancel := p.untilStopped(ctx)
	defer cancel()
	text, err := p.keyboard().Paste(ctx)
	if err != nil {
		return term.Exit(term.ExitInterrupted, nil)
	}
	return p.explainText(ctx, &explainOptions{}, []string{text})
}
