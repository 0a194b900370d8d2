package wizard

import (
	"fmt"
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/theme"
)

// moveKeys are the keys of the list of what moves.
var moveKeys = struct{ look, toggle, help, rename, edit, done, form key.Binding }{
	look:   key.NewBinding(key.WithKeys("up", "down", "pgup", "pgdown", "home", "end"), key.WithHelp("", "look")),
	toggle: key.NewBinding(key.WithKeys("space"), key.WithHelp("space", "choose")),
	help:   key.NewBinding(key.WithKeys("?", "f1"), key.WithHelp("?", "help")),
	rename: key.NewBinding(key.WithKeys("r"), key.WithHelp("r", "rename")),
	edit:   key.NewBinding(key.WithKeys("e"), key.WithHelp("e", "edit")),
	form:   key.NewBinding(key.WithKeys("enter", "tab", "esc", "shift+tab")),
	done:   key.NewBinding(key.WithKeys("enter", "esc"), key.WithHelp("enter", "back to the list")),
}

// hits is a list of indices of any length: only what is seen of it is drawn.
type hits struct {
	all []ask.Hit
	// rows are places in all, in the order they are shown: what moves first.
	rows []int
	// at is the row under the cursor, top the first that was seen at the last key.
	at, top int
	// nameWidth and madeWidth are the cells of the longest of each.
	nameWidth, madeWidth int
	// movable and its bytes are what could move, moving and its bytes what does.
	movable, moving           int
	movableBytes, movingBytes int64
}

// measure notes what could move where everything may, and how wide its columns are.
func (l *hits) measure(all []ask.Hit) {
	l.movable, l.movableBytes = 0, 0
	for _, h := range all {
		l.nameWidth, l.madeWidth = max(l.nameWidth, ansi.StringWidth(h.Name)), max(l.madeWidth, ansi.StringWidth(h.Made))
		if h.Moves {
			l.movable, l.movableBytes = l.movable+1, l.movableBytes+h.Bytes
		}
	}
}

// order puts first what moves now, then what is left, and goes to the first row.
func (l *hits) order(all []ask.Hit) {
	var moves, left, stays []int
	for i, h := range all {
		switch {
		case h.Moves:
			moves = append(moves, i)
		case h.Left:
			left = append(left, i)
		default:
			stays = append(stays, i)
		}
	}
	l.rows, l.at, l.top = slices.Concat(moves, left, stays), 0, 0
}

// take notes what becomes of the indices now.
func (l *hits) take(all []ask.Hit) {
	l.all, l.moving, l.movingBytes = all, 0, 0
	for _, h := range all {
		if h.Moves {
			l.moving, l.movingBytes = l.moving+1, l.movingBytes+h.Bytes
		}
	}
}

// turn puts the cursor on an index, if it is there.
func (l *hits) turn(name string) {
	if i := slices.IndexFunc(l.rows, func(i int) bool { return l.all[i].Name == name }); i >= 0 {
		l.at = i
	}
}

// under is the index under the cursor.
func (l *hits) under() (ask.Hit, bool) {
	if l.at < 0 || l.at >= len(l.rows) || len(l.all) != len(l.rows) {
		return ask.Hit{}, false
	}
	return l.all[l.rows[l.at]], true
}

// press moves the cursor, with so many rows in sight; it says whether the key was one
// of the list's.
func (l *hits) press(k tea.KeyPressMsg, seen int) bool {
	page := max(1, seen-1)
	l.top, _ = l.window(seen)
	switch k.String() {
	case "up":
		l.at--
	case "down":
		l.at++
	case "pgup":
		l.at -= page
	case "pgdown":
		l.at += page
	case "home":
		l.at = 0
	case "end":
		l.at = len(l.rows) - 1
	default:
		return false
	}
	l.at = max(0, min(l.at, len(l.rows)-1))
	return true
}

// window are the rows that are seen in so many lines, with the cursor among them.
func (l *hits) window(lines int) (from, to int) {
	seen := max(1, lines)
	from = max(0, min(l.top, l.at, len(l.rows)-seen))
	from = max(from, l.at-seen+1)
	return from, min(len(l.rows), from+seen)
}

// figures are what is said of an index that moves, beside its name.
func (l *hits) figures(h ask.Hit, width int) string {
	words := fmt.Sprintf("%8s  %-7s  ", steps.Size(h.Bytes), shards(h))
	if width < wordy {
		return words + h.Made
	}
	return words + "made with " + h.Made
}

// wordy is the width from which figures have words.
const wordy = 76

// nameRoom is how wide the names are: as the longest is, or what the figures leave.
func (l *hits) nameRoom(width int) int {
	figures := ansi.StringWidth(l.figures(ask.Hit{}, width)) + l.madeWidth
	return max(12, min(l.nameWidth, width-6-figures))
}

// row draws one index in a width.
func (l *hits) row(th theme.Theme, w board.Words, h ask.Hit, chosen bool, as string, width int) string {
	room := l.nameRoom(width)
	cursor, sign, style := "  ", th.Good.Render(th.Glyphs.Pass), th.Text
	if chosen {
		cursor, style = th.Accent.Render(th.Glyphs.Cursor)+" ", th.Selected
	}
	rest := l.figures(h, width)
	switch {
	case h.Moves && as != "" && as != h.Name:
		if full := rest + "  " + th.Glyphs.Head + " " + w.Mask(as); ansi.StringWidth(full) <= width-room-6 {
			rest = full
		} else { // the new name is what is looked for
			rest = fmt.Sprintf("%8s  %s %s", steps.Size(h.Bytes), th.Glyphs.Head, w.Mask(as))
		}
	case h.Moves:
	case h.Left:
		sign, rest = th.Dim.Render(th.Glyphs.Skip), fmt.Sprintf("%8s  left by your pattern", steps.Size(h.Bytes))
		if width < wordy {
			rest = fmt.Sprintf("%8s  left", steps.Size(h.Bytes))
		}
	default:
		sign, rest = th.Warn.Render(th.Glyphs.Fail), "stays: "+w.Say(h.Why)
	}
	name := style.Render(th.Fit(th.Middle(th.Plain(w.Mask(h.Name)), room), room))
	return cursor + sign + " " + name + "  " + th.Dim.Render(th.Cut(th.Plain(rest), width-room-6))
}

func shards(h ask.Hit) string { return fmt.Sprintf("%d x %d", h.Primaries, h.Copies) }
