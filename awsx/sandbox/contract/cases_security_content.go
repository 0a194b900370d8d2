package contract

import "strings"

const inSecurity = "/" + securityIndex

// secProtected is the index that holds the plugin's own documents, which the
// master sees and nobody changes but through the security API.
var secProtected = Scenario{Name: "sec-protected", Cases: after(
	snapped,
	anyStatus([]Case{
		{Name: "count", Call: "GET " + inSecurity + "/_count"},
		{Name: "search", Call: "GET " + inSecurity + "/_search?size=0"},
		{Name: "get", Call: "GET " + inSecurity + "/_doc/roles", Keep: []string{"found", "error", "status"}},
		{Name: "mapping", Call: "GET " + inSecurity + "/_mapping", Keep: errorOnly},
		{Name: "settings", Call: "GET " + inSecurity + "/_settings", Keep: errorOnly},
		{Name: "index", Call: "GET " + inSecurity, Keep: errorOnly},
		{Name: "exists", Call: "HEAD " + inSecurity},
		{Name: "cat", Call: "GET /_cat/indices?format=json&h=index&s=index"},
		{Name: "cat-hidden", Call: "GET /_cat/indices?format=json&h=index&s=index&expand_wildcards=all"},
		{Name: "put", Call: "PUT " + inSecurity + "/_doc/x", Body: `{"a":1}`},
		{Name: "bulk", Call: "POST /_bulk", Body: `{"index":{"_index":"` + securityIndex + `","_id":"x"}}` + "\n{\"a\":1}\n"},
		{Name: "update", Call: "POST " + inSecurity + "/_update/roles", Body: `{"doc":{}}`},
		{Name: "delete-document", Call: "DELETE " + inSecurity + "/_doc/roles"},
		{Name: "delete", Call: "DELETE " + inSecurity},
		{Name: "close", Call: "POST " + inSecurity + "/_close"},
		{Name: "put-settings", Call: "PUT " + inSecurity + "/_settings", Body: `{"index":{"number_of_replicas":0}}`},
		{Name: "put-mapping", Call: "PUT " + inSecurity + "/_mapping", Body: `{"properties":{"zz":{"type":"long"}}}`},
		{Name: "put-alias", Call: "POST /_aliases", Body: `{"actions":[{"add":{"index":"` + securityIndex + `","alias":"sneaky"}}]}`},
		{Name: "recovery", Call: "GET " + inSecurity + "/_recovery", Keep: errorOnly},
		{Name: "stats", Call: "GET " + inSecurity + "/_stats/docs", Keep: errorOnly},
		{Name: "health", Call: "GET /_cluster/health" + inSecurity, Keep: errorOnly},
		{Name: "refresh", Call: "POST " + inSecurity + "/_refresh", Keep: errorOnly},
		{Name: "count-everything", Call: "GET /*,.*/_count?expand_wildcards=all"},
		{Name: "with-others", Call: "GET /logs-a," + securityIndex + "/_count"},
		{Name: "create-again", Call: "PUT " + inSecurity},
		{Name: "delete-everything", Call: "DELETE /*,.*?expand_wildcards=all"},
		{Name: "after", Call: "GET /_cat/indices?format=json&h=index&s=index"},
	}),
	[]Case{mapTo("manage_snapshots", "signer")},
	as("signer", anyStatus([]Case{
		{Name: "count", Call: "GET " + inSecurity + "/_count"},
		{Name: "put", Call: "PUT " + inSecurity + "/_doc/x", Body: `{"a":1}`},
		{Name: "delete", Call: "DELETE " + inSecurity},
	})...),
)}

// whole is a snapshot r:all of everything, the security index too, and r:s1
// with two indices.
var whole = after(snapped, []Case{
	{Call: "PUT /_snapshot/r/all?wait_for_completion=true", Body: `{"include_global_state":true}`},
	mapTo("manage_snapshots", "signer"),
})

// secWhole is what gets into a snapshot.
var secWhole = Scenario{Name: "sec-whole", Cases: after(
	snapped,
	[]Case{mapTo("manage_snapshots", "signer")},
	as("signer", anyStatus([]Case{
		{Name: "everything", Call: "PUT /_snapshot/r/a?wait_for_completion=true"},
		{Name: "star", Call: "PUT /_snapshot/r/b?wait_for_completion=true", Body: `{"indices":"*","include_global_state":false}`},
		{Name: "without", Call: "PUT /_snapshot/r/c?wait_for_completion=true", Body: `{"indices":"*,-.opendistro*","include_global_state":false}`},
		{Name: "exclusion-first", Call: "PUT /_snapshot/r/d?wait_for_completion=true", Body: `{"indices":"-.opendistro_security","include_global_state":false}`},
		{Name: "security-index", Call: "PUT /_snapshot/r/e?wait_for_completion=true", Body: `{"indices":"` + securityIndex + `","include_global_state":false}`},
		{Name: "listed", Call: "PUT /_snapshot/r/f?wait_for_completion=true", Body: `{"indices":["logs-a","logs-b"],"include_global_state":false}`},
		{Name: "global-state", Call: "PUT /_snapshot/r/g?wait_for_completion=true", Body: `{"indices":"logs-a","include_global_state":true}`},
		{Name: "list", Call: "GET /_snapshot/r/_all", Keep: []string{"snapshots/snapshot", "snapshots/indices", "snapshots/include_global_state"}},
	})...),
)}

