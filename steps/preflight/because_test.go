package preflight_test

import (
	"testing"

	"snapferry/steps"
	"snapferry/steps/preflight"
)

func unknown(id steps.CheckID, family steps.Family, how, why string) act {
	return act{id, func() []steps.Finding {
		return []steps.Finding{{
			ID: id, Family: family, Outcome: steps.Unknown, Cause: steps.T("%s", why), Evidence: []steps.Text{steps.T("%s", how)},
			Fix: steps.Fix{Text: steps.T("log in")},
		}}
	}}
}

// TestACauseIsToldOnce: what keeps many checks from asking is one finding's, the
// identity's where there is one.
func TestACauseIsToldOnce(t *testing.T) {
	found := preflight.Run(t.Context(), nil, []preflight.Check{
		unknown("clock", steps.FamilyHost, "STS", "no profile"),
		unknown("identity", steps.FamilyIdentity, "STS", "no profile"),
		unknown("signer", steps.FamilyIdentity, "STS", "no profile"),
		unknown("bucket", steps.FamilyBucket, "S3", "no profile"),
		unknown("other", steps.FamilyFit, "STS", "no profile of the other side"),
		act{"fine", func() []steps.Finding { return []steps.Finding{{ID: "fine", Outcome: steps.Pass}} }},
	})
	for i, want := range []struct {
		outcome steps.Outcome
		because steps.CheckID
	}{{steps.Skipped, "identity"}, {steps.Unknown, ""}, {steps.Skipped, "identity"}, {steps.Unknown, ""}, {steps.Unknown, ""}, {steps.Pass, ""}} {
		f := found[i]
		if f.Outcome != want.outcome || f.BecauseOf != want.because {
			t.Errorf("%s is %s because of %q, wants %s because of %q", f.ID, f.Outcome, f.BecauseOf, want.outcome, want.because)
		}
		if f.Outcome == steps.Unknown && f.Fix.Text.IsZero() || f.Outcome == steps.Skipped && !f.Fix.Text.IsZero() {
			t.Errorf("%s: fix %q", f.ID, f.Fix.Text)
		}
	}
	if preflight.NothingKnown(found) || !preflight.NothingKnown(found[:5]) {
		t.Error("one check that passed is something known; unknown and skipped alone are nothing")
	}
}
