package memory_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox/memory"
)

// snapped is stocked with a finished snapshot s1 of both indices.
func snapped(t *testing.T, v string, change ...func(*memory.Options)) *world {
	w := stocked(t, v, change...)
	w.must("PUT /_snapshot/r/s1?wait_for_completion=true", `{"indices":"logs,orders","include_global_state":false}`)
	return w
}

// neighbour opens another cluster over the same bucket and clock, with the
// repository registered as a reader.
func (w *world) neighbour(v string, change ...func(*memory.Options)) *world {
	w.t.Helper()
	o := w.options
	o.Dir, o.Version, o.Name = w.t.TempDir(), version(w.t, v), "222222222222:target"
	for _, f := range change {
		f(&o)
	}
	n := &world{t: w.t, clock: w.clock, bucket: w.bucket, options: o}
	n.reopen()
	n.must("PUT /_snapshot/r", strings.Replace(repositoryBody, `"base_path"`, `"readonly":true,"base_path"`, 1))
	return n
}

// TestRestoreGoesByTheClock follows a restore in another domain.
func TestRestoreGoesByTheClock(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		target := snapped(t, v, slow).neighbour(v)
		target.must("POST /_snapshot/r/s1/_restore", `{"indices":"logs,orders","include_global_state":false,"index_settings":{"index.number_of_replicas":0}}`).has(`{"accepted":true}`)
		target.play([]step{
			{"GET /_cluster/health/logs", "", 0, `{"status":"yellow"}`},
			{"GET /logs/_count", "", 503, `{"error":{"type":"search_phase_execution_exception","reason":"all shards failed","root_cause":[]}}`},
			{"GET /logs/_doc/1", "", 503, `{"error":{"type":"no_shard_available_action_exception"}}`},
			{"POST /logs/_close", "", 400, `{"error":{"reason":"~^Cannot close indices that are being restored: \\[\\[logs/"}}`},
			{"GET /_cat/indices/logs?format=json", "", 0, `[{"health":"yellow","docs.count":null,"store.size":null}]`},
		})
		stages, last := map[string]bool{}, -1.0
		for range 60 {
			a := target.must("GET /_recovery")
			sum := 0.0
			for _, index := range a.members() {
				for i := range a.at(index, "shards").([]any) {
					a.is("SNAPSHOT", index, "shards", i, "type")
					stages[a.at(index, "shards", i, "stage").(string)] = true
					sum += a.at(index, "shards", i, "index", "size", "recovered_in_bytes").(float64)
				}
			}
			if sum < last {
				t.Fatalf("%v bytes recovered after %v", sum, last)
			}
			last = sum
			target.clock.pass(200 * time.Millisecond)
		}
		if !stages["INDEX"] || !stages["FINALIZE"] || !stages["DONE"] {
			t.Errorf("stages seen: %v", stages)
		}
		target.play([]step{
			{"GET /_cluster/health", "", 0, `{"status":"green","active_primary_shards":4}`},
			{"GET /logs/_count", "", 0, `{"count":300}`},
			{"GET /orders/_doc/7", "", 0, `{"found":true,"_source":{"n":7}}`},
			{"GET /_alias/all-logs", "", 0, `{"logs":{}}`},
			{"GET /_recovery?active_only=true", "", 0, `{"logs":null}`},
			{"GET /_cat/recovery/orders?format=json&h=type,stage,repository,snapshot,bytes_percent,source_host", "", 0, `[{"type":"snapshot","stage":"done","repository":"r","snapshot":"s1","bytes_percent":"100.0%","source_host":"n/a"}]`},
		})
	})
}

// What comes back is what was there: documents with their sequence numbers,
// mappings, aliases and settings, under a new UUID.
func TestRestoredIsEqual(t *testing.T) {
	source := snapped(t, "2.19.4")
	target := source.neighbour("3.4.0")
	target.must("POST /_snapshot/r/s1/_restore?wait_for_completion=true", `{"indices":"logs"}`)
	for _, call := range []string{
		"GET /logs/_mapping", "GET /logs/_alias", "GET /logs/_search?size=400&sort=n&seq_no_primary_term&version",
		"GET /logs/_settings/index.number_of_*,index.creation_date,index.version.created,index.provided_name",
	} {
		if a, b := source.must(call).raw, target.must(call).raw; a != b {
			t.Errorf("%s: source %.300s\ntarget %.300s", call, a, b)
		}
	}
	seq := "GET /logs/_stats?level=shards"
	for n := range 3 {
		a := source.must(seq).at("indices", "logs", "shards", fmt.Sprint(n), 0, "seq_no")
		target.must(seq).is(a.(map[string]any)["max_seq_no"], "indices", "logs", "shards", fmt.Sprint(n), 0, "seq_no", "max_seq_no")
	}
	uuid := "GET /logs/_settings/index.uuid"
	if source.must(uuid).raw == target.must(uuid).raw {
		t.Error("the restored index has the UUID of the old one")
	}
	target.must("GET /logs/_settings?human").is("136408227", "logs", "settings", "index", "version", "created")
	target.must("GET /logs/_settings?human").is("3.4.0", "logs", "settings", "index", "version", "upgraded_string")
	// And one can write to it.
	target.must("PUT /logs/_doc/new", `{"n":-1}`).is("created", "result")
}

