package preflight

import (
	"context"
	"slices"
	"strings"

	"snapferry/awsx/failure"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/facts"
)

// admitsAddresses: an access policy that goes by addresses, and an unsigned call.
func admitsAddresses(ctx context.Context, w *View, side steps.Side, _ diagnose.Subject) diagnose.Seen {
	a, err := w.Access(ctx, side)
	if err != nil {
		return diagnose.Seen{}
	}
	for _, s := range a.Policy.Statements {
		for _, keys := range s.Condition {
			for key, values := range keys {
				if strings.EqualFold(key, "aws:SourceIp") {
					return isSo(steps.T("the access policy of the %s domain goes by addresses: %s", string(side), strings.Join(values, ", ")), steps.Fix{})
				}
			}
		}
	}
	return isNotSo(steps.T("%s: no condition on addresses", w.How(facts.FactDomain, side)))
}

// namesSessions: a session's ARN in a policy means that session alone.
func namesSessions(ctx context.Context, w *View, side steps.Side, _ diagnose.Subject) diagnose.Seen {
	a, err := w.Access(ctx, side)
	if err != nil {
		return diagnose.Seen{}
	}
	for _, s := range a.Policy.Statements {
		for _, p := range s.Principal["AWS"] {
			if strings.Contains(p, ":assumed-role/") && s.Effect == policy.EffectAllow {
				return isSo(steps.T("the access policy of the %s domain names the session %s", string(side), p), steps.Fix{})
			}
		}
	}
	return isNotSo(steps.T("%s: no session is named", w.How(facts.FactDomain, side)))
}

// deniedOutright looks for the denial among the documents that can be read: those of
// an organisation cannot.
func deniedOutright(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	signer, err := w.signer(ctx, side)
	if err != nil || !sameCaller(signer.who, about.Caller) {
		return diagnose.Seen{}
	}
	var gaps []policy.Gap
	switch {
	case about.Action == "iam:PassRole":
		_, gaps, _ = w.passGaps(ctx, side, about, about.Role)
	case strings.HasPrefix(about.Action, "es:"):
		p, _, err := w.calling(ctx, side)
		if err != nil {
			return diagnose.Seen{}
		}
		gaps = slices.Concat(p.ownGaps(), p.resourceGaps())
	}
	gaps = slices.DeleteFunc(ofVerdict(gaps, policy.Deny), func(g policy.Gap) bool { return g.Request.Action != about.Action })
	if len(gaps) == 0 {
		return diagnose.Seen{}
	}
	return isSo(cause(gaps), steps.Fix{})
}

// rolesLacking: what only a wider role than the signer's may do.
func rolesLacking(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	who, err := w.AuthInfo(ctx, side, facts.Signer)
	if err != nil || who == nil || about.Caller != who.User {
		return diagnose.Seen{}
	}
	return seen(!slices.Contains(who.Roles, roleAll), steps.T("%s: the domain gives %s the roles %s", w.How(facts.FactAuthInfo, side), who.User, orNone(who.Roles)))
}

func noAccessControl(ctx context.Context, w *View, side steps.Side, _ diagnose.Subject) diagnose.Seen {
	guarded, err := w.Guarded(ctx, side)
	if err != nil || guarded {
		return diagnose.Seen{} // the path may be the other version's
	}
	return isSo(steps.T("%s: no fine-grained access control", w.How(facts.FactDomain, side)), steps.Fix{})
}

// mappedOtherwise looks for an entry that was meant for the signer and is not what
// the domain calls it.
func mappedOtherwise(ctx context.Context, w *View, side steps.Side, _ diagnose.Subject) diagnose.Seen {
	who, err := w.AuthInfo(ctx, side, facts.Signer)
	if err != nil || who == nil {
		return diagnose.Seen{}
	}
	m, _, err := w.RoleMapping(ctx, side, roleSnapshots)
	if err != nil {
		return diagnose.Seen{}
	}
	entries := slices.Concat(m.Users, m.BackendRoles)
	role, _ := w.role(ctx, w.Spec().RoleSide(side))
	for _, e := range entries {
		if e != who.User && (alike(e, who.User) || e == role.arn.String()) {
			return isSo(steps.T("%s is mapped to %s; the domain knows the signer as %s", e, roleSnapshots, who.User), steps.Fix{})
		}
	}
	return isNotSo(steps.T("%s: %s is mapped to %s", w.How(facts.FactRoleMapping, side), roleSnapshots, orNone(entries)))
}

// alike says that an entry names the same role or user in another way: as a
// session, without its path, in other letter case.
func alike(entry, user string) bool {
	last := func(arn, kind string) string {
		_, rest, ok := strings.Cut(arn, kind)
		if !ok {
			return ""
		}
		return rest
	}
	name := user[strings.LastIndexByte(user, '/')+1:]
	if session := last(entry, ":assumed-role/"); session != "" {
		of, _, _ := strings.Cut(session, "/")
		return strings.EqualFold(of, name)
	}
	return strings.EqualFold(entry[strings.LastIndexByte(entry, '/')+1:], name)
}

// mapperRoles are the roles of the one who maps, where he may not.
func (w *View) mapperRoles(ctx context.Context, side steps.Side) (roles []string, user string, may, ok bool) {
	p, err := w.Permissions(ctx, side)
	if err != nil {
		return nil, "", false, false
	}
	who, err := w.AuthInfo(ctx, side, facts.Mapper)
	if err != nil || who == nil {
		return nil, p.User, p.API, p.API
	}
	return who.Roles, p.User, p.API, true
}

func managerMissing(ctx context.Context, w *View, side steps.Side, _ diagnose.Subject) diagnose.Seen {
	roles, user, may, ok := w.mapperRoles(ctx, side)
	switch {
	case !ok:
		return diagnose.Seen{}
	case may:
		return isNotSo(steps.T("%s: it may use the security API", w.How(facts.FactPermissions, side)))
	case len(roles) == 0:
		return diagnose.Seen{} // it has no role at all, which is another cause
	}
	return isSo(steps.T("%s has the roles %s, and not %s", user, orNone(roles), roleSecurity), w.mappingFix(side, roleSecurity, user,
		steps.T("Name the domain's master under %s.mapper, or have the master map this one to %s, too", string(side), roleSecurity)))
}

func notTheMaster(ctx context.Context, w *View, side steps.Side, _ diagnose.Subject) diagnose.Seen {
	roles, user, may, ok := w.mapperRoles(ctx, side)
	if !ok {
		return diagnose.Seen{}
	}
	return seen(!may && len(roles) == 0, steps.T("%s: the domain gives %s the roles %s", w.How(facts.FactAuthInfo, side), user, orNone(roles)))
}

// wrongLogin: permissionsinfo answers everybody who has an identity at all.
func wrongLogin(ctx context.Context, w *View, side steps.Side, _ diagnose.Subject) diagnose.Seen {
	if w.Spec().Side(side).Mapper.Base != "password" {
		return diagnose.Seen{}
	}
	_, err := w.Permissions(ctx, side)
	switch is := failure.Of(err); {
	case err == nil:
		return isNotSo(steps.T("%s: it answers to user and password", w.How(facts.FactPermissions, side)))
	case is.Status == 401:
		return isSo(steps.T("%s: %s", w.How(facts.FactPermissions, side), is.Message), steps.Fix{})
	}
	return diagnose.Seen{}
}
