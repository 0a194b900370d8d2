package preflight

import (
	"context"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// spellingID is the check that others lean on where there is no role to judge.
const spellingID steps.CheckID = "role-exact-spelling"

func roleSpelling() Check {
	return check{CheckInfo{
		ID: spellingID, Family: steps.FamilyRole, Severity: steps.Block,
		Statement: steps.T("the snapshot roles are named letter by letter as IAM spells them"),
		Why:       steps.T("IAM makes no two roles whose names differ in case only, but assumes them with regard to case; a role in other spelling exists in the console and fails in STS. Its path is part of its ARN."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		var found []steps.Finding
		for _, side := range f.Spec().RoleSides() {
			r, err := f.Role(ctx, side)
			if err != nil {
				found = append(found, v.unread(err))
				continue
			}
			found = append(found, answeredAs(f, v.on("%s %s", string(side), string(r.Asked)), side, r))
			if r.Found != nil {
				found = append(found, registeredAs(ctx, f, v, side, r.Found.ARN)...)
			}
		}
		return found
	}}
}

// answeredAs compares IAM's spelling with the answers'.
func answeredAs(f *View, v verdict, side steps.Side, r facts.SnapshotRole) steps.Finding {
	asked := f.Spec().Side(side).Role.ARN
	how := f.How(facts.FactRole, side)
	switch {
	case r.Found != nil && !asked.IsZero() && asked != r.Found.ARN:
		return v.fail(steps.T("the answers say %s", asked.String()),
			steps.Fix{Text: steps.T("Use %s", r.Found.ARN.String()), Answers: f.spelled(side, r.Found.ARN)}, steps.T("IAM says %s", r.Found.ARN.String()))
	case r.Found != nil:
		return v.pass(steps.T("IAM says %s", r.Found.ARN.String()))
	case len(r.Similar) > 0 && !asked.IsZero():
		return v.fail(steps.T("the answers say %s, IAM says %s, and STS compares letter by letter", asked.String(), r.Similar[0].ARN.String()),
			steps.Fix{Text: steps.T("Use %s", r.Similar[0].ARN.String()), Answers: f.spelled(side, r.Similar[0].ARN)}, how)
	case len(r.Similar) > 0:
		return v.fail(steps.T("there is a role %s, and IAM will make no second one", r.Similar[0].ARN.String()),
			steps.Fix{Text: steps.T("Say that exact name under %s.role.name, and the plan adds to that role what it lacks; or choose another name there for one of its own; or say its ARN under %s.role.arn, and nothing in it is changed", string(side), string(side)), Answers: f.spelled(side, r.Similar[0].ARN)}, how)
	case !asked.IsZero():
		return v.fail(steps.T("there is no role %s", asked.String()),
			steps.Fix{Text: steps.T("Copy the ARN from IAM, letter by letter, or answer with a name to have a role made"), Answers: f.byName(side, asked)}, how)
	}
	found := v.pass(steps.T("there is none of that name yet"))
	found.Fix.Step = steps.StepID(string(side) + "-role")
	return found
}

// registeredAs compares it with what the domains were registered with before. A
// registration that may not be read is another check's finding.
func registeredAs(ctx context.Context, f *View, v verdict, side steps.Side, arn awsid.ARN) []steps.Finding {
	name := f.Spec().Move.Repository
	var found []steps.Finding
	for _, at := range f.Spec().DomainsOf(side) {
		r, err := f.Repository(ctx, at, name)
		if err != nil || r == nil || r.Settings["role_arn"] == "" || r.Settings["bucket"] != string(f.Spec().Bucket.Name) {
			continue
		}
		v, how := v.on("%s repository %s", string(at), string(name)), f.How(facts.FactRepository, at)
		if said := r.Settings["role_arn"]; said != arn.String() {
			found = append(found, v.fail(steps.T("it is registered with %s, IAM says %s", said, arn.String()),
				steps.Fix{Text: steps.T("Remove that registration if nobody needs it (the objects in the bucket stay); the plan registers with IAM's spelling")}, how))
			continue
		}
		found = append(found, v.pass(steps.T("registered with %s", arn.String()), how))
	}
	return found
}
