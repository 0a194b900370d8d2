package panel

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
	"snapferry/steps/report"
)

// TestReportTellsTheStory by how the run ended.
func TestReportTellsTheStory(t *testing.T) {
	base := report.Report{RunID: "run-1", Started: noon, Ended: noon.Add(57 * time.Second), Spent: steps.Spent{Worked: 55, Over: 57}, Moved: report.Moved{Indices: plan(3).Moves, Docs: 12345, Bytes: 3 << 30, Arrived: true}}
	for name, c := range map[string]struct {
		edit func(*report.Report)
		says []string
	}{
		"done":       {func(r *report.Report) { r.Outcome = report.Done }, []string{"✓ Done: 3 indices, 3.0 GiB, moved and proven", "run       run-1", "took      55 s of work", "12,345 documents", "Index by index"}},
		"resumed":    {func(r *report.Report) { r.Over = 7800 }, []string{"took      55 s of work, over 2 h 10 min"}},
		"nothing":    {func(r *report.Report) { r.Outcome, r.Moved = report.Done, report.Moved{} }, []string{"✓ Done"}},
		"taken back": {func(r *report.Report) { r.Outcome, r.Moved.Back = report.TakenBack, true }, []string{"✓ Taken back", "What was moved, and taken back since"}},
		"stopped": {func(r *report.Report) {
			r.Outcome, r.Moved.Arrived = report.Stopped, false
			r.Steps = []report.StepLine{{ID: "bucket", Status: steps.StatusDone}, {ID: "snapshot", Status: steps.StatusStopped}, {ID: "restore", Status: steps.StatusWaiting}}
		}, []string{"! Stopped at snapshot, with 1 of 3 steps done; it can go on", "What is to be moved"}},
		"stopped somewhere": {func(r *report.Report) { r.Outcome = report.Stopped }, []string{"! Stopped, and can go on"}},
		"killed":            {func(r *report.Report) { r.Outcome = report.Unfinished }, []string{"! The run has not ended"}},
		"failed": {func(r *report.Report) {
			d := cause()
			r.Outcome, r.Failed = report.Failed, &report.StepLine{ID: "snapshot", Diagnosis: &d}
		}, []string{"✗ Failed; what is done stays done", "What failed", "step      snapshot", "No policy of the signer"}},
		"kept": {func(r *report.Report) {
			r.Kept = []steps.Stay{{What: "index", Name: "logs-1", Why: steps.T("It was written to."), How: steps.T("Delete it by hand.")}}
		}, []string{"What was left where it is, and why", "index logs-1", "It was written to. Delete it by hand."}},
		"handed": {func(r *report.Report) {
			r.Handed = []report.Handed{{Summary: steps.T("the role"), Known: steps.T("Not known."), Undo: steps.T("Its owner.")}}
		}, []string{"handed over", "the role", "Not known. Its owner."}},
		"changed": {func(r *report.Report) {
			r.Changed = []report.Changed{{Side: steps.Source, Account: "111111111111", Verb: steps.Create, Summary: steps.T("the bucket"), State: "made", Undo: steps.T("snapferry undo deletes it.")}}
		}, []string{"+ the bucket", "source 111111111111: made. snapferry undo deletes it."}},
		"guessed": {func(r *report.Report) {
			r.Guess = report.Guess{Plan: steps.Estimate{Snapshot: 23 * time.Minute, Restore: time.Hour}, SnapshotSeconds: 25}
		}, []string{"snapshot  estimated about 23 min, took 25 s", "restore   estimated about 60 min"}},
		"after":    {func(r *report.Report) { r.DayAfter = []steps.Text{steps.T("Move the clients.")} }, []string{"The day after", "1   Move the clients."}},
		"replaced": {func(r *report.Report) { r.Moved.Replaced = []string{"old"} }, []string{"deleted   on the target first, for good: old"}},
	} {
		r := base
		c.edit(&r)
		shown := bare(plainLook().Report(r, []string{"run/report.md"}, 100))
		for _, words := range append(c.says, "written   run/report.md") {
			if !strings.Contains(shown, words) {
				t.Errorf("%s: no %q in\n%s", name, words, shown)
			}
		}
	}
}

func TestHandOverForms(t *testing.T) {
	who := steps.Instruction{Who: steps.T("the owner"), What: steps.T("make it")}
	for label, do := range map[string]steps.Instruction{"AWS CLI": {CLI: "aws x", Curl: "curl x"}, "curl": {Curl: "curl x", Terraform: "resource x"}, "Terraform": {Terraform: "resource x"}, "": {}} {
		do.Who, do.What = who.Who, who.What
		shown := bare(plainLook().HandOver(do, "", 60))
		if !strings.Contains(shown, "who       the owner") || label != "" && !strings.Contains(shown, "\n"+label+"\n") || strings.Count(shown, " x") > 1 {
			t.Errorf("%s:\n%s", label, shown)
		}
	}
}

// TestErrorsSayWhatToDo, whatever they are made of.
func TestErrorsSayWhatToDo(t *testing.T) {
	whole := &steps.Error{Summary: steps.T("It is not there"), Fix: steps.T("Make it")}
	for _, c := range []struct {
		err       error
		said, fix string
	}{
		{whole, "It is not there. Make it", "fix       Make it"},
		{fmt.Errorf("outside: %w", whole), "It is not there. Make it", "fix       Make it"},
		{errors.New("plain %d"), "plain %d", ""},
		{&steps.Error{Cause: errors.New("within"), Fix: steps.T("Look")}, "within. Look", "fix       Look"},
	} {
		if got := Said(c.err).String(); got != c.said {
			t.Errorf("%v: says %q, wants %q", c.err, got, c.said)
		}
		shown := bare(plainLook().Trouble(c.err, 80))
		if head, _, _ := strings.Cut(c.said, "."); !strings.HasPrefix(shown, "✗ "+head) || !strings.Contains(shown, c.fix) {
			t.Errorf("%v: %q", c.err, shown)
		}
	}
}

