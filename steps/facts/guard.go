package facts

import (
	"context"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/resource"
)

// Guarded says whether a side's domain has fine-grained access control. The
// control plane tells it; where that cannot be asked, the domain itself does, by
// knowing who somebody is.
func (f *Facts) Guarded(ctx context.Context, side steps.Side) (bool, error) {
	d, err := f.Domain(ctx, side)
	if err != nil && !Unmapped(err) {
		return false, err
	}
	if d.Described {
		return d.Security.Enabled, nil
	}
	who, err := f.AuthInfo(ctx, side, Signer)
	return who != nil, err
}

// Unmapped says that a domain's own access control refused: whoever asked was let in, and
// has no role that goes so far.
func Unmapped(err error) bool {
	return failure.Is(err, failure.Denied) && failure.Of(err).Front == failure.FrontEngine
}

// AuthInfo is who a side's domain takes an identity for, and which roles of its
// fine-grained access control that one has, as they take effect; nil where it has
// none.
func (f *Facts) AuthInfo(ctx context.Context, side steps.Side, role Role) (*cluster.AuthInfo, error) {
	return slotFact(ctx, f, FactAuthInfo, Slot{side, role}, "", func(ctx context.Context, c *cluster.Cluster) (*cluster.AuthInfo, error) {
		return c.AuthInfo(ctx)
	})
}

// Access is how a domain decides who may do what on it, as the control plane
// tells it.
type Access struct {
	// Guarded says that it has fine-grained access control, Internal that people
	// may come with a name and a password of its own.
	Guarded, Internal bool
	// Policy is its access policy, zero for none.
	Policy policy.Document
}

// Access reads it; what only the control plane knows is an error where that cannot
// be asked.
func (f *Facts) Access(ctx context.Context, side steps.Side) (Access, error) {
	d, err := f.described(ctx, side)
	if err != nil {
		return Access{}, err
	}
	a := Access{Guarded: d.Security.Enabled, Internal: d.Security.InternalUsers}
	if len(d.AccessPolicy) > 0 {
		a.Policy, err = policy.Parse(d.AccessPolicy)
	}
	return a, f.failed(FactDomain, side, err)
}

// Permissions is what a side's mapper may do with the security API. Asking changes
// nothing and proves a password too.
func (f *Facts) Permissions(ctx context.Context, side steps.Side) (cluster.Permissions, error) {
	return slotFact(ctx, f, FactPermissions, Slot{side, Mapper}, "", func(ctx context.Context, c *cluster.Cluster) (cluster.Permissions, error) {
		return c.PermissionsInfo(ctx)
	})
}

// RoleMapping is who has a role of a side's domain; ok is false where nobody was
// ever given it.
func (f *Facts) RoleMapping(ctx context.Context, side steps.Side, role string) (m resource.RoleMapping, ok bool, err error) {
	doc, err := f.Doc(ctx, steps.Ref{Kind: steps.KindRoleMapping, Side: side, Name: role})
	if err != nil {
		return m, false, err
	}
	m, ok, err = resource.ParseRoleMapping(doc)
	return m, ok, f.failed(FactRoleMapping, side, err)
}
