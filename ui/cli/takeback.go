package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"snapferry/steps"
	"snapferry/steps/migrate"
)

// takeback is what a taking back is told on its command line.
type takeback struct {
	consents
	// look shows the plan whole and does nothing.
	look bool
}

func (o *takeback) backFlags(f *pflag.FlagSet) {
	o.flags(f)
	f.BoolVar(&o.look, "plan", false, "print the whole plan and end; changes nothing")
}

// approvedBy is how a taking back is approved.
const approvedBy = `--plan shows all that would be done, whole, and does nothing. Otherwise the plan is shown and approved by
typing the id of the run, or by --yes. In the sandbox (--sandbox), where nothing can be harmed, one without a
terminal approves its plan by itself and acts.`

func (a *app) cleanUpCommand() *cobra.Command {
	o := &takeback{}
	c := &cobra.Command{
		Use:   "clean-up",
		Short: "Take back the helpers a run made; never migrated data",
		Long: `Takes back the registrations, role mappings, sharing, roles and grants that this run made, newest
first, each shown before. The restored indices and the bucket with the snapshot stay.

` + approvedBy,
		RunE: func(c *cobra.Command, _ []string) error { return a.takeBack(c.Context(), o, "clean-up") },
	}
	o.backFlags(c.Flags())
	return c
}

func (a *app) undoCommand() *cobra.Command {
	o := &takeback{}
	c := &cobra.Command{
		Use:   "undo",
		Short: "Take back everything a run made, newest first, and nothing else",
		Long: `Takes back everything this run made. Migrated data goes only after a typed confirmation, and
only where nobody has written to it since; --delete-restored-indices and --delete-bucket-content give
that confirmation beforehand, each for its own.

` + approvedBy,
		RunE: func(c *cobra.Command, _ []string) error { return a.takeBack(c.Context(), o, "undo") },
	}
	o.backFlags(c.Flags())
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

func (a *app) takeBack(ctx context.Context, o *takeback, command string) error {
	s, err := a.state()
	if err != nil {
		return err
	}
	p, ctx, err := a.open(ctx, &o.consents)
	if err != nil {
		return err
	}
	defer p.close()
	if p.wholeDiffs = o.look; o.look {
		err = p.openPlanner()
	} else {
		err = p.openRun(command, &o.consents)
	}
	if err != nil {
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
	if err := w.catchUp(); err != nil || o.look {
		return err
	}
	if err := p.approve(ctx, plan, &o.consents, s.RunID, "the id of the run"); err != nil {
		return err
	}
	return w.during(func() error { return do(ctx, plan, p.confirm(&o.consents)) })
}
