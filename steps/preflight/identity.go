package preflight

import (
	"context"
	"errors"
	"strings"

	"snapferry/awsx/failure"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
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

// doubted notes an identity that was named and is no use: no run gets by without it.
// One that nobody named may not be meant, and what a line is in the way of may be there.
func (w *View) doubted(v verdict, side steps.Side, role facts.Role, err error) {
	s := w.Spec().Side(side)
	said := s.Control
	if role == facts.Signer {
		said = s.Signer
	}
	if errors.Is(err, facts.ErrNobody) {
		if role == facts.Signer && s.Auth != spec.AuthUnsigned {
			w.unusable.Store(v.info.ID, true) // nothing can be asked of a domain unsigned
		}
		return
	}
	var own *steps.Error
	var none *session.Error
	strange := errors.As(err, &own) && strings.HasSuffix(own.Field, ".profile")
	switch is := failure.Of(err); {
	case said.Base == "" && len(said.Chain) == 0, is.Kind == failure.Unreachable, is.Kind == failure.Timeout, is.Kind == failure.Throttled:
	case strange, errors.As(err, &none), is.NeedsLogin():
		w.unusable.Store(v.info.ID, true)
	}
}

// blocked has the checks of identities that are no use stop the run. Until then they
// are unknown like all that rests on them, so that the cause is told once.
func (w *View) blocked(found []steps.Finding) []steps.Finding {
	for i, f := range found {
		if _, no := w.unusable.Load(f.ID); no && f.Outcome == steps.Unknown {
			found[i].Outcome = steps.Block
			if f.Fix.Text.IsZero() {
				found[i].Fix.Text = steps.T("Name another identity")
			}
		}
	}
	return found
}

func accountMatches(side steps.Side, role facts.Role) func(context.Context, *View, verdict) []steps.Finding {
	return func(ctx context.Context, f *View, v verdict) []steps.Finding {
		who, err := f.Identity(ctx, side, role)
		if err != nil {
			f.doubted(v, side, role, err)
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
