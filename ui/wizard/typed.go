package wizard

import (
	"strings"

	"snapferry/steps"
	"snapferry/ui/ask"
)

// settle makes answers of what was typed and not entered when the program was left, and
// says so. What is no answer, or not yet, is told once instead: the file of answers has
// to be one that can be read. Once a run was begun with the answers they stay as they are.
func (r *root) settle() (told []steps.Text) {
	f := &r.flow
	if f.Answers == nil || f.planned.Feed != nil && (f.at == atRun || f.at == atReport) {
		return nil
	}
	if p, is := r.screen.(interface {
		unkept() (ask.Question, bool)
	}); is {
		if q, typed := p.unkept(); typed {
			told = append(told, steps.T("Not kept: what was typed for %s (%s). A secret is kept nowhere, and asked for again.", q.Title, string(q.Key)))
		}
	}
	all := f.Answers.Clone()
	all.Amend(ask.Goal, ask.GoalMigrate) // whatever brought somebody here in the end
	for _, p := range all.Pages() {
		for _, q := range p.Questions {
			raw, begun := f.Answers.Begun(q.Key)
			was := f.Answers.Get(q.Key)
			if raw = strings.TrimSpace(raw); !begun || raw == "" || raw == was {
				continue
			}
			told = append(told, f.entered(all, q, raw, was))
		}
	}
	return told
}

// entered makes an answer of a text, where it is one.
func (f *flow) entered(all *ask.Answers, q ask.Question, raw, was string) steps.Text {
	e := all.Check(q, raw)
	if e == nil {
		e = f.Answers.Set(q, raw)
	}
	switch {
	case e != nil:
		return steps.T("Not kept: what was typed for %s (%s), %s. It was: %s", q.Title, string(q.Key), e.Summary, raw)
	case was != "":
		return steps.T("Kept, though it was typed and not entered: %s (%s): %s, in place of %s", q.Title, string(q.Key), raw, was)
	}
	return steps.T("Kept, though it was typed and not entered: %s (%s): %s", q.Title, string(q.Key), raw)
}
