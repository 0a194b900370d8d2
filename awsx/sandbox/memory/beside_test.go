package memory_test

import (
	"testing"
	"time"
)

// What is done to a repository or an index while a snapshot is being taken.

// The deletion of a finished snapshot waits for the one that runs, whose files
// would look like rubbish to it.
func TestDeletionWaitsForRunning(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := snapped(t, v, slow)
		w.bulk("logs", 1000, 50)
		began := w.clock.at
		w.must("PUT /_snapshot/r/s2", `{"indices":"logs"}`)
		w.clock.pass(time.Second)
		w.must("DELETE /_snapshot/r/s1").has(`{"acknowledged":true}`)
		if took := w.clock.at.Sub(began); took != 10*time.Second {
			t.Errorf("it returned after %s", took)
		}
		w.must("DELETE /logs")
		w.play([]step{
			{"GET /_snapshot/r/_all?verbose=false", "", 0, `{"snapshots":[{"snapshot":"s2","state":"SUCCESS"}]}`},
			{"POST /_snapshot/r/s2/_restore?wait_for_completion=true", `{"indices":"logs"}`, 0, `{"snapshot":{"shards":{"failed":0}}}`},
			{"GET /logs/_count", "", 0, `{"count":350}`},
		})
	})
	// Nobody waits: the call is cut off, and nothing was deleted.
	w := snapped(t, "2.19.4")
	w.options.Pace.Snapshot, w.options.Wait = 10*time.Second, nil
	w.reopen()
	w.must("PUT /_snapshot/r/s2", `{"indices":"logs"}`)
	w.play([]step{
		{"DELETE /_snapshot/r/s1", "", 504, `=`},
		{"GET /_snapshot/r/_all?verbose=false", "", 0, `{"snapshots":[{"snapshot":"s1"},{"snapshot":"s2","state":"IN_PROGRESS"}]}`},
		// One that runs is broken off at once.
		{"DELETE /_snapshot/r/s2", "", 0, ``},
		{"DELETE /_snapshot/r/s1", "", 0, ``},
		{"GET /_snapshot/r/_all", "", 0, `{"snapshots":[]}`},
	})
}

// Two snapshots of one shard: the second begins where the first ends, and has
// nothing left to copy.
func TestSameShardTwice(t *testing.T) {
	w := stocked(t, "2.19.4", slow)
	w.must("PUT /_snapshot/r/s1", `{"indices":"orders"}`)
	w.clock.pass(4 * time.Second)
	w.must("PUT /_snapshot/r/s2", `{"indices":"orders"}`)
	w.play([]step{
		{"GET /_snapshot/r/s2/_status", "", 0, `{"snapshots":[{"state":"STARTED","shards_stats":{"started":1,"initializing":0},"indices":{"orders":{"shards":{"0":{"stage":"STARTED","node":null,"stats":{"processed":null,"incremental":{"file_count":0},"start_time_in_millis":0}}}}}}]}`},
		{"GET /_snapshot/_status", "", 0, `{"snapshots":[{"snapshot":"s1"},{"snapshot":"s2"}]}`},
	})
	w.clock.pass(7 * time.Second)
	w.play([]step{
		{"GET /_snapshot/r/s1", "", 0, `{"snapshots":[{"state":"SUCCESS"}]}`},
		{"GET /_snapshot/r/s2", "", 0, `{"snapshots":[{"state":"IN_PROGRESS"}]}`},
		{"GET /_snapshot/r/s2/_status", "", 0, `{"snapshots":[{"indices":{"orders":{"shards":{"0":{"node":"~."}}}}}]}`},
	})
	w.clock.pass(10 * time.Second)
	w.play([]step{{"GET /_snapshot/r/s2/_status", "", 0, `{"snapshots":[{"state":"SUCCESS","stats":{"incremental":{"file_count":0},"total":{"file_count":4}}}]}`}})
	// The first broken off leaves the second whole.
	w.must("PUT /_snapshot/r/s3", `{"indices":"logs"}`)
	w.must("PUT /_snapshot/r/s4", `{"indices":"logs"}`)
	w.must("DELETE /_snapshot/r/s3")
	w.clock.pass(21 * time.Second)
	w.must("DELETE /logs")
	w.play([]step{{"POST /_snapshot/r/s4/_restore?wait_for_completion=true", `{"indices":"logs"}`, 0, `{"snapshot":{"shards":{"failed":0}}}`}, {"GET /logs/_count", "", 0, `{"count":300}`}})
}

