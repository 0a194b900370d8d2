package wizard

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
)

// atARun is a person before a run; its feed is told by hand.
func atARun(t *testing.T) (*person, *running) {
	t.Helper()
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}})
	planned, _ := planFor(somePlan(3))
	planned.Interrupt = func() int { return 1 }
	s := newRunning(p.made, planned, "").(*running)
	for _, r := range story(somePlan(3), begun()...) {
		s.state.Apply(r)
	}
	p.show(atRun, s)
	return p, s
}

// failing is a failed step of it; what is decided comes by decided.
func failing(decided chan Decision) failedMsg {
	return failedMsg{Failure{Step: "snapshot", Diagnosis: someCause(), Skippable: true, Decide: decided}}
}

// TestKeysBehindASheet: what is pressed in the same read as the key that opens a sheet is
// the sheet's, and nothing of it is typed or decided below.
func TestKeysBehindASheet(t *testing.T) {
	for _, k := range []string{"c", "q", "7", "s"} {
		pressed[k] = tea.KeyPressMsg{Code: rune(k[0]), Text: k}
		defer delete(pressed, k)
	}
	runs := 0
	p := ready(t, &runs)
	p.together("c", "7").says("As a command")
	if got := p.screen.(*review).typed; got != "" {
		t.Errorf("%q was typed below the sheet", got)
	}
	for _, first := range []string{"down", "7", "q"} {
		p = ready(t, &runs)
		if p.together("c", first, "esc"); first != "q" && (p.at != atReview || p.cover.sheet != nil) {
			t.Errorf("c, %s, esc lead to %d, sheet %v", first, p.at, p.cover.sheet != nil)
		}
	}
	for _, k := range []string{"q", "s", "r"} {
		p, s := atARun(t)
		decided := make(chan Decision, 3)
		s.Update(failing(decided))
		p.arrange()
		if p.together("c", k); s.failed == nil || len(decided) > 0 {
			t.Errorf("c and %s decided about the step", k)
		}
	}
}

// TestNoSheetHidesAFailure: whichever comes first, the key or the failure.
func TestNoSheetHidesAFailure(t *testing.T) {
	for _, k := range []tea.KeyPressMsg{{Code: 'c', Text: "c"}, pressed["space"]} {
		p, s := atARun(t)
		open := p.update(k)
		fail := p.update(failing(make(chan Decision, 1)))
		p.do(fail)
		p.do(open)
		if p.says("Step snapshot failed"); s.failed == nil {
			t.Errorf("%s: nothing failed", k)
		}
		p, _ = atARun(t)
		open = p.update(k)
		p.do(p.update(pressed["ctrl+c"]))
		p.do(open)
		p.says("stops at the next safe point")
	}
}

// TestPastedToAQuestion: the question that is seen gets it, whatever lies under it; a
// sheet, and help, that are seen get nothing.
func TestPastedToAQuestion(t *testing.T) {
	for _, under := range []string{"c", "?"} {
		p, _ := atARun(t)
		p.send(tea.KeyPressMsg{Code: rune(under[0]), Text: under})
		p.send(tea.PasteMsg{Content: "lost"})
		got := make(chan reply, 1)
		p.send(askMsg{question: steps.T("code?"), reply: got})
		p.send(tea.PasteMsg{Content: "123456"})
		if p.press("enter"); len(got) != 1 {
			t.Fatalf("over %s: no answer\n%s", under, p.shows())
		}
		if r := <-got; r.text != "123456" || r.err != nil {
			t.Errorf("over %s: answered %q, %v", under, r.text, r.err)
		}
	}
}

// TestASheetOverARunNamesWhatStopsIt, in the line of keys and among all of them.
func TestASheetOverARunNamesWhatStopsIt(t *testing.T) {
	for name, fails := range map[string]bool{"run": false, "failed step": true} {
		p, s := atARun(t)
		if fails {
			s.Update(failing(make(chan Decision, 1)))
			p.arrange()
		}
		p.send(tea.KeyPressMsg{Code: 'c', Text: "c"})
		last := p.lines()[len(p.lines())-1]
		if p.says("As a command", "ctrl+c stop"); strings.Contains(last, "quit") {
			t.Errorf("%s: %s", name, last)
		}
		p.send(tea.KeyPressMsg{Code: '?', Text: "?"})
		if shown := p.says("Keys of this screen").shows(); strings.Count(shown, "ctrl+c") != 1 {
			t.Errorf("%s: %s", name, shown)
		}
	}
}
