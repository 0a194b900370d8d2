package prompt

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"snapferry/ui/ask"
	"snapferry/ui/board"
)

// mostShown is how many options are listed at once; a longer list is searched.
const mostShown = 15

// roomToType is what must be left of the line an answer is typed on.
const roomToType = 20

// widestName is how wide the column of names gets; a longer name juts out.
const widestName = 34

// legend tells once how to move.
func (w *walker) legend() {
	w.say("Enter takes what stands in brackets. ? explains, < goes back, - leaves an answer out; ctrl+c leaves the questions and keeps the answers.")
}

// heading says on which page one is, when it is another one than before.
func (w *walker) heading(page int) {
	pages := w.a.Pages()
	p := pages[page]
	if p.Name == w.page {
		return
	}
	w.page = p.Name
	title := w.Words.Say(p.Title)
	if page > 0 { // the start is counted nowhere
		title = fmt.Sprintf("%d of %d: %s", page, len(pages)-1, title)
	}
	w.lines(board.Line{}, board.Line{Text: title}, board.Line{Text: w.Words.Say(p.Why)})
}

// present prints what stands above the line the answer is typed on.
func (w *walker) present(q ask.Question) {
	w.note(q)
	if len(q.Options) > 0 {
		w.lines(board.Line{Text: w.Words.Say(q.Title), Hang: 2})
		w.options(q, "")
	}
}

// note prints what was found out about a question as a whole.
func (w *walker) note(q ask.Question) {
	if !q.Note.IsZero() {
		w.lines(board.Line{Text: "  " + w.Words.Say(q.Note), Hang: 2})
	}
}

// options lists the options with their numbers; of many, those that hold part.
func (w *walker) options(q ask.Question, part string) {
	label, shown, more := 0, 0, 0
	match := func(o ask.Option) bool {
		return part == "" || strings.Contains(strings.ToLower(w.name(o)+" "+w.Words.Say(o.Detail)), strings.ToLower(part))
	}
	for _, o := range q.Options {
		if match(o) {
			label = max(label, board.Cells(w.name(o)))
		}
	}
	label = min(label, widestName)
	for i, o := range q.Options {
		// The ways round stand at the end, and are shown in any case.
		if !match(o) || shown >= mostShown && o.Value != "" {
			more++
			continue
		}
		shown++
		w.option(q, i+1, o, label)
	}
	switch {
	case part == "" && more > 0:
		w.say(fmt.Sprintf("  ... and %d more: / and a part of the name shows those that have it.", more))
	case part != "" && shown == 0:
		w.say("  None has it.")
	}
}

// name is how an option is called: by its words, a fetched name by itself.
func (w *walker) name(o ask.Option) string {
	if o.Label.IsZero() {
		return w.Words.Mask(o.Value)
	}
	return w.Words.Say(o.Label)
}

func (w *walker) option(q ask.Question, number int, o ask.Option, label int) {
	head := fmt.Sprintf("%4d  ", number)
	if q.Kind == ask.List { // they are to be seen, not to be picked
		head = "   -  "
	}
	text := head + w.name(o)
	if detail := w.Words.Say(o.Detail); detail != "" {
		text += strings.Repeat(" ", max(2, label+2-board.Cells(w.name(o)))) + detail
	}
	if detail := w.Words.Say(o.Detail); detail != "" && w.Cells > 0 && board.Cells(text) > w.Cells {
		under := strings.Repeat(" ", len(head))
		w.lines(board.Line{Text: head + w.name(o), Hang: len(head)}, board.Line{Text: under + detail, Hang: len(head)})
		return
	}
	w.lines(board.Line{Text: text, Hang: len(head)})
}

// bracket is what enter takes, in words.
func (w *walker) bracket(q ask.Question) string {
	if q.Kind == ask.Secret {
		if !w.a.Secret(q.Key).IsZero() {
			return "as typed before"
		}
		return w.Words.Mask(q.Unsaid)
	}
	value := w.a.Get(q.Key)
	if value == "" && !w.a.Answered(q.Key) {
		value = q.Default
	}
	i := slices.IndexFunc(q.Options, func(o ask.Option) bool { return o.Value == value })
	switch {
	case q.Kind != ask.List && i >= 0 && (value != "" || !q.Needed):
		return strconv.Itoa(i + 1)
	case value != "":
		return w.Words.Mask(value)
	}
	if i := slices.IndexFunc(q.Options, func(o ask.Option) bool { return o.Value == q.Unsaid && q.Kind == ask.Choice }); i >= 0 {
		return strconv.Itoa(i + 1)
	}
	return w.Words.Mask(q.Unsaid)
}

// prompt prints the line the answer is typed on, and makes two of it where
// little room would be left for that.
func (w *walker) prompt(q ask.Question) {
	title := w.Words.Say(q.Title)
	switch {
	case q.Kind == ask.YesNo:
		title += ", yes or no"
	case q.Kind == ask.Choice:
		title = "Number"
	case len(q.Options) > 0 && q.Kind == ask.Text:
		title = "Number, or type it"
	}
	switch bracket := w.bracket(q); {
	case bracket != "":
		title += " [" + bracket + "]"
	case q.Example != "" && !slices.ContainsFunc(q.Options, func(o ask.Option) bool { return o.Value != "" }):
		title += ", such as " + q.Example
	}
	if q.Kind == ask.Secret {
		title += " (not shown, not stored)"
	}
	if w.Cells > 0 && board.Cells(title) > w.Cells-roomToType {
		w.lines(board.Line{Text: title + ":", Hang: 2})
		w.print("  > ")
		return
	}
	w.print(title + ": ")
}

// help tells what a question is about and where its value is found.
func (w *walker) help(q ask.Question) {
	w.lines(board.Line{Text: "  " + w.Words.Say(q.Help.What), Hang: 2})
	if !q.Help.Where.IsZero() {
		w.lines(board.Line{Text: "  " + w.Words.Say(q.Help.Where), Hang: 2})
	}
	if q.Help.CLI != "" { // it is there to be copied, so it is never broken
		w.lines(board.Line{Text: "  By CLI:"}, board.Line{Text: "    " + w.Words.Mask(q.Help.CLI), Hang: board.Verbatim})
	}
	if q.Example != "" {
		w.lines(board.Line{Text: "  It looks like " + q.Example, Hang: 4})
	}
}
