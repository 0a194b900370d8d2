//go:build unix && long

package cli

import (
	"os"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/ui/drive"
)

// TestKilledInTheRun: SIGKILL while the board is shown; the next start offers the
// run, goes on with it, and makes nothing twice.
func TestKilledInTheRun(t *testing.T) {
	home := t.TempDir()
	s := sit(t, at{width: 80, height: 24, home: home}, "--sandbox")
	s.toTheRun()
	s.Until("the snapshot under way", func(p drive.Screen) bool { return p.Says("Snapshot snapferry-") && p.Says("shards") })
	s.Kill()
	again := sit(t, at{width: 80, height: 24, home: home}, inOwnSandbox...)
	again.Wait("Go on with run")
	again.choose("Go on with run")
	again.done()
	log, err := sandbox.Requests(again.path("snapferry-run", "sandbox"))
	fine(t, err)
	made := map[string]int{}
	for _, r := range log {
		if r.Mutates && r.Status < 300 {
			made[r.Service+" "+r.Method+" "+strings.Split(r.Path, "?")[0]+" "+r.Operation]++
		}
	}
	for what, n := range made {
		if n > 1 && strings.HasPrefix(what, "es PUT /_snapshot/") && strings.Count(what, "/") > 2 {
			t.Errorf("%s: %d times", what, n)
		}
	}
	if _, err := os.Stat(again.path("snapferry-run", "report.md")); err != nil {
		t.Error(err)
	}
}
