package contract

// one is an index of one shard without replicas, so that a single node is green.
const one = `{"settings":{"number_of_shards":1,"number_of_replicas":0}}`

var twoIndices = []Case{
	{Call: "PUT /logs-a", Body: one},
	{Call: "PUT /logs-b", Body: `{"settings":{"number_of_shards":2,"number_of_replicas":0},"aliases":{"logs":{}}}`},
	{Call: "PUT /logs-a/_doc/1?refresh=true", Body: `{"a":1}`},
	{Call: "PUT /logs-b/_doc/1?refresh=true", Body: `{"b":1}`},
	{Call: "PUT /logs-b/_doc/2?refresh=true", Body: `{"b":2}`},
	{Call: "PUT /_snapshot/r", Body: "@repository"},
	{Call: green},
}

const created = "snapshots/0/state=SUCCESS"

var snapshotScenarios = []Scenario{
	{Name: "snapshot", Cases: append(twoIndices, []Case{
		{Name: "none-running", Call: "GET /_snapshot/_status"},
		{Name: "create", Call: "PUT /_snapshot/r/s1?wait_for_completion=false", Body: `{"indices":"logs-a,logs-b","include_global_state":false,"metadata":{"marker":"m-1"}}`},
		{Name: "done", Call: "GET /_snapshot/r/s1", Until: created},
		{Name: "status", Call: "GET /_snapshot/r/s1/_status"},
		{Name: "create-and-wait", Call: "PUT /_snapshot/r/s2?wait_for_completion=true", Body: `{"indices":["logs-b"],"include_global_state":false}`},
		{Name: "create-everything", Call: "PUT /_snapshot/r/s3?wait_for_completion=true"},
		{Name: "list", Call: "GET /_snapshot/r/_all"},
		{Name: "list-by-pattern", Call: "GET /_snapshot/r/s1,s2"},
		{Name: "list-brief", Call: "GET /_snapshot/r/_all?verbose=false"},
		{Name: "cat", Call: "GET /_cat/snapshots/r?format=json&s=id"},
		{Name: "current", Call: "GET /_snapshot/r/_current"},
		{Name: "delete", Call: "DELETE /_snapshot/r/s2"},
		{Name: "after-delete", Call: "GET /_snapshot/r/s2", Status: 404, Error: "snapshot_missing_exception", Reason: `^\[r:s2\] is missing$`},
		{Name: "delete-missing", Call: "DELETE /_snapshot/r/s2", Status: 404, Error: "snapshot_missing_exception", Reason: `^\[r:s2\] is missing$`},
	}...)},
	{Name: "snapshot-refused", Cases: append(twoIndices, []Case{
		{Call: "PUT /_snapshot/r/s1?wait_for_completion=true", Body: `{"indices":"logs-a"}`},
		{Name: "taken", Call: "PUT /_snapshot/r/s1", Body: `{"indices":"logs-a"}`, Status: 400, Error: "invalid_snapshot_name_exception", Reason: `^\[r:s1\] Invalid snapshot name \[s1\], snapshot with the same name already exists$`},
		{Name: "capitals", Call: "PUT /_snapshot/r/Snap", Status: 400, Error: "invalid_snapshot_name_exception", Reason: `\[r:Snap\] Invalid snapshot name \[Snap\], must be lowercase$`},
		{Name: "blank", Call: "PUT /_snapshot/r/a%20b", Status: 400, Error: "invalid_snapshot_name_exception", Reason: `must not contain whitespace$`},
		{Name: "comma", Call: "PUT /_snapshot/r/a,b", Status: 400, Error: "invalid_snapshot_name_exception", Reason: `must not contain ','$`},
		{Name: "hash", Call: "PUT /_snapshot/r/a%23b", Status: 400, Error: "invalid_snapshot_name_exception", Reason: `must not contain '#'$`},
		{Name: "underscore", Call: "PUT /_snapshot/r/_a", Status: 400, Error: "invalid_snapshot_name_exception", Reason: `must not start with '_'$`},
		{Name: "star", Call: "PUT /_snapshot/r/a%2Ab", Status: 400, Error: "invalid_snapshot_name_exception", Reason: `must not contain the following characters \[`},
		{Name: "no-such-index", Call: "PUT /_snapshot/r/s4", Body: `{"indices":"logs-a,nobody"}`, Status: 404, Error: "index_not_found_exception", Reason: `^no such index \[nobody\]$`},
		{Name: "ignore-unavailable", Call: "PUT /_snapshot/r/s5?wait_for_completion=true", Body: `{"indices":"logs-a,nobody","ignore_unavailable":true,"include_global_state":false}`},
		{Name: "leading-exclusion", Call: "PUT /_snapshot/r/s6", Body: `{"indices":"-logs-b"}`, Status: 404, Error: "index_not_found_exception", Reason: `^no such index \[-logs-b\]$`},
		{Name: "star-then-exclusion", Call: "PUT /_snapshot/r/s7?wait_for_completion=true", Body: `{"indices":"*,-logs-b","include_global_state":false}`},
		{Name: "blank-after-comma", Call: "PUT /_snapshot/r/s8", Body: `{"indices":"logs-a, logs-b"}`, Status: 404, Error: "index_not_found_exception", Reason: `^no such index \[ logs-b\]$`},
		{Name: "unknown-parameter-is-ignored", Call: "PUT /_snapshot/r/s9?wait_for_completion=true", Body: `{"indixes":"logs-a","include_global_state":false}`},
		{Name: "metadata-no-object", Call: "PUT /_snapshot/r/s11", Body: `{"indices":"logs-a","metadata":"m"}`, Status: 400},
		{Name: "no-repository", Call: "PUT /_snapshot/nobody/s1", Status: 404, Error: "repository_missing_exception", Reason: `^\[nobody\] missing$`},
		{Name: "get-no-repository", Call: "GET /_snapshot/nobody/s1", Status: 404, Error: "repository_missing_exception"},
		{Name: "get-missing", Call: "GET /_snapshot/r/nobody", Status: 404, Error: "snapshot_missing_exception", Reason: `^\[r:nobody\] is missing$`},
		{Name: "get-missing-ignored", Call: "GET /_snapshot/r/nobody?ignore_unavailable=true"},
		{Name: "status-missing", Call: "GET /_snapshot/r/nobody/_status", Status: 404, Error: "snapshot_missing_exception"},
		{Name: "readonly-step", Call: "PUT /_snapshot/ro", Body: "@repository readonly=true"},
		{Name: "readonly-create", Call: "PUT /_snapshot/ro/s10", Body: `{"indices":"logs-a"}`, Status: 500, Error: "repository_exception", Reason: `^\[ro\] cannot create snapshot in a readonly repository$`},
		{Name: "readonly-delete", Call: "DELETE /_snapshot/ro/s1", Status: 500, Error: "repository_exception", Reason: `^\[ro\] (cannot delete snapshot from a|repository is) readonly`},
	}...)},
	snapshotRunning,
	snapshotOfRed,
}

