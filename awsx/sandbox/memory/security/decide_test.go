package security_test

import (
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/security"
)

// targets reads "index" or "index=alias,alias" for each index.
func targets(list ...string) []security.Target {
	var out []security.Target
	for _, s := range list {
		name, also, has := strings.Cut(s, "=")
		t := security.Target{Name: name}
		if has {
			t.Also = strings.Split(also, ",")
		}
		out = append(out, t)
	}
	return out
}

const allowed = "allowed"

// judgements are a role, what is asked, and the words in the brackets of the
// refusal.
var judgements = map[string]struct {
	role    string
	actions string
	on      []security.Target
	all     bool
	want    string
}{
	"nothing, cluster":    {`{"description":"none"}`, "cluster:monitor/main", nil, false, "cluster:monitor/main"},
	"nothing, index":      {`{"description":"none"}`, "indices:data/read/search", targets("a"), false, "indices:data/read/search"},
	"nothing, no index":   {`{"description":"none"}`, "indices:data/read/search", nil, false, allowed},
	"cluster":             {`{"cluster_permissions":["cluster:monitor/main"]}`, "cluster:monitor/main", nil, false, allowed},
	"cluster group":       {`{"cluster_permissions":["cluster_monitor"]}`, "cluster:monitor/nodes/stats", nil, false, allowed},
	"group in group":      {`{"cluster_permissions":["cluster_composite_ops"]}`, "indices:data/read/mget", nil, false, allowed},
	"unknown group":       {`{"cluster_permissions":["no_such_group"]}`, "cluster:monitor/main", nil, false, "cluster:monitor/main"},
	"index as cluster":    {`{"cluster_permissions":["indices:data/read/search"]}`, "indices:data/read/search", targets("a"), false, "indices:data/read/search"},
	"cluster as index":    {perms("*", "cluster:*"), "cluster:monitor/main", targets("a"), false, "cluster:monitor/main"},
	"bulk is cluster":     {perms("*", "indices:data/write*"), "indices:data/write/bulk", nil, false, "indices:data/write/bulk"},
	"template is cluster": {perms("*", "*"), "indices:admin/index_template/put", nil, false, "indices:admin/index_template/put"},
	"scroll is cluster":   {`{"cluster_permissions":["cluster_composite_ops_ro"]}`, "indices:data/read/scroll", nil, false, allowed},
	"clear is another":    {`{"cluster_permissions":["cluster_composite_ops_ro"]}`, "indices:data/read/scroll/clear", nil, false, "indices:data/read/scroll/clear"},
	"pattern":             {perms("logs-*", "read"), "indices:data/read/search", targets("logs-a", "logs-b"), false, allowed},
	"one outside":         {perms("logs-*", "read"), "indices:data/read/search", targets("logs-a", "other"), false, "indices:data/read/search"},
	"by alias":            {perms("al", "read"), "indices:data/read/search", targets("logs-a=x,al"), false, allowed},
	"by stream":           {perms("web", "read"), "indices:data/read/search", targets(".ds-web-000001=web"), false, allowed},
	"by user":             {perms("${user.name}", "read"), "indices:data/read/search", targets(signer), false, allowed},
	"by user, old":        {perms("x-${user_name}", "read"), "indices:data/read/search", targets("x-" + signer), false, allowed},
	"other action":        {perms("*", "indices_monitor"), "indices:data/read/search", targets("a"), false, "indices:data/read/search"},
	"two, none":           {`{"description":"none"}`, "indices:data/write/index indices:admin/create", targets("a"), false, "indices:data/write/index, indices:admin/create"},
	"two, first":          {perms("*", "indices:data/write/index"), "indices:data/write/index indices:admin/create", targets("a"), false, "indices:admin/create"},
	"two, second":         {perms("*", "indices:admin/create"), "indices:data/write/index indices:admin/create", targets("a"), false, "indices:data/write/index"},
	"two roles in one": {
		`{"index_permissions":[{"index_patterns":["a"],"allowed_actions":["indices:admin/create"]},{"index_patterns":["*"],"allowed_actions":["indices:data/write/index"]}]}`,
		"indices:data/write/index indices:admin/create", targets("a"), false, allowed,
	},
	"protected write":       {`{"cluster_permissions":["*"],"index_permissions":[{"index_patterns":["*"],"allowed_actions":["*"]}]}`, "indices:data/write/index", targets(security.Index), false, ""},
	"protected among":       {perms("*", "*"), "indices:admin/delete", targets("a", security.Index), false, ""},
	"protected system":      {perms("*", "*"), "indices:admin/close", targets(".tasks"), false, ""},
	"protected read":        {perms("*", "*"), "indices:data/read/search", targets(security.Index), false, allowed},
	"protected open":        {perms("*", "*"), "indices:admin/open", targets(security.Index), false, allowed},
	"protected refresh":     {perms("*", "*"), "indices:admin/refresh", targets(security.Index), false, allowed},
	"protected, no right":   {`{"description":"none"}`, "indices:admin/delete", targets(security.Index), false, ""},
	"everything, delete":    {perms("*", "*"), "indices:admin/delete", targets("a"), true, ""},
	"everything, aliases":   {perms("*", "*"), "indices:admin/aliases", targets("a"), true, ""},
	"everything, aliases 2": {perms("*", "*"), "indices:admin/aliases/get", targets("a"), true, allowed},
	"everything, read":      {perms("*", "*"), "indices:data/read/search", targets("a"), true, allowed},
	"restore into":          {`{"cluster_permissions":["manage_snapshots"]}`, "cluster:admin/snapshot/restore", targets(".opendistro-reports-x"), false, ""},
	"restore":               {`{"cluster_permissions":["manage_snapshots"]}`, "cluster:admin/snapshot/restore", targets("a"), false, allowed},
}