// Objects lost from the bucket: the call says 200, the index is red, and the
// reason stands in the allocation explanation alone.
func TestBlobsLost(t *testing.T) {
	for name, tc := range map[string]struct{ part, cause string }{
		"data":        {"/__", `NoSuchFileException\\[Blob object \\[.*not found: The specified key does not exist. \\(Service: S3, Status Code: 404`},
		"description": {"/snap-", `SnapshotMissingException\\[\\[r:s1\\] is missing\\]; $`},
	} {
		t.Run(name, func(t *testing.T) {
			w := snapped(t, "3.4.0")
			w.must("DELETE /logs")
			for _, k := range w.bucket.Matching("/1" + tc.part) {
				w.bucket.Lose(k)
			}
			w.play([]step{
				{"POST /_snapshot/r/s1/_restore?wait_for_completion=true", `{"indices":"logs"}`, 0, `{"snapshot":{"shards":{"total":3,"failed":1,"successful":2}}}`},
				{"GET /_cluster/health/logs", "", 0, `{"status":"red","active_primary_shards":2,"unassigned_shards":1}`},
				{"GET /_cat/shards/logs?format=json&h=shard,state,unassigned.reason,unassigned.details", "", 0, `[{"state":"STARTED"},{"state":"UNASSIGNED","unassigned.reason":"ALLOCATION_FAILED","unassigned.details":"~` + tc.cause + `"},{"state":"STARTED"}]`},
				{"GET /logs/_count", "", 0, `{"_shards":{"total":3,"successful":2,"failed":1}}`},
				{"GET /_cluster/allocation/explain", `{"index":"logs","shard":1,"primary":true}`, 0, `{"current_state":"unassigned","can_allocate":"no",
					"unassigned_info":{"reason":"ALLOCATION_FAILED","failed_allocation_attempts":5,"last_allocation_status":"no","details":"~IndexShardRestoreFailedException\\[failed to restore snapshot \\[s1/.*` + tc.cause + `"},
					"node_allocation_decisions":[{"node_decision":"no","deciders":[{"decider":"max_retry"},{"decider":"restore_in_progress","explanation":"~^shard has failed to be restored from the snapshot \\[r:s1/"}]}]}`},
				{"GET /_cluster/allocation/explain", "", 0, `{"index":"logs","shard":1}`},
				{"POST /_cluster/reroute?retry_failed=true", "", 0, `{"acknowledged":true}`},
				{"PUT /_snapshot/r/s2", `{"indices":"logs"}`, 500, `{"error":{"type":"snapshot_exception","reason":"~Indices don't have primary shards \\[logs\\]$"}}`},
				{"DELETE /logs", "", 0, ``},
				{"GET /_cluster/allocation/explain", "", 400, `{"error":{"reason":"~unable to find any unassigned shards"}}`},
			})
		})
	}
	w := snapped(t, "3.4.0")
	w.must("DELETE /logs")
	for _, k := range w.bucket.Matching("/0/__") {
		w.bucket.Spoil(k, "nonsense\n")
	}
	w.play([]step{{"POST /_snapshot/r/s1/_restore?wait_for_completion=true", `{"indices":"logs"}`, 0, `{"snapshot":{"shards":{"failed":1}}}`}})
}

