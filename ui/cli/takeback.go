package cli

import (
	"context"

	"github.com/spf13/cobra"

	"snapferry/steps"
	"snapferry/steps/migrate"
)

func (a *app) cleanUpCommand() *cobra.Command {
	o := &consents{}
	c := &cobra.Command{
		Use:   "clean-up",
		Short: "Take back the helpers a run made; never migrated data",
		Long: `Takes back registrations, roles and grants that this run made, newest first, each shown before.
The restored indices and the bucket with the snapshot stay.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.takeBack(c.Context(), o, "clean-up") },
	}
	o.flags(c.Flags())
	return c
}

func (a *app) undoCommand() *cobra.Command {
	o := &consents{}
	c := &cobra.Command{
		Use:   "undo",
		Short: "Take back everything a run made, newest first, and nothing else",
		Long: `Takes back everything this run made. Migrated data goes only after a typed confirmation, and
only where nobody has written to it since; --delete-restored-indices and --delete-bucket-content give
that confirmation beforehand, each for its own.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.takeBack(c.Context(), o, "undo") },
	}
	o.flags(c.Flags())
	o.dataFlags(c.Flags())
	return c
}

// consent is how data may be deleted that nobody allowed this time.
func (a *app) consent(typed string) steps.Text {
	flag := "--delete-bucket-content"
	if typed == migrate.TypedIndices {
		flag = "--delete-restored-indices"
	}
	return steps.T("Delete it with: %s", a.resumeLine("undo")+" "+flag)
}

func (a *app) takeBack(ctx context.Context, o *consents, command string) error {
	if _, err := a.state(); err != nil {
		return err
	}
	p, ctx, err := a.open(ctx, o)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.openRun(command, o); err != nil {
		return err
	}
	planned, do := p.runner.PlanCleanUp, p.runner.CleanUp
	if command == "undo" {
		planned = p.runner.PlanUndo
		do = p.runner.Undo
	}
	w, err := p.watch()
	if err != nil {
		return err
	}
	plan, err := planned(ctx)
	if err != nil {
		return w.outcome(err)
	}
	if err := w.catchUp(); err != nil {
		return err
	}
	if err := p.approve(ctx, plan, o, string(p.spec.Target.Account), "the target account id"); err != nil {
		return err
	}
	return w.during(func() error { return do(ctx, plan, p.confirm(o)) })
}
