package wizard

import (
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/panel"
)

// How often it is looked whether somebody else has done what a plan needs first: a
// look is a whole plan, and a person who acts takes his time.
const (
	firstLook = 15 * time.Second
	lastLook  = time.Minute
)

// lookMsg says that it is time to look again, unless something else was begun since.
type lookMsg struct{ number int }

// handed is what somebody else has to do before there can be a plan, nil where it is
// something else that there is none.
func (s *review) handed() *HandedError {
	var e *HandedError
	if !errors.As(s.err, &e) {
		return nil
	}
	return e
}

// beside is the directory another run could begin in where the one at hand has the run
// of other answers, "" elsewhere.
func (s *review) beside() string {
	var e *OtherRunError
	if !errors.As(s.err, &e) {
		return ""
	}
	return e.Dir
}

// later looks again by itself, as long as somebody else is waited for.
func (s *review) later() tea.Cmd {
	if s.handed() == nil {
		return nil
	}
	s.wait, s.lookedAt = min(max(firstLook, 2*s.wait), lastLook), s.Now()
	due := s.mine(lookMsg{s.task.number})
	return tea.Tick(s.wait, func(time.Time) tea.Msg { return due })
}

// unplanned says why there is no plan, and at its foot what leads on.
func (s *review) unplanned(l panel.Look, width int) (lines, foot []string) {
	if s.err == nil {
		return nil, nil
	}
	lines, foot = l.Trouble(s.err, width), l.Hint(steps.T("r plans again, esc goes back to the checks. Nothing was changed."), width)
	if dir := s.beside(); dir != "" {
		foot = l.Hint(steps.T("n begins another run with these answers in %s, and leaves the one that is here as it is; esc goes back to the checks. Nothing was changed.", dir), width)
	}
	if e := s.handed(); e != nil {
		lines = append(l.Warning(e.Err.Summary, width), l.Hint(e.Err.Fix, width)...)
		lines = append(append(lines, ""), l.Document(e.Command, width)...)
		foot = l.Hint(steps.T("Looked at %s, looks again at %s by itself; r looks at once.", s.lookedAt.Format(time.TimeOnly), s.lookedAt.Add(s.wait).Format(time.TimeOnly)), width)
		if s.task.busy() {
			foot = l.Busy(steps.T("Looking whether it is done"), width)
		}
	}
	return lines, append([]string{""}, foot...)
}

// command is what somebody else is handed, "" for nothing.
func (s *review) command() string {
	if e := s.handed(); e != nil {
		return strings.TrimSpace(e.Command)
	}
	return ""
}
