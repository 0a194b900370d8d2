package wizard

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

// ready is a person before a plan that approves itself by enter; runs counts how often
// it was begun.
func ready(t *testing.T, runs *int) *person {
	t.Helper()
	planned, feed := planFor(somePlan(3))
	planned.Uncovered, planned.Interrupt = 0, func() int { return 1 }
	pl := &play{plan: func([]steps.CheckID) (Planned, error) { return planned, nil }}
	pl.desk = &desk{}
	pl.check = func(context.Context) ([]steps.Finding, error) { return nil, nil }
	pl.run = func(ctx context.Context, _ string) error {
		*runs++
		close(feed) // a second one would panic
		return ctx.Err()
	}
	p := sit(t, Options{Answers: answered(t, preset), Deeds: pl})
	p.turned(p.to(goMsg{to: atReview}))
	return p
}

// TestKeysThatComeTogether: of keys in one read of the terminal, all of which the
// screen takes before it is known where the first one leads, only the first leads
// anywhere.
func TestKeysThatComeTogether(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		at   place
		runs int
	}{
		{"a double tap on the approval", []string{"enter", "enter"}, atReport, 1},
		{"approved and turned back", []string{"enter", "esc"}, atReport, 1},
		{"turned back and approved", []string{"esc", "enter"}, atChecks, 0},
		{"back and back", []string{"esc", "esc"}, atChecks, 0},
	} {
		runs := 0
		p := ready(t, &runs)
		if p.together(c.keys...); p.at != c.at || runs != c.runs {
			t.Errorf("%s leads to %d with %d runs, wants %d with %d\n%s", c.name, p.at, runs, c.at, c.runs, p.shows())
		}
	}
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}})
	p.turned(p.open("bucket"))
	if p.together("esc", "esc").page != "domains" {
		t.Errorf("two keys led back to %s", p.page)
	}
	p.turned(p.to(goMsg{to: atChecks}))
	if p.together("esc", "enter"); p.at != atPages {
		t.Errorf("what was left led on to %d", p.at)
	}
}

// TestGoingOnFromTheReport accepts what was accepted for the plan it goes on with; from
// the checks only what is accepted there.
func TestGoingOnFromTheReport(t *testing.T) {
	var got [][]steps.CheckID
	planned, _ := planFor(somePlan(3))
	pl := &play{desk: &desk{}, plan: func(a []steps.CheckID) (Planned, error) { got = append(got, a); return planned, nil }}
	pl.check = func(context.Context) ([]steps.Finding, error) {
		return []steps.Finding{{ID: "heavy", Family: steps.FamilyHost, Outcome: steps.Warn, Weighty: true, Summary: steps.T("heavy")}}, nil
	}
	p := sit(t, Options{Answers: answered(t, preset), Deeds: pl})
	p.turned(p.to(goMsg{to: atChecks}))
	p.press("a", "enter")
	stopped := &steps.State{Done: &steps.RunDone{ExitCode: 130}}
	p.turned(p.to(goMsg{to: atReport, state: stopped}))
	if p.press("r"); p.at != atReview {
		t.Fatalf("at %d\n%s", p.at, p.shows())
	}
	p.press("esc").says("heavy")
	pl.check = func(context.Context) ([]steps.Finding, error) { return nil, nil }
	p.press("r", "enter")
	if d := cmp.Diff([][]steps.CheckID{{"heavy"}, {"heavy"}, nil}, got); d != "" {
		t.Error(d)
	}
}

// TestNothingIsPastedBlindly: not while help hides the line, nor where the terminal is too
// small to show it.
func TestNothingIsPastedBlindly(t *testing.T) {
	runs := 0
	p := ready(t, &runs)
	typed := func() string { return p.screen.(*review).typed }
	p.press("?").says("Keys of this screen").send(tea.PasteMsg{Content: "1"})
	p.press("esc").send(tea.WindowSizeMsg{Width: 40, Height: 10})
	p.send(tea.PasteMsg{Content: "2"})
	p.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	p.send(tea.PasteMsg{Content: "3"})
	if typed() != "3" {
		t.Errorf("%q was pasted", typed())
	}
	p.turned(p.to(goMsg{to: atExplain}))
	p.send(tea.PasteMsg{Content: "one\r\ntwo\rthree"})
	if body := p.screen.(*explaining).body; body != "one\ntwo\nthree" {
		t.Errorf("lines came as %q", body)
	}
	p.send(tea.PasteMsg{Content: strings.Repeat("x", 2*mostText)})
	if body := p.screen.(*explaining).body; len(body) > mostText+100 {
		t.Errorf("%d letters are read", len(body))
	}
}

// TestALookAtARunIsGivenUp by esc while its journal is read, and what is read of it
// then is not shown.
func TestALookAtARunIsGivenUp(t *testing.T) {
	p := sit(t, Options{Deeds: &desk{}, Past: func(ctx context.Context) (Planned, *steps.State, error) {
		return Planned{}, &steps.State{RunID: "run-1"}, ctx.Err()
	}})
	s := newPast(p.made)
	p.turned(s) // read, and shown at once
	p.says("run-1").press("esc").on(startPage, "")
	late := p.turn(newPast(p.made))
	p.says("Reading the journal", "esc back to the start").press("esc")
	p.do(late)
	p.on(startPage, "")
}

// TestOfAScreenThatIsGone: what it wanted, and what comes for it, is of no interest
// to the one that is shown; what only tells is heard.
func TestOfAScreenThatIsGone(t *testing.T) {
	runs := 0
	p := ready(t, &runs)
	gone := p.screen.(*review)
	p.press("esc", "enter") // the checks, and another plan
	for _, of := range []any{goMsg{to: atRun}, backMsg{}, leaveMsg{}, leaveMsg{afresh: true}, toldMsg{}, overMsg{}, graceMsg{}, mendedMsg{}} {
		if cmd := p.update(gone.mine(of)); p.at != atReview || p.quit || p.out.Afresh {
			t.Fatalf("%T of a screen that is gone: at %d, %v", of, p.at, cmd != nil)
		}
	}
	if !p.out.Planned {
		t.Error("that there was a plan is not known")
	}
}
