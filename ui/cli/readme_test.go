package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"snapferry/ui/term"
)

// TestTheReadmeShowsWhatIsPrinted: what of the README's example is the same on every
// machine and every day is what a first run prints.
func TestTheReadmeShowsWhatIsPrinted(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	printed := snapferry(t, t.TempDir(), "run", "--yes").wants(t, term.ExitDone)
	for _, begin := range []string{"Preflight   ", "Plan   ", "+ create  bucket "} {
		line := regexp.MustCompile(`(?m)^ {4}` + regexp.QuoteMeta(begin) + `.*$`).FindString(string(page))
		if line == "" || !strings.Contains(printed.out, "\n"+strings.TrimSpace(line)+"\n") {
			t.Errorf("the README shows %q, and the run prints:\n%s", line, printed.out)
		}
	}
}

// TestTheReadmeTypesWhatThereIs: every line of the README that starts us is a
// command with flags that exist, and every answers file in it is one.
func TestTheReadmeTypesWhatThereIs(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	lines := regexp.MustCompile(`(?m)^ {4}(?:eval "\$\()?(?:snapferry|go run \.)((?: [^ #\n<>"$]+| '[^']*')*)`).FindAllStringSubmatch(page, -1)
	if len(lines) < 12 {
		t.Fatalf("only %d lines start us", len(lines))
	}
	for _, l := range lines {
		var args []string
		for _, w := range regexp.MustCompile(`'[^']*'|[^ ]+`).FindAllString(l[1], -1) {
			args = append(args, strings.Trim(w, `')`))
		}
		a := &app{Process: Process{Streams: term.Pipes(strings.NewReader(""), &strings.Builder{}, &strings.Builder{}, nil)}}
		c, rest, err := a.root().Find(args)
		if err == nil {
			err = c.ParseFlags(rest)
		}
		if err == nil {
			err = a.globals.check()
		}
		if err != nil {
			t.Errorf("%q: %v", l[1], err)
		}
	}
	files := regexp.MustCompile(`(?m)^ {4}# \w+\.yaml\n(?: {4}.*\n)+`).FindAllString(page, -1)
	if len(files) != 2 {
		t.Fatalf("%d answers files", len(files))
	}
	for _, f := range files {
		file := answersFile(t, regexp.MustCompile(`(?m)^ {4}`).ReplaceAllString(f, ""))
		d, err := (&app{globals: globals{file: file}}).answers()
		if err != nil {
			t.Fatalf("%v\n%s", err, f)
		}
		if _, wrong := d.Build(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)); len(wrong) > 0 {
			t.Errorf("%v\n%s", wrong[0], f)
		}
	}
	for _, said := range regexp.MustCompile(`(?m)^ {4}--sandbox-access (\S+)`).FindAllStringSubmatch(page, -1) {
		if _, err := accessKinds(strings.Split(said[1], ",")); err != nil {
			t.Error(err)
		}
	}
}
