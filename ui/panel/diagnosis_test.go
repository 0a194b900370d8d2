package panel

import (
	"strings"
	"testing"

	"snapferry/steps"
)

// TestWhatIsNotKnownHasANextStep: nothing is promised below where nothing is.
func TestWhatIsNotKnownHasANextStep(t *testing.T) {
	for body, want := range map[string]string{"": "find out why", "a body": "stands below"} {
		got := unknown(steps.Diagnosis{Body: body}).String()
		if !strings.Contains(got, want) {
			t.Errorf("%q: %s", body, got)
		}
	}
}
