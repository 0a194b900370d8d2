package panel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
	"snapferry/steps/spec"
	"snapferry/ui/board"
)

// Findings is the board of checks.
type Findings struct {
	// Found are in the order of Ordered.
	Found []steps.Finding
	// At is the one that is open, Down how many lines it was scrolled.
	At, Down int
	Accepted map[steps.CheckID]bool
	// Whole shows names that are longer than a line to their end.
	Whole bool
	// Fixable says that the plan can be made to put a finding right.
	Fixable func(steps.Finding) bool
}

// families are in the order of the board.
var families = []steps.Family{steps.FamilyHost, steps.FamilyIdentity, steps.FamilyDomain, steps.FamilyRole, steps.FamilyBucket, steps.FamilyFit}

// gravity ranks outcomes by how much they want to be looked at.
var gravity = []steps.Outcome{steps.Pass, steps.Skipped, steps.Note, steps.Unknown, steps.Warn, steps.Block}

func weight(o steps.Outcome) int { return slices.Index(gravity, o) }

// outcomeWord says an outcome beside its sign.
var outcomeWord = map[steps.Outcome]string{
	steps.Pass: "passed", steps.Note: "note", steps.Warn: "warning", steps.Block: "blocks", steps.Unknown: "unknown", steps.Skipped: "skipped",
}

// Ordered puts findings family by family, otherwise in the order they came in.
func Ordered(found []steps.Finding) []steps.Finding {
	rank := func(f steps.Finding) int {
		if i := slices.Index(families, f.Family); i >= 0 {
			return i
		}
		return len(families)
	}
	out := slices.Clone(found)
	slices.SortStableFunc(out, func(a, b steps.Finding) int { return rank(a) - rank(b) })
	return out
}

// Heaviest is the first of the findings that want to be looked at most.
func Heaviest(found []steps.Finding) int {
	at := 0
	for i, f := range found {
		if weight(f.Outcome) > weight(found[at].Outcome) {
			at = i
		}
	}
	return at
}

// FamilyAfter is the first finding of the next family, round and round; back goes
// the other way.
func FamilyAfter(found []steps.Finding, at int, back bool) int {
	groups := group(found)
	for i, g := range groups {
		if at < g.from || at >= g.to {
			continue
		}
		step := 1
		if back {
			step = len(groups) - 1
		}
		next := groups[(i+step)%len(groups)]
		return next.from + Heaviest(found[next.from:next.to])
	}
	return at
}

// family is a run of findings.
type family struct {
	name     steps.Family
	from, to int
	worst    steps.Outcome
}

func group(found []steps.Finding) []family {
	var out []family
	for i, f := range found {
		if len(out) == 0 || out[len(out)-1].name != f.Family {
			out = append(out, family{name: f.Family, from: i, worst: f.Outcome})
		}
		g := &out[len(out)-1]
		g.to = i + 1
		if weight(f.Outcome) > weight(g.worst) {
			g.worst = f.Outcome
		}
	}
	return out
}

// outcome is the sign of an outcome and its style.
func (l Look) outcome(o steps.Outcome) (string, painter) {
	switch g := l.Glyphs; o {
	case steps.Pass:
		return g.Pass, l.Good.Render
	case steps.Warn:
		return g.Warn, l.Warn.Render
	case steps.Block:
		return g.Fail, l.Bad.Render
	case steps.Unknown:
		return g.Unknown, l.Warn.Render
	case steps.Skipped:
		return g.Skip, l.Faint.Render
	}
	return l.Glyphs.Info, l.Accent.Render
}

// Findings draws families at the left and, at the right, those of one of them with
// the open one in full; in a narrow room one family after the other. down is how far
// it can be scrolled of what is wanted.
func (l Look) Findings(f Findings, width, height int) (lines []string, down int) {
	if !f.Whole {
		l = l.Brief()
	}
	title := l.words(strings.TrimPrefix(board.FindingsTitle(f.Found), "Preflight   "), width, l.Strong.Render)
	if len(f.Found) == 0 {
		return l.Into(append(title, l.Hint(steps.T("Nothing was checked: no check applies to what was answered so far."), width)...), width, height), 0
	}
	room := height - len(title) - 1
	title = append(title, "")
	if room < 6 { // every line counts
		title, room = title[:1], height-1
	}
	f.At = max(0, min(f.At, len(f.Found)-1))
	groups := group(f.Found)
	now := slices.IndexFunc(groups, func(g family) bool { return f.At >= g.from && f.At < g.to })
	if width < narrow {
		strip := l.strip(groups, now, width)
		rows, down := l.accordion(f, groups[now], width, room-len(strip))
		return l.Into(slices.Concat(title, strip, rows), width, height), down
	}
	left := l.familyList(groups, now)
	side := ansi.StringWidth(left[0])
	right, down := l.accordion(f, groups[now], width-side-2, room)
	return l.Into(append(title, beside(left, side+2, right)...), width, height), down
}

