package preflight

import (
	"cmp"
	"context"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
)

const (
	// service is the only documented principal that assumes snapshot roles (AWS
	// developer guide, creating index snapshots).
	service = "es.amazonaws.com"
	// otherService is the principal of other features of the service. A migration
	// with it alone was published and worked; AWS promises nothing.
	otherService = "opensearchservice.amazonaws.com"
)

// assume is the service taking on a role for a domain. The conditions a trust
// policy may have on its source are judged with source true.
func (w *View) assume(d facts.Domain, r snapshotRole, principal string, source bool) policy.Request {
	q := policy.Request{
		Who: policy.Who{Service: principal}, Action: "sts:AssumeRole", Resource: r.arn.String(), ResourceAccount: string(r.arn.Account),
		Context: map[string][]string{},
	}
	if source {
		q.Context["aws:SourceAccount"] = []string{string(d.ARN.Account)}
		q.Context["aws:SourceArn"] = []string{d.ARN.String()}
	}
	return q
}

func (r snapshotRole) trusts(q policy.Request) []policy.Gap {
	return policy.Gaps(policy.Stack{Resource: &r.trust, Kind: policy.KindTrust}, q)
}

func roleTrustsService(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-role-trusts-service"), Family: steps.FamilyRole, Severity: steps.Block,
		Statement: steps.T("the trust of the %s snapshot role lets es.amazonaws.com assume it for the domain", string(side)),
		Why:       steps.T("Registering the repository fails in STS with a foreign account in the message, which is the service's own. A role copied from another account often keeps that account and domain in its conditions."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		now, err := f.role(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		after, change := f.roleAfter(ctx, side, now)
		var found []steps.Finding
		for _, at := range f.Spec().DomainsOf(side) {
			d, err := f.domainOf(ctx, at)
			if err != nil {
				found = append(found, v.unread(err))
				continue
			}
			nameless := d.Name == "" // known by its endpoint alone
			v := v.on("%s for %s", now.arn.String(), d.ARN.String())
			q := f.assume(d, now, service, true)
			r := ruling{
				now: now.trusts(q), absent: !now.exists, then: after.trusts(q), change: change, stuck: f.blindRole(ctx, side),
				seen: []steps.Text{f.How(facts.FactRole, side)}, fix: func(g policy.Gap) steps.Fix { return f.trustFix(ctx, side, now, d, g) },
			}
			one := v.rule(r)
			if one.Outcome == steps.Block && len(now.trusts(f.assume(d, now, otherService, true))) == 0 {
				one.Outcome, one.Cause = steps.Warn, steps.T("it trusts %s, which was seen to work, and is not the documented principal", otherService)
			}
			if one.Outcome == steps.Block && nameless && now.exists {
				one.Outcome = steps.Unknown // it may well name the domain, as nobody here can
			}
			found = append(found, one)
		}
		return found
	}}
}

// trustFix is a statement beside those that are there, where a denial does not make
// that useless.
func (w *View) trustFix(ctx context.Context, side steps.Side, r snapshotRole, d facts.Domain, g policy.Gap) steps.Fix {
	if g.Decision.Verdict == policy.Deny {
		return steps.Fix{Text: steps.T("Take the service out of that denial in the role's trust policy")}
	}
	rules := []policy.Statement{trusting(d)}
	for _, at := range w.Spec().DomainsOf(side) {
		also, err := w.domainOf(ctx, at)
		if err == nil && also.ARN != d.ARN && certain(r.trusts(w.assume(also, r, service, also.SendsSource()))) {
			rules = append(rules, trusting(also)) // whose own fix is the whole policy as well
		}
	}
	fix := w.wouldBe(ctx, steps.Ref{Kind: steps.KindRole, Side: side, Name: r.arn.Name()}, func(doc steps.Doc) (steps.Doc, error) {
		role, _, err := resource.ParseRole(doc)
		role.Trust = resource.PolicyDoc(r.trust.Merge(rules...))
		return role.Doc(), err
	})
	fix.Text = steps.T("Let %s assume it for account %s and the domain, or answer with a role name to have a role made", service, string(d.ARN.Account))
	fix.Answers = w.byName(side, r.arn)
	return fix
}

