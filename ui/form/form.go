// Package form asks a page of questions of package ask inside the wizard: one
// question after the other, those before it with their answers above, those to
// come below. It is the only package that knows huh.
//
// Of huh it takes fields and not forms: a field lives as long as its question is
// asked, has its options from the start, and is given nothing but keys. Which
// question comes next, what is valid, and what is looked up stay with package ask
// and with whoever looks. It draws into a width and a height and knows no screen.
package form

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/theme"
)

// Options of New.
type Options struct {
	Theme theme.Theme
	Words board.Words
	// Fetch looks up what a request asks for. It is called beside the program, one
	// look at a time, with answers of its own; its context ends when nobody waits any
	// more. nil looks up nothing.
	Fetch func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error)
	// Known are secrets that need not be typed, by where they are known from: what is
	// learned of them is noted here, for later visits of the page. nil keeps it to one.
	Known map[ask.Key]string
	// First is the question to begin with; "" for the first that was not answered.
	First ask.Key
	// Life ends what is looked up when the program ends; nil for one that never does.
	Life context.Context
}

// State is how a page stands.
type State int

// The states. Done and Back are for whoever decides which screen is next.
const (
	Open State = iota
	Done       // every question was answered, and nothing is wrong
	Back       // the page before is wanted
)

// doing is what the form does with its question.
type doing int

const (
	asking   doing = iota
	looking        // for options; the field is not there yet
	proving        // what was answered
	unproven       // the proof failed, and the person decides
)

// Form is one page. It belongs to the program's loop and is not for concurrent use.
type Form struct {
	Options
	a     *ask.Answers
	page  string
	state State
	doing doing
	// q is the question that is asked, with what was looked up for it; place is where it
	// stood on the page when its answer was taken.
	q     ask.Question
	field *field
	place int
	// offer is what was looked up for it.
	offer ask.Offer
	// wrong is why what was typed is no answer, or what a look or a proof said.
	wrong error
	// hint is what is wrong so far with what is being typed.
	hint *steps.Error
	// notes are what was proven of answers.
	notes map[ask.Key]steps.Text
	// news is what was proven of the answer before.
	news steps.Text
	// doubts are looks and proofs that failed: of answers given all the same, and of
	// the one that is asked for.
	doubts map[ask.Key]*steps.Error
	help   bool
	// stray counts letters that were pressed in a row where none is typed.
	stray int
	// ahead is what was typed while the question was still looked up.
	ahead string
	// ending says that the rest of the page is left as it is once an answer is proven.
	ending bool
	look   look
	// width and height are the room there is, 0 before it was told.
	width, height int
}

// New asks a page of a, from its first question that was not answered or has a text
// begun, or from its last one where all were answered. Every answer is noted in a at once.
func New(a *ask.Answers, page string, o Options) *Form {
	if o.Known == nil {
		o.Known = map[ask.Key]string{}
	}
	if o.Life == nil {
		o.Life = context.Background()
	}
	return &Form{Options: o, a: a, page: page, notes: map[ask.Key]steps.Text{}, doubts: map[ask.Key]*steps.Error{}}
}

// Init begins with the first question.
func (f *Form) Init() tea.Cmd {
	list := f.questions()
	for _, q := range list {
		_, begun := f.a.Begun(q.Key)
		if q.Key == f.First || f.First == "" && (begun || !f.a.Answered(q.Key)) {
			return f.ask(q)
		}
	}
	if len(list) == 0 {
		f.state = Done
		return nil
	}
	return f.ask(list[len(list)-1])
}

// State says whether the page is through.
func (f *Form) State() State { return f.state }

// News is what was proven of the page's last answer, once the page is done: nobody has
// seen it there.
func (f *Form) News() steps.Text {
	if f.state != Done {
		return steps.Text{}
	}
	return f.news
}

// Asking is the question that is asked now.
func (f *Form) Asking() ask.Question { return f.q }

// Typed is what stands in the field now, for a view beside it; "" for secrets.
func (f *Form) Typed() string {
	if f.field == nil || f.q.Kind == ask.Secret {
		return ""
	}
	return f.field.value()
}

// Choices are the rows of the list there is to choose from, none where the answer
// is typed.
func (f *Form) Choices() []ask.Option {
	if f.field == nil {
		return nil
	}
	return f.field.options
}

// Busy says that something is looked up: then a spinner is wanted.
func (f *Form) Busy() bool { return f.doing == looking || f.doing == proving }

// Close gives up what is being looked up, and keeps what is being typed.
func (f *Form) Close() {
	if f.state == Open && f.doing == asking {
		f.begin()
	}
	f.look.end()
}

