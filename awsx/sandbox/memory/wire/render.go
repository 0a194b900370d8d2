package wire

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// align pads every column to its widest cell; the last one is not padded, so
// that lines carry no trailing blanks.
func (t Table) align(picked []pick, lines [][]string) string {
	width := make([]int, len(picked))
	for _, line := range lines {
		for i, s := range line {
			width[i] = max(width[i], utf8.RuneCountInString(s))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		for i, s := range line {
			gap := strings.Repeat(" ", width[i]-utf8.RuneCountInString(s))
			if t.Columns[picked[i].at].Right {
				s = gap + s
			} else if i < len(line)-1 {
				s += gap
			}
			b.WriteString(s)
			if i < len(line)-1 {
				b.WriteByte(' ')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// help lists the columns with their short names, like ?help.
func (t Table) help() string {
	name, alias, text := 0, 0, 0
	for _, c := range t.Columns {
		name, alias, text = max(name, len(c.Name)), max(alias, len(strings.Join(c.Aliases, ","))), max(text, len(c.Help))
	}
	var b strings.Builder
	for _, c := range t.Columns {
		fmt.Fprintf(&b, "%-*s | %-*s | %-*s\n", name, c.Name, alias, strings.Join(c.Aliases, ","), text, c.Help)
	}
	return b.String()
}
