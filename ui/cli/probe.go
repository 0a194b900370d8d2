package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/probe"
	"snapferry/steps/spec"
	"snapferry/ui/board"
	"snapferry/ui/stream"
	"snapferry/ui/term"
)

type probeOptions struct{ side, as string }

func (a *app) probeCommand() *cobra.Command {
	o := &probeOptions{}
	c := &cobra.Command{
		Use:   "probe METHOD PATH",
		Short: "Send one request to a domain and say what the answer means",
		Long: `Sends one request to the source or target domain as the identity the answers
name, and prints who asked, the answer, what a refusal means, and the equal
curl. For example: snapferry probe GET /_plugins/_security/authinfo

It only looks: GET and HEAD. Anything else is refused, with the curl to send it
yourself. Partial answers are enough: one side is. Exit code 1 says that the
domain refused it or did not answer.`,
		Args: probeArgs,
		RunE: func(c *cobra.Command, args []string) error { return a.probe(c.Context(), o, args[0], args[1]) },
	}
	c.Flags().StringVar(&o.side, "side", "source", "the `side` whose domain is asked: source or target")
	c.Flags().StringVar(&o.as, "as", "signer", "`who` asks: signer or mapper")
	return c
}

func probeArgs(_ *cobra.Command, args []string) error {
	if len(args) != 2 {
		return usage(&steps.Error{
			Summary: steps.T("A probe wants a method and a path, not %d words", len(args)),
			Fix:     steps.T("For example: snapferry probe GET '/_cat/indices?v'"),
		})
	}
	return nil
}

func (a *app) probe(ctx context.Context, o *probeOptions, method, path string) error {
	q := probe.Request{Side: steps.Side(o.side), Role: facts.Role(o.as), Method: method, Path: path}
	if q.Side != steps.Source && q.Side != steps.Target {
		return usage(fmt.Errorf("--side is source or target, not %q", o.side))
	}
	if q.Role != facts.Signer && q.Role != facts.Mapper {
		return usage(fmt.Errorf("--as is signer or mapper, not %q", o.as))
	}
	a.partial, a.unmapped = true, q.Role != facts.Mapper
	p, ctx, err := a.open(ctx, &consents{})
	if err != nil {
		return err
	}
	defer p.close()
	r, err := probe.Do(ctx, p.facts, q)
	switch {
	case ctx.Err() != nil:
		return term.Exit(term.ExitInterrupted, nil)
	case errors.Is(err, probe.ErrNotSent):
		if r.Curl != "" {
			for _, l := range append(p.keysFor(q), r.Curl) {
				fmt.Fprintln(p.Err, p.words().Mask(l))
			}
		}
		return usage(err)
	case err != nil:
		return err
	}
	if err := p.showProbe(q, r); err != nil {
		return err
	}
	if !r.OK() {
		return term.Exit(term.ExitFailed, nil)
	}
	return nil
}

func (p *place) showProbe(q probe.Request, r probe.Result) error {
	if p.json {
		return p.object(struct {
			Type string `json:"type"`
			probe.Result
		}{"probe", r})
	}
	if err := p.banner(); err != nil {
		return err
	}
	w := p.words()
	row := func(label, words string) board.Line {
		return board.Line{Text: fmt.Sprintf("%-10s %s", label, words), Hang: 11}
	}
	lines := []board.Line{row("identity", w.Mask(probedBy(w, r.Identity))), row("request", w.Mask(r.Method+" "+r.URL))}
	if r.Status > 0 {
		answer := fmt.Sprintf("status %d, %s, %d ms", r.Status, steps.Size(int64(len(r.Body))), r.Milliseconds)
		if r.RequestID != "" {
			answer += ", request id " + r.RequestID
		}
		lines = append(lines, row("answer", answer))
	}
	if r.Body != "" {
		lines = append(lines, board.Line{})
		for _, l := range masked(r.Body, w.Mask) {
			lines = append(lines, board.Line{Text: l, Hang: board.Verbatim})
		}
		lines = append(lines, board.Line{})
	}
	if d := r.Diagnosis; d != nil {
		lines = append(lines, w.DiagnosisLines(*d)...)
		lines = append(lines, board.Line{})
	}
	lines = append(lines, board.Line{Text: "The same with curl " + r.CurlSince + " or newer:"})
	for _, l := range append(p.keysFor(q), r.Curl) {
		lines = append(lines, board.Line{Text: w.Mask(l), Hang: board.Verbatim})
	}
	return stream.Print(p.Out, lines, p.Cells())
}

// probedBy says in a line who asked.
func probedBy(w board.Words, i probe.Identity) string {
	switch {
	case i.User != "":
		return "internal user " + i.User
	case i.Unsigned:
		return "nobody: the request is not signed"
	case i.ARN == "":
		return "unknown: " + w.Say(i.Why)
	}
	line := i.ARN + ", from " + i.Provider
	if i.Principal != i.ARN {
		line += ", named in policies and mappings as " + i.Principal
	}
	return line
}

// keysFor is the line that puts the keys of a profile where the curl line looks for
// them; none where they are there, or come by a role that is assumed on the way.
func (p *place) keysFor(q probe.Request) []string {
	side := p.spec.Side(q.Side)
	who := side.Signer
	if q.Role == facts.Mapper {
		who = side.Mapper
	}
	if who.Base != "profile" || who.Profile == "" || len(who.Chain) > 0 || side.Auth == spec.AuthUnsigned {
		return nil
	}
	return []string{`eval "$(aws configure export-credentials --profile ` + steps.ShellWord(who.Profile) + ` --format env)"`}
}

// masked are the lines of an answer with the names in it hidden. A table, such as
// _cat gives, is laid out anew where a mask is of another length than its name.
func masked(body string, mask func(string) string) []string {
	lines := strings.Split(strings.TrimRight(body, "\n"), "\n")
	rows, table, hidden := make([][]string, len(lines)), len(lines) > 1, false
	var wide []int
	for i, l := range lines {
		lines[i] = mask(l)
		hidden = hidden || lines[i] != l
		rows[i] = strings.Fields(lines[i])
		table = table && len(rows[i]) > 1 && len(rows[i]) == len(rows[0])
		for n, cell := range rows[i] {
			if n == len(wide) {
				wide = append(wide, 0)
			}
			wide[n] = max(wide[n], board.Cells(cell))
		}
	}
	if !table || !hidden {
		return lines
	}
	for i, row := range rows {
		line := ""
		for n, cell := range row {
			line += cell + strings.Repeat(" ", wide[n]-board.Cells(cell)+1)
		}
		lines[i] = strings.TrimRight(line, " ")
	}
	return lines
}
