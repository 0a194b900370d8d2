package board

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

// TestEndsAndHandovers: an end names each thing that was left, and what is handed
// over shows one command, whole.
func TestEndsAndHandovers(t *testing.T) {
	kept := []steps.Stay{
		{What: "bucket", Name: "acme", Why: steps.T("Nobody confirmed it."), How: steps.T("Delete it with: --x")},
		{What: "role", Name: "r", Why: steps.T("Edited since.")},
	}
	do := func(i steps.Instruction) steps.Waiting {
		return steps.Waiting{Reason: steps.T("an administrator: the role"), Instruction: &i}
	}
	for name, c := range map[string]struct {
		e    steps.Event
		want []string
	}{
		"nothing kept": {steps.RunDone{OK: true}, []string{"done"}},
		"two kept": {steps.RunDone{OK: true, Kept: kept, Report: "report.md"}, []string{
			"done; left as they are: 2", "  bucket acme: Nobody confirmed it.", "    Delete it with: --x", "  role r: Edited since.", "report: report.md",
		}},
		"worked":                     {steps.RunDone{OK: true, Spent: steps.Spent{Worked: 185, Over: 200}}, []string{"done, after 3 min of work"}},
		"worked, slept":              {steps.RunDone{OK: true, Spent: steps.Spent{Worked: 185, Over: 7800}}, []string{"done, after 3 min of work, over 2 h 10 min"}},
		"waiting for the other side": {steps.RunDone{ExitCode: 4}, []string{"waiting for the other side"}},
		"a line": {do(steps.Instruction{CLI: "aws a \\\n  --b c", Curl: "curl"}), []string{
			"waiting for: an administrator: the role", "this would do it; hand it to whoever may run it:", "  aws a \\", "    --b c",
		}},
		"a call": {do(steps.Instruction{Curl: "curl x"}), []string{"waiting for: an administrator: the role", "this would do it; hand it to whoever may run it:", "  curl x"}},
		"a signed call": {do(steps.Instruction{Curl: `curl --user "$AWS_ACCESS_KEY_ID:x" y`}), []string{
			"waiting for: an administrator: the role", "this would do it; hand it to whoever may run it:",
			`  # its keys, where they are a profile's: eval "$(aws configure export-credentials --profile PROFILE --format env)"`, `  curl --user "$AWS_ACCESS_KEY_ID:x" y`,
		}},
		"refused": {steps.Waiting{Reason: steps.T("somebody"), Diagnosis: &steps.Diagnosis{Layer: "pass-role", Refused: "signer", Summary: steps.T("no"), Causes: []steps.Cause{{Summary: steps.T("no right"), Fix: steps.T("give it")}}}}, []string{
			"waiting for: somebody", "layer pass-role, refused: signer", "cause 1  no right", "  fix      give it",
		}},
		"refused, and borne": {steps.Waiting{Reason: steps.T("its right"), Until: time.Time{}.Add(3 * time.Minute), Diagnosis: &steps.Diagnosis{Layer: "pass-role"}}, []string{"waiting for up to 3 min: its right"}},
		"no command":         {do(steps.Instruction{}), []string{"waiting for: an administrator: the role"}},
	} {
		if d := cmp.Diff(c.want, Strings(english.EventLines(c.e))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	asks := steps.Plan{Steps: []steps.StepPlan{{ID: "snapshot", Side: steps.Source, Changes: []steps.Change{{
		Verb: steps.Act, Summary: steps.T("Take back"), Asks: steps.T("the snapshot s"),
	}}}}}
	if lines := english.changeLines(asks.Steps[0], asks.Steps[0].Changes[0]); len(lines) != 2 || lines[1].Text != "? asks    snapshot           source        before it deletes the snapshot s, unless a flag says so" {
		t.Errorf("%+v", lines)
	}
}
