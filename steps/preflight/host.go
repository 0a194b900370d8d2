package preflight

import (
	"context"
	"time"

	"snapferry/steps"
)

// tolerance is what the service forgives a clock: five minutes, by the text of
// its own refusal ("Signature expired: … (… - 5 min.)").
const tolerance = 5 * time.Minute

func clockInStep(side steps.Side) Check {
	return check{CheckInfo{
		ID: steps.CheckID(string(side) + "-clock-in-step"), Family: steps.FamilyHost, Severity: steps.Block,
		Statement: steps.T("this host's clock agrees with the %s domain's", string(side)),
		Why:       steps.T("A signature carries the time; one that is more than five minutes off is refused as expired or not yet current."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		ahead, err := f.Clock(ctx, side)
		if err != nil {
			return one(v.unread(err))
		}
		if ahead.Abs() < tolerance {
			return one(v.pass(steps.T("the domain's clock is %s ahead", ahead.Round(time.Second).String())))
		}
		return one(v.fail(steps.T("the domain's clock is %s ahead of this host's", ahead.Round(time.Second).String()),
			steps.Fix{Text: steps.T("Set this host's clock (NTP); signed calls will be refused until then")}))
	}}
}
