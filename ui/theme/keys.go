package theme

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/x/ansi"
)

// Keys is the line of keys in a width, in their order; what is disabled is left out.
// Where not all have room the first one, which leads on, and the way back (esc) stay,
// and then as many as fit; a sign that there are more stands there if it fits, too.
func (t Theme) Keys(cells int, list []key.Binding) string {
	list = slices.DeleteFunc(slices.Clone(list), func(k key.Binding) bool { return !k.Enabled() })
	line := t.keys(list)
	if ansi.StringWidth(line) <= cells {
		return line
	}
	var shown []key.Binding
	for i, k := range list {
		if isBack(k) && strings.HasPrefix(k.Help().Desc, "back ") { // to where is learned soon enough
			k.SetHelp(k.Help().Key, "back")
			list[i] = k
		}
		if i == 0 || isBack(k) {
			shown = append(shown, k)
		}
	}
	for i, k := range list {
		if i == 0 || isBack(k) {
			continue
		}
		more := slices.Insert(slices.Clone(shown), place(list[:i], shown), k)
		if ansi.StringWidth(t.keys(more)) <= cells {
			shown = more
		}
	}
	line = t.keys(shown)
	if more := line + t.between() + t.Faint.Render(t.Glyphs.Ellipsis); len(shown) < len(list) && ansi.StringWidth(more) <= cells {
		return more
	}
	return t.Cut(line, cells)
}

// place is how many of the keys shown are among those before one.
func place(before, shown []key.Binding) (n int) {
	for _, k := range before {
		if slices.ContainsFunc(shown, func(s key.Binding) bool { return s.Help() == k.Help() }) {
			n++
		}
	}
	return n
}

// isBack says that a key is the way back.
func isBack(k key.Binding) bool { return slices.Contains(k.Keys(), "esc") }

// keys are keys on a line, however long that is.
func (t Theme) keys(list []key.Binding) string {
	parts := make([]string, 0, len(list))
	for _, k := range list {
		parts = append(parts, t.Key.Render(k.Help().Key)+" "+t.KeyText.Render(k.Help().Desc))
	}
	return strings.Join(parts, t.between())
}

// between stands between two keys.
func (t Theme) between() string { return t.Faint.Render(" " + t.Glyphs.Dot + " ") }
