package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/steps/journal"
	"snapferry/ui/ask"
	"snapferry/ui/term"
	"snapferry/ui/wizard"
)

// goals are what the start offers because of the run in the directory.
func (s *seat) goals() (list []string) {
	s.Helper()
	o, err := s.desk.Fetch(s.Context(), s.a, ask.Request{What: ask.Runs})
	if err != nil {
		s.Fatal(err)
	}
	for _, option := range o.Options {
		list = append(list, option.Value)
	}
	return list
}

// TestAnotherRunBeside: where a run is, another one is offered, told about, and begun
// in a directory that nothing is in; the run that is there is not touched.
func TestAnotherRunBeside(t *testing.T) {
	s := seated(t, t.TempDir(), small)
	if got := s.goals(); len(got) != 0 {
		t.Errorf("offered where there is no run: %v", got)
	}
	s.planned()
	if got := strings.Join(s.goals(), " "); got != "resume report afresh" {
		t.Errorf("offered: %s", got)
	}
	day := filepath.Join(s.dir, "run-"+s.desk.Now().Format("2006-01-02"))
	tell := func() string {
		var words []string
		for _, w := range s.desk.afresh() {
			words = append(words, w.String())
		}
		return strings.Join(words, "\n")
	}
	run := func() string { st, err := s.desk.state(); fine(t, err); return st.RunID }
	says(t, tell(), day+", with the answers in", "a sandbox of its own", "Run "+run()+" in "+s.desk.dir+" is not touched", "snapferry run --sandbox")
	fine(t, os.MkdirAll(filepath.Join(day, "something"), 0o700))
	fine(t, os.WriteFile(day+"-2", nil, 0o600))
	says(t, tell(), day+"-3")
	s.desk.file, s.desk.sandbox = "", s.dir
	if told := tell(); !strings.Contains(told, "nothing answered yet") || strings.Contains(told, "of its own") {
		t.Error(told)
	}
	s.desk.sandbox = inRunDir
	s.leave()
	snapferry(t, s.dir, "run", "--yes").wants(t, term.ExitDone)
	done := seated(t, s.dir, "")
	if got := strings.Join(done.goals(), " "); got != "report afresh" {
		t.Errorf("offered after the end: %s", got)
	}
	for _, w := range done.desk.afresh() {
		if strings.Contains(w.String(), "Go on with it") {
			t.Errorf("a run that is done: %s", w)
		}
	}
	if q, _, _ := done.a.Find(ask.Goal); done.a.Choose(q.With(ask.Offer{Options: []ask.Option{{Value: ask.GoalAfresh}}}), ask.Option{Value: ask.GoalAfresh}) != nil {
		t.Error("it cannot be chosen")
	}
	if path, err := done.desk.Keep(done.a); path != "" || err != nil {
		t.Errorf("answers of nothing are kept in %s, %v", path, err)
	}
}

// TestARunOfOtherAnswers: what has no room in the directory is told where it has, and
// its answers are kept for that.
func TestARunOfOtherAnswers(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	s := seated(t, dir, small)
	s.a.Amend("move.indices", "metrics-*")
	_, err := s.desk.Plan(t.Context(), s.a, nil)
	var other *wizard.OtherRunError
	if !errors.As(err, &other) || !strings.HasPrefix(other.Dir, s.desk.dir+"-20") || !errors.Is(err, journal.ErrOtherAnswers) {
		t.Fatalf("%v", err)
	}
	kept, err := s.desk.Keep(s.a)
	fine(t, err)
	b, err := os.ReadFile(kept)
	fine(t, err)
	says(t, string(b), "metrics-*")
	if _, err := os.Stat(other.Dir); !os.IsNotExist(err) {
		t.Errorf("it begins unasked: %v", err)
	}
}
