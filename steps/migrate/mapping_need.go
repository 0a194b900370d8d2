package migrate

import (
	"context"
	"slices"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// Mapped says that nothing has to be mapped on a side for a migration: its signer has
// the roles already, or its domain knows none. What cannot be told may have to be.
func Mapped(ctx context.Context, f *facts.Facts, side steps.Side) bool {
	who, err := f.AuthInfo(ctx, side, facts.Signer)
	if err != nil || who == nil {
		return err == nil
	}
	s := mappingStep{route: &route{spec: f.Spec(), facts: f}, side: side}
	return slices.Contains(who.Roles, roleAll) || s.has(*who)
}

// has says that the signer has both roles it works with.
func (s mappingStep) has(who cluster.AuthInfo) bool {
	return slices.Contains(who.Roles, roleSnapshots) && slices.Contains(who.Roles, s.observerRole())
}
