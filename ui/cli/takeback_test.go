package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/ui/term"
)

// says fails the test for every wanted word that is not said.
func says(t *testing.T, said string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(said, w) {
			t.Errorf("does not say %q:\n%s", w, said)
		}
	}
}

var deleteAll = []string{"undo", "--yes", "--delete-bucket-content", "--delete-restored-indices"}

// TestUndoNamesWhatItKeeps: what the plan promised and nobody confirmed is named,
// with its flag; taken back in parts, in the end nothing is left.
func TestUndoNamesWhatItKeeps(t *testing.T) {
	dir := t.TempDir()
	snapferry(t, dir, "preflight").wants(t, term.ExitDone)
	before := everything(t, dir)
	moved(t, dir)
	first := snapferry(t, dir, "undo", "--yes").wants(t, term.ExitDone)
	says(t, first.out, "? asks", "before it deletes the snapshot snapferry-", "done; left as they are: 3", "--delete-bucket-content", "--delete-restored-indices", "The snapshot snapferry-")
	if strings.Contains(first.out, "settle") {
		t.Errorf("speaks of replicas, which go with their indices:\n%s", first.out)
	}
	says(t, snapferry(t, dir, "report").out, "## What was left where it is", "--delete-bucket-content", "--delete-restored-indices")

	second := snapferry(t, dir, "undo", "--yes", "--delete-restored-indices").wants(t, term.ExitDone)
	says(t, second.out, "done; left as they are: 2")
	if strings.Contains(second.out, "Delete it with: snapferry undo --sandbox --dir "+filepath.Join(dir, "run")+" --delete-restored-indices") {
		t.Errorf("speaks of indices that are gone:\n%s", second.out)
	}
	snapferry(t, dir, deleteAll...).wants(t, term.ExitDone)
	says(t, nothingLeft(t, dir), "There is nothing left to take back.")
	same(t, before, everything(t, dir))
}

func nothingLeft(t *testing.T, dir string) string {
	t.Helper()
	last := snapferry(t, dir, "undo", "--yes").wants(t, term.ExitDone)
	if strings.Contains(last.out, "left as") || strings.Contains(last.out, "taken back:") {
		t.Errorf("a complete undo left something:\n%s", last.out)
	}
	return last.out
}

// TestCleanUpThenUndoLeavesNothing: without its registration the snapshot goes
// with its bucket, and is gone with it.
func TestCleanUpThenUndoLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	snapferry(t, dir, "clean-up", "--yes").wants(t, term.ExitDone)
	s := snapferry(t, dir, deleteAll...).wants(t, term.ExitDone)
	if strings.Contains(s.out, "left as they are") {
		t.Errorf("%s", s.out)
	}
	says(t, nothingLeft(t, dir), "There is nothing left to take back.")

	anew := snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
	says(t, anew.out, "verify             done: ")
	if strings.Contains(anew.out, "verify             already so") {
		t.Errorf("a proof of what is gone is taken for that of what came anew:\n%s", anew.out)
	}
}

// TestAKeptSnapshotKeepsItsBucket types the bucket's confirmation after refusing
// that of the snapshot in it.
func TestAKeptSnapshotKeepsItsBucket(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	p, out, errOut, _ := person(t, "\n\nacme-os-migration\nacme-os-migration\n", true)
	if code := Run(context.Background(), sandboxArgs(dir, "undo", "--yes"), p); code != term.ExitDone {
		t.Fatalf("exit code %d\n%s\n%s", code, out, errOut)
	}
	says(t, out.String(), "The snapshot snapferry-")
	says(t, errOut.String(), "This deletes the snapshot snapferry-", "indices, for good.\nType ")
	left := everything(t, dir)
	if policy := fmt.Sprint(left["world"].(map[string]any)["Buckets"]); !strings.Contains(policy, "SnapferryTLSOnly") {
		t.Errorf("the bucket that was kept has lost its policy: %s", policy)
	}
	if !drop(left, "objects", "acme-os-migration") {
		t.Error("the snapshot that was kept is gone with its bucket")
	}
}

