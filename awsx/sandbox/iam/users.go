package iam

import (
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

func (s *service) userOperations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"CreateUser": {Mutates: true, Run: s.createUser},
		"DeleteUser": {Mutates: true, Run: s.deleteUser},
		"GetUser":    {Run: s.getUser},
		"ListUsers":  {Run: s.listUsers},
	}
}

func (s *service) keyOperations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"CreateAccessKey": {Mutates: true, Run: s.createKey},
		"UpdateAccessKey": {Mutates: true, Run: s.updateKey},
		"DeleteAccessKey": {Mutates: true, Run: s.deleteKey},
		"ListAccessKeys":  {Run: s.listKeys},
	}
}

// userNamed reads UserName, which is the caller himself where it is not given.
func (s *service) userNamed(in *wire.Input) (string, error) {
	if !in.Params.Has("UserName") && in.Caller.Principal.Type() == "user" {
		in.Params.Set("UserName", in.Caller.Principal.Name())
	}
	return s.named(userHolder, in)
}

// findUser finds by name regardless of case.
func findUser(a *world.Account, n string) (*world.User, error) {
	if u := a.User(n); u != nil {
		return u, nil
	}
	return nil, noSuch("The user with name %s cannot be found.", n)
}

// createUser makes a user without keys and rights.
func (s *service) createUser(in *wire.Input) (any, error) {
	n, err := name(in, "UserName", "userName", 64)
	if err != nil {
		return nil, err
	}
	at, err := path(in)
	if err != nil {
		return nil, err
	}
	arn := entityARN(in, "user"+at+n)
	if err := s.allow(in, arn, arn, nil); err != nil {
		return nil, err
	}
	var out struct{ User userShape }
	err = s.write(in, func(st *world.State, a *world.Account) error {
		if a.User(n) != nil {
			return exists("User with name %s already exists.", n)
		}
		u := &world.User{Name: n, Path: at, ID: st.ID("AIDA", 17), Created: s.world.Now(), Tags: in.Pairs("Tags", "Key", "Value")}
		if u.Boundary, err = boundaryOf(st, in); err != nil {
			return err
		}
		a.Users[strings.ToLower(n)] = u
		out.User = user(a, u)
		return nil
	})
	return out, err
}

// getUser without a name tells who asks, which is how many programs find out.
func (s *service) getUser(in *wire.Input) (any, error) {
	n, err := s.userNamed(in)
	if err != nil {
		return nil, err
	}
	var out struct{ User userShape }
	err = s.read(in, func(_ *world.State, a *world.Account) error {
		u, err := findUser(a, n)
		if err == nil {
			out.User = user(a, u)
		}
		return err
	})
	return out, err
}

func (s *service) listUsers(in *wire.Input) (any, error) {
	arn := entityARN(in, "user/")
	if err := s.allow(in, arn, arn, nil); err != nil {
		return nil, err
	}
	var out struct {
		Users list[userShape]
		page
	}
	err := s.read(in, func(_ *world.State, a *world.Account) error {
		var all []userShape
		for _, k := range slices.Sorted(maps.Keys(a.Users)) {
			if u := a.Users[k]; strings.HasPrefix(u.Path, in.Get("PathPrefix")) {
				all = append(all, user(a, u))
			}
		}
		out.Users, out.page = paged(in, all)
		return nil
	})
	return out, err
}

// deleteUser refuses as long as the user has keys or policies, in the order in
// which IAM names what is in the way.
func (s *service) deleteUser(in *wire.Input) (any, error) {
	n, err := s.named(userHolder, in)
	if err != nil {
		return nil, err
	}
	return nil, s.write(in, func(_ *world.State, a *world.Account) error {
		u, err := findUser(a, n)
		if err != nil {
			return err
		}
		if len(keysOf(a, u.Name)) > 0 {
			return conflict("Cannot delete entity, must delete access keys first.")
		}
		if err := empty(u.Grants); err != nil {
			return err
		}
		delete(a.Users, strings.ToLower(n))
		return nil
	})
}

// keysOf are a user's access keys in the order of their ids.
func keysOf(a *world.Account, userName string) []*world.AccessKey {
	var out []*world.AccessKey
	for _, id := range slices.Sorted(maps.Keys(a.Keys)) {
		if a.Keys[id].User == userName {
			out = append(out, a.Keys[id])
		}
	}
	return out
}
