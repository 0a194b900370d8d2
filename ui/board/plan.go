package board

import (
	"fmt"
	"strings"

	"snapferry/awsx/policy"
	"snapferry/steps"
)

// verbSign is the one-character sign of a verb; it is never the only carrier of
// meaning, as the verb stands beside it in words.
var verbSign = map[steps.Verb]string{
	steps.Create: "+", steps.Modify: "~", steps.Delete: "-", steps.Exists: "=", steps.Act: ">",
}

// PlanTitle counts what a plan would do.
func PlanTitle(p steps.Plan) string {
	n := p.Counts()
	deleted := "nothing is deleted"
	if gone := n[steps.Delete] + replaced(p); gone > 0 {
		deleted = fmt.Sprintf("%d to delete", gone)
	}
	return fmt.Sprintf("Plan   %d to create, %d to change, %d to do, %d exist, %s",
		n[steps.Create], n[steps.Modify], n[steps.Act], n[steps.Exists], deleted)
}

// replaced counts what acts destroy before they do their work.
func replaced(p steps.Plan) int {
	n := 0
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			n += len(c.Deletes)
		}
	}
	return n
}

// WholeDiffs shows documents to their end, however long.
const WholeDiffs = -1

// PlanLines draws a plan. Documents that change are shown whole, as lines that go
// and come; of acts, whose documents list indices, at most acts lines each. 0
// shows no document.
func (w Words) PlanLines(p steps.Plan, acts int) []string {
	lines := []string{PlanTitle(p)}
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			lines = append(lines, fmt.Sprintf("%s %-7s %-18s %-13s %s", verbSign[c.Verb], c.Verb, s.ID, s.Side, w.Say(c.Summary)))
			for _, d := range c.Deletes {
				lines = append(lines, fmt.Sprintf("- delete  %-18s %-13s index %s of the target, for good", s.ID, s.Side, w.Mask(d)))
			}
			switch {
			case acts == 0 || c.Verb == steps.Exists:
			case c.Verb == steps.Act:
				lines = append(lines, cut(w.diffLines(c), acts)...)
			default:
				lines = append(lines, w.diffLines(c)...)
			}
		}
	}
	if len(p.Moves) > 0 {
		lines = append(lines, w.movesLines(p)...)
	}
	lines = append(lines, w.staysLines(p)...)
	return append(lines, w.estimateLines(p.Estimate)...)
}

// cut keeps the first lines and counts the others.
func cut(lines []string, most int) []string {
	if most < 0 || len(lines) <= most {
		return lines
	}
	return append(lines[:most:most], fmt.Sprintf("      … and %d more lines (snapferry plan shows all)", len(lines)-most))
}

func (w Words) diffLines(c steps.Change) []string {
	var out []string
	for _, l := range policy.DiffJSON(string(c.Before), string(c.After)) {
		sign := " "
		switch l.Kind {
		case policy.LineAdd:
			sign = "+"
		case policy.LineRemove:
			sign = "-"
		}
		out = append(out, "      "+sign+" "+w.Mask(l.Text))
	}
	return out
}

// shownMoves bounds what a list shows before it counts instead.
const shownMoves = 12

func (w Words) movesLines(p steps.Plan) []string {
	var docs, bytes int64
	for _, m := range p.Moves {
		docs += m.Docs
		bytes += m.Bytes
	}
	lines := []string{"", w.printer.Sprintf("Moves  %d indices, %d documents, %s", len(p.Moves), docs, Bytes(bytes))}
	for i, m := range p.Moves {
		if i == shownMoves {
			lines = append(lines, fmt.Sprintf("       and %d more", len(p.Moves)-shownMoves))
			break
		}
		name := m.Index
		if m.As != "" && m.As != m.Index {
			name += " as " + m.As
		}
		lines = append(lines, fmt.Sprintf("       %-40s %10s  %d × %d shards", w.Mask(name), Bytes(m.Bytes), m.Primaries, m.Replicas+1))
	}
	return lines
}

func (w Words) staysLines(p steps.Plan) []string {
	if len(p.Stays) == 0 {
		return nil
	}
	lines := []string{"", "Stays  what is left where it is, and why"}
	for _, s := range p.Stays {
		name := s.What
		if s.Name != "" {
			name += " " + s.Name
		}
		if s.Count > 1 {
			name = fmt.Sprintf("%d × %s", s.Count, name)
		}
		lines = append(lines, fmt.Sprintf("       %-40s %s", w.Mask(name), w.Say(s.Why)))
	}
	return lines
}

func (w Words) estimateLines(e steps.Estimate) []string {
	var lines []string
	if e.Snapshot > 0 || e.Restore > 0 {
		lines = append(lines, "", fmt.Sprintf("Time   snapshot about %s, restore about %s", About(e.Snapshot), About(e.Restore)))
	}
	for _, t := range e.Basis {
		lines = append(lines, "       "+w.Say(t))
	}
	for i, t := range e.Cost {
		head := "       "
		if i == 0 {
			head = "Cost   "
		}
		lines = append(lines, head+w.Say(t))
	}
	return lines
}

// Indent puts a block under a line.
func Indent(block, by string) []string {
	var out []string
	for _, l := range strings.Split(strings.TrimRight(block, "\n"), "\n") {
		out = append(out, by+l)
	}
	return out
}
