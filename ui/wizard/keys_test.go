package wizard

import (
	"context"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
	"snapferry/ui/theme"
)

// TestTheWayOutIsNamed on the narrowest terminal, too: what leads on, and the way back.
func TestTheWayOutIsNamed(t *testing.T) {
	blocked := func(f ...steps.CheckID) screen {
		p := &play{fixes: f, check: func(context.Context) ([]steps.Finding, error) { return someFindings(), nil }}
		return enter(t, newChecks(props(t, p, dark))).still().screen
	}
	warned := func() screen {
		p := &play{check: func(context.Context) ([]steps.Finding, error) { return someFindings()[1:], nil }}
		return enter(t, newChecks(props(t, p, dark))).still().screen
	}
	failing := func() screen {
		r := rehearse(t, dark, begun()...)
		r.play.fixes = []steps.CheckID{"role-trusts-service"}
		r.fails <- Failure{Step: "snapshot", Diagnosis: someCause(), Skippable: true, Fix: someFindings()[0]}
		r.until("the failure", func() bool { return r.screen.(*running).failed != nil })
		return r.screen
	}
	looks := 0
	for name, c := range map[string]struct {
		shown screen
		keys  []string
	}{
		"a blocker to be fixed":   {blocked("role-trusts-service"), []string{"f fix in plan", "r again", "esc back", "? help", "ctrl+c quit"}},
		"a blocker of others":     {blocked(), []string{"c command", "r again", "esc back"}},
		"a warning to accept":     {warned(), []string{"a accept", "esc back"}},
		"a plan":                  {reviewed(t, dark, somePlan(3), nil).screen, []string{"enter approve", "d diff", "esc back"}},
		"somebody else's errand":  {handing(t, dark, &looks, 9).screen, []string{"c as command", "r look now", "esc back"}},
		"a run":                   {rehearse(t, dark, begun()...).screen, []string{"p pause", "ctrl+c stop", "space details", "c command", "? help"}},
		"a failed step":           {failing(), []string{"r retry", "f fix and retry", "s skip", "q stop"}},
		"an error to be pasted":   {newExplaining(props(t, &play{}, dark)), []string{"ctrl+d explain", "ctrl+o and look", "esc back"}},
		"something to be read":    {newLooked(props(t, &play{}, dark), pastMsg{state: &steps.State{}}), []string{"enter end", "esc back"}},
		"another run beside this": {&afresh{made: props(t, &play{}, dark)}, []string{"enter begin it", "esc back"}},
	} {
		for _, o := range []theme.Options{dark, {}} {
			p := sit(t, Options{Deeds: &desk{}, Width: 60, Height: 20, Look: o})
			p.show(atRun, c.shown)
			line := ansi.Strip(p.lines()[19])
			for _, k := range c.keys {
				if !strings.Contains(line, k) {
					t.Errorf("%s: no %q in %q", name, k, line)
				}
			}
			whole := []string{"? help", "ctrl+c quit", p.theme.Glyphs.Ellipsis}
			for _, k := range c.shown.Keys() {
				whole = append(whole, k.Help().Key+" "+k.Help().Desc, k.Help().Key+" back")
			}
			for _, part := range strings.Split(line, " "+p.theme.Glyphs.Dot+" ") {
				if !slices.Contains(whole, strings.TrimSpace(part)) {
					t.Errorf("%s: %q in %q is no whole key", name, part, line)
				}
			}
		}
	}
}

// TestOneKeyDoesOneThing: what ctrl+c does in a run the run says itself.
func TestOneKeyDoesOneThing(t *testing.T) {
	p := sit(t, Options{Deeds: &desk{}, Width: 80, Height: 24})
	p.show(atRun, rehearse(t, dark, begun()...).screen)
	if all := p.press("?").shows(); strings.Count(all, "ctrl+c") != 1 || !strings.Contains(all, "stop") {
		t.Errorf("keys:\n%s", all)
	}
}

// TestASheetGivesWay: what becomes of a run that is stopped, or of a step that failed,
// stands on the board below it; what lies over the sheet goes first.
func TestASheetGivesWay(t *testing.T) {
	p := sit(t, Options{Deeds: &desk{}, Width: 80, Height: 24})
	r := rehearse(t, dark, begun()...)
	p.show(atRun, r.screen)
	p.shown = 0 // that of the screen's wishes
	p.press("space").says("What it said", "esc close").press("?").says("Keys of this screen", "close").press("x").says("What it said")
	if p.press("space"); strings.Contains(p.shows(), "What it said") {
		t.Errorf("the key that brought it does not take it away:\n%s", p.shows())
	}
	p.press("space").says("What it said").press("ctrl+c").says("stops at the next safe point")
	if strings.Contains(p.shows(), "What it said") {
		t.Errorf("the sheet hides what becomes of the run:\n%s", p.shows())
	}
	p.press("space").says("What it said")
	p.send(visitMsg{0, failedMsg{Failure{Step: "snapshot", Diagnosis: someCause()}}})
	p.says("Step snapshot failed")
	p.press("c").says("esc close").press("esc").says("Step snapshot failed")
	p.send(tea.PasteMsg{Content: "x"})
}

// TestTooSmallInARun: nobody has to fear for a run that has no room.
func TestTooSmallInARun(t *testing.T) {
	p := sit(t, Options{Deeds: &desk{}, Width: 50, Height: 12})
	p.show(atRun, rehearse(t, dark, begun()...).screen)
	p.says("The run goes on.", "next safe point")
	p.show(atReport, newLooked(props(t, &play{}, dark), pastMsg{state: &steps.State{}}))
	p.says("This terminal is too small", "--plain")
}
