package contract

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
	{Name: "patch-test", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":"test","path":"/users","value":["six"]},{"op":"add","path":"/users","value":["eight"]}]`, Status: 400},
	{Name: "patch-nothing", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":"replace","path":"/users","value":["six"]}]`},
	{Name: "patch-no-path", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":"remove","path":"/users/7"}]`, Status: asRecorded},
	{Name: "patch-unknown-key", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":"add","path":"/user","value":["x"]}]`, Status: asRecorded},
	{Name: "patch-malformed", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":`, Status: asRecorded},
	{Name: "patch-object", Call: "PATCH " + mappings + "manage_snapshots", Body: `{"op":"add","path":"/users","value":["x"]}`, Status: asRecorded},
	{Name: "patch-hidden", Call: "PATCH " + mappings + "manage_snapshots", Body: `[{"op":"replace","path":"/reserved","value":true}]`, Status: asRecorded},
	{Name: "patch-missing", Call: "PATCH " + mappings + "readall", Body: `[{"op":"add","path":"/users","value":["x"]}]`, Status: 404},
	{Name: "patch-several", Call: "PATCH " + security + "api/rolesmapping", Body: `[{"op":"add","path":"/readall","value":{"users":["x"]}},{"op":"add","path":"/manage_snapshots/users/-","value":"nine"}]`},
	{Name: "patch-several-after", Call: "GET " + mappings + "manage_snapshots"},
	{Name: "patch-several-made", Call: "GET " + mappings + "readall"},
	{Name: "patch-several-nothing", Call: "PATCH " + security + "api/rolesmapping", Body: `[{"op":"replace","path":"/readall","value":{"users":["x"]}}]`, Status: asRecorded},
	{Name: "put-same", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":["six","nine"],"backend_roles":["seven"]}`},
	{Name: "put-empty", Call: "PUT " + mappings + "readall", Body: `{}`, Status: asRecorded},
	{Name: "put-twice-the-same", Call: "PUT " + mappings + "readall", Body: `{"users":["x","x"]}`, Status: asRecorded},
	{Name: "put-twice-after", Call: "GET " + mappings + "readall"},
	{Name: "and-roles", Call: "PUT " + mappings + "readall", Body: `{"and_backend_roles":["a","b"]}`},
	{Name: "and-roles-after", Call: "GET " + mappings + "readall"},
	{Name: "description", Call: "PUT " + mappings + "readall", Body: `{"users":["x"],"description":"d"}`, Status: asRecorded},
	{Name: "reserved-flag", Call: "PUT " + mappings + "readall", Body: `{"users":["x"],"reserved":false,"hidden":false}`, Status: asRecorded},
	{Name: "unknown-role", Call: "PUT " + mappings + "no_such_role", Body: `{"users":["x"]}`, Status: 404},
	{Name: "unknown-role-get", Call: "GET " + mappings + "no_such_role", Status: 404},
	{Name: "other-case", Call: "PUT " + mappings + "Manage_Snapshots", Body: `{"users":["x"]}`, Status: 404},
	{Name: "of-reserved-role", Call: "PUT " + mappings + "security_manager", Body: `{"users":["x"],"backend_roles":["` + account + `role/master"]}`},
	{Name: "of-static-role", Call: "PUT " + mappings + "kibana_server", Body: `{"users":["x"]}`, Status: asRecorded},
	{Name: "malformed", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":`, Status: 400},
	{Name: "array", Call: "PUT " + mappings + "manage_snapshots", Body: `["x"]`, Status: asRecorded},
	{Name: "unknown-key", Call: "PUT " + mappings + "manage_snapshots", Body: `{"user":["x"]}`, Status: 400},
	{Name: "wrong-type", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":"x"}`, Status: 400},
	{Name: "null-element", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":[null]}`, Status: 400},
	{Name: "number-element", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":[1]}`, Status: asRecorded},
	{Name: "null-list", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":null}`, Status: asRecorded},
	{Name: "no-body", Call: "PUT " + mappings + "manage_snapshots", Status: 400},
	{Name: "no-name", Call: "PUT " + security + "api/rolesmapping", Body: `{"users":["x"]}`, Status: asRecorded},
	{Name: "post", Call: "POST " + mappings + "manage_snapshots", Body: `{"users":["x"]}`, Status: asRecorded},
	{Name: "delete", Call: "DELETE " + mappings + "manage_snapshots"},
	{Name: "delete-missing", Call: "DELETE " + mappings + "manage_snapshots", Status: 404},
	{Name: "signer-put", As: "signer", Call: "PUT " + mappings + "manage_snapshots", Body: `{"users":["x"]}`, Status: 403},
	{Name: "signer-get", As: "signer", Call: "GET " + mappings + "manage_snapshots", Status: 403},
}}

// secSpelling is which strings of a mapping mean whom.
var secSpelling = Scenario{Name: "sec-spelling", Cases: after(
	spelled("role", `{"backend_roles":["`+account+`role/signer"]}`),
	spelled("role-as-user", `{"users":["`+account+`role/signer"]}`),
	spelled("session", `{"backend_roles":["arn:aws:sts::111111111111:assumed-role/signer/session"]}`),
	spelled("other-case", `{"backend_roles":["`+account+`role/Signer"]}`),
	spelled("wildcard", `{"backend_roles":["`+account+`role/*"]}`),
	spelled("wildcard-user", `{"users":["`+account+`user/*"]}`),
	spelled("path-left-out", `{"backend_roles":["`+account+`role/pilot"]}`),
	spelled("path", `{"backend_roles":["`+account+`role/team/ferry/pilot"]}`),
	spelled("person", `{"users":["`+account+`user/person"]}`),
	spelled("person-as-role", `{"backend_roles":["`+account+`user/person"]}`),
	spelled("and", `{"and_backend_roles":["`+account+`role/signer","other"]}`),
	spelled("and-one", `{"and_backend_roles":["`+account+`role/signer"]}`),
	spelled("host", `{"hosts":["127.0.0.1"]}`),
	spelled("blank", `{"backend_roles":["`+account+`role/signer "]}`),
)}

// spelled maps by one body and asks three identities what they are then.
func spelled(name, body string) []Case {
	out := []Case{{Call: "PUT " + mappings + "manage_snapshots", Body: body}}
	for _, who := range []string{"signer", "pathed", "person"} {
		out = append(out, Case{Name: name + "-" + who, As: who, Call: "GET " + security + "authinfo", Keep: []string{"roles"}})
	}
	return out
}

const roles = security + "api/roles/"

var secRoles = Scenario{Name: "sec-roles", Cases: []Case{
	{Name: "manage-snapshots", Call: "GET " + roles + "manage_snapshots"},
	{Name: "all-access", Call: "GET " + roles + "all_access"},
	{Name: "security-manager", Call: "GET " + roles + "security_manager"},
	{Name: "all", Call: "GET " + security + "api/roles", Keep: []string{"manage_snapshots/static", "all_access/static", "security_manager/static", "readall/static"}},
	{Name: "missing", Call: "GET " + roles + "observer", Status: 404},
	{Name: "create", Call: "PUT " + roles + "observer", Body: observer, Status: 201},
	{Name: "created", Call: "GET " + roles + "observer"},
	{Name: "put-again", Call: "PUT " + roles + "observer", Body: observer},
	{Name: "replace", Call: "PUT " + roles + "observer", Body: `{"description":"sees","cluster_permissions":["cluster_monitor"]}`},
	{Name: "replaced", Call: "GET " + roles + "observer"},
	{Name: "full", Call: "PUT " + roles + "observer", Body: `{"cluster_permissions":["a"],"index_permissions":[{"index_patterns":["x"],"dls":"{\"match_all\":{}}","fls":["f"],"masked_fields":["m"],"allowed_actions":["read"]}],"tenant_permissions":[{"tenant_patterns":["t"],"allowed_actions":["kibana_all_read"]}]}`},
	{Name: "full-after", Call: "GET " + roles + "observer"},
	{Name: "patch", Call: "PATCH " + roles + "observer", Body: `[{"op":"replace","path":"/cluster_permissions","value":["b"]}]`},
	{Name: "patched", Call: "GET " + roles + "observer"},
	{Name: "unknown-key", Call: "PUT " + roles + "observer", Body: `{"cluster":["a"]}`, Status: 400},
	{Name: "wrong-type", Call: "PUT " + roles + "observer", Body: `{"cluster_permissions":"a"}`, Status: 400},
	{Name: "malformed", Call: "PUT " + roles + "observer", Body: `{"cluster_permissions":`, Status: 400},
	{Name: "no-body", Call: "PUT " + roles + "observer", Status: 400},
	{Name: "empty", Call: "PUT " + roles + "empty", Body: `{}`, Status: asRecorded},
	{Name: "put-static", Call: "PUT " + roles + "manage_snapshots", Body: observer, Status: 403},
	{Name: "put-reserved", Call: "PUT " + roles + "security_manager", Body: observer, Status: 403},
	{Name: "patch-static", Call: "PATCH " + roles + "manage_snapshots", Body: `[{"op":"replace","path":"/cluster_permissions","value":["b"]}]`, Status: 403},
	{Name: "delete-static", Call: "DELETE " + roles + "manage_snapshots", Status: 403},
	{Name: "delete-reserved", Call: "DELETE " + roles + "security_manager", Status: 403},
	mapTo("observer", "signer"),
	{Name: "delete", Call: "DELETE " + roles + "observer"},
	{Name: "delete-missing", Call: "DELETE " + roles + "observer", Status: 404},
	{Name: "mapping-stays", Call: "GET " + mappings + "observer", Status: asRecorded},
	{Name: "mapping-of-nothing", As: "signer", Call: "GET " + security + "authinfo", Keep: []string{"roles"}},
	{Name: "mapping-of-nothing-put", Call: "PUT " + mappings + "observer", Body: `{"users":["x"]}`, Status: asRecorded},
	{Name: "mapping-of-nothing-deleted", Call: "DELETE " + mappings + "observer", Status: asRecorded},
}}

const users = security + "api/internalusers/"

// secUsers is about the internal database, which a managed domain has with an
// internal master only.
var secUsers = Scenario{Name: "sec-users", Internal: true, Cases: after(
	[]Case{
		{Name: "none", Call: "GET " + security + "api/internalusers"},
		{Name: "missing", Call: "GET " + users + "crew", Status: 404},
		{Name: "no-password", Call: "PUT " + users + "crew", Body: `{"backend_roles":["deck"]}`, Status: 400},
		{Name: "weak-password", Call: "PUT " + users + "crew", Body: `{"password":"password"}`, Status: 400},
		{Name: "short-password", Call: "PUT " + users + "crew", Body: `{"password":"Ab1-"}`, Status: 400},
		{Name: "name-in-password", Call: "PUT " + users + "crew", Body: `{"password":"crew"}`, Status: 400},
		{Name: "create", Call: "PUT " + users + "crew", Body: `{"password":"Deck-Hand-4-Mooring","backend_roles":["deck"],"attributes":{"watch":"first"},"description":"d"}`, Status: 201},
		{Name: "created", Call: "GET " + users + "crew"},
		{Name: "unknown-key", Call: "PUT " + users + "crew", Body: `{"pass":"x"}`, Status: 400},
	},
	as("crew", infos...),
	as("crew", Case{Name: "health", Call: "GET /_cluster/health", Status: 403}),
	as("crew-mistyped", Case{Name: "authinfo", Call: "GET " + security + "authinfo", Status: 401}),
	[]Case{{Call: "PUT " + mappings + "all_access", Body: `{"users":["crew","captain"]}`}},
	as("crew", Case{Name: "mapped", Call: "GET " + security + "authinfo"}, Case{Name: "mapped-health", Call: "GET /_cluster/health"}),
	[]Case{{Call: "PUT " + mappings + "all_access", Body: `{"users":["captain"],"backend_roles":["deck"]}`}},
	as("crew", Case{Name: "mapped-by-role", Call: "GET " + security + "authinfo"}),
	[]Case{
		{Name: "patch", Call: "PATCH " + users + "crew", Body: `[{"op":"replace","path":"/backend_roles","value":["galley"]}]`},
		{Name: "keep-password", Call: "PUT " + users + "crew", Body: `{"backend_roles":["galley"],"opendistro_security_roles":["manage_snapshots"]}`},
		{Name: "kept", Call: "GET " + users + "crew"},
	},
	as("crew", Case{Name: "given-roles", Call: "GET " + security + "authinfo"}),
	[]Case{
		{Name: "delete", Call: "DELETE " + users + "crew"},
		{Name: "delete-missing", Call: "DELETE " + users + "crew", Status: 404},
	},
	as("crew", Case{Name: "gone", Call: "GET " + security + "authinfo", Status: 401}),
)}

// secOldPaths are the paths of the time before OpenSearch.
var secOldPaths = Scenario{Name: "sec-old-paths", Cases: []Case{
	{Name: "permissions", Call: "GET /_opendistro/_security/api/permissionsinfo", Keep: mayUseAPI},
	{Name: "account", Call: "GET /_opendistro/_security/api/account"},
	{Name: "map", Call: "PUT /_opendistro/_security/api/rolesmapping/manage_snapshots", Body: `{"users":["x"]}`, Status: 201},
	{Name: "mapping", Call: "GET /_opendistro/_security/api/rolesmapping/manage_snapshots"},
	{Name: "patch", Call: "PATCH /_opendistro/_security/api/rolesmapping/manage_snapshots", Body: `[{"op":"add","path":"/users/-","value":"y"}]`},
	{Name: "unmap", Call: "DELETE /_opendistro/_security/api/rolesmapping/manage_snapshots"},
	{Name: "role", Call: "GET /_opendistro/_security/api/roles/manage_snapshots"},
	{Name: "make-role", Call: "PUT /_opendistro/_security/api/roles/observer", Body: observer, Status: 201},
	{Name: "users", Call: "GET /_opendistro/_security/api/internalusers"},
	{Name: "health", Call: "GET /_opendistro/_security/health", On: []string{"opensearch"}},
	{Name: "unknown", Call: "GET " + security + "api/nothing", Status: asRecorded},
}}
