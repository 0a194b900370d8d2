package board

import (
	"fmt"

	"snapferry/steps"
)

var outcomeSign = map[steps.Outcome]string{
	steps.Pass: "ok", steps.Note: "info", steps.Warn: "warn", steps.Block: "BLOCK", steps.Unknown: "unknown", steps.Skipped: "skipped",
}

// FindingsTitle counts outcomes; what is zero is left out.
func FindingsTitle(fs []steps.Finding) string {
	n := map[steps.Outcome]int{}
	for _, f := range fs {
		n[f.Outcome]++
	}
	line := fmt.Sprintf("Preflight   %d passed", n[steps.Pass])
	for _, o := range []struct {
		outcome   steps.Outcome
		one, many string
	}{
		{steps.Note, "note", "notes"},
		{steps.Warn, "warning", "warnings"},
		{steps.Block, "blocker", "blockers"},
		{steps.Unknown, "unknown", "unknown"},
		{steps.Skipped, "skipped", "skipped"},
	} {
		if c := n[o.outcome]; c > 0 {
			line += fmt.Sprintf(", %d %s", c, plural(c, o.one, o.many))
		}
	}
	return line
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// FindingLines draws one finding: a line for one that passed, all it knows for
// any other.
func (w Words) FindingLines(f steps.Finding) []string {
	lines := []string{fmt.Sprintf("%-7s %-32s %s", outcomeSign[f.Outcome], f.ID, w.Say(f.Summary))}
	if f.Outcome == steps.Pass {
		return lines
	}
	add := func(label, words string) {
		if words != "" {
			lines = append(lines, fmt.Sprintf("        %-9s %s", label, words))
		}
	}
	add("subject", w.Mask(f.Subject))
	for i, e := range f.Evidence {
		label := ""
		if i == 0 {
			label = "evidence"
		}
		add(label, w.Say(e))
	}
	add("cause", w.Say(f.Cause))
	add("because", string(f.BecauseOf))
	add("fix", w.Say(f.Fix.Text))
	for _, block := range []string{f.Fix.Command, f.Fix.Diff} {
		if block != "" {
			lines = append(lines, Indent(w.Mask(block), "                  ")...)
		}
	}
	if f.Fix.Step != "" {
		add("plan", "step "+string(f.Fix.Step)+" of the plan puts it right")
	}
	return lines
}
