package spec

import "snapferry/steps"

// OneAccount says that both ends live in one account, so that one snapshot role serves
// both domains.
func (s *Spec) OneAccount() bool { return s.Shape != ShapeTwoAccounts }

// RoleSide is the side whose snapshot role a side's domain assumes.
func (s *Spec) RoleSide(side steps.Side) steps.Side {
	if s.OneAccount() {
		return steps.Source
	}
	return side
}

// RoleSides are the sides that have a snapshot role.
func (s *Spec) RoleSides() []steps.Side {
	if s.OneAccount() {
		return []steps.Side{steps.Source}
	}
	return []steps.Side{steps.Source, steps.Target}
}

// DomainsOf are the sides whose domains assume the snapshot role of a side.
func (s *Spec) DomainsOf(side steps.Side) []steps.Side {
	if s.Shape == ShapeSameAccount {
		return []steps.Side{steps.Source, steps.Target}
	}
	return []steps.Side{side}
}

// RoleWrites says that the role of a side's domain may write into the bucket, and the
// others only read. It is the role's right and not what its domain does with it: inside
// one account the target's domain has the writing role, too, and only its registration,
// which is readonly, keeps it from writing.
func (s *Spec) RoleWrites(side steps.Side) bool { return s.RoleSide(side) == steps.Source }

// RoleHandsOver says that the role of a side's domain writes into a bucket of another
// account, which has to own what is written.
func (s *Spec) RoleHandsOver(side steps.Side) bool {
	return s.RoleWrites(side) && !s.OneAccount() && s.Bucket.Owner != side
}
