package wizard

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/theme"
)

// root is the program's model: a router. It hands messages to the screen that is
// shown, and asks flow which one is next.
type root struct {
	flow
	screen screen
	modal  *modal
	chrome chrome
	// helping shows every key of a screen; dying says that a signal asked to stop.
	helping, dying bool
	// shown is the visit of the screen that is shown.
	shown int
	// ticking says that a picture of the animation is on its way.
	ticking bool
}

// newRoot makes the model; ctx ends what is under way for its screens.
func newRoot(ctx context.Context, o Options) *root {
	r := &root{flow: flow{made: made{Options: o, ctx: ctx, theme: theme.New(o.Look), cover: &cover{}, accepted: map[steps.CheckID]string{}, known: map[ask.Key]string{}}}}
	r.chrome = chrome{width: o.Width, height: o.Height}
	r.screen = r.first()
	r.visit++
	return r
}

// Init begins with the first screen, and asks the terminal for its background.
func (r *root) Init() tea.Cmd {
	r.learn()
	cmd := r.screen.Init()
	r.arrange()
	return tea.Batch(tea.RequestBackgroundColor, cmd, r.animate())
}

// Update takes a message, and runs the animation while anything moves.
func (r *root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, is := msg.(frameMsg); is {
		r.chrome.frame++
		r.ticking = false
		return r, r.animate()
	}
	cmd := r.route(msg)
	r.arrange()
	return r, tea.Batch(cmd, r.animate())
}

// route gives a message to whom it is for.
func (r *root) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case visitMsg:
		if msg.visit != r.shown {
			return nil
		}
		return r.route(msg.msg)
	case tea.WindowSizeMsg:
		r.chrome.width, r.chrome.height = msg.Width, msg.Height
		return nil
	case tea.BackgroundColorMsg:
		return r.restyle(msg.IsDark())
	case askMsg, unaskMsg:
		r.modal = r.modal.queue(msg, r.made)
		return nil
	case stopMsg:
		r.dying = true
		return r.interrupt()
	case leaveMsg:
		return r.leave(msg)
	case plannedMsg:
		r.out.Planned = true
		return nil
	case goMsg, backMsg, doneMsg, pastMsg:
		return r.turn(r.next(msg))
	case tea.KeyPressMsg:
		return r.press(msg)
	case tea.PasteMsg:
		if r.chrome.tooSmall() || r.modal == nil && (r.helping || r.cover.sheet != nil) { // nobody sees where it would go
			return nil
		}
	}
	if r.modal.takes(msg) {
		return r.modal.Update(msg)
	}
	cmd := r.screen.Update(msg)
	r.learn()
	return cmd
}