// snapshotRunning slows a snapshot down so far that it can be looked at.
var snapshotRunning = Scenario{Name: "snapshot-running", Cases: []Case{
	{Call: "PUT /big", Body: one},
	{Call: "PUT /small", Body: one},
	{Call: "POST /_bulk?refresh=true", Body: "@bulk big 300 2000"},
	{Call: "POST /_flush?force=true"},
	{Call: green},
	{Call: "PUT /_snapshot/r", Body: "@repository max_snapshot_bytes_per_sec=100kb"},
	{Name: "create", Call: "PUT /_snapshot/r/slow", Body: `{"indices":"big","include_global_state":false}`},
	{Name: "status", Call: "GET /_snapshot/r/slow/_status", Until: "snapshots/0/shards_stats/started=1"},
	{Name: "status-all", Call: "GET /_snapshot/_status"},
	{Name: "get", Call: "GET /_snapshot/r/slow"},
	{Name: "current", Call: "GET /_snapshot/r/_current"},
	{Name: "taken", Call: "PUT /_snapshot/r/slow", Body: `{"indices":"big"}`, Status: 400, Error: "invalid_snapshot_name_exception", Reason: `snapshot with the same name is already in-progress$`},
	{Name: "second", Call: "PUT /_snapshot/r/beside", Body: `{"indices":"small","include_global_state":false}`},
	{Name: "delete-index", Call: "DELETE /big", Status: 400, Error: "snapshot_in_progress_exception", Reason: `^Cannot delete indices that are being snapshotted: \[\[big/`},
	{Name: "close-index", Call: "POST /big/_close", Status: 400, Error: "snapshot_in_progress_exception", Reason: `^Cannot close indices that are being snapshotted: \[\[big/`},
	{Name: "delete-repository", Call: "DELETE /_snapshot/r", Status: 500, Error: "illegal_state_exception", Reason: `trying to modify or unregister repository`},
	{Name: "register-elsewhere", Call: "PUT /_snapshot/r", Body: "@repository compress=false", Status: 500, Error: "illegal_state_exception", Reason: `trying to modify or unregister repository`},
	// OpenSearch 3 takes a change of the throttles while the repository is in use.
	{Name: "register-faster", Call: "PUT /_snapshot/r", Body: "@repository max_snapshot_bytes_per_sec=99kb", Status: 500, Per: map[string]int{"3.4.0": 200}},
	{Name: "cancel", Call: "DELETE /_snapshot/r/slow"},
	{Name: "after-cancel", Call: "GET /_snapshot/r/slow", Status: 404, Error: "snapshot_missing_exception"},
	{Name: "beside-done", Call: "GET /_snapshot/r/beside", Until: created},
}}

