//go:build unix

package cli

import (
	"strings"
	"syscall"
	"testing"
)

// TestTypedAndNotEntered is the answer where it can be one, and is told where it cannot,
// though the program is ended from outside.
func TestTypedAndNotEntered(t *testing.T) {
	t.Parallel()
	for typed, kept := range map[string]bool{"acme-half-typed": true, "Acme_Half_Typed": false} {
		s := sit(t, at{width: 80, height: 24}, inOwnSandbox...)
		s.goTo("Bucket")
		for i := 0; i < 20 && asked(s.Screen()) != "Bucket"; i++ {
			s.on("enter")
		}
		if s.Screen().Says("Type a name") {
			s.on("end")
			s.on("enter")
		}
		s.Press("ctrl+u")
		s.Type(typed)
		s.Wait(typed)
		s.Signal(syscall.SIGTERM)
		s.ends(130)
		said := strings.Join(strings.Fields(s.Transcript()), " ")
		says(t, said, typed, "(bucket.name)")
		if file := s.read("snapferry-run", "answers.yaml"); strings.Contains(file, typed) != kept {
			t.Errorf("%s, told as %q, and the answers are\n%s", typed, said[max(0, len(said)-400):], file)
		}
	}
}
