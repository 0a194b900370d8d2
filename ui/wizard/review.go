package wizard

import (
	"context"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// review shows the whole plan and has it approved.
type review struct {
	made
	accept  []steps.CheckID
	task    task
	planned Planned
	plan    panel.Plan
	// ready says that there is a plan; err is why there is none.
	ready bool
	err   error
	// lookedAt is when it was looked last whether somebody else has done his part, wait
	// how long until the next look.
	lookedAt time.Time
	wait     time.Duration
	// typed is what was typed to approve it, told what was wrong with that.
	typed  string
	told   steps.Text
	reader reader
	drawn  drawn
}

// drawn is a plan as lines: with ten thousand indices it is not drawn anew for
// every picture.
type drawn struct {
	width int
	// turns counts what the changes have to be drawn anew for, turn is that of the lines;
	// rows is where each change begins.
	turns, turn int
	rows        []int
	// changes counts the lines of the changes, which come first.
	changes     int
	beside, all []string
}

func newReview(m made, accept []steps.CheckID) screen {
	return &review{made: m, accept: accept, plan: panel.Plan{Open: map[int]bool{}}}
}

func (s *review) Init() tea.Cmd { return s.make() }

// make has the plan made.
func (s *review) make() tea.Cmd {
	answers, accept := s.Answers.Clone(), s.accept
	if s.handed() == nil { // what somebody else is to do stays in sight
		s.err = nil
	}
	return s.task.begin(s.ctx, func(ctx context.Context) func() tea.Cmd {
		planned, err := s.Deeds.Plan(ctx, answers, accept)
		return func() tea.Cmd {
			if s.err = err; err != nil {
				return s.later()
			}
			s.reader = reader{}
			s.planned, s.plan.Plan, s.ready = planned, planned.Plan, true
			s.drawn = drawn{}
			return func() tea.Msg { return plannedMsg{} }
		}
	})
}

func (s *review) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tasked:
		return s.task.take(msg)
	case lookMsg:
		if msg.number == s.task.number && !s.task.busy() {
			return s.make()
		}
	case tea.PasteMsg:
		s.letters(msg.Content)
	case tea.KeyPressMsg:
		switch {
		case msg.String() == "esc":
			return s.want(backMsg{})
		case !s.ready:
			return s.pressUnplanned(msg)
		}
		return s.press(msg)
	}
	return nil
}

// pressUnplanned takes a key while there is no plan.
func (s *review) pressUnplanned(msg tea.KeyPressMsg) tea.Cmd {
	switch name := msg.String(); {
	case name == "r" && !s.task.busy():
		s.wait = 0 // somebody is there, and may want to see it soon
		return s.make()
	case name == "n" && s.beside() != "" && !s.task.busy():
		return s.want(leaveMsg{afresh: true})
	case name == "c" && s.command() != "":
		return s.commandSheet(s.command(), "")
	}
	lines, foot := s.unplanned(s.look(0), s.width)
	s.reader.press(msg, len(lines), s.height-len(foot))
	return nil
}

// press takes a key while a plan is shown. The id that approves it has no letters,
// so that letters are free for keys.
func (s *review) press(msg tea.KeyPressMsg) tea.Cmd {
	s.told = steps.Text{}
	switch name := msg.String(); name {
	case "down", "j":
		s.step(1)
	case "up", "k":
		s.step(-1)
	case "d", "space":
		s.plan.Open[s.plan.At] = !s.plan.Open[s.plan.At]
		s.drawn.turns++
	case "c":
		change, _, ok := s.plan.Change()
		if !ok {
			return nil
		}
		return s.commandSheet(s.planned.Command(change), "")
	case "backspace":
		s.typed = s.typed[:max(0, len(s.typed)-1)]
	case "ctrl+u":
		s.typed = ""
	case "enter":
		return s.approve()
	default:
		if lines, room := s.seen(); !s.reader.press(msg, lines, room) {
			s.letters(msg.Text)
		}
	}
	return nil
}

// step moves the cursor to another change, or on within one that is longer than
// the screen; below the last change it scrolls.
func (s *review) step(by int) {
	lines, room := s.seen()
	d, r := &s.drawn, &s.reader
	r.from = r.first(lines, room)
	if len(d.rows) == 0 {
		r.from = max(0, r.from+by)
		return
	}
	at := s.plan.At
	top, end := d.rows[at], d.changes
	if at+1 < len(d.rows) {
		end = d.rows[at+1]
	}
	switch {
	case by > 0 && (end > r.from+room-1 || at+1 == len(d.rows)):
		r.from++
	case by < 0 && top < r.from:
		r.from--
	default:
		s.plan.At = max(0, min(at+by, len(d.rows)-1))
		d.turns++
		r.from = max(min(r.from, d.rows[s.plan.At]), d.rows[s.plan.At]-max(0, room-2))
		if s.plan.At == 0 {
			r.from = 0
		}
	}
}

