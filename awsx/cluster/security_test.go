package cluster_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
)

const (
	master = "arn:aws:iam::111111111111:role/team/Master"
	signer = "arn:aws:iam::111111111111:user/ann"
)

// The bodies in these tests are those of a 3.4.0 node with its security plugin.

func TestSecurityPath(t *testing.T) {
	for version, want := range map[string]string{
		"OpenSearch_2.11": "/_plugins/_security/api/roles/a%2Fb", "Elasticsearch_7.10": "/_opendistro/_security/api/roles/a%2Fb", "": "/_opendistro/_security/api/roles/a%2Fb",
	} {
		v, _ := awsid.ParseEngineVersion(version)
		if got := cluster.SecurityPath(v, "api", "roles", "a/b"); got != want {
			t.Errorf("%q: %s, want %s", version, got, want)
		}
	}
}

func TestAuthInfo(t *testing.T) {
	c, d := serve(t, "3.4.0", map[string]answer{
		"GET /_plugins/_security/authinfo": ok(`{"user":"User [name=` + master + `, backend_roles=[` + master + `], requestedTenant=null]","user_name":"` + master + `","user_requested_tenant":null,"remote_address":"127.0.0.1:39208","backend_roles":["` + master + `"],"custom_attribute_names":[],"roles":["security_manager","all_access"],"tenants":{"global_tenant":true},"principal":null,"peer_certificates":"0","sso_logout_url":null}`),
	})
	got, err := c.AuthInfo(ctx)
	same(t, &cluster.AuthInfo{User: master, BackendRoles: []string{master}, Roles: []string{"all_access", "security_manager"}}, got, err)

	for name, tc := range map[string]struct {
		answer answer
		kind   failure.Kind
	}{
		"nobody asks":          {answer{401, json.RawMessage(`Unauthorized`)}, failure.Credentials},
		"front refuses":        {answer{403, json.RawMessage(`{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet"}`)}, failure.Denied},
		"no plugin":            {answer{400, json.RawMessage(`{"error":"no handler found for uri [/_plugins/_security/authinfo] and method [GET]"}`)}, ""},
		"no plugin, 7.10.2":    {answer{404, json.RawMessage(`{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index [_opendistro]"}],"type":"index_not_found_exception","reason":"no such index [_opendistro]"},"status":404}`)}, ""},
		"service has it not":   {answer{401, json.RawMessage(`{"Message":"Your request: '/_plugins/_security/authinfo' is not allowed by Amazon Elasticsearch Service."}`)}, ""},
		"engine is in trouble": {answer{503, nil}, failure.Service},
	} {
		d.answers["GET /_plugins/_security/authinfo"] = tc.answer
		got, err := c.AuthInfo(ctx)
		if got != nil || (err == nil) != (tc.kind == "") || (err != nil && !failure.Is(err, tc.kind)) {
			t.Errorf("%s: %+v %v, want %q", name, got, err, tc.kind)
		}
	}
}

func TestPermissions(t *testing.T) {
	c, d := serve(t, "3.4.0", map[string]answer{"GET /_plugins/_security/api/permissionsinfo": ok(`{"user":"…","user_name":"admin","has_api_access":true,"disabled_endpoints":{"ROLES":["PUT","DELETE"]}}`)})
	p, err := c.PermissionsInfo(ctx)
	if err != nil || p.User != "admin" || !p.API || !p.May("PUT", "ROLESMAPPING") || p.May("PUT", "ROLES") || !p.May("GET", "ROLES") {
		t.Errorf("%+v %v", p, err)
	}
	d.answers["GET /_plugins/_security/api/permissionsinfo"] = ok(`{"user_name":"` + signer + `","has_api_access":false,"disabled_endpoints":{}}`)
	if p, err := c.PermissionsInfo(ctx); err != nil || p.API || p.May("GET", "ROLES") {
		t.Errorf("%+v %v", p, err)
	}
}

