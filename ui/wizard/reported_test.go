package wizard

import (
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/steps/report"
	"snapferry/ui/theme"
)

// told is a state of a story.
func told(p steps.Plan, events ...any) *steps.State {
	s := &steps.State{}
	for _, r := range story(p, events...) {
		s.Apply(r)
	}
	return s
}

// whole is the story of a run in which everything went well.
func whole(p steps.Plan) []any {
	var events []any
	for _, step := range p.Steps {
		c := step.Changes[0]
		events = append(events, step.ID, steps.StepStarted{}, steps.ChangeIntended{Change: c}, steps.ChangeMade{ID: c.ID, Live: c.After},
			steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("Read back as wanted"), Lines: []steps.Text{steps.T("counts of %s are equal", wide)}}})
	}
	return append(events, steps.StepID(""), steps.RunDone{OK: true, Report: "snapferry-run/report.html"})
}

func failedStory(p steps.Plan) []any {
	return append(begun(), steps.StepFailed{Diagnosis: someCause()}, steps.StepID(""), steps.RunDone{ExitCode: 1, Report: "snapferry-run/report.html"})
}

func TestReportPictures(t *testing.T) {
	p, lots := somePlan(38), somePlan(10_000)
	show := func(s *steps.State, err error, keys ...string) func(*testing.T, theme.Options) *stage {
		return func(t *testing.T, o theme.Options) *stage {
			planned := Planned{Report: func(s *steps.State) report.Report {
				return report.New(s, report.Options{Accounts: map[steps.Side]string{steps.Source: "111111111111", steps.Target: "222222222222"}})
			}}
			return enter(t, newReported(props(t, &play{}, o), planned, s, err)).press(keys...)
		}
	}
	pictures(t, "report", []scene{
		{"done", show(told(p, whole(p)...), nil)},
		{"done, its end", show(told(p, whole(p)...), nil, "end")},
		{"ten thousand indices", show(told(lots, whole(lots)...), nil, "pgdown")},
		{"failed", show(told(p, failedStory(p)...), errors.New("the step failed"))},
		{"stopped", show(told(p, append(begun(), steps.StepID(""), steps.Paused{Why: steps.T("asked")}, steps.RunDone{ExitCode: 130})...), errors.New("stopped"))},
		{"nothing", show(nil, &steps.Error{Summary: steps.T("The run could not begin"), Fix: steps.T("Look at the log")})},
	})
}

// TestReportEnds: it tells the story, where the files are, and ends the program with
// what the run ended with.
func TestReportEnds(t *testing.T) {
	p := somePlan(38)
	for _, k := range []string{"enter", "q", "esc"} {
		s := enter(t, newReported(props(t, &play{}, dark), Planned{}, told(p, whole(p)...), nil))
		s.room = [2]int{100, 200}
		s.says("Done: 38 indices", "snapferry-run/report.html", "What was moved", "What was proven", "What was changed, and the undo", "What was not moved, and why", "The day after")
		s.press(k).wanted(func(m tea.Msg) bool { l, is := m.(leaveMsg); return is && l.err == nil })
	}
	fail := errors.New("it could not begin")
	s := enter(t, newReported(props(t, &play{}, dark), Planned{}, nil, fail)).says("it could not begin")
	s.press("down", "enter").wanted(func(m tea.Msg) bool { l, is := m.(leaveMsg); return is && errors.Is(l.err, fail) })
}

// TestAStoppedRunGoesOn from its report, too: r plans what is left, as another start
// would. One that is done, that is one of before, or never began has nothing to go on.
func TestAStoppedRunGoesOn(t *testing.T) {
	p := somePlan(38)
	stopped := told(p, append(begun(), steps.StepID(""), steps.Paused{Why: steps.T("asked"), Resume: "snapferry run"}, steps.RunDone{ExitCode: 130})...)
	s := enter(t, newReported(props(t, &play{}, dark), Planned{}, stopped, errors.New("stopped")))
	s.says("Stopped at ", "r goes on", "snapferry run").press("r").wanted(goes(atReview))
	if keys := keysOf(s.screen.Keys()); !strings.HasPrefix(keys, "enter r ") {
		t.Errorf("keys are %s", keys)
	}
	failed := told(p, failedStory(p)...)
	enter(t, newReported(props(t, &play{}, dark), Planned{Resume: "snapferry run --dir d"}, failed, errors.New("it failed"))).says("r goes on", "Later go on with: snapferry run --dir d")
	for name, s := range map[string]*stage{
		"done":   enter(t, newReported(props(t, &play{}, dark), Planned{}, told(p, whole(p)...), nil)),
		"past":   enter(t, newLooked(props(t, &play{}, dark), pastMsg{state: stopped})),
		"nobody": enter(t, newReported(props(t, &play{}, dark), Planned{}, nil, errors.New("no run"))),
	} {
		if s.press("r"); len(s.wants) > 0 || strings.Contains(keysOf(s.screen.Keys()), " r ") {
			t.Errorf("%s: wants %v", name, s.wants)
		}
	}
}
