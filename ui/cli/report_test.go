package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"snapferry/ui/term"
)

// TestReportKnowsTheWorldOfItsRun: whoever reads a report does not say --sandbox, and
// copies a command from it.
func TestReportKnowsTheWorldOfItsRun(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	run := filepath.Join(dir, "run")
	plain := snapferryIn(t, Process{}, "", "report", "--dir", run).wants(t, term.ExitDone)
	says(t, plain.out, "snapferry undo --sandbox --dir "+run, "Documents: ", "GiB in 5 shards")
	says(t, snapferryIn(t, Process{}, "", "report", "--json", "--dir", run).wants(t, term.ExitDone).out, `"sandbox":true`)

	box, elsewhere := served(t), filepath.Join(t.TempDir(), "run")
	snapferryIn(t, Process{}, "", "run", "--yes", "--file", answersFile(t, small), "--sandbox="+box, "--dir", elsewhere).wants(t, term.ExitDone)
	joined := snapferryIn(t, Process{}, "", "report", "--dir", elsewhere).wants(t, term.ExitDone)
	says(t, joined.out, "snapferry undo --sandbox=DIR --dir "+elsewhere)
	said := snapferryIn(t, Process{}, "", "report", "--sandbox="+box, "--dir", elsewhere).wants(t, term.ExitDone)
	says(t, said.out, "snapferry undo --sandbox="+box+" --dir "+elsewhere)
}

// TestNothingThereIsUsage: a directory without a run and a card for a world that
// stands already are slips of the command line, and say what to write.
func TestNothingThereIsUsage(t *testing.T) {
	for _, command := range []string{"report", "clean-up", "undo"} {
		s := snapferryIn(t, Process{}, "", command, "--dir", filepath.Join(t.TempDir(), "none")).wants(t, term.ExitUsage)
		says(t, s.err, "There is no run in", "--dir")
	}
	dir := t.TempDir()
	snapferry(t, dir, "preflight").wants(t, term.ExitDone)
	s := snapferry(t, dir, "preflight", "--fault", "trust-mismatch").wants(t, term.ExitUsage)
	if lines := strings.Split(strings.TrimSpace(s.err), "\n"); len(lines) < 2 || !strings.Contains(s.err, "--dir") {
		t.Errorf("no way out: %q", s.err)
	}
}

// TestReportOnATerminal is laid out for its width; a pipe has the Markdown, and whoever
// asks for it.
func TestReportOnATerminal(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	run := filepath.Join(dir, "run")
	show := func(args ...string) string {
		p, out, _, _ := person(t, "", true)
		p.Width = 60
		if code := Run(t.Context(), append([]string{"report", "--dir", run}, args...), p); code != term.ExitDone {
			t.Fatalf("exit code %d", code)
		}
		return out.String()
	}
	got := show()
	says(t, got, "What was moved\n--------------\n", "\nIndex          On the target  Documents  Size     Shards\n", "\n  Thing   ")
	for line := range strings.Lines(got) {
		if line = strings.TrimRight(line, "\n"); len([]rune(line)) > 60 && strings.Contains(strings.TrimSpace(line), " ") {
			t.Errorf("wider than the terminal: %q", line)
		}
	}
	if strings.Contains(got, "| --- ") || !strings.Contains(show("--format", "markdown"), "| --- ") {
		t.Errorf("the Markdown is not where it is wanted:\n%s", got)
	}
	says(t, snapferryIn(t, Process{}, "", "report", "--dir", run).wants(t, term.ExitDone).out, "| --- ")
}
