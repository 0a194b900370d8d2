package wizard

import (
	"cmp"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// press takes a key.
func (s *running) press(msg tea.KeyPressMsg) tea.Cmd {
	if s.failed != nil {
		cmd, d, fix, decided := s.failed.press(msg)
		if !decided {
			return cmd
		}
		if fix {
			s.mend = &s.failed.Fix
		}
		return s.decide(d)
	}
	switch msg.String() {
	case "up":
		s.see(s.board.At(s.state) - 1)
	case "down":
		s.see(s.board.At(s.state) + 1)
	case "esc":
		s.board.See("")
	case "space":
		if len(s.state.Steps) > 0 {
			s.cover.sheet = &sheet{by: "space", of: func(l panel.Look, width int) []string {
				return l.Step(s.state.Steps[s.board.At(s.state)], s.state.Logs, width)
			}}
		}
	case "c":
		return s.commandSheet(s.command(), "")
	case "p":
		if s.pausable() {
			s.pause(!s.pausing)
		}
	case "r":
		switch {
		case s.paused() && s.planned.Continue != nil:
			s.planned.Continue()
		case s.held():
			s.pause(false)
		}
	}
	return nil
}

// see has a step looked at; that of interest is followed as the run goes on.
func (s *running) see(at int) {
	switch {
	case at < 0 || at >= len(s.state.Steps):
	case at == panel.Current(s.state):
		s.board.See("")
	default:
		s.board.See(s.state.Steps[at].ID)
	}
}

// aside says that another step than that of interest is looked at.
func (s *running) aside() bool { return s.board.At(s.state) != panel.Current(s.state) }

// command are the commands of the step that is looked at: what somebody else is waited
// for to do, else what the step does.
func (s *running) command() string {
	if len(s.state.Steps) == 0 {
		return ""
	}
	now := s.state.Steps[s.board.At(s.state)]
	if do := now.Wait.Instruction; do != nil {
		return cmp.Or(do.CLI, do.Curl, do.Terraform)
	}
	id := now.ID
	var parts []string
	for _, p := range s.state.Plan.Steps {
		for _, c := range p.Changes {
			if p.ID != id {
				continue
			}
			if command := s.planned.Command(c); command != "" {
				parts = append(parts, command)
			}
		}
	}
	return strings.Join(parts, "\n\n")
}

// decide answers a failed step, and waits for the next one.
func (s *running) decide(d Decision) tea.Cmd {
	tell := s.failed.tell(s.life, d)
	s.failed = nil
	return tea.Batch(tell, s.failure())
}

// Interrupt is ctrl+c: the first asks for a stop at the next safe point, the second
// gives up the call under way. A failed step that waits is decided by it.
func (s *running) Interrupt() tea.Cmd {
	if s.over {
		return nil
	}
	if s.failed != nil {
		return s.decide(Stop)
	}
	return s.stop()
}

// stop asks the run to stop; who asks often enough need not wait for it.
func (s *running) stop() tea.Cmd {
	s.stops = s.planned.Interrupt()
	if s.stops > 2 {
		s.cancel()
	}
	return nil
}

// pause has the run stand still after the step under way, or go on.
func (s *running) pause(on bool) {
	s.pausing = on
	s.planned.Pause(on)
}

// Resize tells the room there is.
func (s *running) Resize(width, height int) {
	s.room.Resize(width, height)
	if s.failed != nil {
		s.failed.Resize(width, height)
	}
}

func (s *running) View(frame int) string {
	l, width, height := s.look(frame), s.width, s.height
	if s.failed != nil {
		return strings.Join(s.failed.view(l), "\n")
	}
	foot := s.foot(l, width)
	body := s.board.View(s.state, s.calls, s.Now(), frame, width, height-len(foot))
	for len(body) < height-len(foot) {
		body = append(body, "")
	}
	return strings.Join(append(body, foot...), "\n")
}

// paused says that the run waits to be gone on with; one that stops does not.
func (s *running) paused() bool {
	return s.state.Paused != nil && s.state.Done == nil && s.stops == 0
}

// pausable says that there is a step left for the run to stand still before.
func (s *running) pausable() bool {
	return s.stops == 0 && !s.over && panel.Current(s.state) < len(s.state.Steps)-1
}

// held says that the run stands still between two steps, as somebody asked it to.
func (s *running) held() bool {
	at := panel.Current(s.state)
	if !s.pausing || s.stops > 0 || s.state.Paused != nil || s.state.Done != nil || at < 0 {
		return false
	}
	switch s.state.Steps[at].Status {
	case steps.StatusRunning, steps.StatusDone, steps.StatusExisted, steps.StatusSkipped:
		return false
	}
	return true
}

// foot says what a stop or a pause waits for.
func (s *running) foot(l panel.Look, width int) []string {
	switch {
	case s.over:
		return l.Busy(steps.T("Writing the report"), width)
	case s.stops == 1:
		return l.Warning(steps.T("The run stops at the next safe point; ctrl+c once more gives up what it is doing now."), width)
	case s.stops > 1:
		return l.Warning(steps.T("The run is giving up what it is doing now. What is done stays done."), width)
	case s.paused():
		return l.Warning(steps.T("Paused: %s. r goes on when that is put right; the run also looks by itself.", s.state.Paused.Why), width)
	case s.held():
		return l.Warning(steps.T("Paused, as you asked: nothing is under way. Next is step %s; r goes on.", s.now()), width)
	case s.pausing:
		return l.Warning(steps.T("The run pauses when step %s is done; p takes that back.", s.now()), width)
	}
	return nil
}

// now is the name of the step of interest.
func (s *running) now() string {
	if at := panel.Current(s.state); at >= 0 {
		return string(s.state.Steps[at].ID)
	}
	return ""
}

// Title says where one is.
func (*running) Title() steps.Text { return steps.T("Run") }

func (s *running) Keys() []key.Binding {
	switch {
	case s.failed != nil:
		return append(s.failed.keys(), bind("ctrl+c", "stop", "ctrl+c"))
	case s.over:
		return nil
	}
	var list []key.Binding
	if s.paused() || s.held() {
		list = append(list, bind("r", "go on", "r"))
	}
	switch {
	case !s.pausable() || s.held():
	case s.pausing:
		list = append(list, bind("p", s.brief("go on without a pause", "go on"), "p"))
	default:
		list = append(list, bind("p", s.brief("pause after this step", "pause"), "p"))
	}
	switch s.stops {
	case 0:
		list = append(list, bind("ctrl+c", "stop", "ctrl+c"))
	case 1:
		list = append(list, bind("ctrl+c", "give up the call under way", "ctrl+c"))
	}
	list = append(list, bind("space", "details", "space"))
	command := bind("c", s.brief("as command", "command"), "c")
	if at := panel.Current(s.state); at >= 0 && s.state.Steps[at].Wait.Instruction != nil { // which is all there is to do
		list = append([]key.Binding{command}, list...)
	} else {
		list = append(list, command)
	}
	if s.aside() {
		list = append(list, bind("esc", "back to the step of now", "esc"))
	}
	g := s.theme.Glyphs
	return append(list, bind(g.Up+" "+g.Down, "look at a step", "up", "down"))
}

// Moving says that a run is under way; one that waits for a decision stands still.
func (s *running) Moving() bool { return !s.over && s.failed == nil }

// Calm says that the step of interest waits, or the run stands still: its clock is
// enough, once a second.
func (s *running) Calm() bool {
	if s.held() {
		return s.Moving()
	}
	at := panel.Current(s.state)
	return s.Moving() && at >= 0 && !s.state.Steps[at].Wait.Reason.IsZero()
}

// Route adds the leg that data is on now.
func (s *running) Route(r panel.Route) panel.Route {
	if !s.over {
		r.Moving, r.Rate = panel.Moves(s.state)
	}
	return r
}

func (s *running) Restyle(t theme.Theme) tea.Cmd {
	at, aside := s.board.At(s.state), s.aside()
	s.theme = t
	s.board = panel.NewRun(s.look(0))
	if aside {
		s.see(at)
	}
	if s.failed != nil {
		s.failed.theme = t
	}
	return nil
}

// Close ends what is under way: a run that is left is one that was killed, and its
// journal knows how to go on.
func (s *running) Close() { s.cancel() }
