package prompt

import (
	"context"
	"strconv"
	"strings"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/board"
)

// What can be typed in place of an answer. No answer of any question looks like
// one of these.
const (
	wordHelp  = "?"
	wordBack  = "<"
	wordLeave = "-"
	wordAgain = "!"
	wordFind  = "/"
)

// question asks one question until it is answered or left. Its error says that
// nobody is there any more.
func (w *walker) question(ctx context.Context, q ask.Question) (move, error) {
	bare := q
	q = w.offered(ctx, bare)
	w.lines(board.Line{})
	w.present(q)
	for {
		w.prompt(q)
		raw, err := w.read(ctx, q)
		if err != nil || w.broken != nil {
			w.print("\n")
			return again, ErrLeft
		}
		switch word := strings.TrimSpace(raw); {
		case word == wordBack:
			return back, nil
		case word == wordHelp:
			w.help(q)
		case word == wordAgain && !bare.From.IsZero():
			q = w.offered(ctx, bare)
			w.present(q)
		case strings.HasPrefix(word, wordFind) && len(q.Options) > 0 && q.Kind != ask.Secret:
			w.options(q, strings.TrimPrefix(word, wordFind))
		default:
			if e := w.answer(q, raw); e != nil {
				w.wrong(e)
				continue
			}
			return w.proven(ctx, q.Key)
		}
	}
}

func (w *walker) read(ctx context.Context, q ask.Question) (string, error) {
	if q.Kind != ask.Secret {
		return w.Keyboard.Line(ctx)
	}
	s, err := w.Keyboard.Secret(ctx)
	w.print("\n") // the enter was not shown either
	return s, err
}

// offered is a question with what was looked up for it. Where that fails the way
// is open to type the answer.
func (w *walker) offered(ctx context.Context, q ask.Question) ask.Question {
	offer, err := w.look(ctx, q.From)
	if err != nil && ctx.Err() == nil {
		w.wrong(err)
		w.say("    Type the answer, or ! to look again.")
	}
	return q.With(offer)
}

// answer takes what was typed for an answer.
func (w *walker) answer(q ask.Question, raw string) error {
	word := strings.TrimSpace(raw)
	switch {
	case word == wordLeave:
		return fault(w.a.Set(q, ""))
	case word == "":
		return w.blank(q)
	case q.Kind == ask.YesNo:
		return fault(w.a.Set(q, whole(word)))
	}
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(q.Options) && q.Kind != ask.List && q.Kind != ask.Secret {
		return fault(w.a.Choose(q, q.Options[n-1]))
	}
	return fault(w.a.Set(q, raw))
}

// fault keeps a nil *steps.Error nil.
func fault(e *steps.Error) error {
	if e == nil {
		return nil
	}
	return e
}

// whole takes the first letter of yes or no for the word.
func whole(word string) string {
	word = strings.ToLower(word)
	for _, w := range []string{ask.Yes, ask.No} {
		if word == w[:1] {
			return w
		}
	}
	return word
}

// blank takes what stands in brackets: the answer that was given, else the
// default, else nothing.
func (w *walker) blank(q ask.Question) error {
	switch current := w.a.Get(q.Key); {
	case q.Kind == ask.Secret && !w.a.Secret(q.Key).IsZero():
		return nil
	case current != "":
		return fault(w.a.Set(q, current))
	case w.a.Answered(q.Key) && !q.Needed:
		return nil
	}
	return fault(w.a.Set(q, q.Default))
}

// proven asks what can be proven of an answer just given. A proof that fails is
// told, and the person decides: the world may be put right later.
func (w *walker) proven(ctx context.Context, key ask.Key) (move, error) {
	q, _, _ := w.a.Find(key)
	if q.Proof.IsZero() || w.Fetch == nil {
		return onward, nil
	}
	offer, err := w.look(ctx, q.Proof)
	if err == nil {
		w.note(ask.Question{Note: offer.Note})
		return onward, nil
	}
	if ctx.Err() != nil {
		return again, ErrLeft
	}
	w.wrong(err)
	for {
		w.print("Enter goes on all the same, ! tries again, < changes the answer: ")
		got, err := w.Keyboard.Line(ctx)
		if err != nil {
			w.print("\n")
			return again, ErrLeft
		}
		switch strings.TrimSpace(got) {
		case "":
			return onward, nil
		case wordBack:
			return again, nil
		case wordAgain:
			return w.proven(ctx, key)
		}
	}
}
