package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/ui/term"
)

// TestMaskHidesIndicesAndSnapshots in everything that is printed, and leaves the
// owner's report in the run directory whole.
func TestMaskHidesIndicesAndSnapshots(t *testing.T) {
	dir := t.TempDir()
	report := func() string {
		b, err := os.ReadFile(filepath.Join(dir, "run", "report.md"))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, args := range [][]string{
		{"preflight"},
		{"plan"},
		{"run", "--yes"},
		{"report"},
		{"report", "--json"},
		{"report", "--format", "html"},
		{"run", "--yes", "--json"},
		{"clean-up", "--yes"},
		{"undo", "--yes"},
	} {
		s := snapferry(t, dir, append(args, "--mask")...).wants(t, term.ExitDone)
		for _, name := range []string{"orders-2025", "logs-000041", "products-v1", "traces-checkout", "snapferry-2026", "acme-os-migration"} {
			for _, said := range []string{s.out, s.err} {
				if at := strings.Index(said, name); at >= 0 {
					t.Errorf("%v shows %s: …%s…", args, name, said[max(0, at-80):min(len(said), at+80)])
				}
			}
		}
		if args[0] == "run" && !strings.Contains(report(), "orders-2025") {
			t.Errorf("%v wrote a masked report into the run directory", args)
		}
	}
}

// TestReportLines: --json is one object a line, the header first.
func TestReportLines(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	s := snapferry(t, dir, "report", "--json").wants(t, term.ExitDone)
	var types []string
	for _, line := range bytes.Split(bytes.TrimSpace([]byte(s.out)), []byte("\n")) {
		var o struct{ Type, Schema string }
		if err := json.Unmarshal(line, &o); err != nil || o.Schema != "snapferry/1" {
			t.Fatalf("%v: %s", err, line)
		}
		types = append(types, o.Type)
	}
	if strings.Join(types, " ") != "header report" {
		t.Errorf("lines of %v", types)
	}
	file, err := os.ReadFile(filepath.Join(dir, "run", "report.json"))
	if err != nil || bytes.Count(file, []byte("\n")) != 1 {
		t.Errorf("report.json has %d lines, %v", bytes.Count(file, []byte("\n")), err)
	}
}
