package form

import (
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/theme"
)

// keys are the form's own; arrows, letters and the filter are the field's.
type keys struct{ Next, Prev, Page, Back, Again, Help, Choose, Filter key.Binding }

// keysFor names the keys in the signs of a look.
func keysFor(g theme.Glyphs) keys {
	bind := func(sign, does string, names ...string) key.Binding {
		return key.NewBinding(key.WithKeys(names...), key.WithHelp(sign, does))
	}
	return keys{
		Next:   bind("enter", "next", "enter", "tab"),
		Prev:   bind("shift+tab", "up", "shift+tab"),
		Page:   bind("pgdn", "to the end", "pgdown"),
		Back:   bind("esc", "back", "esc"),
		Again:  bind("ctrl+r", "look again", "ctrl+r"),
		Help:   bind("?", "help", "?", "f1"),
		Choose: bind(g.Up+" "+g.Down, "choose", "up", "down"),
		Filter: bind("/", "filter", "/"),
	}
}

// roomForMoreKeys is the width from which more is named than the ways out.
const roomForMoreKeys = 72

// Keys are the keys that do something now, for the line of help.
func (f *Form) Keys() []key.Binding {
	k := keysFor(f.Theme.Glyphs)
	switch f.doing {
	case looking:
		if f.q.From.Words().IsZero() { // it is there at once
			return []key.Binding{k.Back}
		}
		k.Next.SetHelp("enter", "type it instead")
		return []key.Binding{k.Next, k.Back}
	case proving:
		k.Next.SetHelp("enter", "go on without")
		return []key.Binding{k.Next, k.Prev, k.Back}
	case unproven:
		k.Next.SetHelp("enter", "go on")
		k.Prev.SetHelp("shift+tab", "change it")
		return []key.Binding{k.Next, k.Prev, k.Again, k.Back, k.Page}
	}
	if f.field != nil && f.field.filtering() {
		k.Next.SetHelp("enter", "choose")
		k.Back.SetHelp("esc", "end the filter")
		return []key.Binding{k.Next, k.Back, k.Choose}
	}
	if !f.asksHelp("?") {
		k.Help.SetHelp("F1", "help")
	}
	// Of a narrow line as many are shown as it has room for: what is needed most comes first.
	list := []key.Binding{k.Next, k.Back, k.Help}
	if narrow := f.width > 0 && f.width < roomForMoreKeys; narrow && f.wrong != nil && !f.q.From.IsZero() && f.Fetch != nil {
		list = append(list, k.Again)
	} else if narrow && f.field != nil && f.field.place() != "" {
		list = append(list, k.Filter)
	}
	if f.at() > 0 { // before the first question is what esc leads to
		list = append(list, k.Prev)
	}
	if f.width > 0 && f.width < roomForMoreKeys {
		return list
	}
	list = append(list, k.Page)
	if f.field != nil && f.field.isList() {
		list = append(list, k.Choose, k.Filter)
	}
	if !f.q.From.IsZero() && f.Fetch != nil {
		list = append(list, k.Again)
	}
	return list
}

// Update takes keys, what is pasted, and what came of a look; other messages are
// the field's (its cursor blinks). The form is done or left by its State.
func (f *Form) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case lookedMsg:
		return f.looked(msg)
	case tea.KeyPressMsg:
		if f.state != Open {
			return nil
		}
		return f.press(msg)
	case tea.PasteMsg:
		if f.doing != asking || f.state != Open { // the line holds what was taken
			return nil
		}
		between := " "
		if f.q.Kind == ask.List { // names are copied a line each
			between = ", "
		}
		lines := strings.FieldsFunc(msg.Content, func(r rune) bool { return r == '\n' || r == '\r' })
		var cmd tea.Cmd
		if f.field != nil && f.field.named() && !f.field.filtering() { // it is meant for the line behind the list
			cmd = f.show(true)
		}
		return tea.Batch(cmd, f.edit(tea.PasteMsg{Content: strings.Join(lines, between)})) // without the line end, which is no part of a secret
	}
	return f.edit(msg)
}

// edit hands a message to the field.
func (f *Form) edit(msg tea.Msg) tea.Cmd {
	if f.field == nil || f.state != Open {
		return nil
	}
	before := f.field.value()
	switch msg := msg.(type) {
	case tea.PasteMsg:
		f.field.overwrite()
	case tea.KeyPressMsg:
		if msg.Text != "" {
			f.field.overwrite()
		}
		f.field.fresh = false
	}
	cmd := f.field.update(msg)
	if after := f.field.value(); after != before {
		f.judge(after)
	}
	return cmd
}

// judge says what is wrong so far with what is being typed, where that can be said
// before it is whole.
func (f *Form) judge(typed string) {
	f.hint = nil
	if f.q.Live && !f.field.isList() && strings.TrimSpace(typed) != "" {
		f.hint = f.a.Check(f.q, typed)
	}
}

