package memory_test

import (
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/fake"
)

// second registers the cluster's repository once more: another writer.
func (w *world) second() { w.must("PUT /_snapshot/q", repositoryBody) }

const (
	takeOrders = `{"indices":"orders","include_global_state":false}`
	isDisabled = `{"error":{"type":"repository_exception","reason":"~^\\[r\\] Could not read repository data because the contents of the repository do not match its expected state."}}`
	wasMoved   = "[r] concurrent modification of the index-N file, expected current generation [0] but it was not found in the repository"
)

// Two clusters, or two registrations, that write to one place: the one that was
// overtaken notices at its next write, and its repository is disabled until it
// is registered anew. Registering it as it was does not help.
func TestOvertakenWriter(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := stocked(t, v)
		w.second()
		w.must("PUT /_snapshot/r/s1?wait_for_completion=true", takeOrders)
		w.must("PUT /_snapshot/q/s2?wait_for_completion=true", takeOrders)
		w.play([]step{
			{"GET /_snapshot/q/_all?verbose=false", "", 0, `{"snapshots":[{"snapshot":"s1"},{"snapshot":"s2"}]}`},
			{"GET /_snapshot/r/_all?verbose=false", "", 0, `{"snapshots":[{"snapshot":"s1"}]}`},
			{"GET /_snapshot/r/s2", "", 404, ``},
			{"PUT /_snapshot/r/s3?wait_for_completion=true", takeOrders, 500, `{"error":{"type":"snapshot_exception","reason":"~^\\[r:s3/.*\\] failed to update snapshot in repository$","caused_by":{"type":"repository_exception","reason":"` + wasMoved + `"}}}`},
			{"GET /_snapshot/r/_all", "", 500, isDisabled},
		})
		w.reopen()
		w.play([]step{
			{"GET /_snapshot/r/s1", "", 500, isDisabled},
			{"GET /_snapshot/r/s1/_status", "", 500, isDisabled},
			{"GET /_cat/snapshots/r", "", 500, isDisabled},
			{"PUT /_snapshot/r/s4", takeOrders, 500, isDisabled},
			{"DELETE /_snapshot/r/s1", "", 500, isDisabled},
			{"POST /_snapshot/r/_cleanup", "", 500, isDisabled},
			{"POST /_snapshot/r/s1/_restore", `{"rename_pattern":"orders","rename_replacement":"o"}`, 500, isDisabled},
			{"POST /_snapshot/r/_verify", "", 0, ``},
			{"GET /_snapshot/r/_status", "", 0, `{"snapshots":[]}`},
			{"PUT /_snapshot/r", repositoryBody, 0, ``},
			{"GET /_snapshot/r/_all", "", 500, isDisabled},
			{"DELETE /_snapshot/r", "", 0, ``},
			{"PUT /_snapshot/r", repositoryBody, 0, ``},
			{"GET /_snapshot/r/_all?verbose=false", "", 0, `{"snapshots":[{"snapshot":"s1"},{"snapshot":"s2"}]}`},
			{"GET /_snapshot/q/s2", "", 0, ``},
			{"PUT /_snapshot/r/s5?wait_for_completion=true", takeOrders, 0, ``},
		})
		// The other one has been overtaken now, and finds out by deleting.
		w.play([]step{
			{"DELETE /_snapshot/q/s2", "", 500, `{"error":{"type":"repository_exception","reason":"[q] concurrent modification of the index-N file, expected current generation [1] but it was not found in the repository"}}`},
			{"GET /_snapshot/q/_all", "", 500, ``},
			{"PUT /_snapshot/q", registration(`"compress":true`), 0, ``},
			{"GET /_snapshot/q/_all?verbose=false", "", 0, `{"snapshots":[{},{},{}]}`},
		})
	})
}

