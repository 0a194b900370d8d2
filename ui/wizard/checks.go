package wizard

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// checks is the board of checks: it looks, and shows what was found.
type checks struct {
	made
	task  task
	board panel.Findings
	// looked says that there was a look; err is why the last one came to nothing.
	looked bool
	err    error
	// doing is what is under way, note what the plan was made to put right, told why
	// a key did nothing.
	doing, note, told steps.Text
}

func newChecks(m made) screen {
	if m.accepted == nil {
		m.accepted = map[steps.CheckID]string{}
	}
	return &checks{made: m, board: panel.Findings{Accepted: map[steps.CheckID]bool{}, Fixable: m.Deeds.Fixable}}
}

func (s *checks) Init() tea.Cmd { return s.check() }

// check looks at the world. The board is left as it is meanwhile.
func (s *checks) check() tea.Cmd {
	answers := s.Answers.Clone()
	s.doing, s.err = steps.T("Looking at this host, the identities, both domains, the roles, the bucket, and what moves. Nothing is changed."), nil
	return s.task.begin(s.ctx, func(ctx context.Context) func() tea.Cmd {
		found, err := s.Deeds.Check(ctx, answers)
		return func() tea.Cmd {
			s.found(found, err)
			return nil
		}
	})
}

// found shows what a look came to; who looks again stays where he was, unless what he was
// at is put right and something else stands in the way.
func (s *checks) found(found []steps.Finding, err error) {
	if s.err = err; err != nil {
		return
	}
	var was steps.Finding
	if s.looked && len(s.board.Found) > 0 {
		was = s.board.Found[s.board.At]
	}
	s.looked, s.board.Found, s.board.Down = true, panel.Ordered(found), 0
	s.recall()
	same := func(f steps.Finding) bool { return f.ID == was.ID && f.Subject == was.Subject }
	at := slices.IndexFunc(s.board.Found, same)
	if at < 0 || s.obstacle() >= 0 && s.board.Found[at].Outcome != was.Outcome {
		at = panel.Heaviest(s.board.Found)
	}
	s.board.At = at
}

func (s *checks) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tasked:
		return s.task.take(msg)
	case tea.KeyPressMsg:
		s.told = steps.Text{}
		switch {
		case msg.String() == "esc":
			return s.want(backMsg{})
		case s.task.busy():
			return nil
		case s.move(msg.String()):
			return nil
		}
		return s.act(msg.String())
	}
	return nil
}

// move moves along the findings; it says whether the key was one for that.
func (s *checks) move(name string) bool {
	b := &s.board
	at, down := b.At, 0
	switch name {
	case "up", "k":
		at = max(0, at-1)
	case "down", "j":
		at = min(len(b.Found)-1, at+1)
	case "tab":
		at = panel.FamilyAfter(b.Found, at, false)
	case "shift+tab":
		at = panel.FamilyAfter(b.Found, at, true)
	case "pgdown":
		down = s.down(b.Down + scrollStep)
	case "pgup":
		down = max(0, s.down(b.Down)-scrollStep)
	case "space": // shows it whole
	default:
		return false
	}
	if b.Whole = b.Whole && at == b.At; name == "space" {
		b.Whole = !b.Whole
	}
	b.At, b.Down = max(0, at), down
	return true
}

// scrollStep is how far a page key moves within a finding.
const scrollStep = 5

// down is how far the board can be scrolled of what is wanted.
func (s *checks) down(wanted int) int {
	b, l := s.board, s.look(0)
	b.Down = wanted
	_, down := l.Findings(b, s.width, s.height-len(s.foot(l, s.width)))
	return down
}

