package memory_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox/memory"
)

// look is everything a client can see of a cluster, by call.
func (w *world) look() map[string]string {
	w.t.Helper()
	out := map[string]string{}
	for _, call := range []string{
		"GET /", "GET /_all?expand_wildcards=all", "GET /_alias", "GET /_snapshot", "GET /_snapshot/_status", "GET /_recovery", "GET /_stats?level=shards", "GET /_cluster/health?level=indices",
		"GET /_cluster/settings", "GET /_template", "GET /_index_template", "GET /_component_template", "GET /_ingest/pipeline", "GET /_data_stream", "GET /_nodes", "GET /_cat/shards?v",
		"GET /_search?size=1000&sort=_id&version&seq_no_primary_term&expand_wildcards=all&allow_partial_search_results=true", "GET /_cat/allocation?bytes=b",
	} {
		a := w.do(call)
		out[call] = a.raw
	}
	return out
}

func (w *world) same(when string, before map[string]string) {
	w.t.Helper()
	for call, after := range w.look() {
		if before[call] != after {
			w.t.Errorf("%s: %s\nbefore %.400s\nafter  %.400s", when, call, before[call], after)
		}
	}
}

// TestKilledAtAnyTime: whatever was answered before a kill is so after it.
func TestKilledAtAnyTime(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := start(t, v, slow)
		stream := `,"data_stream":{}`
		if v == "7.10.2" {
			stream = ""
		}
		for _, s := range []step{
			{"PUT /_component_template/c", `{"template":{"settings":{"number_of_replicas":0}}}`, 0, ``},
			{"PUT /_index_template/t", `{"index_patterns":["traces*"],"composed_of":["c"]` + stream + `}`, 0, ``},
			{"PUT /_template/old", `{"index_patterns":["old*"]}`, 0, ``},
			{"PUT /_ingest/pipeline/p", `{"processors":[]}`, 0, ``},
			{"PUT /a", `{"settings":{"number_of_shards":2,"number_of_replicas":0},"aliases":{"x":{"is_write_index":true}}}`, 0, ``},
			{"POST /_bulk", "{\"index\":{\"_index\":\"a\",\"_id\":\"1\"}}\n{\"n\":1}\n{\"index\":{\"_index\":\"a\",\"_id\":\"2\",\"routing\":\"r\"}}\n{\"n\":2,\"html\":\"<&>\"}\n", 0, ``},
			{"DELETE /a/_doc/1", "", 0, ``},
			{"PUT /a/_settings", `{"refresh_interval":"7s"}`, 0, ``},
			{"PUT /a/_mapping", `{"properties":{"k":{"type":"keyword"}}}`, 0, ``},
			{"POST /traces/_doc?op_type=create", `{"@timestamp":"2026-11-22T00:00:00Z"}`, 201, ``},
			{"PUT /gone", "", 0, ``},
			{"DELETE /gone", "", 0, ``},
			{"PUT /shut", "", 0, ``},
			{"POST /shut/_close", "", 0, ``},
			{"PUT /_cluster/settings", `{"persistent":{"cluster.max_shards_per_node":"800"},"transient":{"search.max_buckets":"9"}}`, 0, ``},
			{"PUT /_snapshot/r", repositoryBody, 0, ``},
			{"PUT /_snapshot/r/s1", `{"indices":"a","metadata":{"m":"1"}}`, 0, ``},
			{"POST /_aliases", `{"actions":[{"add":{"index":"a","alias":"y"}}]}`, 0, ``},
		} {
			w.play([]step{s})
			before := w.look()
			w.reopen()
			w.same("after "+s.call, before)
		}
		for range 3 { // while the snapshot runs, and after
			w.clock.pass(4 * time.Second)
			before := w.look()
			w.reopen()
			w.same("while the snapshot runs", before)
		}
		w.must("POST /_snapshot/r/s1/_restore", `{"rename_pattern":"(.+)","rename_replacement":"copy-$1","include_aliases":false}`)
		for range 4 {
			before := w.look()
			w.reopen()
			w.same("while the restore runs", before)
			w.clock.pass(4 * time.Second)
		}
		w.play([]step{{"GET /copy-a/_count", "", 0, `{"count":1}`}, {"GET /_snapshot/r/s1", "", 0, `{"snapshots":[{"state":"SUCCESS"}]}`}})
	})
}