// TestNoSentenceEndsTwice reads every question of an undo.
func TestNoSentenceEndsTwice(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	snapferry(t, dir, "clean-up", "--yes").wants(t, term.ExitDone)
	p, out, errOut, _ := person(t, "\n\n\n\n", true)
	if code := Run(context.Background(), sandboxArgs(dir, "undo", "--yes"), p); code != term.ExitDone {
		t.Fatalf("exit code %d\n%s\n%s", code, out, errOut)
	}
	says(t, errOut.String(), "This deletes the bucket acme-os-migration with the ", "the snapshot snapferry-")
	for _, wrong := range []string{"..", "deleted.", ". was", ". Which"} {
		for _, said := range []*bytes.Buffer{out, errOut} {
			if strings.Contains(said.String(), wrong) {
				t.Errorf("says %q:\n%s", wrong, said)
			}
		}
	}
}

// TestTakingBackIsLookedAtFirst: --plan shows all of it and changes nothing, neither
// the world nor the run directory; before acting nobody need go elsewhere for the rest.
func TestTakingBackIsLookedAtFirst(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	run := filepath.Join(dir, "run")
	before, journal := everything(t, dir), readFile(t, filepath.Join(run, "journal.jsonl"))
	for _, command := range []string{"undo", "clean-up"} {
		s := snapferry(t, dir, command, "--plan").wants(t, term.ExitDone)
		says(t, s.out, "Plan   ", "In short", "- delete  source-repository")
		if strings.Contains(s.out, " more lines") || strings.Contains(s.out, "approved") || strings.Contains(s.out, "taken back:") {
			t.Errorf("%s --plan cuts or acts:\n%s", command, s.out)
		}
		if command == "undo" {
			says(t, s.out, "- delete  restore", "deletes   target: ", "restored indices on the target domain, untouched since (", "; only by a yes of its own, or a flag")
		}
		says(t, snapferry(t, dir, command, "--help").wants(t, term.ExitDone).out, "--plan", "without a terminal", "approves")
	}
	same(t, before, everything(t, dir))
	if readFile(t, filepath.Join(run, "journal.jsonl")) != journal {
		t.Error("looking wrote to the journal")
	}
	says(t, snapferry(t, dir, "clean-up", "--yes").wants(t, term.ExitDone).out, "(snapferry clean-up --plan shows all)")
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	fine(t, err)
	return string(b)
}

// TestTakingBackIsApprovedByTheRun: it takes back what one run made, on both sides.
func TestTakingBackIsApprovedByTheRun(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	s, err := (&app{globals: globals{dir: filepath.Join(dir, "run")}}).state()
	fine(t, err)
	p, out, errOut, _ := person(t, s.RunID+"\n", true)
	if code := Run(context.Background(), sandboxArgs(dir, "clean-up"), p); code != term.ExitDone {
		t.Fatalf("exit code %d\n%s\n%s", code, out, errOut)
	}
	says(t, errOut.String(), "Type the id of the run "+s.RunID+" to approve: ")
	says(t, out.String(), "plan approved by typing the id of the run")
}

// TestTheWordToTypeIsNotBroken, however narrow the terminal is.
func TestTheWordToTypeIsNotBroken(t *testing.T) {
	p, _, errOut, _ := person(t, "\n\n\n", true)
	p.Width, p.ErrTerminal = 60, true
	dir := t.TempDir()
	moved(t, dir)
	Run(context.Background(), sandboxArgs(dir, "undo", "--yes"), p)
	says(t, errOut.String(), "good.\nType restored-indices to allow it, or press enter to keep\n  it: ")
	for _, l := range strings.Split(errOut.String(), "\n") {
		if before, _, asks := strings.Cut(l, "This deletes"); asks && len(before)+60 < len(l) {
			t.Errorf("a sentence is left for the terminal to break: %q", l)
		}
	}
}

// same compares two whole states of a sandbox.
func same(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the world is not as before: %s", d)
	}
}