// nowhere is an index whose primary finds no node: red for good.
const nowhere = `{"settings":{"number_of_shards":1,"number_of_replicas":0,"index.routing.allocation.require._name":"nobody"}}`

var snapshotOfRed = Scenario{Name: "red", Cases: []Case{
	{Call: "PUT /fine", Body: one},
	{Call: "PUT /fine/_doc/1?refresh=true", Body: `{"a":1}`},
	{Call: "PUT /lost?wait_for_active_shards=0", Body: nowhere},
	{Call: "PUT /_snapshot/r", Body: "@repository"},
	{Name: "health", Call: "GET /_cluster/health?level=indices"},
	{Name: "cat-indices", Call: "GET /_cat/indices?format=json&s=index&h=health,status,index,pri,rep,docs.count,store.size"},
	{Name: "cat-shards", Call: "GET /_cat/shards?format=json&s=index&h=index,shard,prirep,state,docs,node,unassigned.reason"},
	{Name: "explain", Call: "GET /_cluster/allocation/explain", Body: `{"index":"lost","shard":0,"primary":true}`, Keep: []string{"index", "shard", "primary", "current_state", "unassigned_info", "can_allocate", "allocate_explanation", "node_allocation_decisions/deciders"}},
	{Name: "create", Call: "PUT /_snapshot/r/s1", Body: `{"indices":"fine,lost"}`, Status: 500, Error: "snapshot_exception", Reason: `^\[r:s1/.*\] Indices don't have primary shards \[lost\]$`},
	{Name: "create-partial", Call: "PUT /_snapshot/r/s2", Body: `{"indices":"fine,lost","partial":true,"include_global_state":false}`},
	{Name: "partial", Call: "GET /_snapshot/r/s2", Until: "snapshots/0/state=PARTIAL"},
	{Name: "partial-status", Call: "GET /_snapshot/r/s2/_status"},
	{Call: "DELETE /fine,lost"},
	{Name: "restore", Call: "POST /_snapshot/r/s2/_restore", Body: `{"indices":"lost"}`, Status: 500, Error: "snapshot_restore_exception", Reason: `index \[lost\] wasn't fully snapshotted - cannot restore$`},
	{Name: "restore-the-rest", Call: "POST /_snapshot/r/s2/_restore?wait_for_completion=true", Body: `{"indices":"fine"}`},
	{Name: "restored-nowhere", Call: "POST /_snapshot/r/s2/_restore", Body: `{"indices":"fine","rename_pattern":"fine","rename_replacement":"stuck","index_settings":{"index.routing.allocation.require._name":"nobody"}}`},
	{Name: "restored-nowhere-shards", Call: "GET /_cat/shards/stuck?format=json&s=shard&h=index,shard,prirep,state,docs,unassigned.reason", Until: "0/state=UNASSIGNED"},
	// Its colour is nobody's: seen yellow, and red on a slow 7.10.2, by whether the
	// allocation had been tried yet.
	{Call: "GET /_cluster/health/stuck"},
	{Name: "restored-nowhere-recovery", Call: "GET /stuck/_recovery"},
}}
