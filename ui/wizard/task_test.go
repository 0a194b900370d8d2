package wizard

import (
	"context"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/ui/board"
)

// TestTask: one thing is under way at a time; what comes of one that was given up,
// or of somebody else's, is of no interest, and its context has ended.
func TestTask(t *testing.T) {
	var mine, other task
	came := []string{}
	work := func(name string) func(context.Context) func() tea.Cmd {
		return func(ctx context.Context) func() tea.Cmd {
			ended := ctx.Err() != nil
			return func() tea.Cmd {
				came = append(came, fmt.Sprint(name, ended))
				return nil
			}
		}
	}
	first := mine.begin(t.Context(), work("first"))
	second := mine.begin(t.Context(), work("second"))
	if !mine.busy() || other.busy() {
		t.Error("who is busy")
	}
	of1, of2 := first().(tasked), second().(tasked)
	other.take(of2)
	mine.take(of1)
	if len(came) != 0 || !mine.busy() {
		t.Fatalf("came %v", came)
	}
	mine.take(of2)
	mine.take(of2)
	if len(came) != 1 || came[0] != "secondfalse" || mine.busy() {
		t.Errorf("came %v, busy %v", came, mine.busy())
	}
	third := mine.begin(t.Context(), work("third"))
	mine.end()
	mine.take(third().(tasked))
	if len(came) != 1 || mine.busy() {
		t.Errorf("came %v after it was given up", came)
	}
}

// TestReader: keys reach every line and never leave the text.
func TestReader(t *testing.T) {
	var lines []string
	for i := range 100 {
		lines = append(lines, fmt.Sprintf("line %d.", i))
	}
	l := props(t, &play{}, dark).look(0)
	var r reader
	for _, c := range []struct {
		keys []string
		top  int
	}{
		{nil, 0}, {[]string{"up"}, 0}, {[]string{"down", "down"}, 2}, {[]string{"pgdown"}, 10}, {[]string{"pgup"}, 2}, {[]string{"end"}, 91}, {[]string{"down", "pgdown"}, 91}, {[]string{"up"}, 90}, {[]string{"home"}, 0}, {[]string{"space"}, 8},
	} {
		for _, k := range c.keys {
			if !r.press(pressed[k], len(lines), 10) {
				t.Errorf("%s is no key of a reader", k)
			}
		}
		shown := r.view(l, lines, 40, 10)
		if len(shown) != 10 || shown[0] != fmt.Sprintf("line %d.", c.top) {
			t.Errorf("after %v: %q, wants line %d", c.keys, shown[0], c.top)
		}
		if last := ansi.Strip(shown[9]); !strings.Contains(last, "of 100") {
			t.Errorf("does not say that there is more: %q", last)
		}
	}
	if r.press(tea.KeyPressMsg{Code: 'x', Text: "x"}, 100, 10) {
		t.Error("x scrolls")
	}
	r.from = 80
	if shown := r.view(l, lines[:5], 40, 10); len(shown) != 5 || shown[0] != "line 0." {
		t.Errorf("a text that got shorter: %q", shown)
	}
	if shown := r.view(l, lines, 40, 10); shown[0] != "line 80." {
		t.Errorf("forgot where it was: %q", shown)
	}
	if r.press(pressed["down"], 5, 10); r.from != 0 {
		t.Error("a text that fits was scrolled")
	}
}

// laid is what a command lays over the screen at once, and what it copies.
func (m made) laid(command, diff string) (s *sheet, copied string) {
	cmd := m.commandSheet(command, diff)
	if s = m.cover.sheet; cmd != nil {
		copied = fmt.Sprint(cmd())
	}
	return s, copied
}

// TestSheet is taken away by the keys that say so, and scrolled by others.
func TestSheet(t *testing.T) {
	long := "aws " + strings.Repeat("x ", 500)
	m := props(t, &play{}, dark)
	s, copied := m.laid(long, "- old\n+ new")
	if copied != long {
		t.Error("not the command alone goes to the clipboard")
	}
	if _, copied := m.laid("", ""); copied != "" {
		t.Error("nothing at all goes to the clipboard")
	}
	if _, copied := m.laid("", "+ new"); copied != "+ new" {
		t.Error("a diff that is all there is goes not to the clipboard")
	}
	m.Words = board.NewWords(language.English, steps.NewMasker(steps.Name{Value: "acme", As: "name-1"}).Mask)
	if _, copied := m.laid("aws s3 ls acme", ""); copied != "aws s3 ls name-1" {
		t.Errorf("the clipboard gets what the screen hides: %v", copied)
	}
	l := props(t, &play{}, dark).look(0)
	if lines := s.of(l, 40); !strings.Contains(strings.Join(lines, "\n"), "+ new") {
		t.Error("the diff is not shown")
	}
	if s.press(pressed["down"], l, 40, 10) || s.from != 1 {
		t.Errorf("down: from %d", s.from)
	}
	for k, away := range map[string]bool{"esc": true, "enter": true, "down": false, "end": false} {
		if s.press(pressed[k], l, 40, 10) != away {
			t.Errorf("%s takes it away: %v", k, !away)
		}
	}
	if !s.press(tea.KeyPressMsg{Code: 'c', Text: "c"}, l, 40, 10) {
		t.Error("c, which brought it, does not take it away")
	}
}