// A snapshot goes on while its cluster is down, and another cluster sees it once
// somebody has settled the first.
func TestTimeGoesOnWhileDown(t *testing.T) {
	w := stocked(t, "2.19.4", slow)
	w.must("PUT /_snapshot/r/s1", `{"indices":"orders"}`)
	w.clock.pass(time.Hour)
	n := w.neighbour("2.19.4")
	n.play([]step{{"GET /_snapshot/r/s1", "", 404, ``}})
	w.reopen()
	if err := w.c.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.play([]step{{"GET /_snapshot/r/s1", "", 0, `{"snapshots":[{"state":"SUCCESS","end_time":"2026-11-22T06:00:10.000Z"}]}`}})
}

func TestLeftoversAreSwept(t *testing.T) {
	w := start(t, "2.19.4")
	w.must("PUT /a/_doc/1", `{"n":1}`)
	dir := filepath.Join(w.options.Dir, "indices")
	for _, name := range []string{"orphan.docs.jsonl", "half.json.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.reopen()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Errorf("%v %v", files, err)
	}
	w.play([]step{{"GET /a/_count", "", 0, `{"count":1}`}})
}

func TestStreamOfDeletedIndices(t *testing.T) {
	w := start(t, "2.19.4")
	w.must("PUT /_index_template/t", `{"index_patterns":["traces*"],"data_stream":{}}`)
	w.must("PUT /_data_stream/traces")
	files, _ := filepath.Glob(filepath.Join(w.options.Dir, "indices", "*"))
	for _, f := range files { // as a kill between the two deletions leaves it
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	w.reopen()
	w.play([]step{{"GET /_data_stream", "", 0, `{"data_streams":[]}`}})
}

func TestSpoiltState(t *testing.T) {
	for name, spoil := range map[string]func(dir string) error{
		"cluster file": func(dir string) error { return os.WriteFile(filepath.Join(dir, "cluster.json"), []byte("{"), 0o600) },
		"index file": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "indices", "x.json"), []byte("{"), 0o600)
		},
		"documents": func(dir string) error {
			files, _ := filepath.Glob(filepath.Join(dir, "indices", "*.docs.jsonl"))
			return os.WriteFile(files[0], []byte("{\n"), 0o600)
		},
		"a file for a folder": func(dir string) error {
			if err := os.RemoveAll(filepath.Join(dir, "indices")); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, "indices"), nil, 0o600)
		},
	} {
		w := start(t, "2.19.4")
		w.must("PUT /a/_doc/1", `{"n":1}`)
		if err := spoil(w.options.Dir); err != nil {
			t.Fatal(err)
		}
		if _, err := memory.Open(w.options); err == nil {
			t.Errorf("%s: it opened", name)
		}
	}
}

// A disk that fails is an answer, not a lie.
func TestDiskFails(t *testing.T) {
	w := start(t, "2.19.4")
	w.must("PUT /a/_doc/1", `{"n":1}`)
	w.must("PUT /b")
	if err := os.RemoveAll(w.options.Dir); err != nil {
		t.Fatal(err)
	}
	for _, s := range []step{
		{"PUT /a/_doc/2", `{"n":1}`, 0, ``},
		{"PUT /c", "", 0, ``},
		{"PUT /a/_settings", `{"refresh_interval":"1s"}`, 0, ``},
		{"PUT /a/_mapping", `{"properties":{"z":{"type":"ip"}}}`, 0, ``},
		{"PUT /a/_doc/3", `{"fresh":1}`, 0, ``},
		{"POST /_aliases", `{"actions":[{"add":{"index":"a","alias":"y"}}]}`, 0, ``},
		{"PUT /_template/t", `{"index_patterns":["x"]}`, 0, ``},
		{"PUT /_ingest/pipeline/p", `{"processors":[]}`, 0, ``},
		{"PUT /_cluster/settings", `{"transient":{"search.max_buckets":"9"}}`, 0, ``},
		{"PUT /_snapshot/r", repositoryBody, 0, ``},
		{"POST /b/_close", "", 0, ``},
	} {
		a := w.do(s.call, s.body)
		if a.status != 500 || !strings.Contains(a.raw, "i_o_exception") {
			t.Errorf("%s: %d %.200s", s.call, a.status, a.raw)
		}
	}
}

// Nodes keep their names over restarts; a cluster may be given more of them.
func TestNodesStay(t *testing.T) {
	w := start(t, "3.4.0", func(o *memory.Options) { o.Nodes = 2 })
	before := w.must("GET /_nodes").at("nodes").(map[string]any)
	w.options.Nodes = 3
	w.reopen()
	after := w.must("GET /_nodes").at("nodes").(map[string]any)
	for id, n := range before {
		if !reflect.DeepEqual(after[id], n) {
			t.Errorf("node %s changed", id)
		}
	}
	if len(after) != 3 {
		t.Errorf("%d nodes", len(after))
	}
}
