package preflight

import (
	"context"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/facts"
)

// meant is the role an error names, and the one IAM finds by its name; nil where
// nobody can tell, or there is none.
func (w *View) meant(ctx context.Context, side steps.Side, about diagnose.Subject) (said awsid.ARN, is *account.Role) {
	said, err := awsid.ParseARN(about.Role)
	if err != nil || said.Account != w.Spec().Side(side).Account {
		return said, nil
	}
	is, err = w.RoleNamed(ctx, side, awsid.RoleName(said.Name()))
	if err != nil {
		return said, nil
	}
	return said, is
}

// again is the fix of a role that was named otherwise than IAM names it.
func again(is *account.Role) steps.Fix {
	return steps.Fix{Text: steps.T("Register again with %s", is.ARN.String())}
}

func spelledOtherwise(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	said, is := w.meant(ctx, side, about)
	switch {
	case is == nil:
		return diagnose.Seen{}
	case said.Name() == string(is.Name):
		return isNotSo(steps.T("%s: %s, spelt as in the error", w.How(facts.FactRole, side), is.ARN.String()))
	}
	return isSo(steps.T("IAM says %s, the error %s", is.ARN.String(), said.String()), again(is))
}

func pathLeftOut(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	said, is := w.meant(ctx, side, about)
	switch {
	case is == nil:
		return diagnose.Seen{}
	case said.Path() == is.ARN.Path():
		return isNotSo(steps.T("%s: its path is %s", w.How(facts.FactRole, side), is.ARN.Path()))
	}
	return isSo(steps.T("IAM says %s, the error %s", is.ARN.String(), said.String()), again(is))
}

// young is how long IAM may take to show a role everywhere. It promises nothing;
// minutes were seen.
const young = 10 * time.Minute

func roleYoung(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	_, is := w.meant(ctx, side, about)
	if is == nil || w.Now().Sub(is.Created) > young {
		return diagnose.Seen{} // its trust may have been changed since
	}
	return isSo(steps.T("IAM says it was made %s ago", w.Now().Sub(is.Created).Round(time.Second).String()), steps.Fix{})
}

// trustGaps judges the trust of the role an error names for a side's domain.
func (w *View) trustGaps(ctx context.Context, side steps.Side, about diagnose.Subject) (r snapshotRole, d facts.Domain, gaps []policy.Gap, ok bool) {
	_, is := w.meant(ctx, side, about)
	if is == nil {
		return r, d, nil, false
	}
	trust, err := policy.Parse(is.Trust)
	if err != nil {
		return r, d, nil, false
	}
	if d, err = w.Domain(ctx, side); err != nil {
		return r, d, nil, false
	}
	r = snapshotRole{arn: is.ARN, trust: trust}
	return r, d, r.trusts(w.assume(d, r, service, d.SendsSource())), true
}

func trustSilent(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	r, d, gaps, ok := w.trustGaps(ctx, side, about)
	switch {
	case !ok || len(gaps) > 0 && gaps[0].Decision.Verdict != policy.Implicit:
		return diagnose.Seen{}
	case len(gaps) == 0:
		return isNotSo(steps.T("its trust lets %s assume it for %s", service, d.ARN.String()))
	}
	return isSo(cause(gaps), w.trustFix(ctx, side, r, d, gaps[0]))
}

func trustDenies(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	r, d, gaps, ok := w.trustGaps(ctx, side, about)
	if !ok || len(gaps) == 0 || gaps[0].Decision.Verdict != policy.Deny {
		return diagnose.Seen{} // an organisation's policies cannot be seen from here
	}
	return isSo(cause(gaps), w.trustFix(ctx, side, r, d, gaps[0]))
}

// passGaps judges whether the caller of an error may pass the role it names.
func (w *View) passGaps(ctx context.Context, side steps.Side, about diagnose.Subject, role string) (a actor, gaps []policy.Gap, ok bool) {
	a, err := w.signer(ctx, side)
	if err != nil || a.unread != nil || !sameCaller(a.who, about.Caller) {
		return a, nil, false
	}
	d, err := w.Domain(ctx, side)
	if err != nil {
		return a, nil, false
	}
	return a, plea{actor: a, requests: []policy.Request{passing(a.who, role, d.ARN.String())}}.ownGaps(), true
}

// sameCaller compares a caller with the signer, whose sessions may differ.
func sameCaller(who policy.Who, caller string) bool {
	role := func(session string) string { return session[:strings.LastIndexByte(session, '/')+1] }
	return caller == who.ARN || who.Session != "" && role(caller) == role(who.Session)
}

func passMissing(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	a, gaps, ok := w.passGaps(ctx, side, about, about.Role)
	switch {
	case !ok || about.Role == "":
		return diagnose.Seen{}
	case len(gaps) == 0:
		return isNotSo(steps.T("%s: its policies let it pass %s", w.How(facts.FactPolicies, side), about.Role))
	case !certain(gaps):
		return diagnose.Seen{}
	}
	return isSo(cause(gaps), w.grantFix(ctx, side, a, gaps[0], "pass-role", policy.Statement{Effect: policy.EffectAllow, Action: []string{"iam:PassRole"}, Resource: []string{about.Role}}))
}

func passForeign(_ context.Context, _ *View, _ steps.Side, about diagnose.Subject) diagnose.Seen {
	role, err := awsid.ParseARN(about.Role)
	caller, err2 := awsid.ParseARN(about.Caller)
	if err != nil || err2 != nil {
		return diagnose.Seen{}
	}
	return seen(role.Account != caller.Account, steps.T("the caller is of account %s, the role of %s", string(caller.Account), string(role.Account)))
}

// passSpelling: a right on the role as IAM spells it does not help who names it
// otherwise.
func passSpelling(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	said, is := w.meant(ctx, side, about)
	switch {
	case is == nil:
		return diagnose.Seen{}
	case said == is.ARN:
		return isNotSo(steps.T("%s: %s, spelt as in the error", w.How(facts.FactRole, side), is.ARN.String()))
	}
	return isSo(steps.T("IAM says %s, the error %s", is.ARN.String(), said.String()), again(is))
}

func passedElsewhere(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	_, gaps, ok := w.passGaps(ctx, side, about, about.Role)
	if !ok || about.Role == "" {
		return diagnose.Seen{}
	}
	for _, g := range gaps {
		for _, l := range g.Lacks {
			if slices.ContainsFunc(l.Misses, func(m policy.Miss) bool { return strings.EqualFold(m.Want, "iam:PassedToService") }) {
				return isSo(l.Text, steps.Fix{Text: steps.T("Let the condition name %s", service)})
			}
		}
	}
	return isNotSo(steps.T("%s: no condition on iam:PassedToService is in the way", w.How(facts.FactPolicies, side)))
}
