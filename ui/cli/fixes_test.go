package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"snapferry/steps/migrate"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
)

// TestFixesAreDocumented: the page about fixes has every card with the check that
// names it and the step or answer that puts it right, and names nothing that there
// is not.
func TestFixesAreDocumented(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(root, "docs", "fixes.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	for _, h := range handledCards {
		_, row, found := strings.Cut(page, "\n| `"+h.card+"` | ")
		row, _, _ = strings.Cut(row, "\n")
		if !found || !strings.HasPrefix(row, "`"+string(h.check)+"`") || h.step != "" && !strings.Contains(row, "`"+string(h.step)+"`") || strings.Contains(row, "an answer") != h.fixed && h.answers == "" && h.step != "" {
			t.Errorf("%s: %q", h.card, row)
		}
	}
	var known []string
	for _, c := range preflight.All() {
		known = append(known, string(c.Info().ID))
	}
	for _, s := range migrate.Catalogue(&spec.Spec{Shape: spec.ShapeTwoAccounts}, nil) {
		known = append(known, string(s.Info().ID))
	}
	for _, f := range faultCards() {
		known = append(known, f.ID)
	}
	for _, word := range regexp.MustCompile("`([a-z]+(?:-[a-z]+)+)`").FindAllStringSubmatch(page, -1) {
		if !slices.Contains(known, word[1]) {
			t.Errorf("%s is no check, step or card", word[1])
		}
	}
	d := &spec.Draft{}
	for _, word := range regexp.MustCompile("`((?:source|target)\\.[a-z_]+\\.[a-z_]+)`").FindAllStringSubmatch(page, -1) {
		if e := d.Set(spec.Key(word[1]), "x"); e != nil {
			t.Error(e)
		}
	}
}
