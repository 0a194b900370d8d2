package wizard

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
)

// atGoal chooses what brings somebody here.
func atGoal(t *testing.T, goal string, o Options) *person {
	t.Helper()
	p := sit(t, o).press("home")
	for n := 0; ; n++ {
		list := p.screen.(*page).form.Choices()
		if n == len(list) {
			t.Fatalf("%s is not offered", goal)
		}
		if list[n].Value == goal {
			return p.press("enter")
		}
		p.press("down")
	}
}

// TestBackAndForth: from the last page to the first and back, nothing is lost, nor
// what was typed and is no answer yet.
func TestBackAndForth(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: holding("logs-1", "metrics-1")})
	p.turned(p.open("source-account"))
	p.press("shift+tab").on("source-account", "source.control.profile").press("end", "-typed", "esc")
	p.turned(p.open("bucket"))
	p.press("enter").on("bucket", "bucket.name").press("end", "-mine", "enter").on("bucket", "bucket.base_path").press("half/way")
	for range 2 * len(p.Answers.Pages()) {
		p.press("esc").shows()
	}
	p.on(startPage, "")
	for n := 0; p.page != "bucket" && n < 40; n++ {
		p.press("enter")
	}
	p.on("bucket", "").says("acme-os-migration-mine")
	for n := 0; p.page == "bucket" && n < 9; n++ {
		p.press("enter")
	}
	for key, want := range map[ask.Key]string{"bucket.name": "acme-os-migration-mine", "bucket.base_path": "half/way", "source.control.profile": "source-typed"} {
		if got := p.Answers.Get(key); got != want {
			t.Errorf("%s is %q, wants %q", key, got, want)
		}
	}
}

// TestGoals: what brings somebody here leads there.
func TestGoals(t *testing.T) {
	runs := func() *desk {
		return &desk{fetch: func(_ context.Context, _ *ask.Answers, r ask.Request) (ask.Offer, error) {
			if r.What != ask.Runs {
				return ask.Offer{}, nil
			}
			return ask.Offer{Options: []ask.Option{{Value: ask.GoalResume, Label: steps.T("Go on with run 1")}, {Value: ask.GoalReport, Label: steps.T("Look at run 1")}}}, nil
		}}
	}
	past := func(context.Context) (Planned, *steps.State, error) {
		return Planned{}, &steps.State{RunID: "run-1"}, nil
	}
	if p := atGoal(t, ask.GoalExplain, Options{Deeds: runs()}); p.at != atExplain {
		t.Errorf("reading an error leads to %d", p.at)
	} else if p.press("esc").on(startPage, ask.Goal); !p.press("ctrl+c").out.Left {
		t.Error("leaving from the start is no leaving")
	}
	if p := atGoal(t, ask.GoalReport, Options{Deeds: runs(), Past: past}); p.at != atReport {
		t.Errorf("looking at a run leads to %d", p.at)
	} else {
		p.says("run-1", "esc back").press("esc").on(startPage, ask.Goal)
	}
	if p := atGoal(t, ask.GoalResume, Options{Deeds: runs(), Answers: answered(t, preset)}); p.at != atChecks {
		t.Errorf("going on leads to %d", p.at)
	} else if p.press("esc"); p.page != startPage || p.at != atPages {
		t.Errorf("back from there is %s", p.page)
	}
	// Whoever only wanted to look, and then wants a plan, is asked for what it needs.
	p := atGoal(t, ask.GoalCheck, Options{Deeds: runs()})
	p.send(goMsg{to: atReview})
	if p.at != atPages || p.Answers.Get(ask.Goal) != ask.GoalMigrate {
		t.Errorf("a plan without answers: at %d for %s", p.at, p.Answers.Get(ask.Goal))
	}
	if _, page, _ := p.Answers.Find(p.Answers.Missing()[0].Key); p.Answers.Pages()[page].Name != p.page {
		t.Errorf("the answers that are missing are not on %s", p.page)
	}
}