func TestRestoreOptions(t *testing.T) {
	w := snapped(t, "2.19.4")
	w.play([]step{
		{"POST /_snapshot/r/s1/_restore?wait_for_completion=true", `{"indices":["logs"],"rename_pattern":"(.*)","rename_replacement":"copy-$1","rename_alias_pattern":"all-(.*)","rename_alias_replacement":"copied-$1"}`, 0, `{"snapshot":{"indices":["copy-logs"]}}`},
		{"GET /copy-logs/_alias", "", 0, `{"copy-logs":{"aliases":{"copied-logs":{},"all-logs":null}}}`},
		{"POST /_snapshot/r/s1/_restore?wait_for_completion=true", `{"indices":"orders","rename_pattern":"orders","rename_replacement":"o2","index_settings":{"number_of_replicas":"2","index.refresh_interval":"9s"},"ignore_index_settings":["index.provided*"]}`, 0, ``},
		{"GET /o2/_settings", "", 0, `{"o2":{"settings":{"index":{"number_of_replicas":"2","refresh_interval":"9s","provided_name":null}}}}`},
		{"POST /_snapshot/r/s1/_restore", `{"indices":{"a":1}}`, 400, `{"error":{"reason":"malformed indices section, should be an array of strings"}}`},
		{"POST /_snapshot/r/s1/_restore", `{"index_settings":"x"}`, 400, `{"error":{"reason":"malformed index_settings section"}}`},
		{"POST /_snapshot/r/s1/_restore", `{"rename_pattern":1}`, 400, `{"error":{"reason":"malformed rename_pattern"}}`},
		{"POST /_snapshot/r/s1/_restore", `{"rename_pattern":"(","rename_replacement":"x"}`, 400, `{"error":{"type":"pattern_syntax_exception","reason":"Unclosed group near index 1\n("}}`},
		{"POST /_snapshot/r/s1/_restore", `{"indices":"orders","rename_pattern":"orders","rename_replacement":"o3","ignore_index_settings":["index.number_of_replicas"]}`, 500, `{"error":{"reason":"~cannot remove setting \\[index.number_of_replicas\\] on restore$"}}`},
		{"POST /_snapshot/r/s1/_restore", `{"indices":"orders","storage_type":"local","source_remote_store_repository":"x","expand_wildcards":"open","rename_pattern":"orders","rename_replacement":"o4"}`, 0, `{"accepted":true}`},
		{"POST /_snapshot/r/s1/_restore", `{"indices":"orders","storage_type":"odd"}`, 400, `{"error":{"reason":"Invalid storage_type: odd"}}`},
		{"POST /_snapshot/r/s1/_restore", `{"indices":"orders","storage_type":"remote_snapshot"}`, 400, `{"error":{"reason":"~local storage only$"}}`},
		{"POST /_snapshot/r/s1/_restore", `{"indices":"zz*","allow_no_indices":false}`, 404, ``},
	})
	old := snapped(t, "7.10.2")
	old.play([]step{
		{"POST /_snapshot/r/s1/_restore", `{"rename_alias_pattern":"a","rename_alias_replacement":"b"}`, 400, `{"error":{"reason":"Unknown parameter rename_alias_pattern"}}`},
		{"POST /_snapshot/r/s1/_restore", `{"storage_type":"local"}`, 400, ``},
	})
}

func TestRestoreOverClosed(t *testing.T) {
	w := snapped(t, "3.4.0", slow)
	w.must("PUT /orders/_doc/later", `{"n":1}`)
	uuid := w.must("GET /orders/_settings").at("orders", "settings", "index", "uuid")
	w.must("POST /orders/_close")
	w.must("POST /_snapshot/r/s1/_restore", `{"indices":"orders"}`)
	w.play([]step{{"GET /_cat/shards/orders?format=json&h=state,unassigned.reason", "", 0, `[{"state":"INITIALIZING","unassigned.reason":"EXISTING_INDEX_RESTORED"}]`}})
	w.clock.pass(11 * time.Second)
	w.play([]step{{"GET /orders/_count", "", 0, `{"count":50}`}, {"GET /_cat/indices/orders?format=json&h=status", "", 0, `[{"status":"open"}]`}})
	a := w.must("GET /orders/_settings")
	a.is(uuid, "orders", "settings", "index", "uuid")
	if a.at("orders", "settings", "index", "history", "uuid") == nil {
		t.Error("an index restored over another has a new history")
	}
	w.reopen()
	w.play([]step{{"GET /orders/_count", "", 0, `{"count":50}`}})
}