// put is what was sent last, as JSON.
func (d *domain) put(t *testing.T, call string) map[string]any {
	t.Helper()
	r, body := d.last()
	if got := r.Method + " " + r.URL.EscapedPath(); got != call {
		t.Fatalf("sent %s, want %s", got, call)
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return out
}

func list(v ...any) []any { return append([]any{}, v...) }

var known = cmpopts.IgnoreUnexported(cluster.RoleMapping{})

// TestRoleMapping: what is changed is our part; order, description and what is
// not known go back as they came.
func TestRoleMapping(t *testing.T) {
	const path = "/_plugins/_security/api/rolesmapping/manage_snapshots"
	c, d := serve(t, "3.4.0", map[string]answer{
		"GET " + path: ok(`{"manage_snapshots":{"hosts":[],"users":["z","a"],"reserved":false,"hidden":false,"backend_roles":["` + master + `"],"and_backend_roles":["x","y"],"description":"ours <&>","later":{"k":[1]}}}`),
		"PUT " + path: ok(`{"status":"OK","message":"'manage_snapshots' updated."}`),
	})
	m, err := c.RoleMapping(ctx, "manage_snapshots")
	if err != nil || m == nil {
		t.Fatal(m, err)
	}
	want := cluster.RoleMapping{Role: "manage_snapshots", Users: []string{"z", "a"}, BackendRoles: []string{master}, AndBackendRoles: []string{"x", "y"}, Hosts: []string{}}
	if d := cmp.Diff(want, *m, known); d != "" {
		t.Error(d)
	}
	m.Users = append(m.Users, signer)
	same(t, nil, nil, c.PutRoleMapping(ctx, *m))
	sent := map[string]any{
		"hosts": list(), "users": list("z", "a", signer), "backend_roles": list(master), "and_backend_roles": list("x", "y"),
		"description": "ours <&>", "later": map[string]any{"k": list(1.0)},
	}
	same(t, sent, d.put(t, "PUT "+path), nil)
	// One of our own making has every list, and none is null.
	same(t, nil, nil, c.PutRoleMapping(ctx, cluster.RoleMapping{Role: "manage_snapshots", Users: []string{signer}}))
	same(t, map[string]any{"hosts": list(), "users": list(signer), "backend_roles": list(), "and_backend_roles": list()}, d.put(t, "PUT "+path), nil)
}

func TestRoleMappingOfElasticsearch6(t *testing.T) {
	const path = "/_opendistro/_security/api/rolesmapping/manage_snapshots"
	d := &domain{t: t, answers: map[string]answer{
		"GET " + path: ok(`{"manage_snapshots":{"readonly":false,"hidden":false,"backendroles":["b"],"hosts":[],"users":[],"and_backendroles":[]}}`), "PUT " + path: ok(`{}`),
	}}
	c := client(d, "7.10.2", cluster.Unsigned())
	m, err := c.RoleMapping(ctx, "manage_snapshots")
	if err != nil || m.Fixed || len(m.BackendRoles) != 1 {
		t.Fatalf("%+v %v", m, err)
	}
	same(t, nil, nil, c.PutRoleMapping(ctx, *m))
	if sent := d.put(t, "PUT "+path); sent["backendroles"] == nil || sent["backend_roles"] != nil || sent["readonly"] != nil {
		t.Errorf("sent %v", sent)
	}
}

func TestRoleMappingThatIsFixedOrGone(t *testing.T) {
	const path = "/_plugins/_security/api/rolesmapping/r"
	none := answer{404, json.RawMessage(`{"status":"NOT_FOUND","message":"rolesmapping 'r' not found."}`)}
	c, d := serve(t, "3.4.0", map[string]answer{"GET " + path: none, "DELETE " + path: none})
	m, err := c.RoleMapping(ctx, "r")
	same(t, (*cluster.RoleMapping)(nil), m, err)
	same(t, nil, nil, c.DeleteRoleMapping(ctx, "r"))
	for body, fixed := range map[string]bool{`{"r":{"reserved":true}}`: true, `{"r":{"hidden":true}}`: true, `{"r":{"reserved":false,"hidden":false}}`: false} {
		d.answers["GET "+path] = ok(body)
		if m, err = c.RoleMapping(ctx, "r"); err != nil || m.Fixed != fixed {
			t.Errorf("%s: %+v %v", body, m, err)
		}
	}
	// A domain without the plugin has no mapping to be absent.
	d.answers["GET "+path] = answer{404, json.RawMessage(`{"error":{"type":"index_not_found_exception","reason":"no such index [_plugins]"},"status":404}`)}
	if m, err := c.RoleMapping(ctx, "r"); m != nil || !failure.Is(err, failure.Missing) {
		t.Errorf("%+v %v", m, err)
	}
	d.answers["GET "+path] = ok(`{"r":{"users":"ann"}}`)
	if _, err := c.RoleMapping(ctx, "r"); err == nil || !strings.Contains(err.Error(), "users") {
		t.Errorf("a list that is none: %v", err)
	}
	d.answers["PUT "+path] = answer{409, json.RawMessage(`{"status":"CONFLICT","message":"[rolesmapping]: version conflict, required seqNo [13], primary term [1]. current document has seqNo [14] and primary term [1]"}`)}
	if err := c.PutRoleMapping(ctx, cluster.RoleMapping{Role: "r"}); !failure.Is(err, failure.Conflict) || !failure.Of(err).Transient {
		t.Errorf("written at the same moment: %+v", err)
	}
}

func TestRoles(t *testing.T) {
	const path = "/_plugins/_security/api/roles"
	observer := cluster.Role{
		Name: "o", Description: "made by", ClusterPermissions: []string{"cluster_monitor"},
		IndexPermissions:  []cluster.IndexPermission{{Patterns: []string{"logs-a"}, DLS: "q", FLS: []string{"a"}, MaskedFields: []string{"m"}, Actions: []string{"read"}}},
		TenantPermissions: []cluster.TenantPermission{{Patterns: []string{"t"}, Actions: []string{"kibana_all_read"}}},
	}
	body := `{"reserved":false,"hidden":false,"description":"made by","cluster_permissions":["cluster_monitor"],"index_permissions":[{"index_patterns":["logs-a"],"dls":"q","fls":["a"],"masked_fields":["m"],"allowed_actions":["read"]}],"tenant_permissions":[{"tenant_patterns":["t"],"allowed_actions":["kibana_all_read"]}],"static":false}`
	none := answer{404, json.RawMessage(`{"status":"NOT_FOUND","message":"role 'none' not found."}`)}
	c, d := serve(t, "3.4.0", map[string]answer{
		"GET " + path:        ok(`{"p":{"reserved":true,"static":true},"o":` + body + `,"h":{"hidden":true}}`),
		"GET " + path + "/o": ok(`{"o":` + body + `}`), "GET " + path + "/none": none, "DELETE " + path + "/none": none,
		"PUT " + path + "/o": {201, json.RawMessage(`{"status":"CREATED","message":"'o' created."}`)}, "DELETE " + path + "/o": ok(`{"status":"OK","message":"'o' deleted."}`),
	})
	all, err := c.Roles(ctx)
	same(t, []cluster.Role{{Name: "h", Fixed: true}, observer, {Name: "p", Fixed: true}}, all, err)
	one, err := c.Role(ctx, "o")
	same(t, &observer, one, err)
	gone, err := c.Role(ctx, "none")
	same(t, (*cluster.Role)(nil), gone, err)
	same(t, nil, nil, c.DeleteRole(ctx, "none"))
	same(t, nil, nil, c.DeleteRole(ctx, "o"))
	same(t, nil, nil, c.PutRole(ctx, observer))
	if sent := d.put(t, "PUT "+path+"/o"); len(sent) != 4 || sent["description"] != "made by" {
		t.Errorf("sent %v", sent)
	}
	same(t, nil, nil, c.PutRole(ctx, cluster.Role{Name: "o"}))
	same(t, map[string]any{"cluster_permissions": list(), "index_permissions": list(), "tenant_permissions": list()}, d.put(t, "PUT "+path+"/o"), nil)
	six := cluster.New(cluster.Options{Endpoint: host, Version: awsid.EngineVersion{Family: awsid.Elasticsearch, Major: 6, Minor: 8}})
	if err := six.PutRole(ctx, observer); !failure.Is(err, failure.Invalid) {
		t.Errorf("a role of Elasticsearch 6: %v", err)
	}
}