func TestField(t *testing.T) {
	l, label := plainLook(), steps.T("Type the id")
	for _, c := range []struct {
		typed string
		width int
		want  string
	}{
		{"", 80, "Type the id: _ 2222-2222"}, {"22", 80, "Type the id: 22_"}, {"22", 20, "Type the id:\n  22_"}, {strings.Repeat("2", 60), 40, "Type the id: 2222222222222…222222222222_"},
	} {
		if got := bare(l.Field(label, c.typed, "2222-2222", c.width)); got != c.want {
			t.Errorf("%q in %d: %q, wants %q", c.typed, c.width, got, c.want)
		}
	}
}

// TestTyped shows the end of a long text, with the cursor behind it.
func TestTyped(t *testing.T) {
	l := plainLook()
	for _, c := range []struct {
		body          string
		width, height int
		want          string
	}{
		{"", 20, 5, "_"},
		{"one\ntwo", 20, 5, "one\ntwo_"},
		{"one\ntwo\n", 20, 5, "one\ntwo\n_"},
		{"1\n2\n3\n4", 20, 2, "3\n4_"},
		{"x\ty\x1b[2J", 20, 2, "x  y_"},
		{"x", 20, 0, ""},
		{strings.Repeat("a", 30), 20, 1, "    " + strings.Repeat("a", 10) + "_"},
	} {
		if got := bare(l.Typed(c.body, c.width, c.height)); got != c.want {
			t.Errorf("%q: %q, wants %q", c.body, got, c.want)
		}
	}
}

func TestChoicesAndCommands(t *testing.T) {
	l := plainLook()
	lines := l.Choices([]Choice{{"r", steps.T("try again, once you have put it right")}, {"q", steps.T("stop")}}, 24)
	if got := bare(lines); got != "r   try again, once you\n    have put it right\nq   stop" {
		t.Errorf("%q", got)
	}
	if got := bare(l.Command("", 60)); !strings.Contains(got, "There is no command for this") {
		t.Errorf("%q", got)
	}
	got := strings.NewReplacer("\n", "", "    ", "").Replace(bare(l.Command("aws iam get-role --role-name "+longARN, 60)))
	if !strings.Contains(got, "aws iam get-role --role-name "+longARN) {
		t.Errorf("a command is not whole: %s", got)
	}
	for _, line := range l.block("- gone\n+ come\n  same", 40) {
		bare := ansi.Strip(line)
		if coloured := bare != line; coloured != (bare[0] != ' ') {
			t.Errorf("%q", line)
		}
	}
}

// TestCountsAreGrouped wherever there may be many, and one is one.
func TestCountsAreGrouped(t *testing.T) {
	l := plainLook()
	many := report.Report{Outcome: report.Done, Moved: report.Moved{Arrived: true, Docs: 12_345_678, Bytes: 1 << 40, Legs: []report.Leg{{Step: "snapshot", Shards: 10_049}}}}
	for range 10_049 {
		many.Moved.Indices = append(many.Moved.Indices, steps.Move{Index: "logs", Docs: 123_456})
	}
	p := plan(10_049)
	p.Stays = []steps.Stay{{What: "templates", Count: 1200}}
	window, _ := l.Window(make([]string, 20_000), 10_000, 12)
	for what, lines := range map[string][]string{
		"Done: 10,049 indices": l.Report(many, nil, 100), "12,345,678 documents": l.Report(many, nil, 100), "10,049 shards": l.Report(many, nil, 100), "  123,456 ": l.Report(many, nil, 100),
		"What moves: 10,049 indices": l.Beside(p, 100), "1,200 x templates": l.Beside(p, 100), "10,001-10,011 of 20,000": window,
	} {
		if !strings.Contains(bare(lines), what) {
			t.Errorf("no %q", what)
		}
	}
	one := report.Report{Outcome: report.Done, Moved: report.Moved{Arrived: true, Docs: 1, Indices: many.Moved.Indices[:1], Legs: []report.Leg{{Step: "snapshot", Shards: 1}}}}
	for _, what := range []string{"Done: 1 index,", "1 index, 1 document,", "in 1 shard,"} {
		if got := bare(l.Report(one, nil, 100)); !strings.Contains(got, what) {
			t.Errorf("no %q in\n%s", what, got)
		}
	}
}

// TestARowSaysWhatIsSo: a check states what should be; where that is not so, or only once
// the plan is done, its row does not read as if it were.
func TestARowSaysWhatIsSo(t *testing.T) {
	free := steps.T("index names are free")
	for o, want := range map[steps.Outcome]string{
		steps.Block: "not met: index names are free", steps.Warn: "not met: index names are free", steps.Note: "by the plan: index names are free",
		steps.Pass: " index names are free", steps.Unknown: " index names are free", steps.Skipped: " index names are free",
	} {
		list := []steps.Finding{{ID: "one", Outcome: o, Summary: free, Fix: steps.Fix{Step: "bucket"}}, {ID: "two", Outcome: o, Summary: free, Fix: steps.Fix{Step: "bucket"}}}
		for _, width := range []int{60, 120} {
			lines, _ := plainLook().Findings(Findings{Found: list}, width, 20)
			if shown := bare(lines); strings.Count(shown, want) != 2 {
				t.Errorf("%s at %d: no %q, open and closed, in\n%s", o, width, want, shown)
			}
		}
	}
}
