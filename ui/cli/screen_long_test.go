//go:build unix && long

package cli

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/ui/drive"
	"snapferry/ui/term"
)

// underWay goes on until the snapshot is being taken, at the pace one can watch.
func underWay(t *testing.T, o at) *sitting {
	t.Helper()
	s := sit(t, o, "--sandbox")
	s.planned()
	s.approve(targetAccount)
	s.Until("the snapshot under way", func(p drive.Screen) bool {
		return strings.Contains(title(p), "Run") && p.Says("Snapshot snapferry-") && p.Says(" shards ") && p.Says("%")
	})
	return s
}

// goneOn starts again at no pace, chooses the run that is there, and ends it.
func (s *sitting) goneOn() {
	s.t.Helper()
	again := sit(s.t, at{width: 80, height: 24, home: s.home}, inOwnSandbox...)
	again.Wait("Go on with run")
	for range 8 {
		if p := again.idle(); strings.HasPrefix(strings.TrimLeft(p.Row("Go on with run"), " "), "▸") {
			break
		}
		again.on("down")
	}
	again.done()
	log, err := sandbox.Requests(s.path("snapferry-run", "sandbox"))
	fine(s.t, err)
	made := 0
	for _, r := range log {
		if r.Mutates && r.Method == "PUT" && strings.HasPrefix(r.Path, "/_snapshot/snapferry/snapferry-") {
			made++
		}
	}
	if made != 1 {
		s.t.Errorf("the snapshot was made %d times", made)
	}
	says(s.t, s.read("snapferry-run", "report.md"), "49 indices")
}

// TestKilledInTheRun: SIGKILL while the board is shown; the next start offers the
// run, goes on with it, and makes nothing twice.
func TestKilledInTheRun(t *testing.T) {
	s := underWay(t, at{width: 80, height: 24})
	s.Kill()
	s.goneOn()
}

// TestStoppedInTheRun: ctrl+c once stops at a safe point, twice gives up what is
// under way; both say how to go on, and nothing is lost.
func TestStoppedInTheRun(t *testing.T) {
	for _, times := range []int{2, 1} {
		s := underWay(t, at{width: 80, height: 24})
		for range times {
			s.Press("ctrl+c")
		}
		s.Until("the report", func(p drive.Screen) bool { return strings.Contains(title(p), "Report") })
		s.Press("enter")
		s.ends(term.ExitInterrupted)
		says(t, s.Screen().String(), "Nothing is lost", "snapferry run --sandbox")
		s.goneOn()
	}
}

// TestGoneOnFromTheReport: a run that was stopped goes on where one is told so, with
// nothing to approve again.
func TestGoneOnFromTheReport(t *testing.T) {
	s := underWay(t, at{width: 80, height: 24})
	s.Press("ctrl+c")
	s.Until("the report", func(p drive.Screen) bool { return strings.Contains(title(p), "Report") && p.Says("Stopped at ") })
	s.Press("r")
	s.Until("what is left", func(p drive.Screen) bool { return strings.Contains(title(p), "Plan") && p.Says("approved already") })
	s.Press("enter")
	s.Until("the restore", func(p drive.Screen) bool { return strings.Contains(title(p), "Run") && p.Says("Restore on the target") })
	s.Until("the report of all", func(p drive.Screen) bool { return p.Says("moved and proven") })
	s.Press("enter")
	s.ends(term.ExitDone)
}

// TestHungUp: a terminal that is closed, or somebody's SIGTERM, stops as the first
// ctrl+c does, and ends the program then.
func TestHungUp(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		s := underWay(t, at{width: 80, height: 24})
		s.Signal(signal)
		s.ends(term.ExitInterrupted)
		says(t, s.Screen().String(), "Nothing is lost", "snapferry run --sandbox")
	}
	s := sit(t, at{width: 80, height: 24}, inOwnSandbox...)
	s.goTo("Domains")
	s.Signal(syscall.SIGTERM)
	s.ends(term.ExitInterrupted)
}

// TestPutAside: ctrl+z gives the shell back, fg the screen; the run goes on.
func TestPutAside(t *testing.T) {
	s := sit(t, at{width: 80, height: 24, shell: true})
	s.Wait("ready>")
	s.Type("snapferry --sandbox\r")
	s.planned()
	s.approve(targetAccount)
	s.Until("the board", func(p drive.Screen) bool { return strings.Contains(title(p), "Run") && p.Says("%") })
	for range 3 {
		s.Press("ctrl+z")
		s.Until("the shell", func(p drive.Screen) bool { return !p.Full && strings.HasSuffix(p.String(), "ready>") })
		s.Type("echo still $((40 + 2))\r")
		s.Wait("still 42")
		s.Type("fg\r")
		s.Until("the board again", func(p drive.Screen) bool { return p.Full && strings.Contains(title(p), "Run") && unframed(p) == "" })
	}
	s.Until("the report", func(p drive.Screen) bool { return strings.Contains(title(p), "Report") })
	s.Press("enter")
	s.Wait("report.md", "ready>")
	s.Type("echo code $?\r")
	s.Wait("code 0")
}
