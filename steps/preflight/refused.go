package preflight

import (
	"errors"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// refused turns the refusal of a probe into a finding: what it is, word for
// word, the request as curl, and the way out by what kind of refusal it is.
//
// What went wrong on the way to the probe (describing the domain, assuming the
// signer's role) is no refusal of it, and stays unknown.
func (v verdict) refused(err error, curl string, how steps.Text) steps.Finding {
	is := failure.Of(err)
	var fact *facts.Error
	if onWay := errors.As(err, &fact) && fact.Fact != facts.FactEngine; onWay || is.Front == failure.FrontAWS {
		return v.unread(err)
	}
	var fix steps.Text
	switch is.Kind {
	case failure.Denied:
		fix = steps.T("Give the signer es:ESHttpGet on the domain's ARN followed by /*, and see that the domain's access policy does not deny it")
	case failure.Expired:
		fix = steps.T("Log in again")
	case failure.Signature:
		fix = steps.T("Check the secret key, the clock, and that the endpoint is the domain's real host name")
	case failure.Unreachable, failure.Timeout:
		fix = steps.T("Run on a host that reaches the domain, or say a tunnel or proxy to it in source.via or target.via")
	case failure.TLS:
		fix = steps.T("Connect under the domain's real name; with a tunnel, say its address in source.via or target.via and keep the endpoint")
	case failure.Throttled:
		fix = steps.T("Try again in a moment")
	default:
		found := v.unread(err)
		found.Fix.Command = curl
		return found
	}
	found := v.fail(steps.T("%s", is.Message), steps.Fix{Text: fix, Command: curl}, how)
	if is.Status > 0 {
		found.Evidence = append(found.Evidence, steps.T("status %d", is.Status))
	}
	if is.RequestID != "" {
		found.Evidence = append(found.Evidence, steps.T("request id %s", is.RequestID))
	}
	return found
}
