package diagnose

import (
	"slices"

	"snapferry/steps"
)

// checksOf are the checks that tell whether a cause holds: where one of them is
// not passed, it does; where all are passed, it does not. What a cause leaves to
// a look at the world and no check covers stays open.
var checksOf = map[string][]steps.CheckID{
	"role-spelling":      {"role-exact-spelling"},
	"pass-role-spelling": {"role-exact-spelling"},
	"clock":              {"source-clock-in-step", "target-clock-in-step"},
	"bucket-region":      {"source-bucket-region-match", "target-bucket-region-match"},
	"bucket-missing":     {"bucket-usable"},
	"snapshot-newer":     {"version-path"},
	"index-too-old":      {"index-created-versions"},
	"index-red":          {"source-domain-healthy"},
	"slot-taken":         {"snapshot-slot-free"},
	"name-taken":         {"index-names-free"},
	"name-is-alias":      {"index-names-free"},
	"alias-is-index":     {"index-names-free"},
	"taken-before":       {"snapshot-name-free"},
	"everything-meant":   {"something-moves"},
	"shard-limit":        {"shard-room"},
	"disk-full":          {"disk-room"},
	"standby-copies":     {"replicas-fit"},
}

// ConfirmedBy says which checks a cause is confirmed by, for the documentation
// and for whoever adds one.
func ConfirmedBy(cause string) []steps.CheckID { return checksOf[cause] }

// Confirm holds the causes of a diagnosis against what checks have found: what is
// so comes first, with what was seen and the fix for it; what is not so, last.
func Confirm(d steps.Diagnosis, found []steps.Finding) steps.Diagnosis {
	d.Causes = slices.Clone(d.Causes)
	for i, c := range d.Causes {
		d.Causes[i] = judged(c, found)
	}
	order := map[steps.Verdict]int{steps.Confirmed: 0, "": 1, steps.Refuted: 2}
	slices.SortStableFunc(d.Causes, func(a, b steps.Cause) int { return order[a.Verdict] - order[b.Verdict] })
	return d
}

func judged(c steps.Cause, found []steps.Finding) steps.Cause {
	var passed []steps.Text
	open := false
	for _, f := range found {
		switch {
		case !slices.Contains(checksOf[c.ID], f.ID):
		case f.Outcome == steps.Pass:
			passed = append(passed, f.Evidence...)
		case f.Outcome == steps.Unknown || f.Outcome == steps.Skipped:
			open = true
		default:
			c.Verdict, c.Confirm = steps.Confirmed, f.Cause
			if !f.Fix.Text.IsZero() {
				c.Fix = f.Fix.Text
			}
			return c
		}
	}
	if !open && len(passed) > 0 {
		c.Verdict, c.Confirm = steps.Refuted, passed[0]
	}
	return c
}
