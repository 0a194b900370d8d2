package security_test

import (
	"strings"
	"testing"
)

const (
	empty     = `{"status":"error","reason":"Request body required for this action."}`
	malformed = `{"status":"error","reason":"Could not parse content of request."}`
	oneOf     = `"specify_one_of":{"keys":"backend_roles,hosts,and_backend_roles,users"}`
)

// ok is the answer to a change.
func ok(status, text string) string { return `{"status":"` + status + `","message":"` + text + `"}` }

// TestMappings has the answers of 2.19.4 and 3.4.0.
func TestMappings(t *testing.T) {
	for _, v := range []string{"2.19.4", "3.4.0"} {
		t.Run(v, func(t *testing.T) {
			const m = "rolesmapping/manage_snapshots"
			nulls := map[string]string{"2.19.4": "`null` is not allowed as json array element", "3.4.0": "`null` or blank values are not allowed as json array elements"}[v]
			blank := map[string]int{"2.19.4": 200, "3.4.0": 400}[v]
			play(t, open(t, v), []step{
				{"GET " + m, "", 404, ok("NOT_FOUND", "rolesmapping 'manage_snapshots' not found.")},
				{"PUT " + m, `{"backend_roles":["x"]}`, 201, ok("CREATED", "'manage_snapshots' created.")},
				{"GET " + m, "", 200, `{"manage_snapshots":{"hosts":[],"users":[],"reserved":false,"hidden":false,"backend_roles":["x"],"and_backend_roles":[]}}`},
				{"PUT " + m, `{"users":["u"],"hosts":["h"],"and_backend_roles":["a","b"],"description":"d"}`, 200, ok("OK", "'manage_snapshots' updated.")},
				{"GET " + m, "", 200, `{"manage_snapshots":{"hosts":["h"],"users":["u"],"reserved":false,"hidden":false,"backend_roles":[],"and_backend_roles":["a","b"],"description":"d"}}`},
				{"PUT " + m, `{}`, 400, empty},
				{"PUT " + m, ``, 400, empty},
				{"PUT " + m, `[]`, 400, empty},
				{"PUT " + m, `"x"`, 400, empty},
				{"PUT " + m, `["x"]`, 400, `{"status":"error","reason":"Invalid configuration",` + oneOf + `}`},
				{"PUT " + m, `{`, 400, malformed},
				{"PUT " + m, `{"backend_role":["x"]}`, 400, `{"status":"error","reason":"Invalid configuration","invalid_keys":{"keys":"backend_role"},` + oneOf + `}`},
				{"PUT " + m, `{"reserved":true,"backend_roles":["x"],"and":[]}`, 400, `{"status":"error","reason":"Invalid configuration","invalid_keys":{"keys":"and,reserved"}}`},
				{"PUT " + m, `{"description":"x"}`, 400, `{"status":"error","reason":"Invalid configuration",` + oneOf + `}`},
				{"PUT " + m, `{"backend_roles":"x"}`, 400, `{"status":"error","reason":"Wrong datatype","backend_roles":"Array expected"}`},
				{"PUT " + m, `{"backend_roles":null}`, 400, `{"status":"error","reason":"Wrong datatype","backend_roles":"Array expected"}`},
				{"PUT " + m, `{"users":[],"description":3}`, 400, `{"status":"error","reason":"Wrong datatype","description":"String expected"}`},
				{"PUT " + m, `{"backend_roles":[null]}`, 400, `{"status":"error","reason":"` + nulls + `"}`},
				{"PUT " + m, `{"backend_roles":[" "]}`, blank, ""},
				{"PUT " + m, `{"backend_roles":["x","x"]}`, 200, ""},
				{"PUT rolesmapping/nobody", `{"users":["x"]}`, 404, ok("NOT_FOUND", "role 'nobody' not found.")},
				{"DELETE " + m, "", 200, ok("OK", "'manage_snapshots' deleted.")},
				{"DELETE " + m, "", 404, ok("NOT_FOUND", "rolesmapping 'manage_snapshots' not found.")},
				{"GET rolesmapping", "", 200, `{"all_access":{"hosts":[],"users":[],"reserved":false,"hidden":false,"backend_roles":["` + master + `"],"and_backend_roles":[]},
					"security_manager":{"hosts":[],"users":[],"reserved":false,"hidden":false,"backend_roles":["` + master + `"],"and_backend_roles":[]}}`},
			})
		})
	}
}

