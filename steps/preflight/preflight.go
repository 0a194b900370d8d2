// Package preflight judges what facts has read: checks with a stable public ID,
// a statement that should be true, and findings with evidence, cause and fix.
//
// Checks change nothing, know nothing of each other, and print in the order of
// the catalogue. Documents are judged as they are and, where that will not do, as
// the plan would leave them: what a step puts right stops nobody. How a fact is
// read is facts' business, how a step does its work the steps'.
package preflight

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"snapferry/awsx/failure"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// CheckInfo is what is public about a check.
type CheckInfo struct {
	ID     steps.CheckID
	Family steps.Family
	// Statement should be true: "the control identity belongs to the source account".
	Statement steps.Text
	// Severity is the outcome where it is not.
	Severity steps.Outcome
	// Why says what goes wrong later where it is not, for the documentation.
	Why steps.Text
}

// Check judges one statement, about one or several subjects.
type Check interface {
	Info() CheckInfo
	// Run gives at least one finding. It looks through f alone.
	Run(ctx context.Context, f *View) []steps.Finding
}

// Run runs all checks at once and gives their findings in the catalogue's order.
func Run(ctx context.Context, f *facts.Facts, checks []Check) []steps.Finding {
	return run(ctx, &View{Facts: f}, checks)
}

func run(ctx context.Context, view *View, checks []Check) []steps.Finding {
	results := make([][]steps.Finding, len(checks))
	var wg sync.WaitGroup
	for i, c := range checks {
		wg.Go(func() { results[i] = guarded(ctx, view, c) })
	}
	wg.Wait()
	var all []steps.Finding
	for _, r := range results {
		all = append(all, r...)
	}
	return view.blocked(because(all))
}

// guarded makes sure that every check answers: one that panics or says nothing
// is unknown, not passed.
func guarded(ctx context.Context, f *View, c Check) (found []steps.Finding) {
	defer func() {
		if r := recover(); r != nil {
			found = []steps.Finding{mute(c.Info(), steps.T("the check itself broke: %s", fmt.Sprint(r)))}
		}
	}()
	found = c.Run(ctx, f)
	if len(found) == 0 {
		return []steps.Finding{mute(c.Info(), steps.T("the check said nothing"))}
	}
	return found
}

func mute(i CheckInfo, cause steps.Text) steps.Finding {
	return steps.Finding{
		ID: i.ID, Family: i.Family, Outcome: steps.Unknown, Summary: i.Statement, Cause: cause,
		Fix: steps.Fix{Text: steps.T("Report this as a mistake of snapferry")},
	}
}

// check is a Check made of its public part and a judge.
type check struct {
	info  CheckInfo
	judge func(ctx context.Context, f *View, v verdict) []steps.Finding
}

func (c check) Info() CheckInfo { return c.info }

func (c check) Run(ctx context.Context, f *View) []steps.Finding {
	return c.judge(ctx, f, verdict{c.info, ""})
}

// verdict makes the findings of one check about one subject.
type verdict struct {
	info    CheckInfo
	subject string
}

// on names the subject.
func (v verdict) on(format string, args ...any) verdict {
	v.subject = fmt.Sprintf(format, args...)
	return v
}

func (v verdict) finding(o steps.Outcome) steps.Finding {
	return steps.Finding{ID: v.info.ID, Family: v.info.Family, Outcome: o, Subject: v.subject, Summary: v.info.Statement}
}

// pass needs evidence: no error alone is never a pass.
func (v verdict) pass(evidence ...steps.Text) steps.Finding {
	f := v.finding(steps.Pass)
	f.Evidence = evidence
	return f
}

// fail is the finding of a statement that is not true.
func (v verdict) fail(cause steps.Text, fix steps.Fix, evidence ...steps.Text) steps.Finding {
	f := v.finding(v.info.Severity)
	f.Cause, f.Fix, f.Evidence = cause, fix, evidence
	return f
}

// note tells something worth knowing that stands in nobody's way.
func (v verdict) note(cause steps.Text, evidence ...steps.Text) steps.Finding {
	f := v.finding(steps.Note)
	f.Cause, f.Evidence = cause, evidence
	return f
}

