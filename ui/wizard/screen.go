package wizard

import (
	"context"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// screen is one screen. Its methods are called by the program's loop alone.
type screen interface {
	// Init begins what the screen needs to be begun.
	Init() tea.Cmd
	// Update takes a message. What the screen wants of the root it says by a message
	// of its own (see goMsg and below).
	Update(tea.Msg) tea.Cmd
	// Resize tells the room there is for it, in cells. It comes after every message, as
	// what surrounds the screen, or a part of it, may have another size since.
	Resize(width, height int)
	// View draws the body in that room. frame chooses a picture of the shared animation.
	// It only reads: what it keeps of what it drew changes no later picture.
	View(frame int) string
	// Title says where one is, and Keys what does something now.
	Title() steps.Text
	Keys() []key.Binding
	// Moving says that something on it is alive: only then is the animation run.
	Moving() bool
	// Restyle changes the look.
	Restyle(theme.Theme) tea.Cmd
	// Close gives up what is under way for the screen.
	Close()
}

// interruptible is a screen with something of weight under way: ctrl+c is its own.
type interruptible interface {
	screen
	Interrupt() tea.Cmd
}

// calm is a screen that has something under way of which nothing moves now, as what
// is waited for: no animation is run for it.
type calm interface {
	screen
	Calm() bool
}

// routed is a screen that knows which leg of the route data is on, and how fast.
type routed interface {
	screen
	Route(panel.Route) panel.Route
}

// made is what a screen is made with. The screens over boards are made by
// newChecks(made), newReview(made, accept), newRunning(made, planned, by),
// newReported(made, planned, state, err) and newExplaining(made); the review gives
// its plan away by plannedMsg. ctx ends with the program: what is under way for a
// screen ends then, too.
type made struct {
	Options
	room
	ctx   context.Context
	theme theme.Theme
	// cover is what lies over the screen that is shown. Screens share it with the root and
	// lay a sheet in Update: the next key, which may have come in the same read, is for it.
	cover *cover
	// accepted are the warnings of weight that were accepted, with what they said then.
	accepted map[steps.CheckID]string
	// known are secrets that need not be typed.
	known map[ask.Key]string
	// visit tells the screens apart that were made with it, one after the other.
	visit int
}

// cover is the sheet over a screen, nil for none.
type cover struct{ sheet *sheet }

// room is what a screen may draw in, in cells.
type room struct{ width, height int }

// Resize tells how much that is.
func (r *room) Resize(width, height int) { r.width, r.height = width, height }

// narrow is the width below which keys are named in one word.
const narrow = 72

// brief names what a key does, in as many words as there is room for.
func (r room) brief(words, word string) string {
	if r.width < narrow {
		return word
	}
	return words
}

// place names a screen in the order a person is led through them.
type place int

// The places. Pages of questions are numbered by themselves (see flow.page).
const (
	atPages place = iota
	atChecks
	atReview
	atRun
	atReport
	atExplain
	atAfresh
)

// What a screen wants of the root.
type (
	// goMsg goes to another place, with what the screen there needs of this one.
	goMsg struct {
		to place
		// accept, to the review: the warnings that were accepted on the board.
		accept []steps.CheckID
		// planned and by, to the run: the plan, and how it was approved.
		planned Planned
		by      string
		// state and err, to the report: the run as folded, and what it ended with.
		state *steps.State
		err   error
	}
	// backMsg goes to the place before.
	backMsg struct{}
	// leaveMsg ends the program; afresh says that another run is to begin.
	leaveMsg struct {
		err    error
		afresh bool
	}
	// plannedMsg says that there is a plan now; it is told, not wished.
	plannedMsg struct{}
	// frameMsg is a picture of the shared animation.
	frameMsg struct{}
	// visitMsg is a message of a screen, to the root or to itself. It is of no interest
	// once another screen is shown: of keys that came together all are taken before the
	// first one's wish is heard.
	visitMsg struct {
		visit int
		msg   tea.Msg
	}
)

// want makes a command of a message that is dropped once another screen is shown.
// It copies what the loop changes: it is for the loop alone.
func (m made) want(msg tea.Msg) tea.Cmd { return func() tea.Msg { return m.mine(msg) } }

// mine marks a message as this screen's. What is done beside the program's loop calls it:
// it reads nothing that the loop changes.
func (m *made) mine(msg tea.Msg) tea.Msg { return visitMsg{m.visit, msg} }
