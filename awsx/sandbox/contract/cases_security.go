package contract

import "strings"

// SecurityScenarios need fine-grained access control. Their names begin with
// "sec-".
func SecurityScenarios() []Scenario {
	return []Scenario{secIdentity, secUnmapped, secSnapshots, secObserver, secMapping}
}

const (
	security = "/_plugins/_security/"
	mappings = security + "api/rolesmapping/"
)

// as gives cases to an actor, whose name goes before theirs.
func as(who string, cases ...Case) []Case {
	out := make([]Case, len(cases))
	for i, c := range cases {
		if c.Name != "" {
			c.Name = who + "-" + c.Name
		}
		c.As = who
		out[i] = c
	}
	return out
}

// refused marks cases whose request the plugin refuses.
func refused(cases ...Case) []Case {
	out := make([]Case, len(cases))
	for i, c := range cases {
		c.Status, c.Until = 403, ""
		// An answer to HEAD has no body.
		if !strings.HasPrefix(c.Call, "HEAD") {
			c.Error = "security_exception"
			if c.Reason == "" {
				c.Reason = `^no permissions for \[`
			}
		}
		out[i] = c
	}
	return out
}

// mapTo is the step that maps actors to a role and nobody else.
func mapTo(role string, arns ...string) Case {
	list := ""
	for i, who := range arns {
		if i > 0 {
			list += ","
		}
		list += `"` + Actors[who].ARN + `"`
	}
	return Case{Call: "PUT " + mappings + role, Body: `{"backend_roles":[` + list + `]}`}
}

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
	{Name: "permissions", Call: "GET " + security + "api/permissionsinfo"},
	{Name: "account", Call: "GET " + security + "api/account"},
}

var secIdentity = Scenario{Name: "sec-identity", Cases: after(
	[]Case{
		{Name: "authinfo", Call: "GET " + security + "authinfo"},
		{Name: "permissions", Call: "GET " + security + "api/permissionsinfo"},
		{Name: "account", Call: "GET " + security + "api/account", Status: asRecorded},
		{Name: "mappings", Call: "GET " + security + "api/rolesmapping"},
		{Name: "old-authinfo", Call: "GET /_opendistro/_security/authinfo"},
		{Name: "old-mappings", Call: "GET /_opendistro/_security/api/rolesmapping"},
	},
	as("signer", infos...),
	as("pathed", infos[0]),
	as("person", infos[0]),
	as("nobody", []Case{
		{Name: "authinfo", Call: "GET " + security + "authinfo", Status: 401},
		{Name: "root", Call: "GET /", Status: 401},
		{Name: "plugin-health", Call: "GET " + security + "health"},
		{Name: "mappings", Call: "GET " + security + "api/rolesmapping", Status: 401},
	}...),
	as("crew", Case{Name: "authinfo", Call: "GET " + security + "authinfo", Status: 401}),
)}

var secUnmapped = Scenario{Name: "sec-unmapped", Cases: after(
	snapped,
	as("signer", refused(looks...)...),
	as("signer", refused(snapshotCalls...)...),
	as("signer", refused(restoreCalls...)...),
	as("signer", refused(
		Case{Name: "create-index", Call: "PUT /mine"},
		Case{Name: "put-document", Call: "PUT /logs-a/_doc/9", Body: `{"a":9}`},
		Case{Name: "delete-index", Call: "DELETE /logs-a"},
	)...),
)}

var secSnapshots = Scenario{Name: "sec-snapshots", Cases: after(
	snapped,
	[]Case{mapTo("manage_snapshots", "signer")},
	as("signer", infos...),
	as("signer", snapshotCalls...),
	as("signer", restoreCalls...),
	as("signer", refused(looks...)...),
)}

// observer is a role that may look at the migrated indices.
const observer = `{"cluster_permissions":["cluster_monitor"],"index_permissions":[{"index_patterns":["logs-*","back-*"],"allowed_actions":["indices_monitor","read","indices:admin/mappings/get","indices:admin/aliases/get"]}]}`

var secObserver = Scenario{Name: "sec-observer", Cases: after(
	snapped,
	[]Case{
		{Name: "make", Call: "PUT " + security + "api/roles/observer", Body: observer, Status: 201},
		{Name: "get", Call: "GET " + security + "api/roles/observer"},
		mapTo("manage_snapshots", "signer"),
		mapTo("observer", "signer"),
	},
	as("signer", infos[0]),
	as("signer", anyStatus(looks)...),
)}

// anyStatus leaves everything about the answers to the record.
func anyStatus(cases []Case) []Case {
	out := make([]Case, len(cases))
	for i, c := range cases {
		c.Status = asRecorded
		out[i] = c
	}
	return out
}

var secMapping = Scenario{Name: "sec-mapping", Cases: []Case{
	{Name: "none-yet", Call: "GET " + mappings + "manage_snapshots", Status: 404},
	{Name: "create", Call: "PUT " + mappings + "manage_snapshots", Body: `{"backend_roles":["` + account + `role/one"],"users":["two"],"hosts":["three"]}`, Status: 201},
	{Name: "created", Call: "GET " + mappings + "manage_snapshots"},
	{Name: "replace", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":["four"]}`},
	{Name: "replaced", Call: "GET " + mappings + "manage_snapshots"},
	{Name: "patch-append", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":"add","path":"/users/-","value":"five"}]`},
	{Name: "patch-append-after", Call: "GET " + mappings + "manage_snapshots"},
	{Name: "patch-add-replaces", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":"add","path":"/users","value":["six"]},{"op":"add","path":"/backend_roles","value":["seven"]}]`},
	{Name: "patch-add-after", Call: "GET " + mappings + "manage_snapshots"},
	{Name: "patch-test-fails", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":"test","path":"/users","value":["other"]},{"op":"add","path":"/users","value":["eight"]}]`, Status: asRecorded},
	{Name: "patch-nothing", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":"replace","path":"/users","value":["six"]}]`, Status: asRecorded},
	{Name: "put-same", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":["six"],"backend_roles":["seven"]}`},
	{Name: "unknown-role", Call: "PUT " + mappings + "no_such_role", Body: `{"users":["x"]}`, Status: 404},
	{Name: "reserved", Call: "PUT " + mappings + "security_manager", Body: `{"users":["x"],"backend_roles":["` + account + `role/master"]}`},
	{Name: "malformed", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":`, Status: 400},
	{Name: "unknown-key", Call: "PUT " + mappings + "manage_snapshots", Body: `{"user":["x"]}`, Status: 400},
	{Name: "wrong-type", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":"x"}`, Status: 400},
	{Name: "no-body", Call: "PUT " + mappings + "manage_snapshots", Status: 400},
	{Name: "delete", Call: "DELETE " + mappings + "manage_snapshots"},
	{Name: "delete-missing", Call: "DELETE " + mappings + "manage_snapshots", Status: 404},
	{Name: "signer", As: "signer", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":["x"]}`, Status: 403},
	{Name: "signer-get", As: "signer", Call: "GET " + mappings + "manage_snapshots", Status: 403},
}}