// TestJudge gives the signer one role and asks. The wants are the words in the
// brackets of the refusal.
func TestJudge(t *testing.T) {
	for name, tc := range judgements {
		t.Run(name, func(t *testing.T) {
			p := open(t, "3.4.0")
			must(t, p, "PUT roles/mine", tc.role)
			must(t, p, "PUT rolesmapping/mine", `{"backend_roles":["`+signer+`"]}`)
			u := know(t, p, signer)
			got := allowed
			if err := p.Judge(u, security.Request{Actions: strings.Fields(tc.actions), Targets: tc.on, All: tc.all}); err != nil {
				if err.Status != 403 || err.Type != "security_exception" {
					t.Errorf("refused with %d %s", err.Status, err.Type)
				}
				got = strings.TrimSuffix(strings.TrimPrefix(err.Reason, "no permissions for ["), "] and "+u.String())
			}
			if got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

// perms is a role with one index permission.
func perms(pattern, action string) string {
	return `{"index_permissions":[{"index_patterns":["` + pattern + `"],"allowed_actions":["` + action + `"]}]}`
}

// TestJudgeAddsRolesUp: what one role lacks another may bring, also for the
// several indices of one request.
func TestJudgeAddsRolesUp(t *testing.T) {
	p := open(t, "3.4.0")
	for name, body := range map[string]string{"a": perms("a", "read"), "b": perms("b", "read")} {
		must(t, p, "PUT roles/"+name, body)
		must(t, p, "PUT rolesmapping/"+name, `{"backend_roles":["`+signer+`"]}`)
	}
	q := security.Request{Actions: []string{"indices:data/read/search"}, Targets: targets("a", "b")}
	if err := p.Judge(know(t, p, signer), q); err != nil {
		t.Error(err)
	}
	must(t, p, "DELETE rolesmapping/b", "")
	if err := p.Judge(know(t, p, signer), q); err == nil {
		t.Error("a mapping that is gone still counts")
	}
}

func TestProtected(t *testing.T) {
	for index, want := range map[string]bool{
		".opendistro_security": true, ".tasks": true, ".plugins-ml-config": true, ".opendistro-alerting-alerts": true, ".opendistro-ism-config": true,
		".opensearch-observability": true, ".opendistro-reports-x": true, ".kibana_1": false, ".kibana": false, "logs-a": false, ".opendistro_securityx": false,
		"opendistro_security": false, ".ds-web-000001": false,
	} {
		if got := security.Protected(index); got != want {
			t.Errorf("%s: %v", index, got)
		}
	}
}
