package theme

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"snapferry/awsx/text"
)

// Middle shortens a long name to a width by leaving its middle out: names and ARNs
// differ at their ends. Styled text keeps its styles.
func (t Theme) Middle(s string, cells int) string {
	w := ansi.StringWidth(s)
	if w <= cells {
		return s
	}
	gap := ansi.StringWidth(t.Glyphs.Ellipsis)
	if cells <= gap+1 {
		return ansi.Truncate(s, max(0, cells), "")
	}
	head := (cells - gap + 1) / 2
	tail := cells - gap - head
	end := ansi.TruncateLeft(s, w-tail, "")
	for off := w - tail + 1; ansi.StringWidth(end) > tail; off++ { // a wide letter stands across the cut
		end = ansi.TruncateLeft(s, off, "")
	}
	return ansi.Truncate(s, head, "") + t.Glyphs.Ellipsis + end
}

// Plain is text from outside as this terminal can show it on a line: nothing in it
// steers the terminal (an error body may hold anything), see Spoken for the rest.
func (t Theme) Plain(s string) string { return t.Spoken(text.Clean(s)) }

// Fit makes a line exactly cells wide, cut at its end or filled with blanks.
func (t Theme) Fit(s string, cells int) string {
	s = t.Cut(s, cells)
	return s + strings.Repeat(" ", max(0, cells-ansi.StringWidth(s)))
}

// Cut shortens a line of words at its end, with the sign that something is left out.
func (t Theme) Cut(s string, cells int) string {
	if ansi.StringWidth(s) <= cells {
		return s
	}
	return ansi.Truncate(s, max(0, cells), t.Glyphs.Ellipsis)
}

// typographic are the signs of words that have a counterpart in ASCII.
var typographic = strings.NewReplacer("×", "x", "–", "-", "—", "-", "…", "..", "·", "-", "“", `"`, "”", `"`, "’", "'", "→", "->", "≥", ">=", "≤", "<=")

// Spoken is a line as this terminal can show it: without Unicode, every sign beyond
// ASCII gives way to its counterpart, or to as many question marks as it has cells.
func (t Theme) Spoken(s string) string {
	if t.Unicode || !strings.ContainsFunc(s, beyond) {
		return s
	}
	var b strings.Builder
	for _, r := range typographic.Replace(s) {
		if beyond(r) {
			b.WriteString(strings.Repeat("?", ansi.StringWidth(string(r))))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// beyond says that a letter is beyond ASCII.
func beyond(r rune) bool { return r >= 0x80 }
