//go:build unix

package drive

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseTape(t *testing.T) {
	p, err := ParseTape(`# a comment
Output demo.gif
Set TypingSpeed 40ms
Set Theme "Catppuccin Mocha"

Type "ls -l"
Type@1s 'a "b"'
Enter
Down@100ms 3
Ctrl+C
Sleep 2
Sleep 500ms
Wait+Screen@30s /done: \d+ (documents|indices)/
`)
	if err != nil {
		t.Fatal(err)
	}
	const ms = time.Millisecond
	want := []Command{
		{Line: 6, Type: "ls -l", Pace: 40 * ms},
		{Line: 7, Type: `a "b"`, Pace: time.Second},
		{Line: 8, Key: "enter", Times: 1, Pace: 40 * ms},
		{Line: 9, Key: "down", Times: 3, Pace: 100 * ms},
		{Line: 10, Key: "ctrl+c", Times: 1, Pace: 40 * ms},
		{Line: 11, Sleep: 2 * time.Second},
		{Line: 12, Sleep: 500 * ms},
		{Line: 13, Wait: regexp.MustCompile(`done: \d+ (documents|indices)`)},
	}
	if d := cmp.Diff(want, p.Commands, cmp.Comparer(func(a, b *regexp.Regexp) bool { return a == b || a != nil && b != nil && a.String() == b.String() })); d != "" {
		t.Error(d)
	}
	if p.Settings["Theme"] != "Catppuccin Mocha" {
		t.Errorf("settings %v", p.Settings)
	}
	if got, want := p.Busy(), 5*40*ms+5*time.Second+40*ms+300*ms+40*ms+2500*ms; got != want {
		t.Errorf("busy for %s, wants %s", got, want)
	}
}

// TestATapeThatIsNotUnderstood: nothing is passed over.
func TestATapeThatIsNotUnderstood(t *testing.T) {
	for _, l := range []string{
		`Type ls`, `Type "a`, "Entr", "Alt+X", "Ctrl+Alt+X", "Wait /x/", "Wait+Screen", "Wait+Screen /(/", "Sleep", "Sleep soon", "Enter often",
		"Set TypingSpeed", "Set Speed 1", "Type@fast \"x\"", "Down@ 3", "Set TypingSpeed fast\nEnter", "Source other.tape",
	} {
		if _, err := ParseTape("# first\n" + l); err == nil || !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%q: %v", l, err)
		}
	}
}
