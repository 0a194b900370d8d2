package cli

import (
	"errors"
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/term"
)

// TestARegionIsQuestionedWhereItIsTyped: the sandbox has but one; of AWS's own one that
// cannot be is refused, and one that may be new is gone on with by answering again.
func TestARegionIsQuestionedWhereItIsTyped(t *testing.T) {
	in := atTerminal(t, t.TempDir(), []reply{
		{"Region of the source", "eu-west-11"},
		{"The sandbox has nothing in eu-west-11", "eu-west-2"},
		{"The sandbox has nothing in eu-west-2\n    Its domains are in eu-west-1; leave --sandbox out", "eu-west-1"},
		{"You are arn:aws:iam::111111111111:user/admin", hangUp},
	}).wants(t, term.ExitInterrupted)
	if strings.Contains(in.err, "amazonaws.com") {
		t.Errorf("every host of the sandbox is told:\n%s", in.err)
	}
	atTerminalIn(t, []reply{
		{"Where do", "2"},
		{"Credentials", "6"},
		{"Region", "eu-west-11"},
		{"AWS has no region eu-west-11\n    Near it are eu-west-1, eu-west-2, eu-west-3", "eu-west-4"},
		{"No region eu-west-4 is known here", "<"},
		{"Region", "eu-west-5"},
		{"No region eu-west-5 is known here", ""},
		{"Id of", hangUp},
	}, "preflight", "--dir", t.TempDir()).wants(t, term.ExitInterrupted)
}

// TestAnswersOfAnotherRegion: what cannot be looked up for them leads back to the region.
func TestAnswersOfAnotherRegion(t *testing.T) {
	s := seated(t, t.TempDir(), strings.Replace(small, "eu-west-1", "eu-west-11", 1))
	for _, what := range []ask.What{ask.Identity, ask.Domains} {
		_, err := s.desk.Fetch(t.Context(), s.a, ask.Request{What: what, Side: steps.Source, Slot: "control"})
		var e *steps.Error
		if !errors.As(err, &e) {
			t.Fatalf("%s: %v", what, err)
		}
		says(t, e.Summary.String(), "eu-west-11 is not part of the sandbox")
		says(t, e.Fix.String(), "Go back to the region (shift+tab", "Its domains are in eu-west-1")
		if strings.Contains(e.Fix.String(), "amazonaws.com") {
			t.Errorf("every host of the sandbox is told: %s", e.Fix)
		}
	}
}
