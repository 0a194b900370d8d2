package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
	"snapferry/ui/term"
)

// start is one start of the program in a test.
type start struct {
	code     int
	out, err string
}

// snapferry runs the program in dir with the sandbox of dir at no pace.
func snapferry(t *testing.T, dir string, args ...string) start {
	t.Helper()
	return snapferryIn(t, Process{}, "", append(args, "--sandbox", "--sandbox-pace", "instant", "--dir", filepath.Join(dir, "run"))...)
}

func snapferryIn(t testing.TB, p Process, in string, args ...string) start {
	t.Helper()
	var out, errOut bytes.Buffer
	signals := p.Signals
	p.Streams = term.Pipes(strings.NewReader(in), &out, &errOut, nil)
	p.Signals = signals
	code := Run(context.Background(), args, p)
	return start{code, out.String(), errOut.String()}
}

// wants fails the test unless the start ended with the code.
func (s start) wants(t *testing.T, code int) start {
	t.Helper()
	if s.code != code {
		t.Fatalf("exit code %d, wants %d\n%s\n%s", s.code, code, s.out, s.err)
	}
	return s
}

// mutations lists what changed something in the sandbox of dir so far.
func mutations(t *testing.T, dir string) []string {
	t.Helper()
	log, err := sandbox.Requests(filepath.Join(dir, "run", "sandbox"))
	if err != nil {
		t.Fatal(err)
	}
	if len(log) == 0 {
		t.Fatal("the request log is empty: nothing could be proven with it")
	}
	var list []string
	for _, r := range log {
		if r.Mutates {
			list = append(list, r.Service+" "+r.Method+" "+r.Path+" "+r.Operation)
		}
	}
	return list
}

// everything is the whole state of the sandbox of dir: accounts, buckets and
// their objects, domains and what is in them.
func everything(t *testing.T, dir string) map[string]any {
	t.Helper()
	s, err := sandbox.Open(context.Background(), sandbox.Options{Dir: filepath.Join(dir, "run", "sandbox"), Pace: sandbox.PaceInstant})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(context.Background())
	b, err := s.Everything(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// drop takes a part out of a state and says whether it was there.
func drop(state map[string]any, path ...string) bool {
	last := len(path) - 1
	for _, p := range path[:last] {
		state, _ = state[p].(map[string]any)
	}
	_, ok := state[path[last]]
	delete(state, path[last])
	return ok
}

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
	snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
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
