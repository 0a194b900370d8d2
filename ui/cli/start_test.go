package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/ui/term"
)

// small is the sandbox's own migration with a tenth of what there is: as many
// steps, and nothing to wait for.
var small = `source:
  account: "111111111111"
  region: eu-west-1
  domain: logs-prod
  control:
    profile: source
target:
  account: "222222222222"
  domain: logs-prod
  control:
    profile: target
  mapper:
    base: password
    user: master
bucket:
  name: acme-os-migration
  kms_key: ` + sandbox.CustomerKey.String() + `
move:
  indices: ["audit-*"]
`

// moved has everything small says moved in dir.
func moved(t *testing.T, dir string) start {
	t.Helper()
	return snapferry(t, dir, "run", "--yes", "--file", answersFile(t, small)).wants(t, term.ExitDone)
}

// start is one start of the program in a test.
type start struct {
	code     int
	out, err string
}

// snapferry runs the program in dir with the sandbox of dir at no pace.
func snapferry(t *testing.T, dir string, args ...string) start {
	t.Helper()
	return snapferryIn(t, Process{}, "", append(args, "--sandbox", "--sandbox-pace", "instant", "--dir", filepath.Join(dir, "run"))...)
}

func snapferryIn(t testing.TB, p Process, in string, args ...string) start {
	t.Helper()
	var out, errOut bytes.Buffer
	signals := p.Signals
	p.Streams = term.Pipes(strings.NewReader(in), &out, &errOut, nil)
	p.Signals = signals
	code := Run(context.Background(), args, p)
	return start{code, out.String(), errOut.String()}
}

// fine ends a test where its own doings failed.
func fine(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wants fails the test unless the start ended with the code.
func (s start) wants(t *testing.T, code int) start {
	t.Helper()
	if s.code != code {
		t.Fatalf("exit code %d, wants %d\n%s\n%s", s.code, code, s.out, s.err)
	}
	return s
}

// mutations lists what changed something in the sandbox of dir so far.
func mutations(t *testing.T, dir string) []string {
	t.Helper()
	log := requests(t, dir)
	var list []string
	for _, r := range log {
		if r.Mutates {
			list = append(list, r.Service+" "+r.Method+" "+r.Path+" "+r.Operation)
		}
	}
	return list
}

// requests are what the sandbox of dir was asked.
func requests(t *testing.T, dir string) []sandbox.Request {
	t.Helper()
	log, err := sandbox.Requests(filepath.Join(dir, "run", "sandbox"))
	if err != nil {
		t.Fatal(err)
	}
	if len(log) == 0 {
		t.Fatal("the request log is empty: nothing could be proven with it")
	}
	return log
}

// everything is the whole state of the sandbox of dir: accounts, buckets and
// their objects, domains and what is in them.
func everything(t *testing.T, dir string) map[string]any {
	t.Helper()
	s, err := sandbox.Open(context.Background(), sandbox.Options{Dir: filepath.Join(dir, "run", "sandbox"), Pace: sandbox.PaceInstant})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(context.Background())
	b, err := s.Everything(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// drop takes a part out of a state and says whether it was there.
func drop(state map[string]any, path ...string) bool {
	last := len(path) - 1
	for _, p := range path[:last] {
		state, _ = state[p].(map[string]any)
	}
	_, ok := state[path[last]]
	delete(state, path[last])
	return ok
}