func TestRoles(t *testing.T) {
	play(t, open(t, "3.4.0"), []step{
		{"GET roles/mine", "", 404, ok("NOT_FOUND", "role 'mine' not found.")},
		{"PUT roles/mine", `{"cluster_permissions":["cluster_monitor"],"index_permissions":[{"index_patterns":["logs-*"],"allowed_actions":["read"]}]}`, 201, ok("CREATED", "'mine' created.")},
		{"GET roles/mine", "", 200, `{"mine":{"reserved":false,"hidden":false,"cluster_permissions":["cluster_monitor"],"index_permissions":[{"index_patterns":["logs-*"],"fls":[],"masked_fields":[],"allowed_actions":["read"]}],"tenant_permissions":[],"static":false}}`},
		{"PUT roles/mine", `{"description":"d","cluster_permissions":["*"],"index_permissions":[{"index_patterns":["a"],"dls":"{}","fls":["f"],"masked_fields":["m"],"allowed_actions":["read"]}],"tenant_permissions":[{"tenant_patterns":["t"],"allowed_actions":["kibana_all_read"]}]}`, 200, ok("OK", "'mine' updated.")},
		{"GET roles/mine", "", 200, `{"mine":{"reserved":false,"hidden":false,"description":"d","cluster_permissions":["*"],"index_permissions":[{"index_patterns":["a"],"dls":"{}","fls":["f"],"masked_fields":["m"],"allowed_actions":["read"]}],"tenant_permissions":[{"tenant_patterns":["t"],"allowed_actions":["kibana_all_read"]}],"static":false}}`},
		{"PUT roles/mine", `{}`, 400, empty},
		{"PUT roles/mine", `{"cluster_perms":["x"]}`, 400, `{"status":"error","reason":"Invalid configuration","invalid_keys":{"keys":"cluster_perms"}}`},
		{"PUT roles/mine", `{"index_permissions":{"a":1}}`, 400, `{"status":"error","reason":"Wrong datatype","index_permissions":"Array expected"}`},
		{"PUT roles/mine", `{"index_permissions":[{"index_pattern":["a"]}]}`, 500, ""},
		{"PUT roles/all_access", `{"cluster_permissions":["*"]}`, 403, ok("FORBIDDEN", "Resource 'all_access' is static.")},
		{"PUT roles/security_manager", `{"cluster_permissions":["*"]}`, 403, ok("FORBIDDEN", "Resource 'security_manager' is reserved.")},
		{"PATCH roles/all_access", `[{"op":"add","path":"/cluster_permissions","value":["x"]}]`, 403, ok("FORBIDDEN", "Resource 'all_access' is static.")},
		{"DELETE roles/all_access", "", 403, ok("FORBIDDEN", "Resource 'all_access' is static.")},
		{"DELETE roles/security_manager", "", 403, ok("FORBIDDEN", "Resource 'security_manager' is reserved.")},
		{"GET roles/security_manager", "", 200, `{"security_manager":{"reserved":true,"hidden":false,"cluster_permissions":[],"index_permissions":[],"tenant_permissions":[],"static":false}}`},
		{"GET actiongroups/manage_snapshots", "", 200, `{"manage_snapshots":{"reserved":true,"hidden":false,"allowed_actions":["cluster:admin/snapshot/*","cluster:admin/repository/*"],"type":"cluster","description":"Allow snapshots","static":true}}`},
		{"GET actiongroups/nobody", "", 404, ok("NOT_FOUND", "actiongroup 'nobody' not found.")},
		{"PUT rolesmapping/mine", `{"users":["x"]}`, 201, ""},
		{"DELETE roles/mine", "", 200, ok("OK", "'mine' deleted.")},
		{"GET rolesmapping/mine", "", 200, ""}, // a role's mapping outlives it
		{"PUT rolesmapping/mine", `{"users":["y"]}`, 404, ok("NOT_FOUND", "role 'mine' not found.")},
		{"DELETE rolesmapping/mine", "", 200, ok("OK", "'mine' deleted.")},
	})
}

