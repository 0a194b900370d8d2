package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
)

var t0 = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func options() Options {
	return Options{RunID: "run-1", Answers: "abc", Now: func() time.Time { return t0 }}
}

func open(t *testing.T, dir string) *Journal {
	t.Helper()
	j, err := Open(dir, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func add(t *testing.T, j *Journal, events ...steps.Event) {
	t.Helper()
	for _, e := range events {
		if _, err := j.Append("bucket", e); err != nil {
			t.Fatal(err)
		}
	}
}

func lines(t *testing.T, dir string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(string(b), "\n")
}

func TestReopenedJournalGoesOn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	j := open(t, dir)
	add(t, j, steps.RunStarted{RunID: "run-1"}, steps.Progress{DoneBytes: 5}, steps.StepDone{})
	want := j.State()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if _, err := j.Append("", steps.StepStarted{}); err == nil {
		t.Error("a closed journal was written")
	}
	j, err := Open(dir, Options{RunID: "another", Answers: "abc"})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if diff := cmp.Diff(want, j.State()); diff != "" || j.RunID() != "run-1" || j.cut != 0 {
		t.Errorf("run %s, cut %d: %s", j.RunID(), j.cut, diff)
	}
	r, err := j.Append("", steps.RunDone{OK: true})
	if err != nil || r.Seq != 4 {
		t.Errorf("number %d, %v", r.Seq, err)
	}
	info, err := os.Stat(filepath.Join(dir, FileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestStateIsACopy(t *testing.T) {
	j := open(t, t.TempDir())
	add(t, j, steps.Log{Text: steps.T("one")})
	s := j.State()
	add(t, j, steps.Log{Text: steps.T("two")})
	if len(s.Logs) != 1 || len(j.State().Logs) != 2 {
		t.Errorf("%v", s.Logs)
	}
}

func TestTornLastLineIsCut(t *testing.T) {
	for _, torn := range []string{`{`, `{"type":"step_done","seq":3,"at":"2026-11-22T10:00:00Z","evidence":{}`, `{"type":"step_started","seq":3,"at":"2026-11-22T10:00:00Z"}`, "\x00\x00\x00"} {
		dir := t.TempDir()
		j := open(t, dir)
		add(t, j, steps.RunStarted{RunID: "run-1"}, steps.StepStarted{})
		want := j.State()
		j.Close()
		appendText(t, dir, torn)
		j = open(t, dir)
		if diff := cmp.Diff(want, j.State()); diff != "" || j.cut != len(torn) {
			t.Errorf("%q: cut %d: %s", torn, j.cut, diff)
		}
		add(t, j, steps.StepDone{})
		j.Close()
		if s, err := State(dir); err != nil || s.Seq != 3 {
			t.Errorf("%q: %v", torn, err)
		}
	}
}

func appendText(t *testing.T, dir, text string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, FileName), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// Whatever length a kill leaves the file at, it opens, and with no more than the
// last line lost.
func TestCutAnywhere(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	add(t, j, steps.RunStarted{RunID: "run-1"}, steps.StepStarted{}, steps.StepDone{})
	j.Close()
	whole := strings.Join(lines(t, dir), "")
	header := len(lines(t, dir)[0])
	for n := header; n <= len(whole); n++ {
		d := t.TempDir()
		if err := os.WriteFile(filepath.Join(d, FileName), []byte(whole[:n]), 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := Open(d, options())
		if err != nil {
			t.Fatalf("cut at %d: %v", n, err)
		}
		if got, want := j.State().Seq, int64(strings.Count(whole[:n], "\n")-1); got != want {
			t.Errorf("cut at %d: number %d, want %d", n, got, want)
		}
		j.Close()
	}
}

func TestRefused(t *testing.T) {
	head := `{"type":"journal","format":1,"run_id":"run-1","answers":"abc","created":"2026-11-22T10:00:00Z"}` + "\n"
	good := `{"type":"change_intended","seq":1,"at":"2026-11-22T10:00:00Z","step":"bucket","change":{"id":"x"}}` + "\n"
	if world, err := World(t.TempDir()); world != "" || err != nil {
		t.Errorf("without a run: %q, %v", world, err)
	}
	for _, tt := range []struct {
		name, file, want string
		cause            error
	}{
		{"other answers", strings.Replace(head, "abc", "xyz", 1) + good, "run run-1", ErrOtherAnswers},
		{"other format", strings.Replace(head, `"format":1`, `"format":2`, 1), "format 2", nil},
		{"no journal", "dear diary\n", "does not begin", nil},
		{"damaged", head + "garbage\n" + good, "Line 2", nil},
		{"damaged at its end", head + good + "garbage\n", "Line 3", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, FileName), []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(dir, options())
			var said *steps.Error
			if !errors.As(err, &said) || !strings.Contains(err.Error(), tt.want) || said.Fix.IsZero() {
				t.Fatalf("got %v", err)
			}
			if tt.cause != nil && !errors.Is(err, tt.cause) {
				t.Errorf("cause %v", said.Cause)
			}
			if b, _ := os.ReadFile(filepath.Join(dir, FileName)); string(b) != tt.file {
				t.Error("the file was touched")
			}
			if tt.cause == nil {
				return
			}
			j, err := Open(dir, Options{}) // clean-up needs no answers
			if err != nil {
				t.Fatal(err)
			}
			j.Close()
		})
	}
}

func TestTwoRunsCannotShareADirectory(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir)
	if _, err := Open(dir, options()); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v", err)
	}
	j.Close()
	open(t, dir)
}

func TestDirectoryThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var said *steps.Error
	if _, err := Open(file, options()); !errors.As(err, &said) {
		t.Errorf("got %v", err)
	}
}

