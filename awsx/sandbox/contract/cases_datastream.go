package contract

// web is a data stream of two generations with a document in each.
var web = []Case{
	{Call: "PUT /_index_template/web", Body: `{"index_patterns":["web*"],"priority":7,"data_stream":{},"template":{"settings":{"number_of_shards":1,"number_of_replicas":0},"mappings":{"properties":{"n":{"type":"long"}}}}}`},
	{Call: "POST /web/_doc?refresh=true", Body: `{"@timestamp":"2026-11-22T00:00:00Z","n":1}`},
	{Call: "POST /web/_rollover"},
	{Call: "POST /web/_doc?refresh=true", Body: `{"@timestamp":"2026-11-22T01:00:00Z","n":2}`},
	{Call: "PUT /plain", Body: `{"settings":{"number_of_shards":1,"number_of_replicas":0}}`},
}

const (
	streamsNow = "GET /_data_stream"
	indicesNow = "GET /_cat/indices?format=json&h=index,status,docs.count&s=index&expand_wildcards=all"
)

// sweep leaves no stream, index or template of these scenarios behind.
var sweep = []Case{
	{Call: "DELETE /_data_stream/*"},
	{Call: "DELETE /*,.ds-*?expand_wildcards=all"},
	{Call: "DELETE /_index_template/*"},
}

