//go:build unix

package drive

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// shell is a real one, which tests speak to.
func shell(t *testing.T, script string, o Options) *Terminal {
	t.Helper()
	o.Args = []string{"/bin/sh", "-c", script}
	o.Env = []string{"PATH=" + os.Getenv("PATH"), "TERM=xterm"}
	d := Start(t, o)
	t.Cleanup(d.End)
	return d
}

func TestAProgramIsPlayed(t *testing.T) {
	d := shell(t, `stty size; printf 'name? '; read name; echo "hello $name"; exit 7`, Options{Width: 40, Height: 10})
	d.Wait("10 40", "name?")
	d.Type("wörld")
	d.Press("enter")
	if s := d.Wait("hello wörld"); s.Row("hello") != "hello wörld" || s.Full || s.Last() != "hello wörld" {
		t.Errorf("%q", s.Lines)
	}
	if c := d.Code(); c != 7 || d.Left() != "" || d.Unsound() != "" {
		t.Errorf("code %d, left: %s, unsound: %s", c, d.Left(), d.Unsound())
	}
	if want := "10 40\nname? wörld\nhello wörld\n"; d.Transcript() != want {
		t.Errorf("%q", d.Transcript())
	}
}

func TestKeysArriveAsATerminalSendsThem(t *testing.T) {
	d := shell(t, `stty raw -echo; echo ready; dd bs=1 count=17 2>/dev/null | od -An -c | tr -d ' \n'`, Options{})
	d.Wait("ready")
	d.Press("ctrl+c", "up", "tab", "esc", "ü")
	d.Paste("x")
	d.Wait(`003033[A\t033303274033[200~`)
}

func TestATerminalIsResized(t *testing.T) {
	d := shell(t, `trap 'stty size' WINCH; echo ready; while :; do sleep 0.02; done`, Options{})
	d.Wait("ready")
	d.Resize(60, 20)
	if s := d.Wait("20 60"); s.Width != 60 || s.Height != 20 {
		t.Errorf("%d × %d", s.Width, s.Height)
	}
	d.Kill()
	if d.Code() != -1 {
		t.Error("a killed program ended by itself")
	}
}

// TestFramesAreWhole: what is drawn between the marks is one picture, and what is
// left behind is told.
func TestFramesAreWhole(t *testing.T) {
	d := shell(t, `printf '\033[?1049h\033[?25lbefore '; sleep 0.05; printf '\033[?2026hone '; sleep 0.05; printf 'two\033[?2026l'; stty -echo`, Options{})
	d.Code()
	for _, s := range d.Frames() {
		if s.Says("one") && (!s.Says("one two") || !s.Full) {
			t.Errorf("half a frame: %q", s.Lines)
		}
		if s.Held != s.Says("one") {
			t.Errorf("held %v: %q", s.Held, s.Lines)
		}
	}
	if d.Left() != "the alternate screen is still shown" {
		t.Error(d.Left())
	}
	if d = shell(t, "stty -echo", Options{}); d.Left() != "the terminal is set otherwise than before" {
		t.Error(d.Left())
	}
	if d = shell(t, `printf '\033[?25l'`, Options{}); d.Left() != "the cursor is still hidden" {
		t.Error(d.Left())
	}
}

// TestATerminalAnswers: what its background is.
func TestATerminalAnswers(t *testing.T) {
	for light, want := range map[bool]string{false: "rgb:0000/0000/0000", true: "rgb:ffff/ffff/ffff"} {
		d := shell(t, `stty raw -echo min 0 time 20; printf '\033]11;?\007'; dd bs=24 count=1 2>/dev/null | tr -d '\033\007'`, Options{Light: light})
		d.Wait(want)
	}
}

// TestAFrameThatComesTooLate was drawn for a larger window.
func TestAFrameThatComesTooLate(t *testing.T) {
	d := shell(t, `echo ready; read go; printf '\033[3;20r\033[3H\033[5L\033[5T\033[rlate'`, Options{Width: 80, Height: 24})
	d.Wait("ready")
	d.Resize(40, 10)
	d.Press("enter")
	d.Wait("late")
}

// told takes down what would fail a test.
type told struct{ said string }

func (o *told) Helper() {}

func (o *told) Fatalf(format string, args ...any) {
	o.said = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestWhatDoesNotComeIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		script, wants string
		play          func(*Terminal)
	}{
		"in time":       {"echo here; exec sleep 5", "“there” did not come:\nhere", func(d *Terminal) { d.Wait("there") }},
		"before an end": {"echo here; exit 3", "ended with 3 and “there” did not come:\nhere", func(d *Terminal) { d.Wait("there") }},
		"an end":        {"exec sleep 5", "the program did not end", func(d *Terminal) { d.Code() }},
		"a key":         {"exec sleep 5", `there is no key "entr"`, func(d *Terminal) { d.Press("entr") }},
		"a program":     {"", "/bin/sh", nil},
	} {
		o, done := &told{}, make(chan struct{})
		go func() {
			defer close(done)
			if c.play == nil {
				Start(o, Options{Args: []string{"/bin/sh/none"}})
				return
			}
			d := Start(o, Options{Args: []string{"/bin/sh", "-c", c.script}, Patience: 300 * time.Millisecond})
			defer d.End()
			c.play(d)
		}()
		<-done
		if !strings.Contains(o.said, c.wants) {
			t.Errorf("%s: %q", name, o.said)
		}
	}
}
