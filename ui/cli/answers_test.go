package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/steps/spec"
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

// TestKeptAnswersNameTheirCommand: the one that goes on with this run, in its world.
func TestKeptAnswersNameTheirCommand(t *testing.T) {
	d := &spec.Draft{}
	if err := d.Set("source.domain", "logs"); err != nil {
		t.Fatal(err)
	}
	for want, g := range map[string]globals{
		"# Go on with it:  snapferry run --dir '/my run'\n":              {dir: "/my run"},
		"# Go on with it:  snapferry run --sandbox --dir x\n":            {dir: "x", sandbox: inRunDir},
		"# Go on with it:  snapferry run --file ANSWERS.yaml\n":          {dir: "a\nsource:"},
		"# Go on with it:  snapferry run --sandbox=./world --dir next\n": {dir: "next", sandbox: "./world"},
	} {
		b := (&app{globals: g}).headed(d, "")
		if !strings.Contains(string(b), want) {
			t.Errorf("no %q in\n%s", want, b)
		}
		if again, errs := spec.ReadAnswers(b); len(errs) > 0 || again.Get("source.domain") != "logs" {
			t.Errorf("%v\n%s", errs, b)
		}
	}
	dir := t.TempDir()
	moved(t, dir)
	says(t, readFile(t, filepath.Join(dir, "run", answersName)), "Go on with it:  snapferry run --sandbox --dir "+filepath.Join(dir, "run")+"\n")
}

// TestAnswersOfAnotherWorld: the sandbox says that it knows its own names only.
func TestAnswersOfAnotherWorld(t *testing.T) {
	const foreign = "search-mine-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com"
	const domains = "logs-prod of account 222222222222 at search-logs-prod-"
	cases := []struct{ old, new, field, fix string }{
		{"domain: logs-prod", "endpoint: " + foreign, "source.endpoint: " + foreign, domains},
		{"domain: logs-next", "endpoint: " + foreign, "target.endpoint: " + foreign, domains},
		{"region: eu-west-1", "region: us-east-1", "source.region: us-east-1", "Its domains are in eu-west-1; leave --sandbox out"},
	}
	for _, c := range cases {
		s := snapferry(t, t.TempDir(), "preflight", "--file", answersFile(t, strings.Replace(sameAccount, c.old, c.new, 1))).wants(t, term.ExitUsage)
		for _, want := range []string{c.field + " is not part of the sandbox", "it knows only its own names", c.fix} {
			if !strings.Contains(s.err, want) {
				t.Errorf("%s: no %q in %s", c.new, want, s.err)
			}
		}
	}
	own := strings.Replace(sameAccount, "domain: logs-next", "endpoint: logs-next.eu-west-1.es.amazonaws.com", 1)
	snapferry(t, t.TempDir(), "preflight", "--file", answersFile(t, own)).wants(t, term.ExitDone)
}