// trusting lets the service take on a role for one domain. What is said for another
// domain bears another Sid, and stays.
func trusting(d facts.Domain) policy.Statement {
	rule := policy.Statement{
		Sid: "OpenSearchService" + policy.Mark(d.ARN.String()), Effect: policy.EffectAllow, Principal: policy.Service(service), Action: []string{"sts:AssumeRole"},
		Condition: policy.Conditions{"StringEquals": {"aws:SourceAccount": {string(d.ARN.Account)}}, "ArnLike": {"aws:SourceArn": {d.ARN.String()}}},
	}
	if !d.SendsSource() {
		rule.Condition = nil
	}
	return rule
}

// domainOf is a side's domain; one known by its endpoint alone may be any of its account.
func (w *View) domainOf(ctx context.Context, side steps.Side) (facts.Domain, error) {
	d, err := w.Domain(ctx, side)
	if err == nil && d.ARN.IsZero() {
		s := w.Spec().Side(side)
		d.ARN = awsid.DomainARN(s.Region.Partition(), s.Region, s.Account, "*")
	}
	return d, err
}

// wouldBe is a change of a thing that no step makes, as something to copy.
func (w *View) wouldBe(ctx context.Context, ref steps.Ref, edit func(steps.Doc) (steps.Doc, error)) steps.Fix {
	kind, known := w.Resource(ref.Kind)
	before, err := w.Doc(ctx, ref)
	if err != nil || !known {
		return steps.Fix{}
	}
	after, err := edit(before)
	if err != nil {
		return steps.Fix{}
	}
	shown := kind.Render(steps.NewChange("", ref, before, after, steps.Text{}))
	return steps.Fix{Command: strings.TrimSpace(cmp.Or(shown.CLI, shown.Curl))}
}

// merging puts statements beside those of a policy.
func merging(own ...policy.Statement) func(steps.Doc) (steps.Doc, error) {
	return func(doc steps.Doc) (steps.Doc, error) {
		d, err := resource.ParsePolicy(doc)
		return resource.PolicyDoc(d.Merge(own...)), err
	}
}

func softwareSendsSource(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-software-sends-source"), Family: steps.FamilyDomain, Severity: steps.Block,
		Statement: steps.T("the software of the %s domain is R20211203 or later, or the role's trust asks for no source", string(side)),
		Why:       steps.T("Older service software does not say for which domain it assumes a role, so that conditions on aws:SourceAccount and aws:SourceArn never hold."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		d, err := f.Domain(ctx, side)
		v = v.on("%s %s", side, f.Spec().Side(side).Domain)
		switch {
		case err != nil:
			return one(v.unread(err))
		case !d.Described:
			return one(v.skipped(foundID(side), steps.T("only the control plane tells, and it could not be asked")))
		case d.SendsSource():
			return one(v.pass(steps.T("%s: service software %q", f.How(facts.FactDomain, side), d.Software.Current)))
		}
		of := f.Spec().RoleSide(side)
		now, err := f.role(ctx, of)
		if err != nil {
			return one(v.unread(err))
		}
		after, change := f.roleAfter(ctx, of, now)
		q := f.assume(d, now, service, false)
		return one(v.rule(ruling{
			now: now.trusts(q), absent: !now.exists, then: after.trusts(q), change: change, stuck: f.blindRole(ctx, of),
			seen: []steps.Text{steps.T("%s: service software %q", f.How(facts.FactDomain, side), d.Software.Current), f.How(facts.FactRole, of)},
			fix: func(g policy.Gap) steps.Fix {
				fix := f.trustFix(ctx, of, now, d, g)
				fix.Text = steps.T("Update the domain's service software, or let the trust ask for no source")
				return fix
			},
		}))
	}}
}
