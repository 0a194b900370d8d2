package preflight

import (
	"context"
	"slices"

	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
)

// calls are what a migration asks of a domain, one of each kind.
var calls = []struct{ action, path string }{
	{"es:ESHttpGet", "/_cat/indices"},
	{"es:ESHttpPut", "/_snapshot/repository"},
	{"es:ESHttpPost", "/_snapshot/repository/snapshot/_restore"},
	{"es:ESHttpDelete", "/_snapshot/repository"},
}

// calling is the signer before the domain's access policy. The policy is nil where
// the domain has none.
func (w *View) calling(ctx context.Context, side steps.Side) (plea, facts.Domain, error) {
	who, err := w.signer(ctx, side)
	if err != nil {
		return plea{}, facts.Domain{}, err
	}
	d, err := w.Domain(ctx, side)
	if err != nil {
		return plea{}, d, err
	}
	p := plea{actor: who, kind: policy.KindDomainAccess}
	for _, c := range calls {
		p.requests = append(p.requests, policy.Request{
			Who: who.who, Action: c.action, Resource: d.ARN.String() + c.path, ResourceAccount: string(d.ARN.Account),
			Context: map[string][]string{"aws:RequestedRegion": {string(d.ARN.Region)}}, ContextUnknown: policy.OfNetwork,
		})
	}
	access, err := w.Access(ctx, side)
	switch {
	case err != nil:
		p.unreadResource = err
	case !access.Policy.IsZero():
		p.resource = &access.Policy
	}
	return p, d, nil
}

func signerMayCall(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-signer-may-call"), Family: steps.FamilyDomain, Severity: steps.Block,
		Statement: steps.T("the signer of the %s may get, put, post and delete on everything below the domain", string(side)),
		Why:       steps.T("Each HTTP method is a right of its own (es:ESHttpPut registers, es:ESHttpPost restores), and the resource has to end in /*: the domain's own ARN is for the control plane."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		now, d, err := f.calling(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		signer := now.actor
		v = v.on("%s", signer.who.String())
		if signer.who.Anonymous {
			return one(v.pass(steps.T("calls are answered to be unsigned: the access policy alone decides")))
		}
		then := now
		after, change := f.signerAfter(ctx, f.Spec().RoleSide(side), signer)
		then.actor = after
		return one(v.rule(ruling{
			now: now.ownGaps(), then: then.ownGaps(), change: change, unread: signer.unread, left: after.unread, stuck: f.blind(ctx, signerStep(f.Spec(), side)),
			seen: []steps.Text{steps.T("%s of %s, for %s/*", f.How(facts.FactPolicies, side), signer.who.String(), d.ARN.String())},
			fix: func(g policy.Gap) steps.Fix {
				return f.grantFix(ctx, side, signer, g, "domain", policy.Statement{Effect: policy.EffectAllow, Action: []string{"es:ESHttp*"}, Resource: []string{d.ARN.String() + "/*"}})
			},
		}))
	}}
}

func accessPolicyAdmits(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-access-policy-admits-signer"), Family: steps.FamilyDomain, Severity: steps.Block,
		Statement: steps.T("the access policy of the %s domain does not stand in the signer's way", string(side)),
		Why:       steps.T("Inside one account it need not name the signer, but may deny; a signer of another account it has to name. An unsigned call it has to admit by itself."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		now, d, err := f.calling(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		signer := now.actor
		v = v.on("%s %s", side, string(d.Name))
		then, change := now, (*steps.Change)(nil)
		if c, ok := f.Planned(ctx, steps.Ref{Kind: steps.KindAccessPolicy, Side: side, Name: string(d.Name)}); ok {
			if doc, err := resource.ParsePolicy(c.After); err == nil {
				then.resource, change = &doc, &c
			}
		}
		found := v.rule(ruling{
			now: now.resourceGaps(), then: then.resourceGaps(), change: change, unread: now.unreadResource, left: then.unreadResource, stuck: f.blind(ctx, signerStep(f.Spec(), side)),
			seen: []steps.Text{steps.T("%s: AccessPolicies, for %s", f.How(facts.FactDomain, side), signer.who.String())},
			fix: func(g policy.Gap) steps.Fix {
				if g.Decision.Verdict == policy.Deny {
					return steps.Fix{Text: steps.T("Take the signer out of that denial, or sign with another identity: no Allow lifts a Deny")}
				}
				fix := f.wouldBe(ctx, steps.Ref{Kind: steps.KindAccessPolicy, Side: side, Name: string(d.Name)}, merging(policy.Statement{
					Effect: policy.EffectAllow, Principal: policy.AWS(signer.who.ARN), Action: []string{"es:ESHttp*"}, Resource: []string{d.ARN.String() + "/*"},
				}))
				if fix.Text = steps.T("Let the access policy name the signer's role or user"); signer.who.ARN == "" {
					fix = steps.Fix{Text: steps.T("Let the signer sign, or have the access policy admit unsigned calls from here")}
				}
				return fix
			},
		})
		return one(f.letIn(ctx, side, found, now.resourceGaps()))
	}}
}

// letIn softens a doubt about the access policy by what was seen: conditions on
// addresses cannot be judged from here, but a call that passed them can. Each method
// is a right of its own: GET / tells of the others only where all of them hang on the
// same statements.
func (w *View) letIn(ctx context.Context, side steps.Side, found steps.Finding, gaps []policy.Gap) steps.Finding {
	if found.Outcome != steps.Unknown {
		return found
	}
	_, err := w.Answers(ctx, side)
	if f := failure.Of(err); err != nil && f.Front != failure.FrontEngine {
		return found
	}
	found.Evidence = append(found.Evidence, steps.T("GET / of the signer was let in to the engine"))
	if likeGet(gaps) {
		found.Outcome, found.Fix = steps.Note, steps.Fix{}
	}
	return found
}

// likeGet says that every call in doubt is so because of the statements that a GET is
// in doubt by.
func likeGet(gaps []policy.Gap) bool {
	i := slices.IndexFunc(gaps, func(g policy.Gap) bool { return g.Request.Action == calls[0].action })
	if i < 0 {
		return false
	}
	of := func(g policy.Gap) (list []int) {
		for _, why := range g.Decision.Why {
			switch {
			case why.Element == policy.ElementDocument: // a policy nobody could read
				return nil
			case why.Unsure:
				list = append(list, why.Index)
			}
		}
		return list
	}
	by := of(gaps[i])
	return len(by) > 0 && !slices.ContainsFunc(gaps, func(g policy.Gap) bool {
		return isCertain(g) || !slices.Equal(of(g), by)
	})
}
