package memory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox/memory"
	"snapferry/awsx/sandbox/memory/fake"
	"snapferry/awsx/sandbox/memory/pace"
)

// slow is a pace at which everything takes ten seconds.
func slow(o *memory.Options) {
	o.Pace = pace.Pace{Snapshot: 10 * time.Second, Restore: 10 * time.Second, Replica: 4 * time.Second}
}

// unattended takes away the cluster's way to wait.
func unattended(o *memory.Options) { o.Wait = nil }

// bulk writes n documents of an index.
func (w *world) bulk(index string, from, n int) {
	w.t.Helper()
	var b strings.Builder
	for i := from; i < from+n; i++ {
		fmt.Fprintf(&b, "{\"index\":{\"_index\":%q,\"_id\":\"%d\"}}\n{\"n\":%d,\"text\":\"document number %d\"}\n", index, i, i, i)
	}
	w.must("POST /_bulk", b.String())
}

// stocked is a cluster with two indices and a repository.
func stocked(t *testing.T, v string, change ...func(*memory.Options)) *world {
	w := start(t, v, change...)
	w.must("PUT /logs", `{"settings":{"number_of_shards":3,"number_of_replicas":0},"aliases":{"all-logs":{}}}`)
	w.must("PUT /orders", `{"settings":{"number_of_replicas":0}}`)
	w.bulk("logs", 0, 300)
	w.bulk("orders", 0, 50)
	w.must("PUT /_snapshot/r", repositoryBody)
	return w
}

// TestSnapshotGoesByTheClock follows one through its stages.
func TestSnapshotGoesByTheClock(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := stocked(t, v, slow)
		w.play([]step{
			{"PUT /_snapshot/r/s1", `{"indices":"logs,orders","include_global_state":false,"metadata":{"by":"us"}}`, 0, `{"accepted":true}`},
			{"GET /_snapshot/r/s1", "", 0, `{"snapshots":[{"snapshot":"s1","state":"IN_PROGRESS","indices":["logs","orders"],"end_time":"1970-01-01T00:00:00.000Z","metadata":{"by":"us"},"duration_in_millis":0,"shards":{"total":0,"failed":0,"successful":0}}]}`},
			{"GET /_snapshot/r/_current", "", 0, `{"snapshots":[{"snapshot":"s1"}]}`},
			{"GET /_cat/snapshots/r?format=json&h=id,status", "", 0, `[{"id":"s1","status":"IN_PROGRESS"}]`},
		})
		lastBytes, lastDone := -1.0, -1.0
		stages := map[string]bool{}
		for range 40 {
			a := w.must("GET /_snapshot/_status")
			if len(a.at("snapshots").([]any)) == 0 {
				break
			}
			done, _ := a.at("snapshots", 0, "shards_stats", "done").(float64)
			bytes := a.processed()
			if bytes < lastBytes || done < lastDone {
				t.Fatalf("progress went back: %v bytes after %v, %v shards after %v", bytes, lastBytes, done, lastDone)
			}
			lastBytes, lastDone = bytes, done
			for _, index := range []string{"logs", "orders"} {
				for n := range 3 {
					if s, ok := a.at("snapshots", 0, "indices", index, "shards", fmt.Sprint(n), "stage").(string); ok {
						stages[s] = true
					}
				}
			}
			w.clock.pass(300 * time.Millisecond)
		}
		for _, s := range []string{"STARTED", "FINALIZE", "DONE"} {
			if !stages[s] {
				t.Errorf("stage %s was never seen: %v", s, stages)
			}
		}
		w.play([]step{
			{"GET /_snapshot/r/_all", "", 0, `{"snapshots":[{"state":"SUCCESS","version":"` + v + `","start_time":"2026-11-22T06:00:00.000Z","end_time":"2026-11-22T06:00:10.000Z","duration_in_millis":10000,"shards":{"total":4,"failed":0,"successful":4},"failures":[]}]}`},
			{"GET /_snapshot/r/s1/_status", "", 0, `{"snapshots":[{"state":"SUCCESS","shards_stats":{"done":4,"total":4},"stats":{"processed":null,"incremental":{"file_count":16},"total":{"file_count":16}}}]}`},
			{"GET /_snapshot/r/_current", "", 0, `{"snapshots":[]}`},
		})
	})
}

// processed is how many bytes of a running snapshot are done.
func (a answer) processed() float64 {
	a.t.Helper()
	if v, ok := a.at("snapshots", 0, "stats", "processed", "size_in_bytes").(float64); ok {
		return v
	}
	v, _ := a.at("snapshots", 0, "stats", "incremental", "size_in_bytes").(float64)
	return v
}