func TestPartialRestore(t *testing.T) {
	w := stocked(t, "2.19.4")
	w.must("PUT /homeless?wait_for_active_shards=0", `{"settings":{"number_of_replicas":0,"index.routing.allocation.require.box":"hot"}}`)
	w.must("PUT /_snapshot/r/p?wait_for_completion=true", `{"indices":"orders,homeless","partial":true}`).has(`{"snapshot":{"state":"PARTIAL"}}`)
	w.must("DELETE /orders,homeless")
	w.play([]step{
		{"POST /_snapshot/r/p/_restore", `{"indices":"homeless"}`, 500, `{"error":{"reason":"~index \\[homeless\\] wasn't fully snapshotted - cannot restore$"}}`},
		{"POST /_snapshot/r/p/_restore?wait_for_completion=true", `{"indices":"*","partial":true,"ignore_index_settings":["index.routing.*"]}`, 0, `{"snapshot":{"shards":{"total":2,"failed":0}}}`},
		{"GET /homeless/_count", "", 0, `{"count":0}`},
		{"GET /orders/_count", "", 0, `{"count":50}`},
		{"POST /homeless/_close", "", 0, ``},
		{"POST /_snapshot/r/p/_restore", `{"indices":"homeless","partial":true}`, 500, `{"error":{"reason":"~cannot restore partial index \\[homeless\\] because such index already exists$"}}`},
	})
}

func TestGlobalState(t *testing.T) {
	w := stocked(t, "2.19.4")
	w.must("PUT /_index_template/t", `{"index_patterns":["t-*"]}`)
	w.must("PUT /_ingest/pipeline/p", `{"processors":[]}`)
	w.must("PUT /_cluster/settings", `{"persistent":{"cluster.max_shards_per_node":"700"}}`)
	w.must("PUT /_snapshot/r/with?wait_for_completion=true", `{"indices":"orders"}`).has(`{"snapshot":{"include_global_state":true}}`)
	w.must("PUT /_snapshot/r/without?wait_for_completion=true", `{"indices":"orders","include_global_state":false}`)
	for name, want := range map[string]int{"with": 200, "without": 404} {
		n := w.neighbour("2.19.4")
		n.must("PUT /_index_template/own", `{"index_patterns":["own"]}`)
		n.must("POST /_snapshot/r/"+name+"/_restore?wait_for_completion=true", `{"indices":"orders","include_global_state":true}`)
		n.play([]step{{"GET /_index_template/t", "", want, ``}, {"GET /_ingest/pipeline/p", "", want, ``}, {"GET /_index_template/own", "", 0, ``}})
		setting := map[string]string{"with": `{"persistent":{"cluster":{"max_shards_per_node":"700"}}}`, "without": `{"persistent":{"cluster":null}}`}[name]
		n.play([]step{{"GET /_cluster/settings", "", 0, setting}})
	}
	n := w.neighbour("2.19.4")
	n.must("POST /_snapshot/r/with/_restore?wait_for_completion=true", `{"indices":"orders"}`)
	n.play([]step{{"GET /_index_template/t", "", 404, ``}})
}

func TestDataStreamRestore(t *testing.T) {
	w := stocked(t, "2.19.4")
	w.must("PUT /_index_template/t", `{"index_patterns":["traces*"],"data_stream":{}}`)
	w.must("POST /traces/_doc?op_type=create", `{"@timestamp":"2026-11-22T00:00:00Z"}`)
	w.must("PUT /_snapshot/r/d?wait_for_completion=true", `{"indices":"traces"}`).has(`{"snapshot":{"data_streams":["traces"],"indices":[".ds-traces-000001"]}}`)
	n := w.neighbour("2.19.4")
	n.play([]step{
		{"POST /_snapshot/r/d/_restore?wait_for_completion=true", `{"indices":"traces"}`, 0, `{"snapshot":{"indices":[".ds-traces-000001"]}}`},
		{"GET /_data_stream", "", 0, `{"data_streams":[{"name":"traces","indices":[{"index_name":".ds-traces-000001"}]}]}`},
		{"GET /traces/_count", "", 0, `{"count":1}`},
		{"POST /_snapshot/r/d/_restore?wait_for_completion=true", `{"indices":"traces","rename_pattern":"traces","rename_replacement":"old"}`, 0, `{"snapshot":{"indices":[".ds-old-000001"]}}`},
		{"GET /old/_count", "", 0, `{"count":1}`},
	})
	// The backing index by its own name comes back alone: hidden, of no stream.
	alone := w.neighbour("2.19.4")
	alone.play([]step{
		{"POST /_snapshot/r/d/_restore?wait_for_completion=true", `{"indices":".ds-traces-000001"}`, 0, ``},
		{"GET /_data_stream", "", 0, `{"data_streams":[]}`},
		{"GET /.ds-traces-000001/_count", "", 0, `{"count":1}`},
		{"GET /traces/_count", "", 404, ``},
	})
}
