package board

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
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

// Wrap breaks the line at blanks so that no part is wider than cells, where words
// permit: a long ARN stays whole. 0 cells, for a pipe or a file, breaks nothing.
func (l Line) Wrap(cells int) []string {
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
	used, last := 0, -1
	for i, r := range s {
		if r == ' ' && i > from {
			if used > cells {
				if last < 0 {
					return i
				}
				return last
			}
			last = i
		}
		used += runeCells(r)
	}
	return last
}

// Cells is how wide a text is on a terminal.
func Cells(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	switch k := width.LookupRune(r).Kind(); {
	case unicode.Is(unicode.Mn, r):
		return 0
	case k == width.EastAsianWide || k == width.EastAsianFullwidth:
		return 2
	}
	return 1
}

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
