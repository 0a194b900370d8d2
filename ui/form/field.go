package form

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"
	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/theme"
)

// typeIt is the option of a list that leads to a line to type on.
const typeIt = "\x00"

// mostTyped bounds a line: a list of a thousand names, not a file by accident.
const mostTyped = 1 << 16

// field is the huh field of one question: a list to choose from, or a line to
// type on.
type field struct {
	huh huh.Field
	// raw is what stands on the line, or the value of the row under the cursor.
	raw *string
	// options are those of a list, rows their words; none for a line.
	options []ask.Option
	rows    []row
	// fresh says that the line holds what nobody typed at this visit: the first letter
	// takes its place.
	fresh  bool
	styles huh.Theme
	theme  theme.Theme
	width  int
	// shown is how many rows of a list there is room for.
	shown int
}

// row is an option in words.
type row struct{ name, detail string }

// newField makes the field of a question. What can be chosen is chosen, unless
// typed wants otherwise or the answer that is there is none of it.
func newField(a *ask.Answers, q ask.Question, o Options, typed bool) *field {
	f := &field{raw: new(string), styles: styles(o.Theme), theme: o.Theme}
	current, begun := a.Begun(q.Key)
	if !begun {
		current = given(a, q)
	}
	*f.raw = current
	list := choices(q)
	has := func(value string) bool {
		return slices.ContainsFunc(list, func(o ask.Option) bool { return o.Value == value })
	}
	if len(list) == 0 || typed || begun || current != "" && !has(current) {
		f.line(q, o.Words)
		f.fresh = !begun && *f.raw != ""
		return f
	}
	switch {
	case current == "" && q.Unsaid != "" && has(q.Unsaid): // what holds while nothing is said
		*f.raw = q.Unsaid
	case current == "" && q.Needed && !a.Answered(q.Key): // leaving it out is no first choice
		*f.raw = list[0].Value
	}
	f.options = list
	for _, option := range list {
		r := row{o.Theme.Plain(o.Words.Say(option.Label)), o.Theme.Plain(o.Words.Say(option.Detail))}
		if r.name == "" {
			r.name = o.Theme.Plain(o.Words.Mask(option.Value))
		}
		f.rows = append(f.rows, r)
	}
	return f
}

// given is what stands in the field before anybody types.
func given(a *ask.Answers, q ask.Question) string {
	if !a.Answered(q.Key) {
		return q.Default
	}
	return a.Get(q.Key)
}

// choices are the options of a question's list; none for one that is typed.
func choices(q ask.Question) []ask.Option {
	switch {
	case q.Kind == ask.Choice:
		return q.Options
	case q.Kind == ask.YesNo:
		return []ask.Option{{Value: ask.No, Label: steps.T("No")}, {Value: ask.Yes, Label: steps.T("Yes")}}
	case q.Kind == ask.Text && len(q.Options) > 0:
		return append(slices.Clone(q.Options), ask.Option{Value: typeIt, Label: steps.T("Type a name")})
	}
	return nil
}

// line makes a line to type on. A picture of what holds stands there while it is
// empty, which leaves the answer out.
func (f *field) line(q ask.Question, w board.Words) {
	if q.Kind == ask.Secret {
		*f.raw = ""
	}
	in := huh.NewInput().CharLimit(mostTyped).Prompt(f.theme.Glyphs.Cursor + " ").Value(f.raw)
	switch {
	case q.Kind == ask.Secret:
		in = in.EchoMode(huh.EchoModePassword).Placeholder(w.Mask(q.Unsaid))
	case q.Unsaid != "":
		in = in.Placeholder(w.Say(steps.T("%s, if left empty", q.Unsaid)))
	case q.Example != "":
		in = in.Placeholder(w.Say(steps.T("such as %s", q.Example)))
	}
	f.huh = in.WithTheme(f.styles).WithKeyMap(huh.NewDefaultKeyMap())
}

// isList says that the answer is chosen.
func (f *field) isList() bool { return len(f.options) > 0 }

// focus makes the field take keys.
func (f *field) focus() tea.Cmd { return f.huh.Focus() }

// value is what stands in the field, as it was typed.
func (f *field) value() string { return *f.raw }

// chosen is the option that enter takes; none where a filter hides them all.
func (f *field) chosen() (ask.Option, bool) {
	i := f.under()
	if i < 0 {
		return ask.Option{}, false
	}
	return f.options[i], true
}

