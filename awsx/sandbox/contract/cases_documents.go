package contract

// Scenarios gives all of them, in the order in which they are played.
func Scenarios() []Scenario {
	all := []Scenario{identity, documents, nested, indices, monitoring, repositories, storeRefuses}
	all = append(all, snapshotScenarios...)
	all = append(all, restoreScenarios...)
	all = append(all, streamScenarios...)
	return append(all, versionScenarios...)
}

var identity = Scenario{Name: "identity", Cases: []Case{
	{Name: "root", Call: "GET /"},
	{Name: "no-such-path", EngineOnly: true, Call: "GET /_no_such_api", Status: 400},
	{Name: "wrong-method", Call: "PUT /", Status: 405, Body: "{}"},
}}

const people = `{"settings":{"number_of_shards":1,"number_of_replicas":0},
	"mappings":{"properties":{"who":{"type":"keyword"},"age":{"type":"integer"},"text":{"type":"text"},"born":{"type":"date"}}},
	"aliases":{"everybody":{},"elders":{"filter":{"range":{"age":{"gte":60}}}}}}`

var documents = Scenario{Name: "documents", Cases: []Case{
	{Name: "create-index", Call: "PUT /people", Body: people},
	{Name: "put", Call: "PUT /people/_doc/1", Body: `{"who":"ada","age":36,"text":"first of all"}`, Status: 201},
	{Name: "put-again", Call: "PUT /people/_doc/1", Body: `{"who":"ada","age":37,"text":"first of all"}`},
	{Name: "post", Call: "POST /people/_doc", Body: `{"who":"bob","age":70}`, Status: 201},
	{Name: "create-taken", Call: "PUT /people/_create/1", Body: `{"who":"eve"}`, Status: 409, Error: "version_conflict_engine_exception", Reason: `document already exists`},
	{Name: "get", Call: "GET /people/_doc/1"},
	{Name: "get-missing", Call: "GET /people/_doc/9", Status: 404},
	{Name: "mapping-refuses", Call: "PUT /people/_doc/2", Body: `{"age":"old"}`, Status: 400, Error: "mapper_parsing_exception", Reason: `failed to parse field \[age\] of type \[integer\]`},
	{
		Name: "bulk", Call: "POST /_bulk", Body: `{"index":{"_index":"people","_id":"3"}}
{"who":"cyd","age":61}
{"index":{"_index":"people","_id":"4"}}
{"age":"old"}
{"create":{"_index":"people","_id":"1"}}
{"who":"eve"}
{"delete":{"_index":"people","_id":"3"}}
{"index":{"_index":"people","_id":"5"}}
{"who":"dan","age":20}
`,
	},
	{Name: "refresh", Call: "POST /people/_refresh"},
	{Name: "refresh-missing", Call: "POST /nobody/_refresh", Status: 404, Error: "index_not_found_exception", Reason: `^no such index \[nobody\]$`},
	{Name: "count", Call: "GET /people/_count"},
	{Name: "count-all", Call: "GET /_count"},
	{Name: "count-missing", Call: "GET /nobody/_count", Status: 404, Error: "index_not_found_exception", Reason: `^no such index \[nobody\]$`},
	{Name: "count-alias-with-filter", Call: "GET /elders/_count"},
	{Name: "search", Call: "GET /people/_search?sort=age:asc&size=2&version=true&seq_no_primary_term=true"},
	{Name: "search-term", Call: "POST /people/_search", Body: `{"query":{"term":{"who":"ada"}},"sort":["_doc"],"_source":["who"]}`},
	{Name: "search-none", Call: "POST /people/_search", Body: `{"size":0,"track_total_hits":true}`},
	{Name: "search-ids", Call: "POST /people/_search", Body: `{"query":{"ids":{"values":["1","5"]}},"sort":[{"age":"desc"}]}`},
	{Name: "search-missing", Call: "GET /nobody/_search", Status: 404, Error: "index_not_found_exception"},
	{Name: "search-after", Call: "POST /people/_search", Body: `{"size":1,"sort":[{"age":"asc"}],"search_after":[20]}`},
	{Name: "scroll", Call: "POST /people/_search?scroll=1m", Body: `{"size":2,"sort":[{"age":"asc"}]}`},
	{Name: "mget", Call: "POST /people/_mget", Body: `{"ids":["1","9"]}`},
	{Name: "malformed-body", Call: "POST /people/_search", Body: `{"query":`, Status: 400, Volatile: "reason type"},
	{Name: "unknown-query", Call: "POST /people/_search", Body: `{"query":{"nope":{}}}`, Status: 400, Error: "parsing_exception", Reason: `unknown query \[nope\]`},
	{Name: "delete", Call: "DELETE /people/_doc/5"},
	{Name: "delete-missing", Call: "DELETE /people/_doc/5", Status: 404},
}}

