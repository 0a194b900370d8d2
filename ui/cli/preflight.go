package cli

import (
	"context"
	"slices"
	"strings"

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
		Long: `Checks run at once and are printed in a fixed order. What could not be asked is
unknown, never passed. Partial answers are enough. Exit code 3 says that something would stop the
migration, 1 that nothing at all could be found out.`,
		RunE: func(c *cobra.Command, _ []string) error {
			a.questions = &questions{command: "preflight"}
			return a.preflight(c.Context())
		},
	}
}

func (a *app) preflight(ctx context.Context) error {
	a.partial = true
	p, ctx, err := a.open(ctx, &consents{})
	if err != nil {
		return err
	}
	defer p.close()
	return p.check(ctx)
}

func (p *place) check(ctx context.Context) error {
	p.tellStranger()
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
	return informed(found)
}

// informed refuses to call it well where no check could find out anything.
func informed(found []steps.Finding) error {
	if !preflight.NothingKnown(found) {
		return nil
	}
	return term.Exit(term.ExitFailed, &steps.Error{
		Summary: steps.T("No check could find out anything; nothing was changed"),
		Fix:     steps.T("Do what stands behind fix above, then run again"),
	})
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
// through; a warning of weight wants --accept with its name before a run.
func (p *place) checkFirst(ctx context.Context, sink stream.Sink, c *consents) error {
	found := p.findings(ctx)
	if ctx.Err() != nil {
		return term.Exit(term.ExitInterrupted, nil)
	}
	if err := p.showFindings(sink, found, false); err != nil {
		return err
	}
	return mayGoOn(found, c)
}

// mayGoOn refuses to go on to a plan where a blocker stands in the way, or a warning
// of weight that c does not accept. nil for c is a look, which no warning stops.
func mayGoOn(found []steps.Finding, c *consents) error {
	if blocked(found) {
		return term.Exit(term.ExitBlocked, blockers(found))
	}
	if err := informed(found); err != nil {
		return err
	}
	for _, f := range found {
		if f.Weighty && f.Outcome == steps.Warn && c != nil && !slices.Contains(c.accept, string(f.ID)) {
			return term.Exit(term.ExitBlocked, &steps.Error{
				Summary: steps.T("The warning %s has weight and was not accepted; nothing was changed", string(f.ID)),
				Fix:     steps.T("Read it above; --accept %s goes on in spite of it", string(f.ID)),
			})
		}
	}
	return nil
}

// answerOf is the answer a check judges, where it is one.
var answerOf = map[steps.CheckID]string{
	"source-identity": "source.account", "source-signer-identity": "source.account",
	"target-identity": "target.account", "target-signer-identity": "target.account",
	"source-domain-found": "source.domain", "target-domain-found": "target.domain",
	"role-exact-spelling": "source.role", "bucket-usable": "bucket.name",
	"something-moves": "move.indices", "streams-whole": "move.indices", "snapshot-name-free": "move.snapshot", "repository-name-free": "move.repository",
}

// blockers are the findings that stop a migration as errors: at its answer what
// an answer can put right, and one for whatever else there is.
func blockers(found []steps.Finding) answersError {
	var list answersError
	other := false
	for _, f := range found {
		field := answerOf[f.ID]
		if strings.HasPrefix(f.Subject, string(steps.Target)+" ") {
			field = strings.Replace(field, string(steps.Source)+".", string(steps.Target)+".", 1) // one check, both sides
		}
		switch {
		case f.Outcome != steps.Block:
		case field == "":
			other = true
		case !slices.ContainsFunc(list, func(e *steps.Error) bool { return e.Field == field }):
			list = append(list, &steps.Error{Field: field, Summary: f.Cause, Fix: f.Fix.Text})
		}
	}
	if other || len(list) == 0 {
		list = append(list, &steps.Error{
			Summary: steps.T("Preflight found something that would stop the migration; nothing was changed"),
			Fix:     steps.T("Put right what is marked BLOCK above, then run again"),
		})
	}
	return list
}

func blocked(found []steps.Finding) bool {
	return slices.ContainsFunc(found, func(f steps.Finding) bool { return f.Outcome == steps.Block })
}
