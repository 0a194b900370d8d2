package board

import (
	"fmt"
	"strings"

	"snapferry/steps"
)

// EventLines draws one event for the plain view: no line for what only a moving
// picture can show, several for a failure.
func (w Words) EventLines(e steps.Event) []Line {
	if e, failed := e.(steps.StepFailed); failed {
		return w.DiagnosisLines(e.Diagnosis)
	}
	lines := lined(0, w.eventWords(e)...)
	if wait, ok := e.(steps.Waiting); ok {
		lines = append(lines, w.instructionLines(wait.Instruction)...)
		if wait.Diagnosis != nil && wait.Until.IsZero() { // what does not pass is told when it is given up
			lines = append(lines, w.CauseLines(*wait.Diagnosis)...)
		}
	}
	return lines
}

func (w Words) eventWords(e steps.Event) []string {
	switch e := e.(type) {
	case steps.RunStarted:
		if e.Resumed {
			return []string{"goes on with run " + e.RunID}
		}
		return []string{"run " + e.RunID}
	case steps.Approved:
		by := e.By
		if what, typed := strings.CutPrefix(by, "typed "); typed {
			by = "typing " + what
		}
		return []string{"plan approved by " + by}
	case steps.StepStarted:
		return []string{"starts"}
	case steps.StepDone:
		return w.doneLines(e)
	case steps.StepSkipped:
		return []string{"skipped: " + w.Say(e.Why)}
	case steps.ChangeIntended:
		if e.Change.Verb == steps.Act {
			return []string{w.Say(e.Change.Summary)}
		}
		return []string{fmt.Sprintf("%s %s", e.Change.Verb, w.Say(e.Change.Summary))}
	case steps.ChangeUndone:
		if !e.Kept.IsZero() {
			return []string{"left as it is: " + w.Mask(e.ID) + ": " + w.Say(e.Kept)}
		}
		return []string{"taken back: " + w.Mask(e.ID)}
	case steps.Progress:
		return []string{ProgressLine(e)}
	case steps.Waiting:
		if e.Reason.IsZero() {
			return nil
		}
		if !e.Until.IsZero() {
			return []string{"waiting for up to " + About(e.Until.Sub(e.Since)) + ": " + w.Say(e.Reason)}
		}
		return []string{"waiting for: " + w.Say(e.Reason)}
	case steps.Log:
		return []string{w.Say(e.Text)}
	case steps.Paused:
		return []string{"paused: " + w.Say(e.Why), "go on with: " + e.Resume}
	case steps.RunDone:
		return w.endLines(e)
	}
	return nil
}

// instructionLines shows the command to hand on, whole: it is there to be copied.
func (w Words) instructionLines(do *steps.Instruction) []Line {
	if do == nil {
		return nil
	}
	for _, command := range []string{do.CLI, do.Curl, do.Terraform} {
		if command != "" {
			lines := lined(0, "this would do it; hand it to whoever may run it:")
			if wantsKeys(command) {
				lines = append(lines, Line{"  # its keys, where they are a profile's: " + keysOfProfile, Verbatim})
			}
			return append(lines, verbatim(Indent(w.Mask(command), "  "))...)
		}
	}
	return nil
}

func (w Words) doneLines(e steps.StepDone) []string {
	head := "done"
	if e.Existed {
		head = "already so"
	}
	if s := w.Say(e.Evidence.Summary); s != "" {
		head += ": " + s
	}
	return []string{head}
}

// Exit codes that are no failures, as the product promises them.
const (
	otherSide     = 4
	pausedTooLong = 5
	interrupted   = 130
)

func (w Words) endLines(e steps.RunDone) []string {
	head := "ended with an error"
	switch {
	case e.OK:
		head = "done"
	case e.ExitCode == interrupted:
		head = "stopped on request"
	case e.ExitCode == otherSide:
		head = "waiting for the other side"
	case e.ExitCode == pausedTooLong:
		head = "paused"
	}
	if took := Took(e.Spent); took != "" {
		head += ", after " + took
	}
	lines := []string{head}
	if n := len(e.Kept); n > 0 {
		lines[0] = fmt.Sprintf("%s; left as they are: %d", head, n)
		for _, s := range e.Kept {
			lines = append(lines, w.stayLines(s)...)
		}
	}
	if e.Report != "" {
		lines = append(lines, "report: "+e.Report)
	}
	return lines
}

// stayLines names one thing that was left, why, and what would have it otherwise.
func (w Words) stayLines(s steps.Stay) []string {
	lines := []string{"  " + w.Mask(s.What+" "+s.Name) + ": " + w.Say(s.Why)}
	if how := w.Say(s.How); how != "" {
		lines = append(lines, "    "+how)
	}
	return lines
}

// DiagnosisLines draws a failure: the innermost cause first, then how we know,
// then what to do.
func (w Words) DiagnosisLines(d steps.Diagnosis) []Line {
	return append(lined(len("failed: "), "failed: "+w.Say(d.Summary)), w.CauseLines(d)...)
}

// Verdicts head what a cause is confirmed by, or was seen to be.
var Verdicts = map[steps.Verdict]string{"": "confirm", steps.Confirmed: "it is so", steps.Refuted: "not so"}

// causeColumn is where the words of a cause stand, behind its number or label.
const causeColumn = 11

// CauseLines draws where an error comes from, why, and what to do about it.
func (w Words) CauseLines(d steps.Diagnosis) []Line {
	var lines []Line
	if d.Layer != "" {
		where := "layer " + d.Layer
		if d.Refused != "" {
			where += ", refused: " + w.Mask(d.Refused)
		}
		lines = lined(0, where)
	}
	for i, c := range d.Causes {
		lines = append(lines, Line{fmt.Sprintf("cause %d  %s", i+1, w.Say(c.Summary)), causeColumn - 2})
		if s := w.Say(c.Confirm); s != "" {
			lines = append(lines, Line{fmt.Sprintf("  %-8s %s", Verdicts[c.Verdict], s), causeColumn})
		}
		if s := w.Say(c.Fix); s != "" {
			lines = append(lines, Line{"  fix      " + s, causeColumn})
		}
		for _, block := range []string{c.Command, c.Diff} {
			if block != "" {
				lines = append(lines, verbatim(Indent(w.Mask(block), "           "))...)
			}
		}
	}
	return lines
}
