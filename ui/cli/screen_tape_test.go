//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"snapferry/ui/drive"
)

// TestTheTapePlays presses the keys of demo.tape in a shell. What it waits for
// comes, in its order, and nobody who watches waits long for somebody to type.
func TestTheTapePlays(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "demo.tape"))
	fine(t, err)
	tape, err := drive.ParseTape(string(text))
	fine(t, err)
	if busy := tape.Busy(); busy > 90*time.Second {
		t.Errorf("typing and looking take %s", busy)
	}
	s := sit(t, at{width: 120, height: 36, shell: true})
	s.Wait("ready>")
	// The shell's go run is this program, at no pace.
	s.Type("go() { shift 2; snapferry --sandbox-pace instant \"$@\"; }; clear\r")
	s.Until("an empty shell", func(p drive.Screen) bool { return p.String() == "ready>" })
	met := 0
	s.Play(tape, func(c drive.Command, p drive.Screen) {
		met++
		if p.Full && unframed(p) != "" {
			t.Errorf("line %d: %s:\n%s", c.Line, unframed(p), p)
		}
	})
	if met < 12 {
		t.Errorf("only %d pictures are waited for", met)
	}
	if last := s.Screen(); !strings.Contains(last.String(), "snapferry clean-up --sandbox") {
		t.Errorf("it does not end with what comes next:\n%s", last)
	}
}
