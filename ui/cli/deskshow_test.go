package cli

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/ui/ask"
	"snapferry/ui/term"
	"snapferry/ui/wizard"
)

// TestWhatIsToldAfterTheScreen: the normal screen says what was done or how to go on,
// and the exit code is the one of the command that does the same.
func TestWhatIsToldAfterTheScreen(t *testing.T) {
	failed := &engine.StepError{Step: "restore", Diagnosis: steps.Diagnosis{Summary: steps.T("no room")}, Err: errors.New("full")}
	for name, c := range map[string]struct {
		before func(*seat) wizard.Outcome
		err    error
		code   int
		says   []string
	}{
		"left at once":      {func(*seat) wizard.Outcome { return wizard.Outcome{Left: true} }, nil, term.ExitInterrupted, []string{"Stopped; nothing was changed."}},
		"left with answers": {func(*seat) wizard.Outcome { return wizard.Outcome{Left: true, Kept: "else.yaml"} }, nil, term.ExitInterrupted, []string{"Your answers are in else.yaml", "Go on with: snapferry --sandbox --dir", "--file else.yaml"}},
		"left at a blocker": {func(s *seat) wizard.Outcome { s.looked(); return wizard.Outcome{Left: true, Kept: "x"} }, nil, term.ExitBlocked, []string{"Your answers are in x", "In the way: role-exact-spelling. Read what to do about it with: snapferry preflight --sandbox"}},
		"only looked": {func(s *seat) wizard.Outcome {
			s.a.Amend(ask.Goal, ask.GoalCheck)
			s.looked()
			return wizard.Outcome{Left: true, Kept: "x"}
		}, nil, term.ExitBlocked, []string{"BLOCK role-exact-spelling", "Look again with: snapferry preflight --sandbox"}},
		"explained":        {func(s *seat) wizard.Outcome { return wizard.Outcome{} }, nil, term.ExitDone, nil},
		"the screen ended": {func(*seat) wizard.Outcome { return wizard.Outcome{Left: true, Kept: "x"} }, errors.New("no terminal"), term.ExitFailed, []string{"Your answers are in x"}},
		"a plan, and no more": {func(s *seat) wizard.Outcome {
			s.a.Amend("source.role.name", "Snapferry-Logs-Prod-Snapshot")
			s.planned()
			return wizard.Outcome{Left: true, Planned: true}
		}, nil, term.ExitInterrupted, []string{"Nothing was changed; the plan waits to be approved. Go on with: snapferry run --sandbox --dir"}},
		"a step failed": {func(s *seat) wizard.Outcome {
			s.a.Amend("source.role.name", "Snapferry-Logs-Prod-Snapshot")
			s.planned()
			return wizard.Outcome{Planned: true, Err: failed}
		}, nil, term.ExitFailed, []string{"What is done stays done. Go on with: snapferry run"}},
		"done": {func(s *seat) wizard.Outcome {
			s.a.Amend("source.role.name", "Snapferry-Logs-Prod-Snapshot")
			s.planned()
			if err := s.desk.Run(s.Context(), "typed"); err != nil {
				s.Fatal(err)
			}
			return wizard.Outcome{Planned: true}
		}, nil, term.ExitDone, []string{"done, after", "of work report: ", "snapferry clean-up --sandbox", "snapferry undo --sandbox"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := seated(t, t.TempDir(), small, "role-name-case")
			err := s.desk.left(s.a, c.before(s), c.err)
			if code := exitCode(err); code != c.code {
				t.Errorf("exit code %d, wants %d: %v", code, c.code, err)
			}
			told := strings.Join(strings.Fields(s.stderr.String()+s.stdout.String()), " ") // however wide the terminal is
			says(t, told, c.says...)
		})
	}
}

// TestRoomForTheScreen: where there is none it says what to use instead.
func TestRoomForTheScreen(t *testing.T) {
	for _, c := range []struct {
		name          string
		width, height int
		plain, box    bool
		full          bool
		code          int
		says          string
	}{
		{"room", 60, 20, false, false, true, 0, ""},
		{"plain", 200, 60, true, false, false, 0, ""},
		{"narrow", 59, 40, false, false, false, term.ExitUsage, "59 x 40"},
		{"low, in the sandbox", 80, 19, false, true, false, 0, "it goes on in plain lines"},
	} {
		var errOut bytes.Buffer
		a := &app{Process: Process{Streams: term.Pipes(strings.NewReader(""), &bytes.Buffer{}, &errOut, nil)}, globals: globals{plain: c.plain}}
		a.Width, a.Height = c.width, c.height
		if c.box {
			a.sandbox = inRunDir
		}
		full, err := a.fullScreen()
		if full != c.full || exitCode(err) != c.code || !strings.Contains(errOut.String()+errorWords(err), c.says) {
			t.Errorf("%s: %v %v %s", c.name, full, err, errOut.String())
		}
	}
}

func errorWords(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestAPlanThatWaitsIsNoRunThatStopped: where nothing was approved and nothing done,
// the start says that, and one that was approved and stopped is one to go on with.
func TestAPlanThatWaitsIsNoRunThatStopped(t *testing.T) {
	s := seated(t, t.TempDir(), "")
	s.planned()
	o, err := s.desk.Fetch(t.Context(), s.a, ask.Request{What: ask.Runs})
	if err != nil || len(o.Options) != 3 {
		t.Fatalf("%v: %v", o.Options, err)
	}
	says(t, o.Options[0].Label.String(), "plan of run")
	says(t, o.Options[0].Detail.String(), "nothing was changed", "waits to be approved")
	st := &steps.State{Steps: []steps.StepState{{ID: "bucket"}}}
	for name, change := range map[string]func(*steps.State){
		"approved": func(s *steps.State) { s.Approval.Digest = "d" },
		"changed":  func(s *steps.State) { s.Changes = make([]steps.ChangeState, 1) },
		"begun":    func(s *steps.State) { s.Steps[0].Status = steps.StatusRunning },
	} {
		if x := st.Clone(); !onlyPlanned(x) {
			t.Error("a plan alone is a run")
		} else if change(x); onlyPlanned(x) {
			t.Errorf("%s is a plan alone", name)
		}
	}
}

// TestASignalWhileItPlans stops the plan that is under way, or none; for the race
// detector.
func TestASignalWhileItPlans(t *testing.T) {
	signals := make(chan os.Signal)
	s := seatedIn(t, Process{Signals: signals}, t.TempDir(), "")
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		signals <- syscall.SIGTERM
	}()
	if p, err := s.desk.Plan(t.Context(), s.a, nil); err != nil || len(p.Plan.Steps) == 0 {
		t.Errorf("no plan: %v", err)
	}
	<-sent
}

// TestSignalsGoToTheScreen while one is open, and stop without it where it does not
// take them.
func TestSignalsGoToTheScreen(t *testing.T) {
	signals := make(chan os.Signal, 8)
	a := &app{Process: Process{Streams: term.Pipes(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}, nil), Signals: signals}}
	p, ctx := a.enter(t.Context())
	defer p.close()
	to := make(chan os.Signal, 1)
	p.screened.Store(&to)
	signals <- syscall.SIGTERM
	if s := <-to; s != syscall.SIGTERM || p.control.Load().Stopping() {
		t.Errorf("%v", s)
	}
	to <- os.Interrupt // it does not look
	signals <- syscall.SIGTERM
	<-p.stopping
	if !p.control.Load().Stopping() {
		t.Error("the run goes on")
	}
	p.screened.Store(nil)
	signals <- syscall.SIGTERM
	<-ctx.Done()
}
