package cli

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"snapferry/steps/diagnose"
	"snapferry/steps/migrate"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
	"snapferry/ui/board"
)

var update = flag.Bool("update", false, "write the generated files instead of comparing them")

// TestDocs keeps the generated pages equal to the catalogues.
func TestDocs(t *testing.T) {
	for name, body := range map[string][]byte{"checks.md": checksPage(), "errors.md": errorsPage(), "answers.md": answersPage()} {
		path := filepath.Join(root, "docs", name)
		if *update {
			if err := os.WriteFile(path, body, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := gocmp.Diff(string(body), string(got)); d != "" {
			t.Errorf("docs/%s is not what the code says (go test ./ui/cli -run TestDocs -update): %s", name, d)
		}
	}
}

func checksPage() []byte {
	var b bytes.Buffer
	b.WriteString("# Checks\n\nGenerated from the catalogue. An id never changes its meaning. What could not be asked is *unknown*, never passed.\n" +
		"Where a check does not hold, **block** stops the run, **warn** and **info** tell. What the plan puts right is only told, whatever stands here; a\n" +
		"warning of weight (a bucket that everybody can read) stops a run until it is accepted: `--accept bucket-private`.\n")
	family := ""
	for _, c := range preflight.All() {
		i := c.Info()
		if string(i.Family) != family {
			family = string(i.Family)
			fmt.Fprintf(&b, "\n## %s\n", strings.ToUpper(family[:1])+family[1:])
		}
		fmt.Fprintf(&b, "\n### %s\n\nShould be true: %s. Where it is not: **%s**.\n\n%s\n", i.ID, i.Statement, i.Severity, i.Why)
	}
	return b.Bytes()
}

func errorsPage() []byte {
	var b bytes.Buffer
	b.WriteString("# Errors and what they mean\n\nGenerated from the catalogue of the decoder. An error is recognised by its fixed words, in any letter case, anywhere in its chain of causes.\n" +
		"The layer is the part of AWS or of the engine that refused, and behind *Refused* stands whom. Causes stand in order, the likeliest first. Words in capitals stand for names of yours.\n" +
		"`snapferry explain` reads an error and puts in the names that stand in it; with `--confirm` it looks at the world, as said here, for which cause it is.\n")
	for _, e := range diagnose.Catalogue() {
		heading := strings.Join(e.Words, "` … `")
		if e.Whole {
			heading = strings.Join(e.Words, "`, `")
		}
		fmt.Fprintf(&b, "\n## `%s`\n\n", heading)
		if e.Whole {
			b.WriteString("Where that is all there is. ")
		}
		fmt.Fprintf(&b, "Layer: %s.", cmp.Or(e.Layer, "not said"))
		if e.Refused != "" {
			fmt.Fprintf(&b, " Refused: %s.", e.Refused)
		}
		b.WriteString("\n\n")
		for n, c := range e.Causes {
			fmt.Fprintf(&b, "%d. **%s** %s.", n+1, c.ID, c.Summary)
			if !c.Confirm.IsZero() {
				fmt.Fprintf(&b, " *Confirm:* %s.", c.Confirm)
			}
			var by []string
			if slices.Contains(preflight.Closer(), c.ID) {
				by = append(by, "a look at what the error names")
			}
			for _, id := range diagnose.ConfirmedBy(c.ID) {
				by = append(by, fmt.Sprintf("[%s](checks.md#%s)", id, id))
			}
			if len(by) > 0 {
				fmt.Fprintf(&b, " *With `--confirm`:* %s.", strings.Join(by, ", "))
			}
			fmt.Fprintf(&b, " *Fix:* %s.\n", c.Fix)
			for _, block := range []string{c.Command, c.Diff} {
				if block != "" {
					fmt.Fprintf(&b, "\n   ```\n%s\n   ```\n", strings.Join(board.Indent(block, "   "), "\n"))
				}
			}
		}
	}
	return b.Bytes()
}

func answersPage() []byte {
	var b bytes.Buffer
	b.WriteString("# Answers\n\nGenerated from the questions. Every answer of an answers file, by its place in it: `source.control.profile` is `profile:` below `control:` below\n" +
		"`source:`. Nearly all may be left out. None may ever hold a secret.\n")
	for _, q := range spec.Questions() {
		fmt.Fprintf(&b, "\n## %s\n\n", q.Name)
		if q.Form != spec.Group {
			fmt.Fprintf(&b, "%s.\n", strings.ToUpper(q.Help[:1])+q.Help[1:])
			continue
		}
		fmt.Fprintf(&b, "%s\n\n| answer | says |\n| --- | --- |\n", q.Help)
		answerRows(&b, q.Name, q.Fields)
	}
	return b.Bytes()
}

func answerRows(b *bytes.Buffer, at string, fields []spec.Question) {
	for _, q := range fields {
		name, help := at+"."+q.Name, strings.ReplaceAll(q.Help, "|", "\\|")
		switch q.Form {
		case spec.Chain:
			name, help = name+"[]", help+" (a list)"
		case spec.List:
			help += " (a list)"
		case spec.Tags:
			name += ".NAME"
		}
		fmt.Fprintf(b, "| `%s` | %s |\n", name, help)
		answerRows(b, name, q.Fields)
	}
}

// TestEveryAnswerIsExplained: a name alone is no documentation.
func TestEveryAnswerIsExplained(t *testing.T) {
	var look func(at string, fields []spec.Question)
	look = func(at string, fields []spec.Question) {
		for _, q := range fields {
			if q.Help == "" {
				t.Errorf("%s%s says nothing", at, q.Name)
			}
			look(at+q.Name+".", q.Fields)
		}
	}
	look("", spec.Questions())
}

// TestTheReadmesAnswersAreAnswers reads the answers files of the README.
func TestTheReadmesAnswersAreAnswers(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, block := range regexp.MustCompile(`(?m)^ {4}# \S+\.yaml\n((?: {4}.*\n)+)`).FindAllStringSubmatch(string(page), -1) {
		d, errs := spec.ReadAnswers([]byte(regexp.MustCompile(`(?m)^ {4}`).ReplaceAllString(block[1], "")))
		if len(errs) == 0 {
			_, errs = d.Build(time.Now())
		}
		for _, e := range errs {
			t.Errorf("%s: %s (%s)", e.Field, e.Summary, strings.SplitN(block[1], "\n", 2)[0])
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d answers files found, wants 2", n)
	}
}

func TestEveryCheckIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range preflight.All() {
		i := c.Info()
		if i.ID == "" || i.Family == "" || i.Statement.IsZero() || i.Severity == "" || i.Why.IsZero() {
			t.Errorf("%+v lacks a part", i)
		}
		if seen[string(i.ID)] {
			t.Errorf("the id %s is used twice", i.ID)
		}
		seen[string(i.ID)] = true
	}
}

// TestEveryStepIsDocumented wants a heading in docs/steps.md for every step.
func TestEveryStepIsDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "steps.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, shape := range []spec.Shape{spec.ShapeSameAccount, spec.ShapeSameDomain} {
		for _, s := range migrate.Catalogue(&spec.Spec{Shape: shape}, nil) {
			if id := s.Info().ID; !bytes.Contains(page, []byte("\n## "+string(id)+"\n")) {
				t.Errorf("docs/steps.md has no section %s", id)
			}
		}
	}
}
