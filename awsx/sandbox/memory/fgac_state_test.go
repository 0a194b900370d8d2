package memory_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory"
)

const boat, deck = "Ferry-Boat-7-Crossing", "Deck-Hand-4-Mooring"

func withCaptain(o *memory.Options) {
	o.Security = &memory.Security{MasterUser: "captain", MasterPassword: boat}
}

// TestNobody: who is not known is told so in plain text, whatever he asks.
func TestNobody(t *testing.T) {
	for v, realm := range map[string]string{"7.10.2": "Open Distro Security", "3.4.0": "OpenSearch Security"} {
		w := start(t, v, withCaptain)
		for name, tc := range map[string]struct {
			id   backend.Identity
			call string
			user string
			want int
		}{
			"nobody":               {backend.Anonymous(), "GET /_cat/indices", "", 401},
			"wrong password":       {backend.Internal("captain"), "GET /", "captain:guess", 401},
			"unknown user":         {backend.Internal("ghost"), "GET /", "ghost:" + boat, 401},
			"before parameters":    {backend.Anonymous(), "GET /_cat/indices?bogus=1", "", 401},
			"the plugin, too":      {backend.Anonymous(), "GET /_opendistro/_security/authinfo", "", 401},
			"but not for a path":   {backend.Anonymous(), "GET /no/such/path/here", "", 400},
			"nor for health":       {backend.Anonymous(), "GET /_opendistro/_security/health", "", 200},
			"a header alone":       {backend.Anonymous(), "GET /", "captain:" + boat, 401},
			"the master":           {backend.Internal("captain"), "GET /", "captain:" + boat, 200},
			"an IAM caller, known": {backend.IAM(signerARN), "GET /", "", 403},
		} {
			method, path, _ := strings.Cut(tc.call, " ")
			req := httptest.NewRequestWithContext(backend.WithIdentity(t.Context(), tc.id), method, path, nil)
			if user, password, ok := strings.Cut(tc.user, ":"); ok {
				req.SetBasicAuth(user, password)
			}
			rec := httptest.NewRecorder()
			w.c.ServeHTTP(rec, req)
			if rec.Code != tc.want {
				t.Errorf("%s: %d, want %d: %s", name, rec.Code, tc.want, rec.Body)
			}
			if rec.Code == http.StatusUnauthorized && (rec.Body.String() != "Unauthorized" || rec.Header().Get("WWW-Authenticate") != `Basic realm="`+realm+`"` || !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/plain")) {
				t.Errorf("%s: %v %s", name, rec.Header(), rec.Body)
			}
		}
	}
}

// TestForgottenIdentity: a front that hands no identity on opens nothing.
func TestForgottenIdentity(t *testing.T) {
	w := start(t, "3.4.0", withMaster)
	if a := w.do("GET /"); a.status != 401 {
		t.Errorf("%d %s", a.status, a.raw)
	}
}

// TestSecurityPaths: OpenSearch answers under both prefixes, Elasticsearch under
// the old one, and a cluster without access control under none.
func TestSecurityPaths(t *testing.T) {
	for _, tc := range []struct {
		version  string
		change   func(*memory.Options)
		old, new int
	}{{"7.10.2", withMaster, 200, 400}, {"2.19.4", withMaster, 200, 200}, {"3.4.0", withMaster, 200, 200}, {"3.4.0", func(*memory.Options) {}, 400, 400}} {
		w := start(t, tc.version, tc.change)
		w.be(masterARN)
		for _, path := range []string{"authinfo", "health", "api/account", "api/permissionsinfo", "api/rolesmapping", "api/rolesmapping/all_access", "api/roles", "api/internalusers", "api/actiongroups"} {
			for prefix, want := range map[string]int{"/_opendistro": tc.old, "/_plugins": tc.new} {
				if a := w.do("GET " + prefix + "/_security/" + path); a.status != want {
					t.Errorf("%s %s/_security/%s: %d, want %d: %s", tc.version, prefix, path, a.status, want, a.raw)
				}
			}
		}
	}
	w := start(t, "3.4.0", withMaster)
	w.be(masterARN)
	w.play([]step{
		{"PUT /_plugins/_security/api/rolesmapping", `{"users":["x"]}`, 405, `{"error":"Incorrect HTTP method for uri [/_plugins/_security/api/rolesmapping] and method [PUT], allowed: [GET, PATCH]"}`},
		{"POST /_plugins/_security/api/rolesmapping/readall", `{"users":["x"]}`, 405, ``},
		{"PUT /_plugins/_security/api/actiongroups/x", `{"allowed_actions":["x"]}`, 405, ``},
		{"GET /_plugins/_security/api/rolesmapping/all_access?foo=bar", "", 400, `{"error":{"reason":"request [/_plugins/_security/api/rolesmapping/all_access] contains unrecognized parameter: [foo]"}}`},
		{"GET /_plugins/_security/api/nosuch", "", 400, `{"error":"no handler found for uri [/_plugins/_security/api/nosuch] and method [GET]"}`},
		{"GET /_plugins/_security/health?mode=lenient", "", 0, `{"mode":"lenient","status":"UP"}`},
		{"POST /_plugins/_security/authinfo", "", 0, `{"user_name":"` + masterARN + `","roles":["all_access","security_manager"],"remote_address":"~:"}`},
		{"HEAD /_plugins/_security/api/roles/all_access", "", 0, ``},
	})
	if a := w.must("GET /_plugins/_security/api/rolesmapping/all_access?pretty"); !strings.HasPrefix(a.raw, "{\n  \"all_access\"") {
		t.Error(a.raw)
	}
}

