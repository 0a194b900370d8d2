package contract

// looks ask what a migration wants to see beside snapshots.
var looks = []Case{
	{Name: "root", Call: "GET /"},
	{Name: "health", Call: "GET /_cluster/health"},
	{Name: "cluster-settings", Call: "GET /_cluster/settings", Status: asRecorded},
	{Name: "nodes-stats", Call: "GET /_nodes/stats/fs", Keep: errorOnly},
	{Name: "cat-nodes", Call: "GET /_cat/nodes?format=json&h=version"},
	{Name: "cat-indices", Call: "GET /_cat/indices?format=json&h=index&s=index"},
	{Name: "cat-shards", Call: "GET /_cat/shards?format=json&h=index,shard,prirep&s=index,shard,prirep"},
	{Name: "cat-recovery", Call: "GET /_cat/recovery?format=json&h=index,shard&s=index,shard"},
	{Name: "recovery", Call: "GET /_recovery", Keep: errorOnly},
	{Name: "recovery-of", Call: "GET /logs-a/_recovery", Keep: errorOnly},
	{Name: "stats-of", Call: "GET /logs-a/_stats/docs", Keep: errorOnly},
	{Name: "count", Call: "GET /_count"},
	{Name: "count-of", Call: "GET /logs-a/_count"},
	{Name: "search-of", Call: "GET /logs-a/_search?sort=a"},
	{Name: "mget-of", Call: "POST /logs-a/_mget", Body: `{"ids":["1"]}`},
	{Name: "mapping-of", Call: "GET /logs-a/_mapping"},
	{Name: "settings", Call: "GET /_settings/index.number_of_replicas"},
	{Name: "settings-of", Call: "GET /logs-a/_settings/index.number_of_replicas"},
	{Name: "alias", Call: "GET /_alias"},
	{Name: "alias-of", Call: "GET /logs-a/_alias"},
	{Name: "index-of", Call: "GET /logs-a", Keep: errorOnly},
	{Name: "exists", Call: "HEAD /logs-a"},
}

// errorOnly keeps of an answer only whether it was refused.
var errorOnly = []string{"error", "status"}

// snapshotCalls are what manage_snapshots is for.
var snapshotCalls = []Case{
	{Name: "register", Call: "PUT /_snapshot/own", Body: "@repository"},
	{Name: "repository", Call: "GET /_snapshot/own"},
	{Name: "repositories", Call: "GET /_snapshot"},
	{Name: "verify", Call: "POST /_snapshot/own/_verify"},
	{Name: "create", Call: "PUT /_snapshot/own/s2?wait_for_completion=true", Body: `{"indices":"logs-a","include_global_state":false}`},
	{Name: "snapshot", Call: "GET /_snapshot/own/s2", Until: created},
	{Name: "snapshots", Call: "GET /_snapshot/own/_all", Keep: append([]string{"snapshots/snapshot"}, errorOnly...)},
	{Name: "status", Call: "GET /_snapshot/own/s2/_status", Keep: append([]string{"snapshots/state"}, errorOnly...)},
	{Name: "running", Call: "GET /_snapshot/_status"},
	{Name: "delete", Call: "DELETE /_snapshot/own/s2"},
	{Name: "unregister", Call: "DELETE /_snapshot/own"},
}