// act does what a key wants done.
func (s *checks) act(name string) tea.Cmd {
	switch name {
	case "r":
		s.note = steps.Text{}
		return s.check()
	case "enter":
		if s.only() && s.looked && s.err == nil {
			return s.want(leaveMsg{})
		}
		return s.plan()
	case "m":
		if s.only() {
			return s.plan()
		}
	}
	f, ok := s.at()
	if !ok {
		return nil
	}
	switch {
	case name == "f" && s.Deeds.Fixable(f):
		return s.fix(f)
	case name == "f" && f.Outcome == steps.Pass:
		s.told = steps.T("There is nothing to put right here.")
	case name == "f" && f.Fix.Step != "":
		s.told = steps.T("The plan puts this right already: see its step %s.", string(f.Fix.Step))
	case name == "f":
		s.told = steps.T("The plan cannot put this right by itself: what to do stands behind fix, and r looks again.")
	case name == "a" && f.Outcome == steps.Warn && f.Weighty:
		s.accept(f.ID)
	case name == "a":
		s.told = steps.T("Only a warning of weight can be accepted. A blocker has to be put right, the others stop nothing.")
	case name == "c" && f.Fix.Command == "" && f.Fix.Step != "":
		s.told = steps.T("The plan does this: its step %s has the command.", string(f.Fix.Step))
	case name == "c" && f.Fix.Command == "":
		s.told = steps.T("There is no command for this.")
	case name == "c":
		return s.commandSheet(f.Fix.Command, f.Fix.Diff)
	}
	return nil
}

// only says that the checks alone are wanted: a plan is made when it is asked for.
func (s *checks) only() bool { return s.Answers.Get(ask.Goal) == ask.GoalCheck }

// at is the finding that is open.
func (s *checks) at() (steps.Finding, bool) {
	if !s.looked || s.err != nil || s.board.At >= len(s.board.Found) {
		return steps.Finding{}, false
	}
	return s.board.Found[s.board.At], true
}

// fix has the plan put a finding right, and looks again.
func (s *checks) fix(f steps.Finding) tea.Cmd {
	answers := s.Answers.Clone()
	s.doing, s.err = steps.T("Having the plan put this right: %s", string(f.ID)), nil
	return s.task.begin(s.ctx, func(ctx context.Context) func() tea.Cmd {
		note, err := s.Deeds.Fix(ctx, answers, f)
		return func() tea.Cmd {
			switch {
			case errors.Is(err, ErrTurnedDown):
				s.told = steps.T("Without an answer the plan cannot put this right. Nothing was changed; f asks again.")
				return nil
			case err != nil:
				s.told = panel.Said(err)
				return nil
			}
			*s.Answers = *answers
			s.note = note
			return s.check()
		}
	})
}

// obstacle is the first finding that stands in the way of a plan, -1 for none.
func (s *checks) obstacle() int {
	return slices.IndexFunc(s.board.Found, func(f steps.Finding) bool {
		return f.Outcome == steps.Block || f.Outcome == steps.Warn && f.Weighty && !s.board.Accepted[f.ID]
	})
}

// plan goes on to the plan, where nothing stands in its way.
func (s *checks) plan() tea.Cmd {
	if !s.looked || s.err != nil {
		return s.check()
	}
	if i := s.obstacle(); i >= 0 {
		s.board.At, s.board.Down = i, 0
		s.told = steps.T("This stands in the way of a plan. Put it right, then r looks again.")
		if s.board.Found[i].Outcome == steps.Warn {
			s.told = steps.T("This warning has weight: a accepts it, or put it right and look again with r.")
		}
		return nil
	}
	return s.want(goMsg{to: atReview, accept: slices.Sorted(maps.Keys(s.board.Accepted))})
}

func (s *checks) View(frame int) string {
	l := s.look(frame)
	foot := s.foot(l, s.width)
	return strings.Join(append(s.body(l, s.width, s.height-len(foot)), foot...), "\n")
}

// foot is what the board comes to, or what a key came to, behind a line of air.
func (s *checks) foot(l panel.Look, width int) []string {
	var foot []string
	switch {
	case s.task.busy() && s.looked:
		foot = l.Busy(s.doing, width)
	case !s.told.IsZero():
		foot = l.Warning(s.told, width)
	case !s.note.IsZero():
		foot = l.Success(s.note, width)
	case s.only() && s.looked && s.err == nil:
		foot = append(s.wanting(l, width), l.Hint(steps.T("That is all: enter ends here. m makes a migration of it, beginning with a plan, which changes nothing."), width)...)
	case s.looked && s.err == nil:
		foot = s.verdict(l, width)
	}
	if len(foot) > 0 {
		foot = append([]string{""}, foot...)
	}
	return foot
}