// A cluster that only reads looks anew each time, whoever writes.
func TestReadersSeeEverything(t *testing.T) {
	source := snapped(t, "2.19.4")
	target := source.neighbour("3.4.0")
	target.must("PUT /_snapshot/w", repositoryBody)
	for _, name := range []string{"s2", "s3", "s4"} {
		source.must("PUT /_snapshot/r/"+name+"?wait_for_completion=true", takeOrders)
		for _, r := range []string{"r", "w"} {
			if got := target.must("GET /_snapshot/" + r + "/_all").raw; !strings.Contains(got, `"`+name+`"`) {
				t.Errorf("%s does not see %s: %s", r, name, got)
			}
		}
	}
}

// Each kind of object that a snapshot consists of, lost.
func TestDamagedSnapshots(t *testing.T) {
	missing := func(innermost string) string {
		return `{"error":{"type":"snapshot_missing_exception","reason":"~^\\[r:s1/.{22}\\] is missing$","caused_by":{"type":"no_such_file_exception","reason":"~` + innermost + `"}}}`
	}
	const (
		list, cat, status = "GET /_snapshot/r/_all", "GET /_cat/snapshots/r", "GET /_snapshot/r/s1/_status"
		restore           = "POST /_snapshot/r/s1/_restore?wait_for_completion=true"
		renamed           = `{"indices":"orders","rename_pattern":"orders","rename_replacement":"copy"}`
	)
	for name, tc := range map[string]struct {
		lose  string
		steps []step
	}{
		"description": {"mig/snap-", []step{
			{list, "", 404, missing("snap-")},
			{cat, "", 404, missing("snap-")},
			{status, "", 404, missing("snap-")},
			{restore, renamed, 404, missing("snap-")},
			{list + "?ignore_unavailable=true", "", 0, `{"snapshots":[]}`},
			{list + "?verbose=false", "", 0, `{"snapshots":[{"state":"SUCCESS"}]}`},
			{cat + "?ignore_unavailable=true", "", 0, `=`},
		}},
		"index metadata": {"/meta-", []step{
			{list, "", 0, ``}, {cat, "", 0, ``}, {status, "", 404, missing("meta-")}, {restore, renamed, 404, missing("meta-")},
		}},
		"cluster metadata": {"mig/meta-", []step{
			{list, "", 0, ``},
			{status, "", 0, ``},
			{restore, renamed, 0, `{"snapshot":{"shards":{"failed":0}}}`},
			{restore, `{"indices":"orders","rename_pattern":"orders","rename_replacement":"c2","include_global_state":true}`, 404, missing("mig/meta-")},
		}},
		"shard description": {"/0/snap-", []step{
			{list, "", 0, ``},
			{status, "", 404, `{"error":{"type":"snapshot_missing_exception","reason":"[r:s1] is missing","caused_by":null}}`},
			{restore, renamed, 0, `{"snapshot":{"shards":{"failed":1}}}`},
		}},
		"shard index": {"/0/index-", []step{
			{status, "", 0, ``}, {restore, renamed, 0, `{"snapshot":{"shards":{"failed":0}}}`},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := stocked(t, "2.19.4")
			w.must("PUT /_snapshot/r/s1?wait_for_completion=true", takeOrders)
			for _, k := range w.bucket.Matching(tc.lose) {
				w.bucket.Lose(k)
			}
			w.play(tc.steps)
			w.play([]step{{"DELETE /_snapshot/r/s1", "", 0, ``}, {list, "", 0, `{"snapshots":[]}`}})
		})
	}
	w := stocked(t, "7.10.2")
	w.must("PUT /_snapshot/r/s1?wait_for_completion=true", takeOrders)
	for _, k := range w.bucket.Matching("/0/snap-") {
		w.bucket.Lose(k)
	}
	w.play([]step{{status, "", 404, missing("/0/snap-")}})
}

