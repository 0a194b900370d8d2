package wizard

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/form"
)

// The page that has a preview, and its questions that the preview works on.
const (
	movePage           = "move"
	indicesKey ask.Key = "move.indices"
	moreKey    ask.Key = "move.more"
	patternKey ask.Key = "move.rename_pattern"
	replaceKey ask.Key = "move.rename_replacement"
)

// How patterns are written (facts.Match says what they mean).
const (
	takeAll      = "*"
	takeOut      = "-"
	betweenNames = ", "
)

// moves is the page of what moves: the form, and below it every index with what
// becomes of it under the patterns as they stand on the line now.
type moves struct {
	*page
	list hits
	// try is nil until the indices are known.
	try func([]string) []ask.Hit
	// away says that another question was asked since: the indices are looked up anew.
	away bool
	// typed is the line that the list was made of; known says that it was.
	typed string
	known bool
	// editing says that keys go to the line instead of the list.
	editing bool
	// renaming says that the questions of the rename were turned to from the list, and
	// opened that the rarer questions are asked for their sake alone.
	renaming, opened bool
	// said is what a key could not do.
	said steps.Text
}

func newMoves(p *page) screen { return &moves{page: p} }

func (m *moves) Init() tea.Cmd {
	cmd := m.page.Init()
	m.settle()
	return cmd
}

// settle brings the list in line with what stands on the line.
func (m *moves) settle() {
	at := m.form.Asking().Key
	if at != patternKey && at != replaceKey {
		m.renaming = false
	}
	if at != indicesKey {
		m.away = true
		return
	}
	if o := m.form.Offered(); o.Try != nil && (m.try == nil || m.away) {
		m.try, m.known, m.away = o.Try, false, false
		m.list.measure(o.Try([]string{takeAll}))
	}
	if m.form.Asks() && m.form.Trouble() != nil { // it wants to be put right on the line
		m.edit()
	}
	typed := m.form.Typed()
	if m.try == nil || m.form.Busy() || m.known && typed == m.typed {
		return
	}
	all, was := m.try(patterns(typed)), ""
	if h, ok := m.list.under(); ok && !m.editing {
		was = h.Name
	}
	if m.editing || !m.known { // what a key on its row changes stays where it is
		m.list.order(all)
	}
	m.typed, m.known = typed, true
	m.list.take(all)
	m.list.turn(was)
}

// patterns are those of a line; none means all.
func patterns(line string) []string {
	var list []string
	for _, p := range strings.Split(line, ",") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return []string{takeAll}
	}
	return list
}

// listing says that keys are the list's.
func (m *moves) listing() bool {
	return m.here() && !m.editing && !m.form.Helping()
}

// helped says that help stands in place of the list.
func (m *moves) helped() bool { return m.here() && !m.editing && m.form.Helping() }

// here says that the patterns are asked for and the list knows what they do.
func (m *moves) here() bool {
	return m.try != nil && m.form.Asking().Key == indicesKey && m.form.Asks()
}

func (m *moves) Update(msg tea.Msg) tea.Cmd {
	if paste, is := msg.(tea.PasteMsg); is && m.listing() {
		if m.edit(); !m.all() {
			msg = tea.PasteMsg{Content: betweenNames + paste.Content}
		}
	}
	var cmd tea.Cmd
	if k, is := msg.(tea.KeyPressMsg); is {
		cmd = m.press(k)
	} else {
		cmd = m.page.Update(msg)
	}
	m.settle()
	return cmd
}

