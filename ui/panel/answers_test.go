package panel

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
	"snapferry/ui/theme"
)

// TestWhatAFixChanges: the answers that a key would change stand beside it, whole.
func TestWhatAFixChanges(t *testing.T) {
	one := steps.Finding{ID: "role-exact-spelling", Family: steps.FamilyRole, Outcome: steps.Block, Summary: steps.T("spelt"), Fix: steps.Fix{
		Answers: []steps.Answer{{Key: "source.role.arn"}, {Key: "source.role.name", Value: "Snapferry-Logs"}},
	}}
	for _, fixable := range []bool{true, false} {
		f := Findings{Found: []steps.Finding{one}, Fixable: func(steps.Finding) bool { return fixable }}
		lines, _ := lookOf(theme.Options{Dark: true, Unicode: true, Profile: colorprofile.TrueColor}).Findings(f, 100, 30)
		drawn := ansi.Strip(strings.Join(lines, "\n"))
		for _, want := range []string{"press f", "source:", "role:", "name: Snapferry-Logs"} {
			if strings.Contains(drawn, want) != fixable {
				t.Errorf("fixable %v, %q:\n%s", fixable, want, drawn)
			}
		}
	}
}