// wanting names what is not as a migration needs it, the heaviest first: a plan would do
// some of it (those are notes), but who came to find out why something fails wants to know today's.
func (s *checks) wanting(l panel.Look, width int) []string {
	var names []string
	for _, of := range []steps.Outcome{steps.Block, steps.Warn, steps.Unknown, steps.Note} {
		for _, f := range s.board.Found {
			if f.Outcome == of && (of != steps.Note || f.Fix.Step != "") && !slices.Contains(names, string(f.ID)) {
				names = append(names, string(f.ID))
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	const shown = 4
	return l.Warning(steps.T("Not as a migration needs it: %s.", steps.Few(names, shown)), width)
}

// verdict says what the findings come to. What could not be looked at passes nothing.
func (s *checks) verdict(l panel.Look, width int) []string {
	var unseen int
	for _, f := range s.board.Found {
		if f.Outcome == steps.Unknown || f.Outcome == steps.Skipped {
			unseen++
		}
	}
	i := s.obstacle()
	switch {
	case i >= 0 && s.board.Found[i].Outcome == steps.Warn:
		return l.Warning(steps.T("No plan yet: %s waits for your word.", string(s.board.Found[i].ID)), width)
	case i >= 0:
		return l.Warning(steps.T("No plan yet: %s is in the way.", string(s.board.Found[i].ID)), width)
	case unseen > 0:
		return l.Warning(steps.T("Nothing known is in the way, but %s. enter tries a plan.",
			steps.Counted(unseen, "%d check could not be made", "%d checks could not be made")), width)
	}
	return l.Hint(steps.T("Nothing stands in the way: enter makes the plan, which changes nothing."), width)
}

// body is the board, or why there is none.
func (s *checks) body(l panel.Look, width, height int) []string {
	switch {
	case s.err != nil:
		lines := l.Trouble(s.err, width)
		return l.Into(append(append(lines, ""), l.Hint(steps.T("r looks again, esc goes back to the questions."), width)...), width, height)
	case !s.looked:
		return l.Into(l.Busy(s.doing, width), width, height)
	}
	lines, _ := l.Findings(s.board, width, height)
	return lines
}

// Title says where one is.
func (*checks) Title() steps.Text { return steps.T("Checks") }

func (s *checks) Keys() []key.Binding {
	g := s.theme.Glyphs
	back := bind("esc", "back to the questions", "esc")
	switch {
	case s.task.busy():
		return []key.Binding{back}
	case s.err != nil:
		return []key.Binding{bind("r", "look again", "r"), back}
	}
	list := append(s.leading(), bind(g.Up+" "+g.Down, "finding", "up"), bind("tab", "family", "tab"))
	if f, ok := s.at(); ok && f.Fix.Command != "" {
		at := len(list)
		if s.width < narrow && s.obstacle() >= 0 { // it leads on, and enter does not yet
			at = slices.IndexFunc(list, func(k key.Binding) bool { return k.Help().Key == "enter" })
		}
		list = slices.Insert(list, at, bind("c", s.brief("as command", "command"), "c"))
	}
	return append(list, back, bind("space", "names in full", "space"), bind("pgdn", "scroll", "pgdown"))
}

// leading are the keys that lead on: what stands in the way comes first, as a narrow
// line has room for few.
func (s *checks) leading() []key.Binding {
	list := []key.Binding{bind("enter", "plan", "enter")}
	if s.only() {
		list = []key.Binding{bind("enter", "end", "enter"), bind("m", "migrate", "m")}
	}
	f, ok := s.at()
	var here []key.Binding
	if ok && s.Deeds.Fixable(f) {
		here = append(here, bind("f", "fix in plan", "f"))
	}
	if ok && f.Outcome == steps.Warn && f.Weighty {
		here = append(here, bind("a", "accept", "a"))
	}
	again := bind("r", "again", "r")
	if !s.only() && s.obstacle() >= 0 {
		return append(append(here, again), list...)
	}
	return append(append(list, here...), again)
}

func (s *checks) Moving() bool { return s.task.busy() }

func (s *checks) Restyle(t theme.Theme) tea.Cmd {
	s.theme = t
	return nil
}

func (s *checks) Close() { s.task.end() }
