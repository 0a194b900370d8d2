package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
)

// mappingStep wants the signer known to a domain's fine-grained access control:
// mapped to manage_snapshots, and to an observer role of our own, because
// manage_snapshots alone sees no progress, no health and no counts. A domain
// without fine-grained access control needs nothing of it.
type mappingStep struct {
	*route
	side steps.Side
	id   steps.StepID
}

const (
	// roleSnapshots is the static role for repositories, snapshots and restores.
	roleSnapshots = "manage_snapshots"
	// roleAll may do all of that and more (static roles of the security plugin).
	roleAll = "all_access"
)

func (s mappingStep) Info() engine.Info {
	return engine.Info{ID: s.id, Side: s.side, Title: steps.T("Role mapping of the %s signer", string(s.side))}
}

func (s mappingStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	guarded, err := s.facts.Guarded(ctx, s.side)
	if err != nil || !guarded {
		return nil, err
	}
	who, err := s.known(ctx)
	if err != nil || slices.Contains(who.Roles, roleAll) || s.enough(ctx, who) {
		return nil, err
	}
	if _, err := s.facts.Indices(ctx, s.side); failure.Is(err, failure.Denied) {
		// Nothing that comes after can be planned by somebody who sees nothing.
		return nil, s.unseen(ctx, w, who.User, err)
	}
	moves, _, err := s.wanted(ctx, w)
	if err != nil {
		return nil, err
	}
	return s.changes(ctx, w, who.User, moves)
}

// changes are the mapping to manage_snapshots, the observer role and its mapping.
func (s mappingStep) changes(ctx context.Context, w *engine.World, who string, moves []steps.Move) ([]steps.Change, error) {
	snapshots, err := s.mapped(ctx, w, roleSnapshots, who)
	if err != nil {
		return nil, err
	}
	role, err := s.observer(ctx, w, moves)
	if err != nil {
		return nil, err
	}
	observer, err := s.mapped(ctx, w, s.observerRole(), who)
	return []steps.Change{snapshots, role, observer}, err
}

// unseen is the error of a plan that cannot be made before somebody else has
// mapped the signer, with the lines that do it. What moves is known by name where
// the source can be seen.
func (s mappingStep) unseen(ctx context.Context, w *engine.World, who string, cause error) error {
	moves, _, err := s.wanted(ctx, w)
	var wider steps.Text
	if err != nil {
		moves = s.byPattern()
		wider = steps.T("what moves cannot be seen by name yet, so the role %s covers all that matches %s, whatever is excluded from it: narrow its index_patterns to what is to move, or give it for the time of the migration only",
			s.observerRole(), strings.Join(sourceNames(moves), ", "))
	}
	list, err := s.changes(ctx, w, who, moves)
	if err != nil {
		return err
	}
	var lines []string
	for _, c := range list {
		k, _ := s.facts.Resource(c.Ref.Kind)
		lines = append(lines, strings.TrimSpace(k.Render(c).Curl))
	}
	fix := steps.T("Have somebody who may edit its role mappings run these lines, then run again; or name who does it under %s.mapper", string(s.side))
	if !wider.IsZero() {
		fix = steps.T("%s. In these lines %s", fix, wider)
		list[1].Summary = steps.T("%s (%s)", list[1].Summary, wider)
	}
	e := &steps.Error{
		Field:   string(s.side) + ".mapper",
		Summary: steps.T("The %s domain lets %s see nothing, and nobody here may change that", string(s.side), who),
		Fix:     steps.T("%s\n%s", fix, strings.Join(lines, "\n")),
		Cause:   cause,
	}
	if failure.Of(cause).Front != failure.FrontEngine { // it is not even let in, so that no mapping is ever seen to help
		e.Fix = steps.T("First give the signer es:ESHttp* on the domain. %s", e.Fix)
		return e
	}
	return &engine.AheadError{Step: s.id, Changes: list, Err: e}
}

