package contract

import "strings"

// SecurityScenarios need fine-grained access control. Their names begin with
// "sec-".
func SecurityScenarios() []Scenario {
	return []Scenario{
		secIdentity, secNobody, secUnmapped, secSnapshots, secObserver, secWideObserver, secMaster, secAllAccess, secManager, secLockedOut, secInternal,
		secMapping, secSpelling, secRoles, secUsers, secOldPaths,
		secProtected, secWhole, secRestore, secRestoreMaster, secRestoreNames, secStream,
	}
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

var secIdentity = Scenario{Name: "sec-identity", Cases: after(
	[]Case{
		{Name: "authinfo", Call: "GET " + security + "authinfo"},
		{Name: "permissions", Call: "GET " + security + "api/permissionsinfo"},
		{Name: "account", Call: "GET " + security + "api/account"},
		{Name: "mappings", Call: "GET " + security + "api/rolesmapping"},
		{Name: "old-authinfo", Call: "GET /_opendistro/_security/authinfo"},
		{Name: "old-mappings", Call: "GET /_opendistro/_security/api/rolesmapping"},
	},
	as("signer", infos...),
	as("pathed", infos[0]),
	as("person", infos[0]),
	as("crew", Case{Name: "authinfo", EngineOnly: true, Call: "GET " + security + "authinfo", Status: 401}),
)}

// unknown marks cases whose sender the plugin does not know. Before a front the
// access policy refuses them.
func unknown(cases ...Case) []Case {
	out := make([]Case, len(cases))
	for i, c := range cases {
		c.Status, c.Until, c.EngineOnly = 401, "", true
		out[i] = c
	}
	return out
}

var secNobody = Scenario{Name: "sec-nobody", Cases: after(
	snapped,
	as("nobody", Case{Name: "plugin-health", EngineOnly: true, Call: "GET " + security + "health"}),
	as("nobody", unknown(infos...)...),
	as("nobody", unknown(looks[:3]...)...),
	as("nobody", unknown(snapshotCalls[:5]...)...),
	as("nobody", unknown(restoreCalls...)...),
	as("nobody", unknown(
		Case{Name: "mappings", Call: "GET " + security + "api/rolesmapping"},
		Case{Name: "map", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":["x"]}`},
		Case{Name: "no-such-path", EngineOnly: true, Call: "GET /_no_such_api"},
	)...),
)}

var secUnmapped = Scenario{Name: "sec-unmapped", Cases: after(
	snapped,
	as("signer", refused(looks...)...),
	as("signer", refused(snapshotCalls...)...),
	as("signer", refused(restoreCalls...)...),
	as("signer", refused(writes...)...),
	as("signer", refused(rarer...)...),
	as("signer", []Case{
		{Name: "restore-missing", Call: "POST /_snapshot/r/nobody/_restore", Status: asRecorded},
		{Name: "restore-no-repository", Call: "POST /_snapshot/nobody/s1/_restore", Status: asRecorded},
		{Name: "no-such-index", Call: "GET /nobody/_count", Status: asRecorded},
		{Name: "no-such-path", EngineOnly: true, Call: "GET /_no_such_api", Status: asRecorded},
		{Name: "wrong-method", Call: "PUT /", Body: "{}", Status: asRecorded},
		{Name: "no-such-parameter", Call: "GET /_cluster/health?no_such=1", Status: asRecorded},
		{Name: "no-json", EngineOnly: true, Call: "PUT /_snapshot/own", Body: `{"type":`, Status: asRecorded, Volatile: "reason type"},
	}...),
)}

var secSnapshots = Scenario{Name: "sec-snapshots", Cases: after(
	snapped,
	[]Case{mapTo("manage_snapshots", "signer")},
	as("signer", infos...),
	as("signer", snapshotCalls...),
	as("signer", restoreCalls...),
	as("signer", refused(looks...)...),
	as("signer", refused(writes[0], writes[11])...),
	as("signer", refusedAPI...),
	as("signer", []Case{
		// The role may write documents and create indices, by which a restore is judged.
		{Name: "create-index", Call: "PUT /mine", Body: one},
		{Name: "cat-repositories", Call: "GET /_cat/repositories?format=json&s=id"},
		{Name: "cat-snapshots", Call: "GET /_cat/snapshots/r?format=json&h=id&s=id"},
	}...),
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
	as("signer", anyStatus(rarer)...),
	as("signer", Case{Name: "several", Call: "GET /logs-a,logs-b/_count"}, Case{Name: "also-others", Call: "GET /logs-a,other/_count", Status: asRecorded},
		Case{Name: "by-pattern", Call: "GET /logs-*/_count"}, Case{Name: "no-such-index", Call: "GET /logs-none/_count", Status: asRecorded}),
)}

// wideObserver sees the state of every index and reads the migrated ones.
const wideObserver = `{"cluster_permissions":["cluster_monitor"],"index_permissions":[{"index_patterns":["*"],"allowed_actions":["indices_monitor","indices:admin/get","indices:admin/aliases/get","indices:admin/mappings/get"]},{"index_patterns":["logs-*"],"allowed_actions":["read"]}]}`

var secWideObserver = Scenario{Name: "sec-wide", Cases: after(
	snapped,
	[]Case{
		{Call: "PUT " + security + "api/roles/observer", Body: wideObserver},
		mapTo("observer", "signer"),
	},
	as("signer", anyStatus(looks)...),
	as("signer", anyStatus(rarer)...),
	as("signer", Case{Name: "other-recovery", Call: "GET /" + securityIndex + "/_recovery", Status: asRecorded, Keep: errorOnly},
		Case{Name: "security-stats", Call: "GET /" + securityIndex + "/_stats/docs", Status: asRecorded, Keep: errorOnly}),
)}
