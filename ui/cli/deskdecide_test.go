package cli

import (
	"strings"
	"testing"

	"snapferry/awsx/text"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/ui/wizard"
)

// TestWhoStopsIsNotAsked what to do about a step that failed meanwhile.
func TestWhoStopsIsNotAsked(t *testing.T) {
	s := seated(t, t.TempDir(), "")
	s.planned()
	to, stopped := make(chan wizard.Failure, 8), make(chan struct{})
	close(stopped)
	s.desk.failing = failing{to, stopped}
	for range cap(to) {
		if d := s.desk.decide(t.Context(), failedStep{id: "snapshot"}); d != engine.Stop {
			t.Fatalf("decided %v", d)
		}
	}
	if len(to) > 0 {
		t.Errorf("asked %d times", len(to))
	}
}

// TestAnErrandIsOneCommandALine: what is said of a change is a comment, whatever names
// are in it.
func TestAnErrandIsOneCommandALine(t *testing.T) {
	s := seated(t, t.TempDir(), "")
	s.looked()
	err := s.desk.errand(&engine.AheadError{
		Err:     &steps.Error{Field: "source.mapper", Summary: text.New("somebody else")},
		Changes: []steps.Change{{Summary: steps.T("maps %s", "a\nrm -rf /\r\nb")}},
	}).(*wizard.HandedError)
	for _, l := range strings.Split(err.Command, "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), "rm") || strings.Contains(l, "\r") {
			t.Errorf("%q is a command of\n%s", l, err.Command)
		}
	}
}
