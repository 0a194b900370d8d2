package sandbox_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
	"snapferry/awsx/sandbox/fixture"
)

func everything(t *testing.T, s *sandbox.Sandbox) map[string]any {
	t.Helper()
	b, err := s.Everything(context.Background())
	must(t, err)
	var v map[string]any
	must(t, json.Unmarshal(b, &v))
	return v
}

// TestSnapshotMovesAnIndex walks the road by hand: index, snapshot, restore on
// the other domain of the account, with a restart between.
func TestSnapshotMovesAnIndex(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	admin, source := labelled(t, s.Info(), "source", "source")
	_, next := labelled(t, s.Info(), "source", "next")
	ask := func(host, method, path, body string, want ...string) {
		t.Helper()
		status, answer := call(t, s.Transport(), admin, host, method, path, body)
		for _, w := range append(want, "") {
			if status >= 300 || !strings.Contains(answer, w) {
				t.Fatalf("%s %s: %d without %q: %s", method, path, status, w, answer)
			}
		}
	}
	ask(source.Endpoint, "PUT", "/by-hand", `{"settings":{"number_of_shards":2,"number_of_replicas":0},"aliases":{"hand":{}}}`)
	for _, id := range []string{"1", "2", "3"} {
		ask(source.Endpoint, "PUT", "/by-hand/_doc/"+id, `{"n":`+id+`}`)
	}
	ask(source.Endpoint, "POST", "/by-hand/_refresh", "")
	prepare(t, clientsOf(admin, s.Transport()), fixture.Trusting("Service", "es.amazonaws.com", ""))
	ask(source.Endpoint, "PUT", "/_snapshot/mig", register, "true")
	ask(source.Endpoint, "PUT", "/_snapshot/mig/one", `{"indices":"by-hand","include_global_state":false}`, "true")
	ask(source.Endpoint, "GET", "/_snapshot/mig/one", "", `"state":"SUCCESS"`, `"by-hand"`)

	before := everything(t, s)
	shut(t, s)
	s = open(t, dir)
	if d := cmp.Diff(before, everything(t, s)); d != "" {
		t.Errorf("after a restart: %s", d)
	}
	readonly := strings.Replace(register, `"settings":{`, `"settings":{"readonly":true,`, 1)
	ask(next.Endpoint, "PUT", "/_snapshot/mig", readonly, "true")
	ask(next.Endpoint, "POST", "/_snapshot/mig/one/_restore", `{"indices":"by-hand","include_global_state":false}`, "accepted")
	ask(next.Endpoint, "GET", "/by-hand/_count", "", `"count":3`)
	ask(next.Endpoint, "GET", "/hand/_doc/2", "", `"n":2`)
	clusters, _ := everything(t, s)["clusters"].(map[string]any)
	if b, _ := json.Marshal(clusters["next"]); !strings.Contains(string(b), `"index":"by-hand"`) || !strings.Contains(string(b), roleARN) {
		t.Errorf("%s", b)
	}
}
