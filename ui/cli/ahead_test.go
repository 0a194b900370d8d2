package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/ui/term"
)

// printed is a call as it is told: method, body, address. Calls behind a # are for
// domains that answer otherwise.
var printed = regexp.MustCompile(`(?ms)^curl -sS -X (\w+) .*?--data-binary '(.*?)' '(https://[^']+)'`)

// told is what a run in dir told somebody else to do, zero where it told nothing.
func told(t *testing.T, dir string) (do steps.Instruction) {
	t.Helper()
	run := app{globals: globals{dir: dir}}
	err := run.replay(func(r steps.Record) error {
		if w, ok := r.Event.(steps.Waiting); ok && w.Instruction != nil {
			do = *w.Instruction
		}
		return nil
	})
	if !errors.Is(err, fs.ErrNotExist) {
		fine(t, err)
	}
	return do
}

// asMaster makes the calls that a run in dir told somebody else to make, as the
// internal master of a sandbox's domain.
func asMaster(t *testing.T, s *sandbox.Sandbox, dir, label string) {
	t.Helper()
	password := ""
	for _, d := range s.Info().Domains {
		if d.Label == label {
			password = d.MasterPassword
		}
	}
	calls := printed.FindAllStringSubmatch(told(t, dir).Curl, -1)
	for _, c := range calls {
		method, body := c[1], c[2]
		if method == http.MethodPatch { // what is told for where nobody is mapped yet
			method, body = http.MethodPut, `{"users":["arn:aws:iam::111122223333:user/nobody"]}`
		}
		callAsMaster(t, s, method, c[3], body, password)
		if c[1] == http.MethodPatch {
			callAsMaster(t, s, c[1], c[3], c[2], password)
		}
	}
	if len(calls) != 3 {
		t.Fatalf("%d calls are told: %s", len(calls), told(t, dir).Curl)
	}
}

// callAsMaster makes one call that has to succeed.
func callAsMaster(t *testing.T, s *sandbox.Sandbox, method, url, body, password string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	fine(t, err)
	req.SetBasicAuth(practiceMaster, password)
	req.Header.Set("Content-Type", "application/json")
	answer, err := s.Transport().RoundTrip(req)
	fine(t, err)
	defer answer.Body.Close()
	if said, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s %v", method, url, answer.StatusCode, said, err)
	}
}

// TestNobodyMapsHere: what somebody else has to do before anything can be planned
// stops no run. It is told, waited for, and seen; and clean-up leaves it.
func TestNobodyMapsHere(t *testing.T) {
	for side, other := range map[string]string{"source": "target", "target": "source"} {
		t.Run(side, func(t *testing.T) {
			dir := t.TempDir()
			answers := twoAccounts + "    base: none\n"
			if side == "source" {
				answers = strings.Replace(twoAccounts, "bucket:", "  mapper:\n    base: none\nbucket:", 1) + "    base: profile\n    profile: target\n"
			}
			file := []string{"--file", answersFile(t, answers), "--sandbox-access", side + "=internal-master", "--sandbox-access", other + "=iam-master"}
			looked := snapferry(t, dir, append([]string{"preflight"}, file...)...).wants(t, term.ExitDone)
			says(t, looked.out, "warn    "+side+"-signer-mapped", "nobody here may map it", "name who does under "+side+".mapper", "\n                  curl -sS -X PATCH")
			unplanned := snapferry(t, dir, append([]string{"plan"}, file...)...).wants(t, term.ExitFailed)
			says(t, unplanned.err, "           Have somebody who may edit its role mappings run these lines", "\n           curl -sS -X PATCH", "\n             {\n")
			s := snapferry(t, dir, append([]string{"run", "--yes"}, file...)...).wants(t, term.ExitWaiting)
			says(t, s.out, side+"-mapping     waiting for: somebody who may change the role-mapping", "this would do it; hand it to", "waiting for the other side")
			says(t, s.err, "Step "+side+"-mapping waits for somebody who may change the role-mapping", "then run again")
			if got := mutations(t, dir); len(got) > 0 {
				t.Errorf("something was changed before there was a plan: %v", got)
			}
			box, err := sandbox.Open(context.Background(), sandbox.Options{Dir: filepath.Join(dir, "run", "sandbox"), Pace: sandbox.PaceInstant})
			fine(t, err)
			asMaster(t, box, filepath.Join(dir, "run"), side)
			fine(t, box.Close(context.Background()))
			s = snapferry(t, dir, append([]string{"run", "--yes"}, file...)...).wants(t, term.ExitDone)
			says(t, s.out, "verify             done:")
			s = snapferry(t, dir, "clean-up", "--yes").wants(t, term.ExitDone)
			if strings.Contains(s.out, "observer") {
				t.Errorf("what somebody else did is taken back:\n%s", s.out)
			}
		})
	}
}

// TestSomebodyMapsMeanwhile: as soon as he has, everything is checked with what is
// seen now, and then there is a plan.
func TestSomebodyMapsMeanwhile(t *testing.T) {
	dir := t.TempDir()
	box, err := sandbox.Open(context.Background(), sandbox.Options{
		Dir: filepath.Join(dir, "box"), Pace: sandbox.PaceInstant,
		Access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster},
	})
	fine(t, err)
	defer box.Close(context.Background())
	run := filepath.Join(dir, "run")
	var once sync.Once
	p := Process{Call: func(what string) {
		if strings.HasSuffix(what, "/authinfo") && told(t, run).Curl != "" {
			once.Do(func() { asMaster(t, box, run, "target") })
		}
	}}
	s := snapferryIn(t, p, "", "run", "--yes", "--wait", "1m", "--sandbox="+filepath.Join(dir, "box"), "--dir", run, "--file", answersFile(t, twoAccounts+"    base: none\n")).wants(t, term.ExitDone)
	if n := strings.Count(s.out, "Preflight   "); n != 2 {
		t.Errorf("checked %d times", n)
	}
	says(t, s.out, "target-mapping     waiting for: somebody", "verify             done:")
	if strings.Index(s.out, "target-mapping     waiting for") > strings.Index(s.out, "In short") {
		t.Errorf("told after the plan:\n%s", s.out)
	}
}
