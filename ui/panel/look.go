package panel

import (
	"errors"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
	"snapferry/ui/board"
	"snapferry/ui/theme"
)

// Look is what every panel is drawn with: how things look, how they are said, what
// time it is, and which picture of the shared animation is on.
type Look struct {
	theme.Theme
	board.Words
	Now   time.Time
	Frame int
	// brief shortens names that are longer than a line.
	brief bool
}

// Brief gives the look in which a name that is longer than a line is shortened in
// its middle. Commands and documents are whole in any look.
func (l Look) Brief() Look {
	l.brief = true
	return l
}

// narrow is the width below which columns collapse into one.
const narrow = 90

// column is where the words of a fact stand, behind their label.
const column = 10

// painter gives words a style.
type painter func(...string) string

// as says words as one line that a terminal can be given.
func (l Look) as(t steps.Text) string { return l.Plain(l.Say(t)) }

// name is a name from outside, masked where that was asked for.
func (l Look) name(s string) string { return l.Plain(l.Mask(s)) }

// words are wrapped and styled line by line: a style that spans lines would be
// padded to the longest of them.
func (l Look) words(s string, width int, paint painter) []string {
	if s == "" {
		return nil
	}
	if l.brief {
		s = l.shorter(s, min(width, longest))
	}
	lines := l.Wrap(s, max(2, width))
	for i := range lines {
		lines[i] = paint(lines[i])
	}
	return lines
}

// longest is how long a name may be in a brief look.
const longest = 56

// shorter shortens the words of a sentence that have more cells than said.
func (l Look) shorter(s string, cells int) string {
	if ansi.StringWidth(s) <= cells {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		words[i] = l.Middle(w, cells)
	}
	return strings.Join(words, " ")
}

// fact is a label with words behind it, which go on below their own beginning.
func (l Look) fact(label, s string, width int) []string {
	if s == "" {
		return nil
	}
	lines := l.words(s, width-column, l.Text.Render)
	for i := range lines {
		head := ""
		if i == 0 {
			head = label
		}
		lines[i] = l.Dim.Render(l.Fit(head, column)) + lines[i]
	}
	return lines
}

// once is a painter of single lines that asks its style once: for ten thousand rows
// that is most of the work.
func once(paint painter) painter {
	open, end, _ := strings.Cut(paint("x"), "x")
	return func(s ...string) string { return open + strings.Join(s, " ") + end }
}

// row is a name with figures at the right; a name too long for that stands above
// them, whole.
func (l Look) row(name, figures string, width int, paint painter) []string {
	room := max(0, width-len(figures)-1)
	if ansi.StringWidth(name) <= room {
		return []string{l.Fit(name, room+1) + paint(figures)}
	}
	return append(l.broken(name, width, l.Text.Render), strings.Repeat(" ", room+1)+paint(figures))
}

// block is a document or a command, whole: what is longer than the room goes on in
// the next line, a step further in. Lines of a diff keep their sign and colour.
func (l Look) block(s string, width int) []string {
	var out []string
	for _, line := range strings.Split(strings.TrimRight(l.Mask(s), "\n"), "\n") {
		paint := l.Text.Render
		switch {
		case strings.HasPrefix(line, "+"):
			paint = l.Added.Render
		case strings.HasPrefix(line, "-"):
			paint = l.Removed.Render
		}
		line = l.Plain(strings.ReplaceAll(line, "\t", "  "))
		if parts := continued(line, width); parts != nil {
			for _, part := range parts {
				out = append(out, paint(part))
			}
			continue
		}
		out = append(out, l.broken(line, width, paint)...)
	}
	return out
}

// broken breaks a line of a document anywhere, as it has no words.
func (l Look) broken(line string, width int, paint painter) []string {
	if width <= 2*hang || ansi.StringWidth(line) <= width {
		return []string{paint(ansi.Truncate(line, max(0, width), ""))}
	}
	head := ansi.Truncate(line, width, "")
	out := []string{paint(head)}
	rest := strings.TrimPrefix(line, head)
	for _, part := range strings.Split(ansi.Hardwrap(rest, width-hang, true), "\n") {
		out = append(out, strings.Repeat(" ", hang)+paint(part))
	}
	return out
}

