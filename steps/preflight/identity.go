package preflight

import (
	"context"

	"snapferry/steps"
	"snapferry/steps/facts"
)

func identityMatches(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-identity"), Family: steps.FamilyIdentity, Severity: steps.Block,
		Statement: steps.T("the control identity of the %s belongs to the account that was typed", string(side)),
		Why:       steps.T("Whatever is made would be made in another account."),
	}, accountMatches(side, facts.Control)}
}

func signerMatches(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-signer-identity"), Family: steps.FamilyIdentity, Severity: steps.Block,
		Statement: steps.T("the signer of the %s belongs to the account that was typed", string(side)),
		Why:       steps.T("A signer can pass only roles of its own account, so registering the repository would be refused."),
	}, accountMatches(side, facts.Signer)}
}

func accountMatches(side steps.Side, role facts.Role) func(context.Context, *View, verdict) []steps.Finding {
	return func(ctx context.Context, f *View, v verdict) []steps.Finding {
		who, err := f.Identity(ctx, side, role)
		if err != nil {
			return one(v.unread(err))
		}
		want := f.Spec().Side(side).Account
		v = v.on("%s", who.ARN.String())
		evidence := steps.T("STS says account %s, credentials from %s", string(who.Account), who.Provider)
		if who.ByMachine {
			evidence = steps.T("STS cannot be reached from here; the machine's own metadata says account %s", string(who.Account))
		}
		if want == "" {
			return one(v.note(steps.T("no account id was typed to compare with"), evidence))
		}
		if who.Account == want {
			return one(v.pass(evidence))
		}
		return one(v.fail(steps.T("the credentials are of account %s, the answers say %s", string(who.Account), string(want)),
			steps.Fix{Text: steps.T("Choose another profile or role for the %s, or correct %s.account", string(side), string(side))}, evidence))
	}
}
