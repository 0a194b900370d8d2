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
	"time"

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
	Fetch func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error)
	// Within bounds one fetch; 0 for no bound.
	Within time.Duration
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
	if w.only {
		if missing := w.a.Missing(); len(missing) > 0 {
			return missing[0].Key, true
		}
		return "", false
	}
	var keys []ask.Key
	for _, p := range w.a.Pages() {
		for _, q := range p.Questions {
			keys = append(keys, q.Key)
		}
	}
	behind := 0
	for i, k := range keys {
		if slices.Contains(w.asked, k) {
			behind = i + 1
		}
	}
	if behind == len(keys) {
		return "", false
	}
	return keys[behind], true
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

// look fetches what a request asks for, within its time.
func (w *walker) look(ctx context.Context, r ask.Request) (ask.Offer, error) {
	if r.IsZero() || w.Fetch == nil {
		return ask.Offer{}, nil
	}
	if words := r.Words(); !words.IsZero() {
		w.say(w.Words.Say(words) + " ...")
	}
	if w.Within > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, w.Within)
		defer cancel()
	}
	offer, err := w.Fetch(ctx, w.a, r)
	if errors.Is(err, context.DeadlineExceeded) {
		err = &steps.Error{
			Summary: steps.T("Nothing came back within %s", board.About(w.Within)),
			Fix:     steps.T("Try again, or type the answer: it is looked at again before anything is done"),
		}
	}
	return offer, err
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