func (f *Form) press(msg tea.KeyPressMsg) tea.Cmd {
	k := keysFor(f.Theme.Glyphs)
	switch {
	case key.Matches(msg, k.Back) && f.field != nil && f.field.filtering():
		return f.unfilter()
	case key.Matches(msg, k.Back):
		return f.leave()
	case f.doing != asking:
		return f.pressWaiting(msg, k)
	case msg.String() == "ctrl+v": // a clipboard that is read comes late, to whatever is asked by then
		return nil
	case key.Matches(msg, k.Next):
		return f.take()
	case key.Matches(msg, k.Prev):
		return f.previous()
	case key.Matches(msg, k.Again):
		return f.again()
	case key.Matches(msg, k.Page):
		return f.rest()
	case key.Matches(msg, k.Help) && f.asksHelp(msg.String()):
		f.help = !f.help
		return nil
	}
	if f.strays(msg) {
		return nil
	}
	f.wrong = nil
	return f.edit(msg)
}

// strays says that a key is a letter of a text, as a terminal that marks no paste gives
// one: a list takes none, and begins no filter by a sign within it.
func (f *Form) strays(msg tea.KeyPressMsg) bool {
	switch {
	case f.field == nil || !f.field.isList() || f.field.filtering() || msg.Text == "":
		f.stray = 0
		return false
	case msg.Text == "/" && f.stray < 2: // one letter may be a slip of the finger
		return false
	case strings.Contains("jkgG", msg.Text): // keys of the list
		return false
	case msg.Text == "/":
		f.wrong = &steps.Error{Summary: steps.T("Nothing is typed in a list"), Fix: steps.T("Choose with the arrows; behind one of them, / filters")}
	}
	f.stray++
	return true
}

// unfilter shows all rows again, with the cursor on the one that was under it. The
// list would go on showing what passed, and not say so.
func (f *Form) unfilter() tea.Cmd {
	value := f.field.value()
	if row, chosen := f.field.chosen(); chosen {
		value = row.Value
	}
	f.field.turn(value)
	f.layOut()
	return f.field.focus()
}

// pressWaiting takes keys while something is looked up, or after a proof failed.
func (f *Form) pressWaiting(msg tea.KeyPressMsg, k keys) tea.Cmd {
	f.ending = false // who waits and presses another key wants that
	switch {
	case key.Matches(msg, k.Next) && f.doing == looking && f.q.From.Words().IsZero():
		return nil // it is there at once: whoever was quicker means the question, not to go without
	case key.Matches(msg, k.Next) && f.doing == looking:
		f.look.end()
		return f.show(false)
	case key.Matches(msg, k.Next), key.Matches(msg, k.Page) && f.doing == unproven:
		f.look.end()
		f.wrong, f.ending = nil, key.Matches(msg, k.Page)
		return f.next()
	case key.Matches(msg, k.Prev):
		f.look.end()
		f.wrong = nil
		if f.doing == looking {
			return f.previous()
		}
		return f.show(false)
	case key.Matches(msg, k.Again):
		return f.again()
	case f.doing == looking:
		f.hold(msg)
	}
	return nil
}

// hold keeps letters that come before the line they are meant for, as from somebody
// who knows the question.
func (f *Form) hold(msg tea.KeyPressMsg) {
	switch {
	case msg.String() == "backspace":
		_, size := utf8.DecodeLastRuneInString(f.ahead)
		f.ahead = f.ahead[:len(f.ahead)-size]
	case f.ahead == "" && msg.Text == "?": // it asks for help, which is not there yet
	default:
		f.ahead += msg.Text
	}
}

// typeAhead types what was held; a list takes no letters.
func (f *Form) typeAhead() tea.Cmd {
	held := f.ahead
	f.ahead = ""
	if held == "" || f.field.isList() {
		return nil
	}
	return f.edit(tea.PasteMsg{Content: held})
}

// rest takes what stands in the field and leaves the page's other questions as
// they are, where that is possible.
func (f *Form) rest() tea.Cmd {
	f.ending = true
	cmd := f.take()
	f.ending = f.doing == proving
	return cmd
}

// end is the end of the page: the first of its questions that lacks an answer or has a
// text begun, which would be passed by unseen, else what can be proven of the answers
// that were passed by, one after the other.
func (f *Form) end() tea.Cmd {
	f.ending = false
	q, list := f.q, f.questions()
	for _, other := range list {
		if _, begun := f.a.Begun(other.Key); begun || f.a.Lacks(other) || other.Beside == q.Key && !f.a.Answered(other.Key) {
			return f.ask(other)
		}
	}
	for _, other := range list[f.at()+1:] {
		if f.a.Answered(other.Key) && f.Fetch != nil && !other.Proof.IsZero() {
			f.q, f.field, f.offer, f.hint, f.help = other, nil, ask.Offer{}, nil, false
			f.ending, f.doing = true, proving
			return f.fetch(other.Proof)
		}
	}
	return f.finish()
}

// asksHelp says whether a key is one for help. A question mark is on an empty line, on
// one that nobody typed on and in a list; in a text and in a secret it is a letter.
func (f *Form) asksHelp(key string) bool {
	if key == "f1" || f.field == nil || f.field.isList() && !f.field.filtering() {
		return true
	}
	return f.q.Kind != ask.Secret && !f.field.isList() && (f.field.value() == "" || f.field.fresh)
}
