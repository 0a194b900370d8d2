package contract

// snapped are two indices in a finished snapshot r:s1, one with aliases.
var snapped = []Case{
	{Call: "PUT /logs-a", Body: `{"settings":{"number_of_shards":1,"number_of_replicas":0},"mappings":{"properties":{"a":{"type":"long"}}},"aliases":{"logs":{},"first":{"is_write_index":true}}}`},
	{Call: "PUT /logs-b", Body: `{"settings":{"number_of_shards":2,"number_of_replicas":1,"refresh_interval":"7s"}}`},
	{Call: "PUT /logs-a/_doc/1?refresh=true", Body: `{"a":1}`},
	{Call: "PUT /logs-a/_doc/2?refresh=true", Body: `{"a":2}`},
	{Call: "PUT /logs-b/_doc/1?refresh=true", Body: `{"b":1}`},
	{Call: "PUT /_snapshot/r", Body: "@repository"},
	{Call: green},
	{Call: "PUT /_snapshot/r/s1?wait_for_completion=true", Body: `{"indices":"logs-a,logs-b","include_global_state":false}`},
}

// gone deletes what the snapshot holds, so that it can be restored in place.
var gone = []Case{{Call: "DELETE /logs-a"}, {Call: "DELETE /logs-b"}}

func after(parts ...[]Case) []Case {
	var all []Case
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

const restoreS1 = "POST /_snapshot/r/s1/_restore"

var restoreScenarios = []Scenario{
	{Name: "restore", Cases: after(snapped, gone, []Case{
		{Name: "accepted", Call: restoreS1, Body: `{"indices":"logs-a,logs-b","include_global_state":false}`},
		{Name: "health", Call: "GET /_cluster/health/logs-a?wait_for_status=green"},
		{Call: green},
		{Name: "recovery", Call: "GET /logs-a/_recovery", Until: "logs-a/shards/0/stage=DONE"},
		{Name: "recovery-active-none", Call: "GET /_recovery?active_only=true"},
		{Name: "recovery-detailed", Call: "GET /logs-a/_recovery?detailed=true", Keep: []string{"logs-a/shards/id", "logs-a/shards/type", "logs-a/shards/stage", "logs-a/shards/source", "logs-a/shards/index/size", "logs-a/shards/index/files/total"}},
		{Name: "recovery-missing", Call: "GET /nobody/_recovery", Status: 404, Error: "index_not_found_exception"},
		{Name: "cat-recovery", Call: "GET /_cat/recovery?format=json&bytes=b&s=index,shard"},
		{Name: "cat-recovery-of-index", Call: "GET /_cat/recovery/logs-a?format=json&s=shard&h=index,shard,type,stage,repository,snapshot,files_percent,bytes_percent,translog_ops_percent"},
		{Name: "cat-indices", Call: "GET /_cat/indices?format=json&s=index&h=health,status,index,pri,rep,docs.count"},
		{Name: "cat-shards", Call: "GET /_cat/shards?format=json&s=index,shard,prirep&h=index,shard,prirep,state,docs,unassigned.reason"},
		{Name: "count", Call: "GET /logs-a/_count"},
		{Name: "aliases", Call: "GET /_alias"},
		{Name: "settings", Call: "GET /logs-a,logs-b/_settings"},
		{Name: "mapping", Call: "GET /logs-a/_mapping"},
		{Name: "explain-replica", Call: "GET /_cluster/allocation/explain", Body: `{"index":"logs-b","shard":0,"primary":false}`, Keep: []string{"index", "shard", "primary", "current_state", "unassigned_info", "can_allocate", "allocate_explanation"}},
		{Name: "explain-started", Call: "GET /_cluster/allocation/explain", Body: `{"index":"logs-a","shard":0,"primary":true}`, Keep: []string{"index", "shard", "primary", "current_state", "can_remain_on_current_node", "can_rebalance_cluster", "can_rebalance_to_other_node"}},
		{Name: "explain-missing", Call: "GET /_cluster/allocation/explain", Body: `{"index":"nobody","shard":0,"primary":true}`, Status: 404, Error: "index_not_found_exception"},
	})},
	{Name: "restore-options", Cases: after(snapped, []Case{
		{Name: "rename", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-a","rename_pattern":"logs-(.+)","rename_replacement":"old-$1","include_aliases":false}`},
		{Name: "rename-alias", Call: "GET /old-a/_alias"},
		{Name: "rename-settings", Call: "GET /old-a/_settings"},
		{Name: "with-settings", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-b","rename_pattern":"logs","rename_replacement":"bare","index_settings":{"index.number_of_replicas":0},"ignore_index_settings":["index.refresh_interval"]}`},
		{Name: "with-settings-after", Call: "GET /bare-b/_settings"},
		{Name: "with-settings-health", Call: "GET /_cluster/health/bare-b?wait_for_status=green"},
		{Name: "partial", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-b","rename_pattern":"logs","rename_replacement":"part","partial":true}`},
		{Name: "by-wildcard", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-*,-logs-b","rename_pattern":"logs","rename_replacement":"wild","include_aliases":false}`},
		{Name: "nothing-matches", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"zz*"}`},
		{Name: "ignore-unavailable", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-a,nobody","ignore_unavailable":true,"rename_pattern":"logs","rename_replacement":"some","include_aliases":false}`},
		// An unknown setting is no reason to refuse: it is kept as it is.
		{Name: "unknown-setting", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-a","rename_pattern":"logs","rename_replacement":"odd","include_aliases":false,"index_settings":{"index.no_such":3}}`},
		{Name: "unknown-setting-after", Call: "GET /odd-a/_settings"},
		{Name: "over-closed-step", Call: "POST /old-a/_close"},
		{Name: "over-closed", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-a","rename_pattern":"logs-a","rename_replacement":"old-a","include_aliases":false}`},
		{Name: "over-closed-open", Call: "GET /_cat/indices/old-a?format=json&s=index&h=health,status,index,docs.count"},
	})},
	{Name: "restore-refused", Cases: after(snapped, []Case{
		{Name: "open-index", Call: restoreS1, Body: `{"indices":"logs-a"}`, Status: 500, Error: "snapshot_restore_exception", Reason: `cannot restore index \[logs-a\] because an open index with same name already exists in the cluster`},
		{Name: "everything", Call: restoreS1, Status: 500, Error: "snapshot_restore_exception", Reason: `because an open index with same name already exists`},
		{Name: "not-in-snapshot", Call: restoreS1, Body: `{"indices":"nobody"}`, Status: 404, Error: "index_not_found_exception", Reason: `^no such index \[nobody\]$`},
		{Name: "blank-after-comma", Call: restoreS1, Body: `{"indices":"logs-a, logs-b","rename_pattern":"logs","rename_replacement":"x"}`, Status: 404, Error: "index_not_found_exception", Reason: `^no such index \[ logs-b\]$`},
		{Name: "snapshot-missing", Call: "POST /_snapshot/r/nobody/_restore", Status: 500, Error: "snapshot_restore_exception", Reason: `^\[r:nobody\] snapshot does not exist$`},
		{Name: "repository-missing", Call: "POST /_snapshot/nobody/s1/_restore", Status: 404, Error: "repository_missing_exception", Reason: `^\[nobody\] missing$`},
		{Name: "shards-modified", Call: restoreS1, Body: `{"indices":"logs-a","rename_pattern":"logs","rename_replacement":"x","index_settings":{"index.number_of_shards":3}}`, Status: 500, Error: "snapshot_restore_exception", Reason: `cannot modify (UnmodifiableOnRestore )?setting \[index.number_of_shards\] on restore$`},
		{Name: "shards-ignored", Call: restoreS1, Body: `{"indices":"logs-a","rename_pattern":"logs","rename_replacement":"x","ignore_index_settings":["index.number_of_shards"]}`, Status: 500, Error: "snapshot_restore_exception", Reason: `cannot remove (UnmodifiableOnRestore )?setting \[index.number_of_shards\] on restore$`},
		{Name: "two-write-indices", Call: restoreS1, Body: `{"indices":"logs-a","rename_pattern":"logs","rename_replacement":"x"}`, Status: 500, Error: "illegal_state_exception", Reason: `^alias \[first\] has more than one write index \[`},
		{Name: "unknown-parameter", Call: restoreS1, Body: `{"indixes":"logs-a"}`, Status: 400, Error: "illegal_argument_exception", Reason: `^Unknown parameter indixes$`},
		{Name: "bad-name", Call: restoreS1, Body: `{"indices":"logs-a","rename_pattern":"logs","rename_replacement":"LOGS"}`, Status: 400, Error: "invalid_index_name_exception", Reason: `must be lowercase`},
		{Name: "two-into-one", Call: restoreS1, Body: `{"indices":"logs-a,logs-b","rename_pattern":".+","rename_replacement":"same"}`, Status: 500, Error: "snapshot_restore_exception", Reason: `indices \[logs-[ab]\] and \[logs-[ab]\] are renamed into the same index \[same\]$`},
		{Name: "alias-is-an-index-step", Call: "PUT /taken", Body: `{"settings":{"number_of_replicas":0},"aliases":{"x-a":{}}}`},
		{Name: "alias-stands-there", Call: restoreS1, Body: `{"indices":"logs-a","rename_pattern":"logs","rename_replacement":"x","include_aliases":false}`, Status: 400, Error: "invalid_index_name_exception", Reason: `already exists as alias`},
		{Name: "closed-step", Call: "PUT /closed", Body: `{"settings":{"number_of_shards":1,"number_of_replicas":0}}`},
		{Name: "closed-step-2", Call: "POST /closed/_close"},
		{Name: "shards-differ", Call: restoreS1, Body: `{"indices":"logs-b","rename_pattern":"logs-b","rename_replacement":"closed"}`, Status: 500, Error: "snapshot_restore_exception", Reason: `cannot restore index \[closed\] with \[1\] shards from a snapshot of index \[logs-b\] with \[2\] shards$`},
		{Name: "too-many-shards-step", Call: "PUT /_cluster/settings", Body: `{"transient":{"cluster.max_shards_per_node":1}}`},
		{Name: "too-many-shards", Call: restoreS1, Body: `{"indices":"logs-b","rename_pattern":"logs","rename_replacement":"y"}`, Status: 400, Error: "validation_exception", Reason: `this action would add \[4\] total (LOCAL_ONLY )?shards, but this cluster currently has`},
		{Name: "too-many-shards-reset", Call: "PUT /_cluster/settings", Body: `{"transient":{"cluster.max_shards_per_node":null}}`},
	})},
	{Name: "restore-aliases", Cases: after(snapped, gone, []Case{
		{Name: "renamed-to-its-alias", Call: restoreS1, Body: `{"indices":"logs-a","rename_pattern":"logs-a","rename_replacement":"logs"}`, Status: 500, Error: "snapshot_restore_exception", Reason: `cannot rename index \[logs-a\] into \[logs\] because of conflict with an alias with the same name$`},
		{Name: "without", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-a","rename_pattern":"logs-a","rename_replacement":"logs","include_aliases":false}`},
		{Name: "without-after", Call: "GET /_alias"},
		{Name: "alias-is-an-index", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-a","rename_pattern":"logs","rename_replacement":"old"}`, Status: 500, Error: "illegal_state_exception", Reason: `^index, alias, and data stream names need to be unique`},
	})},
	restoreRunning,
}

// restoreRunning slows a restore down so far that it can be looked at.
var restoreRunning = Scenario{Name: "restore-running", Cases: []Case{
	{Call: "PUT /big", Body: one},
	{Call: "POST /_bulk?refresh=true", Body: "@bulk big 300 2000"},
	{Call: "POST /_flush?force=true"},
	{Call: green},
	{Call: "PUT /_snapshot/r", Body: "@repository"},
	{Call: "PUT /_snapshot/r/s1?wait_for_completion=true", Body: `{"indices":"big","include_global_state":false}`},
	{Call: "DELETE /_snapshot/r"},
	{Call: "PUT /_snapshot/r", Body: "@repository max_restore_bytes_per_sec=100kb"},
	{Call: "DELETE /big"},
	{Name: "accepted", Call: restoreS1, Body: `{"indices":"big","include_global_state":false}`},
	{Name: "recovery", Call: "GET /_recovery?active_only=true", Until: "big/shards/0/stage=INDEX", Volatile: "percent"},
	{Name: "cat-recovery", Call: "GET /_cat/recovery?format=json&active_only=true&s=index,shard&h=index,shard,type,stage,repository,snapshot,files,files_percent,bytes,bytes_recovered,bytes_percent,bytes_total", Volatile: "files_percent bytes_percent"},
	{Name: "cat-shards", Call: "GET /_cat/shards?format=json&s=index,shard&h=index,shard,prirep,state,unassigned.reason"},
	{Name: "health", Call: "GET /_cluster/health/big"},
	{Name: "cat-indices", Call: "GET /_cat/indices/big?format=json&s=index&h=health,status,index,pri,rep"},
	{Name: "delete-repository", Call: "DELETE /_snapshot/r", Status: 500, Error: "illegal_state_exception", Reason: `trying to modify or unregister repository`},
	{Name: "delete-snapshot", Call: "DELETE /_snapshot/r/s1", Status: 503, Per: map[string]int{"3.4.0": 409}, Error: "concurrent_snapshot_execution_exception", Reason: `cannot delete snapshot during a restore in progress`},
	{Name: "delete-index", Call: "DELETE /big"},
}}
