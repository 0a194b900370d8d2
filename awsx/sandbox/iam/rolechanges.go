package iam

import (
	"strings"

	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// deleteRole ends the role's sessions too: their role is gone, and they are
// refused from now on.
func deleteRole(_ *wire.Input, _ *world.State, a *world.Account, r *world.Role) (any, error) {
	if err := empty(r.Grants); err != nil {
		return nil, err
	}
	delete(a.Roles, strings.ToLower(r.Name))
	return nil, nil
}

// empty refuses to delete a principal that still holds policies.
func empty(g world.Grants) error {
	switch {
	case len(g.Attached) > 0:
		return conflict("Cannot delete entity, must detach all policies first.")
	case len(g.Inline) > 0:
		return conflict("Cannot delete entity, must delete policies first.")
	}
	return nil
}

// emptyResult is an action whose result element is there with nothing in it.
type emptyResult struct{}

// updateRole sets what is not about rights. A session length that is not given
// goes back to the default, a description that is not given stays.
func updateRole(in *wire.Input, _ *world.State, _ *world.Account, r *world.Role) (any, error) {
	longest, err := sessionLength(in)
	if err != nil {
		return nil, err
	}
	r.MaxSession = longest
	if in.Params.Has("Description") {
		r.Description = in.Get("Description")
	}
	return emptyResult{}, nil
}

// updateTrust replaces the whole trust policy.
func updateTrust(in *wire.Input, st *world.State, _ *world.Account, r *world.Role) (any, error) {
	bound, err := trust(st, in.Get("PolicyDocument"))
	if err != nil {
		return nil, err
	}
	r.Trust = bound
	return nil, nil
}

// listInstanceProfiles answers what other clients ask before they delete a
// role. The sandbox has no instance profiles.
func (s *service) listInstanceProfiles(in *wire.Input) (any, error) {
	n, err := s.roleNamed(in)
	if err != nil {
		return nil, err
	}
	var out struct {
		InstanceProfiles list[string]
		page
	}
	return out, s.read(in, func(_ *world.State, a *world.Account) error {
		_, err := findRole(a, n)
		return err
	})
}
