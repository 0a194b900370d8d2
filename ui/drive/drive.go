//go:build unix

// Package drive plays a program on a pseudo-terminal as a person would: it starts
// it, reads what it draws through an emulator, waits until the screen says
// something, and presses keys. The tests of the whole program, the tour in docs and
// the tape of the demonstration are played by it; the product does not know it.
//
// Nothing here rests for a fixed time. Whatever is waited for is waited for until
// it is on the screen, and the patience that bounds it ends in a failure.
package drive

import (
	"image/color"
	"io"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// T is told of what went wrong; a *testing.T is one. Fatalf does not return.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Options say what to start, and on what terminal.
type Options struct {
	// Args are the program and what it is given; Env is its whole environment.
	Args []string
	Env  []string
	// Dir is where it starts, "" for here.
	Dir string
	// Width and Height are 80 and 24 where they are 0.
	Width, Height int
	// Light has the terminal tell that its background is light.
	Light bool
	// Patience bounds each wait, a minute where it is 0.
	Patience time.Duration
}

// Terminal is a running program, its terminal, and what it has drawn so far.
type Terminal struct {
	t        T
	patience time.Duration
	cmd      *exec.Cmd
	// person is our end of the terminal; line is the program's, kept open so that
	// what it leaves behind can be looked at.
	person, line *os.File
	screen       *vt.SafeEmulator

	mu sync.Mutex
	// frames are all pictures so far, raw every byte.
	frames []Screen
	raw    []byte
	// drawing is between the begin and the end of a frame, held once there was one;
	// full says that it is the alternate screen that is shown.
	drawing, held, full bool
	// hidden says that the cursor is.
	hidden bool
	// found and left are how the terminal was set before and after the program.
	found, left *term.State
	// changed is closed with the next picture.
	changed chan struct{}
	// ended is closed once the program is gone and everything it wrote was read.
	ended chan struct{}
}

// Start starts a program.
func Start(t T, o Options) *Terminal {
	t.Helper()
	if o.Width == 0 {
		o.Width, o.Height = 80, 24
	}
	if o.Patience == 0 {
		o.Patience = time.Minute
	}
	d := &Terminal{t: t, patience: o.Patience, changed: make(chan struct{}), ended: make(chan struct{}), screen: vt.NewSafeEmulator(o.Width, o.Height)}
	var err error
	if d.person, d.line, err = pty.Open(); err != nil {
		t.Fatalf("no pseudo-terminal: %v", err)
	}
	if err := pty.Setsize(d.person, &pty.Winsize{Rows: uint16(o.Height), Cols: uint16(o.Width)}); err != nil {
		t.Fatalf("its size: %v", err)
	}
	if d.found, err = term.GetState(int(d.line.Fd())); err != nil {
		t.Fatalf("its settings: %v", err)
	}
	d.speak(o.Light)
	d.cmd = exec.Command(o.Args[0], o.Args[1:]...)
	d.cmd.Env, d.cmd.Dir = o.Env, o.Dir
	d.cmd.Stdin, d.cmd.Stdout, d.cmd.Stderr = d.line, d.line, d.line
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := d.cmd.Start(); err != nil {
		t.Fatalf("%s: %v", o.Args[0], err)
	}
	go d.read()
	go d.answer()
	return d
}

// speak has the emulator tell what terminals of today tell: its background, and
// that it holds a frame back until it is whole, which also tells us when one is.
func (d *Terminal) speak(light bool) {
	d.screen.SetDefaultBackgroundColor(color.Black)
	if light {
		d.screen.SetDefaultBackgroundColor(color.White)
	}
	d.screen.SetCallbacks(vt.Callbacks{
		AltScreen:        func(on bool) { d.full = on },
		CursorVisibility: func(on bool) { d.hidden = !on },
		EnableMode: func(m ansi.Mode) {
			if m == ansi.ModeSynchronizedOutput {
				d.drawing, d.held = true, true
			}
		},
		DisableMode: func(m ansi.Mode) {
			if m == ansi.ModeSynchronizedOutput {
				d.drawing = false
			}
		},
	})
	// A frame drawn for a larger window arrives after it was made smaller; the
	// emulator would go on scrolling below its end [v0.0.0-20260430013151].
	d.screen.RegisterCsiHandler('r', func(p ansi.Params) bool {
		bottom, _, _ := p.Param(1, 0)
		return bottom > d.screen.Emulator.Height()
	})
	_, _ = d.screen.Write([]byte(ansi.ResetModeSynchronizedOutput)) // a mode it knows, and that is off
}

// read takes in what the program draws. Modes change within Write, under the lock.
func (d *Terminal) read() {
	gone := make(chan struct{})
	go func() {
		_ = d.cmd.Wait() // how it ended is in its state
		d.left, _ = term.GetState(int(d.line.Fd()))
		close(gone)
		d.line.Close()
	}()
	for b := make([]byte, 64<<10); ; {
		n, err := d.person.Read(b)
		if n > 0 {
			d.take(b[:n])
		}
		if err != nil { // nobody has the terminal any more
			<-gone
			close(d.ended)
			return
		}
	}
}

func (d *Terminal) take(b []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.raw = append(d.raw, b...)
	_, _ = d.screen.Write(b)
	if d.drawing {
		return
	}
	s := d.picture()
	if n := len(d.frames); n > 0 && slices.Equal(d.frames[n-1].Lines, s.Lines) {
		return
	}
	d.frames = append(d.frames, s)
	close(d.changed)
	d.changed = make(chan struct{})
}

// answer hands the terminal's own answers to the program.
func (d *Terminal) answer() {
	for b := make([]byte, 1024); ; {
		n, err := d.screen.Read(b)
		if err != nil {
			return
		}
		_, _ = d.person.Write(b[:n])
	}
}

// End closes the terminal, as a person does who closes its window, and ends the
// program where it is still there.
func (d *Terminal) End() {
	d.Kill()
	// Its own Close writes a flag that its Read, which is waiting, looks at.
	_ = d.screen.InputPipe().(io.Closer).Close()
	_ = d.person.Close()
}

// Kill is SIGKILL: nothing is given back by the program.
func (d *Terminal) Kill() {
	_ = d.cmd.Process.Kill()
	<-d.ended
}

// Left says what a program that is gone left behind on its terminal, "" for nothing.
func (d *Terminal) Left() string {
	d.Code()
	switch {
	case d.full:
		return "the alternate screen is still shown"
	case d.hidden:
		return "the cursor is still hidden"
	case !reflect.DeepEqual(d.found, d.left):
		return "the terminal is set otherwise than before"
	}
	return ""
}

// Signal sends the program a signal.
func (d *Terminal) Signal(s os.Signal) { _ = d.cmd.Process.Signal(s) }

// PID is the program's.
func (d *Terminal) PID() int { return d.cmd.Process.Pid }

// Code waits until the program ends and gives its exit code, -1 for a signal.
func (d *Terminal) Code() int {
	d.t.Helper()
	select {
	case <-d.ended:
		return d.cmd.ProcessState.ExitCode()
	case <-time.After(d.patience):
		d.t.Fatalf("the program did not end:\n%s", d.Screen())
		return -1
	}
}

// Resize makes the terminal as large as said.
func (d *Terminal) Resize(width, height int) {
	d.t.Helper()
	d.mu.Lock()
	d.screen.Resize(width, height)
	d.mu.Unlock()
	if err := pty.Setsize(d.person, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}); err != nil {
		d.t.Fatalf("its size: %v", err)
	}
}

