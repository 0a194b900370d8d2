package wizard

import (
	"context"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/panel"
)

// failed is a failed step that waits to be decided about: what is known of it, and
// what there is to choose from. The board of the run shows it in its place.
type failed struct {
	made
	Failure
	reader reader
	// whole shows names that are longer than a line to their end.
	whole bool
}

// fixable says that the plan can be made to put it right.
func (s *failed) fixable() bool { return s.Fix.ID != "" && s.Deeds.Fixable(s.Fix) }

// press takes a key; decided says what it decided, if it did. To fix is to stop: a
// changed plan is shown and approved again.
func (s *failed) press(msg tea.KeyPressMsg) (cmd tea.Cmd, d Decision, fix, decided bool) {
	switch msg.String() {
	case "r":
		return nil, Retry, false, true
	case "f":
		return nil, Stop, true, s.fixable()
	case "s":
		return nil, Skip, false, s.Skippable
	case "q":
		return nil, Stop, false, true
	case "c":
		return s.commandSheet(s.command()), 0, false, false
	case "space":
		s.whole = !s.whole
		return nil, 0, false, false
	}
	head, body, foot := s.parts(s.look(0))
	s.reader.press(msg, len(body), s.height-len(head)-len(foot))
	return nil, 0, false, false
}

// command is what the causes have to be copied, and what it changes.
func (s *failed) command() (command, diff string) {
	for _, c := range s.Diagnosis.Causes {
		command += "\n\n" + c.Command
		diff += "\n\n" + c.Diff
	}
	return strings.Trim(command, "\n"), strings.Trim(diff, "\n")
}

// tell hands the decision to the run, which waits for it.
func (s *failed) tell(ctx context.Context, d Decision) tea.Cmd {
	return func() tea.Msg {
		select {
		case s.Decide <- d:
		case <-ctx.Done():
		}
		return nil
	}
}

// spacious is the height from which the choices stand below what is known.
const spacious = 16

// view draws what is known, and what there is to choose from below it.
func (s *failed) view(l panel.Look) []string {
	head, body, foot := s.parts(l)
	body = s.reader.view(l, body, s.width, s.height-len(head)-len(foot))
	return l.Into(slices.Concat(head, body, foot), s.width, s.height)
}

// parts are what is said first, all that is known, and what there is to choose from.
func (s *failed) parts(l panel.Look) (head, body, foot []string) {
	foot = append([]string{""}, s.choices(l, s.width)...)
	head = l.Warning(steps.T("Step %s failed. Nothing goes on before you decide; what is done stays done.", string(s.Step)), s.width)
	if s.height < spacious { // the cause needs the lines; the keys below say the choices too
		foot = foot[:0]
		head = l.Warning(steps.T("Step %s failed; the run waits for you.", string(s.Step)), s.width)
	}
	if !s.whole {
		l = l.Brief()
	}
	return append(head, ""), l.Diagnosis(s.Diagnosis, s.width), foot
}

// choices says what each key decides.
func (s *failed) choices(l panel.Look, width int) []string {
	list := []panel.Choice{{Key: "r", Does: steps.T("try again, once you have put it right")}}
	if s.fixable() {
		list = append(list, panel.Choice{Key: "f", Does: steps.T("stop, have the plan put it right, and look at the changed plan")})
	}
	if s.Skippable {
		list = append(list, panel.Choice{Key: "s", Does: steps.T("skip this step: the rest is right without it")})
	}
	list = append(list, panel.Choice{Key: "q", Does: steps.T("stop here and keep what is done; running again goes on")})
	return l.Choices(list, width)
}

func (s *failed) keys() []key.Binding {
	list := []key.Binding{bind("r", "retry", "r")}
	if s.fixable() {
		list = append(list, bind("f", "fix and retry", "f"))
	}
	if s.Skippable {
		list = append(list, bind("s", "skip", "s"))
	}
	list = append(list, bind("q", "stop", "q"))
	if command, diff := s.command(); command+diff != "" {
		list = append(list, bind("c", s.brief("as command", "command"), "c"))
	}
	return append(append(list, s.scrollKeys()...), bind("space", "names in full", "space"))
}
