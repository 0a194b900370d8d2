package resource

import (
	"context"
	"slices"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// RoleMapping is the document of who has a role of fine-grained access control:
// Ref{KindRoleMapping, side, ROLE}. Its lists are sorted sets.
type RoleMapping struct {
	Users           []string `json:"users"`
	BackendRoles    []string `json:"backend_roles"`
	AndBackendRoles []string `json:"and_backend_roles"`
	Hosts           []string `json:"hosts"`
	// Reserved says that the domain keeps the mapping to itself: it cannot be changed.
	Reserved bool `json:"reserved,omitempty"`
}

// Doc is the canonical document. A mapping that gives the role to nobody is a
// document too, as the domain keeps such a one.
func (m RoleMapping) Doc() steps.Doc {
	for _, list := range m.lists() {
		*list = sortedSet(*list)
	}
	return canonical(m)
}

// ParseRoleMapping reads what RoleMapping.Doc wrote; ok is false for the absent document.
func ParseRoleMapping(doc steps.Doc) (m RoleMapping, ok bool, err error) {
	ok, err = parse(doc, &m)
	return m, ok, err
}

func (m *RoleMapping) lists() []*[]string {
	return []*[]string{&m.Users, &m.BackendRoles, &m.AndBackendRoles, &m.Hosts}
}

func (m *RoleMapping) empty() bool {
	return len(m.Users)+len(m.BackendRoles)+len(m.AndBackendRoles)+len(m.Hosts) == 0
}

// sortedSet is never nil, which JSON would write as null.
func sortedSet(list []string) []string {
	out := append([]string{}, list...)
	slices.Sort(out)
	return slices.Compact(out)
}

// move turns was into want inside live: what want has beyond was comes in, at
// the end, what it lacks goes out, and what others wrote stays where it is.
func move(live, was, want []string) []string {
	next := slices.DeleteFunc(slices.Clone(live), func(s string) bool {
		return slices.Contains(was, s) && !slices.Contains(want, s)
	})
	for _, s := range want {
		if !slices.Contains(was, s) && !slices.Contains(next, s) {
			next = append(next, s)
		}
	}
	return next
}

// roleMappingKind adds and removes single entries of a mapping that is shared
// with others. The domain's own call replaces the whole of it, and has no test
// for what it replaces: what is read just before is what is kept.
type roleMappingKind struct {
	access Access
	opts   Options
}

func (k roleMappingKind) Read(ctx context.Context, ref steps.Ref) (steps.Doc, error) {
	_, m, err := k.live(ctx, ref)
	if err != nil || m == nil {
		return steps.Absent, err
	}
	return RoleMapping{Users: m.Users, BackendRoles: m.BackendRoles, AndBackendRoles: m.AndBackendRoles, Hosts: m.Hosts, Reserved: m.Fixed}.Doc(), nil
}

func (k roleMappingKind) live(ctx context.Context, ref steps.Ref) (*cluster.Cluster, *cluster.RoleMapping, error) {
	c, err := k.access.Mapper(ctx, ref.Side)
	if err != nil {
		return nil, nil, err
	}
	m, err := c.RoleMapping(ctx, ref.Name)
	return c, m, err
}

// Write reads once more and changes only what differs between was and want.
func (k roleMappingKind) Write(ctx context.Context, ref steps.Ref, was, want steps.Doc) error {
	c, live, err := k.live(ctx, ref)
	before, _, err1 := ParseRoleMapping(was)
	after, _, err2 := ParseRoleMapping(want)
	if err := firstOf(err, err1, err2); err != nil {
		return err
	}
	if live == nil {
		if !want.Exists() {
			return nil
		}
		live = &cluster.RoleMapping{Role: ref.Name}
	}
	if live.Fixed {
		return reservedError(ref)
	}
	now := []*[]string{&live.Users, &live.BackendRoles, &live.AndBackendRoles, &live.Hosts}
	for i, list := range now {
		*list = move(*list, *before.lists()[i], *after.lists()[i])
	}
	if opensTheDomain(ref) && len(live.Users)+len(live.BackendRoles) == 0 {
		return lockedOutError(ref)
	}
	if !want.Exists() && len(slices.Concat(live.Users, live.BackendRoles, live.AndBackendRoles, live.Hosts)) == 0 {
		return c.DeleteRoleMapping(ctx, ref.Name)
	}
	return c.PutRoleMapping(ctx, *live)
}

// Delete is called when nobody was left in the mapping but whom we put there. Who
// came since stays.
func (k roleMappingKind) Delete(ctx context.Context, ref steps.Ref, was steps.Doc) error {
	if opensTheDomain(ref) {
		return lockedOutError(ref)
	}
	return k.Write(ctx, ref, was, steps.Absent)
}

// Takeback takes out whom we put in, and leaves everybody else, whoever came since.
func (k roleMappingKind) Takeback(live, before, after steps.Doc) (steps.Doc, bool, steps.Text) {
	l, there, err1 := ParseRoleMapping(live)
	b, existed, err2 := ParseRoleMapping(before)
	a, _, err3 := ParseRoleMapping(after)
	switch {
	case firstOf(err1, err2, err3) != nil:
		return live, false, steps.T("the mapping's document cannot be read any more")
	case !there:
		return steps.Absent, true, steps.Text{}
	}
	for i, list := range l.lists() {
		*list = move(*list, *a.lists()[i], *b.lists()[i])
	}
	if l.empty() && !existed {
		return steps.Absent, true, steps.Text{}
	}
	return l.Doc(), true, steps.Text{}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// opensTheDomain says that whoever holds the role can give rights to others: with
// the last of them gone, the domain is locked, and only the control plane can set
// a new master.
func opensTheDomain(ref steps.Ref) bool {
	return ref.Name == "all_access" || ref.Name == "security_manager"
}

func lockedOutError(ref steps.Ref) error {
	return &steps.Error{
		Summary: steps.T("Nobody would be left in the role mapping %s: the domain would be locked", ref.Name),
		Fix:     steps.T("Keep the master user in it"),
	}
}

func reservedError(ref steps.Ref) error {
	return &steps.Error{
		Summary: steps.T("%s is reserved: the domain lets nobody change it", ref.Name),
		Fix:     steps.T("Use a role that is not reserved"),
	}
}
