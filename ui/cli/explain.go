package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/preflight"
	"snapferry/ui/board"
	"snapferry/ui/stream"
	"snapferry/ui/term"
)

type explainOptions struct {
	in      string
	confirm bool
}

func (a *app) explainCommand() *cobra.Command {
	o := &explainOptions{}
	c := &cobra.Command{
		Use:   "explain [TEXT]",
		Short: "Say what an error means: layer, causes, how to confirm, fix",
		Long: `Reads an error as it came (the body of an answer, with or without its headers,
a log line, what AWS CLI printed) from the argument, a file or standard input,
and says which layer refused whom, the likeliest causes in order, how to confirm
each, and the way out. It works offline and changes nothing.

With --confirm the world is looked at, as preflight does with the answers of
--file or of the run directory: what is so comes first, with what was seen.

Exit code 1 says that nothing is known about this error.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error { return a.explainText(c.Context(), o, args) },
	}
	c.Flags().StringVar(&o.in, "in", "", "read the error from this `file`; - is standard input")
	c.Flags().BoolVar(&o.confirm, "confirm", false, "look at the world for which of the causes it is")
	return c
}

// mostText bounds what is read: an error, not the whole log.
const mostText = 1 << 20

func (a *app) explainText(ctx context.Context, o *explainOptions, args []string) error {
	text, err := a.pasted(o.in, args)
	if err != nil {
		return err
	}
	if a.mask {
		a.masker = steps.NewMasker() // without answers: what has a shape of its own
	}
	d := diagnose.Text(text)
	if o.confirm && !d.Unknown {
		if d, err = a.confirmed(ctx, d, diagnose.Of(text)); err != nil {
			return err
		}
	}
	if err := a.showDiagnosis(d); err != nil {
		return err
	}
	if d.Unknown {
		return term.Exit(term.ExitFailed, nil)
	}
	return nil
}

// pasted is the error: the arguments as they stand, or a file, or what is piped in.
func (a *app) pasted(in string, args []string) (string, error) {
	var b []byte
	var err error
	switch {
	case len(args) > 0 && in != "":
		return "", usage(fmt.Errorf("the error is given twice: as an argument and with --in"))
	case len(args) > 0:
		b = []byte(strings.Join(args, " "))
	case in != "" && in != "-":
		var f *os.File
		if f, err = os.Open(in); err == nil {
			defer f.Close()
			b, err = io.ReadAll(io.LimitReader(f, mostText))
		}
	case in == "" && a.InTerminal:
		return "", usage(&steps.Error{
			Summary: steps.T("There is nothing to explain"),
			Fix:     steps.T("Give the error as an argument in quotes, with --in FILE, or piped in"),
		})
	default:
		b, err = io.ReadAll(io.LimitReader(a.In, mostText))
	}
	if err != nil {
		return "", usage(&steps.Error{Summary: steps.T("The error cannot be read: %s", err.Error()), Fix: steps.T("Check the path given with --in"), Cause: err})
	}
	if strings.TrimSpace(string(b)) == "" {
		return "", usage(&steps.Error{Summary: steps.T("There is nothing to explain: the text is empty"), Fix: steps.T("Give the body of the answer, too: the status alone says little")})
	}
	return string(b), nil
}

// confirmed looks at the world for which of the causes it is.
func (a *app) confirmed(ctx context.Context, d steps.Diagnosis, about diagnose.Subject) (steps.Diagnosis, error) {
	a.partial = true
	p, ctx, err := a.open(ctx, &consents{})
	if err != nil {
		return d, err
	}
	defer p.close()
	d = preflight.Confirm(ctx, p.facts, d, about)
	if ctx.Err() != nil {
		return d, term.Exit(term.ExitInterrupted, nil)
	}
	return d, nil
}

func (a *app) showDiagnosis(d steps.Diagnosis) error {
	if a.json {
		return a.object(struct {
			Type string `json:"type"`
			steps.Diagnosis
		}{"diagnosis", d})
	}
	w := a.words()
	lines := append([]board.Line{{Text: w.Say(d.Summary)}}, w.CauseLines(d)...)
	if d.Unknown {
		lines = append(lines, board.Line{Text: "No known error has these words. Give the whole body of the answer, with its status line; if that was it, snapferry preflight looks for what stands in the way."})
	}
	return stream.Print(a.Out, lines, a.Cells())
}
