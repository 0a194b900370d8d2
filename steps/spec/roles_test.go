package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

// TestRoles: which role each domain has, who has it beside, and what it may do.
func TestRolesOfShapes(t *testing.T) {
	type role struct {
		Of, With          []steps.Side
		Writes, HandsOver bool
	}
	both, source, target := []steps.Side{steps.Source, steps.Target}, []steps.Side{steps.Source}, []steps.Side{steps.Target}
	for _, c := range []struct {
		shape Shape
		owner steps.Side // of the bucket
		side  steps.Side // of the domain
		want  role
	}{
		{ShapeTwoAccounts, steps.Source, steps.Source, role{Of: source, With: source, Writes: true}},
		{ShapeTwoAccounts, steps.Source, steps.Target, role{Of: target, With: target}},
		{ShapeTwoAccounts, steps.Target, steps.Source, role{Of: source, With: source, Writes: true, HandsOver: true}},
		{ShapeTwoAccounts, steps.Target, steps.Target, role{Of: target, With: target}},
		{ShapeSameAccount, steps.Source, steps.Source, role{Of: source, With: both, Writes: true}},
		{ShapeSameAccount, steps.Source, steps.Target, role{Of: source, With: both, Writes: true}},
		{ShapeSameAccount, steps.Target, steps.Source, role{Of: source, With: both, Writes: true}},
		{ShapeSameDomain, steps.Source, steps.Source, role{Of: source, With: source, Writes: true}},
	} {
		s := &Spec{Shape: c.shape, Bucket: BucketSpec{Owner: c.owner}}
		of := s.RoleSide(c.side)
		got := role{Of: []steps.Side{of}, With: s.DomainsOf(of), Writes: s.RoleWrites(c.side), HandsOver: s.RoleHandsOver(c.side)}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s, bucket of the %s, the %s domain: %s", c.shape, c.owner, c.side, d)
		}
		if n := len(s.RoleSides()); (n == 2) != (c.shape == ShapeTwoAccounts) || s.OneAccount() == (n == 2) {
			t.Errorf("%s: %v", c.shape, s.RoleSides())
		}
	}
}
