package board

import (
	"strings"

	"snapferry/steps/report"
)

// ReportLines lays a report out for a terminal of so many cells: tables have columns where
// there is room for them, else a block a row.
func ReportLines(parts []report.Part, cells int) []Line {
	var lines []Line
	for i, p := range parts {
		if i > 0 {
			lines = append(lines, Line{})
		}
		lines = append(lines, lined(0, p.Title, strings.Repeat("-", min(Cells(p.Title), cells)))...)
		lines = append(lines, lined(2, p.Lines...)...)
		lines = append(lines, tableLines(p, cells)...)
		if len(p.Rows) > 0 && len(p.List) > 0 {
			lines = append(lines, Line{})
		}
		for _, l := range p.List {
			lines = append(lines, Line{"- " + l, 2})
		}
	}
	return lines
}

// between is how far apart columns stand.
const between = 2

// tableLines are a part's rows. The last column may go on below itself.
func tableLines(p report.Part, cells int) []Line {
	if len(p.Rows) == 0 {
		return nil
	}
	widths := make([]int, len(p.Head))
	for _, row := range append([][]string{p.Head}, p.Rows...) {
		for i, c := range row {
			widths[i] = max(widths[i], Cells(c))
		}
	}
	last, before := len(widths)-1, 0
	for _, w := range widths[:last] {
		before += w + between
	}
	if before+min(widths[last], leastRoom) > cells {
		return blocks(p)
	}
	lines := []Line{{}}
	for _, row := range append([][]string{p.Head}, p.Rows...) {
		var b strings.Builder
		for i, c := range row[:last] {
			b.WriteString(pad(c, widths[i]+between))
		}
		lines = append(lines, Line{strings.TrimRight(b.String()+row[last], " "), before})
	}
	return lines
}

// blocks give each row a block, headed by its first cell. What says the same as that says
// nothing.
func blocks(p report.Part) []Line {
	label := 0
	for _, h := range p.Head[1:] {
		label = max(label, Cells(h)+between)
	}
	var lines []Line
	for _, row := range p.Rows {
		lines = append(lines, Line{}, Line{row[0], 2})
		for i, c := range row[1:] {
			if c != "" && c != row[0] {
				lines = append(lines, Line{"  " + pad(p.Head[i+1], label) + c, 2 + label})
			}
		}
	}
	return lines
}
