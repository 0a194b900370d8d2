package security_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory/security"
)

// TestMapped: which strings of a mapping mean whom.
func TestMapped(t *testing.T) {
	for name, tc := range map[string]struct {
		mapping        string
		signer, person bool
	}{
		"role":                    {`{"backend_roles":["` + signer + `"]}`, true, false},
		"role among users":        {`{"users":["` + signer + `"]}`, true, false},
		"user":                    {`{"users":["` + person + `"]}`, false, true},
		"user among roles":        {`{"backend_roles":["` + person + `"]}`, false, true},
		"both":                    {`{"users":["` + person + `"],"backend_roles":["` + signer + `"]}`, true, true},
		"session":                 {`{"backend_roles":["arn:aws:sts::111111111111:assumed-role/signer/me"]}`, false, false},
		"path left out":           {`{"backend_roles":["arn:aws:iam::111111111111:role/signer"]}`, false, false},
		"other case":              {`{"backend_roles":["arn:aws:iam::111111111111:role/team/Signer"]}`, false, false},
		"blank":                   {`{"backend_roles":["` + signer + ` "]}`, false, false},
		"star":                    {`{"users":["*"]}`, true, true},
		"all roles":               {`{"backend_roles":["arn:aws:iam::111111111111:role/*"]}`, true, false},
		"expression":              {`{"users":["/arn.*person/"]}`, false, true},
		"and, all there":          {`{"and_backend_roles":["` + signer + `"]}`, true, false},
		"and, one missing":        {`{"and_backend_roles":["` + signer + `","other"]}`, false, false},
		"host":                    {`{"hosts":["10.0.0.*"]}`, true, true},
		"other host":              {`{"hosts":["10.1.0.*"]}`, false, false},
		"nobody":                  {`{"users":[]}`, false, false},
		"the role's name, not it": {`{"backend_roles":["manage_snapshots"]}`, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, "3.4.0")
			must(t, p, "PUT rolesmapping/manage_snapshots", tc.mapping)
			for who, want := range map[string]bool{signer: tc.signer, person: tc.person} {
				roles := []string(nil)
				if want {
					roles = []string{"manage_snapshots"}
				}
				if d := cmp.Diff(roles, know(t, p, who).Roles); d != "" {
					t.Errorf("%s: %s", who, d)
				}
			}
		})
	}
}

func TestSeveralMappingsAddUp(t *testing.T) {
	p := open(t, "3.4.0")
	for _, r := range []string{"readall", "manage_snapshots"} {
		must(t, p, "PUT rolesmapping/"+r, `{"backend_roles":["`+signer+`"]}`)
	}
	if d := cmp.Diff([]string{"manage_snapshots", "readall"}, know(t, p, signer).Roles); d != "" {
		t.Error(d)
	}
}

// TestKnowInternal: who gives a name and a password.
func TestKnowInternal(t *testing.T) {
	const password = "Deck-Hand-4-Mooring"
	p := open(t, "3.4.0")
	must(t, p, "PUT internalusers/crew", `{"password":"`+password+`","backend_roles":["deck","night"],"attributes":{"z":"1","a":"2"},"opendistro_security_roles":["readall"]}`)
	must(t, p, "PUT internalusers/hashed", `{"hash":"$2a$12$VcCDgh2NDk07JGN0rjGbM.Ad41qVR/YFJcgHp0UGns5JDymv..TOG"}`)
	must(t, p, "PUT rolesmapping/logstash", `{"backend_roles":["night"]}`)
	must(t, p, "PUT rolesmapping/own_index", `{"users":["crew"]}`)
	for name, tc := range map[string]struct {
		id    backend.Identity
		login security.Login
		known bool
	}{
		"right":                {backend.Internal("crew"), security.Login{Name: "crew", Password: password}, true},
		"wrong password":       {backend.Internal("crew"), security.Login{Name: "crew", Password: "guess"}, false},
		"no password":          {backend.Internal("crew"), security.Login{Name: "crew"}, false},
		"other case":           {backend.Internal("Crew"), security.Login{Name: "Crew", Password: password}, false},
		"nobody of that name":  {backend.Internal("ghost"), security.Login{Name: "ghost", Password: password}, false},
		"two names":            {backend.Internal("crew"), security.Login{Name: "hashed", Password: password}, false},
		"header without front": {backend.Anonymous(), security.Login{Name: "crew", Password: password}, false},
		"foreign hash":         {backend.Internal("hashed"), security.Login{Name: "hashed", Password: "admin"}, false},
		"signed":               {backend.IAM(person), security.Login{}, true},
		"signed with a header": {backend.IAM(person), security.Login{Name: "crew", Password: "guess"}, true},
		"nobody":               {backend.Anonymous(), security.Login{}, false},
	} {
		if got := p.Know(tc.id, tc.login); (got != nil) != tc.known {
			t.Errorf("%s: %v", name, got)
		}
	}
	u := p.Know(backend.Internal("crew"), security.Login{Name: "crew", Password: password})
	if d := cmp.Diff([]string{"logstash", "own_index", "readall"}, u.Roles); d != "" {
		t.Error(d)
	}
	if got, want := u.String(), "User [name=crew, backend_roles=[deck, night], requestedTenant=null]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := p.AuthInfo(u, "10.0.0.9:1").Body; !equalJSON(t, encode(t, got), `{"user":"`+u.String()+`","user_name":"crew","user_requested_tenant":null,"remote_address":"10.0.0.9:1",
		"backend_roles":["deck","night"],"custom_attribute_names":["attr.internal.a","attr.internal.z"],"roles":["logstash","own_index","readall"],"tenants":{"crew":true},
		"principal":null,"peer_certificates":"0","sso_logout_url":null}`) {
		t.Errorf("%s", encode(t, got))
	}
}
