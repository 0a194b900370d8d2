package theme

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
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
	return ansi.Truncate(s, head, "") + t.Glyphs.Ellipsis + ansi.TruncateLeft(s, w-tail, "")
}

// Plain is text from outside as this terminal can show it on a line: nothing in it
// steers the terminal (an error body may hold anything), see Spoken for the rest.
func (t Theme) Plain(s string) string {
	if strings.ContainsRune(s, '\x1b') {
		s = ansi.Strip(s) // the whole sequence, not its first sign alone
	}
	return t.Spoken(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return -1
		}
		return r
	}, s))
}

// Fit makes a line exactly cells wide, cut at its end or filled with blanks.
func (t Theme) Fit(s string, cells int) string {
	if w := ansi.StringWidth(s); w < cells {
		return s + strings.Repeat(" ", cells-w)
	}
	return t.Cut(s, cells)
}

// Cut shortens a line of words at its end, with the sign that something is left out.
func (t Theme) Cut(s string, cells int) string {
	if ansi.StringWidth(s) <= cells {
		return s
	}
	return ansi.Truncate(s, max(0, cells), t.Glyphs.Ellipsis)
}

// Wrap breaks words to a width; what is longer than a line is broken where names
// and ARNs have their joints, else anywhere.
func (t Theme) Wrap(s string, cells int) []string {
	if cells <= 0 {
		return nil
	}
	// Wrap lets a line with a joint in it get longer than it may [v0.11.8].
	return strings.Split(ansi.Hardwrap(ansi.Wrap(s, cells, "/:"), cells, true), "\n")
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
