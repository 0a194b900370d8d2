package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unsafe"

	"snapferry/awsx/network"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
)

// TestTheCallLogHoldsNoSecretPath: whoever knows the path a task gets its keys
// from gets them, too.
func TestTheCallLogHoldsNoSecretPath(t *testing.T) {
	dir := t.TempDir()
	var also strings.Builder
	l := &callLog{also: func(s string) { also.WriteString(s + "\n") }}
	if err := l.open(dir); err != nil {
		t.Fatal(err)
	}
	l.call(network.Call{Method: "GET", Host: "169.254.170.2", Path: "/v2/credentials/0a1b-guid", Err: "GET /v2/credentials/0a1b-guid: refused"})
	l.call(network.Call{Method: "GET", Host: "search-x", Path: "/_cat/indices"})
	l.close()
	b, err := os.ReadFile(filepath.Join(dir, callsName))
	for _, got := range []string{string(b), also.String()} {
		if err != nil || strings.Contains(got, "guid") || !strings.Contains(got, "/v2/credentials/") || !strings.Contains(got, "/_cat/indices") {
			t.Errorf("%s, %v", got, err)
		}
	}
}

// TestTheCallLogHoldsNoAddress: of an address that names hundreds of indices a call
// keeps no more than is shown.
func TestTheCallLogHoldsNoAddress(t *testing.T) {
	address := "search-x/" + strings.Repeat("index,", 700)
	host, path, _ := strings.Cut(address, "/")
	l := &callLog{}
	l.call(network.Call{Host: host, Path: path})
	if c := l.last(1)[0]; c.Host != host || unsafe.StringData(c.Host) == unsafe.StringData(host) || len(c.Path) > 2*longestPath {
		t.Errorf("it holds on to %d characters of %s", len(c.Path), c.Host)
	}
}

// TestConnectionsDoNotPileUp while answers change: every view hangs up the one
// before, and the end the last.
func TestConnectionsDoNotPileUp(t *testing.T) {
	p := withPassword(nil)
	p.dir, p.Now = t.TempDir(), time.Now
	for i, region := range []string{"eu-west-1", "eu-west-2", "us-east-1"} {
		d := &spec.Draft{}
		_ = d.Set("source.region", region)
		before := p.hangUp
		closed := false
		if before != nil {
			p.hangUp = func() { closed = true; before() }
		}
		if err := p.view(t.Context(), ask.New(d, p.began())); err != nil {
			t.Fatal(err)
		}
		if len(p.closers) != 2 || closed != (i > 0) { // the log of calls, and one network
			t.Errorf("%d closers, the former closed: %v", len(p.closers), closed)
		}
	}
	last := false
	p.hangUp = func() { last = true }
	if p.close(); !last {
		t.Error("the last stays open")
	}
}