var streamScenarios = []Scenario{
	{Name: "stream", On: []string{"opensearch"}, Cases: after(web, []Case{
		{Name: "get", Call: "GET /_data_stream/web"},
		{Name: "get-all", Call: streamsNow},
		{Name: "get-pattern", Call: "GET /_data_stream/w*"},
		{Name: "get-missing", Call: "GET /_data_stream/nobody", Status: 404, Error: "index_not_found_exception"},
		{Name: "get-nothing", Call: "GET /_data_stream/zz*"},
		{Name: "make-again", Call: "PUT /_data_stream/web", Status: 400},
		{Name: "make-without-template", Call: "PUT /_data_stream/other", Status: 400},
		{Name: "make", Call: "PUT /_data_stream/web-two"},
		{Name: "rollover", Call: "POST /web-two/_rollover"},
		{Name: "unmake", Call: "DELETE /_data_stream/web-two"},
		{Name: "index-of-its-name", Call: "PUT /web", Status: 400},
		{Name: "index-of-the-pattern", Call: "PUT /web-three", Status: 400},
		{Name: "put-document", Call: "PUT /web/_doc/1", Body: `{"@timestamp":"2026-11-22T00:00:00Z"}`, Status: 400},
		{Name: "create-document", Call: "PUT /web/_create/1", Body: `{"@timestamp":"2026-11-22T00:00:00Z"}`, Status: 201},
		{Name: "without-timestamp", Call: "POST /web/_doc", Body: `{"n":3}`, Status: 400},
		{Name: "delete-document", Call: "DELETE /web/_doc/1", Status: 400},
		{Name: "update-document", Call: "POST /web/_update/1", Body: `{"doc":{"n":4}}`, Status: 400},
		{Name: "delete-in-backing", Call: "DELETE /.ds-web-000002/_doc/1"},
		{Call: "POST /_refresh"},
		{Name: "bulk", Call: "POST /web/_bulk?refresh=true", Body: `{"index":{"_id":"9"}}` + "\n" + `{"@timestamp":"2026-11-22T02:00:00Z"}` + "\n"},
		{Name: "count", Call: "GET /web/_count"},
		{Name: "count-pattern", Call: "GET /we*/_count"},
		{Name: "count-backing", Call: "GET /.ds-web-000001/_count"},
		{Name: "search", Call: "GET /web/_search?sort=n"},
		{Name: "mapping", Call: "GET /web/_mapping"},
		{Name: "settings", Call: "GET /web/_settings"},
		{Name: "index", Call: "GET /web"},
		{Name: "exists", Call: "HEAD /web"},
		{Name: "cat", Call: "GET /_cat/indices?format=json&h=index&s=index"},
		{Name: "cat-all", Call: indicesNow},
		{Name: "cat-by-name", Call: "GET /_cat/indices/web?format=json&h=index&s=index"},
		{Name: "aliases", Call: "GET /_alias"},
		{Name: "stats", Call: "GET /web/_stats/docs", Volatile: "deleted"},
		{Name: "recovery", Call: "GET /web/_recovery", Keep: []string{".ds-web-000001/shards/stage", ".ds-web-000002/shards/stage"}},
		{Name: "health", Call: "GET /_cluster/health/web", Keep: []string{"status", "active_shards"}},
		{Name: "delete-as-index", Call: "DELETE /web", Status: 404},
		{Name: "delete-write-index", Call: "DELETE /.ds-web-000002", Status: 400},
		{Name: "close-write-index", Call: "POST /.ds-web-000002/_close", Status: asRecorded},
		{Name: "delete-template", Call: "DELETE /_index_template/web", Status: 400},
		{Name: "delete-old-index", Call: "DELETE /.ds-web-000001"},
		{Name: "after", Call: "GET /_data_stream/web"},
		{Name: "delete-missing", Call: "DELETE /_data_stream/nobody"},
		{Name: "delete", Call: "DELETE /_data_stream/web"},
		{Name: "gone", Call: "GET /web/_count", Status: 404},
		{Name: "gone-cat", Call: indicesNow},
		{Name: "template-delete", Call: "DELETE /_index_template/web"},
	}, sweep)},
	{Name: "stream-snapshot", On: []string{"opensearch"}, Cases: after(web, []Case{
		{Call: "PUT /_snapshot/r", Body: "@repository"},
		{Call: green},
		{Name: "by-name", Call: "PUT /_snapshot/r/name?wait_for_completion=true", Body: `{"indices":"web","include_global_state":false}`},
		{Name: "everything", Call: "PUT /_snapshot/r/all?wait_for_completion=true", Body: `{"include_global_state":false}`},
		{Name: "by-pattern", Call: "PUT /_snapshot/r/pattern?wait_for_completion=true", Body: `{"indices":"we*","include_global_state":false}`},
		{Name: "by-backing", Call: "PUT /_snapshot/r/backing?wait_for_completion=true", Body: `{"indices":".ds-web-000001","include_global_state":false}`},
		{Name: "by-backing-pattern", Call: "PUT /_snapshot/r/backings?wait_for_completion=true", Body: `{"indices":".ds-*","include_global_state":false}`},
		{Name: "without", Call: "PUT /_snapshot/r/without?wait_for_completion=true", Body: `{"indices":"*,-web","include_global_state":false}`},
		{Name: "without-backing", Call: "PUT /_snapshot/r/nobacking?wait_for_completion=true", Body: `{"indices":"*,-.ds-*","include_global_state":false}`, Status: 500, Error: "null_pointer_exception"},
		{Name: "without-one", Call: "PUT /_snapshot/r/noone?wait_for_completion=true", Body: `{"indices":"*,-.ds-web-000001","include_global_state":false}`, Status: asRecorded},
		{Name: "without-pattern", Call: "PUT /_snapshot/r/nopattern?wait_for_completion=true", Body: `{"indices":"*,-we*","include_global_state":false}`, Status: asRecorded},
		{Name: "name-and-plain", Call: "PUT /_snapshot/r/two?wait_for_completion=true", Body: `{"indices":["plain","web"],"include_global_state":false}`},
		{Name: "get", Call: "GET /_snapshot/r/name"},
		{Name: "status", Call: "GET /_snapshot/r/name/_status", Keep: []string{"snapshots/indices/.ds-web-000001/shards_stats/total", "snapshots/state"}},
		{Name: "list", Call: "GET /_snapshot/r/_all", Keep: []string{"snapshots/snapshot", "snapshots/data_streams", "snapshots/indices"}},
	}, sweep)},
	streamRestore, streamTemplate, streamConflict, streamNone,
}

