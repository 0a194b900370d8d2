package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"snapferry/steps"
	"snapferry/steps/journal"
	"snapferry/steps/report"
	"snapferry/ui/board"
	"snapferry/ui/stream"
)

type reportOptions struct{ format string }

func (a *app) reportCommand() *cobra.Command {
	o := &reportOptions{}
	c := &cobra.Command{
		Use:   "report",
		Short: "Print the account of a run: what moved, was proven, was changed",
		Long: `Prints what moved, what was proven, what was changed where with the undo for each,
what was not moved and why, and what to do the day after. It reads the run directory
and nothing else: it needs no credentials, and works while the run goes on.`,
		RunE: func(*cobra.Command, []string) error { return a.report(o) },
	}
	c.Flags().StringVar(&o.format, "format", "", "`format`: markdown, html or json; without it, lines laid out for the terminal, and markdown where there is none")
	return c
}

// account is the report of the run in the directory, with the names that its
// answers tell.
func (a *app) account(s *steps.State) report.Report {
	if a.mask && a.masker == nil {
		a.masker = steps.NewMasker() // what the answers name is hidden too, where there are any
	}
	if d, err := a.answers(); err == nil {
		if sp, errs := d.Partial(a.began()); len(errs) == 0 {
			a.know(sp)
		}
	}
	a.hide(s.Plan)
	return report.New(s, a.reportOptions())
}

// unsaid stands for the directory of a sandbox that the journal does not name.
const unsaid = "DIR"

// inItsWorld has the commands of a report name the sandbox its run is in, also where
// whoever reads it did not.
func (a *app) inItsWorld() {
	world, err := journal.World(a.dir)
	if err != nil || world == "" || a.sandboxed() {
		return
	}
	a.sandbox = unsaid
	if own, err := os.Stat(filepath.Join(a.dir, "sandbox")); err == nil && own.IsDir() {
		a.sandbox = inRunDir
	}
}

// report reads the journal and nothing else: it works without credentials and
// while the run goes on elsewhere.
func (a *app) report(o *reportOptions) error {
	s, err := a.state()
	if err != nil {
		return err
	}
	a.inItsWorld()
	r := a.account(s)
	if cells := a.Cells(); o.format == "" && cells > 0 && !a.json {
		return stream.Print(a.Out, board.ReportLines(r.Parts(), cells), cells)
	}
	forms := map[string]func(io.Writer) error{"": r.Markdown, "markdown": r.Markdown, "html": r.HTML, "json": r.JSON}
	form := forms[o.format]
	if a.json {
		if _, err := stream.NewJSON(a.Out, a.header(), a.masker); err != nil {
			return err
		}
		form = r.JSON
	}
	if form == nil {
		return usage(fmt.Errorf("--format is markdown, html or json, not %q", o.format))
	}
	return form(a.Out)
}