// beside puts two columns beside each other; the left one has side cells.
func beside(left []string, side int, right []string) []string {
	out := make([]string, max(len(left), len(right)))
	for i := range out {
		switch {
		case i >= len(right):
			out[i] = left[i]
		case i < len(left):
			out[i] = left[i] + strings.Repeat(" ", max(0, side-ansi.StringWidth(left[i]))) + right[i]
		default:
			out[i] = strings.Repeat(" ", side) + right[i]
		}
	}
	return out
}

// familyList has a line for each family: worst outcome, name, how many.
func (l Look) familyList(groups []family, now int) []string {
	cells := 0
	for _, g := range groups {
		cells = max(cells, ansi.StringWidth(string(g.name)))
	}
	out := make([]string, len(groups))
	for i, g := range groups {
		sign, paint := l.outcome(g.worst)
		name, mark := l.Text, "  "
		if i == now {
			name, mark = l.Selected, l.Accent.Render(l.Glyphs.Cursor)+" "
		}
		out[i] = mark + paint(sign) + " " + name.Render(l.Fit(string(g.name), cells)) + l.Dim.Render(fmt.Sprintf(" %3d", g.to-g.from))
	}
	return out
}

// strip is the list of families in one line or two.
func (l Look) strip(groups []family, now, width int) []string {
	lines, used := []string{""}, 0
	for i, g := range groups {
		sign, paint := l.outcome(g.worst)
		words := fmt.Sprintf("%s %d", g.name, g.to-g.from)
		entry := " " + paint(sign) + " " + l.Dim.Render(words) + " "
		if i == now {
			entry = l.Selected.Render("[") + paint(sign) + " " + l.Selected.Render(words+"]")
		}
		cells := ansi.StringWidth(words) + 4
		if used > 0 && used+cells > width {
			lines, used = append(lines, ""), 0
		}
		lines[len(lines)-1] += entry
		used += cells
	}
	return lines
}

// accordion lists a family's findings with the open one in full.
func (l Look) accordion(f Findings, g family, width, height int) (shown []string, down int) {
	var lines []string
	first, last := 0, 0
	for i := g.from; i < g.to; i++ {
		if i == f.At {
			first = len(lines)
			lines = append(lines, l.open(f, width)...)
			last = len(lines)
			continue
		}
		lines = append(lines, l.findingRow(f.Found[i], f.Accepted, "  ", l.Text.Render, width))
	}
	from := max(0, last-max(1, height-1))
	from = min(first, from)
	shown, at := l.Window(lines, from+f.Down, height)
	return shown, max(0, at-from)
}

// findingRow is a finding in one line.
func (l Look) findingRow(f steps.Finding, accepted map[steps.CheckID]bool, mark string, paint painter, width int) string {
	sign, signed := l.outcome(f.Outcome)
	words := l.as(board.Stated(f))
	if accepted[f.ID] && f.Outcome == steps.Warn {
		words = "accepted, " + words
	}
	id := string(f.ID)
	if width >= 72 {
		return mark + signed(sign) + " " + paint(l.Fit(id, 30)) + " " + l.Dim.Render(l.Cut(words, width-35))
	}
	return mark + signed(sign) + " " + paint(l.Cut(words, width-4))
}

// open is a finding in full.
func (l Look) open(f Findings, width int) []string {
	one := f.Found[f.At]
	sign, signed := l.outcome(one.Outcome)
	head := l.Accent.Render(l.Glyphs.Cursor) + " " + signed(sign) + " " + l.Selected.Render(l.Cut(string(one.ID), width-16)) + "  " + signed(outcomeWord[one.Outcome])
	inner := width - 4
	body := l.words(l.as(board.Stated(one)), inner, l.Strong.Render)
	switch { // what can be done stands first: a long story may not end on the screen
	case f.Accepted[one.ID]:
		body = append(body, l.fact("press a", "to take back that you go on in spite of it", inner)...)
	case one.Outcome == steps.Warn && one.Weighty:
		body = append(body, l.fact("press a", "to go on in spite of it", inner)...)
	}
	if f.Fixable != nil && f.Fixable(one) {
		body = append(body, l.fact("press f", "and the plan will put it right", inner)...)
		if said, _ := spec.Snippet(one.Fix.Answers); said != "" { // which is all that it changes
			body = append(body, indented(column, l.block(said, inner-column))...)
		}
	}
	body = append(body, l.fact("about", l.name(one.Subject), inner)...)
	for i, e := range one.Evidence {
		label := ""
		if i == 0 {
			label = "evidence"
		}
		body = append(body, l.fact(label, l.as(e), inner)...)
	}
	body = append(body, l.fact("cause", l.as(one.Cause), inner)...)
	body = append(body, l.fact("because", string(one.BecauseOf), inner)...)
	body = append(body, l.fact("fix", l.as(one.Fix.Text), inner)...)
	for _, block := range []string{one.Fix.Diff, one.Fix.Command} {
		if block != "" {
			body = append(body, indented(column, l.block(block, inner-column))...)
		}
	}
	if one.Fix.Step != "" {
		body = append(body, l.fact("plan", "step "+string(one.Fix.Step)+" of the plan puts it right", inner)...)
	}
	return append([]string{head}, indented(4, body)...)
}
