package panel

import (
	"fmt"
	"slices"
	"strings"

	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/ui/board"
)

// Plan is a plan under review.
type Plan struct {
	steps.Plan
	// At is the change the cursor is on, and Open those shown in full.
	At   int
	Open map[int]bool
}

// Change is the change the cursor is on.
func (p Plan) Change() (c steps.Change, s steps.StepPlan, ok bool) {
	n := 0
	for _, s := range p.Steps {
		if p.At < n+len(s.Changes) && p.At >= n {
			return s.Changes[p.At-n], s, true
		}
		n += len(s.Changes)
	}
	return steps.Change{}, steps.StepPlan{}, false
}

// Len counts the changes.
func (p Plan) Len() int {
	n := 0
	for _, s := range p.Steps {
		n += len(s.Changes)
	}
	return n
}

// verb is the sign of what a change does, its word and its style.
func (l Look) verb(v steps.Verb) (sign, word string, paint painter) {
	switch g := l.Glyphs; v {
	case steps.Create:
		return g.Create, "create", l.Good.Render
	case steps.Modify:
		return g.Change, "change", l.Warn.Render
	case steps.Delete:
		return "-", "delete", l.Bad.Render
	case steps.Exists:
		return g.Exists, "exists", l.Dim.Render
	}
	return "*", "do", l.Accent.Render // the sign of an act is that of the cursor
}

// Changes draws the changes, and says for each of them which line it begins with.
func (l Look) Changes(p Plan, width int) (lines []string, rows []int) {
	lines = l.words(strings.TrimPrefix(board.PlanTitle(p.Plan), "Plan   "), width, l.Strong.Render)
	if p.Len() == 0 {
		return append(lines, l.Hint(steps.T("Nothing has to be done: everything is as it should be."), width)...), nil
	}
	n := 0
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			rows = append(rows, len(lines))
			lines = append(lines, l.change(s, c, n == p.At, p.Open[n], width)...)
			n++
		}
	}
	return lines, rows
}

// change is a row, and what stands under it where it is open. What is destroyed is
// said even where it is closed.
func (l Look) change(s steps.StepPlan, c steps.Change, here, open bool, width int) []string {
	sign, word, paint := l.verb(c.Verb)
	mark, name := "  ", l.Text.Render
	if here {
		mark, name = l.Accent.Render(l.Glyphs.Cursor)+" ", l.Selected.Render
	}
	row := mark + paint(l.Fit(sign+" "+word, 9))
	if width >= narrow {
		row += name(l.Fit(l.Middle(string(s.ID), 18), 19)) + l.Dim.Render(l.Fit(string(s.Side), 13))
		row += name(l.gist(l.as(c.Summary), width-43))
	} else {
		row += l.Dim.Render(l.Fit(l.short(s.Side), 7)) + name(l.gist(l.as(c.Summary), width-18))
	}
	lines := []string{row}
	for _, d := range c.Deletes {
		lines = append(lines, indented(4, l.words("- deletes "+l.as(c.Loss(d)), width-4, l.Bad.Render))...)
	}
	if open {
		lines = append(lines, indented(4, l.changeFull(s, c, width-4))...)
	}
	return lines
}

// short is a side in a narrow column.
func (Look) short(side steps.Side) string {
	if side == steps.BucketOwner {
		return "bucket"
	}
	return string(side)
}

// changeFull is everything about a change.
func (l Look) changeFull(s steps.StepPlan, c steps.Change, width int) []string {
	lines := l.words(l.as(c.Summary), width, l.Strong.Render)
	lines = append(lines, l.fact("step", string(s.ID)+": "+l.as(s.Title), width)...)
	lines = append(lines, l.fact("side", string(s.Side), width)...)
	lines = append(lines, l.fact("thing", l.name(c.Ref.String()), width)...)
	lines = append(lines, l.fact("undo", l.back(c), width)...)
	for _, h := range c.Holes {
		lines = append(lines, l.fact("later", h.Name+" is known when step "+string(h.Step)+" is done", width)...)
	}
	diff := policy.DiffCanonical(string(c.Before), string(c.After))
	for _, d := range diff {
		sign := map[policy.LineKind]string{policy.LineAdd: "+", policy.LineRemove: "-"}[d.Kind]
		if sign == "" {
			sign = " "
		}
		lines = append(lines, l.block(sign+" "+d.Text, width)...)
	}
	if len(diff) == 0 {
		lines = append(lines, l.Hint(steps.T("No document changes."), width)...)
	}
	return lines
}

