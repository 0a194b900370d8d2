package board

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"snapferry/awsx/text"
)

// Line is one line for a person. Where it is too long for a terminal it goes on
// below the column Hang; a Verbatim one is a document or a command, which must
// stay as it is to be compared and copied.
type Line struct {
	Text string
	Hang int
}

// Verbatim is the Hang of a line that is never broken.
const Verbatim = -1

// verbatim makes lines of a block that stands as it is.
func verbatim(block []string) []Line {
	lines := make([]Line, len(block))
	for i, l := range block {
		lines[i] = Line{l, Verbatim}
	}
	return lines
}

// leastRoom is how many cells a column must keep to be worth standing under; a
// narrower one goes on nearer to the margin.
const (
	leastRoom = 30
	nearHang  = 8
)

// clean is the line without what steers a terminal: its words may come from outside.
// Of a document the tabs stay.
func (l Line) clean() Line {
	if l.Hang != Verbatim {
		return Line{text.Clean(l.Text), l.Hang}
	}
	parts := strings.Split(l.Text, "\t")
	for i, p := range parts {
		parts[i] = text.Clean(p)
	}
	return Line{strings.Join(parts, "\t"), l.Hang}
}

// Wrap breaks the line at blanks so that no part is wider than cells, where words
// permit: a long ARN stays whole. 0 cells, for a pipe or a file, breaks nothing. What
// comes out can be printed: every line does this on its way out.
func (l Line) Wrap(cells int) []string {
	l = l.clean()
	if cells <= 0 || l.Hang == Verbatim || Cells(l.Text) <= cells {
		return []string{l.Text}
	}
	hang := l.Hang
	if cells-hang < leastRoom {
		hang = min(hang, nearHang)
	}
	var out []string
	rest, indent := l.Text, 0
	for Cells(rest) > cells {
		cut := breakAt(rest, cells, max(indent, len(rest)-len(strings.TrimLeft(rest, " "))))
		if cut < 0 {
			break
		}
		out = append(out, strings.TrimRight(rest[:cut], " "))
		rest = strings.TrimLeft(rest[cut:], " ")
		indent = hangOf(rest, hang, cells)
		rest = strings.Repeat(" ", indent) + rest
	}
	return append(out, rest)
}

// hangOf is hang, or less where the next word would be too long for it: an ARN
// that is to be copied should not be broken by the terminal.
func hangOf(rest string, hang, cells int) int {
	word, _, _ := strings.Cut(rest, " ")
	if room := cells - Cells(word); room >= 0 {
		return min(hang, room)
	}
	return hang
}

// breakAt is the place of the last blank behind from that fits, else of the first
// one; -1 where there is none.
func breakAt(s string, cells, from int) int {
	used, counted, last := 0, 0, -1
	for i := range len(s) {
		if s[i] != ' ' || i <= from {
			continue
		}
		used, counted = used+Cells(s[counted:i]), i
		if used > cells {
			if last < 0 {
				return i
			}
			return last
		}
		last = i
	}
	return last
}

// Cells is how wide a text is on a terminal.
func Cells(s string) int { return ansi.StringWidth(s) }

// pad fills a text up with blanks to a width.
func pad(s string, cells int) string { return s + strings.Repeat(" ", max(0, cells-Cells(s))) }

// lined makes lines that go on below their own beginning.
func lined(hang int, texts ...string) []Line {
	lines := make([]Line, len(texts))
	for i, t := range texts {
		lines[i] = Line{t, hang}
	}
	return lines
}

// Strings are the texts of lines, unbroken.
func Strings(lines []Line) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.Text
	}
	return out
}
