package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"snapferry/ui/term"
)

// TestSlipsAreNamed: what was typed wrongly is told with what was probably meant,
// before anything is made.
func TestSlipsAreNamed(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	cases := []struct {
		args []string
		want []string
	}{
		{[]string{"preflite"}, []string{`no command "preflite"`, "Did you mean preflight?"}},
		{[]string{"undoo"}, []string{"Did you mean undo?"}},
		{[]string{"wibble"}, []string{"There are: ", "sandbox"}},
		{[]string{"run", "--snadbox"}, []string{"no flag --snadbox", "Did you mean --sandbox?"}},
		{[]string{"run", "--no-such-thing"}, []string{"snapferry run --help"}},
		{[]string{"run", "-x"}, []string{"no flag -x"}},
		{[]string{"run", "--sandbox", "./world"}, []string{`got "./world"`, "--sandbox=./world"}},
		{[]string{"--sandbox", "./world"}, []string{"--sandbox=./world"}},
		{[]string{"run", "--sandbox="}, []string{"stands alone"}},
		{[]string{"run", "extra"}, []string{`takes no arguments, but got "extra"`}},
		{[]string{"run", "--sandbox", "--accept", "disk-rom", "--dir", data}, []string{"no such check", "Did you mean disk-room?"}},
		{[]string{"sandbox", "--data", data, "--upstream", "foo="}, []string{`no domain "foo"`, "There are: source, next, target"}},
		{[]string{"sandbox", "--data", data, "--upstream", "tagret=http://127.0.0.1:1"}, []string{"Did you mean target?"}},
		{[]string{"sandbox", "--data", data, "--upstream", "target="}, []string{"target=http://127.0.0.1:9200"}},
		{[]string{"sandbox", "--data", data, "--upstream", "target=127.0.0.1:9200"}, []string{"wants the URL"}},
	}
	for _, c := range cases {
		s := snapferryIn(t, Process{}, "", c.args...).wants(t, term.ExitUsage)
		for _, w := range c.want {
			if !strings.Contains(s.err, w) {
				t.Errorf("%v: no %q in %s", c.args, w, s.err)
			}
		}
		if s.out != "" {
			t.Errorf("%v: results on a usage error: %s", c.args, s.out)
		}
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("a usage error left a directory behind")
	}
}

// TestHelpSaysWhatIsMeant reads the help of every command as a newcomer does.
func TestHelpSaysWhatIsMeant(t *testing.T) {
	for _, command := range []string{"", "run", "plan", "preflight", "clean-up", "undo", "report", "sandbox", "probe", "explain"} {
		args := []string{"--help"}
		if command != "" {
			args = []string{command, "--help"}
		}
		s := snapferryIn(t, Process{}, "", args...).wants(t, term.ExitDone)
		words := strings.Join(strings.Fields(s.out), " ")
		for _, want := range []string{"--sandbox [=DIR] ", "approved by itself", "plain lines out and, on a terminal, line prompts in"} {
			if !strings.Contains(words, want) {
				t.Errorf("%s: no %q in\n%s", command, want, s.out)
			}
		}
		if m := regexp.MustCompile("`|stringArray|in the run directory\"\\]").FindString(s.out); m != "" {
			t.Errorf("%s: %q stands in the help", command, m)
		}
		for _, l := range strings.Split(s.out, "\n") {
			if len(l) > 80 {
				t.Errorf("%s: %d cells: %s", command, len(l), l)
			}
		}
	}
	for command, want := range map[string]string{"run": "--wait duration ", "undo": "--pause-timeout duration ", "probe": "--as who ", "sandbox": "Three AWS accounts", "plan": "--sandbox-pace pace "} {
		if s := snapferryIn(t, Process{}, "", command, "--help").wants(t, term.ExitDone); !strings.Contains(s.out, want) {
			t.Errorf("%s: no %q in\n%s", command, want, s.out)
		}
	}
	if root := snapferryIn(t, Process{}, "", "--help"); !strings.Contains(root.out, "Exit codes: 0 done, 1 failed") {
		t.Error("the exit codes are not in the help")
	}
}
