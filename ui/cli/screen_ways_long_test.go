//go:build unix && long

package cli

import (
	"regexp"
	"strings"
	"testing"

	"snapferry/ui/drive"
)

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
	if s.Screen().Says("Type a name") {
		s.on("end")
		s.on("enter")
	}
	s.Press("ctrl+u")
	s.Type(answer)
	s.Wait(answer)
	s.on("enter")
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

// TestTerminalsOfAllKinds: what a terminal cannot show is not sent to it.
func TestTerminalsOfAllKinds(t *testing.T) {
	all := map[string]struct {
		at
		never, sometime *regexp.Regexp
	}{
		"NO_COLOR, whatever it says": {at{width: 80, height: 24, env: []string{"NO_COLOR=yes", "COLORTERM=truecolor"}}, colours["any"], nil},
		"16 colours":                 {at{width: 60, height: 20, env: []string{"TERM=xterm"}}, colours["many"], colours["any"]},
		"true colours":               {at{width: 120, height: 40, env: []string{"COLORTERM=truecolor"}}, nil, colours["many"]},
	}
	for name, c := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := looked(t, c.at)
			raw := s.Raw()
			if c.never != nil && c.never.Match(raw) {
				t.Errorf("it was told %q", c.never.Find(raw))
			}
			if c.sometime != nil && !c.sometime.Match(raw) {
				t.Error("no colour was told")
			}
		})
	}
}

// colours are what a terminal was told to draw in: none, one of the sixteen, or
// more than those.
var colours = map[string]*regexp.Regexp{
	"any":  regexp.MustCompile(`\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]`),
	"many": regexp.MustCompile(`\x1b\[(?:\d+;)*[34]8[;:]`),
}
