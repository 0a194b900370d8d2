package wizard

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/steps/report"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// reported is the last screen: the account of the run.
type reported struct {
	made
	report report.Report
	files  []string
	// resume is the command that goes on, "" where it is not known.
	resume string
	err    error
	// past says that the run is one of before: one looks at it and goes back.
	past   bool
	reader reader
	// drawn is the width that lines were drawn for: with ten thousand indices they are
	// not drawn anew for every picture.
	drawn int
	lines []string
}

func newReported(m made, planned Planned, state *steps.State, err error) screen {
	s := &reported{made: m, err: err, resume: planned.Resume}
	if state == nil {
		state = &steps.State{}
	}
	s.report = report.New(state, report.Options{})
	if planned.Report != nil {
		s.report = planned.Report(state)
	}
	if state.Done != nil && state.Done.Report != "" {
		s.files = []string{state.Done.Report}
	}
	if state.Paused != nil && state.Paused.Resume != "" {
		s.resume = state.Paused.Resume
	}
	return s
}

// newLooked is the account of a run of before, as somebody looks at it.
func newLooked(m made, of pastMsg) screen {
	s := newReported(m, of.planned, of.state, of.err).(*reported)
	s.past = true
	return s
}

func (*reported) Init() tea.Cmd { return nil }

func (s *reported) Update(msg tea.Msg) tea.Cmd {
	press, is := msg.(tea.KeyPressMsg)
	if !is {
		return nil
	}
	switch name := press.String(); {
	case name == "esc" && s.past:
		return s.want(backMsg{})
	case name == "r" && s.unfinished():
		return s.want(goMsg{to: atReview})
	case name == "enter" || name == "q" || name == "esc":
		return s.want(leaveMsg{err: s.err})
	}
	s.reader.press(press, len(s.all(s.look(0))), s.height)
	return nil
}

func (s *reported) View(frame int) string {
	l := s.look(frame)
	return strings.Join(s.reader.view(l, s.all(l), s.width, s.height), "\n")
}

// all are the lines of the account.
func (s *reported) all(l panel.Look) []string {
	if s.drawn != s.width || s.lines == nil {
		s.drawn, s.lines = s.width, s.draw(l, s.width)
	}
	return s.lines
}

// draw is the account, led by what it ended with where that is no failed step,
// which the account tells of itself.
func (s *reported) draw(l panel.Look, width int) []string {
	lines := l.Report(s.report, s.files, width)
	if s.err != nil && s.report.Failed == nil && s.report.Outcome != report.Stopped {
		lines = append(append(l.Trouble(s.err, width), ""), lines...)
	}
	if o := s.report.Outcome; o == report.Done || o == report.TakenBack {
		return lines
	}
	switch {
	case s.unfinished() && s.resume != "":
		return append(append(l.Hint(steps.T("Nothing is lost: r goes on. Later go on with: %s", s.resume), width), ""), lines...)
	case s.unfinished():
		return append(append(l.Hint(steps.T("Nothing is lost: r goes on. How to go on later is said when you leave."), width), ""), lines...)
	case s.resume != "":
		return append(append(l.Hint(steps.T("Nothing is lost. Go on with: %s", s.resume), width), ""), lines...)
	}
	return append(append(l.Hint(steps.T("Nothing is lost. How to go on is said when you leave."), width), ""), lines...)
}

// unfinished says that it is this start's own run, and has something left to be done.
func (s *reported) unfinished() bool {
	return !s.past && (s.report.Outcome == report.Stopped || s.report.Outcome == report.Failed)
}

// Title says where one is.
func (*reported) Title() steps.Text { return steps.T("Report") }

func (s *reported) Keys() []key.Binding {
	list := []key.Binding{bind("enter", "end", "enter")}
	if s.unfinished() {
		list = append(list, bind("r", "go on", "r"))
	}
	if s.past {
		list = append(list, bind("esc", "back to the start", "esc"))
	}
	return append(list, s.scrollKeys()...)
}

func (*reported) Moving() bool { return false }

func (s *reported) Restyle(t theme.Theme) tea.Cmd {
	s.theme, s.lines = t, nil
	return nil
}

func (*reported) Close() {}