var indices = Scenario{Name: "indices", Cases: []Case{
	{Call: "PUT /people", Body: people},
	{Call: "PUT /plain", Body: `{"settings":{"index":{"number_of_shards":"2","number_of_replicas":"0","refresh_interval":"5s"}}}`},
	{Name: "create-taken", Call: "PUT /people", Status: 400, Error: "resource_already_exists_exception", Reason: `^index \[people/.*\] already exists$`},
	{Name: "create-capitals", Call: "PUT /People", Status: 400, Error: "invalid_index_name_exception", Reason: `must be lowercase`},
	{Name: "create-underscore", EngineOnly: true, Call: "PUT /_people", Status: 400, Error: "invalid_index_name_exception", Reason: `must not start with '_'`},
	{Name: "create-alias-taken", Call: "PUT /everybody", Status: 400, Error: "invalid_index_name_exception", Reason: `already exists as alias`},
	{Name: "exists", Call: "HEAD /people"},
	{Name: "exists-not", Call: "HEAD /nobody", Status: 404},
	{Name: "get", Call: "GET /people"},
	{Name: "get-missing", Call: "GET /nobody", Status: 404, Error: "index_not_found_exception"},
	{Name: "mapping", Call: "GET /people/_mapping"},
	{Name: "mapping-empty", Call: "GET /plain/_mapping"},
	{Name: "mapping-dynamic-step", Call: "PUT /plain/_doc/1?refresh=true", Body: `{"a":1,"b":"x","c":1.5,"d":true,"e":{"f":"2026-01-02"}}`, Status: 201},
	{Name: "mapping-dynamic", Call: "GET /plain/_mapping"},
	{Name: "mapping-put", Call: "PUT /plain/_mapping", Body: `{"properties":{"g":{"type":"ip"}}}`},
	{Name: "mapping-put-conflict", Call: "PUT /plain/_mapping", Body: `{"properties":{"g":{"type":"long"}}}`, Status: 400, Error: "illegal_argument_exception", Reason: `cannot be changed from type \[ip\] to \[long\]`},
	{Name: "settings", Call: "GET /people/_settings"},
	{Name: "settings-human", Call: "GET /people/_settings?human=true&flat_settings=true"},
	{Name: "settings-put", Call: "PUT /plain/_settings", Body: `{"index":{"number_of_replicas":1,"refresh_interval":null}}`},
	{Name: "settings-after-put", Call: "GET /plain/_settings"},
	{Name: "settings-put-shards", Call: "PUT /plain/_settings", Body: `{"index":{"number_of_shards":3}}`, Status: 400, Error: "illegal_argument_exception", Reason: `Can't update non dynamic settings`},
	{Name: "settings-put-unknown", Call: "PUT /plain/_settings", Body: `{"index":{"no_such":3}}`, Status: 400, Error: "illegal_argument_exception|settings_exception", Reason: `^unknown setting \[index.no_such\] please check`},
	{Name: "aliases", Call: "GET /_alias"},
	{Name: "aliases-of-index", Call: "GET /people/_alias"},
	{Name: "alias-by-name", Call: "GET /_alias/everybody"},
	{Name: "alias-missing", Call: "GET /_alias/nobody", Status: 404},
	{Name: "alias-actions", Call: "POST /_aliases", Body: `{"actions":[{"add":{"index":"plain","alias":"written","is_write_index":true}},{"remove":{"index":"people","alias":"elders"}}]}`},
	{Name: "aliases-after", Call: "GET /_alias"},
	{Name: "cat-aliases", Call: "GET /_cat/aliases?format=json&s=alias"},
	{Name: "resolve-wildcard", Call: "GET /p*/_settings/index.number_of_shards"},
	{Name: "wildcard-none", Call: "GET /zz*/_settings"},
	{Name: "close", Call: "POST /people/_close"},
	{Name: "count-closed", Call: "GET /people/_count", Status: 400, Error: "index_closed_exception", Reason: `^closed$`},
	{Name: "cat-closed", Call: "GET /_cat/indices?format=json&s=index&h=health,status,index,pri,rep"},
	{Name: "open", Call: "POST /people/_open"},
	{Name: "delete", Call: "DELETE /plain"},
	{Name: "delete-missing", Call: "DELETE /plain", Status: 404, Error: "index_not_found_exception"},
	{Name: "delete-alias", Call: "DELETE /everybody", Status: 400, Error: "illegal_argument_exception", Reason: `matches an alias`},
}}

