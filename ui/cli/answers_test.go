package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/ui/term"
)

// TestASecretTypedAsAnAnswerGoesNowhere: neither said again nor kept.
func TestASecretTypedAsAnAnswerGoesNowhere(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	for _, where := range []string{"profile: source", "domain: logs-prod", "name: acme-os-migration"} {
		name, _, _ := strings.Cut(where, ":")
		file := answersFile(t, strings.Replace(sameAccount, where, name+": "+secret, 1))
		dir := t.TempDir()
		s := snapferry(t, dir, "run", "--yes", "--file", file).wants(t, term.ExitUsage)
		if !strings.Contains(s.err, name+" holds a secret") || !strings.Contains(s.err, "line ") {
			t.Errorf("%s: %s", where, s.err)
		}
		if strings.Contains(s.out+s.err, secret) {
			t.Errorf("%s: the secret is said again", where)
		}
		if _, err := os.Stat(filepath.Join(dir, "run", answersName)); err == nil {
			t.Errorf("%s: the answers were kept", where)
		}
	}
}

// TestAnswersOfAnotherWorld: the sandbox says that it knows its own names only.
func TestAnswersOfAnotherWorld(t *testing.T) {
	const foreign = "search-mine-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com"
	cases := []struct{ old, new, field string }{
		{"domain: logs-prod", "endpoint: " + foreign, "source.endpoint: " + foreign},
		{"domain: logs-next", "endpoint: " + foreign, "target.endpoint: " + foreign},
		{"region: eu-west-1", "region: us-east-1", "source.region: us-east-1"},
	}
	for _, c := range cases {
		s := snapferry(t, t.TempDir(), "preflight", "--file", answersFile(t, strings.Replace(sameAccount, c.old, c.new, 1))).wants(t, term.ExitUsage)
		for _, want := range []string{c.field + " is not part of the sandbox", "it knows only its own names", "logs-prod of account 222222222222 at search-logs-prod-"} {
			if !strings.Contains(s.err, want) {
				t.Errorf("%s: no %q in %s", c.new, want, s.err)
			}
		}
	}
	own := strings.Replace(sameAccount, "domain: logs-next", "endpoint: logs-next.eu-west-1.es.amazonaws.com", 1)
	snapferry(t, t.TempDir(), "preflight", "--file", answersFile(t, own)).wants(t, term.ExitDone)
}