const (
	restoreAll = "POST /_snapshot/r/all/_restore"
	renamed    = `"rename_pattern":"^","rename_replacement":"x-","include_aliases":false`
)

// contents are the restores that are judged by what they would bring.
var contents = anyStatus([]Case{
	{Name: "no-body", Call: restoreAll},
	{Name: "empty-body", Call: restoreAll, Body: `{}`},
	{Name: "star", Call: restoreAll, Body: `{"indices":"*","include_global_state":false}`},
	{Name: "only-exclusion", Call: restoreAll, Body: `{"indices":"-.opendistro_security","include_global_state":false}`},
	{Name: "article-exclusion", Call: restoreAll, Body: `{"indices":"-.kibana*,-.opendistro*","include_global_state":false}`},
	{Name: "dash-exclusion", Call: restoreAll, Body: `{"indices":"-.opendistro-*","include_global_state":false}`},
	{Name: "star-without", Call: restoreAll + "?wait_for_completion=true", Body: `{"indices":"*,-.opendistro_security","include_global_state":false,` + renamed + `}`},
	{Name: "star-without-pattern", Call: restoreAll, Body: `{"indices":"*,-.opendistro-*","include_global_state":false,` + renamed + `}`},
	{Name: "security-index", Call: restoreAll, Body: `{"indices":"` + securityIndex + `","include_global_state":false}`},
	{Name: "security-index-renamed", Call: restoreAll, Body: `{"indices":"` + securityIndex + `","include_global_state":false,"rename_pattern":"(.+)","rename_replacement":"x$1"}`},
	{Name: "security-index-beside", Call: restoreAll, Body: `{"indices":["logs-a","` + securityIndex + `"],"include_global_state":false,` + renamed + `}`},
	{Name: "into-security-index", Call: restoreAll, Body: `{"indices":"logs-a","include_global_state":false,"include_aliases":false,"rename_pattern":".+","rename_replacement":"` + securityIndex + `"}`},
	{Name: "global-state", Call: restoreAll, Body: `{"indices":"logs-a","include_global_state":true,` + renamed + `}`},
	{Name: "global-state-nothing", Call: restoreAll, Body: `{"indices":"zz*","include_global_state":true}`},
	{Name: "nothing-matches", Call: restoreAll, Body: `{"indices":"zz*","include_global_state":false}`},
	{Name: "unknown-name", Call: restoreAll, Body: `{"indices":"nobody","include_global_state":false}`},
	{Name: "blank-after-comma", Call: restoreAll, Body: `{"indices":"logs-a, logs-b","include_global_state":false,"rename_pattern":"logs","rename_replacement":"y","include_aliases":false}`},
	{Name: "open-index", Call: restoreAll, Body: `{"indices":"logs-a","include_global_state":false}`},
	{Name: "listed", Call: restoreAll + "?wait_for_completion=true", Body: `{"indices":["logs-a","logs-b"],"include_global_state":false,"rename_pattern":"logs","rename_replacement":"l","include_aliases":false}`},
	{Name: "in-one-string", Call: restoreAll + "?wait_for_completion=true", Body: `{"indices":"logs-a,logs-b","include_global_state":false,"rename_pattern":"logs","rename_replacement":"m","include_aliases":false}`},
	{Name: "by-pattern", Call: restoreAll + "?wait_for_completion=true", Body: `{"indices":"logs-*","include_global_state":false,"rename_pattern":"logs","rename_replacement":"n","include_aliases":false}`},
	{Name: "without-security-inside", Call: restoreS1 + "?wait_for_completion=true", Body: `{"include_global_state":false,"rename_pattern":"logs","rename_replacement":"o","include_aliases":false}`},
	{Name: "no-body-without-security-inside", Call: restoreS1},
	{Name: "unknown-snapshot", Call: "POST /_snapshot/r/nobody/_restore", Body: `{"indices":"logs-a","include_global_state":false}`},
	{Name: "unknown-repository", Call: "POST /_snapshot/nobody/s1/_restore", Body: `{"indices":"logs-a","include_global_state":false}`},
	{Name: "malformed", Call: restoreAll, Body: `{"indices":`, Volatile: "reason type"},
	{Name: "unknown-parameter", Call: restoreAll, Body: `{"indixes":"logs-a"}`},
})

