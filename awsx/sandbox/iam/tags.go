package iam

import (
	"maps"

	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

// labelOperations are tags and boundaries: they have the same form for users,
// roles and policies under other names.
func (s *service) labelOperations() map[string]wire.Operation {
	ops := map[string]wire.Operation{
		"TagPolicy": {Mutates: true, Run: s.changePolicy(func(in *wire.Input, _ *world.State, _ *world.Account, p *world.ManagedPolicy) (any, error) {
			return nil, tag(&p.Tags, in)
		})},
		"UntagPolicy": {Mutates: true, Run: s.changePolicy(func(in *wire.Input, _ *world.State, _ *world.Account, p *world.ManagedPolicy) (any, error) {
			return nil, untag(&p.Tags, in)
		})},
		"ListPolicyTags": {Run: s.listPolicyTags},
	}
	for _, h := range []holder{roleHolder, userHolder} {
		maps.Copy(ops, map[string]wire.Operation{
			"Tag" + h.kind:                            {Mutates: true, Run: s.label(h, true, func(in *wire.Input, _ *world.State, e *entity) error { return tag(e.tags, in) })},
			"Untag" + h.kind:                          {Mutates: true, Run: s.label(h, true, func(in *wire.Input, _ *world.State, e *entity) error { return untag(e.tags, in) })},
			"Put" + h.kind + "PermissionsBoundary":    {Mutates: true, Run: s.label(h, true, putBoundary)},
			"Delete" + h.kind + "PermissionsBoundary": {Mutates: true, Run: s.label(h, true, dropBoundary)},
			"List" + h.kind + "Tags":                  {Run: s.label(h, false, nil)},
		})
	}
	return ops
}

// label makes an operation on labels: a change, or the list of tags.
func (s *service) label(h holder, changes bool, f func(*wire.Input, *world.State, *entity) error) func(*wire.Input) (any, error) {
	return func(in *wire.Input) (any, error) {
		name := s.roleNamed
		if h.kind == userHolder.kind {
			name = s.userNamed
		}
		n, err := name(in)
		if err != nil {
			return nil, err
		}
		if changes {
			return nil, s.write(in, func(st *world.State, a *world.Account) error {
				e, err := h.named(a, n)
				if err != nil {
					return err
				}
				return f(in, st, e)
			})
		}
		var out tagList
		err = s.read(in, func(_ *world.State, a *world.Account) error {
			e, err := h.named(a, n)
			if err == nil {
				out.Tags, out.page = paged(in, tags(*e.tags).Member)
			}
			return err
		})
		return out, err
	}
}

type tagList struct {
	Tags list[tagShape]
	page
}

// tag adds tags and replaces those with the same key.
func tag(m *map[string]string, in *wire.Input) error {
	if *m == nil {
		*m = map[string]string{}
	}
	maps.Copy(*m, in.Pairs("Tags", "Key", "Value"))
	return nil
}

// untag takes no offence at tags that are not there.
func untag(m *map[string]string, in *wire.Input) error {
	for _, k := range in.Members("TagKeys") {
		delete(*m, k)
	}
	return nil
}

// putBoundary and dropBoundary change what bounds a principal from outside its
// own policies.
func putBoundary(in *wire.Input, st *world.State, e *entity) error {
	arn, err := boundaryOf(st, in)
	if err == nil {
		e.grants.Boundary = arn
	}
	return err
}

func dropBoundary(_ *wire.Input, _ *world.State, e *entity) error {
	e.grants.Boundary = ""
	return nil
}

func (s *service) listPolicyTags(in *wire.Input) (any, error) {
	arn, err := s.policyNamed(in)
	if err != nil {
		return nil, err
	}
	var out tagList
	err = s.read(in, func(_ *world.State, a *world.Account) error {
		p, err := findPolicy(a, arn)
		if err == nil {
			out.Tags, out.page = paged(in, tags(p.Tags).Member)
		}
		return err
	})
	return out, err
}
