package wizard

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// explaining takes the text of an error and says what it means.
type explaining struct {
	made
	task task
	// body is what was typed or pasted.
	body string
	// is is what it means, nil while it is typed; looked says that the world was
	// looked at for it.
	is     *steps.Diagnosis
	looked bool
	err    error
	reader reader
}

// mostText bounds what is pasted at once: an error, not the whole log.
const mostText = 1 << 20

// lineEnds are those a terminal may paste.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func newExplaining(m made) screen { return &explaining{made: m} }

func (*explaining) Init() tea.Cmd { return nil }

func (s *explaining) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tasked:
		return s.task.take(msg)
	case tea.PasteMsg:
		if s.Typing() {
			s.body += lineEnds.Replace(msg.Content[:min(len(msg.Content), mostText)])
			s.err = nil
		}
	case tea.KeyPressMsg:
		switch {
		case s.task.busy():
			if msg.String() == "esc" {
				s.task.end()
			}
			return nil
		case s.is != nil:
			return s.pressExplained(msg)
		}
		return s.pressTyping(msg)
	}
	return nil
}

// pressTyping takes a key while the text is typed. An empty line ends it: that is
// where a pasted text ends, too, on a terminal that gives it as keys.
func (s *explaining) pressTyping(msg tea.KeyPressMsg) tea.Cmd {
	s.err = nil
	switch name := msg.String(); name {
	case "esc":
		return s.want(backMsg{})
	case "ctrl+d":
		return s.explain(false)
	case "ctrl+o":
		return s.explain(true)
	case "ctrl+u":
		s.body = ""
	case "backspace":
		if r := []rune(s.body); len(r) > 0 {
			s.body = string(r[:len(r)-1])
		}
	case "enter":
		if strings.TrimSpace(s.body) != "" && strings.HasSuffix(s.body, "\n") {
			return s.explain(false)
		}
		s.body += "\n"
	case "tab":
		s.body += " "
	default:
		s.body += msg.Text
	}
	return nil
}

// pressExplained takes a key while the meaning is shown.
func (s *explaining) pressExplained(msg tea.KeyPressMsg) tea.Cmd {
	switch msg.String() {
	case "esc":
		s.is, s.looked = nil, false
	case "n":
		s.is, s.looked, s.body = nil, false, ""
	case "ctrl+o", "o":
		return s.explain(true)
	case "c":
		f := failed{Failure: Failure{Diagnosis: *s.is}}
		return s.commandSheet(f.command())
	default:
		s.reader.press(msg, len(s.meaning(s.look(0))), s.height)
	}
	return nil
}

// explain says what the text means; confirm also looks at the world for it.
func (s *explaining) explain(confirm bool) tea.Cmd {
	body := strings.TrimSpace(s.body)
	if body == "" {
		s.err = &steps.Error{Summary: steps.T("There is no text yet"), Fix: steps.T("Paste what the domain, the AWS CLI or a log said, from the first brace to the last")}
		return nil
	}
	answers := s.Answers.Clone()
	return s.task.begin(s.ctx, func(ctx context.Context) func() tea.Cmd {
		is, err := s.Deeds.Explain(ctx, answers, body, confirm)
		return func() tea.Cmd {
			if s.err = err; err != nil && !confirm {
				return nil
			}
			s.is, s.looked, s.reader = &is, confirm && err == nil, reader{}
			return nil
		}
	})
}

func (s *explaining) View(frame int) string {
	l, width, height := s.look(frame), s.width, s.height
	switch {
	case s.task.busy():
		return strings.Join(l.Into(l.Busy(steps.T("Reading what it means, and looking at the world where you asked for it. Nothing is changed."), width), width, height), "\n")
	case s.is == nil:
		return strings.Join(l.Into(s.typing(l, width, height), width, height), "\n")
	}
	return strings.Join(s.reader.view(l, s.meaning(l), width, height), "\n")
}

// meaning is what the text means.
func (s *explaining) meaning(l panel.Look) []string {
	width := s.width
	var lines []string
	if s.err != nil {
		lines = append(l.Trouble(s.err, width), "")
	}
	if s.looked {
		lines = append(l.Hint(steps.T("The world was looked at. A cause that is confirmed or refuted says so; of the others nothing could be seen."), width), "")
	}
	return append(lines, l.Diagnosis(*s.is, width)...)
}

// typing draws the text as far as it was typed, its end first: that is where one is.
func (s *explaining) typing(l panel.Look, width, height int) []string {
	lines := l.Hint(steps.T("Paste the text of an error: a JSON body, a line of a log, what the AWS CLI said. It is read on this host and sent nowhere. ctrl+d explains it, and so does enter on an empty line."), width)
	lines = append(lines, "")
	var foot []string
	if s.err != nil {
		foot = append([]string{""}, l.Trouble(s.err, width)...)
	}
	return append(append(lines, l.Typed(s.body, width, height-len(lines)-len(foot))...), foot...)
}

// Title says where one is.
func (*explaining) Title() steps.Text { return steps.T("What an error means") }

// Typing says that letters are text.
func (s *explaining) Typing() bool { return s.is == nil && !s.task.busy() }

func (s *explaining) Keys() []key.Binding {
	switch {
	case s.task.busy():
		return []key.Binding{bind("esc", "give it up", "esc")}
	case s.is == nil:
		return []key.Binding{bind("ctrl+d", "explain", "ctrl+d"), bind("ctrl+o", s.brief("explain and look at the world", "and look"), "ctrl+o"), bind("ctrl+u", "clear", "ctrl+u"), bind("esc", "back", "esc")}
	}
	list := []key.Binding{bind("esc", "back to the text", "esc"), bind("n", s.brief("another text", "another"), "n")}
	if !s.looked {
		list = append(list, bind("o", s.brief("look at the world", "look"), "o"))
	}
	if command, diff := (&failed{Failure: Failure{Diagnosis: *s.is}}).command(); command+diff != "" {
		list = append(list, bind("c", s.brief("as command", "command"), "c"))
	}
	return append(list, s.scrollKeys()...)
}

func (s *explaining) Moving() bool { return s.task.busy() }

func (s *explaining) Restyle(t theme.Theme) tea.Cmd {
	s.theme = t
	return nil
}

func (s *explaining) Close() { s.task.end() }
