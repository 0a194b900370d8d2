package cli

import (
	"context"
	"strings"
	"time"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/stream"
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
		return a.report(&reportOptions{})
	case ask.GoalResume:
		p.close() // another start of its own, which opens the sandbox again
		a.questions = nil
		return a.run(outer, o)
	case ask.GoalCheck:
		a.partial = true
		if err := p.prepare(ctx, &o.consents); err != nil {
			return err
		}
		return p.looked(ctx)
	}
	if err := p.prepare(ctx, &o.consents); err != nil {
		return err
	}
	return p.migrate(ctx, o)
}

// looked checks, and shows what is not well. The lines go by, so that what came of it
// stands at their end.
func (p *place) looked(ctx context.Context) error {
	p.tellStranger()
	found := p.findings(ctx)
	if ctx.Err() != nil {
		return term.Exit(term.ExitInterrupted, nil)
	}
	lines := append(p.words().FindingsLines(found, false), board.Line{})
	if err := stream.Print(p.Out, lines, p.Cells()); err != nil {
		return err
	}
	if err := informed(found); err != nil {
		return err
	}
	p.tell(verdict(found))
	if blocked(found) {
		return term.Exit(term.ExitBlocked, nil)
	}
	return nil
}

// verdict is what came of a look, in a line.
func verdict(found []steps.Finding) steps.Text {
	unknown := 0
	for _, f := range found {
		if f.Outcome == steps.Unknown {
			unknown++
		}
	}
	ids := inTheWay(found)
	switch {
	case len(ids) == 1:
		return steps.T("1 thing stands in the way: %s. What to do about it stands above; nothing was changed.", ids[0])
	case len(ids) > 1:
		return steps.T("%d things stand in the way: %s. What to do about them stands above; nothing was changed.", len(ids), strings.Join(ids, ", "))
	case unknown == 1:
		return steps.T("Nothing that was looked at stands in the way of a migration, but 1 check could not find out; nothing was changed.")
	case unknown > 1:
		return steps.T("Nothing that was looked at stands in the way of a migration, but %d checks could not find out; nothing was changed.", unknown)
	}
	return steps.T("Nothing that was looked at stands in the way of a migration; nothing was changed.")
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