// More shards than lanes: the last ones wait for their turn and know nothing.
func TestShardsWaitForTheirTurn(t *testing.T) {
	w := start(t, "2.19.4", slow)
	w.must("PUT /many", `{"settings":{"number_of_shards":12,"number_of_replicas":0}}`)
	w.bulk("many", 0, 240)
	w.must("PUT /_snapshot/r", repositoryBody)
	w.must("PUT /_snapshot/r/s", `{"indices":"many"}`)
	a := w.must("GET /_snapshot/r/s/_status")
	a.is(7, "snapshots", 0, "shards_stats", "initializing")
	a.is(5, "snapshots", 0, "shards_stats", "started")
	a.is("INIT", "snapshots", 0, "indices", "many", "shards", "11", "stage")
	a.is(0, "snapshots", 0, "indices", "many", "shards", "11", "stats", "incremental", "file_count")
}

func TestWaitForCompletion(t *testing.T) {
	w := stocked(t, "3.4.0", slow)
	a := w.must("PUT /_snapshot/r/s1?wait_for_completion=true", `{"indices":"logs"}`)
	a.has(`{"snapshot":{"snapshot":"s1","state":"SUCCESS","shards":{"total":3,"successful":3}}}`)
	if got := w.clock.at.Sub(newClock().at); got != 10*time.Second {
		t.Errorf("the call waited %s", got)
	}
	// Without a way to wait the call ends as at a load balancer: the snapshot
	// goes on all the same.
	w = stocked(t, "3.4.0", slow, unattended)
	w.play([]step{
		{"PUT /_snapshot/r/s1?wait_for_completion=true", `{"indices":"logs"}`, 504, `=`},
		{"GET /_snapshot/r/s1", "", 0, `{"snapshots":[{"state":"IN_PROGRESS"}]}`},
	})
	w.clock.pass(11 * time.Second)
	w.play([]step{{"GET /_snapshot/r/s1", "", 0, `{"snapshots":[{"state":"SUCCESS"}]}`}})
}

func TestIncrementalSnapshots(t *testing.T) {
	w := stocked(t, "2.19.4")
	type size struct{ fresh, all float64 }
	take := func(name string) size {
		w.must("PUT /_snapshot/r/"+name+"?wait_for_completion=true", `{"indices":"logs","include_global_state":false}`)
		a := w.must("GET /_snapshot/r/" + name + "/_status")
		return size{a.at("snapshots", 0, "stats", "incremental", "size_in_bytes").(float64), a.at("snapshots", 0, "stats", "total", "size_in_bytes").(float64)}
	}
	first := take("s1")
	w.bucket.Written()
	second := take("s2")
	if first.fresh != first.all || second.fresh != 0 || second.all != first.all {
		t.Errorf("nothing changed between, yet first %+v, second %+v", first, second)
	}
	for _, k := range w.bucket.Written() {
		if strings.Contains(k, "/__") {
			t.Errorf("data was written again: %s", k)
		}
	}
	w.bulk("logs", 300, 900)
	third := take("s3")
	if third.fresh <= 0 || third.fresh >= third.all {
		t.Errorf("after more documents: %+v", third)
	}
	// The first may go; the others need nothing of it that is not kept.
	w.must("DELETE /_snapshot/r/s1")
	w.must("DELETE /logs")
	w.must("POST /_snapshot/r/s2/_restore?wait_for_completion=true", `{"indices":"logs"}`).has(`{"snapshot":{"shards":{"failed":0}}}`)
	w.must("GET /logs/_count").is(300, "count")
}

func TestTwoAtOnce(t *testing.T) {
	w := stocked(t, "2.19.4", slow)
	w.must("PUT /_snapshot/r/s1", `{"indices":"logs"}`)
	w.clock.pass(2 * time.Second)
	w.bulk("logs", 300, 30)
	w.bucket.Written()
	w.must("PUT /_snapshot/r/s2", `{"indices":"logs,orders"}`)
	// What the first has uploaded, though it is not finished, is not sent again:
	// one new segment a shard, and the other index.
	if data := slices.DeleteFunc(w.bucket.Written(), func(k string) bool { return !strings.Contains(k, "/__") }); len(data) != 4 {
		t.Errorf("the second snapshot wrote %v", data)
	}
	w.play([]step{
		{"GET /_snapshot/_status", "", 0, `{"snapshots":[{"snapshot":"s1"},{"snapshot":"s2"}]}`},
		{"GET /_snapshot/r/_status", "", 0, `{"snapshots":[{"snapshot":"s1"},{"snapshot":"s2"}]}`},
		{"GET /_snapshot/nobody/_status", "", 404, ``},
	})
	w.clock.pass(20 * time.Second)
	w.play([]step{
		{"GET /_snapshot/r/_all", "", 0, `{"snapshots":[{"snapshot":"s1","state":"SUCCESS"},{"snapshot":"s2","state":"SUCCESS"}]}`},
		{"DELETE /logs,orders", "", 0, ``},
		{"POST /_snapshot/r/s1/_restore?wait_for_completion=true", `{"indices":"logs","rename_pattern":"(.+)","rename_replacement":"one-$1","include_aliases":false}`, 0, ``},
		{"POST /_snapshot/r/s2/_restore?wait_for_completion=true", `{"indices":"logs"}`, 0, ``},
		{"GET /one-logs/_count", "", 0, `{"count":300}`},
		{"GET /logs/_count", "", 0, `{"count":330}`},
	})
}

