//go:build judges

package sandbox_test

import (
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
)

const (
	ec2Role  = "arn:aws:iam::111111111111:role/EC2Role"
	taskRole = "arn:aws:iam::111111111111:role/TaskRole"
)

// place is where article 3 asks from.
type place struct {
	name, role string
	env        []sandbox.Variable
}

// user is a role as the domain's refusals name it.
func (p place) user() string {
	return "User [name=" + p.role + ", backend_roles=[" + p.role + "], requestedTenant=null]"
}

// TestArticle3 signs with curl from an instance and from a task. What they may do
// is given by the master with his password.
func TestArticle3(t *testing.T) {
	s := openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessInternalMaster}})
	r := newReplay(t, s, "3")
	_, d := labelled(t, s.Info(), "source", "source")
	r.let("DOMAIN", d.Endpoint)
	r.let("MASTER", d.Master)
	r.let("PASSWORD", d.MasterPassword)
	r.script(r.as("source"), "prepare.sh")
	places := []place{
		{"instance", ec2Role, r.info.HostEnv(sandbox.HostInstance, "source", "EC2Role")},
		{"task", taskRole, r.info.HostEnv(sandbox.HostTask, "source", "TaskRole")},
	}
	for _, p := range places {
		r.probe(p, "nobody has mapped it", answers{
			"probe":    {403, `{"error":{"root_cause":[{"type":"security_exception","reason":"no permissions for [indices:monitor/settings/get] and ` + p.user() + `"}],…},"status":403}`},
			"mappings": noAPI(p, ""),
		})
	}
	r.same(r.script(r.as("source"), "map.sh", "all_access", quoted(d.Master)), answers{
		"put":    {200, `{"status":"OK","message":"'all_access' updated."}`},
		"get":    {200, `{"all_access":{"hosts":[],"users":["` + d.Master + `"],"reserved":false,"hidden":false,"backend_roles":["` + ec2Role + `","` + taskRole + `"],"and_backend_roles":[]}}`},
		"master": {200, ".kibana_1"},
	})
	for _, p := range places {
		said := r.probe(p, "all_access alone", answers{"probe": {200, "…"}, "mappings": noAPI(p, "all_access")})
		for _, index := range []string{".opensearch-observability", ".kibana_1", ".opendistro_security"} {
			if !strings.Contains(said["probe"].text, " "+index+" ") {
				t.Errorf("%s does not see %s", p.name, index)
			}
		}
	}
	r.same(r.script(r.as("source"), "map.sh", "security_manager", quoted(d.Master)), answers{
		"put": {200, `{"status":"OK","message":"'security_manager' updated."}`}, "get": {200, `{"security_manager":{…`}, "master": {200, ".kibana_1"},
	})
	for _, p := range places {
		r.probe(p, "security_manager, too", answers{"probe": {200, "…"}, "mappings": {200, `{"all_access":{…}}`}})
	}
}

// probe asks from a place and compares, with what is the same in every state.
func (r *replay) probe(p place, state string, want answers) answers {
	r.t.Helper()
	r.t.Log(p.name + ": " + state)
	want["session-left-out"] = answer{403, `{"message":"The security token included in the request is invalid."}`}
	if p.name == "instance" {
		want["without-token"] = answer{0, "401"}
	}
	said := r.script(p.env, "probe.sh", p.name)
	r.same(said, want)
	return said
}

// noAPI is the refusal of the security API to somebody with these roles.
func noAPI(p place, roles string) answer {
	return answer{403, `{"status":"FORBIDDEN","message":"No permission to access REST API: User ` + p.role + ` with Security roles [` + roles +
		`] does not have any role privileged for admin access. No ssl info found in request."}`}
}

func quoted(s string) string { return `"` + s + `"` }

// TestArticle3MasterForgotten leaves the master out of what PUT replaces.
func TestArticle3MasterForgotten(t *testing.T) {
	s := openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessInternalMaster}})
	r := newReplay(t, s, "3")
	_, d := labelled(t, s.Info(), "source", "source")
	r.let("DOMAIN", d.Endpoint)
	r.let("MASTER", d.Master)
	r.let("PASSWORD", d.MasterPassword)
	out := answer{403, `{"error":{"root_cause":[{"type":"security_exception","reason":"no permissions for [indices:monitor/settings/get] and User [name=` + d.Master + `, backend_roles=[], requestedTenant=null]"}],…},"status":403}`}
	// Nothing warns: the write succeeds, and the master may no longer look.
	r.same(r.script(r.as("source"), "map.sh", "all_access", ""), answers{
		"put":    {200, `{"status":"OK","message":"'all_access' updated."}`},
		"get":    {200, `{"all_access":{"hosts":[],"users":[],…`},
		"master": out,
	})
	// As long as he is mapped to security_manager, he can write himself in again.
	r.same(r.script(r.as("source"), "map.sh", "all_access", quoted(d.Master)), answers{
		"put": {200, `{"status":"OK","message":"'all_access' updated."}`}, "get": {200, `…"users":["` + d.Master + `"]…`}, "master": {200, ".kibana_1"},
	})
	// Forgotten there as well, the whole of the domain's security is closed to him.
	master := place{role: d.Master}
	r.same(r.script(r.as("source"), "map.sh", "security_manager", ""), answers{
		"put": {200, `{"status":"OK","message":"'security_manager' updated."}`}, "get": noAPI(master, "all_access"), "master": {200, ".kibana_1"},
	})
	r.same(r.script(r.as("source"), "map.sh", "all_access", ""), answers{
		"put": noAPI(master, "all_access"), "get": noAPI(master, "all_access"), "master": {200, ".kibana_1"},
	})
	r.same(r.script(r.as("source"), "appoint.sh"), answers{
		"appoint": {0, "true"}, "get": {200, `…"users":["` + d.Master + `"]…"backend_roles":["` + ec2Role + `",…`}, "master": {200, ".kibana_1"},
	})
}