// streamNone: Elasticsearch's free distribution takes the API for an index.
var streamNone = Scenario{Name: "stream-none", On: []string{"elasticsearch"}, Cases: []Case{
	{Name: "get", EngineOnly: true, Call: "GET /_data_stream", Status: asRecorded},
	{Name: "make", EngineOnly: true, Call: "PUT /_data_stream/web", Status: asRecorded},
	{Name: "template", Call: "PUT /_index_template/web", Body: `{"index_patterns":["web*"],"data_stream":{}}`, Status: asRecorded},
}}

// bring restores from the snapshot of everything and looks at what came.
func bring(name, body string, status int) []Case {
	return []Case{
		{Name: name, Call: "POST /_snapshot/r/all/_restore?wait_for_completion=true", Body: body, Status: status},
		{Name: name + "-streams", Call: streamsNow},
		{Name: name + "-indices", Call: indicesNow},
		{Call: "DELETE /_data_stream/*"},
		{Call: "DELETE /*,.ds-*?expand_wildcards=all"},
	}
}

// streamRestore restores into a cluster that has the template and no stream.
var streamRestore = Scenario{Name: "stream-restore", On: []string{"opensearch"}, Cases: after(web, []Case{
	{Call: "PUT /_snapshot/r", Body: "@repository"},
	{Call: green},
	{Call: "PUT /_snapshot/r/all?wait_for_completion=true", Body: `{"include_global_state":true}`},
	{Name: "over-itself", Call: "POST /_snapshot/r/all/_restore", Body: `{"indices":"web"}`, Status: asRecorded},
	{Call: "DELETE /_data_stream/*"},
	{Call: "DELETE /*,.ds-*?expand_wildcards=all"},
},
	bring("by-name", `{"indices":"web"}`, 0),
	bring("by-pattern", `{"indices":"we*"}`, 0),
	bring("everything", `{}`, 0),
	bring("star", `{"indices":"*"}`, 0),
	bring("underscore-all", `{"indices":"_all"}`, asRecorded),
	bring("only-exclusion", `{"indices":"-plain"}`, asRecorded),
	bring("only-exclusion-of-pattern", `{"indices":"-pl*"}`, asRecorded),
	bring("name-and-plain", `{"indices":["plain","web"]}`, 0),
	bring("without-pattern", `{"indices":["*","-we*"]}`, asRecorded),
	bring("by-backing", `{"indices":".ds-web-000001"}`, 0),
	bring("by-backing-pattern", `{"indices":".ds-*"}`, 0),
	bring("by-both", `{"indices":["web",".ds-web-000001"]}`, 0),
	bring("by-both-patterns", `{"indices":["web*",".ds-web-*"]}`, 0),
	bring("ignoring-missing", `{"indices":["web","nobody"],"ignore_unavailable":true}`, 0),
	bring("both-ignoring-missing", `{"indices":["web",".ds-web-000001"],"ignore_unavailable":true}`, 0),
	bring("without", `{"indices":"*,-web"}`, 404),
	bring("without-backing", `{"indices":"*,-.ds-*"}`, 500),
	bring("without-one", `{"indices":"*,-.ds-web-000001"}`, 500),
	bring("renamed", `{"indices":"web","rename_pattern":"web","rename_replacement":"old"}`, 0),
	bring("renamed-around", `{"indices":"web","rename_pattern":"(.+)","rename_replacement":"old-$1"}`, 0),
	bring("renamed-backing", `{"indices":".ds-web-000001","rename_pattern":"(.+)","rename_replacement":"old-$1"}`, 0),
	bring("missing", `{"indices":"nobody"}`, 404),
	[]Case{
		{Call: "POST /_snapshot/r/all/_restore?wait_for_completion=true", Body: `{"indices":".ds-web-000001"}`},
		{Name: "alone-settings", Call: "GET /.ds-web-000001/_settings"},
		{Name: "alone-index", Call: "GET /.ds-web-000001", Keep: []string{".ds-web-000001/data_stream", ".ds-web-000001/aliases"}},
		{Name: "alone-cat", Call: "GET /_cat/indices?format=json&h=index&s=index"},
		{Name: "alone-count", Call: "GET /.ds-web-000001/_count"},
		{Name: "alone-stream", Call: "GET /web/_count", Status: 404},
		{Name: "backing-is-there", Call: "POST /_snapshot/r/all/_restore", Body: `{"indices":"web"}`, Status: asRecorded},
		{Name: "make-beside", Call: "PUT /_data_stream/web", Status: asRecorded},
		{Call: "DELETE /.ds-web-000001"},
		{Call: "POST /_snapshot/r/all/_restore?wait_for_completion=true", Body: `{"indices":"web"}`},
		{Name: "write-after", Volatile: "_primary_term", Call: "POST /web/_doc?refresh=true", Body: `{"@timestamp":"2026-11-22T03:00:00Z","n":5}`, Status: 201},
		{Name: "count-after", Call: "GET /web/_count"},
		{Name: "rollover-after", Call: "POST /web/_rollover"},
	}, sweep)}

