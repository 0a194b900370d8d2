package theme

import (
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// TestKeys: whatever the width, nothing is wider, the key that leads on and the way
// back are there, and what else is there stands in its order.
func TestKeys(t *testing.T) {
	named := func(sign, does string) key.Binding {
		return key.NewBinding(key.WithKeys(strings.Fields(sign)[0]), key.WithHelp(sign, does))
	}
	disabled := named("x", "nothing")
	disabled.SetEnabled(false)
	list := []key.Binding{named("enter", "plan"), named("f", "fix in plan"), disabled, named("up down", "finding"), named("esc", "back to the questions"), named("c", "as command")}
	for cells, want := range map[int]string{
		100: "enter plan - f fix in plan - up down finding - esc back to the questions - c as command",
		60:  "enter plan - f fix in plan - up down finding - esc back - ..",
		58:  "enter plan - f fix in plan - up down finding - esc back",
		40:  "enter plan - f fix in plan - esc back",
		26:  "enter plan - esc back - ..",
		24:  "enter plan - esc back",
		21:  "enter plan - esc back",
		12:  "enter plan..",
		1:   ".",
	} {
		if got := New(Options{}).Keys(cells, list); cells != 1 && got != want || len(got) > cells {
			t.Errorf("%d cells: %q, wants %q", cells, got, want)
		}
	}
	for _, o := range []Options{{}, {Unicode: true, Profile: colorprofile.TrueColor, Dark: true}} {
		for cells := range 100 {
			line := New(o).Keys(cells, list)
			if w := ansi.StringWidth(line); w > cells || !o.Unicode && strings.ContainsFunc(ansi.Strip(line), func(r rune) bool { return r > 126 }) {
				t.Errorf("%d cells: %q", cells, ansi.Strip(line))
			}
		}
	}
	if got := New(Options{}).Keys(40, nil); got != "" {
		t.Errorf("no keys are %q", got)
	}
}