// A snapshot of an index that is just being restored waits for the shard.
func TestSnapshotOfRestoring(t *testing.T) {
	w := snapped(t, "2.19.4", slow)
	w.must("DELETE /orders")
	w.must("POST /_snapshot/r/s1/_restore", `{"indices":"orders"}`)
	w.clock.pass(3 * time.Second)
	w.must("PUT /_snapshot/r/s2", `{"indices":"orders"}`)
	w.play([]step{{"GET /_snapshot/r/s2/_status", "", 0, `{"snapshots":[{"shards_stats":{"started":1},"stats":{"incremental":{"file_count":0}}}]}`}})
	w.clock.pass(16 * time.Second)
	w.play([]step{{"GET /_snapshot/r/s2", "", 0, `{"snapshots":[{"state":"IN_PROGRESS"}]}`}})
	w.clock.pass(2 * time.Second)
	w.play([]step{{"GET /_snapshot/r/s2", "", 0, `{"snapshots":[{"state":"SUCCESS","duration_in_millis":17000}]}`}})
}

// A partial snapshot outlives an index that is deleted meanwhile; the engine's
// count of it is odd.
func TestPartialOutlivesItsIndex(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		for _, deletion := range []step{{"DELETE /orders", "", 0, ``}, {"POST /_aliases", `{"actions":[{"remove_index":{"index":"orders"}}]}`, 0, ``}} {
			w := stocked(t, v, slow)
			w.must("PUT /_snapshot/r/p", `{"indices":"logs,orders","partial":true}`)
			w.clock.pass(time.Second)
			w.play([]step{
				deletion,
				{"GET /_snapshot/r/p/_status", "", 0, `{"snapshots":[{"shards_stats":{"failed":1,"total":4},"indices":{"orders":{"shards":{"0":{"stage":"FAILURE","reason":"aborted"}}}}}]}`},
			})
			w.reopen()
			w.clock.pass(10 * time.Second)
			w.play([]step{
				{"GET /_snapshot/r/p", "", 0, `{"snapshots":[{"state":"PARTIAL","indices":["logs"],"shards":{"total":3,"failed":1,"successful":2},"failures":[{"index":"orders","index_uuid":"orders","shard_id":0,"reason":"aborted","status":"INTERNAL_SERVER_ERROR"}]}]}`},
				{"GET /_snapshot/r/p/_status", "", 0, `{"snapshots":[{"shards_stats":{"total":3,"done":3}}]}`},
				{"POST /_snapshot/r/p/_restore", `{"indices":"orders","partial":true}`, 404, `{"error":{"type":"index_not_found_exception"}}`},
				{"POST /_snapshot/r/p/_restore?wait_for_completion=true", `{"indices":"logs","rename_pattern":"logs","rename_replacement":"copy"}`, 0, `{"snapshot":{"shards":{"failed":0}}}`},
			})
		}
	})
	// Not a partial one: the index cannot be deleted, by no way.
	w := stocked(t, "2.19.4", slow)
	w.must("PUT /_index_template/t", `{"index_patterns":["traces"],"data_stream":{}}`)
	w.must("PUT /_data_stream/traces")
	w.must("PUT /_snapshot/r/whole")
	w.play([]step{
		{"DELETE /orders", "", 400, `{"error":{"type":"snapshot_in_progress_exception"}}`},
		{"POST /_aliases", `{"actions":[{"remove_index":{"index":"orders"}}]}`, 400, `{"error":{"type":"snapshot_in_progress_exception"}}`},
		{"DELETE /_data_stream/traces", "", 400, `{"error":{"type":"snapshot_in_progress_exception","reason":"~^Cannot delete data streams that are being snapshotted: \\[traces\\]\\. Try again"}}`},
	})
	w.clock.pass(10 * time.Second)
	w.play([]step{{"DELETE /_data_stream/traces", "", 0, ``}})
}