// byPattern stands for what moves by the patterns that name it, since a role cannot
// except anything.
func (s mappingStep) byPattern() []steps.Move {
	var moves []steps.Move
	for _, p := range s.spec.Move.Patterns {
		if strings.HasPrefix(p, "-") {
			continue
		}
		as := s.spec.Move.Renamer()(p)
		moves = append(moves, steps.Move{Index: p, As: as})
		if !strings.HasPrefix(p, ".") { // it may mean data streams, too
			moves = append(moves, steps.Move{Index: ".ds-" + p + "-*", As: ".ds-" + as + "-*"})
		}
	}
	return moves
}

// enough says that the signer has what it needs, where nobody is here to read the
// mappings, or with a password that does not fit: it is not asked for again when
// it is not needed.
func (s mappingStep) enough(ctx context.Context, who cluster.AuthInfo) bool {
	if !s.has(who) {
		return false
	}
	if _, err := s.facts.Mapper(ctx, s.side); err != nil {
		return true
	}
	_, err := s.facts.Permissions(ctx, s.side)
	is := failure.Of(err)
	return is != nil && is.Status == 401
}

// known is the signer as the domain names it: by its exact ARN, with the path, which
// STS leaves out. Where even the domain refuses to say it, as the signer may not
// call it yet, IAM does.
func (s mappingStep) known(ctx context.Context) (cluster.AuthInfo, error) {
	who, err := s.facts.AuthInfo(ctx, s.side, facts.Signer)
	if err == nil && who != nil {
		return *who, nil
	}
	arn, exact, ierr := s.facts.Principal(ctx, s.side, facts.Signer)
	switch {
	case ierr != nil:
		return cluster.AuthInfo{}, ierr
	case !exact:
		return cluster.AuthInfo{}, &steps.Error{
			Summary: steps.T("How the %s domain will know the signer cannot be told: the path of %s is not known", string(s.side), arn.String()),
			Fix:     steps.T("Give the signer es:ESHttpGet on the domain, or the control identity iam:GetRole"),
			Cause:   err,
		}
	}
	return cluster.AuthInfo{User: arn.String(), BackendRoles: []string{arn.String()}}, nil
}

// mapped is the change that adds the signer to a mapping: a role under the backend
// roles, anybody else under the users, whichever of the two holds it already.
func (s mappingStep) mapped(ctx context.Context, w *engine.World, role, who string) (steps.Change, error) {
	ref := steps.Ref{Kind: steps.KindRoleMapping, Side: s.side, Name: role}
	live, unread, err := s.doc(ctx, w, ref)
	if err != nil {
		return steps.Change{}, err
	}
	if unread && role != s.observerRole() {
		live = resource.RoleMapping{}.Doc() // there are others in it, whoever they are
	}
	return s.adds(ref, live, unread, who)
}

// adds is the change that adds somebody to a mapping as it is.
func (s mappingStep) adds(ref steps.Ref, live steps.Doc, unread bool, who string) (steps.Change, error) {
	m, _, err := resource.ParseRoleMapping(live)
	if err != nil {
		return steps.Change{}, err
	}
	want := live
	if !slices.Contains(m.Users, who) && !slices.Contains(m.BackendRoles, who) {
		if strings.Contains(who, ":role/") {
			m.BackendRoles = append(slices.Clone(m.BackendRoles), who)
		} else {
			m.Users = append(slices.Clone(m.Users), who)
		}
		want = m.Doc()
	}
	c := steps.NewChange(s.id, ref, live, want, steps.T("%s is mapped to %s, beside those who are already", who, ref.Name))
	c.Helper, c.Unread = true, unread
	return c, nil
}

// observerRole is named by what the migration goes through: two of them have two.
func (r *route) observerRole() string { return observerPrefix + r.mark() }

// observer is the role that sees how far things are. It reads only what moves.
func (s mappingStep) observer(ctx context.Context, w *engine.World, moves []steps.Move) (steps.Change, error) {
	ref := steps.Ref{Kind: steps.KindFGACRole, Side: s.side, Name: s.observerRole()}
	live, unread, err := s.doc(ctx, w, ref)
	if err != nil {
		return steps.Change{}, err
	}
	return s.sees(ref, live, unread, moves), nil
}

