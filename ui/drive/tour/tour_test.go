//go:build unix && long

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheTourIsTrue goes through the program again: docs/tour.md shows what is to be
// seen, times, rates and how far a run was when it was looked at apart.
func TestTheTourIsTrue(t *testing.T) {
	kept, err := os.ReadFile(filepath.Join("../../..", page))
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	now := capture(t, build(t, "../../..", work), work)
	if d := cmp.Diff(masked(string(kept)), masked(now)); d != "" {
		t.Errorf("the tour is not true any more (go run ./ui/drive/tour): %s", d)
	}
}

// masked takes out what no two runs have in common: the board of a run from its
// first line to its last, times, run ids, and how wide those made their columns; and what
// a list tells of a domain, which has its health only where that is told in time.
func masked(text string) []string {
	text = regexp.MustCompile(`(?s)(## Run\n.*?Step )(.*?)(\n─+\np pause)`).ReplaceAllString(text, "$1…$3")
	text = regexp.MustCompile(`((?:OpenSearch|Elasticsearch) \d+\.\d+), .*room for.*`).ReplaceAllString(text, "$1, …")
	text = regexp.MustCompile(`\d{4}-\d\d-\d\d-[0-9a-f]{6}`).ReplaceAllString(text, "RUN")
	text = regexp.MustCompile(`\d+(\.\d+)? (ms|s|min|[KMG]iB/s)\b|snapshot UUID \S{22}|\d\d:\d\d:\d\d|snapferry-\d{8}|\d{4}\.\d\d\.\d\d|[━·]{3}[▶·]`).ReplaceAllString(text, "TIME")
	text = regexp.MustCompile(`(?m) {2,}`).ReplaceAllString(text, "  ")
	return strings.Split(text, "\n")
}