func TestCancel(t *testing.T) {
	w := stocked(t, "3.4.0", slow)
	before := w.bucket.Keys("")
	w.must("PUT /_snapshot/r/s1", `{"indices":"logs"}`)
	w.clock.pass(time.Second)
	w.play([]step{
		{"DELETE /_snapshot/r/s1", "", 0, `{"acknowledged":true}`},
		{"GET /_snapshot/r/_all", "", 0, `{"snapshots":[]}`},
		{"DELETE /logs", "", 0, ``},
	})
	if after := w.bucket.Keys(""); strings.Join(after, " ") != strings.Join(before, " ") {
		t.Errorf("left in the bucket: %v", after)
	}
}

// A caller that waits hears that somebody else cancelled.
func TestCancelledWhileWaiting(t *testing.T) {
	w := stocked(t, "2.19.4", slow)
	w.clock.meanwhile = func() { w.must("DELETE /_snapshot/r/s1") }
	w.play([]step{{"PUT /_snapshot/r/s1?wait_for_completion=true", `{"indices":"logs"}`, 500, `{"error":{"type":"snapshot_exception","reason":"~^\\[r:s1/.{22}\\] Snapshot was aborted by deletion$"}}`}})
}

func TestPointInTime(t *testing.T) {
	w := stocked(t, "2.19.4", slow)
	w.must("PUT /_snapshot/r/s1", `{"indices":"orders"}`)
	w.clock.pass(time.Second)
	w.bulk("orders", 50, 10)
	w.must("DELETE /orders/_doc/3")
	w.clock.pass(20 * time.Second)
	w.must("POST /_snapshot/r/s1/_restore?wait_for_completion=true", `{"indices":"orders","rename_pattern":"orders","rename_replacement":"then"}`)
	w.play([]step{{"GET /then/_count", "", 0, `{"count":50}`}, {"GET /orders/_count", "", 0, `{"count":59}`}, {"GET /then/_doc/3", "", 0, ``}})
}

// A snapshot that cannot be finished is gone; its shards' failures make it partial.
func TestStoreRefusesDuringSnapshot(t *testing.T) {
	w := stocked(t, "2.19.4", slow)
	w.bucket.Refuse = func(op, key string) error {
		if op == "put" && strings.Contains(key, "/1/__") {
			return fake.Denied()
		}
		return nil
	}
	w.must("PUT /_snapshot/r/s1?wait_for_completion=true", `{"indices":"logs"}`).has(`{"snapshot":{"state":"PARTIAL","shards":{"total":3,"failed":1,"successful":2},
		"failures":[{"index":"logs","shard_id":1,"status":"INTERNAL_SERVER_ERROR","reason":"~^IOException\\[Unable to upload object.*nested: S3Exception\\[Access Denied"}]}}`)
	w.bucket.Refuse = nil
	w.play([]step{
		{"GET /_snapshot/r/s1/_status", "", 0, `{"snapshots":[{"state":"PARTIAL","shards_stats":{"done":2,"failed":1,"total":3},"indices":{"logs":{"shards":{"1":{"stage":"FAILURE","reason":"~Access Denied"}}}}}]}`},
		{"PUT /_snapshot/r/s2", `{"indices":"logs"}`, 0, ``},
	})
	w.bucket.Refuse = func(op, _ string) error { return fake.Denied() }
	w.clock.pass(time.Minute)
	w.do("GET /_snapshot/r/s2")
	w.bucket.Refuse = nil
	w.play([]step{{"GET /_snapshot/r/s2", "", 404, `{"error":{"type":"snapshot_missing_exception"}}`}})
}

// TestListsByStart: snapshots come by their start, those of one moment by their
// names, as the engines compare them. The contract cannot hold this: a real
// node reads its clock five times a second.
func TestListsByStart(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := stocked(t, v, slow)
		w.must("PUT /_snapshot/r/z?wait_for_completion=true", `{"indices":"orders"}`)
		w.clock.pass(time.Second)
		for _, name := range []string{"m", "a"} {
			w.must("PUT /_snapshot/r/"+name, `{"indices":"orders"}`)
		}
		w.clock.pass(time.Millisecond)
		w.must("PUT /_snapshot/r/b", `{"indices":"orders"}`)
		w.play([]step{{"GET /_snapshot/r/_all", "", 0, `{"snapshots":[{"snapshot":"z","state":"SUCCESS"},{"snapshot":"a","state":"IN_PROGRESS"},{"snapshot":"m"},{"snapshot":"b"}]}`}})
		w.clock.pass(time.Minute)
		w.play([]step{
			{"GET /_snapshot/r/_all", "", 0, `{"snapshots":[{"snapshot":"z"},{"snapshot":"a","state":"SUCCESS"},{"snapshot":"m"},{"snapshot":"b"}]}`},
			{"GET /_cat/snapshots/r?format=json&h=id", "", 0, `[{"id":"z"},{"id":"a"},{"id":"m"},{"id":"b"}]`},
		})
	})
}
