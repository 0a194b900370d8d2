package preflight

import (
	"snapferry/steps"
)

// because lets every cause be told once. Where one thing keeps many checks from
// asking (a profile that is not there, an expired login), the first of them, or
// the first about identities, says so; the others are skipped because of it.
func because(found []steps.Finding) []steps.Finding {
	roots := map[string]int{}
	for i, f := range found {
		k := obstacle(f)
		if k == "" {
			continue
		}
		if r, known := roots[k]; !known || f.Family == steps.FamilyIdentity && found[r].Family != steps.FamilyIdentity {
			roots[k] = i
		}
	}
	for i, f := range found {
		k := obstacle(f)
		if k == "" || roots[k] == i || found[roots[k]].ID == f.ID {
			continue
		}
		found[i].Outcome, found[i].BecauseOf = steps.Skipped, found[roots[k]].ID
		found[i].Cause, found[i].Evidence, found[i].Fix = steps.T("what it would look at could not be asked"), nil, steps.Fix{}
	}
	return found
}

// obstacle is what kept a check from asking: what was tried and why it failed;
// "" where that is not known, or a check's own matter.
func obstacle(f steps.Finding) string {
	if f.Outcome != steps.Unknown || f.BecauseOf != "" || f.Cause.IsZero() || len(f.Evidence) == 0 {
		return ""
	}
	return f.Evidence[0].String() + "\n" + f.Cause.String()
}

// NothingKnown says that no check could find out anything: neither that things
// are well nor that they are not.
func NothingKnown(found []steps.Finding) bool {
	for _, f := range found {
		if f.Outcome != steps.Unknown && f.Outcome != steps.Skipped {
			return false
		}
	}
	return true
}