// skipped did not ask, because of another check's finding.
func (v verdict) skipped(because steps.CheckID, why steps.Text) steps.Finding {
	f := v.finding(steps.Skipped)
	f.Cause, f.BecauseOf = why, because
	return f
}

// unread is the finding of a fact that could not be read: unknown, with what
// would allow it. A domain that is not there is one check's finding; what rests
// on it is not asked.
func (v verdict) unread(err error) steps.Finding {
	if fact, is := missing(err); is && fact.Fact == facts.FactDomain {
		return v.skipped(foundID(fact.Side), steps.T("there is no domain to ask"))
	}
	f := v.finding(steps.Unknown)
	f.Cause = steps.T("%s", failure.Silent(err.Error()))
	var fact *facts.Error
	if errors.As(err, &fact) {
		f.Evidence = []steps.Text{fact.How}
		if refusal := failure.Of(err); fact.Kind == "" && refusal.Kind == failure.Denied {
			f.Evidence = append(f.Evidence, steps.T("the signer itself is refused: %s", refusal.Message))
		}
		if fact.Needs != "" {
			f.Fix.Text = steps.T("Give the %s %s", whose(fact), fact.Needs)
			if failure.Of(err).Front == failure.FrontEngine { // the front has let it through: IAM is not the matter
				f.Fix.Text = steps.T("Have the %s mapped to a role with %s; what only its mapper may see wants that one with its right password", whose(fact), rights(fact.Needs))
			}
		}
	}
	var own *steps.Error
	if errors.As(err, &own) && f.Fix.Text.IsZero() {
		f.Fix = wayOut(own.Fix)
	}
	var identity *session.Error
	if errors.As(err, &identity) && f.Fix.Text.IsZero() {
		f.Fix.Text = identity.Fix
	}
	if f.Fix.Text.IsZero() {
		f.Fix.Text = allowing(failure.Of(err))
	}
	return f
}

// wayOut takes the lines to be copied out of a way out in words: they stand below it
// as they are.
func wayOut(said steps.Text) steps.Fix {
	words, lines, some := strings.Cut(said.String(), "\n")
	if !some {
		return steps.Fix{Text: said}
	}
	return steps.Fix{Text: steps.T("%s", words), Command: lines}
}

// whose right a fact takes: that of the identity which asks for it. A domain is asked
// by the signer and its security API by the mapper, AWS by the control identity.
func whose(fact *facts.Error) string {
	role := facts.Control
	switch {
	case fact.Fact == facts.FactPermissions || fact.Fact == facts.FactFGACRole || fact.Fact == facts.FactRoleMapping:
		role = facts.Mapper
	case strings.HasPrefix(fact.Needs, "es:ESHttp"):
		role = facts.Signer
	}
	words := string(role) + " identity"
	if fact.Side != "" {
		words = string(fact.Side) + "'s " + words
	}
	return words
}

// rights are those of the domain's own roles among what a fact needs.
func rights(needs string) string {
	for _, mark := range []string{"also ", ", and "} {
		if _, own, ok := strings.Cut(needs, mark); ok {
			return own
		}
	}
	return "the right that is named between the brackets"
}

// allowing is what would let a call through that no right stands in the way of.
func allowing(is *failure.Failure) steps.Text {
	switch {
	case is.NeedsLogin():
		return steps.T("Log in again")
	case is.Kind == failure.Unreachable || is.Kind == failure.Timeout:
		return steps.T("Run where this host is reached, give a way to it, or go on with what the domains themselves tell")
	case is.Kind == failure.Throttled:
		return steps.T("Try again in a moment")
	}
	return steps.Text{}
}

// missing says whether an error means that the thing is not there.
func missing(err error) (fact *facts.Error, is bool) {
	return fact, errors.As(err, &fact) && fact.Kind == failure.Missing
}

// one is for judges that have a single finding.
func one(f steps.Finding) []steps.Finding { return []steps.Finding{f} }
