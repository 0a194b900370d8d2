package preflight

import (
	"context"

	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// passing is handing the role over to the service for a domain. AWS does not say
// whether the domain, asking about its caller, counts as a service between.
func passing(who policy.Who, role, domain string) policy.Request {
	return policy.Request{Who: who, Action: "iam:PassRole", Resource: role, Context: map[string][]string{
		"iam:PassedToService": {service}, "iam:AssociatedResourceArn": {domain},
	}, ContextUnknown: append([]string{"aws:ViaAWSService"}, policy.OfNetwork...)}
}

func signerMayPass(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-signer-may-pass-role"), Family: steps.FamilyRole, Severity: steps.Block,
		Statement: steps.T("the signer of the %s may pass exactly the snapshot role to the service", string(side)),
		Why:       steps.T("Registering the repository is refused without iam:PassRole. It is the signer's right, not the snapshot role's, and it ends at the account's edge."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		of := f.Spec().RoleSide(side)
		role, err := f.role(ctx, of)
		if err != nil {
			return one(v.unread(err))
		}
		d, err := f.Domain(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		signer, err := f.signer(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		v = v.on("%s", signer.who.String())
		switch {
		case signer.who.Anonymous:
			return one(v.fail(steps.T("calls to this domain are answered to be unsigned, and nobody can pass a role unsigned"),
				steps.Fix{Text: steps.T("Leave out %s.auth: an open domain takes signed calls, too", string(side))}))
		case signer.who.Account != string(role.arn.Account):
			return one(v.fail(steps.T("the signer is of account %s, the role of %s: roles cannot be passed across accounts", signer.who.Account, string(role.arn.Account)),
				steps.Fix{Text: steps.T("Sign with an identity of the role's account, or use a snapshot role of the signer's")}, f.How(facts.FactIdentity, side)))
		}
		ask := func(a actor) []policy.Gap {
			return plea{actor: a, requests: []policy.Request{passing(a.who, role.arn.String(), d.ARN.String())}}.ownGaps()
		}
		after, change := f.signerAfter(ctx, of, signer)
		return one(v.rule(ruling{
			now: ask(signer), then: ask(after), change: change, unread: signer.unread, left: after.unread, stuck: f.blind(ctx, signerStep(f.Spec(), side)),
			seen: []steps.Text{steps.T("%s of %s, for %s", f.How(facts.FactPolicies, side), signer.who.String(), role.arn.String())},
			fix: func(g policy.Gap) steps.Fix {
				return f.grantFix(ctx, side, signer, g, "pass-role", policy.Statement{Effect: policy.EffectAllow, Action: []string{"iam:PassRole"}, Resource: []string{role.arn.String()}})
			},
		}))
	}}
}

// grantFix gives the signer what it lacks, where no denial or boundary makes that
// useless.
func (w *View) grantFix(ctx context.Context, side steps.Side, signer actor, g policy.Gap, purpose string, lacks policy.Statement) steps.Fix {
	switch g.Decision.Layer {
	case policy.LayerBoundary:
		return steps.Fix{Text: steps.T("Have the permissions boundary allow it, too, or sign with another identity: the boundary caps what any policy grants")}
	case policy.LayerIdentity:
	default:
		return steps.Fix{Text: steps.T("Have the owner of that policy allow it")}
	}
	if g.Decision.Verdict == policy.Deny {
		return steps.Fix{Text: steps.T("Except it from that denial, or sign with another identity: no Allow lifts a Deny")}
	}
	fix := w.wouldBe(ctx, steps.Ref{Kind: steps.KindSignerGrant, Side: side, Name: signer.who.ARN, In: grantName(purpose, lacks.Resource[0])}, merging(lacks))
	fix.Text = steps.T("Give the signer this right")
	return fix
}

func passRoleAtSigner(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-pass-role-at-signer"), Family: steps.FamilyRole, Severity: steps.Note,
		Statement: steps.T("iam:PassRole stands with who signs, not in the %s snapshot role's own policy", string(side)),
		Why:       steps.T("A tutorial puts it into the role itself, where it does nothing for the migration: the signer hands the role over, the role passes nothing on."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		role, err := f.role(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		v = v.on("%s", role.arn.String())
		gaps := plea{actor: role.actor, requests: []policy.Request{passing(role.who, role.arn.String(), "")}}.ownGaps()
		switch {
		case !role.exists:
			return one(v.pass(steps.T("there is none of that name yet")))
		case len(gaps) == 0:
			return one(v.note(steps.T("the role may pass itself on, which it never does: harmless, and no help to the signer"), f.How(facts.FactRole, side)))
		case !certain(gaps) && role.unread != nil:
			return one(v.unread(role.unread))
		}
		return one(v.pass(append([]steps.Text{f.How(facts.FactRole, side)}, tried(gaps)...)...))
	}}
}
