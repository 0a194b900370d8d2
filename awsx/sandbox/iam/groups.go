package iam

import (
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

func (s *service) groupOperations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"ListGroupsForUser": {Run: s.listGroupsForUser},
	}
}

// listGroupsForUser answers that a user is in no group: the sandbox has none, and
// clients that gather a user's rights ask.
func (s *service) listGroupsForUser(in *wire.Input) (any, error) {
	n, err := s.userNamed(in)
	if err != nil {
		return nil, err
	}
	var out struct {
		Groups list[struct{ GroupName string }]
		page
	}
	return out, s.read(in, func(_ *world.State, a *world.Account) error {
		_, err := findUser(a, n)
		return err
	})
}