// TestAfresh: what another run is stands there before it is begun; esc changes nothing.
func TestAfresh(t *testing.T) {
	runs := &desk{fetch: func(_ context.Context, _ *ask.Answers, r ask.Request) (ask.Offer, error) {
		if r.What != ask.Runs {
			return ask.Offer{}, nil
		}
		return ask.Offer{Options: []ask.Option{{Value: ask.GoalResume, Label: steps.T("Go on with run 1")}, {Value: ask.GoalAfresh, Label: steps.T("Start afresh")}}}, nil
	}}
	told := 0
	o := Options{Deeds: runs, Width: 60, Height: 20, Afresh: func() []steps.Text {
		told++
		return []steps.Text{steps.T("A new run begins in the directory %s.", "snapferry-run-2026-11-22"), steps.T("Run 1 is not touched.")}
	}}
	p := atGoal(t, ask.GoalAfresh, o).says("Start afresh", "snapferry-run-2026-11-22", "Run 1 is not touched", "enter begins it", "esc back")
	if p.press("x", "esc").on(startPage, ask.Goal); p.quit || p.out.Afresh {
		t.Errorf("quit %v, %+v", p.quit, p.out)
	}
	p = atGoal(t, ask.GoalAfresh, o)
	if p.press("enter"); !p.quit || !p.out.Afresh || told != 2 {
		t.Errorf("quit %v, %+v, told %d times", p.quit, p.out, told)
	}
}

// TestPastOfNobody: a look at a run that is not there says so.
func TestPastOfNobody(t *testing.T) {
	p := sit(t, Options{Deeds: &desk{}})
	p.turned(newPast(p.made))
	if p.says("There is no run here"); p.at != atReport {
		t.Errorf("at %d", p.at)
	}
	if p.press("esc"); p.at != atPages || p.quit || p.out.Err != nil {
		t.Errorf("back from it: at %d, quit %v, %v", p.at, p.quit, p.out.Err)
	}
}

// TestKeysOfTheRoot: leaving, putting aside, help.
func TestKeysOfTheRoot(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}})
	if p.press("ctrl+z"); p.suspended != 1 || p.quit {
		t.Error("ctrl+z does not put the program aside")
	}
	p.send(tea.ResumeMsg{})
	p.press("?").says("Migrating asks everything").press("?")
	p.turned(p.to(goMsg{to: atChecks}))
	p.press("?").says("Keys of this screen", "ctrl+z").press("x")
	if strings.Contains(p.shows(), "Keys of this screen") {
		t.Error("help does not go away")
	}
	if p.press("ctrl+c"); !p.quit || !p.out.Left {
		t.Errorf("ctrl+c: quit %v, left %v", p.quit, p.out.Left)
	}
}

// TestLongPaste: it lands where the keys go, and fits.
func TestLongPaste(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}})
	p.turned(p.open("bucket"))
	p.press("enter", "ctrl+u")
	p.send(tea.PasteMsg{Content: strings.Repeat("a-very-long-name-", 600)})
	p.says("so far:").press("enter").on("bucket", "bucket.name").says("✗")
	p.turned(p.open(movePage))
	var names []string
	for range 2000 {
		names = append(names, "logs-2026")
	}
	p.press("ctrl+u")
	p.send(tea.PasteMsg{Content: strings.Join(names, "\n")})
	p.press("enter").on(movePage, moreKey).shows()
	if got := len(patterns(p.Answers.Get(indicesKey))); got != 2000 {
		t.Errorf("%d of 2000 names arrived", got)
	}
}

// working is a screen with something of weight under way.
type working struct {
	still
	asked *int
}

func (w working) Interrupt() tea.Cmd {
	*w.asked++
	return nil
}

// TestSignalWhileSomethingRuns: it is asked to stop as by ctrl+c, and the program
// goes when it has.
func TestSignalWhileSomethingRuns(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}})
	asked := 0
	p.at, p.screen = atRun, working{asked: &asked}
	if p.press("ctrl+c"); asked != 1 || p.quit {
		t.Errorf("ctrl+c: asked %d times, quit %v", asked, p.quit)
	}
	if p.send(goMsg{to: atReport, state: &steps.State{}}); p.quit || p.at != atReport {
		t.Errorf("who pressed it does not see the report: at %d", p.at)
	}
	p.at, p.screen = atRun, working{asked: &asked}
	if p.send(stopMsg{}); asked != 2 || p.quit {
		t.Errorf("a signal: asked %d times, quit %v", asked, p.quit)
	}
	stopped := &steps.Error{Summary: steps.T("stopped")}
	if p.send(goMsg{to: atReport, state: &steps.State{}, err: stopped}); !p.quit || p.out.Err != error(stopped) || p.out.Left {
		t.Errorf("quit %v, with %v", p.quit, p.out)
	}
}
