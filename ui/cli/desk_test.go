package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"snapferry/steps"
	"snapferry/steps/report"
	"snapferry/ui/ask"
	"snapferry/ui/panel"
	"snapferry/ui/term"
	"snapferry/ui/wizard"
)

// inWords is a report as somebody reads it.
func inWords(t *testing.T, r report.Report) string {
	t.Helper()
	var out bytes.Buffer
	fine(t, r.Markdown(&out))
	return out.String()
}

// seat is a desk over a sandbox of its own, as the full screen has it, with what
// stands in for the screen.
type seat struct {
	*testing.T
	desk   *desk
	dir    string
	a      *ask.Answers
	asked  *scripted
	stdout *bytes.Buffer
	stderr *bytes.Buffer
}

// scripted answers every question by the first of its words that is in it.
type scripted struct {
	answers map[string]string
	asked   []string
}

func (s *scripted) Ask(ctx context.Context, question steps.Text, unseen bool) (string, error) {
	s.asked = append(s.asked, question.String())
	for word, answer := range s.answers {
		if strings.Contains(question.String(), word) {
			return answer, nil
		}
	}
	return "", errors.New("nobody answers " + question.String())
}

// seated opens a desk on the sandbox of dir with answers, "" for the sandbox's own.
// more are fault cards and kinds of access (LABEL=KIND) of a new one.
func seated(t *testing.T, dir, answers string, more ...string) *seat {
	t.Helper()
	return seatedIn(t, Process{}, dir, answers, more...)
}

func seatedIn(t *testing.T, proc Process, dir, answers string, more ...string) *seat {
	t.Helper()
	var out, errOut bytes.Buffer
	proc.Streams = term.Pipes(strings.NewReader(""), &out, &errOut, nil)
	proc.InTerminal, proc.OutTerminal = true, true
	proc.Now = time.Now
	a := &app{Process: proc, globals: globals{sandbox: inRunDir, dir: filepath.Join(dir, "run"), pace: "instant"}}
	for _, said := range more {
		if strings.Contains(said, "=") {
			a.access = append(a.access, said)
		} else {
			a.faults = append(a.faults, said)
		}
	}
	if answers != "" {
		a.file = answersFile(t, answers)
	}
	a.questions = &questions{whole: true}
	p, ctx := a.enter(t.Context())
	given, _, err := p.known(true)
	if err != nil {
		t.Fatal(err)
	}
	s := &seat{T: t, desk: newDesk(ctx, p, given, &consents{pauseTimeout: time.Hour}), dir: dir, a: ask.New(given, p.began()), asked: &scripted{}, stdout: &out, stderr: &errOut}
	goal, _, _ := s.a.Find(ask.Goal)
	if e := s.a.Set(goal, ask.GoalMigrate); e != nil {
		t.Fatal(e)
	}
	s.desk.Attach(s.asked)
	t.Cleanup(s.leave)
	return s
}

// leave closes the desk and its place, once.
func (s *seat) leave() {
	if s.desk != nil {
		s.desk.close()
		s.desk.place.close()
		s.desk = nil
	}
}

// plan plans, and fails the test where that is refused.
func (s *seat) planned(accept ...steps.CheckID) wizard.Planned {
	s.Helper()
	p, err := s.desk.Plan(s.Context(), s.a, accept)
	if err != nil {
		s.Fatal(err)
	}
	return p
}

// follow folds the feed of a run into its state until the end.
func follow(t *testing.T, p wizard.Planned) (*steps.State, <-chan struct{}) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			batch, err := p.Feed.Next(context.Background())
			for _, r := range batch {
				p.State.Apply(r)
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Error(err)
				return
			}
		}
	}()
	return p.State, done
}

// TestDeskMovesTwice: without any screen, from answers to report; the second time
// nothing is left to be done.
func TestDeskMovesTwice(t *testing.T) {
	s := seated(t, t.TempDir(), small)
	found, err := s.desk.Check(t.Context(), s.a)
	if err != nil || blocked(found) || len(found) == 0 {
		t.Fatalf("%v %v", err, found)
	}
	for i, uncovered := range []bool{true, false} {
		p := s.planned()
		if (p.Uncovered > 0) != uncovered || p.Typed != "222222222222" {
			t.Errorf("plan %d: %d uncovered, typed %s", i, p.Uncovered, p.Typed)
		}
		before := len(mutations(t, s.dir))
		state, done := follow(t, p)
		if err := s.desk.Run(t.Context(), "typed the target account id"); err != nil {
			t.Fatal(err)
		}
		<-done
		if state.Done == nil || !state.Done.OK || state.Done.Report == "" {
			t.Fatalf("%+v", state.Done)
		}
		if _, err := os.Stat(state.Done.Report); err != nil {
			t.Error(err)
		}
		if got := mutations(t, s.dir)[before:]; (len(got) > 0) != uncovered {
			t.Errorf("plan %d changed %v", i, got)
		}
		sides := func(c panel.Call) bool { return c.Side == steps.Source || c.Side == steps.Target }
		if calls := p.Calls(5); len(calls) != 5 || calls[4].Host == "" || !slices.ContainsFunc(p.Calls(mostCalls), sides) {
			t.Errorf("%+v", calls)
		}
		if body := inWords(t, p.Report(state)); !strings.Contains(body, "audit-") {
			t.Errorf("no account of what moved:\n%s", body)
		}
	}
	if err := s.desk.Run(t.Context(), "again"); err == nil {
		t.Error("a plan is run twice")
	}
}

// TestDeskPlansAgain: going back from a plan to other answers frees the run
// directory, and what nobody approved makes room.
func TestDeskPlansAgain(t *testing.T) {
	s := seated(t, t.TempDir(), small)
	first := s.planned()
	q, _, _ := s.a.Find("move.indices")
	if e := s.a.Set(q, "metrics-*"); e != nil {
		t.Fatal(e)
	}
	if _, err := s.desk.Fetch(t.Context(), s.a, ask.Request{What: ask.Selection, Side: steps.Source, Slot: "signer"}); err != nil {
		t.Fatal(err)
	}
	second := s.planned()
	if first.Plan.Digest() == second.Plan.Digest() || len(second.Plan.Moves) == 0 || !strings.HasPrefix(second.Plan.Moves[0].Index, "metrics-") {
		t.Errorf("%+v", second.Plan.Moves)
	}
	if _, err := first.Feed.Next(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("the first plan's feed goes on: %v", err)
	}
	s.leave()
	snapferry(t, s.dir, "run", "--yes").wants(t, term.ExitDone)
}