// under is the place of the row under the cursor, -1 where there is none.
func (f *field) under() int {
	s, ok := f.huh.(*huh.Select[string])
	if !ok {
		return -1
	}
	value, ok := s.Hovered()
	if !ok {
		return -1
	}
	return slices.IndexFunc(f.options, func(o ask.Option) bool { return o.Value == value })
}

// filtering says that keys go to the list's filter.
func (f *field) filtering() bool {
	s, ok := f.huh.(*huh.Select[string])
	return ok && s.GetFiltering()
}

// place is which row of how many the cursor is on, where not all of them are shown; ""
// else.
func (f *field) place() string {
	if i := f.under(); f.isList() && f.shown > 0 && f.shown < len(f.options) && i >= 0 && !f.filtering() {
		return fmt.Sprintf("%d of %d %s %s", i+1, len(f.options), f.theme.Glyphs.Up, f.theme.Glyphs.Down)
	}
	return ""
}

// named says that a list leads to a line to type on.
func (f *field) named() bool {
	return slices.ContainsFunc(f.options, func(o ask.Option) bool { return o.Value == typeIt })
}

// turn puts the cursor on a row when the list is laid out next.
func (f *field) turn(value string) { *f.raw, f.huh, f.width = value, nil, 0 }

func (f *field) update(msg tea.Msg) tea.Cmd {
	m, cmd := f.huh.Update(msg)
	f.huh = m.(huh.Field) // a field stays the field it is
	if s, is := f.huh.(*huh.Select[string]); is {
		title := ""
		if s.GetFiltering() {
			title = "/" // of a list without a title the filter is not drawn [v2.0.3]
		}
		f.huh = s.Title(title)
	}
	return cmd
}

// overwrite empties a line that nobody typed on yet.
func (f *field) overwrite() {
	if f.fresh {
		f.fresh = false
		f.update(tea.KeyPressMsg{Code: tea.KeyEnd}) // it takes out what is before the cursor
		f.update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
	}
}

// resize lays the field out for a width, and a list for as many rows as it may
// have. A list of another width is another list: its rows are laid in columns.
func (f *field) resize(cells, rows int) {
	if f.isList() && f.width != cells {
		f.layRows(cells - 2)
	}
	f.width = cells
	f.huh = f.huh.WithWidth(cells)
	if f.isList() {
		wanted := len(f.options)
		if f.filtering() { // the line it is typed on
			wanted++
		}
		f.shown = min(wanted, rows)
		f.huh = f.huh.WithHeight(f.shown)
	}
}

// layRows makes the list of rows of a width. A filter goes on being typed, and the row
// under the cursor stays under it.
func (f *field) layRows(cells int) {
	at := f.under()
	if at >= 0 {
		*f.raw = f.options[at].Value
	}
	var list []huh.Option[string]
	for i, text := range f.laid(cells) {
		list = append(list, huh.NewOption(text, f.options[i].Value))
	}
	if !f.filtering() {
		f.huh = huh.NewSelect[string]().Options(list...).Value(f.raw).WithTheme(f.styles).WithKeyMap(huh.NewDefaultKeyMap())
		f.huh.Focus()
		return
	}
	f.huh = f.huh.(*huh.Select[string]).Options(list...)
	f.update(tea.KeyPressMsg{Code: tea.KeyEnd}) // a key has the list filtered [v2.0.3]
	for range list {
		if f.under() == at {
			return
		}
		f.update(tea.KeyPressMsg{Code: tea.KeyUp})
	}
}

// widest bounds the column of names in a list.
const widest = 36

// laid are the rows in columns, no wider than cells.
func (f *field) laid(cells int) []string {
	column := 0
	for _, r := range f.rows {
		if r.detail != "" {
			column = max(column, ansi.StringWidth(r.name))
		}
	}
	column = min(column, widest, max(1, cells*3/5))
	var out []string
	for _, r := range f.rows {
		text := f.theme.Middle(r.name, cells)
		if r.detail != "" {
			text = f.theme.Cut(f.theme.Fit(f.theme.Middle(r.name, column), column)+"  "+r.detail, cells)
		}
		out = append(out, text)
	}
	return out
}

// whole is the row under the cursor where the list had to shorten it, "" else.
func (f *field) whole(cells int) string {
	i := f.under()
	if i < 0 {
		return ""
	}
	full := strings.TrimSpace(f.rows[i].name + "  " + f.rows[i].detail)
	shown := strings.Join(strings.Fields(f.laid(cells - 2)[i]), " ")
	if shown == strings.Join(strings.Fields(full), " ") {
		return ""
	}
	return full
}
