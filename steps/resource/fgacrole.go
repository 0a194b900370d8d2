package resource

import (
	"cmp"
	"context"
	"slices"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// FGACRole is the document of a role of fine-grained access control:
// Ref{KindFGACRole, side, NAME}. Its lists are sorted sets.
type FGACRole struct {
	Description        string                     `json:"description,omitempty"`
	ClusterPermissions []string                   `json:"cluster_permissions"`
	IndexPermissions   []cluster.IndexPermission  `json:"index_permissions"`
	TenantPermissions  []cluster.TenantPermission `json:"tenant_permissions"`
	// Reserved says that the domain keeps the role to itself: it cannot be changed.
	Reserved bool `json:"reserved,omitempty"`
}

// Doc is the canonical document. A domain gives sets back in any order.
func (r FGACRole) Doc() steps.Doc {
	r.ClusterPermissions = sortedSet(r.ClusterPermissions)
	r.IndexPermissions = ordered(r.IndexPermissions, func(p *cluster.IndexPermission) {
		p.Patterns, p.Actions, p.FLS, p.MaskedFields = sortedSet(p.Patterns), sortedSet(p.Actions), sortedSet(p.FLS), sortedSet(p.MaskedFields)
	})
	r.TenantPermissions = ordered(r.TenantPermissions, func(p *cluster.TenantPermission) {
		p.Patterns, p.Actions = sortedSet(p.Patterns), sortedSet(p.Actions)
	})
	return canonical(r)
}

// ordered brings every element to its normal form and all of them into an order
// that depends on nothing but them.
func ordered[T any](list []T, normal func(*T)) []T {
	out := append([]T{}, list...)
	for i := range out {
		normal(&out[i])
	}
	slices.SortFunc(out, func(a, b T) int { return cmp.Compare(canonical(a), canonical(b)) })
	return out
}

// ParseFGACRole reads what FGACRole.Doc wrote; ok is false for the absent document.
func ParseFGACRole(doc steps.Doc) (r FGACRole, ok bool, err error) {
	ok, err = parse(doc, &r)
	return r, ok, err
}

// fgacRoleKind is a role of our own, written and taken away whole by the mapper.
type fgacRoleKind struct {
	access Access
	opts   Options
}

func (k fgacRoleKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error) {
	c, err := k.access.Mapper(ctx, ref.Side)
	if err != nil {
		return "", err
	}
	r, err := c.Role(ctx, ref.Name)
	if err != nil || r == nil {
		return steps.Absent, err
	}
	return FGACRole{
		Description: r.Description, ClusterPermissions: r.ClusterPermissions,
		IndexPermissions: r.IndexPermissions, TenantPermissions: r.TenantPermissions, Reserved: r.Fixed,
	}.Doc(), nil
}

func (k fgacRoleKind) Write(ctx context.Context, ref steps.Ref, _, want steps.Doc) error {
	c, err := k.access.Mapper(ctx, ref.Side)
	if err != nil {
		return err
	}
	live, err := c.Role(ctx, ref.Name)
	after, _, err1 := ParseFGACRole(want)
	switch {
	case firstOf(err, err1) != nil:
		return firstOf(err, err1)
	case live != nil && live.Fixed:
		return reservedError(ref)
	}
	return c.PutRole(ctx, cluster.Role{
		Name: ref.Name, Description: after.Description, ClusterPermissions: after.ClusterPermissions,
		IndexPermissions: after.IndexPermissions, TenantPermissions: after.TenantPermissions,
	})
}

// Delete leaves the role's mapping, which is a change of its own.
func (k fgacRoleKind) Delete(ctx context.Context, ref steps.Ref, _ steps.Doc) error {
	c, err := k.access.Mapper(ctx, ref.Side)
	if err != nil {
		return err
	}
	return c.DeleteRole(ctx, ref.Name)
}

// Takeback: a role is ours as long as it is what we wrote. Whoever changed it
// since may have given it to others.
func (k fgacRoleKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text) {
	switch {
	case !live.Exists() && !before.Exists():
		return steps.Absent, true, steps.Text{}
	case !live.Exists():
		return live, false, steps.T("the role was removed since")
	case live != after:
		return live, false, steps.T("the role was changed since")
	}
	return before, true, steps.Text{}
}

func (k fgacRoleKind) Render(c steps.Change) Renderings {
	after, _, err := ParseFGACRole(c.After)
	if err != nil || after.Reserved {
		return Renderings{}
	}
	return k.opts.security(c, "roles", "PUT", after)
}