// Wait waits until the screen says all of the words, and gives it.
func (d *Terminal) Wait(words ...string) Screen {
	d.t.Helper()
	return d.Until(strings.Join(words, "” and “"), func(s Screen) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !s.Says(w) })
	})
}

// Match waits until the screen matches, its lines being joined by line feeds.
func (d *Terminal) Match(re *regexp.Regexp) Screen {
	d.t.Helper()
	return d.Until(re.String(), func(s Screen) bool { return re.MatchString(s.String()) })
}

// Until waits until the screen is as wanted, and gives it.
func (d *Terminal) Until(what string, wanted func(Screen) bool) Screen {
	d.t.Helper()
	late := time.After(d.patience)
	for {
		s, changed := d.now()
		if wanted(s) {
			return s
		}
		select {
		case <-changed:
		case <-d.ended:
			if s, _ = d.now(); wanted(s) {
				return s
			}
			d.t.Fatalf("the program ended with %d and “%s” did not come:\n%s", d.cmd.ProcessState.ExitCode(), what, s)
		case <-late:
			d.t.Fatalf("“%s” did not come:\n%s", what, s)
		}
	}
}

// Still waits until nothing new is drawn for a while, and gives what stands then: a
// key is answered in more than one picture.
func (d *Terminal) Still(quiet time.Duration) Screen {
	d.t.Helper()
	late := time.After(d.patience)
	for {
		s, changed := d.now()
		select {
		case <-changed:
		case <-time.After(quiet):
			return s
		case <-d.ended:
			return d.Screen()
		case <-late:
			d.t.Fatalf("the screen did not come to rest:\n%s", s)
		}
	}
}
