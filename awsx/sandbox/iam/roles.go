package iam

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

const (
	defaultSession = 3600
	longestSession = 12 * 3600
)

func (s *service) roleOperations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"CreateRole":                  {Mutates: true, Run: s.createRole},
		"GetRole":                     {Run: s.getRole},
		"ListRoles":                   {Run: s.listRoles},
		"DeleteRole":                  {Mutates: true, Run: s.changeRole(deleteRole)},
		"UpdateRole":                  {Mutates: true, Run: s.changeRole(updateRole)},
		"UpdateAssumeRolePolicy":      {Mutates: true, Run: s.changeRole(updateTrust)},
		"ListInstanceProfilesForRole": {Run: s.listInstanceProfiles},
	}
}

// roleNamed reads RoleName and asks whether the caller may do this to it.
func (s *service) roleNamed(in *wire.Input) (string, error) { return s.named(roleHolder, in) }

// findRole finds by name regardless of case and answers with the spelling the
// role has. That is how a wrongly spelt role ARN can be found out: IAM tells the
// right one, STS refuses the wrong one.
func findRole(a *world.Account, n string) (*world.Role, error) {
	if r := a.Role(n); r != nil {
		return r, nil
	}
	return nil, noSuch("The role with name %s cannot be found.", n)
}

// createRole gives the new role an id of its own, by which policies will know
// it: a role made again under the name is another role.
func (s *service) createRole(in *wire.Input) (any, error) {
	n, err := name(in, "RoleName", "roleName", 64)
	if err != nil {
		return nil, err
	}
	at, err := path(in)
	if err != nil {
		return nil, err
	}
	longest, err := sessionLength(in)
	if err != nil {
		return nil, err
	}
	arn := awsid.RoleARN(awsid.PartitionAWS, in.Caller.Account, at, awsid.RoleName(n)).String()
	if err := s.allow(in, arn, arn, nil); err != nil {
		return nil, err
	}
	var out struct{ Role roleShape }
	err = s.write(in, func(st *world.State, a *world.Account) error {
		if a.Role(n) != nil {
			return exists("Role with name %s already exists.", n)
		}
		bound, err := trust(st, in.Get("AssumeRolePolicyDocument"))
		if err != nil {
			return err
		}
		r := &world.Role{
			Name: n, Path: at, ID: st.ID("AROA", 17), Description: in.Get("Description"), Created: s.world.Now(),
			Trust: bound, MaxSession: longest, Tags: in.Pairs("Tags", "Key", "Value"),
		}
		if r.Boundary, err = boundaryOf(st, in); err != nil {
			return err
		}
		a.Roles[strings.ToLower(n)] = r
		out.Role = role(st, a, r)
		return nil
	})
	return out, err
}

// sessionLength is the longest session the role permits, in seconds.
func sessionLength(in *wire.Input) (int, error) {
	text := in.Get("MaxSessionDuration")
	if text == "" {
		return defaultSession, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < defaultSession || n > longestSession {
		return 0, invalid("1 validation error detected: Value '%s' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between %d and %d", text, defaultSession, longestSession)
	}
	return n, nil
}

// boundaryOf takes a boundary that exists; IAM calls it a scope in its refusal.
func boundaryOf(st *world.State, in *wire.Input) (string, error) {
	arn := in.Get("PermissionsBoundary")
	if _, ok := st.ManagedDocument(arn); arn != "" && !ok {
		return "", noSuch("Scope ARN: %s does not exist or is not attachable.", arn)
	}
	return arn, nil
}

func (s *service) getRole(in *wire.Input) (any, error) {
	n, err := s.roleNamed(in)
	if err != nil {
		return nil, err
	}
	var out struct{ Role roleShape }
	err = s.read(in, func(st *world.State, a *world.Account) error {
		r, err := findRole(a, n)
		if err == nil {
			out.Role = role(st, a, r)
		}
		return err
	})
	return out, err
}

// listRoles shows roles in the order of their names, whatever their case.
func (s *service) listRoles(in *wire.Input) (any, error) {
	arn := entityARN(in, "role/")
	if err := s.allow(in, arn, arn, nil); err != nil {
		return nil, err
	}
	var out struct {
		Roles list[roleShape]
		page
	}
	err := s.read(in, func(st *world.State, a *world.Account) error {
		var all []roleShape
		for _, k := range slices.Sorted(maps.Keys(a.Roles)) {
			r := a.Roles[k]
			if strings.HasPrefix(r.Path, in.Get("PathPrefix")) {
				shape := role(st, a, r)
				shape.Tags = nil // tags stand in GetRole only
				all = append(all, shape)
			}
		}
		out.Roles, out.page = paged(in, all)
		return nil
	})
	return out, err
}

// changeRole makes an operation of a change to one role. The change returns
// what stands in the result, nil for none.
func (s *service) changeRole(change func(*wire.Input, *world.State, *world.Account, *world.Role) (any, error)) func(*wire.Input) (any, error) {
	return func(in *wire.Input) (any, error) {
		n, err := s.roleNamed(in)
		if err != nil {
			return nil, err
		}
		var out any
		err = s.write(in, func(st *world.State, a *world.Account) error {
			r, err := findRole(a, n)
			if err != nil {
				return err
			}
			out, err = change(in, st, a, r)
			return err
		})
		return out, err
	}
}
