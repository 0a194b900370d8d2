package board

import (
	"fmt"
	"slices"
	"strings"

	"snapferry/steps"
	"snapferry/steps/spec"
)

var outcomeSign = map[steps.Outcome]string{
	steps.Pass: "ok", steps.Note: "info", steps.Warn: "warn", steps.Block: "BLOCK", steps.Unknown: "unknown", steps.Skipped: "skipped",
}

// Stated is what a check says, as far as it is so: what it states should be, which of a
// failed one is not. What stops nobody and the plan puts right is so once that is done.
func Stated(f steps.Finding) steps.Text {
	switch {
	case f.Outcome == steps.Block || f.Outcome == steps.Warn:
		return steps.T("not met: %s", f.Summary)
	case f.Outcome == steps.Note && f.Fix.Step != "":
		return steps.T("by the plan: %s", f.Summary)
	}
	return f.Summary
}

// FindingsTitle counts outcomes; what is zero is left out.
func FindingsTitle(fs []steps.Finding) string {
	n := map[steps.Outcome]int{}
	for _, f := range fs {
		n[f.Outcome]++
	}
	line := fmt.Sprintf("Preflight   %d passed", n[steps.Pass])
	for _, o := range []struct {
		outcome   steps.Outcome
		one, many string
	}{
		{steps.Note, "note", "notes"},
		{steps.Warn, "warning", "warnings"},
		{steps.Block, "blocker", "blockers"},
		{steps.Unknown, "unknown", "unknown"},
		{steps.Skipped, "skipped", "skipped"},
	} {
		if c := n[o.outcome]; c > 0 {
			line += fmt.Sprintf(", %d %s", c, plural(c, o.one, o.many))
		}
	}
	return line
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// FindingsLines draws findings in their order. all is false where what passed is
// only counted, and what the plan puts right is told without what the plan shows;
// what passed for several subjects is one line. What was skipped because of a finding that is shown stands with
// that one, by its ids: it has nothing else to say.
func (w Words) FindingsLines(found []steps.Finding, all bool) []Line {
	resting := map[steps.CheckID][]string{}
	root := map[steps.CheckID]bool{}
	for _, f := range found {
		root[f.ID] = root[f.ID] || f.Outcome == steps.Unknown || f.Outcome == steps.Block
	}
	gathered := func(f steps.Finding) bool { return f.Outcome == steps.Skipped && root[f.BecauseOf] }
	for _, f := range found {
		if gathered(f) && !slices.Contains(resting[f.BecauseOf], string(f.ID)) {
			resting[f.BecauseOf] = append(resting[f.BecauseOf], string(f.ID))
		}
	}
	lines, keys := lined(listColumn, FindingsTitle(found)), false
	for i, f := range found {
		again := i > 0 && f.Outcome == steps.Pass && found[i-1].Outcome == steps.Pass && f.ID == found[i-1].ID
		if gathered(f) || again || (f.Outcome == steps.Pass && !all) {
			continue
		}
		if !all && f.Outcome == steps.Note && f.Fix.Step != "" {
			f = brief(f)
		}
		lines, keys = append(lines, w.FindingLines(f)...), keys || f.Outcome != steps.Pass && wantsKeys(f.Fix.Command)
		if ids := resting[f.ID]; len(ids) > 0 && (f.Outcome == steps.Unknown || f.Outcome == steps.Block) {
			lines = append(lines, Line{fmt.Sprintf("        %-9s %d more %s for this: %s", "skipped", len(ids), plural(len(ids), "check, which waits", "checks, which wait"), strings.Join(ids, ", ")), factColumn})
			delete(resting, f.ID)
		}
	}
	if keys {
		lines = append(lines, Line{"The curl lines look for their keys in the environment, where a profile's are not. For those:", 0}, Line{"  " + keysOfProfile, Verbatim})
	}
	return lines
}

// keysOfProfile puts a profile's keys where curl lines look for them.
const keysOfProfile = `eval "$(aws configure export-credentials --profile PROFILE --format env)"`

// wantsKeys says that a command looks for keys in the environment.
func wantsKeys(command string) bool { return strings.Contains(command, "$AWS_ACCESS_KEY_ID") }

// brief is what the plan puts right, told before that plan, which shows how.
func brief(f steps.Finding) steps.Finding {
	f.Subject, f.Evidence, f.Fix = "", nil, steps.Fix{Step: f.Fix.Step}
	return f
}

// The columns of a finding: outcome, id, statement; and below: label, words.
const (
	statementColumn = 44
	factColumn      = 18
)

// FindingLines draws one finding: a line for one that passed, all it knows for
// any other.
func (w Words) FindingLines(f steps.Finding) []Line {
	lines := lined(statementColumn, fmt.Sprintf("%-7s %-35s %s", outcomeSign[f.Outcome], f.ID, w.Say(Stated(f))))
	if f.Outcome == steps.Pass {
		return lines
	}
	add := func(label, words string) {
		if words != "" {
			lines = append(lines, Line{fmt.Sprintf("        %-9s %s", label, words), factColumn})
		}
	}
	add("subject", w.Mask(f.Subject))
	for i, e := range f.Evidence {
		label := ""
		if i == 0 {
			label = "evidence"
		}
		add(label, w.Say(e))
	}
	add("cause", w.Say(f.Cause))
	add("because", string(f.BecauseOf))
	add("fix", w.Say(f.Fix.Text))
	for _, block := range []string{f.Fix.Command, f.Fix.Diff} {
		if block != "" {
			lines = append(lines, verbatim(Indent(w.Mask(block), "                  "))...)
		}
	}
	if f.Fix.Step != "" {
		add("plan", "step "+string(f.Fix.Step)+" of the plan puts it right")
	}
	return append(lines, w.answerLines(f.Fix.Answers)...)
}

// answerLines shows what the answers have to say for the plan to put it right.
func (w Words) answerLines(list []steps.Answer) []Line {
	if len(list) == 0 {
		return nil
	}
	said, left := spec.Snippet(list)
	// What is said below a key takes the place of all that was.
	left = slices.DeleteFunc(left, func(k string) bool {
		return slices.ContainsFunc(list, func(a steps.Answer) bool { return strings.HasPrefix(a.Key, k+".") })
	})
	how := "or let the plan do it: have the answers say"
	switch leave := strings.Join(left, ", "); {
	case said == "":
		how = "or let the plan do it: leave " + leave + " out of the answers"
	case leave != "":
		how = "or let the plan do it: leave " + leave + " out of the answers, and have them say"
	}
	lines := []Line{{fmt.Sprintf("        %-9s %s", "plan", how), factColumn}}
	if said != "" {
		lines = append(lines, verbatim(Indent(w.Mask(said), "                  "))...)
	}
	return lines
}
