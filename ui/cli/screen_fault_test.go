//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"snapferry/ui/drive"
)

// keyLine names a customer key, which a role of somebody else's may not use.
var keyLine = regexp.MustCompile(`\n  kms_key: .*`)

// TestTwoFaultsFixedOnTheWay: a signer that the source maps to nothing, and a role
// that is to be taken as it is and trusts the wrong account. Both are met on the
// board of checks, and put right from there; the run goes through.
func TestTwoFaultsFixedOnTheWay(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := filepath.Join(home, "mine.yaml")
	fine(t, os.WriteFile(file, []byte(keyLine.ReplaceAllString(adoptedThere, "")), 0o600))
	s := sit(t, at{width: 96, height: 30, home: home}, append(inOwnSandbox, "--file", file, "--fault", "unmapped-signer", "--fault", "trust-mismatch")...)
	s.goTo("Checks")
	s.idle()
	says(t, s.Wait("3 blockers").String(), "source-signer-mapped", "press f")
	s.Press("enter") // which goes nowhere
	s.Wait("stands in the way of a plan")
	s.Press("f")
	s.Wait("the source domain's master")
	s.Type("arn:aws:iam::111111111111:role/search-master\r")
	says(t, s.Wait("1 blocker", "The answers say now").String(), "source.mapper.chain.1.role", "target-role-trusts-service", "press f")
	s.idle()
	s.Press("f")
	s.Until("no blocker", func(p drive.Screen) bool { return p.Says("passed") && !p.Says("blocker") && !p.Says("is under way") })
	s.idle()
	s.done()
	for _, what := range []string{"source-mapping", "target-role"} {
		if !strings.Contains(s.read("snapferry-run", "report.md"), what) {
			t.Errorf("the report does not speak of %s", what)
		}
	}
}
