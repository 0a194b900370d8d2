package form

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/theme"
)

// fewestRows is how many rows of a list are shown at least.
const fewestRows = 3

// Resize tells how much room the form has, in cells. It comes after every message, as
// what stands around a field leaves it more or less of that.
func (f *Form) Resize(width, height int) {
	f.width, f.height = max(20, width), max(6, height)
	f.layOut()
}

// Restyle changes the look, as when the terminal tells its background. huh takes
// a theme once a field, so the field is made anew; a secret half typed is typed
// again.
func (f *Form) Restyle(th theme.Theme) tea.Cmd {
	f.Theme = th
	if f.field == nil {
		return nil
	}
	f.begin()
	row, chosen := f.field.chosen()
	cmd := f.show(!f.field.isList())
	if chosen {
		f.field.turn(row.Value)
		f.layOut()
	}
	return cmd
}

// layOut gives the field what the rest of its question leaves.
func (f *Form) layOut() {
	if f.field == nil {
		return
	}
	if f.width == 0 {
		f.width, f.height = 80, 24
	}
	around := len(f.above()) + len(f.below())
	f.field.resize(f.width-indent, max(fewestRows, f.height-around-1))
}

// indent is how far what belongs to a question stands in from its title.
const indent = 2

// View draws the page: the question that is asked in the middle, as many as fit
// before and after it; of a page that is through its last one, until another screen is
// there. frame chooses a picture of the spinner.
func (f *Form) View(frame int) string {
	block := f.above()
	switch {
	case f.Busy():
		block = append(block, f.waiting(frame)...)
	case f.field != nil && f.q.Kind == ask.Secret && f.field.value() != "":
		block = append(block, f.indented([]string{f.Theme.Accent.Render(f.Theme.Glyphs.Cursor) + " " + f.Theme.Text.Render(theme.Hidden)})...)
	case f.field != nil:
		block = append(block, f.indented(strings.Split(f.field.huh.View(), "\n"))...)
	}
	block = append(block, f.below()...)
	lines := f.fitted(block)
	for i, l := range lines {
		lines[i] = ansi.Truncate(l, f.width, "")
	}
	return strings.Join(lines, "\n")
}

// fitted puts around a question what there is room for: first the answers before
// it, nearest first, then the titles of those to come behind a line of air.
func (f *Form) fitted(block []string) []string {
	answers, after := f.around()
	room := max(0, f.height-len(block))
	var before []string
	for _, a := range slices.Backward(answers) { // whole, with what was proven of it
		if len(a) > room {
			break
		}
		before, room = slices.Concat(a, before), room-len(a)
	}
	// What is said of the question is not to be taken for the title of the next.
	if after = after[:min(len(after), max(0, room-1))]; len(after) > 0 {
		after = append([]string{""}, after...)
	}
	if room -= len(after); len(before) > 0 && room > 0 {
		before = append(before, "")
	}
	lines := append(append(before, block...), after...)
	return lines[:min(len(lines), f.height)]
}

// around are the page's other questions: answers before the one that is asked, each
// with what was proven of it, and titles after it.
func (f *Form) around() (before [][]string, after []string) {
	list, now := f.questions(), f.at()
	column := 0
	for _, q := range list[:max(0, now)] {
		column = max(column, ansi.StringWidth(f.Words.Say(q.Title)))
	}
	column = min(column, f.width/2)
	for i, q := range list {
		title := f.Words.Say(q.Title)
		switch {
		case i < now:
			value := f.answer(q, f.width-column-indent-2)
			lines := []string{"  " + f.Theme.Dim.Render(f.Theme.Fit(f.short(title, column), column)) + "  " + f.Theme.Text.Render(value)}
			if note := f.notes[q.Key]; !note.IsZero() {
				lines = append(lines, f.under(f.Theme.Good.Render(f.Theme.Glyphs.Pass), note)...)
			}
			if doubt := f.doubts[q.Key]; doubt != nil {
				lines = append(lines, f.under(f.Theme.Warn.Render(f.Theme.Glyphs.Warn), doubt.Summary)...)
			}
			before = append(before, lines)
		case i > now:
			after = append(after, "  "+f.Theme.Faint.Render(f.Theme.Cut(title, f.width-2)))
		}
	}
	return before, after
}

// short is a title in fewer cells: what is behind its comma goes first, then what is
// in its middle, as titles are told apart by their ends.
func (f *Form) short(title string, cells int) string {
	if ansi.StringWidth(title) > cells {
		title, _, _ = strings.Cut(title, ",")
	}
	words := strings.Fields(title)
	for n := len(words) - 3; n > 0 && ansi.StringWidth(title) > cells; n-- {
		title = strings.Join(words[:n], " ") + " " + f.Theme.Glyphs.Ellipsis + " " + strings.Join(words[len(words)-2:], " ")
	}
	return title
}

// under is what is said below an answer, behind its sign and whole: what matters may
// stand at its end.
func (f *Form) under(sign string, t steps.Text) []string {
	lines := f.Theme.Wrap(f.Theme.Plain(f.Words.Say(t)), f.width-6)
	for i, l := range lines {
		lines[i] = "      " + f.Theme.Dim.Render(l)
		if i == 0 {
			lines[i] = "    " + sign + " " + f.Theme.Dim.Render(l)
		}
	}
	return lines
}