// back says whether a change can be taken back.
func (l Look) back(c steps.Change) string {
	switch {
	case !c.Mutates():
		return "nothing is changed"
	case len(c.Deletes) > 0:
		return "what it deletes is gone for good"
	case c.Unread:
		return "somebody else does it, and takes it back"
	case c.Within != (steps.Ref{}):
		return "goes and stays with the " + string(c.Within.Kind) + " " + l.name(c.Within.Name)
	case !c.Reversible:
		return "cannot be taken back"
	case c.Helper:
		return "can be taken back: by undo, and by clean-up when nobody needs it any more"
	}
	return "can be taken back by undo"
}

// Beside is the rest of a plan: what is final, how long it takes and what it costs, what
// does not move and why. What moves comes last: it may be ten thousand lines.
func (l Look) Beside(p steps.Plan, width int) []string {
	lines := append(l.finality(p, width), l.estimate(p.Estimate, width)...)
	lines = append(lines, l.stays(p.Stays, width)...)
	return append(lines, l.moves(p.Moves, width)...)
}

// estimate says how long it takes and what is billed, and on what that rests.
func (l Look) estimate(e steps.Estimate, width int) []string {
	if e.Snapshot == 0 && e.Restore == 0 && len(e.Basis)+len(e.Cost) == 0 {
		return nil
	}
	lines := []string{"", l.heading(steps.T("How long, and what is billed"), width)}
	took := board.Duration(e)
	switch {
	case took != "":
	case e.Bytes == 0 && len(e.Basis) > 0:
		took = "nothing is left to be moved"
	default:
		took = "cannot be guessed from what is known"
	}
	lines = append(lines, l.fact("time", took, width)...)
	for _, part := range []struct {
		label string
		words []steps.Text
	}{{"rests on", e.Basis}, {"cost", e.Cost}} {
		for i, t := range part.words {
			if i > 0 {
				part.label = ""
			}
			lines = append(lines, l.fact(part.label, l.as(t), width)...)
		}
	}
	return lines
}

// finality names the steps with something that cannot be taken back.
func (l Look) finality(p steps.Plan, width int) []string {
	var final []string
	for _, s := range p.Steps {
		if slices.ContainsFunc(s.Changes, lasting) {
			final = append(final, string(s.ID))
		}
	}
	if len(final) == 0 {
		return append([]string{""}, l.Hint(steps.T("All of it can be taken back: snapferry undo, newest first."), width)...)
	}
	return append([]string{""}, l.Warning(steps.T("Cannot be taken back: %s. What of it stands with each when it is open.", strings.Join(final, ", ")), width)...)
}

// lasting says that something of a change is there to stay, whatever is taken back.
func lasting(c steps.Change) bool {
	return c.Mutates() && (!c.Reversible && c.Within == steps.Ref{} || len(c.Deletes) > 0)
}

// moves lists what moves, an index a line.
func (l Look) moves(list []steps.Move, width int) []string {
	lines := []string{""}
	var docs, size int64
	for _, m := range list {
		docs, size = docs+m.Docs, size+m.Bytes
	}
	if len(list) == 0 {
		lines = append(lines, l.heading(steps.T("What moves"), width))
		return append(lines, l.Hint(steps.T("No index."), width)...)
	}
	lines = append(lines, l.heading(steps.T("What moves: %s, %s by _cat/indices, %s", steps.Indices(len(list)), documents(docs), steps.Size(size)), width))
	paint := once(l.Dim.Render)
	for _, m := range list {
		name := l.name(m.Index)
		if m.As != "" && m.As != m.Index {
			name += " as " + l.name(m.As)
		}
		if m.Stream != "" {
			name += " (data stream " + l.name(m.Stream) + ")"
		}
		figure := fmt.Sprintf("%10s  %3d x %d", steps.Size(m.Bytes), m.Primaries, m.Replicas+1)
		lines = append(lines, indented(2, l.row(name, figure, width-2, paint))...)
	}
	return lines
}

// stays lists what is left where it is, with the reason.
func (l Look) stays(list []steps.Stay, width int) []string {
	if len(list) == 0 {
		return nil
	}
	lines := []string{"", l.heading(steps.T("What does not move, and why"), width)}
	return append(lines, indented(2, l.left(list, width-2))...)
}

// left names what stays, with the reason and what would have it otherwise.
func (l Look) left(list []steps.Stay, width int) []string {
	var lines []string
	for _, s := range list {
		what := s.What
		if s.Name != "" {
			what += " " + l.name(s.Name)
		}
		if s.Count > 1 {
			what = l.Say(steps.T("%d", s.Count)) + " x " + what
		}
		lines = append(lines, l.Middle(l.Plain(what), width))
		lines = append(lines, indented(2, l.words(strings.TrimSpace(l.as(s.Why)+" "+l.as(s.How)), width-2, l.Dim.Render))...)
	}
	return lines
}
