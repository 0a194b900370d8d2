package wizard

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// helpKey shows all keys of a screen. Pages of questions have help of their own.
var helpKey = key.NewBinding(key.WithKeys("?"), key.WithHelp("?", "help"))

// typist is a screen on which letters are text now and then.
type typist interface {
	screen
	Typing() bool
}

func typing(s screen) bool {
	t, is := s.(typist)
	return is && t.Typing()
}

// press gives a key to the root's own keys, the question over the screen, or the
// screen.
func (r *root) press(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case msg.String() == "ctrl+c":
		return r.interrupt()
	case msg.String() == "ctrl+z":
		return tea.Suspend
	case r.chrome.tooSmall(): // nobody sees what a key would do
		return nil
	case r.modal != nil:
		cmd := r.modal.Update(msg)
		r.modal = r.modal.front()
		return cmd
	case r.helping:
		r.helping = false
		return nil
	case key.Matches(msg, helpKey) && !typing(r.screen):
		r.helping = true
		return nil
	}
	if s := r.cover.sheet; s != nil {
		if s.press(msg, r.look(r.chrome.frame), r.chrome.width, r.bodyHeight()) {
			r.cover.sheet = nil
		}
		return nil
	}
	cmd := r.screen.Update(msg)
	r.learn()
	return cmd
}

// turn shows another screen.
func (r *root) turn(next screen) tea.Cmd {
	switch {
	case next == nil:
		return nil
	case r.dying: // what was under way when the signal came has ended
		next.Close()
		return r.leave(leaveMsg{})
	}
	r.screen.Close()
	r.screen, r.cover.sheet, r.helping = next, nil, false
	r.shown, r.visit = r.visit, r.visit+1
	r.learn()
	return next.Init()
}