// TestAccessIsKept: users, roles and mappings outlive a kill, and no file holds
// a password.
func TestAccessIsKept(t *testing.T) {
	w := start(t, "2.19.4", withCaptain)
	w.login("captain", boat)
	api := w.api()
	w.must("PUT "+api+"internalusers/crew", `{"password":"`+deck+`","backend_roles":["deck"]}`)
	w.must("PUT "+api+"roles/looker", `{"cluster_permissions":["cluster_monitor"]}`)
	w.must("PUT "+api+"rolesmapping/looker", `{"backend_roles":["deck","`+signerARN+`"]}`)
	w.must("DELETE " + api + "rolesmapping/security_manager")
	w.reopen()
	w.play([]step{
		{"GET " + api + "rolesmapping", "", 403, `{"status":"FORBIDDEN"}`}, // a restart makes nobody manager
		{"GET /_cluster/health", "", 0, ``},
	})
	for _, be := range []func(){func() { w.login("crew", deck) }, func() { w.be(signerARN) }} {
		be()
		w.rulings("GET /_cluster/health => 200\nGET /_snapshot => [cluster:admin/repository/get]")
	}
	w.login("crew", deck)
	w.must("PUT "+api+"account", `{"password":"`+deck+`-2","current_password":"`+deck+`"}`)
	w.reopen()
	w.play([]step{{"GET /_cluster/health", "", 401, ""}})
	w.login("crew", deck+"-2")
	w.must("GET /_cluster/health")
	err := filepath.WalkDir(w.options.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, secret := range []string{boat, deck} {
			if strings.Contains(string(raw), secret) {
				t.Errorf("%s holds a password", path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnotherMaster: a domain whose master is changed is opened with him.
func TestAnotherMaster(t *testing.T) {
	w := start(t, "3.4.0", withMaster)
	w.be(masterARN)
	w.must("PUT "+w.api()+"rolesmapping/all_access", `{"backend_roles":["somebody"]}`)
	w.rulings("GET /_cluster/health => [cluster:monitor/health]")
	w.reopen()
	w.rulings("GET /_cluster/health => [cluster:monitor/health]")
	withCaptain(&w.options)
	w.reopen()
	w.login("captain", boat)
	w.play([]step{
		{"GET /_cluster/health", "", 0, ``},
		{"GET " + w.api() + "rolesmapping/all_access", "", 0, `{"all_access":{"users":["captain"],"backend_roles":["somebody"]}}`},
	})
}

// TestPlantedSecurityIndex: content that brings the security index finds it
// there; and a snapshot of everything holds it.
func TestPlantedSecurityIndex(t *testing.T) {
	w := start(t, "3.4.0", withMaster)
	err := w.c.Plant(memory.Content{Indices: []memory.Planted{{Name: ".opendistro_security", Created: w.clock.now(), Docs: []memory.PlantedDoc{{ID: "x", Source: []byte(`{}`)}}}}})
	if err != nil {
		t.Fatal(err)
	}
	w.be(masterARN)
	w.must("PUT /_snapshot/r", repositoryBody)
	w.play([]step{
		{"GET /_cat/indices?format=json&h=index,docs.count", "", 0, `[{"index":".opendistro_security","docs.count":"9"}]`},
		{"PUT /_snapshot/r/all?wait_for_completion=true", "", 0, `{"snapshot":{"indices":[".opendistro_security"]}}`},
	})
}
