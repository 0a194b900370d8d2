package facts

import (
	"context"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// Guarded says whether a side's domain has fine-grained access control. The
// control plane tells it; where that cannot be asked, the domain itself does, by
// knowing who somebody is.
func (f *Facts) Guarded(ctx context.Context, side steps.Side) (bool, error) {
	d, err := f.Domain(ctx, side)
	if err != nil {
		return false, err
	}
	if d.Described {
		return d.Security.Enabled, nil
	}
	who, err := f.AuthInfo(ctx, side, Signer)
	return who != nil, err
}

// AuthInfo is who a side's domain takes an identity for, and which roles of its
// fine-grained access control that one has, as they take effect; nil where it has
// none.
func (f *Facts) AuthInfo(ctx context.Context, side steps.Side, role Role) (*cluster.AuthInfo, error) {
	return slotFact(ctx, f, FactAuthInfo, Slot{side, role}, "", func(ctx context.Context, c *cluster.Cluster) (*cluster.AuthInfo, error) {
		return c.AuthInfo(ctx)
	})
}
