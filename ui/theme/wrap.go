package theme

import (
	"cmp"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// joints are where a name that is longer than a line is best broken: behind them.
const joints = "/:,;=&"

// blanks are where words end. A line end is one of them: the width says where lines do.
const blanks = " \t\r\n"

// Wrap breaks words to a width, at blanks. Of a name that is longer than a line, and of
// nothing else, the parts go on in the next one; one that fits stays whole, as it is
// there to be read and copied. Styled text it does not take.
func (t Theme) Wrap(s string, cells int) []string {
	if cells <= 0 {
		return nil
	}
	var lines []string
	line, used := "", 0
	for rest := s; ; {
		trimmed := strings.TrimLeft(rest, blanks)
		gap := len(rest) - len(trimmed) // columns keep their distance where they fit
		word := trimmed
		if i := strings.IndexAny(trimmed, blanks); i >= 0 {
			word = trimmed[:i]
		}
		if rest = trimmed[len(word):]; word == "" {
			break
		}
		w := ansi.StringWidth(word)
		if line != "" && used+gap+w <= cells {
			line, used = line+strings.Repeat(" ", gap)+word, used+gap+w
			continue
		}
		if room := cells - used - 1; line != "" && w > cells && room >= max(2, cells/3) { // a long name begins beside what is before it
			head := beginning(word, room)
			line, word = line+" "+head, word[len(head):]
		}
		if line != "" {
			lines = append(lines, line)
		}
		for ansi.StringWidth(word) > cells {
			head := beginning(word, cells)
			lines, word = append(lines, head), word[len(head):]
		}
		line, used = word, ansi.StringWidth(word)
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// beginning is that of a name, as much as fits, up to a joint if there is one in its
// second half.
func beginning(word string, cells int) string {
	head := ansi.Truncate(word, cells, "")
	if head == "" { // a letter that is wider than the line; none is wider than two cells
		return cmp.Or(ansi.Truncate(word, 2, ""), word)
	}
	if i := strings.LastIndexAny(head, joints); i >= len(head)/2 {
		return head[:i+1]
	}
	return head
}
