package ask

import (
	"slices"
	"strings"
	"unicode"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// Choose notes an option that was chosen by hand. Leaving the answer out is an
// answer then, also where a blank line would not do.
func (a *Answers) Choose(q Question, o Option) *steps.Error {
	if o.Value == "" && q.offersBlank() {
		a.put(q, "")
		return nil
	}
	return a.Set(q, o.Value)
}

func (q Question) offersBlank() bool {
	return slices.ContainsFunc(q.Options, func(o Option) bool { return o.Value == "" })
}

// Set notes an answer, or says why it is none and notes nothing. Blank text
// leaves the question unanswered on purpose, which only a needed one refuses.
func (a *Answers) Set(q Question, raw string) *steps.Error {
	if e := a.Check(q, raw); e != nil {
		return e
	}
	a.put(q, raw)
	return nil
}

// Check judges one answer without noting it: its form, and how it agrees with the
// answers before it. It asks nobody and is quick, so that a form can call it at
// every key.
func (a *Answers) Check(q Question, raw string) *steps.Error {
	if strings.TrimSpace(raw) == "" {
		return missing(q)
	}
	if q.Kind != Secret && strings.ContainsFunc(strings.TrimSpace(raw), unicode.IsControl) {
		// What arrow keys leave behind, and text copied with its colours.
		return refuse(q, steps.T("There are characters in it that cannot be seen"), steps.T("Type it anew"))
	}
	if q.Kind == YesNo && raw != Yes && raw != No {
		return refuse(q, steps.T("%q is neither yes nor no", raw), steps.T("Answer yes or no"))
	}
	if q.Kind == Choice && !slices.ContainsFunc(q.Options, func(o Option) bool { return o.Value == strings.TrimSpace(raw) }) {
		return refuse(q, steps.T("%q is not one of the answers", raw), steps.T("Choose one of those shown"))
	}
	if q.Memory {
		return nil
	}
	if e := q.agrees(raw); e != nil {
		return e
	}
	if !strings.HasSuffix(string(q.Key), tagsSuffix) {
		if e := a.Draft().Set(q.Key, raw); e != nil { // a secret, which is not repeated
			return e
		}
	} else if e := a.tagsRefused(q, raw); e != nil {
		return e
	}
	trial := a.Clone()
	trial.put(q, raw)
	if q.Key == renamePattern && trial.said[renameReplacement] == "" {
		trial.said[renameReplacement] = "x" // a pattern is judged with any, and it is asked for next
	}
	_, errs := trial.Draft().Partial(a.today)
	for _, e := range errs {
		if at(q.Key, e.Field) {
			return e
		}
	}
	return nil
}

// missing refuses a blank answer where there is no going on without one.
func missing(q Question) *steps.Error {
	if !q.Needed {
		return nil
	}
	if q.Example == "" || q.Kind == Secret {
		return refuse(q, steps.T("This needs an answer"), steps.T("Type one, or go back and choose another way"))
	}
	return refuse(q, steps.T("This needs an answer"), steps.T("It looks like %s", q.Example))
}

func refuse(q Question, summary, fix steps.Text) *steps.Error {
	return &steps.Error{Field: string(q.Key), Summary: summary, Fix: fix}
}

// agrees holds what was typed against what there is: an account against the one the
// credentials are of.
func (q Question) agrees(raw string) *steps.Error {
	if q.isRegion() {
		return q.agreesRegion(raw)
	}
	id, err := awsid.ParseAccountID(raw)
	if q.Only == "" || err != nil || string(id) == q.Only {
		return nil
	}
	return refuse(q, steps.T("The credentials are of account %s, not of %s", awsid.AccountID(q.Only).Grouped(), id.Grouped()),
		steps.T("Correct the account, or go back and name credentials of %s", id.Grouped()))
}

// tagsRefused finds a tag that the draft would not take.
func (a *Answers) tagsRefused(q Question, raw string) *steps.Error {
	for _, tag := range strings.Split(raw, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(tag), "=")
		if !ok || strings.TrimSpace(name) == "" {
			return refuse(q, steps.T("%q is not a tag", strings.TrimSpace(tag)), steps.T("Write name=value, name=value"))
		}
		if e := a.Draft().Set(q.Key+Key("."+strings.TrimSpace(name)), strings.TrimSpace(value)); e != nil {
			return e
		}
	}
	return nil
}

// at says whether an error is about a question, or something below it.
func at(key Key, field string) bool {
	return field == string(key) || strings.HasPrefix(field, string(key)+".")
}

// Missing are the questions that must still be answered, in order.
func (a *Answers) Missing() []Question {
	var list []Question
	for _, p := range a.Pages() {
		for _, q := range p.Questions {
			if a.Lacks(q) {
				list = append(list, q)
			}
		}
	}
	return list
}

// Lacks says that there is no going on without an answer that is not there. A
// secret is asked for where it is used at the latest.
func (a *Answers) Lacks(q Question) bool {
	return q.Needed && !q.Memory && !a.has(q) && !(q.offersBlank() && a.Answered(q.Key))
}

// has says that a question has an answer that is not blank.
func (a *Answers) has(q Question) bool { return a.Get(q.Key) != "" }

// Errors is what is wrong or missing among the questions of a page, in order; of
// all pages where none is named.
func (a *Answers) Errors(page string) []*steps.Error {
	var list []*steps.Error
	_, errs := a.Draft().Partial(a.today)
	for _, p := range a.Pages() {
		if page != "" && p.Name != page {
			continue
		}
		for _, q := range p.Questions {
			if a.Lacks(q) {
				list = append(list, missing(q))
			}
			for _, e := range errs {
				if at(q.Key, e.Field) {
					list = append(list, e)
				}
			}
		}
	}
	return list
}

// About says that an error's field is this question, or part of its answer.
func (q Question) About(field string) bool { return at(q.Key, field) }