// green is how to wait until a step's shards stand, before something is counted.
const green = "GET /_cluster/health?wait_for_status=yellow&wait_for_no_initializing_shards=true"

var monitoring = Scenario{Name: "monitoring", Cases: []Case{
	{Name: "health-empty", Call: "GET /_cluster/health"},
	{Name: "count-empty", Call: "GET /_count"},
	{Name: "cat-indices-empty", Call: "GET /_cat/indices?format=json&s=index"},
	{Call: "PUT /people", Body: people},
	{Call: "PUT /lonely", Body: `{"settings":{"number_of_shards":2,"number_of_replicas":1}}`},
	{Call: "PUT /people/_doc/1?refresh=true", Body: `{"who":"ada","age":36}`},
	{Call: "POST /_flush"},
	{Call: green},
	{Name: "health", Call: "GET /_cluster/health"},
	{Name: "health-index", Call: "GET /_cluster/health/people"},
	{Name: "health-indices", Call: "GET /_cluster/health?level=indices"},
	{Name: "health-timeout", Call: "GET /_cluster/health/lonely?wait_for_status=green&timeout=1ms", Status: 408},
	{Name: "cat-indices", Call: "GET /_cat/indices?format=json&s=index"},
	{Name: "cat-indices-columns", Call: "GET /_cat/indices?format=json&bytes=b&s=index&h=index,uuid,pri,rep,docs.count,store.size,pri.store.size,creation.date,status,health"},
	{Name: "cat-indices-missing", Call: "GET /_cat/indices/nobody?format=json&s=index", Status: 404, Error: "index_not_found_exception"},
	{Name: "cat-shards", Call: "GET /_cat/shards?format=json&bytes=b&s=index,shard,prirep"},
	{Name: "cat-allocation", Call: "GET /_cat/allocation?format=json&bytes=b&s=shards"},
	{Name: "cat-nodes", Call: "GET /_cat/nodes?format=json&h=name,version,disk.total,disk.avail"},
	{Name: "cat-count", Call: "GET /_cat/count/people?format=json&h=count"},
	{Name: "cluster-settings", Call: "GET /_cluster/settings"},
	{
		Name: "cluster-settings-defaults", Call: "GET /_cluster/settings?include_defaults=true&flat_settings=true",
		Keep: []string{
			"persistent", "transient", "defaults/cluster.max_shards_per_node", "defaults/indices.recovery.max_bytes_per_sec",
			"defaults/cluster.routing.allocation.node_concurrent_recoveries", "defaults/cluster.routing.allocation.disk.watermark.low",
			"defaults/cluster.routing.allocation.awareness.attributes", "defaults/action.auto_create_index",
		},
	},
	{Name: "cluster-settings-put", Call: "PUT /_cluster/settings", Body: `{"transient":{"cluster.max_shards_per_node":"900"}}`},
	{Name: "cluster-settings-reset", Call: "PUT /_cluster/settings", Body: `{"transient":{"cluster.max_shards_per_node":null}}`},
	{Name: "nodes-stats-fs", Call: "GET /_nodes/stats/fs", Keep: []string{"_nodes", "cluster_name", "nodes/*/name", "nodes/*/roles", "nodes/*/fs/total", "nodes/*/fs/timestamp"}},
	{Name: "nodes", Call: "GET /_nodes", Keep: []string{"_nodes", "cluster_name", "nodes/*/name", "nodes/*/version", "nodes/*/roles"}},
	{Name: "stats", Call: "GET /people/_stats/docs,store"},
	{Name: "stats-seq-no", Call: "GET /people/_stats?level=shards", Keep: []string{"_shards", "indices/*/uuid", "indices/*/primaries/docs", "indices/*/shards/*/seq_no", "indices/*/shards/*/routing"}},
	{Name: "templates", Call: "GET /_index_template"},
	{Name: "templates-legacy", Call: "GET /_template"},
	{Name: "component-templates", Call: "GET /_component_template"},
	{Name: "pipelines-none", Call: "GET /_ingest/pipeline", Status: 404},
	{Name: "tasks-pending", Call: "GET /_cluster/pending_tasks"},
}}
