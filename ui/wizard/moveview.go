package wizard

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
)

// Keys are the list's while it has the keys, else the form's.
func (m *moves) Keys() []key.Binding {
	switch {
	case m.listing():
		return m.listKeys()
	case m.helped():
		return []key.Binding{backToList}
	case m.editing && m.here() && m.form.Slips(): // enter would say it again
		return []key.Binding{backToList}
	case m.editing && m.here():
		return []key.Binding{moveKeys.done}
	}
	list := m.page.Keys()
	for i, k := range list {
		if m.renaming && slices.Contains(k.Keys(), "esc") {
			list[i] = backToList
		}
	}
	return list
}

// listKeys are those of the list.
func (m *moves) listKeys() []key.Binding {
	g := m.theme.Glyphs
	look, next, back := moveKeys.look, key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "next")), key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "back"))
	look.SetHelp(g.Up+" "+g.Down, "look")
	return []key.Binding{next, moveKeys.toggle, moveKeys.help, moveKeys.edit, moveKeys.rename, back, look}
}

// backToList leads from the line, and from the questions of the rename.
var backToList = key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "back to the list"))

// Resize tells the room there is. The form has a part of it, or the list's as well where
// it helps.
func (m *moves) Resize(width, height int) {
	m.room.Resize(width, height)
	switch left := height - len(m.top()); {
	case m.try == nil:
		m.page.Resize(width, height)
	case m.here() && m.form.Helping():
		m.form.Resize(width, left-2)
	default:
		m.form.Resize(width, min(mostFormLines, left/2))
	}
}

// mostFormLines bounds the form's room above the list.
const mostFormLines = 9

// View draws the line of patterns, or the form, above the list.
func (m *moves) View(frame int) string {
	switch {
	case m.try == nil:
		return m.page.View(frame)
	case m.here() && m.form.Helping():
		return strings.Join(append(append(m.top(), strings.Split(m.form.View(frame), "\n")...), "", m.theme.Keys(m.width, m.listKeys())), "\n")
	case len(m.list.rows) == 0:
		return strings.Join(append(m.above(frame), m.theme.Warn.Render(m.theme.Cut("The source domain has no index: there is nothing to move.", m.width))), "\n")
	}
	top := m.above(frame)
	room := m.height - len(top) - 1
	return strings.Join(slices.Concat(top, []string{m.sum(m.width, room)}, m.rows(m.width, room)), "\n")
}

// top is what the page is for, where there is room to say it.
func (m *moves) top() []string {
	if m.height < roomy {
		return nil
	}
	return m.why()
}

// above is what stands above the list, but for its sum, with a line of air.
func (m *moves) above(frame int) []string {
	return append(append(m.top(), m.asked(m.width, frame)...), "")
}

// seen is how many rows of the list are in sight.
func (m *moves) seen() int {
	return m.height - len(m.above(0)) - 1 - len(m.whole(m.width))
}

// asked is the line of patterns, or the form where it has the keys.
func (m *moves) asked(width, frame int) []string {
	if !m.listing() {
		return strings.Split(strings.TrimRight(m.form.View(frame), "\n "), "\n")
	}
	line := m.form.Typed()
	if strings.TrimSpace(line) == "" {
		line = takeAll
	}
	const label = "pattern  "
	how := ""
	if width < wordy { // the line of keys has no room for it
		how = "  " + m.theme.Keys(width, []key.Binding{moveKeys.edit, moveKeys.rename})
	}
	line = m.theme.Middle(m.theme.Plain(m.Words.Mask(line)), width-len(label)-ansi.StringWidth(how))
	return []string{m.theme.Dim.Render(label) + m.theme.Strong.Render(line) + how}
}

// sum says how much moves of what could, and which rows are seen in so many lines where
// those are not all.
func (m *moves) sum(width, lines int) string {
	if !m.said.IsZero() {
		return m.theme.Warn.Render(m.theme.Cut(m.theme.Glyphs.Warn+" "+m.theme.Plain(m.Words.Say(m.said)), width))
	}
	l, dot := &m.list, " "+m.theme.Glyphs.Dot+" "
	of := max(l.movable, l.moving) // one that no wildcard takes may have been named
	words := m.Words.Say(steps.T("%d of %s", l.moving, steps.Counted(of, "%d index moves", "%d indices move"))) +
		dot + steps.Size(l.movingBytes) + " of " + steps.Size(max(l.movableBytes, l.movingBytes))
	where := ""
	if from, to := l.window(lines - len(m.whole(width))); to-from < len(l.rows) {
		where = m.Words.Say(steps.T("%d-%d of %d", from+1, to, len(l.rows)))
	}
	if stay := len(l.rows) - of; stay > 0 { // which the list says, too
		if said := words + dot + m.Words.Say(steps.Counted(stay, "%d stays", "%d stay")); where == "" || ansi.StringWidth(said+where)+2 <= width {
			words = said
		}
	}
	if where == "" {
		return m.theme.Strong.Render(m.theme.Cut(words, width))
	}
	room := width - len(where) - 2
	return m.theme.Strong.Render(m.theme.Fit(words, room)) + "  " + m.theme.Dim.Render(where)
}

// rows draws what is seen of the list, and the row under the cursor whole where it
// had to be shortened.
func (m *moves) rows(width, lines int) []string {
	whole := m.whole(width)
	from, to := m.list.window(lines - len(whole))
	rename, mine := m.renamer(), m.listing()
	var out []string
	for i := from; i < to; i++ {
		h := m.list.all[m.list.rows[i]]
		as := ""
		if rename != nil {
			as = rename(h.Name)
		}
		out = append(out, m.list.row(m.theme, m.Words, h, mine && i == m.list.at, as, width))
	}
	for len(whole) > 0 && len(out) < lines-len(whole) {
		out = append(out, "")
	}
	return append(out, whole...)
}

// whole is the name, or the reason, under the cursor that its row has no room for.
func (m *moves) whole(width int) []string {
	h, ok := m.list.under()
	if !ok || !m.listing() {
		return nil
	}
	words := ""
	room := m.list.nameRoom(width)
	if name := m.theme.Plain(m.Words.Mask(h.Name)); m.theme.Middle(name, room) != name {
		words = name
	}
	if !h.Moves && !h.Left {
		if why := m.theme.Plain(m.Words.Say(h.Why)); m.theme.Cut("stays: "+why, width-room-6) != "stays: "+why {
			words = strings.TrimSpace(words + "  stays: " + why)
		}
	}
	if h.Stream != "" && h.Stream != h.Name {
		words = strings.TrimSpace(words + "  part of the data stream " + m.theme.Plain(m.Words.Mask(h.Stream)))
	}
	if words == "" {
		return nil
	}
	lines := m.theme.Wrap(words, width-2)
	lines = lines[:min(len(lines), 2)]
	for i, l := range lines {
		lines[i] = "  " + m.theme.Dim.Render(l)
	}
	return lines
}