// streamTemplate restores into a cluster that lacks the template.
var streamTemplate = Scenario{Name: "stream-template", On: []string{"opensearch"}, Cases: after(web, []Case{
	{Call: "PUT /_snapshot/r", Body: "@repository"},
	{Call: green},
	{Call: "PUT /_snapshot/r/all?wait_for_completion=true", Body: `{"include_global_state":true}`},
	{Call: "DELETE /_data_stream/*"},
	{Call: "DELETE /*,.ds-*?expand_wildcards=all"},
	{Call: "DELETE /_index_template/*"},
},
	bring("missing", `{"indices":"web"}`, asRecorded),
	[]Case{
		{Call: "POST /_snapshot/r/all/_restore?wait_for_completion=true", Body: `{"indices":"web"}`},
		{Name: "missing-write", Volatile: "_primary_term", Call: "POST /web/_doc?refresh=true", Body: `{"@timestamp":"2026-11-22T03:00:00Z"}`, Status: asRecorded},
		{Name: "missing-rollover", Call: "POST /web/_rollover", Status: asRecorded},
		{Name: "missing-count", Call: "GET /web/_count", Status: asRecorded},
		{Name: "missing-index-of-its-name", Call: "PUT /web", Body: one, Status: asRecorded},
		{Call: "DELETE /_data_stream/*"},
		{Call: "PUT /web", Body: `{"settings":{"number_of_shards":1,"number_of_replicas":0}}`},
		{Name: "index-stands-there", Call: "POST /_snapshot/r/all/_restore", Body: `{"indices":"web"}`, Status: asRecorded},
		{Call: "DELETE /web"},
	},
	bring("with-global-state", `{"indices":"web","include_global_state":true}`, 0),
	[]Case{{Name: "with-global-state-template", Call: "GET /_index_template/web"}},
	sweep)}

// meet restores into a cluster where something stands in the way, and looks at
// what came of it. What stands there is gone afterwards.
func meet(name string, there []Case, from, body string) []Case {
	return append(there, []Case{
		{Call: green},
		{Name: name, Call: "POST /_snapshot/r/" + from + "/_restore?wait_for_completion=true", Body: body, Status: asRecorded},
		{Name: name + "-streams", Call: streamsNow, Keep: []string{"data_streams/name", "data_streams/generation", "data_streams/indices/index_name"}},
		{Name: name + "-indices", Call: indicesNow},
		{Name: name + "-aliases", Call: "GET /_alias"},
		{Call: "DELETE /_data_stream/*"},
		{Call: "DELETE /*,.ds-*?expand_wildcards=all"},
	}...)
}

// newer is a stream of generation 4 that has lost the two that the snapshot has.
var newer = []Case{
	{Call: "PUT /_data_stream/web"},
	{Call: "POST /web/_rollover"},
	{Call: "POST /web/_rollover"},
	{Call: "POST /web/_rollover"},
	{Call: "DELETE /.ds-web-000001"},
	{Call: "DELETE /.ds-web-000002"},
}

