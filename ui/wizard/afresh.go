package wizard

import (
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/theme"
)

// afresh says what it means to begin another run beside the one that is there, before
// anything is begun.
type afresh struct {
	made
	words []steps.Text
}

func newAfresh(m made) screen { return &afresh{m, m.Afresh()} }

func (s *afresh) Init() tea.Cmd { return nil }

func (s *afresh) Update(msg tea.Msg) tea.Cmd {
	press, is := msg.(tea.KeyPressMsg)
	if !is {
		return nil
	}
	switch press.String() {
	case "enter":
		return s.want(leaveMsg{afresh: true})
	case "esc":
		return s.want(backMsg{})
	}
	return nil
}

func (s *afresh) View(frame int) string {
	l, width := s.look(frame), s.width
	lines := []string{s.theme.Strong.Render("Begin another run"), ""}
	for _, t := range s.words {
		lines = append(append(lines, l.Paragraph(t, width)...), "")
	}
	lines = append(lines, l.Hint(steps.T("enter begins it, esc goes back to the start."), width)...)
	return strings.Join(l.Into(lines, width, s.height), "\n")
}

// Title says where one is.
func (s *afresh) Title() steps.Text { return steps.T("Start afresh") }

func (s *afresh) Keys() []key.Binding {
	return []key.Binding{bind("enter", "begin it", "enter"), bind("esc", "back to the start", "esc")}
}

func (s *afresh) Moving() bool { return false }

func (s *afresh) Restyle(t theme.Theme) tea.Cmd {
	s.theme = t
	return nil
}

func (s *afresh) Close() {}