// sees is the change that has the observer role see what moves.
func (s mappingStep) sees(ref steps.Ref, live steps.Doc, unread bool, moves []steps.Move) steps.Change {
	c := steps.NewChange(s.id, ref, live, s.observes(moves).Doc(), steps.T("role %s sees health, progress and the indices that move", ref.Name))
	c.Helper, c.Unread = true, unread
	return c
}

func (s mappingStep) observes(moves []steps.Move) resource.FGACRole {
	role := resource.FGACRole{
		Description:        "Sees what a migration by snapferry through " + string(s.spec.Bucket.Name) + " needs to see",
		ClusterPermissions: observerCluster,
		IndexPermissions:   []cluster.IndexPermission{{Patterns: []string{"*"}, Actions: observerMonitors}},
	}
	if s.side == steps.Source {
		role.IndexPermissions = append(role.IndexPermissions, cluster.IndexPermission{Patterns: sourceNames(moves), Actions: observerReads})
	}
	if s.side == s.targetSide() {
		settles := append(slices.Clone(observerReads), "indices:admin/settings/update")
		role.IndexPermissions = append(role.IndexPermissions, cluster.IndexPermission{Patterns: targetNames(moves), Actions: settles})
	}
	return role
}

// What the observer may do: actions and action groups of the security plugin, as
// Open Distro and OpenSearch both have them.
var (
	observerCluster = []string{
		"cluster_monitor", "cluster_composite_ops_ro",
		"cluster:admin/ingest/pipeline/get", "cluster:admin/component_template/get", "indices:admin/template/get", "indices:admin/index_template/get",
	}
	observerMonitors = []string{"indices_monitor", "indices:admin/aliases/get", "indices:admin/data_stream/get", "indices:admin/get", "indices:admin/mappings/get"}
	observerReads    = []string{"read", "indices:admin/refresh*"}
)

// Witnessed sees a mapping by the roles that the signer has: they take effect at
// once. A role that nobody has shows nowhere.
func (s mappingStep) Witnessed(ctx context.Context, _ *engine.World, c steps.Change) (bool, error) {
	if c.Ref.Kind != steps.KindRoleMapping {
		return false, engine.ErrNoWitness
	}
	domain, err := s.facts.Signer(ctx, s.side)
	if err != nil {
		return false, err
	}
	who, err := domain.AuthInfo(ctx)
	if err != nil || who == nil {
		return false, err
	}
	return slices.Contains(who.Roles, c.Ref.Name), nil
}

// Prove asks the domain itself: the roles it answers with are those that take
// effect.
func (s mappingStep) Prove(ctx context.Context, _ *engine.World, changes []steps.Change, _ bool) (steps.Evidence, error) {
	if len(changes) == 0 {
		return steps.Evidence{Summary: steps.T("nothing is to be mapped here")}, nil
	}
	c, err := s.facts.Signer(ctx, s.side)
	if err != nil {
		return steps.Evidence{}, err
	}
	who, err := c.AuthInfo(ctx)
	if err != nil {
		return steps.Evidence{}, err
	}
	if who == nil {
		return steps.Evidence{}, fmt.Errorf("the %s domain does not say who the signer is", s.side)
	}
	for _, role := range []string{roleSnapshots, s.observerRole()} {
		if !slices.Contains(who.Roles, role) {
			return steps.Evidence{}, &steps.Error{
				Summary: steps.T("The %s domain knows the signer as %s, with the roles %s, and not with %s", string(s.side), who.User, strings.Join(who.Roles, ", "), role),
				Fix:     steps.T("Somebody may have changed the mapping: run again"),
			}
		}
	}
	return steps.Evidence{Summary: steps.T("the domain gives %s the roles %s", who.User, strings.Join(who.Roles, ", "))}, nil
}