// answer is an answer in a few words: names are shortened in their middle, words
// at their end.
func (f *Form) answer(q ask.Question, cells int) string {
	value := f.a.Get(q.Key)
	words := f.Words.Mask(q.Unsaid)
	switch {
	case q.Kind == ask.Secret && f.a.Secret(q.Key).IsZero():
		words = cmp.Or(f.Words.Mask(f.Known[q.Key]), "not typed")
	case q.Kind == ask.Secret:
		words = theme.Hidden
	case value != "":
		words = ""
	}
	for _, o := range choices(q) {
		if o.Value == value && !o.Label.IsZero() {
			words = f.Words.Say(o.Label)
		}
	}
	if words == "" {
		return f.Theme.Middle(f.Theme.Plain(f.Words.Mask(value)), cells)
	}
	return f.Theme.Cut(f.Theme.Plain(words), cells)
}

// above is the question that is asked, with what was found out about it.
func (f *Form) above() []string {
	place := ""
	if f.field != nil {
		place = f.field.place()
	}
	title := f.Theme.Cut(f.Words.Say(f.q.Title), f.width-4-ansi.StringWidth(place))
	lines := []string{f.Theme.Accent.Render(f.Theme.Glyphs.Cursor) + " " + f.Theme.Strong.Render(title)}
	if place != "" { // there are more rows than are seen
		lines[0] += "  " + f.Theme.Dim.Render(place)
	}
	if !f.q.Note.IsZero() && !f.Busy() {
		lines = append(lines, f.words(f.q.Note, f.Theme.Dim.Render)...)
	}
	return lines
}

// waiting says what is being looked up.
func (f *Form) waiting(frame int) []string {
	r := f.q.From
	if f.doing == proving {
		q, _, _ := f.a.Find(f.q.Key)
		r = q.Proof
	}
	words := f.Words.Say(r.Words())
	if words == "" {
		return nil
	}
	spin := f.Theme.Glyphs.Spin
	return f.indented([]string{f.Theme.Accent.Render(spin[frame%len(spin)]) + " " + f.Theme.Dim.Render(f.Theme.Cut(words, f.width-6))})
}

// below is what is wrong with an answer, the row in full that the list shortened,
// and help where it was asked for.
func (f *Form) below() []string {
	var lines []string
	switch {
	case f.wrong != nil:
		lines = append(lines, f.trouble()...)
	case f.field != nil && f.field.filtering() && f.field.under() < 0:
		lines = append(lines, f.words(steps.T("Nothing matches; esc shows all again."), f.Theme.Dim.Render)...)
	case f.hint != nil:
		lines = append(lines, f.words(steps.T("%s so far: %s", f.Theme.Glyphs.Warn, f.hint.Summary), f.Theme.Warn.Render)...)
	case f.doing == asking && f.field != nil && f.field.fresh && !f.help && f.height >= roomForExample:
		lines = append(lines, f.words(steps.T("Enter takes it, typing replaces it."), f.Theme.Faint.Render)...)
	case f.exampled() && !f.help:
		lines = append(lines, f.words(steps.T("such as %s", f.q.Example), f.Theme.Faint.Render)...)
	}
	if f.field != nil && f.field.isList() && f.field.huh != nil {
		if whole := f.field.whole(f.width - indent); whole != "" {
			lines = append(lines, f.words(steps.T("%s", whole), f.Theme.Dim.Render)...)
		}
	}
	if f.help {
		h := f.q.Help
		lines = append(lines, f.words(h.What, f.Theme.Dim.Render)...)
		if f.q.Example != "" {
			lines = append(lines, f.words(steps.T("It looks like %s", f.q.Example), f.Theme.Dim.Render)...)
		}
		lines = append(lines, f.words(h.Where, f.Theme.Dim.Render)...)
		if h.CLI != "" {
			lines = append(lines, f.indented(f.Theme.Wrap(f.Words.Mask(h.CLI), f.width-indent))...)
		}
	}
	return lines
}

// roomForExample is the height from which an example stands below what is typed.
const roomForExample = 12

// exampled says that the line holds a text, which hides the example in it, and that
// there is room for the example elsewhere.
func (f *Form) exampled() bool {
	return f.doing == asking && f.field != nil && !f.field.isList() && f.q.Kind != ask.Secret && f.q.Example != "" && f.field.value() != "" && f.field.value() != f.q.Example && f.height >= roomForExample
}

// trouble is an error in words, with the way out.
func (f *Form) trouble() []string {
	e := asError(f.wrong)
	bad := func(s ...string) string { return f.Theme.Bad.Render(strings.Join(s, "")) }
	lines := f.words(steps.T("%s %s", f.Theme.Glyphs.Fail, e.Summary), bad)
	return append(lines, f.words(e.Fix, f.Theme.Dim.Render)...)
}

// asError is an error in words, nil for none.
func asError(err error) (e *steps.Error) {
	if err != nil && !errors.As(err, &e) {
		e = &steps.Error{Summary: steps.T("%s", err.Error())}
	}
	return e
}

// words breaks a text to the width and gives every line its style.
func (f *Form) words(t steps.Text, style func(...string) string) []string {
	if t.IsZero() {
		return nil
	}
	var lines []string
	for _, l := range f.Theme.Wrap(f.Theme.Plain(f.Words.Say(t)), f.width-indent) {
		lines = append(lines, style(l))
	}
	return f.indented(lines)
}

func (f *Form) indented(lines []string) []string {
	for i, l := range lines {
		lines[i] = strings.Repeat(" ", indent) + l
	}
	return lines
}