var secRestore = Scenario{Name: "sec-restore", Cases: after(whole, as("signer", contents...))}

var secRestoreMaster = Scenario{Name: "sec-restore-master", Cases: after(whole, contents)}

// secRestoreNames has a role that may restore, and create indices of some names.
var secRestoreNames = Scenario{Name: "sec-restore-names", Cases: after(
	snapped,
	[]Case{
		{Call: "PUT " + roles + "restorer", Body: `{"cluster_permissions":["manage_snapshots"],"index_permissions":[{"index_patterns":["ok-*"],"allowed_actions":["indices:admin/create","indices:data/write/index"]},{"index_patterns":["half-*"],"allowed_actions":["indices:admin/create"]}]}`},
		mapTo("restorer", "signer"),
	},
	as("signer", anyStatus([]Case{
		{Name: "its-own-name", Call: restoreS1, Body: `{"indices":"logs-a","include_global_state":false}`},
		{Name: "allowed", Call: restoreS1 + "?wait_for_completion=true", Body: `{"indices":"logs-a","include_global_state":false,"include_aliases":false,"rename_pattern":"logs","rename_replacement":"ok"}`},
		{Name: "half-allowed", Call: restoreS1, Body: `{"indices":"logs-a","include_global_state":false,"include_aliases":false,"rename_pattern":"logs","rename_replacement":"half"}`},
		{Name: "not-allowed", Call: restoreS1, Body: `{"indices":"logs-a","include_global_state":false,"include_aliases":false,"rename_pattern":"logs","rename_replacement":"no"}`},
		{Name: "with-alias", Call: restoreS1, Body: `{"indices":"logs-b","include_global_state":false,"rename_pattern":"logs","rename_replacement":"ok"}`},
	})...),
)}

// secStream is a data stream in a snapshot that holds the security index too, and
// in one that does not. The plugin knows the indices of a snapshot only, not its
// streams: by its exact name a stream is an index that is not there.
var secStream = Scenario{Name: "sec-stream", On: []string{"opensearch"}, Cases: after(
	[]Case{
		{Call: "PUT /_index_template/web", Body: `{"index_patterns":["web*"],"data_stream":{},"template":{"settings":{"number_of_replicas":0}}}`},
		{Call: "PUT /_data_stream/web"},
		{Call: "PUT /_snapshot/r", Body: "@repository"},
		{Call: green},
		{Call: "PUT /_snapshot/r/all?wait_for_completion=true", Body: `{"include_global_state":true}`},
		{Call: "PUT /_snapshot/r/s1?wait_for_completion=true", Body: `{"indices":"web","include_global_state":false}`},
		{Call: "DELETE /_data_stream/web"},
		mapTo("manage_snapshots", "signer"),
	},
	as("signer", Case{Name: "list", Call: "GET /_snapshot/r/_all", Keep: []string{"snapshots/data_streams", "snapshots/indices"}}),
	only("signer", streams("all", restoreAll)),
	only("signer", streams("own", restoreS1)),
	streams("master", restoreS1),
	[]Case{{Call: "DELETE /_index_template/web"}},
)}

// only gives the restores to an actor and leaves the looks at their effect to
// the master.
func only(who string, cases []Case) []Case {
	for i, c := range cases {
		if strings.Contains(c.Call, "/_restore") {
			cases[i].As = who
		}
	}
	return cases
}

// streams restore a stream from one snapshot in every way of naming it.
func streams(from, call string) []Case {
	var out []Case
	for _, way := range []struct{ name, indices, more string }{
		{"by-name", `"web"`, ""},
		{"by-pattern", `"web*"`, ""},
		{"by-backing-name", `".ds-web-000001"`, ""},
		{"by-both-patterns", `["web*",".ds-web-*"]`, ""},
		{"name-and-backing", `["web",".ds-web-000001"]`, ""},
		{"ignoring-missing", `"web"`, `,"ignore_unavailable":true`},
		{"both-ignoring-missing", `["web",".ds-web-000001"]`, `,"ignore_unavailable":true`},
	} {
		out = append(out,
			Case{Name: from + "-" + way.name, Call: call + "?wait_for_completion=true", Body: `{"indices":` + way.indices + `,"include_global_state":false` + way.more + `}`, Status: asRecorded},
			Case{Name: from + "-" + way.name + "-streams", Call: "GET /_data_stream", Keep: []string{"data_streams/name", "error"}},
			Case{Name: from + "-" + way.name + "-indices", Call: "GET /_cat/indices?format=json&h=index&s=index&expand_wildcards=all"},
			Case{Call: "DELETE /_data_stream/*"},
			Case{Call: "DELETE /.ds-web-*?expand_wildcards=all"},
		)
	}
	return out
}
