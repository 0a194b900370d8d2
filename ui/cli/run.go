package cli

import (
	"context"

	"github.com/spf13/cobra"

	"snapferry/steps"
	"snapferry/ui/term"
)

type runOptions struct{ consents }

func (a *app) runCommand() *cobra.Command {
	o := &runOptions{}
	c := &cobra.Command{
		Use:   "run",
		Short: "Do a migration from an answers file, or go on with one",
		Long: `Checks, plans, shows the plan, has it approved, does it, and proves the result.
Running twice is harmless: what is there already is left as it is, and a
snapshot or restore that is running is gone on with.

The plan is approved by typing the target account's id, or by --yes. In the
sandbox (--sandbox), where nothing can be harmed, a run without a terminal
approves its plan by itself; what it approved counts nowhere else.`,
		RunE: func(c *cobra.Command, _ []string) error {
			a.questions = &questions{command: "run"}
			return a.run(c.Context(), o)
		},
	}
	o.consents.flags(c.Flags())
	o.moveFlags(c.Flags())
	return c
}

func (a *app) run(ctx context.Context, o *runOptions) error {
	p, ctx, err := a.open(ctx, &o.consents)
	if err != nil {
		return err
	}
	defer p.close()
	return p.migrate(ctx, o)
}

func (p *place) migrate(ctx context.Context, o *runOptions) error {
	if err := p.openRun("run", &o.consents); err != nil {
		return err
	}
	w, err := p.watch()
	if err != nil {
		return err
	}
	if err := p.overwritable(ctx); err != nil {
		return err
	}
	if err := p.checkFirst(ctx, w.sink, &o.consents); err != nil {
		return err
	}
	plan, err := w.planned(ctx, &o.consents)
	if err != nil {
		return err
	}
	if err := w.catchUp(); err != nil {
		return err
	}
	if err := p.approve(ctx, plan, &o.consents, string(p.spec.Target.Account), "the target account id"); err != nil {
		return err
	}
	return w.during(func() error { return p.runner.Run(ctx, plan) })
}

// approve has the plan approved: by --yes, by typing what names the target, or
// in the sandbox, where nothing can be harmed, by itself. A plan that an earlier
// start had approved already, or that changes nothing, needs no second approval.
func (p *place) approve(ctx context.Context, plan steps.Plan, c *consents, want, what string) error {
	if len(p.runner.Uncovered(plan)) == 0 {
		return nil
	}
	switch {
	case c.yes:
		return p.runner.Approve(plan, "--yes")
	case p.Interactive():
		// What is to be typed is shown, also where names are hidden: it asks for
		// attention, not for knowledge.
		if err := p.typed(ctx, what+" "+want, want); err != nil {
			return err
		}
		return p.runner.Approve(plan, "typed "+what)
	case p.sandboxed():
		return p.runner.Approve(plan, "the sandbox itself")
	}
	return term.Exit(term.ExitUsage, &steps.Error{
		Summary: steps.T("The plan is not approved, and nobody can be asked here"),
		Fix:     steps.T("Read the plan above and run again with --yes"),
	})
}
