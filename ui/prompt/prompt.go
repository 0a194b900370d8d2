// Package prompt asks the questions of package ask as plain lines: for screen
// readers, dumb terminals and whoever wants no full screen. No line needs colour,
// a cursor or more than ASCII of its own.
//
// It knows how a question looks as lines and how the person moves between them;
// it does not know what is asked, nor how anything is looked up.
package prompt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/board"
)

// ErrLeft says that somebody left before the end: by ctrl+c, by ending the
// input. The answers given so far are in the Answers.
var ErrLeft = errors.New("the questions were left")

// Options of All and Missing.
type Options struct {
	Keyboard *Keyboard
	Out      io.Writer
	Words    board.Words
	// Cells is how wide a line may be, 0 for any.
	Cells int
	// Fetch looks up what a request asks for; its errors are shown as they are, so
	// a *steps.Error serves best. nil fetches nothing.
	// It bounds its own time, as it may ask the person for a code on the way.
	Fetch func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error)
	// Also are questions that Missing asks although there is a going on without.
	Also []ask.Key
}

// All asks every question that applies, in order, until nothing is missing and
// nothing is wrong. It ends with ErrLeft where somebody left, or with an error of
// Out.
func All(ctx context.Context, a *ask.Answers, o Options) error {
	return (&walker{Options: o, a: a}).walk(ctx)
}

// Missing asks only what there is no going on without. Answers that are complete
// ask nothing.
func Missing(ctx context.Context, a *ask.Answers, o Options) error {
	return (&walker{Options: o, a: a, only: true}).walk(ctx)
}

// walker is one way through the questions.
type walker struct {
	Options
	a    *ask.Answers
	only bool
	// asked are the questions behind, for going back.
	asked []ask.Key
	// page is the one whose heading was printed last.
	page string
	// broken is why nothing more can be printed.
	broken error
}

// move is where to go after a question.
type move int

const (
	onward move = iota
	back
	again
)

func (w *walker) walk(ctx context.Context) error {
	key, ok := w.next()
	if !ok {
		return nil
	}
	w.legend()
	for ok {
		q, page, applies := w.a.Find(key)
		if !applies { // hidden by an answer that was changed since
			key, ok = w.next()
			continue
		}
		w.heading(page)
		to, err := w.question(ctx, q)
		switch {
		case w.broken != nil:
			return w.broken
		case err != nil:
			return ErrLeft
		case to == back && len(w.asked) == 0:
			w.say("This is the first question.")
		case to == back:
			key, w.asked = w.asked[len(w.asked)-1], w.asked[:len(w.asked)-1]
		case to == onward:
			w.asked = append(w.asked, key)
			key, ok = w.next()
		}
	}
	return w.broken
}

// next is the question to ask now; when all were asked, the first that is wrong.
func (w *walker) next() (ask.Key, bool) {
	if key, ok := w.ahead(); ok {
		return key, true
	}
	errs := w.a.Errors("")
	if len(errs) == 0 {
		return "", false
	}
	w.wrong(errs[0])
	return w.at(errs[0].Field), true
}

// ahead is the next question that was not asked yet.
func (w *walker) ahead() (ask.Key, bool) {
	var list []ask.Question
	for _, p := range w.a.Pages() {
		list = append(list, p.Questions...)
	}
	if w.only {
		i := slices.IndexFunc(list, w.due)
		if i < 0 {
			return "", false
		}
		return list[i].Key, true
	}
	behind := 0
	for i, q := range list {
		if slices.Contains(w.asked, q.Key) {
			behind = i + 1
		}
	}
	if behind == len(list) {
		return "", false
	}
	return list[behind].Key, true
}

// due says whether a question is asked where only those are that are missing.
func (w *walker) due(q ask.Question) bool {
	if w.a.Lacks(q) {
		return true
	}
	return !w.a.Answered(q.Key) && (slices.Contains(w.Also, q.Key) || q.Beside != "" && slices.Contains(w.asked, q.Beside))
}

// at is the question that an error is about.
func (w *walker) at(field string) ask.Key {
	for _, p := range w.a.Pages() {
		for _, q := range p.Questions {
			if q.About(field) {
				return q.Key
			}
		}
	}
	return ask.Key(field)
}

// look fetches what a request asks for.
func (w *walker) look(ctx context.Context, r ask.Request) (ask.Offer, error) {
	if r.IsZero() || w.Fetch == nil {
		return ask.Offer{}, nil
	}
	if words := r.Words(); !words.IsZero() {
		w.say(w.Words.Say(words) + " ...")
	}
	return w.Fetch(ctx, w.a, r)
}

// say prints one line, broken where it is too long.
func (w *walker) say(s string) { w.lines(board.Line{Text: s}) }

func (w *walker) lines(list ...board.Line) {
	for _, l := range list {
		for _, part := range l.Wrap(w.Cells) {
			w.print(part + "\n")
		}
	}
}

func (w *walker) print(s string) {
	if _, err := io.WriteString(w.Out, s); err != nil && w.broken == nil {
		w.broken = fmt.Errorf("print a question: %w", err)
	}
}

// wrong prints what is wrong and the way out.
func (w *walker) wrong(err error) {
	var e *steps.Error
	if !errors.As(err, &e) {
		w.lines(board.Line{Text: "  ! " + w.Words.Mask(err.Error()), Hang: 4})
		return
	}
	w.lines(board.Line{Text: "  ! " + w.Words.Say(e.Summary), Hang: 4})
	if !e.Fix.IsZero() {
		w.lines(board.Line{Text: "    " + w.Words.Say(e.Fix), Hang: 4})
	}
}
