package board

import (
	"fmt"
	"strings"

	"snapferry/awsx/policy"
	"snapferry/steps"
)

// verbSign is the one-character sign of a verb; it is never the only carrier of
// meaning, as the verb stands beside it in words.
var verbSign = map[steps.Verb]string{
	steps.Create: "+", steps.Modify: "~", steps.Delete: "-", steps.Exists: "=", steps.Act: ">",
}

// verbWord is the verb as a person says it: an act is something that is done.
func verbWord(v steps.Verb) string {
	if v == steps.Act {
		return "do"
	}
	return string(v)
}

// verbOf is what a change is to whoever reads of it: an act that deletes data only
// after it was confirmed is a deletion.
func verbOf(c steps.Change) steps.Verb {
	if c.Verb == steps.Act && !c.Asks.IsZero() {
		return steps.Delete
	}
	return c.Verb
}

// PlanTitle counts what a plan would do.
func PlanTitle(p steps.Plan) string { return "Plan   " + planCounts(p) }

func planCounts(p steps.Plan) string {
	n := map[steps.Verb]int{}
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			n[verbOf(c)]++
		}
	}
	deleted := "nothing is deleted"
	if gone := n[steps.Delete] + replaced(p); gone > 0 {
		deleted = fmt.Sprintf("%d to delete", gone)
	}
	return fmt.Sprintf("%d to create, %d to change, %d to do, %d exist, %s",
		n[steps.Create], n[steps.Modify], n[steps.Act], n[steps.Exists], deleted)
}

// replaced counts what acts destroy before they do their work.
func replaced(p steps.Plan) int {
	n := 0
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			n += len(c.Deletes)
		}
	}
	return n
}

// WholeDiffs shows documents to their end, however long.
const WholeDiffs = -1

// The columns of a plan: sign and verb, step, side, what; and of the lists below
// it: a heading, or its place left blank, and the words.
const (
	stepColumn = 10
	whatColumn = stepColumn + 19 + 14
	listColumn = 7
)

// PlanLines draws a plan. Documents that change are shown whole, as lines that go
// and come; of acts, whose documents list indices, and of what is deleted at most
// acts lines each. 0 shows no document. A plan that fills more than a screen says at its end what
// it comes to, for whoever stands there and is asked; one that takes back always does.
func (w Words) PlanLines(p steps.Plan, acts int) []Line {
	lines := lined(listColumn, PlanTitle(p))
	for _, s := range p.Steps {
		if len(s.Changes) == 0 && !s.Title.IsZero() {
			lines = append(lines, changeLine(" ", "nothing", s, w.Say(s.Title)+": it lacks nothing, as far as can be seen"))
		}
		for _, c := range s.Changes {
			lines = append(lines, w.changeLines(s, c)...)
			switch {
			case acts == 0 || c.Verb == steps.Exists:
			case c.Verb == steps.Act, c.Verb == steps.Delete: // a deletion is of our own making, and gone as a whole
				lines = append(lines, verbatim(cut(w.diffLines(c), acts, wholePlan[p.Purpose]+" shows all"))...)
			default:
				lines = append(lines, verbatim(w.diffLines(c))...)
			}
		}
	}
	lines = append(lines, w.movesLines(p)...)
	lines = append(lines, w.staysLines(p)...)
	lines = append(lines, w.estimateLines(toCome(p))...)
	if len(lines) > screenful || p.Purpose != steps.Migrate {
		lines = append(lines, w.inShort(p)...)
	}
	return lines
}

// wholePlan is the command that shows a plan to its end.
var wholePlan = map[steps.Purpose]string{
	steps.Migrate: "snapferry plan", steps.CleanUp: "snapferry clean-up --plan", steps.Undo: "snapferry undo --plan",
}

// screenful is how much of a plan can be taken in without scrolling back.
const screenful = 40

// changeLines names a change, and what it destroys.
func (w Words) changeLines(s steps.StepPlan, c steps.Change) []Line {
	lines := []Line{changeLine(verbSign[verbOf(c)], verbWord(verbOf(c)), s, w.Say(c.Summary))}
	if asks := w.Say(c.Asks); asks != "" {
		lines = append(lines, changeLine("?", "asks", s, "before it deletes "+asks+", unless a flag says so"))
	}
	for _, d := range c.Deletes {
		lines = append(lines, changeLine("-", "delete", s, w.Say(c.Loss(d))))
	}
	return lines
}

func changeLine(sign, verb string, s steps.StepPlan, what string) Line {
	return Line{fmt.Sprintf("%s %-7s %-18s %-13s %s", sign, verb, s.ID, s.Side, what), whatColumn}
}

// cut keeps the first lines and counts the others; whole says where they are.
func cut(lines []string, most int, whole string) []string {
	if most < 0 || len(lines) <= most {
		return lines
	}
	return append(lines[:most:most], fmt.Sprintf("      … and %d more lines (%s)", len(lines)-most, whole))
}

func (w Words) diffLines(c steps.Change) []string {
	var out []string
	for _, l := range policy.DiffCanonical(string(c.Before), string(c.After)) {
		sign := " "
		switch l.Kind {
		case policy.LineAdd:
			sign = "+"
		case policy.LineRemove:
			sign = "-"
		}
		out = append(out, "      "+sign+" "+w.Mask(l.Text))
	}
	return out
}

// Indent puts a block under a line.
func Indent(block, by string) []string {
	var out []string
	for _, l := range strings.Split(strings.TrimRight(block, "\n"), "\n") {
		out = append(out, by+l)
	}
	return out
}