// restoreCalls read the snapshot that is there before.
var restoreCalls = []Case{
	{Name: "restore", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-a","rename_pattern":"logs","rename_replacement":"back","include_aliases":false,"include_global_state":false}`},
}

// infos ask the plugin itself who one is; everybody may.
var infos = []Case{
	{Name: "authinfo", Call: "GET " + security + "authinfo"},
	{Name: "permissions", Call: "GET " + security + "api/permissionsinfo", Keep: mayUseAPI},
	{Name: "account", Call: "GET " + security + "api/account"},
}

// mayUseAPI leaves out the long list of closed endpoints, which is that of all.
var mayUseAPI = []string{"user", "user_name", "has_api_access"}

// writes change documents and indices.
var writes = []Case{
	{Name: "put-document", Call: "PUT /logs-a/_doc/9?refresh=true", Body: `{"a":9}`, Status: 201},
	{Name: "bulk", Call: "POST /_bulk", Body: `{"index":{"_index":"logs-a","_id":"9"}}` + "\n{\"a\":9}\n"},
	{Name: "delete-document", Call: "DELETE /logs-a/_doc/9"},
	{Name: "put-settings", Call: "PUT /logs-b/_settings", Body: `{"index":{"number_of_replicas":0}}`},
	{Name: "put-mapping", Call: "PUT /logs-b/_mapping", Body: `{"properties":{"c":{"type":"long"}}}`},
	{Name: "put-alias", Call: "POST /_aliases", Body: `{"actions":[{"add":{"index":"logs-b","alias":"second"}}]}`},
	{Name: "refresh", Call: "POST /logs-a/_refresh"},
	{Name: "flush", Call: "POST /logs-a/_flush"},
	{Name: "create-index", Call: "PUT /mine", Body: one},
	{Name: "close-index", Call: "POST /mine/_close"},
	{Name: "open-index", Call: "POST /mine/_open"},
	{Name: "delete-index", Call: "DELETE /mine"},
	{Name: "put-template", Call: "PUT /_index_template/t", Body: `{"index_patterns":["t-*"]}`},
	{Name: "delete-template", Call: "DELETE /_index_template/t"},
	{Name: "put-old-template", Call: "PUT /_template/t", Body: `{"index_patterns":["t-*"]}`},
	{Name: "delete-old-template", Call: "DELETE /_template/t"},
	{Name: "put-cluster-settings", Call: "PUT /_cluster/settings", Body: `{"transient":{"cluster.max_shards_per_node":null}}`},
}

// rarer are further calls, for the names of their actions.
var rarer = []Case{
	{Name: "cat-aliases", Call: "GET /_cat/aliases?format=json&h=alias&s=alias"},
	{Name: "cat-allocation", Call: "GET /_cat/allocation?format=json&h=shards&s=shards"},
	{Name: "cat-count", Call: "GET /_cat/count?format=json&h=count"},
	{Name: "cat-health", Call: "GET /_cat/health?format=json&h=status"},
	{Name: "cat-plugins", Call: "GET /_cat/plugins?format=json&h=component&s=component"},
	{Name: "cat-repositories", Call: "GET /_cat/repositories?format=json&s=id"},
	{Name: "cat-snapshots", Call: "GET /_cat/snapshots/r?format=json&h=id&s=id"},
	{Name: "cat-templates", Call: "GET /_cat/templates?format=json&h=name&s=name"},
	{Name: "cleanup", Call: "POST /_snapshot/r/_cleanup"},
	{Name: "data-streams", Call: "GET /_data_stream", On: []string{"opensearch"}},
	{Name: "explain", Call: "GET /_cluster/allocation/explain", Body: `{"index":"logs-a","shard":0,"primary":true}`, Keep: errorOnly},
	{Name: "get-document", Call: "GET /logs-a/_doc/1"},
	{Name: "health-of", Call: "GET /_cluster/health/logs-a"},
	{Name: "nodes", Call: "GET /_nodes/settings", Keep: errorOnly},
	{Name: "old-templates", Call: "GET /_template"},
	{Name: "pending", Call: "GET /_cluster/pending_tasks"},
	{Name: "pipelines", Call: "GET /_ingest/pipeline"},
	{Name: "scroll", Call: "POST /logs-a/_search?scroll=1m", Body: `{"size":1,"sort":["a"]}`},
	{Name: "stats", Call: "GET /_stats/docs", Keep: errorOnly},
	{Name: "templates", Call: "GET /_index_template"},
}

// refusedAPI is the security API to one without security_manager.
var refusedAPI = []Case{
	{Name: "mappings", Call: "GET " + security + "api/rolesmapping", Status: 403},
	{Name: "map", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":["x"]}`, Status: 403},
	{Name: "patch", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":"add","path":"/users","value":["x"]}]`, Status: 403},
	{Name: "unmap", Call: "DELETE " + mappings + "manage_snapshots", Status: 403},
	{Name: "roles", Call: "GET " + security + "api/roles/manage_snapshots", Status: 403},
	{Name: "make-role", Call: "PUT " + security + "api/roles/own", Body: observer, Status: 403},
	{Name: "users", Call: "GET " + security + "api/internalusers", Status: 403},
}