// letters adds what belongs to an account id; consoles and people write hyphens.
func (s *review) letters(text string) {
	for _, r := range text {
		if (r >= '0' && r <= '9' || r == '-') && len(s.typed) < 20 {
			s.typed += string(r)
		}
	}
}

// approve goes on, once what approves the plan was typed.
func (s *review) approve() tea.Cmd {
	digits := func(id string) string { return strings.ReplaceAll(id, "-", "") }
	switch {
	case s.planned.Uncovered == 0:
		return s.want(goMsg{to: atRun, planned: s.planned})
	case s.typed == "":
		s.told = steps.T("Type the account id of the target to approve the plan. Nothing is changed before.")
	case digits(s.typed) != digits(s.planned.Typed):
		s.told = steps.T("That is not the target's account id. Nothing was changed.")
	default:
		return s.want(goMsg{to: atRun, planned: s.planned, by: "typed the target account id"})
	}
	return nil
}

// seen is how many lines the plan has, and how many there is room for.
func (s *review) seen() (lines, room int) {
	l := s.look(0)
	return len(s.draw(l, s.width)), s.height - len(s.foot(l, s.width))
}

func (s *review) View(frame int) string {
	l, width, height := s.look(frame), s.width, s.height
	switch {
	case s.err != nil:
		lines, foot := s.unplanned(l, width)
		return strings.Join(append(s.reader.view(l, lines, width, height-len(foot)), foot...), "\n")
	case !s.ready:
		return strings.Join(l.Into(l.Busy(steps.T("Making the plan: looking at everything it would make or change. Nothing is changed."), width), width, height), "\n")
	}
	foot := s.foot(l, width)
	return strings.Join(append(s.reader.view(l, s.draw(l, width), width, height-len(foot)), foot...), "\n")
}

// draw gives the lines of the plan.
func (s *review) draw(l panel.Look, width int) []string {
	d := &s.drawn
	if d.width == width && d.turn == d.turns {
		return d.all
	}
	if d.width != width {
		d.beside = l.Beside(s.plan.Plan, width)
	}
	changes, rows := l.Changes(s.plan, width)
	d.width, d.turn, d.rows, d.changes = width, d.turns, rows, len(changes)
	d.all = append(changes, d.beside...)
	return d.all
}

// foot asks for what approves the plan.
func (s *review) foot(l panel.Look, width int) []string {
	lines := []string{""}
	if !s.told.IsZero() {
		lines = l.Warning(s.told, width)
	}
	if s.planned.Uncovered == 0 {
		words := steps.T("Everything that is left was approved already: enter goes on.")
		if len(s.planned.Plan.Steps) == 0 {
			words = steps.T("There is nothing to approve: enter goes on.")
		}
		return append(lines, l.Hint(words, width)...)
	}
	return append(lines, l.Field(steps.T("Type the target account id to approve"), s.typed, s.theirs(), width)...)
}

// theirs is what is to be typed, as people read it: it asks for attention, not for
// knowledge.
func (s *review) theirs() string { return awsid.AccountID(s.planned.Typed).Grouped() }

// Title says where one is.
func (*review) Title() steps.Text { return steps.T("Plan") }

func (s *review) Keys() []key.Binding {
	g, back := s.theme.Glyphs, bind("esc", "back to the checks", "esc")
	switch {
	case s.handed() != nil:
		return append([]key.Binding{bind("c", "as command", "c"), bind("r", "look now", "r"), back}, s.scrollKeys()...)
	case s.task.busy():
		return []key.Binding{back}
	case s.beside() != "":
		return append([]key.Binding{bind("n", "another run", "n"), back}, s.scrollKeys()...)
	case !s.ready:
		return append([]key.Binding{bind("r", "plan again", "r"), back}, s.scrollKeys()...)
	}
	lead := bind("enter", "approve", "enter")
	if s.planned.Uncovered == 0 {
		lead = bind("enter", "go on", "enter")
	}
	list := []key.Binding{bind(g.Up+" "+g.Down, "change", "up"), bind("d", "diff", "d"), bind("c", "as command", "c")}
	if s.width < narrow { // everybody tries arrows
		slices.Reverse(list[:2])
	}
	return append(append([]key.Binding{lead}, list...), back, bind("pgdn", "scroll", "pgdown"))
}

func (s *review) Moving() bool { return s.task.busy() }

func (s *review) Restyle(t theme.Theme) tea.Cmd {
	s.theme, s.drawn = t, drawn{}
	return nil
}

func (s *review) Close() { s.task.end() }
