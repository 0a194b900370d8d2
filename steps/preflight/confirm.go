package preflight

import (
	"context"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// Confirm weighs the causes of an error by looking at the world: at what the error
// speaks of where one look can tell, and through the checks for the rest. It
// changes nothing.
func Confirm(ctx context.Context, f *facts.Facts, d steps.Diagnosis, about diagnose.Subject) steps.Diagnosis {
	w := &View{Facts: f}
	side := sideOf(f.Spec(), about)
	found := run(ctx, w, Catalogue(f.Spec()))
	at := sides(f.Spec())
	if side != "" {
		at = []steps.Side{side}
	}
	closer := func(cause string, about diagnose.Subject) diagnose.Seen {
		if l := looks[cause]; l != nil {
			return overAll(at, func(side steps.Side) diagnose.Seen { return l(ctx, w, side, about) })
		}
		return diagnose.Seen{}
	}
	checks := diagnose.ByChecks(found, side)
	return diagnose.Weigh(d, about, closer, func(cause string, about diagnose.Subject) diagnose.Seen {
		if besides(cause, about) {
			return diagnose.Seen{}
		}
		return checks(cause, about)
	})
}

// besides says that checks do not speak of what an error does: they judge the role
// of the answers, and an error names its own; and whoever is refused a role for not
// signing is refused it mapped or not.
func besides(cause string, about diagnose.Subject) bool {
	switch cause {
	case "role-name-case", "pass-role-spelling", "trust-mismatch", "pass-role-missing":
		return about.Role != ""
	case "unmapped-signer":
		return about.Action == "iam:PassRole"
	}
	return false
}

// look tells of one cause on one side whether it is so.
type look func(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen

// looks are the causes that one look at what an error speaks of decides. Several of
// them leave the same words: the spelling of a role and its trust, a policy that is
// silent and one that denies.
var looks = map[string]look{
	"role-name-case":     spelledOtherwise,
	"role-path":          pathLeftOut,
	"trust-mismatch":     trustSilent,
	"trust-denies":       trustDenies,
	"role-young":         roleYoung,
	"pass-role-missing":  passMissing,
	"pass-role-foreign":  passForeign,
	"pass-role-spelling": passSpelling,
	"passed-to-service":  passedElsewhere,

	"bucket-policy-missing": policySilent,
	"bucket-denies":         policyDenies,
	"role-recreated":        policyDead,
	"bucket-missing":        bucketMissing,
	"not-readonly":          notReadonly,
	"repository-readonly":   isReadonly,
	"acl-sent":              aclSent,
	"other-folder":          otherFolder,
	"snapshot-partial":      inState("PARTIAL"),
	"snapshot-not-whole":    inState("IN_PROGRESS", "FAILED", "INCOMPATIBLE"),
	"key-conditions":        keyConditions,
	"key-elsewhere":         keyElsewhere,

	"denied-outright":          deniedOutright,
	"unsigned":                 answeredUnsigned,
	"other-address":            admitsAddresses,
	"session-named":            namesSessions,
	"mapped-otherwise":         mappedOtherwise,
	"security-manager-missing": managerMissing,
	"not-the-master":           notTheMaster,
	"wrong-login":              wrongLogin,
	"reading-missing":          rolesLacking,
	"managing-missing":         rolesLacking,
	"security-path":            noAccessControl,
	"repository-missing":       repositoryMissing,
	"snapshot-missing":         snapshotMissing,
	"snapshot-named-wrong":     snapshotMissing,
	"index-missing":            indexMissing,
	"name-taken":               nameTaken,
}

// Closer lists the causes that one look decides, for the documentation.
func Closer() []string { return slices.Sorted(maps.Keys(looks)) }

// sideOf is the side an error is about, by the account it names; "" where it does
// not tell.
func sideOf(s *spec.Spec, about diagnose.Subject) steps.Side {
	if s.Source.Account == s.Target.Account {
		return ""
	}
	switch awsid.AccountID(about.Account) {
	case "":
	case s.Source.Account:
		return steps.Source
	case s.Target.Account:
		return steps.Target
	}
	return ""
}

// overAll is so where it is so on any side, and not so where it is on none.
func overAll(sides []steps.Side, at func(steps.Side) diagnose.Seen) diagnose.Seen {
	var refuted diagnose.Seen
	open := false
	for _, side := range sides {
		switch seen := at(side); seen.Verdict {
		case steps.Confirmed:
			return seen
		case steps.Refuted:
			refuted = seen
		default:
			open = true
		}
	}
	if open {
		return diagnose.Seen{}
	}
	return refuted
}

func isSo(what steps.Text, fix steps.Fix) diagnose.Seen {
	return diagnose.Seen{Verdict: steps.Confirmed, What: what, Fix: fix}
}

func isNotSo(what steps.Text) diagnose.Seen {
	return diagnose.Seen{Verdict: steps.Refuted, What: what}
}

// seen is so or not, each with what was seen.
func seen(so bool, what steps.Text) diagnose.Seen {
	if so {
		return isSo(what, steps.Fix{})
	}
	return isNotSo(what)
}

// answeredUnsigned: nobody can register, nor be known, who does not sign.
func answeredUnsigned(_ context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	if about.Caller != "anonymous" || w.Spec().Side(side).Auth != spec.AuthUnsigned {
		return diagnose.Seen{}
	}
	return isSo(steps.T("%s.auth says that calls to this domain are unsigned", string(side)), steps.Fix{Text: steps.T("Leave out %s.auth: an open domain takes signed calls, too", string(side))})
}

func repositoryMissing(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	if about.Repository == "" {
		return diagnose.Seen{}
	}
	r, err := w.Repository(ctx, side, awsid.RepositoryName(about.Repository))
	if err != nil {
		return diagnose.Seen{}
	}
	if r != nil {
		return isNotSo(steps.T("%s: the %s domain has it", w.How(facts.FactRepository, side), string(side)))
	}
	var there []string
	if list, err := w.Repositories(ctx, side); err == nil {
		for _, r := range list {
			there = append(there, string(r.Name))
		}
	}
	return isSo(steps.T("the %s domain has no repository %s; it has: %s", string(side), about.Repository, orNone(there)), steps.Fix{})
}

func snapshotMissing(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	repo, name := awsid.RepositoryName(about.Repository), awsid.SnapshotName(about.Snapshot)
	if repo == "" || name == "" {
		return diagnose.Seen{}
	}
	held, err := w.Holds(ctx, side, repo)
	if err != nil {
		return diagnose.Seen{}
	}
	var there []string
	for _, h := range held {
		if h.Name == name {
			return isNotSo(steps.T("%s: it is there", w.How(facts.FactSnapshot, side)))
		}
		there = append(there, string(h.Name))
	}
	return isSo(steps.T("repository %s of the %s domain holds: %s", about.Repository, string(side), orNone(there)), steps.Fix{})
}

func indexMissing(ctx context.Context, w *View, side steps.Side, about diagnose.Subject) diagnose.Seen {
	list, err := w.Indices(ctx, side)
	if err != nil || about.Index == "" {
		return diagnose.Seen{}
	}
	there := slices.ContainsFunc(list, func(x facts.Index) bool { return x.Name == about.Index || slices.Contains(x.Aliases, about.Index) })
	return seen(!there, steps.T("%s: %d indices, %s among them: %t", w.How(facts.FactIndices, side), len(list), about.Index, there))
}

// nameTaken looks for the index itself: the check of free names passes what the run
// has restored, and the engine refuses that as any other.
func nameTaken(ctx context.Context, w *View, _ steps.Side, about diagnose.Subject) diagnose.Seen {
	side := receiving(w.Spec())
	list, err := w.Indices(ctx, side)
	if err != nil || about.Index == "" {
		return diagnose.Seen{}
	}
	there := slices.ContainsFunc(list, func(x facts.Index) bool { return x.Name == about.Index })
	what := steps.T("%s: %d indices, %s among them: %t", w.How(facts.FactIndices, side), len(list), about.Index, there)
	if there && w.Recorded()[about.Index] != "" {
		return isSo(what, steps.Fix{Text: steps.T("The run in the run directory restored it: nothing is left to restore. snapferry run goes on with what is there; to restore again, rename on the way or delete it first")})
	}
	return seen(there, what)
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
