package board

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

// back is the taking back of a bucket and of what was restored.
func back() steps.Plan {
	bucket := steps.NewChange("bucket", steps.Ref{Kind: steps.KindBucket, Side: steps.Source, Name: "acme"}, steps.Doc("["+strings.Repeat("1,", 9)+"1]"), "", steps.T("Take back: %s", steps.T("bucket acme")))
	bucket.Asks = steps.T("the bucket acme with the 5 objects in it")
	restored := steps.NewAct("restore", steps.Ref{Kind: steps.KindIndices, Name: "s"}, "[]", steps.T("Take back: %s", steps.T("restore 49 indices")))
	restored.Asks = steps.T("49 restored indices on the target domain, untouched since")
	settled := steps.NewAct("settle", steps.Ref{Kind: "settle", Name: "s"}, "[]", steps.T("Take back: %s", steps.T("replicas")))
	return steps.Plan{Purpose: steps.Undo, Steps: []steps.StepPlan{
		{ID: "restore", Side: steps.Target, Changes: []steps.Change{restored}},
		{ID: "settle", Side: steps.Target, Changes: []steps.Change{settled}},
		{ID: "bucket", Side: steps.Source, Changes: []steps.Change{bucket}},
	}}
}

// TestTakingBackDataIsDeletion: an act that deletes indices is counted and marked as
// what it is, and a plan to take back ends with what goes, however short it is.
func TestTakingBackDataIsDeletion(t *testing.T) {
	lines := Strings(english.PlanLines(back(), 3))
	if want := "Plan   0 to create, 0 to change, 1 to do, 0 exist, 2 to delete"; lines[0] != want {
		t.Errorf("%q, wants %q", lines[0], want)
	}
	all := strings.Join(lines, "\n")
	for _, want := range []string{"- delete  restore            target        Take back: restore 49 indices", "more lines (snapferry undo --plan shows all)"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	want := []string{
		"", "In short",
		"       creates   nothing",
		"       changes   nothing",
		"       deletes   target: 49 restored indices on the target domain, untouched since; only by a yes of its own, or a flag",
		"                 source: the bucket acme with the 5 objects in it; only by a yes of its own, or a flag",
		"       does      target: Take back: replicas",
	}
	if d := cmp.Diff(want, lines[len(lines)-len(want):]); d != "" {
		t.Error(d)
	}
	one := steps.Plan{Purpose: steps.CleanUp, Stays: []steps.Stay{{What: "index", Name: "a"}}}
	if all := strings.Join(Strings(english.PlanLines(one, 3)), "\n"); !strings.Contains(all, "1 thing, listed with its reason") {
		t.Error(all)
	}
	none := Strings(english.PlanLines(steps.Plan{Purpose: steps.Undo}, 3))
	if d := cmp.Diff([]string{"", "In short", "       creates   nothing", "       changes   nothing", "       deletes   nothing"}, none[1:]); d != "" {
		t.Error(d)
	}
	cleans := back()
	cleans.Purpose = steps.CleanUp
	if all := strings.Join(Strings(english.PlanLines(cleans, 3)), "\n"); !strings.Contains(all, "(snapferry clean-up --plan shows all)") {
		t.Error(all)
	}
}

// TestWhatIsThereIsNotToCome: a second run moves nothing and takes no time, and a
// step that does nothing says why.
func TestWhatIsThereIsNotToCome(t *testing.T) {
	act := func(step steps.StepID, kind steps.Kind, v steps.Verb) steps.StepPlan {
		c := steps.NewAct(step, steps.Ref{Kind: kind, Name: "s"}, "[]", steps.T("%s", string(step)))
		c.Verb = v
		return steps.StepPlan{ID: step, Title: steps.T("A title"), Changes: []steps.Change{c}}
	}
	for name, c := range map[string]struct {
		snapshot, restore steps.Verb
		says, not         []string
	}{
		"all is there":      {steps.Exists, steps.Exists, []string{"Moved  1 index, 5 documents by _cat/indices, 1.0 GiB: all there already"}, []string{"Time ", "takes ", "Moves ", "moves "}},
		"half is there":     {steps.Exists, steps.Act, []string{"Moves  1 index", "Time   restore about 2 min"}, []string{"snapshot about"}},
		"nothing is there":  {steps.Act, steps.Act, []string{"Moves  1 index", "Time   snapshot about 60 s, restore about 2 min"}, nil},
		"the restore stays": {steps.Act, steps.Exists, []string{"Time   snapshot about 60 s"}, []string{"restore about"}},
	} {
		p := steps.Plan{
			Steps:    []steps.StepPlan{act("snapshot", steps.KindSnapshot, c.snapshot), act("restore", steps.KindIndices, c.restore), {ID: "source-mapping", Title: steps.T("Role mapping")}},
			Moves:    []steps.Move{{Index: "orders", Bytes: 1 << 30, Docs: 5}},
			Estimate: steps.Estimate{Snapshot: 60e9, Restore: 120e9},
		}
		all := strings.Join(Strings(append(english.PlanLines(p, 0), english.inShort(p)...)), "\n")
		for _, want := range append(c.says, "Role mapping: it lacks nothing, as far as can be seen") {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no %q in\n%s", name, want, all)
			}
		}
		for _, wrong := range c.not {
			if strings.Contains(all, wrong) {
				t.Errorf("%s: says %q in\n%s", name, wrong, all)
			}
		}
	}
}

// TestWordsOfEvents: how a plan was approved is part of a sentence.
func TestWordsOfEvents(t *testing.T) {
	for want, e := range map[string]steps.Event{
		"plan approved by typing the id of the run": steps.Approved{By: "typed the id of the run"},
		"plan approved by --yes":                    steps.Approved{By: "--yes"},
		"paused: The credentials have expired.":     steps.Paused{Why: steps.T("The credentials have expired.")},
	} {
		if got := english.EventLines(e)[0].Text; got != want {
			t.Errorf("%q, wants %q", got, want)
		}
	}
}
