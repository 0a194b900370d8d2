package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/ui/term"
)

func TestRoad(t *testing.T) {
	dir := t.TempDir()
	snapferry(t, dir, "preflight").wants(t, term.ExitDone)
	before := everything(t, dir)

	first := snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
	for _, want := range []string{"create  bucket", "verify             done:", "report.md"} {
		if !strings.Contains(first.out, want) {
			t.Errorf("the first run does not say %q:\n%s", want, first.out)
		}
	}
	made := mutations(t, dir)

	t.Run("again", func(t *testing.T) {
		again := snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
		if !strings.Contains(again.out, "Plan   0 to create, 0 to change, 0 to do, 17 exist, nothing is deleted") {
			t.Errorf("not everything exists:\n%s", again.out)
		}
		if d := cmp.Diff(made, mutations(t, dir)); d != "" {
			t.Errorf("the second run changed something: %s", d)
		}
	})
	t.Run("report", func(t *testing.T) {
		md := snapferry(t, dir, "report").wants(t, term.ExitDone)
		if !strings.Contains(md.out, "## What was proven") || !strings.Contains(md.out, "logs-") {
			t.Errorf("%s", md.out)
		}
	})
	t.Run("clean-up", func(t *testing.T) {
		snapferry(t, dir, "clean-up", "--yes").wants(t, term.ExitDone)
		want, got := everythingButData(t, before), everythingButData(t, everything(t, dir))
		for _, part := range [][]string{{"objects", "acme-os-migration"}, {"world", "Buckets", "acme-os-migration"}} {
			if !drop(got, part...) {
				t.Errorf("clean-up took the bucket with the snapshot: %v", part)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("after clean-up more than the data is left: %s", d)
		}
	})
	t.Run("undo", func(t *testing.T) {
		snapferry(t, dir, "undo", "--yes", "--delete-bucket-content", "--delete-restored-indices").wants(t, term.ExitDone)
		if d := cmp.Diff(before, everything(t, dir)); d != "" {
			t.Errorf("after undo the world is not as before: %s", d)
		}
	})
}

// everythingButData leaves out what lies in the target's cluster, apart from its
// registrations and who may do what on it.
func everythingButData(t *testing.T, state map[string]any) map[string]any {
	t.Helper()
	b, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	var own map[string]any
	if err := json.Unmarshal(b, &own); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"indices", "aliases"} {
		if !drop(own, "clusters", "target", part) {
			t.Fatalf("the state of the target has no %s", part)
		}
	}
	return own
}

func TestJournalDeleted(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	made := mutations(t, dir)
	if err := os.Remove(filepath.Join(dir, "run", "journal.jsonl")); err != nil {
		t.Fatal(err)
	}
	again := snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
	if !strings.Contains(again.out, "0 to create, 0 to change, 1 to do, 16 exist") {
		t.Errorf("without its journal the run does not see what exists:\n%s", again.out)
	}
	if d := cmp.Diff(made, mutations(t, dir)); d != "" {
		t.Errorf("the run without journal changed something: %s", d)
	}
}

// TestLookingChangesNothing holds for preflight and plan.
func TestLookingChangesNothing(t *testing.T) {
	dir := t.TempDir()
	snapferry(t, dir, "preflight").wants(t, term.ExitDone)
	plan := snapferry(t, dir, "plan").wants(t, term.ExitDone)
	if !strings.Contains(plan.out, "to create") || !strings.Contains(plan.out, "SnapferryTrust") {
		t.Errorf("the plan shows no documents:\n%s", plan.out)
	}
	if got := mutations(t, dir); len(got) > 0 {
		t.Errorf("looking changed something: %v", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "run", "journal.jsonl")); err == nil {
		t.Error("looking began a journal")
	}
}