// press gives a key to the list, or to the line.
func (m *moves) press(k tea.KeyPressMsg) tea.Cmd {
	m.said = steps.Text{}
	switch {
	case m.form.State() != form.Open: // the page is through, and the next one not there yet
		return nil
	case m.helped():
		return m.page.Update(tea.KeyPressMsg{Code: tea.KeyF1}) // whichever key it is
	case m.here() && m.editing && key.Matches(k, moveKeys.done):
		// Back to the list, which shows what the line does; enter there goes on.
		m.editing = k.String() != "esc" && !m.form.Judge()
		if !m.editing {
			m.form.Forgive()
		}
		return nil
	case m.renaming && k.String() == "esc":
		return m.renamed()
	case k.String() == "ctrl+r" && m.here():
		m.try, m.known = nil, false
		return m.page.Update(k)
	case !m.listing():
		return m.page.Update(k)
	case m.list.press(k, m.seen()):
		return nil
	case key.Matches(k, moveKeys.toggle):
		return m.toggle()
	case key.Matches(k, moveKeys.edit):
		m.edit()
		return nil
	case key.Matches(k, moveKeys.rename):
		return m.rename()
	case key.Matches(k, moveKeys.help):
		return m.page.Update(tea.KeyPressMsg{Code: tea.KeyF1})
	case key.Matches(k, moveKeys.form):
		return m.page.Update(k)
	}
	return nil
}

// edit gives the keys to the line, with what stands on it. The sign for everything
// gives way to the first letter: behind it a name would be another pattern.
func (m *moves) edit() {
	m.editing = true
	m.form.Edit(m.all())
}

// all says that the line has nothing but the sign for everything, or nothing.
func (m *moves) all() bool {
	line := strings.TrimSpace(m.form.Typed())
	return line == takeAll || line == ""
}

// rename turns to the pattern of new names, which is among the rarer questions.
func (m *moves) rename() tea.Cmd {
	if _, _, applies := m.Answers.Find(patternKey); !applies {
		if q, _, ok := m.Answers.Find(moreKey); ok {
			_ = m.Answers.Set(q, ask.Yes) // one of its two answers
			m.opened = true
		}
	}
	cmd := m.page.after(m.form.Turn(patternKey))
	m.renaming = m.form.Asking().Key == patternKey
	return cmd
}

// renamed goes back to the list from the questions of the rename.
func (m *moves) renamed() tea.Cmd {
	cmd := m.form.Return(indicesKey)
	if q, _, ok := m.Answers.Find(moreKey); ok && m.opened {
		_ = m.Answers.Set(q, ask.No) // the other one
		m.opened = false
	}
	return cmd
}

// toggle leaves the index under the cursor, or takes it, by changing the patterns.
func (m *moves) toggle() tea.Cmd {
	h, ok := m.list.under()
	if !ok {
		return nil
	}
	name := h.Name
	if h.Stream != "" {
		name = h.Stream
	}
	line := turned(patterns(m.form.Typed()), h, name, m.try)
	for _, x := range m.try(patterns(line)) {
		if x.Name == h.Name && x.Moves == h.Moves {
			m.said = steps.T("%s stays whatever the pattern says: %s", h.Name, h.Why)
			return nil
		}
	}
	return m.form.Type(line)
}

// turned is the line of patterns under which an index that moves is left, and one
// that was left moves: what names it alone is taken out, else it is named last.
func turned(list []string, h ask.Hit, name string, try func([]string) []ask.Hit) string {
	own, other := takeOut+name, name
	if h.Moves {
		own, other = name, takeOut+name
	}
	out := func(p string) bool { return strings.HasPrefix(p, takeOut) }
	if !slices.ContainsFunc(list, func(p string) bool { return !out(p) }) {
		list = append([]string{takeAll}, list...) // what only takes out means all but that
	}
	kept := slices.DeleteFunc(slices.Clone(list), func(p string) bool { return p == own })
	if !slices.ContainsFunc(kept, func(p string) bool { return !out(p) }) {
		kept = append(list, other) // else the rest would mean all but that
	}
	for _, x := range try(kept) {
		if x.Name == h.Name && x.Moves == h.Moves {
			kept = append(kept, other)
		}
	}
	return strings.Join(kept, betweenNames)
}

// renamer says what each index will be called, as far as that was answered.
func (m *moves) renamer() func(string) string {
	pattern, replacement := m.Answers.Get(patternKey), m.Answers.Get(replaceKey)
	if raw := m.form.Typed(); m.form.Asking().Key == replaceKey && raw != "" {
		replacement = raw
	} else if m.form.Asking().Key == patternKey && raw != "" {
		pattern = raw
	}
	if pattern == "" || replacement == "" {
		return nil
	}
	rename, err := spec.Renamer(pattern, replacement)
	if err != nil {
		return nil
	}
	return rename
}
