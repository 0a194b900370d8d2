package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/ui/ask"
	"snapferry/ui/term"
	"snapferry/ui/wizard"
)

// TestChangedAfterAPlan: what was answered differently since is kept and told: in the
// run directory as long as nobody approved the plan, beside it once the run is claimed.
func TestChangedAfterAPlan(t *testing.T) {
	for name, c := range map[string]struct {
		run, change bool
		file        string
		says        []string
	}{
		"nothing, of a plan":  {false, false, "run/answers.yaml", []string{"the plan waits to be approved"}},
		"another, of a plan":  {false, true, "run/answers.yaml", []string{"nothing was changed. Your answers are in"}},
		"nothing, of a run":   {true, false, "run/answers.yaml", []string{"Stopped. Nothing is lost."}},
		"another, after that": {true, true, "run-answers-2.yaml", []string{"Stopped. Nothing is lost.", "answered differently since", "run-answers-2.yaml"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := seated(t, t.TempDir(), "")
			s.planned()
			if c.run {
				if err := s.desk.Run(t.Context(), "typed"); err != nil {
					t.Fatal(err)
				}
			}
			if c.change {
				s.a.Amend("bucket.base_path", "other/way")
			}
			kept, err := s.desk.Keep(s.a)
			if want := filepath.Join(s.dir, filepath.FromSlash(c.file)); kept != want || err != nil {
				t.Fatalf("kept in %q, wants %q: %v", kept, want, err)
			}
			if b, _ := os.ReadFile(kept); strings.Contains(string(b), "other/way") != c.change {
				t.Errorf("%s has\n%s", kept, b)
			}
			if code := exitCode(s.desk.left(s.a, wizard.Outcome{Left: true, Planned: true, Kept: kept}, nil)); code != term.ExitInterrupted {
				t.Errorf("exit code %d", code)
			}
			says(t, strings.Join(strings.Fields(s.stderr.String()), " "), c.says...)
		})
	}
}

// TestKeptWhateverTheGoalIsNow: who answered, and then went to read an error or to look
// at a run, loses nothing; who only did that has nothing written.
func TestKeptWhateverTheGoalIsNow(t *testing.T) {
	for _, goal := range []string{ask.GoalExplain, ask.GoalReport, ask.GoalResume} {
		s := seated(t, t.TempDir(), "")
		s.a.Amend(ask.Goal, goal)
		if path, err := s.desk.Keep(s.a); path != "" || err != nil {
			t.Errorf("%s: answers of nothing are kept in %q, %v", goal, path, err)
		}
		s.a.Amend("bucket.base_path", "other/way")
		path, err := s.desk.Keep(s.a)
		if b, _ := os.ReadFile(path); err != nil || !strings.Contains(string(b), "other/way") {
			t.Errorf("%s: kept in %q, %v:\n%s", goal, path, err, b)
		}
	}
}

// TestAPlanThatFailedHalfWay leaves the run directory free for the next one.
func TestAPlanThatFailedHalfWay(t *testing.T) {
	for _, name := range []string{callsName, answersName} {
		s := seated(t, t.TempDir(), "")
		inTheWay := filepath.Join(s.desk.dir, name)
		if err := os.MkdirAll(filepath.Join(inTheWay, "x"), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := s.desk.Plan(t.Context(), s.a, nil); err == nil {
			t.Fatalf("%s is a directory, and a plan is made", name)
		}
		if err := os.RemoveAll(inTheWay); err != nil {
			t.Fatal(err)
		}
		if _, err := s.desk.Plan(t.Context(), s.a, nil); err != nil {
			t.Errorf("%s is put right: %v", name, err)
		}
	}
}
