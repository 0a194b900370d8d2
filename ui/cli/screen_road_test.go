//go:build unix

package cli

import (
	"strings"
	"testing"

	"snapferry/ui/drive"
)

// planned goes on to the plan, from any screen before it.
func (s *sitting) planned() drive.Screen {
	s.t.Helper()
	s.goTo("Plan")
	return s.Until("the plan", func(p drive.Screen) bool { return p.Says("enter approve") })
}

// done goes from wherever one is to the report, and ends there.
func (s *sitting) done() drive.Screen {
	s.t.Helper()
	s.planned()
	s.Press("enter")
	report := s.Until("the report", func(p drive.Screen) bool { return strings.Contains(title(p), "Report") })
	s.Press("enter")
	s.ends(0)
	return report
}

// TestGuidedOnScreen goes from an empty directory to the report by pressing enter, and
// every screen on the way is whole.
func TestGuidedOnScreen(t *testing.T) {
	s := sit(t, at{width: 96, height: 30}, inOwnSandbox...)
	s.Wait("What brings you here")
	report := s.done()
	says(t, report.String(), "49 indices")
	says(t, s.read("snapferry-run", "report.md"), "49 indices")
	says(t, s.Transcript(), "report.md")
	visited := map[string]bool{}
	for _, p := range s.Frames() {
		visited[strings.TrimLeft(title(p), " ·1234567890of")] = true
	}
	for _, want := range []string{"Start", "Source account", "Target account", "Domains", "Bucket", "What moves", "Checks", "Plan", "Run", "Report"} {
		if !visited[want] {
			t.Errorf("%s was not shown, only %v", want, visited)
		}
	}
}

// TestBackAndForth goes to the plan, back through every page to the start, and
// forth again: what was typed on the way stays typed.
func TestBackAndForth(t *testing.T) {
	s := sit(t, at{width: 100, height: 30}, inOwnSandbox...)
	s.goTo("Bucket")
	s.retype("Bucket", "acme-os-typed-here")
	s.planned()
	for _, want := range []string{"Checks", "What moves", "Bucket", "Domains", "Target account", "Source account", "Start"} {
		s.on("esc")
		s.Until(want, func(p drive.Screen) bool { return strings.Contains(title(p), want) })
	}
	s.planned()
	s.Wait("acme-os-typed-here")
	s.Press("ctrl+c")
	s.ends(130)
	says(t, s.read("snapferry-run", "answers.yaml"), "acme-os-typed-here")
}

// retype goes on with enter until a question is asked, and answers it anew.
func (s *sitting) retype(question, answer string) {
	s.t.Helper()
	for range 20 {
		if asked(s.Screen()) == question {
			break
		}
		s.on("enter")
	}
	// A list leads to a line by its last row.
	if s.Screen().Says("Type it") {
		s.on("end")
		s.on("enter")
	}
	s.Press("ctrl+u")
	s.Type(answer)
	s.Wait(answer)
	s.on("enter")
}

// asked is the question that is asked now.
func asked(p drive.Screen) string {
	for _, l := range p.Lines {
		for _, sign := range []string{"▸ ", "> "} {
			if rest, ok := strings.CutPrefix(l, sign); ok {
				return strings.TrimSpace(rest)
			}
		}
	}
	return ""
}

// TestLeftAndResumed leaves at the fourth page and finds everything again.
func TestLeftAndResumed(t *testing.T) {
	s := sit(t, at{width: 80, height: 24}, inOwnSandbox...)
	s.goTo("Bucket")
	s.retype("Bucket", "acme-os-kept")
	s.Press("ctrl+c")
	s.ends(130)
	says(t, s.Transcript(), "Your answers are in snapferry-run/answers.yaml")
	line := commandIn(t, s.Transcript())
	again := sit(t, at{width: 80, height: 24, home: s.home}, append(line, "--sandbox-pace", "instant")...)
	again.goTo("Bucket")
	again.Wait("acme-os-kept")
	again.done()
	says(t, again.read("snapferry-run", "answers.yaml"), "acme-os-kept")
}

// commandIn is what follows on snapferry in what was told last, word by word.
func commandIn(t *testing.T, told string) []string {
	t.Helper()
	i := strings.LastIndex(told, "snapferry --")
	if i < 0 {
		t.Fatalf("no command is told:\n%s", told)
	}
	line, _, _ := strings.Cut(told[i:], "\n")
	return strings.Fields(line)[1:]
}
