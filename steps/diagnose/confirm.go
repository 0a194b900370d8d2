package diagnose

import (
	"slices"

	"snapferry/steps"
)

// checksOf are the checks that tell whether a cause holds: where one of them is
// not passed, it does; where all are passed, it does not. What a cause leaves to
// a look at the world and no check covers stays open.
var checksOf = map[string][]steps.CheckID{
	"role-name-case":     {"role-exact-spelling"},
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
	"nothing-matches":    {"something-moves"},
	"shard-limit":        {"shard-room"},
	"disk-full":          {"disk-room"},
	"standby-copies":     {"replicas-fit"},
}

// ConfirmedBy says which checks a cause is confirmed by, for the documentation
// and for whoever adds one.
func ConfirmedBy(cause string) []steps.CheckID { return checksOf[cause] }

// Seen is what a look at the world said of one cause; the zero Seen is that it
// could not tell.
type Seen struct {
	Verdict steps.Verdict
	// What was seen, in place of how to see it.
	What steps.Text
	// Fix is the way out for what was seen, zero where the cause's own will do.
	Fix steps.Fix
}

// Look answers for one cause by its id, about what the error speaks of: for
// role-name-case, whether iam:GetRole gives another spelling than the role in
// the error.
type Look func(cause string, about Subject) Seen

// Weigh ranks the causes of a diagnosis anew: what a look says is so comes first,
// what is not so last. The first look that can tell decides.
func Weigh(d steps.Diagnosis, about Subject, looks ...Look) steps.Diagnosis {
	d.Causes = slices.Clone(d.Causes)
	for i, c := range d.Causes {
		for _, look := range looks {
			if seen := look(c.ID, about); seen.Verdict != "" {
				d.Causes[i] = weighed(c, seen)
				break
			}
		}
	}
	order := map[steps.Verdict]int{steps.Confirmed: 0, "": 1, steps.Refuted: 2}
	slices.SortStableFunc(d.Causes, func(a, b steps.Cause) int { return order[a.Verdict] - order[b.Verdict] })
	return d
}

func weighed(c steps.Cause, seen Seen) steps.Cause {
	c.Verdict, c.Confirm = seen.Verdict, seen.What
	if !seen.Fix.Text.IsZero() {
		c.Fix, c.Command, c.Diff = seen.Fix.Text, seen.Fix.Command, seen.Fix.Diff
	}
	return c
}

// Confirm weighs a diagnosis by what checks have found.
func Confirm(d steps.Diagnosis, found []steps.Finding) steps.Diagnosis {
	return Weigh(d, Subject{}, func(cause string, _ Subject) Seen { return byChecks(cause, found) })
}

// byChecks says that a cause is so where one of its checks is not passed, and not
// so where all are.
func byChecks(cause string, found []steps.Finding) Seen {
	var passed Seen
	open := false
	for _, f := range found {
		switch {
		case !slices.Contains(checksOf[cause], f.ID):
		case f.Outcome == steps.Unknown || f.Outcome == steps.Skipped:
			open = true
		case f.Outcome != steps.Pass:
			return Seen{Verdict: steps.Confirmed, What: f.Cause, Fix: f.Fix}
		case passed.Verdict == "" && len(f.Evidence) > 0:
			passed = Seen{Verdict: steps.Refuted, What: f.Evidence[0]}
		}
	}
	if open {
		return Seen{}
	}
	return passed
}
