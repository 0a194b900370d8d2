// Package theme decides once how things look: tokens (what a thing means) become
// lipgloss and help styles, and glyphs in Unicode or ASCII, for a background, a
// number of colours and a locale.
//
// Styles are plain values. Colours are an addition: whatever a colour says, a
// glyph or a word says too. It draws nothing and knows no screen.
package theme

import (
	"image/color"

	"charm.land/bubbles/v2/help"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"snapferry/ui/term"
)

// Options say what the terminal is like.
type Options struct {
	// Dark says that the background is dark; it is until a terminal tells.
	Dark    bool
	Unicode bool
	Profile colorprofile.Profile
}

// Theme is a look. The zero value has no styles and no glyphs; use New.
type Theme struct {
	Options
	Glyphs Glyphs

	// Text is what is read first; Dim what helps; Faint lines and what is to come.
	Text, Dim, Faint lipgloss.Style
	// Title heads a page, Strong a part of it.
	Title, Strong lipgloss.Style
	// Accent marks where the cursor is and what moves.
	Accent lipgloss.Style
	// Good, Warn and Bad are outcomes; Sandbox is the badge that nothing is real.
	Good, Warn, Bad, Sandbox lipgloss.Style
	// Selected is the row or button that enter takes.
	Selected lipgloss.Style
	// Key and KeyText are keys and what they do.
	Key, KeyText lipgloss.Style
	// Added and Removed are lines of a diff, which also begin with + and -.
	Added, Removed lipgloss.Style
}

// token is a colour by what it means, for light and dark backgrounds. The sixteen
// colours are the terminal's own, which suit its background by themselves.
type token struct {
	light, dark string // true colour
	ansi        string // one of the sixteen
}

// The tokens. Each has a contrast of 4.5 or more against white or black; a test
// computes it.
var (
	dim    = token{"#57606a", "#9aa4b2", "8"}
	faint  = token{"#6e7781", "#7d8590", "8"}
	accent = token{"#006b7d", "#5cc8dc", "6"}
	good   = token{"#1a7f37", "#7ad48b", "2"}
	warn   = token{"#8a5300", "#e6c15c", "3"}
	bad    = token{"#b3261e", "#f28b82", "1"}
)

// color gives a token in the colours the terminal has.
func (o Options) color(t token) color.Color {
	full := lipgloss.LightDark(o.Dark)(lipgloss.Color(t.light), lipgloss.Color(t.dark))
	return lipgloss.Complete(o.Profile)(lipgloss.Color(t.ansi), full, full)
}

// New makes the look for a terminal.
func New(o Options) Theme {
	plain := lipgloss.NewStyle()
	of := func(t token) lipgloss.Style { return plain.Foreground(o.color(t)) }
	th := Theme{
		Options: o, Glyphs: ascii,
		Text: plain, Dim: of(dim), Faint: of(faint),
		Title: plain.Bold(true), Strong: plain.Bold(true), Accent: of(accent).Bold(true),
		Good: of(good), Warn: of(warn), Bad: of(bad).Bold(true),
		Sandbox:  of(warn).Bold(true).Reverse(true).Padding(0, 1),
		Selected: of(accent).Bold(true),
		Key:      of(accent), KeyText: of(dim),
		Added: of(good), Removed: of(bad),
	}
	if o.Unicode {
		th.Glyphs = unicode
	}
	return th
}

// Help are the styles of the line of keys.
func (t Theme) Help() help.Styles {
	return help.Styles{
		Ellipsis: t.Faint, ShortKey: t.Key, ShortDesc: t.KeyText, ShortSeparator: t.Faint,
		FullKey: t.Key, FullDesc: t.KeyText, FullSeparator: t.Faint,
	}
}

// told are the variables of the environment that tell of colours.
var told = []string{"TERM", "COLORTERM", "CLICOLOR", "CLICOLOR_FORCE", "WT_SESSION", "GOOGLE_CLOUD_SHELL", "ConEmuANSI", "ANSICON"}

// Profile is how many colours a terminal is given. NO_COLOR counts whatever it
// says, as its convention has it; bold and reverse stay. Terminal info and tmux
// are not asked: that would start a program before the first frame.
func Profile(s term.Streams) colorprofile.Profile {
	if !s.OutTerminal || s.Env("TERM") == "dumb" {
		return colorprofile.NoTTY
	}
	if s.Env("NO_COLOR") != "" {
		return colorprofile.ASCII
	}
	var env []string
	for _, name := range told {
		if v := s.Env(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return max(colorprofile.Env(env), colorprofile.ANSI)
}