// indented moves lines in.
func indented(by int, lines []string) []string {
	for i := range lines {
		if lines[i] != "" {
			lines[i] = strings.Repeat(" ", by) + lines[i]
		}
	}
	return lines
}

// Window is the part of lines there is room for, from one of them on, and the line
// it really begins with. Where something is left out, its last line says so.
func (l Look) Window(lines []string, from, height int) ([]string, int) {
	if height <= 0 {
		return nil, 0
	}
	if len(lines) <= height {
		return lines, 0
	}
	room := max(1, height-1)
	from = max(0, min(from, len(lines)-room))
	shown := append(make([]string, 0, height), lines[from:from+room]...)
	if height == 1 {
		return shown, from
	}
	where := l.Say(steps.T("%d-%d of %d  %s %s", from+1, from+room, len(lines), l.Glyphs.Up, l.Glyphs.Down))
	return append(shown, l.Faint.Render(where)), from
}

// Into cuts a panel to its room: nothing may be wider or taller.
func (l Look) Into(lines []string, width, height int) []string {
	lines = lines[:min(len(lines), max(0, height))]
	for i, s := range lines {
		lines[i] = l.Cut(s, width)
	}
	return lines
}

// Busy says what is being done, alive.
func (l Look) Busy(what steps.Text, width int) []string {
	spin := l.Glyphs.Spin
	lines := l.words(l.as(what), width-2, l.Text.Render)
	for i := range lines {
		head := "  "
		if i == 0 {
			head = l.Accent.Render(spin[l.Frame%len(spin)]) + " "
		}
		lines[i] = head + lines[i]
	}
	return lines
}

// Hint is a line that helps.
func (l Look) Hint(t steps.Text, width int) []string {
	return l.words(l.as(t), width, l.Dim.Render)
}

// Paragraph is something to be read.
func (l Look) Paragraph(t steps.Text, width int) []string {
	return l.words(l.as(t), width, l.Text.Render)
}

// Warning says something to look at before one goes on.
func (l Look) Warning(t steps.Text, width int) []string {
	return l.words(l.Glyphs.Warn+" "+l.as(t), width, l.Warn.Render)
}

// Success says that something went well.
func (l Look) Success(t steps.Text, width int) []string {
	return l.words(l.Glyphs.Pass+" "+l.as(t), width, l.Good.Render)
}

// problem is an error as one a person can act on.
func problem(err error) *steps.Error {
	var e *steps.Error
	if !errors.As(err, &e) {
		return &steps.Error{Summary: steps.T("%s", err.Error())}
	}
	if e.Summary.IsZero() {
		return &steps.Error{Summary: steps.T("%s", e.Error()), Fix: e.Fix}
	}
	return e
}

// Said is an error in a sentence or two.
func Said(err error) steps.Text {
	e := problem(err)
	if e.Fix.IsZero() {
		return e.Summary
	}
	return steps.T("%s. %s", e.Summary, e.Fix)
}

// Trouble is an error in words, and the way out.
func (l Look) Trouble(err error, width int) []string {
	e := problem(err)
	lines := l.words(l.Glyphs.Fail+" "+l.as(e.Summary), width, l.Bad.Render)
	return append(lines, l.fact("fix", l.as(e.Fix), width)...)
}

// heading is a line that heads a part of a panel.
func (l Look) heading(t steps.Text, width int) string {
	return l.Strong.Render(l.Cut(l.as(t), width))
}

// Field is a line to type on, with an example of what goes there.
func (l Look) Field(label steps.Text, typed, example string, width int) []string {
	head := l.as(label) + ": "
	room := width - ansi.StringWidth(head) - 1
	field := l.Text.Render(l.Middle(typed, room)) + l.Accent.Render("_")
	if typed == "" && example != "" {
		field = l.Accent.Render("_") + l.Faint.Render(l.Cut(" "+example, room))
	}
	if room < 16 { // below it, then
		return append(l.words(head, width, l.Strong.Render), "  "+l.Cut(field, width-2))
	}
	return []string{l.Strong.Render(head) + field}
}
