package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"snapferry/steps"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/term"
)

// TestOnABastionOfTheSandbox: whoever says that he is on one is led by enter alone to
// where somebody else has to act, with what such a host has: its own role, and the domains.
func TestOnABastionOfTheSandbox(t *testing.T) {
	dir := t.TempDir()
	p, _, errOut, signals := person(t, "4\n"+strings.Repeat("\n", 60), true)
	out := &trigger{words: "waiting for", do: func() { signals <- os.Interrupt; signals <- os.Interrupt }}
	p.Out = out
	if code := Run(context.Background(), sandboxArgs(dir), p); code != term.ExitInterrupted {
		t.Errorf("exit code %d", code)
	}
	says(t, errOut.String(), "You are arn:aws:iam::111111111111:role/bastion, by the instance role", "go on with: snapferry run --sandbox", "The target domain is OpenSearch 3.4.0")
	says(t, out.String(), "\nPreflight ", "source-mapping", `"arn:aws:iam::111111111111:role/bastion"`, "rolesmapping/manage_snapshots", "paused: ")
	if strings.Contains(out.String(), "BLOCK") {
		t.Errorf("something is in the way:\n%s", out)
	}
	b, err := os.ReadFile(filepath.Join(dir, "run", answersName))
	if err != nil || strings.Contains(string(b), "base: profile") || !strings.Contains(string(b), "base: instance") {
		t.Errorf("%v\n%s", err, b)
	}
	if got := mutations(t, dir); len(got) > 0 {
		t.Errorf("something was changed: %v", got)
	}
}

// TestWhoSignsOnABastion is what the host has; a machine's role is of one account only.
func TestWhoSignsOnABastion(t *testing.T) {
	for name, c := range map[string]struct {
		keys, task, profiles bool
		shape, source        string
		want, target         string
	}{
		"nothing is known":        {want: "instance", source: "instance", target: "keys"},
		"profiles":                {profiles: true, want: "instance", source: "instance", target: "profile"},
		"a task":                  {task: true, want: "task", source: "task", target: "keys"},
		"keys":                    {keys: true, want: "environment", source: "environment", target: "instance"},
		"a task with keys":        {task: true, keys: true, want: "task", source: "task", target: "environment"},
		"a profile was chosen":    {task: true, profiles: true, want: "task", source: "profile", target: "task"},
		"inside one account":      {shape: "same-account", want: "instance", source: "instance", target: "instance"},
		"a task, in one account":  {shape: "same-account", task: true, want: "task", source: "task", target: "task"},
		"beside the originals":    {shape: "same-domain", want: "instance", source: "instance", target: "instance"},
		"an instance, of another": {task: true, want: "task", source: "instance", target: "keys"},
	} {
		a := ask.New(draft(t, "source.signer.base", c.source, "shape", c.shape), time.Now())
		if got := hostSigner(a, steps.Source, c.keys, c.task, c.profiles); got != c.want {
			t.Errorf("%s: %s, wants %s", name, got, c.want)
		}
		if got := hostSigner(a, steps.Target, c.keys, c.task, c.profiles); got != c.target {
			t.Errorf("%s, the target: %s, wants %s", name, got, c.target)
		}
	}
}

func draft(t *testing.T, answers ...string) *spec.Draft {
	t.Helper()
	d := &spec.Draft{}
	for i := 0; i < len(answers); i += 2 {
		if answers[i+1] == "" {
			continue
		}
		if err := d.Set(spec.Key(answers[i]), answers[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return d
}
