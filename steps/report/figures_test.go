package report

import (
	"encoding/json"
	"strings"
	"testing"

	"snapferry/steps"
)

// TestTheEnginesOwnTimes: a start that came when the work was half done, or when it
// was over, has watched less than it took.
func TestTheEnginesOwnTimes(t *testing.T) {
	for name, c := range map[string]struct {
		data    string
		existed bool
		want    float64
		guessed bool
	}{
		"reported":             {`{"engine_seconds":92.5}`, false, 92.5, true},
		"not reported":         {`{"n":1}`, false, 30, true},
		"nothing":              {``, false, 30, true},
		"too fast to be timed": {`{"engine_seconds":0}`, false, 30, true},
		"was there already":    {`{"engine_seconds":92.5}`, true, 92.5, false},
	} {
		s := story(
			begun(), steps.StepID("snapshot"), steps.StepStarted{}, steps.Progress{TotalBytes: 5 << 30, TotalShards: 5}, steps.Progress{TotalBytes: 5 << 30, TotalShards: 5},
			steps.StepDone{Existed: c.existed, Evidence: steps.Evidence{Summary: steps.T("x"), Data: json.RawMessage(c.data)}},
		)
		r := New(s, options())
		if got := r.Moved.Legs[0].Seconds; got != c.want {
			t.Errorf("%s: %v s, wants %v", name, got, c.want)
		}
		if got := r.Guess.SnapshotSeconds; (got == c.want) != c.guessed {
			t.Errorf("%s: %v s beside the estimate", name, got)
		}
	}
}

// TestWordsOfTheTables: a step that nobody came to waits for nobody, what was there
// before was not made, and what lies in another thing goes with it.
func TestWordsOfTheTables(t *testing.T) {
	p := plan()
	p.Steps[0].Changes[0].Verb = steps.Modify
	inside := steps.NewChange("share-bucket", steps.Ref{Kind: steps.KindBucketPolicy, Side: steps.Source, Name: "acme-move"}, "", `{}`, steps.T("Only TLS"))
	inside.Within, inside.Reversible = p.Steps[0].Changes[0].Ref, false
	p.Steps[1].Changes = []steps.Change{inside}
	s := story(
		&steps.State{}, steps.RunStarted{RunID: "run-1", Program: "snapferry 1.0"}, steps.PlanMade{Plan: p, Digest: p.Digest()}, steps.Approved{Digest: p.Digest()},
		steps.StepID("bucket"), steps.StepStarted{}, steps.ChangeIntended{Change: p.Steps[0].Changes[0]}, steps.ChangeMade{ID: p.Steps[0].Changes[0].ID}, steps.StepDone{},
		steps.StepID("share-bucket"), steps.StepStarted{}, steps.ChangeIntended{Change: inside}, steps.ChangeMade{ID: inside.ID}, steps.StepDone{},
		steps.StepID(""), steps.Paused{Why: steps.T("asked")}, steps.RunDone{ExitCode: 130},
	)
	md := string(written(New(s, options()).Markdown))
	for _, want := range []string{"| restore | target | not begun |", "| Create the bucket acme-move | changed |", "| Only TLS | made | Goes and stays with bucket acme-move. |"} {
		if !strings.Contains(md, want) {
			t.Errorf("no %q in\n%s", want, md)
		}
	}
	if strings.Contains(md, "| waiting |") || strings.Contains(md, "Cannot be taken back") {
		t.Error(md)
	}
}

// TestFiguresAreGrouped: digits stand in groups, as on the screen.
func TestFiguresAreGrouped(t *testing.T) {
	s := stories()["done"]
	if md := string(written(New(s, Options{}).Markdown)); !strings.Contains(md, "Documents: 300,000, ") {
		t.Error(md)
	}
}

// TestPartsSayWhatTheMarkdownSays: whoever lays a report out himself has all of it, and
// nothing that is hidden.
func TestPartsSayWhatTheMarkdownSays(t *testing.T) {
	s := stories()["done"]
	mask := steps.NewMasker(steps.Name{Value: "acme-move", As: "bucket"})
	r := New(s, Options{Undo: "snapferry undo", Mask: mask})
	md := strings.NewReplacer(`\|`, "|", "&lt;", "<").Replace(string(written(r.Markdown)))
	for i, p := range r.Parts() {
		words := append(append([]string{p.Title}, p.Lines...), p.List...)
		for _, row := range append([][]string{p.Head}, p.Rows...) {
			if len(row) != len(p.Head) {
				t.Errorf("%s has a row of %d cells below %d", p.Title, len(row), len(p.Head))
			}
			words = append(words, row...)
		}
		for _, w := range words {
			if !strings.Contains(md, w) || strings.Contains(w, "acme-move") {
				t.Errorf("%q of part %d", w, i)
			}
		}
	}
	if n := len(r.Parts()); n != 1+strings.Count(md, "\n## ") {
		t.Errorf("%d parts of\n%s", n, md)
	}
}
