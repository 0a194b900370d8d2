package wizard

import (
	"snapferry/steps"
	"snapferry/ui/ask"
)

// settle makes answers of what was typed and not entered when the program was left,
// where that is safe, and says so; what stays out is told once. Once a plan was begun
// with the answers they stay as they are: a run has to find those it was approved with.
func (r *root) settle() (told []steps.Text) {
	f := &r.flow
	if f.Answers == nil {
		return nil
	}
	if p, is := r.screen.(interface {
		unkept() (ask.Question, bool)
	}); is {
		switch q, typed := p.unkept(); {
		case typed && q.Kind == ask.Secret:
			told = append(told, steps.T("Not kept: what was typed for %s (%s). A secret is kept nowhere, and asked for again.", q.Title, string(q.Key)))
		case typed:
			told = append(told, steps.T("Not kept, because it was typed before it was asked for: %s (%s)", q.Title, string(q.Key)))
		}
	}
	for _, u := range f.Answers.Unentered() {
		was := f.Answers.Get(u.Key)
		e := &steps.Error{Summary: steps.T("A plan was made with the answers as they were")}
		if !f.fixed() {
			e = f.Answers.Enter(u)
		}
		f.Answers.Forget(u.Key)
		told = append(told, became(u, was, e))
	}
	return told
}

// fixed says that a plan or a run was begun with the answers.
func (f *flow) fixed() bool {
	return f.at == atReview || f.out.Planned || f.planned.Feed != nil
}

// became says what became of a text whose question had the answer was.
func became(u ask.Unentered, was string, e *steps.Error) steps.Text {
	switch {
	case e != nil && !u.Repeatable():
		return steps.T("Not kept, because it may be a secret: what was typed for %s (%s). Type secrets only where they are asked for.", u.Title, string(u.Key))
	case e != nil:
		return steps.T("Not kept, because it was typed and not entered: %s (%s): %s. %s", u.Title, string(u.Key), u.Raw, e.Summary)
	case was != "":
		return steps.T("Kept, though it was typed and not entered: %s (%s): %s, in place of %s", u.Title, string(u.Key), u.Raw, was)
	}
	return steps.T("Kept, though it was typed and not entered: %s (%s): %s", u.Title, string(u.Key), u.Raw)
}
