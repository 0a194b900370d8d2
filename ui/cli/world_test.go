package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/ui/term"
)

// served is a sandbox of its own that other starts may join.
func served(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "box")
	s, err := (&app{globals: globals{pace: "instant"}}).openSandbox(context.Background(), dir, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeSandbox(s) })
	return dir
}

// TestOneRunOneWorld: what was made and approved in one world is neither undone
// nor taken for approved in another that the same directory is used with.
func TestOneRunOneWorld(t *testing.T) {
	first, second := served(t), served(t)
	run := filepath.Join(t.TempDir(), "run")
	in := func(world string, args ...string) start {
		t.Helper()
		return snapferryIn(t, Process{}, "", append(args, "--sandbox="+world, "--dir", run)...)
	}
	in(first, "run", "--yes", "--file", answersFile(t, small)).wants(t, term.ExitDone)
	journal, err := os.ReadFile(filepath.Join(run, "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"run", "--yes"}, {"run"}, {"plan"}, {"preflight"}, {"clean-up", "--yes"}, deleteAll} {
		s := in(second, args...).wants(t, term.ExitUsage)
		says(t, s.err, "which is in another sandbox than this one", "--dir")
		real := snapferryIn(t, Process{}, "", append(args, "--dir", run)...).wants(t, term.ExitUsage)
		says(t, real.err, "which is in a sandbox and not in the real AWS", "--dir")
	}
	if log := requestsOf(t, second); strings.Contains(log, "PUT") || strings.Contains(log, "POST") {
		t.Errorf("the other world was asked for something:\n%s", log)
	}
	after, err := os.ReadFile(filepath.Join(run, "journal.jsonl"))
	if err != nil || string(after) != string(journal) {
		t.Errorf("the run's journal was written to (%v)", err)
	}
	in(first, deleteAll...).wants(t, term.ExitDone) // in its own world it goes on
}

func requestsOf(t *testing.T, box string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(box, "requests.jsonl"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(b)
}

// TestTheRunDirectorysOwnSandboxJoined: joined or served, it is the same world.
func TestTheRunDirectorysOwnSandboxJoined(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	box := filepath.Join(dir, "run", "sandbox")
	s, err := (&app{globals: globals{pace: "instant"}}).openSandbox(context.Background(), box, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeSandbox(s) })
	again := snapferryIn(t, Process{}, "", "run", "--yes", "--sandbox="+box, "--dir", filepath.Join(dir, "run")).wants(t, term.ExitDone)
	says(t, again.out, "goes on with run")
}
