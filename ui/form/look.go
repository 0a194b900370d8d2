package form

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"snapferry/ui/ask"
)

// look is one fetch under way. A form waits for one at a time; what comes of an
// earlier one is of no interest any more.
type look struct {
	number int
	cancel context.CancelFunc
}

// lookedMsg is what came of a look.
type lookedMsg struct {
	form   *Form
	number int
	offer  ask.Offer
	err    error
}

// end gives up the look under way.
func (l *look) end() {
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
	l.number++
}

// fetch looks something up beside the program, with answers of its own.
func (f *Form) fetch(r ask.Request) tea.Cmd {
	f.look.end()
	ctx, cancel := context.WithCancel(f.Life)
	f.look.cancel = cancel
	number, answers, fetch := f.look.number, f.a.Clone(), f.Fetch
	return func() tea.Msg {
		defer cancel()
		offer, err := fetch(ctx, answers, r)
		return lookedMsg{f, number, offer, err}
	}
}

// looked goes on with what came of a look.
func (f *Form) looked(msg lookedMsg) tea.Cmd {
	if msg.form != f || msg.number != f.look.number || !f.Busy() {
		return nil
	}
	f.look.end()
	if errors.Is(msg.err, context.Canceled) {
		msg.err = nil // it was given up, and the way is open to type
	}
	f.doubt(msg.err)
	if f.doing == looking {
		wrong := f.wrong // of a page that was finished too early
		f.q, f.offer = f.q.With(msg.offer), msg.offer
		f.Known[f.q.Key] = msg.offer.Known
		cmd := f.show(false)
		if f.wrong = msg.err; msg.err == nil {
			f.wrong = wrong
		}
		return cmd
	}
	if msg.err != nil {
		f.ending, f.wrong, f.doing = false, msg.err, unproven
		return nil
	}
	if !msg.offer.Note.IsZero() {
		f.notes[f.q.Key], f.news = msg.offer.Note, msg.offer.Note
	}
	return f.next()
}

// doubt notes what a look or a proof said of the question that is asked.
func (f *Form) doubt(err error) {
	delete(f.doubts, f.q.Key)
	if e := asError(err); e != nil {
		f.doubts[f.q.Key] = e
	}
}

// again looks up once more what the question can be answered with, or what was
// answered.
func (f *Form) again() tea.Cmd {
	switch {
	case f.doing == unproven:
		return f.prove()
	case f.Fetch == nil || f.q.From.IsZero():
		return nil
	}
	f.begin()
	q, _, _ := f.a.Find(f.q.Key)
	return f.ask(q)
}
