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
	return s.Until("the plan", func(p drive.Screen) bool { return p.Says("enter approve") || p.Says("enter go on") })
}

// done goes from wherever one is to the report, and ends there.
func (s *sitting) done() drive.Screen {
	s.t.Helper()
	s.planned()
	s.approve(targetAccount)
	return s.reported()
}

// targetAccount is the sandbox's own.
const targetAccount = "222222222222"

// approve approves the plan that is shown, by the id where it has to be typed.
func (s *sitting) approve(id string) {
	s.t.Helper()
	if s.Screen().Says("to approve") {
		s.Type(id)
		s.Wait("approve: " + id)
	}
	s.Press("enter")
}

// reported waits for the report, and ends there.
func (s *sitting) reported() drive.Screen {
	s.t.Helper()
	report := s.Until("the report", func(p drive.Screen) bool { return strings.Contains(title(p), "Report") })
	s.Press("enter")
	s.ends(0)
	return report
}

// TestGuidedOnScreen goes from an empty directory to the report by pressing enter and
// typing what approves the plan, and every screen on the way is whole.
func TestGuidedOnScreen(t *testing.T) {
	t.Parallel()
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
