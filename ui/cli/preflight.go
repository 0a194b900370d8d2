package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"snapferry/steps"
	"snapferry/steps/preflight"
	"snapferry/ui/board"
	"snapferry/ui/stream"
	"snapferry/ui/term"
)

func (a *app) preflightCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "preflight",
		Short: "Check everything a migration needs; changes nothing",
		Long: `Checks run at once and are printed in a fixed order. Exit code 3 says that something would
stop the migration. What could not be asked is unknown, never passed.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.preflight(c.Context()) },
	}
}

func (a *app) preflight(ctx context.Context) error {
	p, ctx, err := a.open(ctx, &consents{})
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.openPlanner(); err != nil {
		return err
	}
	sink, err := p.sink()
	if err != nil {
		return err
	}
	found := p.findings(ctx)
	if err := p.showFindings(sink, found, true); err != nil {
		return err
	}
	if blocked(found) {
		return term.Exit(term.ExitBlocked, nil)
	}
	return nil
}

func (p *place) findings(ctx context.Context) []steps.Finding {
	return preflight.Run(ctx, p.facts, preflight.Catalogue(p.spec))
}

// showFindings prints them. all is false before a plan, where what passed is
// only counted.
func (p *place) showFindings(sink stream.Sink, found []steps.Finding, all bool) error {
	if j, ok := sink.(*stream.JSON); ok {
		return j.Findings(found)
	}
	return stream.Print(p.Out, append(p.words().FindingsLines(found, all), board.Line{}), p.Cells())
}

// checkFirst runs the checks before a plan is made. A blocker cannot be waved
// through; a warning of weight wants --accept with its name.
func (p *place) checkFirst(ctx context.Context, sink stream.Sink, c *consents) error {
	found := p.findings(ctx)
	if ctx.Err() != nil {
		return term.Exit(term.ExitInterrupted, nil)
	}
	if err := p.showFindings(sink, found, false); err != nil {
		return err
	}
	if blocked(found) {
		return term.Exit(term.ExitBlocked, &steps.Error{
			Summary: steps.T("Preflight found something that would stop the migration; nothing was changed"),
			Fix:     steps.T("Put right what is marked BLOCK above, then run again"),
		})
	}
	for _, f := range found {
		if f.Weighty && f.Outcome == steps.Warn && !slices.Contains(c.accept, string(f.ID)) {
			return term.Exit(term.ExitBlocked, &steps.Error{
				Summary: steps.T("The warning %s has weight and was not accepted; nothing was changed", string(f.ID)),
				Fix:     steps.T("Read it above; --accept %s goes on in spite of it", string(f.ID)),
			})
		}
	}
	return nil
}

func blocked(found []steps.Finding) bool {
	return slices.ContainsFunc(found, func(f steps.Finding) bool { return f.Outcome == steps.Block })
}
