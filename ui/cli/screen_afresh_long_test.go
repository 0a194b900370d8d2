//go:build unix && long

package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"snapferry/ui/drive"
	"snapferry/ui/term"
)

// TestStartedAfresh: another run begins in a directory of its own, from the same
// screen; the one that was there is as it was, to its last byte.
func TestStartedAfresh(t *testing.T) {
	s := sit(t, at{width: 80, height: 24}, inOwnSandbox...)
	s.planned()
	s.Press("ctrl+c")
	s.ends(term.ExitInterrupted)
	before := s.read("snapferry-run", "journal.jsonl") + s.read("snapferry-run", "answers.yaml")
	again := sit(t, at{width: 80, height: 24, home: s.home}, inOwnSandbox...)
	again.Wait("Start afresh")
	again.choose("Start afresh")
	again.Until("what it means", func(p drive.Screen) bool { return p.Says("is not touched") && p.Says("snapferry-run-20") })
	again.Press("enter")
	again.Until("an empty start", func(p drive.Screen) bool {
		return strings.Contains(title(p), "Start") && p.Says("Migrate a domain") && !p.Says("Go on with") && !p.Says("is not touched")
	})
	again.planned()
	again.Press("ctrl+c")
	again.ends(term.ExitInterrupted)
	says(t, again.Transcript(), "--dir snapferry-run-20")
	if after := s.read("snapferry-run", "journal.jsonl") + s.read("snapferry-run", "answers.yaml"); after != before {
		t.Error("the run that was there is another now")
	}
	if made, _ := filepath.Glob(s.path("snapferry-run-20*", "journal.jsonl")); len(made) != 1 {
		t.Errorf("began in %v", made)
	}
}
