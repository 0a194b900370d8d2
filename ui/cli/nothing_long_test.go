//go:build long

package cli

import (
	"strings"
	"testing"

	"snapferry/ui/term"
)

// TestNothingFoundOutIsNoSuccess: where no way leads out, nothing is known and
// nothing is called well.
func TestNothingFoundOutIsNoSuccess(t *testing.T) {
	for name, v := range map[string]string{"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "none", "HTTPS_PROXY": "http://127.0.0.1:1", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"} {
		t.Setenv(name, v)
	}
	file := answersFile(t, strings.Replace(sameAccount, "    profile: source", "    base: environment", 1))
	s := snapferryIn(t, Process{}, "", "preflight", "--file", file, "--dir", t.TempDir()).wants(t, term.ExitFailed)
	if !strings.Contains(s.err, "No check could find out anything") {
		t.Errorf("%s%s", s.out, s.err)
	}
}
