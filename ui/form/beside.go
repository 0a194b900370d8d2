package form

import (
	tea "charm.land/bubbletea/v2"

	"snapferry/ui/ask"
)

// What follows is for a view that stands beside the form and works on its line too.

// Unkept is the question whose text is kept nowhere where it is typed now and not entered:
// a secret, or letters that came before the question was there.
func (f *Form) Unkept() (q ask.Question, typed bool) {
	secret := f.Asks() && f.q.Kind == ask.Secret && f.field.value() != ""
	return f.q, f.state == Open && (secret || f.doing == looking && f.ahead != "")
}

// Offered is what was looked up for the question that is asked now.
func (f *Form) Offered() ask.Offer { return f.offer }

// Trouble is what is wrong with what stands in the field, or what a look or a proof
// said; nil where nothing is.
func (f *Form) Trouble() error { return f.wrong }

// Slips says that what stands on the line is no answer, as far as was told.
func (f *Form) Slips() bool { return f.wrong != nil || f.hint != nil }

// Asks says that an answer is waited for: keys are the field's.
func (f *Form) Asks() bool { return f.doing == asking && f.field != nil }

// Helping says that help is shown.
func (f *Form) Helping() bool { return f.help }

// Type puts a text in place of what stands on the line.
func (f *Form) Type(text string) tea.Cmd {
	if f.field == nil || f.field.isList() {
		return nil
	}
	f.a.Begin(f.q, text)
	f.wrong = nil
	return f.show(true)
}

// Edit has the next key change what stands on the line, or take its place where
// fresh says so.
func (f *Form) Edit(fresh bool) {
	if f.field != nil {
		f.field.fresh = fresh
	}
}

// Forgive takes away what was said to be wrong.
func (f *Form) Forgive() { f.wrong, f.hint = nil, nil }

// Judge says whether what stands on the line is an answer, and what is wrong with
// it where it is none.
func (f *Form) Judge() bool {
	f.wrong = nil
	if e := f.a.Check(f.q, f.Typed()); e != nil {
		f.wrong = e
	}
	return f.wrong == nil
}

// Turn notes what stands on the line and turns to another question of the page. It
// stays where the text is no answer or the question does not apply.
func (f *Form) Turn(key ask.Key) tea.Cmd {
	if f.field != nil && !f.field.isList() {
		if e := f.a.Set(f.q, f.field.value()); e != nil {
			f.wrong = e
			return nil
		}
	}
	return f.to(key)
}

// Return turns to another question as esc does: what was typed is kept, whether it is
// an answer or not.
func (f *Form) Return(key ask.Key) tea.Cmd {
	f.begin()
	return f.to(key)
}

// to asks a question of the page, where it applies.
func (f *Form) to(key ask.Key) tea.Cmd {
	for _, q := range f.questions() {
		if q.Key == key {
			return f.ask(q)
		}
	}
	return nil
}
