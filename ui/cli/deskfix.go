package cli

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"snapferry/steps"
	"snapferry/steps/preflight"
	"snapferry/ui/ask"
	"snapferry/ui/wizard"
)

// Fixable says whether there are answers by which the plan puts a finding right, or
// another plan would by itself; see mendable.
func (d *desk) Fixable(f steps.Finding) bool {
	return len(f.Fix.Answers) > 0 && f.Outcome != steps.Pass && f.Outcome != steps.Skipped || replanned(f)
}

// replanned says that a plan made anew puts it right, without other answers.
func replanned(f steps.Finding) bool { return f.Outcome == steps.Block && f.Fix.Step != "" }

// Fix has the answers say what puts a finding right. What only a person knows is
// asked for, and an answer that leaves things as they are is refused at once: then
// the answers are as they were.
func (d *desk) Fix(ctx context.Context, a *ask.Answers, f steps.Finding) (said steps.Text, err error) {
	ctx, done := d.begin(ctx, &err)
	defer done()
	if !d.Fixable(f) {
		return said, &steps.Error{Summary: steps.T("The plan cannot put this right"), Fix: f.Fix.Text}
	}
	if replanned(f) {
		return steps.T("The plan puts it right, in its step %s", string(f.Fix.Step)), nil
	}
	trial := a.Clone()
	for _, want := range f.Fix.Answers {
		value, err := d.answerTo(ctx, trial, want)
		if err != nil {
			return steps.Text{}, err
		}
		trial.Amend(ask.Key(want.Key), value)
		if value != "" {
			said = joined(said, steps.T("%s: %s", want.Key, value))
		}
	}
	if err := misfit(trial, f.Fix.Answers); err != nil {
		return steps.Text{}, err
	}
	hushed := d.unheard(f.Fix.Answers)
	if err := d.helps(ctx, trial, f); err != nil {
		d.hushed = hushed
		return steps.Text{}, err
	}
	*a = *trial
	d.found = nil
	return steps.T("The answers say now: %s", said), nil
}

func joined(list, one steps.Text) steps.Text {
	if list.IsZero() {
		return one
	}
	return steps.T("%s, %s", list, one)
}

// answerTo is what an answer is to be, asked for where only a person knows, until it
// fits the others.
func (d *desk) answerTo(ctx context.Context, trial *ask.Answers, want steps.Answer) (string, error) {
	if want.Ask.IsZero() {
		return want.Value, nil
	}
	fits := func(got string) error {
		if got = strings.TrimSpace(got); got == "" {
			return &steps.Error{Field: want.Key, Summary: steps.T("This needs an answer; nothing was changed"), Fix: steps.T("Ask for it again, or go back and answer otherwise")}
		}
		with := trial.Clone()
		with.Amend(ask.Key(want.Key), got)
		return misfit(with, []steps.Answer{want})
	}
	var got string
	var err error
	if by, is := d.asker.(wizard.Patient); is {
		got, err = by.AskUntil(ctx, wizard.Question{Words: want.Ask, Help: whereKnown(want.Key), Fits: fits})
	} else {
		got, err = d.asker.Ask(ctx, want.Ask, false)
	}
	if err == nil {
		err = fits(got)
	}
	return strings.TrimSpace(got), err
}

// whereKnown is who knows a domain's master. DescribeDomain does not return it (SDK);
// the three below are what it was set by.
func whereKnown(key string) steps.Text {
	switch {
	case strings.Contains(key, ".mapper.") && strings.HasSuffix(key, ".role"):
		return steps.T("AWS does not tell it again: whoever made the domain knows it. Terraform has it as master_user_arn, CloudFormation as MasterUserARN, the console as the IAM ARN of the master user. Its trust policy has to let your credentials assume it.")
	case strings.Contains(key, ".mapper.") && strings.HasSuffix(key, ".user"):
		return steps.T("AWS does not tell it again: whoever made the domain knows it. Terraform has it as master_user_name, CloudFormation as MasterUserName. The password is asked for next, and not stored.")
	}
	return steps.Text{}
}

// misfit is what is wrong with the answers that were changed.
func misfit(a *ask.Answers, by []steps.Answer) error {
	for _, e := range a.Errors("") {
		if slices.ContainsFunc(by, func(x steps.Answer) bool { return e.Field == x.Key || strings.HasPrefix(e.Field, x.Key+".") }) {
			return e
		}
	}
	return nil
}

