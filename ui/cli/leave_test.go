package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"snapferry/steps/engine"
	"snapferry/ui/term"
)

// TestLeavingAPrompt: ctrl+c where an answer is waited for stops nothing that is
// being done, and says what that means and how to go on.
func TestLeavingAPrompt(t *testing.T) {
	made := t.TempDir()
	moved(t, made)
	for _, c := range []struct {
		name, dir, at string
		args          []string
		says          []string
	}{
		{"the first approval", t.TempDir(), "to approve:", []string{"run"}, []string{"Stopped. Nothing was changed. Go on with: snapferry run --sandbox"}},
		{"that of an undo", made, "to approve:", []string{"undo"}, []string{"Nothing was changed. What the run made before stays:", "Go on with: snapferry undo --sandbox"}},
		{"data that would go", made, "to allow it", []string{"undo", "--yes"}, []string{"Stopped. Nothing is lost; go on with: snapferry undo --sandbox"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, out, _, signals := person(t, "", false)
			prompt := &trigger{words: c.at, do: func() { signals <- os.Interrupt }}
			p.Err = prompt
			if code := Run(context.Background(), sandboxArgs(c.dir, c.args...), p); code != term.ExitInterrupted {
				t.Errorf("exit code %d\n%s\n%s", code, prompt, out)
			}
			says(t, prompt.String(), c.says...)
			for _, wrong := range []string{"next safe point", "in flight"} {
				if strings.Contains(prompt.String(), wrong) {
					t.Errorf("says %q:\n%s", wrong, prompt)
				}
			}
			if strings.Contains(out.String(), "left as it is") {
				t.Errorf("leaving the prompt was taken for a refusal:\n%s", out)
			}
		})
	}
}

// leftAt is a pipe whose reader leaves when it has read certain words.
type leftAt struct {
	words string
	gone  bool
}

func (w *leftAt) Write(b []byte) (int, error) {
	if w.gone {
		return 0, syscall.EPIPE
	}
	w.gone = bytes.Contains(b, []byte(w.words))
	return len(b), nil
}

// TestAReaderThatWentAwayIsNoWish: who closed the pipe did not ask for a stop.
func TestAReaderThatWentAwayIsNoWish(t *testing.T) {
	dir := t.TempDir()
	run := filepath.Join(dir, "my run")
	var stderr bytes.Buffer
	code := Run(context.Background(), []string{"run", "--yes", "--sandbox", "--sandbox-pace", "instant", "--dir", run, "--file", answersFile(t, small)},
		Process{Streams: term.Pipes(strings.NewReader(""), &leftAt{words: "source-role        starts"}, &stderr, nil)})
	if code != term.ExitInterrupted {
		t.Errorf("exit code %d", code)
	}
	says(t, stderr.String(), "The reader of the output went away", "go on with: snapferry run --sandbox --dir '"+run+"'")
	b, err := os.ReadFile(filepath.Join(run, "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte("The reader of the output went away.")) || strings.Contains(stderr.String()+string(b), "you asked") {
		t.Errorf("says that somebody asked for it: %s", stderr.String())
	}
}

// TestARunInUseWithItsOwnSandbox: joining its sandbox would not help, as the run
// itself is taken.
func TestARunInUseWithItsOwnSandbox(t *testing.T) {
	dir := t.TempDir()
	var second start
	code, out, errOut := runUntil(t, dir, "bucket             starts", func(chan<- os.Signal) {
		second = snapferry(t, dir, "run", "--yes")
	})
	if code != term.ExitDone {
		t.Fatalf("the first run was disturbed: %d\n%s\n%s", code, out, errOut)
	}
	says(t, second.err, "is in use by another snapferry", "snapferry report --dir", "--dir")
	if second.code != term.ExitUsage || strings.Contains(second.err, "Join it") {
		t.Errorf("%d %s", second.code, second.err)
	}
}

func TestHowLongTheOtherSideIsWaitedFor(t *testing.T) {
	for _, c := range []struct {
		said, want time.Duration
		somebody   bool
	}{
		{0, 0, false},
		{time.Hour, time.Hour, false},
		{0, engine.Forever, true},
		{time.Minute, time.Minute, true},
	} {
		p := &place{app: &app{}}
		p.InTerminal, p.OutTerminal = c.somebody, c.somebody
		if got := p.waitOther(&consents{wait: c.said}); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
