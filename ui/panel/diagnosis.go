package panel

import (
	"fmt"
	"slices"

	"snapferry/steps"
	"snapferry/ui/board"
)

// Diagnosis draws an error understood: the innermost cause first, how it is known,
// what to do; where it comes from, and the error itself, last.
func (l Look) Diagnosis(d steps.Diagnosis, width int) []string {
	lines := l.words(l.Glyphs.Fail+" "+l.as(d.Summary), width, l.Bad.Render)
	if len(d.Causes) == 0 {
		lines = append(lines, l.Hint(unknown(d), width)...)
	}
	if refuted(d.Causes) {
		lines = append(lines, l.Hint(steps.T("None of these causes holds now: it was put right since, or it is another one. Try it again, and have what it says then explained. A call of STS, IAM or KMS stands in CloudTrail of the account it went to."), width)...)
	}
	for i, c := range d.Causes {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, l.Strong.Render(fmt.Sprintf("Cause %d", i+1))+l.verdictSign(c.Verdict))
		lines = append(lines, indented(2, l.cause(c, width-2))...)
	}
	if d.Layer+d.Refused != "" {
		lines = append(lines, "")
	}
	lines = append(lines, l.fact("layer", d.Layer, width)...)
	lines = append(lines, l.fact("refused", l.name(d.Refused), width)...)
	if d.Body != "" {
		lines = append(lines, "", l.heading(steps.T("As it was answered"), width))
		lines = append(lines, indented(2, l.block(d.Body, width-2))...)
	}
	return lines
}

// unknown says what to do about an error of which no cause is known.
func unknown(d steps.Diagnosis) steps.Text {
	if d.Body == "" {
		return steps.T("No cause of it is known here. Take the whole answer, with its type and reason; or choose \"Something fails, find out why\" on the Start page, which is snapferry preflight: it looks at both accounts and changes nothing.")
	}
	return steps.T("No cause of it is known here. What was answered stands below.")
}

// refuted says that a look found none of the causes.
func refuted(causes []steps.Cause) bool {
	return len(causes) > 0 && !slices.ContainsFunc(causes, func(c steps.Cause) bool { return c.Verdict != steps.Refuted })
}

// verdictSign says what a look at the world said.
func (l Look) verdictSign(v steps.Verdict) string {
	switch v {
	case steps.Confirmed:
		return l.Good.Render("  " + l.Glyphs.Pass + " confirmed")
	case steps.Refuted:
		return l.Dim.Render("  " + l.Glyphs.Skip + " refuted")
	}
	return ""
}

func (l Look) cause(c steps.Cause, width int) []string {
	lines := l.words(l.as(c.Summary), width, l.Text.Render)
	lines = append(lines, l.fact(board.Verdicts[c.Verdict], l.as(c.Confirm), width)...)
	lines = append(lines, l.fact("fix", l.as(c.Fix), width)...)
	for _, block := range []string{c.Diff, c.Command} {
		if block != "" {
			lines = append(lines, indented(column, l.block(block, width-column))...)
		}
	}
	return lines
}

// HandOver draws what somebody else has to do: who, what, and the command; since says
// since when that is waited for, "" where it is said elsewhere.
func (l Look) HandOver(do steps.Instruction, since string, width int) []string {
	head := steps.T("Somebody else does this")
	if since != "" {
		head = steps.T("Somebody else does this (%s)", since)
	}
	lines := []string{l.heading(head, width)}
	lines = append(lines, l.fact("who", l.as(do.Who), width)...)
	lines = append(lines, l.fact("what", l.as(do.What), width)...)
	for _, form := range []struct{ label, command string }{{"AWS CLI", do.CLI}, {"curl", do.Curl}, {"Terraform", do.Terraform}} {
		if form.command != "" {
			lines = append(lines, l.Dim.Render(form.label))
			return append(lines, indented(2, l.block(form.command, width-2))...)
		}
	}
	return lines
}