func TestUsers(t *testing.T) {
	const password = `"password":"Str0ng-Ferry-Words!"`
	play(t, open(t, "3.4.0"), []step{
		{"GET internalusers", "", 200, `{}`},
		{"PUT internalusers/u", `{}`, 400, empty},
		{"PUT internalusers/u", `{"backend_roles":["x"]}`, 400, ok("BAD_REQUEST", "Please specify either 'hash' or 'password' when creating a new internal user.")},
		{"PUT internalusers/u", `{"password":"weak"}`, 400, `{"status":"error","reason":"Weak password"}`},
		{"PUT internalusers/u", `{"password":3}`, 400, `{"status":"error","reason":"Wrong datatype","password":"String expected"}`},
		{"PUT internalusers/u", `{` + password + `,"attributes":["a"]}`, 400, `{"status":"error","reason":"Wrong datatype","attributes":"Object expected"}`},
		{"PUT internalusers/u", `{"passwort":"x"}`, 400, `{"status":"error","reason":"Invalid configuration","invalid_keys":{"keys":"passwort"}}`},
		{"PUT internalusers/u", `{` + password + `,"opendistro_security_roles":["nosuch"]}`, 404, ok("NOT_FOUND", "role 'nosuch' not found.")},
		{"PUT internalusers/a:b", `{` + password + `}`, 400, ok("BAD_REQUEST", "A restricted character(s) was detected in the account name. Please remove: ':'")},
		{"PUT internalusers/u", `{` + password + `,"backend_roles":["team"],"attributes":{"a":"b"},"opendistro_security_roles":["readall"],"description":"d"}`, 201, ok("CREATED", "'u' created.")},
		{"GET internalusers/u", "", 200, `{"u":{"hash":"","reserved":false,"hidden":false,"backend_roles":["team"],"attributes":{"a":"b"},"description":"d","opendistro_security_roles":["readall"],"static":false}}`},
		{"PUT internalusers/u", `{"backend_roles":["team2"]}`, 200, ok("OK", "'u' updated.")},
		{"GET internalusers/u", "", 200, `{"u":{"hash":"","reserved":false,"hidden":false,"backend_roles":["team2"],"attributes":{},"opendistro_security_roles":[],"static":false}}`},
		{"PATCH internalusers/u", `[{"op":"add","path":"/backend_roles/-","value":"t3"}]`, 200, ok("OK", "'u' updated.")},
		{"PATCH internalusers/u", `[{"op":"add","path":"/password","value":"weak"}]`, 400, `{"status":"error","reason":"Weak password"}`},
		{"PATCH internalusers/u", `[{"op":"add","path":"/password","value":"Str0ng-Ferry-Words2!"}]`, 200, ok("OK", "'u' updated.")},
		{"GET internalusers/nobody", "", 404, ok("NOT_FOUND", "user 'nobody' not found.")},
		{"DELETE internalusers/u", "", 200, ok("OK", "'u' deleted.")},
		{"DELETE internalusers/u", "", 404, ok("NOT_FOUND", "user 'u' not found.")},
	})
}

// TestOldWords has the wording of the versions before 2.11.
func TestOldWords(t *testing.T) {
	for _, v := range []string{"7.10.2", "1.3.0", "2.3.0"} {
		play(t, open(t, v), []step{
			{"GET rolesmapping/manage_snapshots", "", 404, ok("NOT_FOUND", "Resource 'manage_snapshots' not found.")},
			{"DELETE rolesmapping/manage_snapshots", "", 404, ok("NOT_FOUND", "rolesmapping manage_snapshots not found.")},
			{"PATCH rolesmapping/manage_snapshots", `[{"op":"add","path":"/users","value":[]}]`, 404, ok("NOT_FOUND", "rolesmapping manage_snapshots not found.")},
			{"PUT rolesmapping/nobody", `{"users":["x"]}`, 404, ok("NOT_FOUND", "Role 'nobody' is not available for role-mapping.")},
			{"PUT roles/all_access", `{"cluster_permissions":["*"]}`, 403, ok("FORBIDDEN", "Resource 'all_access' is read-only.")},
			{"PUT rolesmapping/manage_snapshots", `{"users":["x"]}`, 201, ok("CREATED", "'manage_snapshots' created.")},
		})
	}
}

// TestClosed: all_access alone does not open the API, security_manager does.
func TestClosed(t *testing.T) {
	p := open(t, "3.4.0")
	must(t, p, "PUT rolesmapping/all_access", `{"backend_roles":["`+master+`","`+signer+`"]}`)
	must(t, p, "PUT rolesmapping/readall", `{"backend_roles":["`+signer+`"]}`)
	const refused = `{"status":"FORBIDDEN","message":"No permission to access REST API: User ` + signer + ` with Security roles [all_access, readall] does not have any role privileged for admin access. No ssl info found in request."}`
	for _, call := range []string{"GET rolesmapping", "GET roles/all_access", "PUT rolesmapping/readall", "PATCH roles", "DELETE rolesmapping/readall", "GET internalusers", "GET actiongroups"} {
		if status, got := doAs(t, p, signer, call, `{"users":["x"]}`); status != 403 || got != refused {
			t.Errorf("%s: %d %s", call, status, got)
		}
	}
	must(t, p, "PUT rolesmapping/security_manager", `{"backend_roles":["`+master+`"],"users":["`+signer+`"]}`)
	must(t, p, "PUT rolesmapping/all_access", `{"backend_roles":["`+master+`"]}`)
	if status, got := doAs(t, p, signer, "GET rolesmapping/all_access", ""); status != 200 {
		t.Errorf("security_manager alone: %d %s", status, got)
	}
}

// TestUnrecognizedGrant: the plugin fails over it and names its classes.
func TestUnrecognizedGrant(t *testing.T) {
	_, got := do(t, open(t, "3.4.0"), "PUT roles/mine", `{"index_permissions":[{"index_pattern":["a"]}]}`)
	for _, part := range []string{`"type":"unrecognized_property_exception"`, `Unrecognized field \"index_pattern\" (class org.opensearch.security.securityconf.impl.v7.RoleV7$Index)`, `RoleV7[\"index_permissions\"]->java.util.ArrayList[0]`} {
		if !strings.Contains(got, part) {
			t.Errorf("%s is not in %s", part, got)
		}
	}
}
