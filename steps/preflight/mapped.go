package preflight

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/migrate"
	"snapferry/steps/resource"
)

// Roles of the security plugin (its static roles).
const (
	roleSnapshots = "manage_snapshots"
	roleAll       = "all_access"
	roleSecurity  = "security_manager"
)

// mappedID is the check that the others about the same mapping lean on.
func mappedID(side steps.Side) steps.CheckID { return steps.CheckID(string(side) + "-signer-mapped") }

// mapperID is the check of the one who maps.
func mapperID(side steps.Side) steps.CheckID { return steps.CheckID(string(side) + "-mapper-may-map") }

func signerMapped(side steps.Side) Check {
	return check{CheckInfo{
		ID: mappedID(side), Family: steps.FamilyDomain, Severity: steps.Block,
		Statement: steps.T("the %s domain gives the signer roles for snapshots, restores and a look at how far they are", string(side)),
		Why:       steps.T("With fine-grained access control being let in is not enough: registering is refused with no permissions for [cluster:admin/repository/put]. manage_snapshots alone sees neither progress nor health. Mapped is the ARN with its path, never a session's."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		v = v.on("%s %s", side, f.Spec().Side(side).Domain)
		if settled := f.unguarded(ctx, v, side); settled != nil {
			return one(*settled)
		}
		who, err := f.AuthInfo(ctx, side, facts.Signer)
		if err != nil || who == nil {
			return one(f.unknownSigner(ctx, v, side, err))
		}
		v = v.on("%s on %s %s", who.User, side, f.Spec().Side(side).Domain)
		evidence := steps.T("%s: roles %s", f.How(facts.FactAuthInfo, side), cmp.Or(strings.Join(who.Roles, ", "), "none"))
		if slices.Contains(who.Roles, roleAll) {
			return one(v.pass(evidence))
		}
		c, planned := f.mapping(ctx, side)
		lacks := steps.T("the domain knows it, and gives it neither %s nor %s", roleSnapshots, roleAll)
		if slices.Contains(who.Roles, roleSnapshots) {
			lacks = steps.T("%s alone sees neither health nor progress nor counts", roleSnapshots)
		}
		switch {
		case planned:
			return one(v.mended(lacks, c, evidence))
		case slices.Contains(who.Roles, roleSnapshots) && f.watches(ctx, side):
			return one(v.pass(evidence, f.How(facts.FactHealth, side)))
		}
		step := steps.StepID(string(side) + "-mapping")
		blind, own, fact := f.blind(ctx, step), (*steps.Error)(nil), (*facts.Error)(nil)
		var ahead *engine.AheadError
		switch {
		case errors.As(f.Stuck(ctx, step), &ahead):
			return one(f.handed(v, ahead, lacks, evidence))
		case errors.Is(blind, facts.ErrNotSaid): // what was not said is the mapper's check to tell, with the way out
			found := v.finding(steps.Unknown)
			found.Cause, found.BecauseOf, found.Evidence = steps.T("%s; whether the plan puts it right is not known", lacks), mapperID(side), []steps.Text{evidence}
			return one(found)
		case errors.As(blind, &fact) && (fact.Kind != failure.Denied || fact.Fact == facts.FactIdentity), fact != nil && fact.Side != side:
			return one(v.open(lacks, blind, evidence))
		case blind == nil && errors.As(f.Stuck(ctx, step), &own):
			return one(v.fail(lacks, answered(wayOut(own.Fix), f.another(ctx, side)), evidence))
		}
		fix := steps.Fix{
			Text:    steps.T("Name who may map it under %s.mapper, the domain's master for example, and the plan does it; or have the master make all of these calls, which only add", string(side)),
			Command: f.byHand(ctx, side, *who),
		}
		return one(v.fail(lacks, answered(fix, f.another(ctx, side)), evidence))
	}}
}

// handed is the finding of what the run hands over before it plans: it stops nobody,
// and somebody has to do it.
func (w *View) handed(v verdict, ahead *engine.AheadError, lacks steps.Text, evidence ...steps.Text) steps.Finding {
	found := v.finding(steps.Warn)
	found.Cause, found.Evidence = steps.T("%s, and nobody here may map it", lacks), evidence
	var what []string
	for _, c := range ahead.Changes {
		what = append(what, c.Summary.String())
	}
	found.Fix = steps.Fix{
		Text: steps.T("Have somebody who may edit the domain's role mappings make these calls, or name who does under %s. A run hands them over, waits until it sees their effect, and plans then: %s",
			ahead.Err.Field, strings.Join(what, "; ")),
		Command: w.curls(ahead.Changes),
	}
	return found
}

// byHand are the calls of the master that give a signer all it works with: mapped to
// manage_snapshots alone it would be stopped by this check again.
func (w *View) byHand(ctx context.Context, side steps.Side, who cluster.AuthInfo) string {
	list, err := migrate.MapByHand(ctx, w.Facts, side, who)
	if err != nil {
		return ""
	}
	return w.curls(list)
}

func (w *View) curls(list []steps.Change) string {
	var lines []string
	for _, c := range list {
		if kind, ok := w.Resource(c.Ref.Kind); ok {
			lines = append(lines, strings.TrimSpace(kind.Render(c).Curl))
		}
	}
	return strings.Join(lines, "\n")
}

// unguarded is the finding about a domain where nothing is mapped, or where that is
// not known; nil where there is fine-grained access control.
func (w *View) unguarded(ctx context.Context, v verdict, side steps.Side) *steps.Finding {
	guarded, err := w.Guarded(ctx, side)
	if guarded && err == nil {
		return nil
	}
	found := v.pass(steps.T("%s: no fine-grained access control", w.How(facts.FactDomain, side)))
	if err != nil {
		found = v.unread(err)
	}
	return &found
}

// mapping is what the plan changes of who has which role on a domain.
func (w *View) mapping(ctx context.Context, side steps.Side) (steps.Change, bool) {
	return w.plannedOf(ctx, steps.KindRoleMapping, side, "")
}

// watches says that the signer sees what the observer does: health and recoveries and,
// on the source, the figures and the documents of what moves, of which one index is tried.
func (w *View) watches(ctx context.Context, side steps.Side) bool {
	c, err := w.Signer(ctx, side)
	if err != nil {
		return false
	}
	if _, err := c.Health(ctx, nil); err != nil {
		return false
	}
	if _, err := c.ActiveRecoveries(ctx); err != nil {
		return false
	}
	if side != steps.Source {
		return true // what is restored is not there to be tried
	}
	sel, err := w.Selection(ctx)
	if err != nil || len(sel.Moves) == 0 {
		return err == nil
	}
	one := sel.Moves[0].Index
	if _, err := c.Stats(ctx, []string{one}); err != nil {
		return false
	}
	_, err = c.Count(ctx, one)
	return err == nil
}

// unknownSigner is where the domain does not say who the signer is.
func (w *View) unknownSigner(ctx context.Context, v verdict, side steps.Side, err error) steps.Finding {
	if c, planned := w.mapping(ctx, side); planned {
		return v.mended(steps.T("the domain does not say yet who the signer is; the plan names it as IAM does"), c, w.How(facts.FactAuthInfo, side))
	}
	if failure.Is(err, failure.Denied) {
		return v.skipped(steps.CheckID(string(side)+"-domain-answers"), steps.T("the signer is not let in, so that the domain does not say who it is"))
	}
	return v.unread(err)
}

// mappingFix is the call of the master that no step can make: it adds somebody to
// a mapping and leaves everybody else in it.
func (w *View) mappingFix(side steps.Side, role, who string, text steps.Text) steps.Fix {
	want := resource.RoleMapping{Users: []string{who}}
	if strings.Contains(who, ":role/") {
		want = resource.RoleMapping{BackendRoles: []string{who}}
	}
	fix := steps.Fix{Text: text}
	kind, ok := w.Resource(steps.KindRoleMapping)
	if !ok {
		return fix
	}
	c := steps.NewChange("", steps.Ref{Kind: steps.KindRoleMapping, Side: side, Name: role}, resource.RoleMapping{}.Doc(), want.Doc(), steps.Text{})
	c.Unread = true
	fix.Command = strings.TrimSpace(kind.Render(c).Curl)
	return fix
}

func mapperMay(side steps.Side) Check {
	return check{CheckInfo{
		ID: mapperID(side), Family: steps.FamilyDomain, Severity: steps.Block,
		Statement: steps.T("the mapper of the %s may edit roles and role mappings", string(side)),
		Why:       steps.T("Only security_manager may use the security API: all_access alone is refused with No permission to access REST API. Another master than the caller, or a wrong password, show here, too."),
	}, func(ctx context.Context, f *View, v verdict) []steps.Finding {
		v = v.on("%s %s", side, f.Spec().Side(side).Domain)
		settled := f.unguarded(ctx, v, side)
		switch {
		case settled != nil:
			return one(*settled)
		case f.Spec().Side(side).Mapper.Base == "none":
			return one(v.note(steps.T("nobody was named who may map: what is to be mapped somebody else has to do")))
		}
		may, err := f.Permissions(ctx, side)
		how := f.How(facts.FactPermissions, side)
		if err != nil {
			return one(f.mapperUnknown(ctx, v, side, err))
		}
		v = v.on("%s on %s %s", may.User, side, f.Spec().Side(side).Domain)
		if may.May("PUT", "ROLESMAPPING") && may.May("PUT", "ROLES") {
			return one(v.pass(steps.T("%s: it may put role mappings and roles", how)))
		}
		cause := steps.T("the domain does not let it use the security API, for which %s is needed", roleSecurity)
		fix := f.mappingFix(side, roleSecurity, may.User,
			steps.T("Name the domain's master under %s.mapper, or have the master map this one to %s, too", string(side), roleSecurity))
		if f.mapped(ctx, side) {
			found := v.note(cause, how, nothing())
			found.Fix = fix
			return one(found)
		}
		return one(v.fail(cause, answered(fix, f.another(ctx, side)), how))
	}}
}

// nothing is the evidence beside a mapper who is not needed.
func nothing() steps.Text {
	return steps.T("nothing is to be mapped: the signer has the roles it needs")
}

// mapped says that nothing is left to be mapped for a side's signer.
func (w *View) mapped(ctx context.Context, side steps.Side) bool {
	who, err := w.AuthInfo(ctx, side, facts.Signer)
	if err != nil || who == nil {
		return false
	}
	return slices.Contains(who.Roles, roleAll) || slices.Contains(who.Roles, roleSnapshots) && w.watches(ctx, side)
}

// mapperUnknown is a mapper the domain does not talk to: a wrong password, or none,
// is in the way only where there is something to be mapped.
func (w *View) mapperUnknown(ctx context.Context, v verdict, side steps.Side, err error) steps.Finding {
	is := failure.Of(err)
	refused := is != nil && is.Status == 401
	found := v.unread(err)
	if refused {
		found = v.fail(steps.T("the domain does not know its user or password"),
			answered(steps.Fix{Text: steps.T("Give the right user as %s.mapper.user, and its password; a domain whose master is an IAM identity takes none", string(side))}, w.another(ctx, side)), w.How(facts.FactPermissions, side))
	}
	silent := errors.Is(err, facts.ErrNotSaid)
	switch {
	case (refused || silent) && w.mapped(ctx, side):
		found.Outcome = steps.Note
		found.Evidence = append(found.Evidence, nothing())
	case silent:
		w.unusable.Store(v.info.ID, true)
	}
	return found
}
