package preflight

import (
	"context"

	"snapferry/steps"
)

func roleSpelling() Check {
	return check{CheckInfo{
		ID: "role-exact-spelling", Family: steps.FamilyRole, Severity: steps.Block,
		Statement: steps.T("the snapshot role is named letter by letter as IAM spells it"),
		Why:       steps.T("IAM makes no two roles whose names differ in case only, but assumes them with regard to case; a role in other spelling exists in the console and fails in STS."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		r, err := f.Role(ctx, steps.Source)
		if err != nil {
			return one(v.unread(err))
		}
		v = v.on("%s", r.Asked)
		switch {
		case r.Found != nil:
			asked := f.Spec().Source.Role.ARN
			if !asked.IsZero() && asked != r.Found.ARN {
				return one(v.fail(steps.T("the answers say %s", asked.String()),
					steps.Fix{Text: steps.T("Use %s", r.Found.ARN.String())}, steps.T("IAM says %s", r.Found.ARN.String())))
			}
			return one(v.pass(steps.T("IAM says %s", r.Found.ARN.String())))
		case len(r.Similar) > 0:
			return one(v.fail(steps.T("there is a role %s, and IAM will make no second one", r.Similar[0].ARN.String()),
				steps.Fix{Text: steps.T("Answer with that exact name, or choose another")}))
		}
		found := v.pass(steps.T("there is none of that name yet"))
		found.Fix.Step = "source-role"
		return one(found)
	}}
}