// streamConflict restores beside what has, or will have, the names it brings.
var streamConflict = Scenario{Name: "stream-conflict", On: []string{"opensearch"}, Cases: after(web, []Case{
	{Call: "PUT /_snapshot/r", Body: "@repository"},
	{Call: green},
	{Call: "PUT /_snapshot/r/all?wait_for_completion=true", Body: `{"include_global_state":false}`},
	{Call: "DELETE /_data_stream/*"},
	{Call: "DELETE /*,.ds-*?expand_wildcards=all"},
	{Call: "PUT /holder", Body: `{"settings":{"number_of_replicas":0},"aliases":{"web":{}}}`},
	{Call: green},
	{Call: "PUT /_snapshot/r/aliased?wait_for_completion=true", Body: `{"include_global_state":false}`},
	{Call: "DELETE /*,.ds-*?expand_wildcards=all"},
},
	meet("newer-stream", newer, "all", `{"indices":"web"}`),
	meet("newer-stream-renamed", newer, "all", `{"indices":"web","rename_pattern":"web","rename_replacement":"old"}`),
	meet("older-stream", []Case{{Call: "PUT /_data_stream/web"}}, "all", `{"indices":".ds-web-000002"}`),
	meet("older-generation", []Case{{Call: "PUT /_data_stream/web"}, {Call: "POST /web/_rollover"}, {Call: "DELETE /.ds-web-000001"}}, "all", `{"indices":".ds-web-000001"}`),
	meet("later-index", []Case{{Call: "PUT /.ds-web-000007", Body: one}}, "all", `{"indices":"web"}`),
	meet("later-alias", []Case{{Call: "PUT /other", Body: `{"settings":{"number_of_replicas":0},"aliases":{".ds-web-000007":{}}}`}}, "all", `{"indices":"web"}`),
	meet("earlier-index", []Case{{Call: "PUT /.ds-web-000000", Body: one}}, "all", `{"indices":"web"}`),
	meet("alias", []Case{{Call: "PUT /other", Body: `{"settings":{"number_of_replicas":0},"aliases":{"web":{}}}`}}, "all", `{"indices":"web"}`),
	meet("alias-renamed", []Case{{Call: "PUT /other", Body: `{"settings":{"number_of_replicas":0},"aliases":{"old":{}}}`}}, "all", `{"indices":"web","rename_pattern":"web","rename_replacement":"old"}`),
	meet("index-renamed", []Case{{Call: "PUT /old", Body: one}}, "all", `{"indices":"web","rename_pattern":"web","rename_replacement":"old"}`),
	meet("index-into-stream", []Case{{Call: "PUT /_data_stream/web"}}, "all", `{"indices":"plain","rename_pattern":"plain","rename_replacement":"web"}`),
	meet("alias-into-stream", []Case{{Call: "PUT /_data_stream/web"}}, "aliased", `{"indices":"holder"}`),
	meet("alias-beside-stream", []Case{{Call: "PUT /_data_stream/web"}}, "aliased", `{"indices":"holder","include_aliases":false}`),
	meet("closed", []Case{{Call: "PUT /_data_stream/web"}, {Call: "POST /web/_rollover"}, {Call: "POST /.ds-web-000001/_close"}}, "all", `{"indices":".ds-web-000001"}`),
	meet("closed-and-open", []Case{{Call: "PUT /_data_stream/web"}, {Call: "POST /web/_rollover"}, {Call: "POST /.ds-web-000001/_close"}}, "all", `{"indices":"web"}`),
	[]Case{
		{Call: "PUT /_data_stream/web"},
		{Name: "alias-onto-stream", Call: "POST /_aliases", Body: `{"actions":[{"add":{"index":".ds-web-000001","alias":"web"}}]}`, Status: asRecorded},
		{Name: "index-with-its-alias", Call: "PUT /other", Body: `{"settings":{"number_of_replicas":0},"aliases":{"web":{}}}`, Status: asRecorded},
		{Name: "index-beside", Call: "PUT /.ds-web-000007", Body: one, Status: asRecorded},
		{Call: "DELETE /_data_stream/*"},
		{Call: "PUT /other", Body: `{"settings":{"number_of_replicas":0},"aliases":{"web":{}}}`},
		{Name: "stream-onto-alias", Call: "PUT /_data_stream/web", Status: asRecorded},
	},
	sweep)}
