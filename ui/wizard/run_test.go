package wizard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

// output is a terminal that only takes.
type output struct {
	mu  sync.Mutex
	all bytes.Buffer
	// wrote tells that there is more.
	wrote chan struct{}
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case o.wrote <- struct{}{}:
	default:
	}
	return o.all.Write(b)
}

// until waits for words on the terminal.
func (o *output) until(ctx context.Context, words string) {
	for !strings.Contains(o.String(), words) {
		select {
		case <-o.wrote:
		case <-ctx.Done():
			return
		}
	}
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.String()
}

// attached is a desk that hands over who asks.
type attached struct {
	*desk
	by    chan Asker
	route func() panel.Route
}

func (a *attached) Attach(by Asker) { a.by <- by }

func (a *attached) Route() panel.Route {
	if a.route != nil {
		return a.route()
	}
	return panel.Route{}
}

// start runs the whole program; keys are typed into in.
func start(ctx context.Context, t *testing.T, d *attached, signals chan os.Signal) (in io.Writer, out *output, end func() (Outcome, error)) {
	t.Helper()
	d.by = make(chan Asker, 1)
	r, w := io.Pipe()
	out = &output{wrote: make(chan struct{}, 1)}
	type ended struct {
		out Outcome
		err error
	}
	done := make(chan ended, 1)
	o := Options{
		Look: theme.Options{Unicode: true}, Words: board.NewWords(language.English, nil), Answers: answered(t, preset), Deeds: d,
		Width: 80, Height: 24, Now: func() time.Time { return today }, Signals: signals,
	}
	go func() {
		got, err := Run(ctx, o, tea.WithInput(r), tea.WithOutput(out), tea.WithEnvironment([]string{"TERM=xterm-256color"}))
		done <- ended{got, err}
	}()
	t.Cleanup(func() { w.Close() })
	return w, out, func() (Outcome, error) {
		select {
		case e := <-done:
			return e.out, e.err
		case <-time.After(20 * time.Second):
			t.Fatal("it does not end")
			return Outcome{}, nil
		}
	}
}

// restored are the bytes by which the terminal is given back: the usual screen.
const restored = "\x1b[?1049l"

// TestRunEnds: by a key, by a signal, with its time, by a panic. The terminal is
// given back and the answers are kept each time.
func TestRunEnds(t *testing.T) {
	for name, c := range map[string]struct {
		do     func(in io.Writer, signals chan os.Signal, cancel context.CancelFunc)
		panics bool
	}{
		"ctrl+c":   {do: func(in io.Writer, _ chan os.Signal, _ context.CancelFunc) { _, _ = io.WriteString(in, "\x03") }},
		"a signal": {do: func(_ io.Writer, s chan os.Signal, _ context.CancelFunc) { s <- syscall.SIGTERM }},
		"its time": {do: func(_ io.Writer, _ chan os.Signal, cancel context.CancelFunc) { cancel() }},
		"a panic":  {do: func(in io.Writer, _ chan os.Signal, _ context.CancelFunc) { _, _ = io.WriteString(in, "x") }, panics: true},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := contextOf(t)
			defer cancel()
			d := &attached{desk: &desk{}}
			calls := 0
			d.route = func() panel.Route {
				if calls++; c.panics && calls > 3 {
					panic("no route")
				}
				return panel.Route{}
			}
			signals := make(chan os.Signal, 1)
			in, out, end := start(ctx, t, d, signals)
			<-d.by
			c.do(in, signals, cancel)
			if c.panics { // however many keys it takes
				go func() { _, _ = io.WriteString(in, "yyyyyyyy") }()
			}
			got, err := end()
			var told *steps.Error
			if c.panics != errors.As(err, &told) || !got.Left || got.Kept == "" || len(d.kept) != 1 {
				t.Errorf("%+v, %v; kept %d times", got, err, len(d.kept))
			}
			if shown := out.String(); strings.Contains(shown, "\x1b[?1049h") && !strings.Contains(shown, restored) {
				t.Errorf("the terminal is not given back: %q", shown[max(0, len(shown)-200):])
			}
		})
	}
}

// TestAskingThroughTheProgram: whoever does something beside it gets what is typed,
// and nobody sees it.
func TestAskingThroughTheProgram(t *testing.T) {
	d := &attached{desk: &desk{fetch: func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error) { return ask.Offer{}, nil }}}
	in, out, end := start(t.Context(), t, d, nil)
	by := <-d.by
	go func() {
		out.until(t.Context(), "Password of master")
		_, _ = io.WriteString(in, "Correct-Horse\r\x03")
	}()
	got, err := by.Ask(t.Context(), steps.T("Password of master"), true)
	if got != "Correct-Horse" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := end(); err != nil {
		t.Error(err)
	}
	if strings.Contains(out.String(), "Horse") {
		t.Error("the password was on the screen")
	}
	if _, err := by.Ask(expired(t), steps.T("too late"), true); err == nil {
		t.Error("an answer after the end")
	}
}

// TestAnswersAreKeptAfterAPlan, too: they may be others by now, and whose file has
// them is for Keep to say.
func TestAnswersAreKeptAfterAPlan(t *testing.T) {
	d := &attached{desk: &desk{}}
	in, _, end := start(t.Context(), t, d, nil)
	(<-d.by).(asker).send(plannedMsg{})
	_, _ = io.WriteString(in, "\x03")
	if got, err := end(); !got.Planned || !got.Left || got.Kept == "" || len(d.kept) != 1 || err != nil {
		t.Errorf("%+v, %v; kept %d times", got, err, len(d.kept))
	}
}

// TestLeavingFromAQuestion ends the program as it ends elsewhere, and whoever asked is told.
func TestLeavingFromAQuestion(t *testing.T) {
	d := &attached{desk: &desk{}}
	in, out, end := start(t.Context(), t, d, nil)
	by := <-d.by
	go func() {
		out.until(t.Context(), "Password of master")
		_, _ = io.WriteString(in, "abc\x03")
	}()
	if _, err := by.Ask(t.Context(), steps.T("Password of master"), true); !errors.Is(err, ErrTurnedDown) {
		t.Errorf("it was answered: %v", err)
	}
	if got, err := end(); !got.Left || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func expired(t *testing.T) context.Context {
	ctx, cancel := contextOf(t)
	cancel()
	return ctx
}
