package prompt

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// pseudo is a terminal and the person in front of it.
func pseudo(t *testing.T) (person, terminal *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here: ", err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetUint32(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { terminal.Close() })
	return person, terminal
}

func echoes(t *testing.T, f *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(f.Fd()), getTermios)
	if err != nil {
		t.Fatal(err)
	}
	return state.Lflag&unix.ECHO != 0
}

// types waits until the terminal shows what is typed, or not, and types.
func types(t *testing.T, person, terminal *os.File, shown bool, words string) {
	t.Helper()
	for echoes(t, terminal) != shown {
		if t.Context().Err() != nil {
			return
		}
		runtime.Gosched()
	}
	if _, err := person.WriteString(words); err != nil {
		t.Error(err)
	}
}

// arrived waits until the terminal has taken what was typed before: it tells its
// other end when it is stopped and started by keys.
func arrived(t *testing.T, person *os.File) {
	t.Helper()
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCPKT, 1); err != nil {
		t.Error(err)
	}
	if _, err := person.WriteString("\x13\x11"); err != nil {
		t.Error(err)
	}
	for b := make([]byte, 64); ; {
		if n, err := person.Read(b); err != nil {
			t.Error(err)
			return
		} else if n > 0 && b[0]&unix.TIOCPKT_START != 0 {
			return
		}
	}
}

// leaving is a context that ends once something waits for it.
type leaving struct {
	context.Context
	waited bool
}

func (l *leaving) Err() error {
	if l.waited {
		return context.Canceled
	}
	return nil
}

func (l *leaving) Done() <-chan struct{} {
	l.waited = true
	gone := make(chan struct{})
	close(gone)
	return gone
}

// asking is a context that acts once something waits for it.
type asking struct {
	context.Context
	act func()
}

func (a *asking) Done() <-chan struct{} {
	a.act()
	return a.Context.Done()
}

// TestASecretAfterAQuestionThatWasLeft: whoever's read brings it, it is not
// shown, and nothing typed for another question is taken for it.
func TestASecretAfterAQuestionThatWasLeft(t *testing.T) {
	for name, before := range map[string]string{"nothing typed": "", "half a line": "12", "a whole line": "123456\n"} {
		person, terminal := pseudo(t)
		k := NewKeyboard(terminal)
		if _, err := k.Line(&leaving{Context: t.Context()}); !errors.Is(err, context.Canceled) {
			t.Fatal(name, err)
		}
		types(t, person, terminal, true, before)
		arrived(t, person)
		if before == "123456\n" {
			for len(k.under) == 0 {
				runtime.Gosched()
			}
		}
		// Once the secret is waited for: what came before is dropped.
		asked := &asking{t.Context(), func() { types(t, person, terminal, false, "Hunter2 \n") }}
		if got, err := k.Secret(asked); got != "Hunter2 " || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if !echoes(t, terminal) {
			t.Errorf("%s: the terminal stays silent", name)
		}
	}
}

// TestAQuestionAfterASecretThatWasLeft: nothing of the secret gets into what is
// typed in the open.
func TestAQuestionAfterASecretThatWasLeft(t *testing.T) {
	person, terminal := pseudo(t)
	k := NewKeyboard(terminal)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { types(t, person, terminal, false, "Hunt"); arrived(t, person); cancel() }()
	if got, err := k.Secret(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("%q, %v", got, err)
	}
	// After the question only: what came before it was dropped with the secret.
	asked := &asking{t.Context(), func() { types(t, person, terminal, true, "yes\n") }}
	if got, err := k.Line(asked); got != "yes" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestAPasteAtATerminal: all of it is taken, and what came behind it is for nobody
// else.
func TestAPasteAtATerminal(t *testing.T) {
	person, terminal := pseudo(t)
	const pasted = "first\n\n{\n\n \"a\": 1\n}\n\n"
	if _, err := person.WriteString(pasted + "half a line"); err != nil {
		t.Fatal(err)
	}
	arrived(t, person)
	k := NewKeyboard(terminal)
	if got, err := k.Paste(t.Context()); got != "first\n{\n \"a\": 1\n}" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	types(t, person, terminal, true, "ls\n")
	if got, err := k.Line(t.Context()); got != "ls" || err != nil {
		t.Errorf("%q is left, %v", got, err)
	}
}
