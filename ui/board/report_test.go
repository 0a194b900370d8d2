package board

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps/report"
)

func printed(lines []Line, cells int) string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Wrap(cells)...)
	}
	return strings.Join(out, "\n")
}

// TestReportForATerminal: nothing is wider than it, no figure is broken, and the columns
// of a table give way to blocks where they have no room.
func TestReportForATerminal(t *testing.T) {
	parts := []report.Part{
		{Title: "Migration run-1", Lines: []string{"The run is done."}},
		{Title: "What was moved", Head: []string{"Index", "On the target", "Documents", "Size"}, Rows: [][]string{
			{"clickstream-2026.11.13", "clickstream-2026.11.13", "1,234", "3.4 GiB"}, {"로그-1", "logs-1", "7", "12 MiB"},
		}, List: []string{"Deleted on the target: old"}},
		{Title: "Why", Head: []string{"What", "Why"}, Rows: [][]string{{"index x", "A restore that contains it is refused by the engine, whoever asks for it."}}},
	}
	wide := `Migration run-1
---------------
The run is done.

What was moved
--------------

Index                   On the target           Documents  Size
clickstream-2026.11.13  clickstream-2026.11.13  1,234      3.4 GiB
로그-1                  logs-1                  7          12 MiB

- Deleted on the target: old

Why
---

What     Why
index x  A restore that contains it is refused by the engine, whoever asks for
         it.`
	if d := cmp.Diff(wide, printed(ReportLines(parts, 80), 80)); d != "" {
		t.Error(d)
	}
	narrow := `
clickstream-2026.11.13
  Documents      1,234
  Size           3.4 GiB

로그-1
  On the target  logs-1
  Documents      7
  Size           12 MiB

- Deleted`
	got := printed(ReportLines(parts, 50), 50)
	if !strings.Contains(got, narrow) {
		t.Errorf("narrow:\n%s", got)
	}
	for _, l := range strings.Split(got, "\n") {
		if Cells(l) > 50 {
			t.Errorf("too wide: %q", l)
		}
	}
}
