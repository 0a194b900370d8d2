package wizard

import (
	"cmp"
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/ui/panel"
)

// task is what is under way for a screen: one thing at a time. What comes of an
// earlier one is of no interest any more.
type task struct {
	number int
	cancel context.CancelFunc
}

// tasked is what came of a task. do folds it into the screen it was begun for, by
// the program's loop; of a task that was given up it is not called.
type tasked struct {
	of     *task
	number int
	do     func() tea.Cmd
}

// begin does something beside the program's loop. work gives what is to be done
// with what came of it.
func (t *task) begin(ctx context.Context, work func(context.Context) func() tea.Cmd) tea.Cmd {
	t.end()
	ctx, t.cancel = context.WithCancel(ctx)
	cancel, number := t.cancel, t.number
	return func() tea.Msg {
		defer cancel()
		return tasked{t, number, work(ctx)}
	}
}

// end gives up what is under way.
func (t *task) end() {
	if t.cancel != nil {
		t.cancel()
		t.cancel = nil
	}
	t.number++
}

// busy says that something is under way.
func (t *task) busy() bool { return t.cancel != nil }

// take folds in what came of a task, if it is this one's and still wanted.
func (t *task) take(msg tasked) tea.Cmd {
	if msg.of != t || msg.number != t.number {
		return nil
	}
	t.end()
	return msg.do()
}

// look is what panels are drawn with. It is for the program's loop alone, as want is.
func (m made) look(frame int) panel.Look {
	return panel.Look{Theme: m.theme, Words: m.Words, Now: m.Now(), Frame: frame}
}

// bind names a key for the line of help.
func bind(sign, does string, names ...string) key.Binding {
	return key.NewBinding(key.WithKeys(names...), key.WithHelp(sign, does))
}

// reader shows something longer than the screen, from a line on. In a room where that
// is too far it shows the end, and knows the line still.
type reader struct{ from int }

// press scrolls so many lines in a room; it says whether the key was one for that.
func (r *reader) press(msg tea.KeyPressMsg, lines, room int) bool {
	from, page := r.first(lines, room), max(1, room-2)
	switch msg.String() {
	case "up", "k":
		from--
	case "down", "j":
		from++
	case "pgup", "b":
		from -= page
	case "pgdown", "space":
		from += page
	case "home", "g":
		from = 0
	case "end", "G":
		from = lines
	default:
		return false
	}
	r.from = from
	r.from = r.first(lines, room)
	return true
}

// first is the line that is seen first.
func (r reader) first(lines, room int) int {
	if lines <= room {
		return 0
	}
	return max(0, min(r.from, lines-max(1, room-1)))
}

// view is the part there is room for.
func (r reader) view(l panel.Look, lines []string, width, height int) []string {
	shown, _ := l.Window(lines, r.from, height)
	return l.Into(shown, width, height)
}

// scrollKeys are those of a reader.
func (m made) scrollKeys() []key.Binding {
	g := m.theme.Glyphs
	return []key.Binding{bind(g.Up+" "+g.Down, "scroll", "up", "down"), bind("pgup pgdn", "page", "pgup", "pgdown")}
}

// sheet is something shown whole over a screen, a command or a step, until a key
// takes it away. of draws it.
type sheet struct {
	reader
	of func(l panel.Look, width int) []string
	// by is the key that brought it, and takes it away, too.
	by string
}

// press scrolls the sheet; it says whether the sheet is to be taken away.
func (s *sheet) press(msg tea.KeyPressMsg, l panel.Look, width, height int) (away bool) {
	switch msg.String() {
	case s.by, "esc", "enter", "q":
		return true
	}
	s.reader.press(msg, len(s.of(l, width)), height)
	return false
}

func (s *sheet) view(l panel.Look, width, height int) []string {
	return s.reader.view(l, s.of(l, width), width, height)
}

// commandSheet shows something to copy, which also goes to the clipboard of a
// terminal that takes it. A diff is shown behind it, and copied only where it is all
// there is: nobody wants it in his shell. Names are hidden in what is copied, too: a
// recorded terminal holds the clipboard's content. It is for the program's loop alone.
func (m made) commandSheet(command, diff string) tea.Cmd {
	command, diff = m.Words.Mask(command), m.Words.Mask(diff)
	shown := strings.Trim(command+"\n\n"+diff, "\n")
	m.cover.sheet = &sheet{by: "c", of: func(l panel.Look, width int) []string { return l.Command(shown, width) }}
	if shown == "" {
		return nil
	}
	return tea.SetClipboard(cmp.Or(command, diff))
}