// questions are those of the page that apply now.
func (f *Form) questions() []ask.Question {
	for _, p := range f.a.Pages() {
		if p.Name == f.page {
			return p.Questions
		}
	}
	return nil
}

// at is the place of the question that is asked among those of the page.
func (f *Form) at() int {
	for i, q := range f.questions() {
		if q.Key == f.q.Key {
			return i
		}
	}
	return -1
}

// ask turns to a question: what it can be answered with is looked up first.
func (f *Form) ask(q ask.Question) tea.Cmd {
	f.q, f.field, f.wrong, f.hint, f.help, f.offer, f.ahead = q, nil, nil, nil, false, ask.Offer{}, ""
	if q.From.IsZero() || f.Fetch == nil {
		return f.show(false)
	}
	f.doing = looking
	return f.fetch(q.From)
}

// show puts the question's field up; typed wants a line to type on where there is
// a list to choose from.
func (f *Form) show(typed bool) tea.Cmd {
	f.doing, f.stray = asking, 0
	f.field = newField(f.a, f.q, f.Options, typed)
	f.layOut()
	return tea.Batch(f.field.focus(), f.typeAhead())
}

// take notes what stands in the field and goes on, or says what is wrong with it.
func (f *Form) take() tea.Cmd {
	f.place = f.at()
	option, chosen := f.field.chosen()
	raw := f.field.value()
	var e *steps.Error
	switch {
	case chosen && option.Value == typeIt:
		return f.show(true)
	case f.field.isList() && !chosen: // a filter that nothing passes
		return nil
	case chosen:
		e = f.a.Choose(f.q, option)
	case f.q.Kind == ask.Secret && raw == "" && !f.a.Secret(f.q.Key).IsZero(): // as typed before
	default:
		e = f.a.Set(f.q, raw)
	}
	if e != nil {
		f.wrong = e
		if doubt := f.doubts[f.q.Key]; doubt != nil && strings.TrimSpace(raw) == "" {
			f.wrong = &steps.Error{Summary: doubt.Summary, Fix: steps.T("%s; or type it here: this needs an answer", doubt.Fix)}
		}
		return nil
	}
	return f.prove()
}

// prove asks what can be proven of an answer before going on.
func (f *Form) prove() tea.Cmd {
	f.wrong, f.news = nil, steps.Text{}
	q, _, _ := f.a.Find(f.q.Key)
	delete(f.notes, q.Key)
	if f.q.From.IsZero() { // else what its look said goes on being so
		delete(f.doubts, q.Key)
	}
	if q.Proof.IsZero() || f.Fetch == nil {
		return f.next()
	}
	f.doing = proving
	return f.fetch(q.Proof)
}

// next goes to the question after this one; behind the last one the page is done,
// unless something on it is wrong.
func (f *Form) next() tea.Cmd {
	if _, proven := f.notes[f.q.Key]; !proven && f.q.From.What == ask.Identity && !f.q.Note.IsZero() {
		f.notes[f.q.Key] = f.q.Note // who somebody is stays in sight
	}
	if f.ending {
		return f.end()
	}
	list, i := f.questions(), f.at()
	if i < 0 { // it was asked only because it had an answer
		i = f.place - 1
	}
	if i+1 < len(list) {
		return f.ask(list[i+1])
	}
	return f.finish()
}

// finish ends the page, or turns to the first question of it that is wrong.
func (f *Form) finish() tea.Cmd {
	errs := f.a.Errors(f.page)
	for _, e := range errs {
		for _, q := range f.questions() {
			if q.About(e.Field) {
				cmd := f.ask(q)
				f.wrong = e
				return cmd
			}
		}
	}
	f.doing, f.state = asking, Done
	return nil
}

// previous goes to the question before this one, or off the page.
func (f *Form) previous() tea.Cmd {
	f.begin()
	if i := f.at(); i > 0 {
		return f.ask(f.questions()[i-1])
	}
	return f.leave()
}

// leave wants the page before. What was typed stays.
func (f *Form) leave() tea.Cmd {
	f.begin()
	f.look.end()
	f.state = Back
	return nil
}

// begin keeps what was typed and is no answer yet. Of a line that is as it was before
// anybody typed, or empty, what was begun earlier goes too: it was taken back.
func (f *Form) begin() {
	if f.field == nil || f.field.isList() {
		return
	}
	raw := f.field.value()
	if strings.TrimSpace(raw) == "" || raw == given(f.a, f.q) {
		f.a.Forget(f.q.Key)
		return
	}
	f.a.Begin(f.q, raw)
}
