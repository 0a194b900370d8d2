package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"snapferry/ui/term"
)

// trigger is a writer that does something once when certain words pass.
type trigger struct {
	bytes.Buffer
	words string
	do    func()
}

func (w *trigger) Write(b []byte) (int, error) {
	n, err := w.Buffer.Write(b)
	if w.do != nil && strings.Contains(w.String(), w.words) {
		do := w.do
		w.do = nil
		do()
	}
	return n, err
}

func runUntil(t *testing.T, dir, words string, do func(signals chan<- os.Signal)) (code int, out, errOut string) {
	t.Helper()
	signals := make(chan os.Signal, 4)
	var stderr bytes.Buffer
	stdout := &trigger{words: words, do: func() { do(signals) }}
	code = Run(context.Background(), sandboxArgs(dir, "run", "--yes", "--file", answersFile(t, small)),
		Process{Streams: term.Pipes(strings.NewReader(""), stdout, &stderr, nil), Signals: signals})
	return code, stdout.String(), stderr.String()
}

// TestSignalsStopAtASafePoint holds for ctrl+c, SIGTERM and a lost connection.
func TestSignalsStopAtASafePoint(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			dir := t.TempDir()
			code, out, errOut := runUntil(t, dir, "source-role        starts", func(s chan<- os.Signal) { s <- sig })
			if code != term.ExitInterrupted {
				t.Fatalf("exit code %d\n%s\n%s", code, out, errOut)
			}
			for _, want := range []string{"Stops at the next safe point", "go on with: snapferry run --sandbox --dir"} {
				if !strings.Contains(errOut, want) {
					t.Errorf("does not say %q:\n%s", want, errOut)
				}
			}
			again := snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
			if !strings.Contains(again.out, "goes on with run") || !strings.Contains(again.out, "verify             done:") {
				t.Errorf("did not go on:\n%s", again.out)
			}
		})
	}
}

func TestSecondSignalCancelsAtOnce(t *testing.T) {
	dir := t.TempDir()
	code, out, errOut := runUntil(t, dir, "source-repository  starts", func(s chan<- os.Signal) { s <- os.Interrupt; s <- os.Interrupt })
	if code != term.ExitInterrupted {
		t.Fatalf("exit code %d\n%s\n%s", code, out, errOut)
	}
	snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
}

// gone is a pipe whose reader has left after a while.
type gone struct{ left int }

func (g *gone) Write(b []byte) (int, error) {
	if g.left -= len(b); g.left < 0 {
		return 0, syscall.EPIPE
	}
	return len(b), nil
}

func TestBrokenPipe(t *testing.T) {
	for name, bytesRead := range map[string]int{"at once": 0, "within the plan": 2000, "within the run": 12000} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var stderr bytes.Buffer
			code := Run(context.Background(), sandboxArgs(dir, "run", "--yes", "--file", answersFile(t, small)),
				Process{Streams: term.Pipes(strings.NewReader(""), &gone{bytesRead}, &stderr, nil)})
			if code == term.ExitDone {
				t.Error("a run nobody could read ended as done")
			}
			if strings.Contains(stderr.String(), "panic") {
				t.Errorf("%s", stderr.String())
			}
			snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
		})
	}
}

func TestARunDirectoryInUse(t *testing.T) {
	dir := t.TempDir()
	var second start
	code, out, errOut := runUntil(t, dir, "bucket             starts", func(chan<- os.Signal) {
		second = snapferryIn(t, Process{}, "", "run", "--yes", "--sandbox="+filepath.Join(dir, "run", "sandbox"), "--dir", filepath.Join(dir, "run"))
	})
	if code != term.ExitDone {
		t.Fatalf("the first run was disturbed: %d\n%s\n%s", code, out, errOut)
	}
	if second.code != term.ExitUsage || !strings.Contains(second.err, "in use") {
		t.Errorf("two runs shared a directory: %d\n%s", second.code, second.err)
	}
}

func TestNobodyToAsk(t *testing.T) {
	dir := t.TempDir()
	box := filepath.Join(dir, "run", "sandbox")
	snapferry(t, dir, "preflight").wants(t, term.ExitDone)
	if _, err := os.Stat(box); err != nil {
		t.Fatal(err)
	}
	// In the sandbox a run approves itself after printing the plan.
	s := snapferry(t, dir, "run").wants(t, term.ExitDone)
	if !strings.Contains(s.out, "plan approved by the sandbox itself") {
		t.Errorf("%s", s.out)
	}
}

func TestUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no answers":        {[]string{"run", "--dir", filepath.Join(t.TempDir(), "x")}, "There are no answers"},
		"unknown flag":      {[]string{"run", "--nope"}, "has no flag --nope"},
		"unknown command":   {[]string{"fly"}, "There is no command"},
		"too many words":    {[]string{"run", "now"}, "takes no arguments"},
		"another language":  {[]string{"run", "--lang", "tlh"}, "not translated"},
		"no file":           {[]string{"run", "--file", filepath.Join(t.TempDir(), "none.yaml")}, "cannot be read"},
		"nothing to do":     {nil, "There is nothing to do yet"},
		"no sandbox there":  {[]string{"run", "--sandbox=" + t.TempDir()}, "No sandbox is running"},
		"report of nothing": {[]string{"report", "--dir", t.TempDir()}, "There is no run"},
		"bad upstream":      {[]string{"sandbox", "--data", t.TempDir(), "--upstream", "x"}, "There are: source"},
	} {
		t.Run(name, func(t *testing.T) {
			s := snapferryIn(t, Process{}, "", c.args...)
			if s.code != term.ExitUsage || !strings.Contains(s.err, c.want) {
				t.Errorf("code %d, wants %d; says %q", s.code, term.ExitUsage, s.err)
			}
			if s.out != "" {
				t.Errorf("an error is on the results' stream: %q", s.out)
			}
		})
	}
}
