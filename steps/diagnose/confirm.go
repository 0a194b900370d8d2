package diagnose

import (
	"slices"
	"strings"

	"snapferry/steps"
)

// checksOf are the checks that tell whether a cause holds: where one of them is
// not passed, it does; where all are passed, it does not. Several causes of one
// error may share a check: whoever looks closer than a check comes first.
var checksOf = map[string][]steps.CheckID{
	"signer-method":  both("signer-may-call"),
	"access-policy":  both("access-policy-admits-signer"),
	"domain-missing": both("domain-found"),

	"role-name-case":     {"role-exact-spelling"},
	"pass-role-spelling": {"role-exact-spelling"},
	"pass-role-missing":  both("signer-may-pass-role"),
	"trust-mismatch":     both("role-trusts-service"),

	"unmapped-signer":          both("signer-mapped"),
	"monitoring-missing":       both("signer-mapped"),
	"security-manager-missing": both("mapper-may-map"),

	"role-s3-rights":        both("role-may-use-bucket"),
	"bucket-policy-missing": both("bucket-policy-allows"),
	"bucket-of-another":     {"bucket-usable"},
	"bucket-region":         both("bucket-region-match"),
	"write-only":            both("role-may-use-bucket", "role-may-use-key"),

	"role-key-rights": both("role-may-use-key"),
	"key-not-shared":  both("key-policy-allows"),
	"key-disguised":   append(both("role-may-use-key", "key-policy-allows"), "bucket-key-enabled", "bucket-key-shareable"),
	"aws-managed-key": {"bucket-key-shareable"},
	"key-disabled":    {"bucket-key-enabled"},

	"clock":                     both("clock-in-step"),
	"snapshot-newer":            {"version-path"},
	"elasticsearch-on-3":        {"version-path"},
	"index-too-old":             {"index-created-versions"},
	"index-red":                 {"source-domain-healthy"},
	"cluster-unsteady":          both("domain-calm"),
	"slot-taken":                {"snapshot-slot-free"},
	"name-taken":                {"index-names-free"},
	"name-is-alias":             {"index-names-free"},
	"alias-is-index":            {"index-names-free"},
	"alias-is-name":             {"index-names-free"},
	"names-collide":             {"index-names-free"},
	"two-write-indices":         {"index-names-free"},
	"taken-before":              {"snapshot-name-free"},
	"nothing-matches":           {"something-moves"},
	"security-index-in-restore": {"snapshots-without-security-index"},
	"shard-limit":               {"shard-room"},
	"disk-full":                 {"disk-room"},
	"standby-copies":            {"replicas-fit"},
}

// both are checks that each side has.
func both(checks ...steps.CheckID) []steps.CheckID {
	var list []steps.CheckID
	for _, side := range []steps.Side{steps.Source, steps.Target} {
		for _, c := range checks {
			list = append(list, steps.CheckID(string(side)+"-")+c)
		}
	}
	return list
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

// weighed keeps no fix for what is not so: somebody would copy it.
func weighed(c steps.Cause, seen Seen) steps.Cause {
	c.Verdict, c.Confirm = seen.Verdict, seen.What
	if seen.Verdict == steps.Refuted {
		c.Fix, c.Command, c.Diff = steps.Text{}, "", ""
	}
	if !seen.Fix.Text.IsZero() {
		c.Fix, c.Command, c.Diff = seen.Fix.Text, seen.Fix.Command, seen.Fix.Diff
	}
	return c
}

// ByChecks looks at what checks have found: a cause is so where one of its checks
// is not passed, and not so where all are. side is the one the error is about, ""
// where it does not tell: then those of both count.
func ByChecks(found []steps.Finding, side steps.Side) Look {
	return func(cause string, _ Subject) Seen {
		var passed Seen
		open := false
		for _, f := range found {
			switch {
			case !slices.Contains(checksOf[cause], f.ID) || elsewhere(f, side):
			case notSo(f):
				return Seen{Verdict: steps.Confirmed, What: f.Cause, Fix: f.Fix}
			case f.Outcome != steps.Pass:
				open = true
			case passed.Verdict == "" && len(f.Evidence) > 0:
				passed = Seen{Verdict: steps.Refuted, What: f.Evidence[0]}
			}
		}
		if open {
			return Seen{}
		}
		return passed
	}
}

// elsewhere says that a finding is about the other side.
func elsewhere(f steps.Finding, side steps.Side) bool {
	other := string(steps.Source)
	switch side {
	case "":
		return false
	case steps.Source:
		other = string(steps.Target)
	}
	return strings.HasPrefix(string(f.ID), other+"-") || strings.HasPrefix(f.Subject, other+" ")
}

// notSo says that what should be true is not: of what is only told, that which has
// a way out, as the plan mends it or somebody may.
func notSo(f steps.Finding) bool {
	switch f.Outcome {
	case steps.Block, steps.Warn:
		return true
	case steps.Note:
		return f.Fix.Step != "" || !f.Fix.Text.IsZero()
	}
	return false
}