// helps looks whether the finding is gone with the answers changed. Its check may
// have others beside it, about other subjects: there have to be fewer.
func (d *desk) helps(ctx context.Context, a *ask.Answers, f steps.Finding) error {
	before := alike(d.found, f.ID, f.Outcome)
	if err := d.settle(ctx, a, true, d.o); err != nil {
		return asError(err)
	}
	checks := slices.DeleteFunc(preflight.Catalogue(d.spec), func(c preflight.Check) bool { return c.Info().ID != f.ID })
	// What cannot be told any more is not gone.
	after := alike(preflight.Run(ctx, d.facts, checks), f.ID, f.Outcome, steps.Unknown)
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(after) == 0 || len(after) < len(before) {
		return nil
	}
	why := d.newly(ctx, after[0])
	if role := unassumed(a, f.Fix.Answers, why); role != "" {
		why.Fix.Text = steps.T("Either there is no role %s, or its trust policy does not let your credentials in, or they lack sts:AssumeRole on it: the answer is the same. Look at the name letter by letter, and at the trust policy", role)
	}
	return &steps.Error{Summary: steps.T("That does not help: %s; the answers were left as they are", why.Cause), Fix: why.Fix.Text}
}

// unassumed is the role among the answers that could not be assumed, if that is why.
// STS answers for one that does not exist as for one that does not trust the caller.
func unassumed(a *ask.Answers, by []steps.Answer, why steps.Finding) string {
	for _, want := range by {
		role := a.Get(ask.Key(want.Key))
		if cause := why.Cause.String(); strings.HasSuffix(want.Key, ".role") && role != "" && strings.Contains(cause, "AssumeRole") && strings.Contains(cause, role) {
			return role
		}
	}
	return ""
}

// newly is what stands in the way with these answers and did not before, such as a
// role that cannot be assumed: it says more than what is as it was, which is last.
func (d *desk) newly(ctx context.Context, last steps.Finding) steps.Finding {
	for _, f := range d.findings(ctx) {
		known := slices.ContainsFunc(d.found, func(x steps.Finding) bool { return x.ID == f.ID && x.Cause.String() == f.Cause.String() })
		if !known && (f.Outcome == steps.Block || f.Outcome == steps.Unknown) {
			return f
		}
	}
	return last
}

// alike are the findings of a check with one of some outcomes.
func alike(found []steps.Finding, id steps.CheckID, outcomes ...steps.Outcome) []steps.Finding {
	return slices.DeleteFunc(slices.Clone(found), func(x steps.Finding) bool { return x.ID != id || !slices.Contains(outcomes, x.Outcome) })
}

// unheard forgets the passwords that people typed for others than will be meant
// now. What came by a descriptor comes only once.
func (d *desk) unheard(by []steps.Answer) (before map[steps.Side]secretWord) {
	before = maps.Clone(d.hushed)
	maps.DeleteFunc(d.hushed, func(side steps.Side, _ secretWord) bool {
		return d.passwordFD[side] == 0 && slices.ContainsFunc(by, func(a steps.Answer) bool { return strings.HasPrefix(a.Key, string(side)+".mapper") })
	})
	return before
}

// mendWithin bounds the look after a failed step: somebody waits to decide.
const mendWithin = 15 * time.Second

// mendable is what the plan could do about a failed step: the first thing the checks
// find in the way now that answers would put right; else what a step had made and is
// so no more, for which it has to be planned again.
func (d *desk) mendable(ctx context.Context, failed failedStep) steps.Finding {
	ctx, cancel := context.WithTimeout(ctx, mendWithin)
	defer cancel()
	d.facts.DropAll()
	d.found = d.findings(ctx)
	for _, f := range d.found {
		if f.Outcome == steps.Block && d.Fixable(f) {
			return f
		}
	}
	s := d.runner.State()
	for _, f := range d.found {
		st := s.Step(f.Fix.Step)
		if f.Outcome == steps.Note && st != nil && f.Fix.Step != failed.id && (st.Status == steps.StatusDone || st.Status == steps.StatusExisted) {
			f.Outcome = steps.Block // by now it is in the way
			return f
		}
	}
	return steps.Finding{}
}