func TestNothingIsWrittenAfterAFailedWrite(t *testing.T) {
	j := open(t, t.TempDir())
	j.file.Close() // the disk is gone
	for range 2 {
		var said *steps.Error
		if _, err := j.Append("", steps.StepStarted{}); !errors.As(err, &said) || said.Fix.IsZero() {
			t.Errorf("got %v", err)
		}
	}
	if j.State().Seq != 0 {
		t.Error("what was not written was folded")
	}
}

func TestStateChangesAreSyncedAndTheRestIsNot(t *testing.T) {
	j := open(t, t.TempDir())
	syncs := 0
	j.sync = func() error { syncs++; return nil }
	add(t, j, steps.RunStarted{}, steps.ChangeIntended{}, steps.ChangeMade{})
	if syncs != 3 {
		t.Errorf("%d syncs for 3 state changes", syncs)
	}
	add(t, j, steps.Progress{}, steps.Waiting{}, steps.Log{})
	if syncs != 3 {
		t.Errorf("what is only shown was synced %d times", syncs-3)
	}
	j.sync = func() error { return errors.New("input/output error") }
	if _, err := j.Append("", steps.StepDone{}); err == nil || j.State().Seq != 6 {
		t.Errorf("a failed sync passed: %v", err)
	}
	j.sync = func() error { return nil }
	if _, err := j.Append("", steps.StepDone{}); err == nil {
		t.Error("the line after a line of unknown end was written")
	}
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "plan.json")
	for i := range 3 {
		want := fmt.Sprint("version ", i)
		if err := WriteFile(path, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s, %v", got, err)
		}
	}
	all, err := os.ReadDir(dir)
	if err != nil || len(all) != 1 {
		t.Errorf("left behind: %v", all)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if err := WriteFile(filepath.Join(dir, "no", "such"), nil); err == nil {
		t.Error("wrote into a folder that is not there")
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(filepath.Join(dir, "folder"), nil); err == nil {
		t.Error("replaced a folder")
	}
	if all, _ = os.ReadDir(dir); len(all) != 2 {
		t.Errorf("left behind: %v", all)
	}
}

// What was made in one world was not made in another, whatever the answers are.
func TestAnotherWorldIsRefused(t *testing.T) {
	for _, tt := range []struct{ had, has, says, fix string }{
		{"", "sandbox a", "in the real AWS and not in a sandbox", "Leave --sandbox out"},
		{"sandbox a", "", "in a sandbox and not in the real AWS", "Add --sandbox"},
		{"sandbox a", "sandbox b", "in another sandbox", "Name its sandbox with --sandbox=DIR"},
		{"sandbox a", "sandbox a", "", ""},
	} {
		dir := t.TempDir()
		if err := CheckWorld(dir, tt.has); err != nil {
			t.Fatal(err)
		}
		j, err := Open(dir, Options{RunID: "run-1", Answers: "a", World: tt.had})
		if err != nil {
			t.Fatal(err)
		}
		add(t, j, steps.ChangeIntended{Change: steps.Change{ID: "x"}})
		j.Close()
		if world, err := World(dir); world != tt.had || err != nil {
			t.Errorf("the run is in %q: %q, %v", tt.had, world, err)
		}
		_, opened := Open(dir, Options{RunID: "run-2", World: tt.has})
		for _, err := range []error{CheckWorld(dir, tt.has), opened} {
			var told *steps.Error
			refused := errors.Is(err, ErrOtherWorld) && strings.Contains(err.Error(), tt.says) && errors.As(err, &told) && strings.HasPrefix(told.Fix.String(), tt.fix)
			if (tt.says == "") != (err == nil) || err != nil && !refused {
				t.Errorf("%q then %q: %v", tt.had, tt.has, err)
			}
		}
	}
}

// TestARunThatWasOnlyLookedAtMakesRoom: refused by a check or by its reader, it
// keeps nobody with corrected answers out of the directory.
func TestARunThatWasOnlyLookedAtMakesRoom(t *testing.T) {
	plan := steps.Plan{Steps: []steps.StepPlan{{ID: "bucket", Changes: []steps.Change{{ID: "x", Step: "bucket"}}}}}
	for _, tt := range []struct {
		name   string
		events []steps.Event
		kept   bool
	}{
		{"begun", []steps.Event{steps.RunStarted{RunID: "run-1"}}, false},
		{"planned", []steps.Event{steps.RunStarted{RunID: "run-1"}, steps.PlanMade{Plan: plan, Digest: "d"}}, false},
		{"approved", []steps.Event{steps.RunStarted{RunID: "run-1"}, steps.PlanMade{Plan: plan, Digest: "d"}, steps.Approved{Digest: "d"}}, true},
	} {
		dir := t.TempDir()
		j, err := Open(dir, Options{RunID: "run-1", Answers: "a"})
		if err != nil {
			t.Fatal(err)
		}
		add(t, j, tt.events...)
		j.Close()
		before := lines(t, dir)
		j, err = Open(dir, Options{RunID: "run-2", Answers: "b", World: "sandbox"})
		if tt.kept {
			if !errors.Is(err, ErrOtherWorld) || len(lines(t, dir)) != len(before) || CheckWorld(dir, "sandbox") == nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if err != nil || j.State().Seq != 0 || len(lines(t, dir)) != len(before)-len(tt.events) || !strings.Contains(lines(t, dir)[0], "run-2") {
			t.Errorf("%s: %v, %v", tt.name, err, lines(t, dir))
		}
		j.Close()
	}
}

func TestInUse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "my run")
	if err := InUse(dir); err != nil {
		t.Errorf("nobody's: %v", err)
	}
	j, err := Open(dir, Options{RunID: "run-1"})
	if err != nil {
		t.Fatal(err)
	}
	var said *steps.Error
	if err := InUse(dir); !errors.Is(err, ErrInUse) || !errors.As(err, &said) || !strings.Contains(said.Fix.String(), "report --dir '"+dir+"'") {
		t.Errorf("ours: %v, %v", err, said)
	}
	j.Close()
	for range 2 { // asking takes nothing
		if err := InUse(dir); err != nil {
			t.Errorf("given back: %v", err)
		}
	}
}
