package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"snapferry/steps"
	"snapferry/steps/engine"
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
only where nobody has written to it since; --delete-bucket-content gives that confirmation beforehand.`,
		RunE: func(c *cobra.Command, _ []string) error { return a.takeBack(c.Context(), o, "undo") },
	}
	o.flags(c.Flags())
	o.dataFlags(c.Flags())
	return c
}

func (a *app) takeBack(ctx context.Context, o *consents, command string) error {
	if _, err := a.state(); err != nil {
		return err
	}
	p, err := a.open(ctx, o)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.openRun(command, o); err != nil {
		return err
	}
	ctx, stop := p.interruptible(ctx)
	defer stop()
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
	if err := p.approve(plan, o, string(p.spec.Target.Account), "the target account id"); err != nil {
		return err
	}
	return w.during(func() error { return do(ctx, plan, p.confirm(o)) })
}

// confirm asks before data is lost: on a terminal by typing its name, elsewhere
// only the flag says yes.
func (p *place) confirm(o *consents) engine.Confirm {
	in := bufio.NewReader(p.In)
	return func(_ context.Context, what steps.Text, typed string) bool {
		if o.deleteContent {
			return true
		}
		if !p.Interactive() {
			return false
		}
		w := p.words()
		fmt.Fprintf(p.Err, "This deletes %s. Type %s to allow it, or press enter to keep it: ", w.Say(what), w.Mask(typed))
		line, err := in.ReadString('\n')
		return err == nil && strings.TrimSpace(line) == typed
	}
}
