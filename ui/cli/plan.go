package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func (a *app) planCommand() *cobra.Command {
	o := &runOptions{}
	c := &cobra.Command{
		Use:   "plan",
		Short: "Print what a run would change, whole; changes nothing",
		Long: `Checks as preflight does, and where nothing stands in the way prints what a run
would change, whole. Exit code 3 says that something would stop the run.`,
		RunE: func(c *cobra.Command, _ []string) error {
			a.questions = &questions{command: "plan"}
			return a.plan(c.Context(), o)
		},
	}
	o.moveFlags(c.Flags())
	return c
}

func (a *app) plan(ctx context.Context, o *runOptions) error {
	p, ctx, err := a.open(ctx, &o.consents)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.openPlanner(); err != nil {
		return err
	}
	p.wholeDiffs = true
	w, err := p.watch()
	if err != nil {
		return err
	}
	if err := p.overwritable(ctx); err != nil {
		return err
	}
	// A warning of weight stops no look.
	if err := p.checkFirst(ctx, w.sink, nil); err != nil {
		return err
	}
	if _, err := p.runner.Plan(ctx); err != nil {
		return w.outcome(err)
	}
	return w.catchUp()
}
