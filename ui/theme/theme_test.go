package theme

import (
	"image/color"
	"math"
	"reflect"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"snapferry/ui/term"
)

// luminance is that of WCAG 2.1.
func luminance(c color.Color) float64 {
	part := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.03928 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	r, g, b, _ := c.RGBA()
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast: every colour can be read on the backgrounds people have.
func TestContrast(t *testing.T) {
	grounds := map[bool][]string{true: {"#000000", "#1e1e1e"}, false: {"#ffffff", "#fafafa"}}
	for name, tok := range map[string]token{"dim": dim, "faint": faint, "accent": accent, "good": good, "warn": warn, "bad": bad} {
		for dark, list := range grounds {
			for _, ground := range list {
				c := Options{Dark: dark, Profile: colorprofile.TrueColor}.color(tok)
				want := 4.5
				if name == "faint" { // lines and what is to come
					want = 3.5
				}
				if got := contrast(c, lipgloss.Color(ground)); got < want {
					t.Errorf("%s on %s has a contrast of %.1f, wants %.1f", name, ground, got, want)
				}
			}
		}
	}
}

// TestColoursOfTheTerminal: sixteen colours are its own; none are none.
func TestColoursOfTheTerminal(t *testing.T) {
	if got := (Options{Profile: colorprofile.ANSI}).color(good); got != lipgloss.Color("2") {
		t.Errorf("green is %v", got)
	}
	for _, dark := range []bool{true, false} {
		for _, p := range []colorprofile.Profile{colorprofile.ASCII, colorprofile.NoTTY} {
			if s := New(Options{Dark: dark, Profile: p}).Good.Render("x"); p == colorprofile.NoTTY && ansi.Strip(s) != "x" {
				t.Errorf("%v: %q", p, s)
			}
		}
	}
	if New(Options{Dark: true, Profile: colorprofile.TrueColor}).Warn.GetForeground() == New(Options{Profile: colorprofile.TrueColor}).Warn.GetForeground() {
		t.Error("light and dark are one")
	}
	if New(Options{}).Help().ShortKey.GetForeground() == nil {
		t.Error("keys have no style")
	}
}

// TestGlyphs: both sets are whole, as wide as they say, and one is ASCII.
func TestGlyphs(t *testing.T) {
	wide := map[string]bool{"Ellipsis": true, "Up": true, "Down": true, "Left": true, "Right": true}
	for name, set := range map[string]Glyphs{"unicode": New(Options{Unicode: true}).Glyphs, "ascii": New(Options{}).Glyphs} {
		v := reflect.ValueOf(set)
		for i := range v.NumField() {
			field := v.Type().Field(i).Name
			signs := []string{}
			switch f := v.Field(i).Interface().(type) {
			case string:
				signs = append(signs, f)
			case []string:
				signs = f
			case rune:
				signs = append(signs, string(f))
			}
			if len(signs) == 0 {
				t.Errorf("%s has no %s", name, field)
			}
			for _, s := range signs {
				if s == "" || ansi.StringWidth(s) != 1 && (!wide[field] || name == "unicode") {
					t.Errorf("%s %s %q is %d cells wide", name, field, s, ansi.StringWidth(s))
				}
				if name == "ascii" && strings.ContainsFunc(s, func(r rune) bool { return r > 126 }) {
					t.Errorf("%s %q is not ASCII", field, s)
				}
			}
		}
	}
}

func TestProfile(t *testing.T) {
	for name, c := range map[string]struct {
		tty  bool
		env  map[string]string
		want colorprofile.Profile
	}{
		"a pipe":            {false, map[string]string{"TERM": "xterm-256color"}, colorprofile.NoTTY},
		"dumb":              {true, map[string]string{"TERM": "dumb"}, colorprofile.NoTTY},
		"sixteen":           {true, map[string]string{"TERM": "xterm"}, colorprofile.ANSI},
		"many":              {true, map[string]string{"TERM": "xterm-256color"}, colorprofile.ANSI256},
		"all":               {true, map[string]string{"TERM": "xterm", "COLORTERM": "truecolor"}, colorprofile.TrueColor},
		"NO_COLOR":          {true, map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, colorprofile.ASCII},
		"NO_COLOR, any":     {true, map[string]string{"TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": "yes"}, colorprofile.ASCII},
		"NO_COLOR is empty": {true, map[string]string{"TERM": "xterm", "NO_COLOR": ""}, colorprofile.ANSI},
		"nothing said":      {true, nil, colorprofile.ANSI},
	} {
		s := term.Streams{OutTerminal: c.tty, Env: func(k string) string { return c.env[k] }}
		if got := Profile(s); got != c.want {
			t.Errorf("%s: %v, wants %v", name, got, c.want)
		}
	}
}

// TestFitting: nothing gets wider than it may, whatever it is made of.
func TestFitting(t *testing.T) {
	words := []string{
		"", "a", "logs-prod", "arn:aws:iam::111122223333:role/service/snapferry-logs-prod-snapshot", "ログの索引-2026.11", "🚢🚢🚢 ferry", "e\u0301clair",
		lipgloss.NewStyle().Bold(true).Render("arn:aws:iam::111122223333:role/x"), "two words that are longer than a line can be",
	}
	for _, unicode := range []bool{true, false} {
		th := New(Options{Unicode: unicode})
		for _, s := range words {
			for cells := range 24 {
				if got := ansi.StringWidth(th.Middle(s, cells)); got > cells {
					t.Errorf("Middle(%q, %d) is %d wide", s, cells, got)
				}
				if got := ansi.StringWidth(th.Cut(s, cells)); got > cells {
					t.Errorf("Cut(%q, %d) is %d wide", s, cells, got)
				}
				fit := th.Fit(s, cells)
				if got := ansi.StringWidth(fit); got > cells || got < cells-1 { // half a wide letter cannot be shown
					t.Errorf("Fit(%q, %d) is %d wide", s, cells, got)
				}
				if cells < 2 { // less than one wide letter
					continue
				}
				for _, l := range th.Wrap(s, cells) {
					if ansi.StringWidth(l) > cells {
						t.Errorf("Wrap(%q, %d): %q", s, cells, l)
					}
				}
			}
		}
	}
	th := New(Options{Unicode: true})
	if got := th.Middle("arn:aws:iam::111122223333:role/snap", 15); got != "arn:aws…le/snap" {
		t.Errorf("Middle: %s", got)
	}
	if got := strings.Join(th.Wrap("a arn:aws:iam::111122223333:role/x", 20), "|"); ansi.StringWidth(got) == 0 || !strings.Contains(got, "|") {
		t.Errorf("Wrap: %s", got)
	}
}

// TestPlain: what comes from outside is one line and steers nothing.
func TestPlain(t *testing.T) {
	const said = "a\x1b[31mred\x1b[0m\r\nb\tc\u009b2J\a\x7f 索"
	for unicode, want := range map[bool]string{true: "ared  b c 索", false: "ared  b c ??"} {
		if got := New(Options{Unicode: unicode}).Plain(said); got != want {
			t.Errorf("unicode %v: %q, wants %q", unicode, got, want)
		}
	}
}

// TestSpoken: no byte beyond ASCII reaches a terminal that speaks nothing else, and
// columns stay where they are.
func TestSpoken(t *testing.T) {
	for said, want := range map[string]string{
		"plain": "plain", "key/1234…": "key/1234..", "3 × r6g – “x”": `3 x r6g - "x"`, "ログ-1": "????-1", "\x1b[1mé\x1b[m": "\x1b[1m?\x1b[m",
	} {
		if got := New(Options{}).Spoken(said); got != want {
			t.Errorf("%q is said as %q, wants %q", said, got, want)
		}
		if got := New(Options{Unicode: true}).Spoken(said); got != said {
			t.Errorf("%q is changed to %q where it can be shown", said, got)
		}
	}
}
