package wizard

import (
	"reflect"
	"time"

	tea "charm.land/bubbletea/v2"

	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// stopMsg is a signal that asks to stop.
type stopMsg struct{}

// interrupt is ctrl+c, and a signal: where something of weight is under way it is
// the screen's, elsewhere it leaves.
func (r *root) interrupt() tea.Cmd {
	r.cover.sheet = nil // what becomes of it stands on the screen
	if s, is := r.screen.(interruptible); is {
		if cmd := s.Interrupt(); cmd != nil {
			return cmd
		}
		if s.Moving() { // it was asked to stop and is about to
			return nil
		}
	}
	return r.leave(leaveMsg{})
}

// leave ends the program. What was typed is kept by Run.
func (r *root) leave(msg leaveMsg) tea.Cmd {
	r.screen.Close()
	r.modal.close()
	r.modal = nil // one more picture is drawn before the end
	r.out.Left = r.at != atReport && r.at != atExplain
	r.out.Afresh = msg.afresh
	if msg.err != nil {
		r.out.Err = msg.err
	}
	return tea.Quit
}

// restyle changes the look when the terminal tells its background.
func (r *root) restyle(dark bool) tea.Cmd {
	if dark == r.Look.Dark {
		return nil
	}
	r.Look.Dark = dark
	r.theme = theme.New(r.Look)
	if r.modal != nil {
		r.modal.theme = r.theme
	}
	return r.screen.Restyle(r.theme)
}

// arrange tells what is shown how much room it has.
func (r *root) arrange() {
	if r.chrome.tooSmall() { // nothing of it is drawn
		return
	}
	w, h := r.chrome.width, r.bodyHeight()
	r.screen.Resize(w, h)
	if r.modal != nil {
		r.modal.Resize(w, h)
	}
}

// frames is how long one picture of the shared animation stands.
const frames = 200 * time.Millisecond

// animate asks for the next picture while anything moves.
func (r *root) animate() tea.Cmd {
	if s, is := r.screen.(calm); r.ticking || !r.screen.Moving() || is && s.Calm() {
		return nil
	}
	r.ticking = true
	return tea.Tick(frames, func(time.Time) tea.Msg { return frameMsg{} })
}

// learn looks up what is known of the route by now.
func (r *root) learn() {
	route := panel.Route{}
	if r.Deeds != nil {
		route = r.Deeds.Route()
	}
	if s, is := r.screen.(routed); is {
		route = s.Route(route)
	}
	if !reflect.DeepEqual(route, r.chrome.route) {
		r.chrome.route, r.chrome.learned = route, r.chrome.learned+1
	}
}
