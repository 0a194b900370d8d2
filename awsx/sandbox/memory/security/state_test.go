package security_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory/security"
)

// through writes a state and reads it again, as a cluster that is killed does.
func through(t *testing.T, s *security.State) (*security.State, string) {
	t.Helper()
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var out security.State
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return &out, string(raw)
}

func mappingOf(t *testing.T, p *security.Plugin, role string) string {
	t.Helper()
	_, body := do(t, p, "GET rolesmapping/"+role, "")
	var m map[string]struct {
		Users        []string `json:"users"`
		BackendRoles []string `json:"backend_roles"`
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	return strings.Join(m[role].Users, " ") + "|" + strings.Join(m[role].BackendRoles, " ")
}

// TestMasters: who is mapped how, at first and when the master is changed.
func TestMasters(t *testing.T) {
	const password = "Ferry-Boat-7-Crossing"
	for name, tc := range map[string]struct {
		first, then security.Options
		want        string
	}{
		"role":             {security.Options{MasterARN: master}, security.Options{MasterARN: master}, "|" + master},
		"user":             {security.Options{MasterARN: person}, security.Options{MasterARN: person}, person + "|"},
		"another role":     {security.Options{MasterARN: master}, security.Options{MasterARN: signer}, "|" + master + " " + signer},
		"role, then user":  {security.Options{MasterARN: master}, security.Options{MasterARN: person}, person + "|" + master},
		"role, then none":  {security.Options{MasterARN: master}, security.Options{}, "|" + master},
		"role, then both":  {security.Options{MasterARN: master}, security.Options{MasterARN: master, MasterUser: "captain", MasterPassword: password}, "captain|" + master},
		"both":             {security.Options{MasterARN: master, MasterUser: "captain", MasterPassword: password}, security.Options{MasterARN: master, MasterUser: "captain", MasterPassword: password}, "captain|" + master},
		"another user":     {security.Options{MasterUser: "captain", MasterPassword: password}, security.Options{MasterUser: "mate", MasterPassword: password}, "captain mate|"},
		"another password": {security.Options{MasterARN: master, MasterUser: "captain", MasterPassword: password}, security.Options{MasterARN: master, MasterUser: "captain", MasterPassword: password + "2"}, "captain|" + master},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := through(t, reopen(t, nil, tc.first).State())
			p := reopen(t, s, tc.then)
			// Whoever is asked with is made able to look.
			p2 := reopen(t, p.State(), security.Options{MasterARN: master})
			for _, role := range []string{"all_access", "security_manager"} {
				got := mappingOf(t, p2, role)
				if !strings.Contains(tc.want, master) {
					got = strings.TrimSuffix(got, master)
				}
				if d := cmp.Diff(tc.want, got); d != "" {
					t.Errorf("%s: %s", role, d)
				}
			}
		})
	}
}

// TestStateIsKept: what was made is there after a restart; the master is not put
// back where he was taken out; no password is in what is kept.
func TestStateIsKept(t *testing.T) {
	const boat, deck = "Ferry-Boat-7-Crossing", "Deck-Hand-4-Mooring"
	o := security.Options{MasterARN: master, MasterUser: "captain", MasterPassword: boat}
	p := reopen(t, nil, o)
	must(t, p, "PUT internalusers/crew", `{"password":"`+deck+`"}`)
	must(t, p, "PUT roles/mine", `{"cluster_permissions":["cluster_monitor"]}`)
	must(t, p, "PUT rolesmapping/mine", `{"users":["crew"]}`)
	must(t, p, "PUT rolesmapping/all_access", `{"users":["somebody"]}`)
	s, raw := through(t, p.State())
	for _, secret := range []string{boat, deck} {
		if strings.Contains(raw, secret) {
			t.Error("a password is kept")
		}
	}
	p = reopen(t, s, o)
	if got := mappingOf(t, p, "all_access"); got != "somebody|" {
		t.Errorf("a restart changed the mapping to %s", got)
	}
	u := p.Know(backend.Internal("crew"), security.Login{Name: "crew", Password: deck})
	if u == nil || len(u.Roles) != 1 || u.Roles[0] != "mine" {
		t.Fatalf("%v", u)
	}
	if err := p.Judge(u, security.Request{Actions: []string{"cluster:monitor/health"}}); err != nil {
		t.Error(err)
	}
}

// TestOwnPasswordStays: a master who changed his password keeps it through a
// restart; one that the domain's configuration changes is changed.
func TestOwnPasswordStays(t *testing.T) {
	const first, own, later = "Ferry-Boat-7-Crossing", "Ferry-Boat-8-Crossing", "Ferry-Boat-9-Crossing"
	options := func(password string) security.Options {
		return security.Options{MasterUser: "captain", MasterPassword: password}
	}
	p := reopen(t, nil, options(first))
	login := func(password string) *security.User {
		return p.Know(backend.Internal("captain"), security.Login{Name: "captain", Password: password})
	}
	if a, changed := p.ChangePassword(login(first), []byte(`{"password":"`+own+`","current_password":"`+first+`"}`)); !changed {
		t.Fatalf("%v", a)
	}
	s, _ := through(t, p.State())
	p = reopen(t, s, options(first))
	if login(own) == nil || login(first) != nil {
		t.Error("a restart put the first password back")
	}
	s, _ = through(t, p.State())
	p = reopen(t, s, options(later))
	if login(later) == nil || login(own) != nil {
		t.Error("the configured password is not in force")
	}
}

// TestHidden entries are not there for anybody.
func TestHidden(t *testing.T) {
	p := open(t, "3.4.0")
	must(t, p, "PUT rolesmapping/readall", `{"users":["x"]}`)
	s := p.State()
	s.Entries["rolesmapping"]["readall"].Hidden = true
	p = reopen(t, s, security.Options{MasterARN: master})
	for _, call := range []string{"GET rolesmapping/readall", "DELETE rolesmapping/readall", "PATCH rolesmapping/readall"} {
		if status, got := do(t, p, call, `[{"op":"add","path":"/users/-","value":"y"}]`); status != 404 {
			t.Errorf("%s: %d %s", call, status, got)
		}
	}
	if _, got := do(t, p, "GET rolesmapping", ""); strings.Contains(got, "readall") {
		t.Errorf("%s", got)
	}
}

// TestShipped: the roles a migration goes by are there as the plugin ships them.
func TestShipped(t *testing.T) {
	p := open(t, "3.4.0")
	_, all := do(t, p, "GET roles", "")
	var roles map[string]struct{ Static, Reserved bool }
	if err := json.Unmarshal([]byte(all), &roles); err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields("all_access kibana_server kibana_user logstash manage_snapshots own_index readall readall_and_monitor") {
		if r := roles[name]; !r.Static || !r.Reserved {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := roles["security_manager"]; r.Static || !r.Reserved {
		t.Errorf("security_manager: %+v", r)
	}
	_, got := do(t, p, "GET roles/manage_snapshots", "")
	if !equalJSON(t, got, `{"manage_snapshots":{"reserved":true,"hidden":false,"description":"Provide the minimum permissions for managing snapshots","cluster_permissions":["manage_snapshots"],
		"index_permissions":[{"index_patterns":["*"],"fls":[],"masked_fields":[],"allowed_actions":["indices:admin/create","indices:data/write/index"]}],"tenant_permissions":[],"static":true}}`) {
		t.Errorf("%s", got)
	}
	for _, kind := range security.Kinds() {
		if one, many := security.Methods(kind, true), security.Methods(kind, false); (len(one) == 4) != (len(many) == 2) {
			t.Errorf("%s: %v %v", kind, one, many)
		}
	}
}
