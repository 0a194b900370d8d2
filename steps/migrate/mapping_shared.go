package migrate

import (
	"context"
	"slices"
	"strings"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/resource"
)

// observerPrefix begins the names of the observer roles of all migrations.
const observerPrefix = "snapferry_observer_"

// Shared says whether another migration signs as the same identity: it found that
// one mapped to manage_snapshots and needs it there, though it mapped nobody
// itself. What tells is its observer role, which each migration has of its own.
func (s mappingStep) Shared(ctx context.Context, _ *engine.World, c steps.Change) (steps.Text, error) {
	if c.Ref.Kind != steps.KindRoleMapping || c.Ref.Name != roleSnapshots {
		return steps.Text{}, nil
	}
	before, _, err := resource.ParseRoleMapping(c.Before)
	if err != nil {
		return steps.Text{}, err
	}
	after, _, err := resource.ParseRoleMapping(c.After)
	if err != nil {
		return steps.Text{}, err
	}
	domain, err := s.facts.Mapper(ctx, s.side)
	if err != nil {
		return steps.Text{}, err
	}
	roles, err := domain.Roles(ctx)
	if err != nil {
		return steps.Text{}, err
	}
	had := slices.Concat(before.Users, before.BackendRoles)
	for _, role := range roles {
		if !strings.HasPrefix(role.Name, observerPrefix) || role.Name == s.observerRole() {
			continue
		}
		m, err := domain.RoleMapping(ctx, role.Name)
		if err != nil {
			return steps.Text{}, err
		}
		for _, who := range slices.Concat(after.Users, after.BackendRoles) {
			if m != nil && !slices.Contains(had, who) && slices.Contains(slices.Concat(m.Users, m.BackendRoles), who) {
				return steps.T("%s signs for another migration, too, as its role %s says; once that one is taken back, take this one back again", who, role.Name), nil
			}
		}
	}
	return steps.Text{}, nil
}