// The role loses a right while snapshots are there. Words and codes are those of
// a real 3.4.0.
func TestRightsTakenAway(t *testing.T) {
	const denied = "Access Denied (Service: S3, Status Code: 403, Request ID: REQ1) (SDK Attempt Count: 1)"
	chained := func(parts ...string) string {
		out := `{"type":"s3_exception","reason":"` + denied + `"}`
		for i := len(parts) - 2; i >= 0; i -= 2 {
			out = `{"type":"` + parts[i] + `","reason":"` + parts[i+1] + `","caused_by":` + out + `}`
		}
		return `{"error":` + out + `}`
	}
	w := stocked(t, "3.4.0")
	for _, name := range []string{"s1", "s2"} {
		w.must("PUT /_snapshot/r/"+name+"?wait_for_completion=true", takeOrders)
	}
	deny := func(ops ...string) {
		w.bucket.Refuse = func(op, _ string) error {
			if strings.Contains(strings.Join(ops, " "), op) {
				return fake.Denied()
			}
			return nil
		}
	}
	deny("delete")
	w.play([]step{
		{"PUT /_snapshot/r/s3?wait_for_completion=true", takeOrders, 0, `{"snapshot":{"state":"SUCCESS"}}`},
		{"DELETE /_snapshot/r/s1", "", 0, `{"acknowledged":true}`},
		{"GET /_snapshot/r/_all", "", 0, `{"snapshots":[{"snapshot":"s2"},{"snapshot":"s3"}]}`},
		{"POST /_snapshot/r/_cleanup", "", 0, `{"results":{"deleted_blobs":0,"deleted_bytes":0}}`},
	})
	deny()
	w.play([]step{
		// index-1 to index-3 and the two files of s1.
		{"POST /_snapshot/r/_cleanup", "", 0, `{"results":{"deleted_blobs":5}}`},
		{"POST /_snapshot/r/_cleanup", "", 0, `{"results":{"deleted_blobs":0,"deleted_bytes":0}}`},
	})
	deny("put")
	w.play([]step{
		{"PUT /_snapshot/r/s4?wait_for_completion=true", takeOrders, 500, chained("snapshot_exception", "~failed to update snapshot in repository$", "i_o_exception", "~^Unable to upload object \\\\[mig/meta-.*dat\\\\] using a single upload$")},
		{"DELETE /_snapshot/r/s2", "", 500, chained("i_o_exception", "~^Unable to upload object \\\\[mig/index-[0-9]+\\\\] using a single upload$")},
		{"GET /_snapshot/r/_all", "", 0, `{"snapshots":[{"snapshot":"s2"},{"snapshot":"s3"}]}`},
	})
	deny("get", "list")
	w.play([]step{
		{"GET /_snapshot/r/_all", "", 500, chained("snapshot_exception", "~^\\\\[r:s2/.*\\\\] Snapshot could not be read$")},
		{"GET /_snapshot/r/_all?verbose=false", "", 0, `{"snapshots":[{},{}]}`},
		{"GET /_snapshot/r/s2/_status", "", 500, chained()},
		{"POST /_snapshot/r/s2/_restore", `{"rename_pattern":"orders","rename_replacement":"o"}`, 500, chained()},
		{"DELETE /_snapshot/r/s2,s3", "", 500, chained("repository_exception", "~^\\\\[r\\\\] failed to delete snapshots \\\\[s2/.{22}, s3/.{22}\\\\]$", "i_o_exception", "Exception when listing blobs by prefix [mig/]")},
	})
	deny()
	w.play([]step{{"PUT /_snapshot/r/s5?wait_for_completion=true", takeOrders, 0, `{"snapshot":{"state":"SUCCESS"}}`}})
}

// Nothing is cleaned up while a snapshot is being taken.
func TestCleanupWaits(t *testing.T) {
	w := stocked(t, "2.19.4", slow)
	w.must("PUT /_snapshot/r/s1", takeOrders)
	w.play([]step{{"POST /_snapshot/r/_cleanup", "", 500, `{"error":{"type":"illegal_state_exception","reason":"Cannot cleanup [r] - a snapshot is currently running in [SnapshotsInProgress[s1]]"}}`}})
}
