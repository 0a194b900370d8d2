//go:build unix && realengine

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
)

// TestRealOnScreen moves from a real 3.4.0 to a real 3.4.0, both with the security
// plugin deciding, by keys alone: the answers of a file, the master's password
// typed where it is asked, the plan approved by the account's id.
func TestRealOnScreen(t *testing.T) {
	g := newGuardedRoad(t, "3.4.0", "3.4.0", map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster}, true)
	indices := []string{"logs-000001", "logs-000002"}
	fill(t, g.source, indices[0], 1200, 3, 200)
	fill(t, g.source, indices[1], 501, 1, 2000)
	home := t.TempDir()
	file := filepath.Join(home, "mine.yaml")
	fine(t, os.WriteFile(file, []byte(g.answers(t)), 0o600))
	s := sit(t, at{width: 100, height: 32, home: home}, "--sandbox="+filepath.Join(g.dir, "box"), "--file", file)
	for range 80 {
		p := s.idle()
		if strings.Contains(title(p), "Plan") {
			break
		}
		if asked(p) == "Its password" {
			s.Type(g.security("target").MasterPassword)
			s.Wait("▸ typed, hidden")
		}
		s.on("enter")
	}
	s.Wait("enter approve")
	s.approve(string(g.account(t, "target").ID))
	report := s.reported()
	says(t, report.String(), "moved and proven")
	says(t, s.read("snapferry-run", "report.md"), "1,701")
	for _, i := range indices {
		wantN, want := digest(t, g.source, i)
		if gotN, got := digest(t, g.target, i); gotN != wantN || got != want {
			t.Errorf("%s: %d documents, the source has %d", i, gotN, wantN)
		}
	}
	if where := anyOf(t, home, g.security("target").MasterPassword); len(where) > 0 {
		t.Errorf("the password is in %v", where)
	}
}
