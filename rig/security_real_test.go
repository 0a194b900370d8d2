//go:build realengine

package rig_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"snapferry/rig"
)

const (
	masterRole = "arn:aws:iam::111111111111:role/master"
	password   = "Ferry-Boat-7-Crossing"
)

// TestSecuredNodes starts each version that has the plugin with either kind of
// master, and asks the node who it takes the master, a stranger and nobody for.
func TestSecuredNodes(t *testing.T) {
	for _, version := range rig.Versions() {
		home, err := rig.Assemble(t.Context(), version)
		if err != nil {
			t.Fatal(err)
		}
		if !home.Secured() {
			continue
		}
		for kind, security := range map[string]rig.Security{
			"ARN":  {MasterARN: masterRole},
			"user": {MasterUser: "captain", MasterPassword: password},
		} {
			t.Run(version+" "+kind, func(t *testing.T) {
				node := start(t, rig.Options{Version: version, DataDir: t.TempDir(), HeapMB: 512, Security: &security})
				roles := effective(t, node, node.AsMaster)
				for _, role := range []string{"all_access", "security_manager"} {
					if !slices.Contains(roles, role) {
						t.Errorf("the master has the roles %v", roles)
					}
				}
				stranger := func(r *http.Request) {
					r.Header.Set("X-Forwarded-For", "127.0.0.1")
					r.Header.Set("x-proxy-user", "somebody")
				}
				if roles := effective(t, node, stranger); slices.Contains(roles, "all_access") {
					t.Errorf("a stranger has the roles %v", roles)
				}
				for name, tc := range map[string]struct {
					who  func(*http.Request)
					want int
				}{
					"nobody":         {func(*http.Request) {}, http.StatusUnauthorized},
					"right password": {func(r *http.Request) { r.SetBasicAuth("captain", password) }, map[string]int{"ARN": 401, "user": 200}[kind]},
					"wrong password": {func(r *http.Request) { r.SetBasicAuth("captain", "guess") }, http.StatusUnauthorized},
				} {
					if status, body := askAs(t, node, tc.who, "/_cluster/health"); status != tc.want {
						t.Errorf("%s: %d %s", name, status, body)
					}
				}
			})
		}
	}
}

// effective are the security roles the node says somebody has.
func effective(t *testing.T, node *rig.Node, who func(*http.Request)) []string {
	t.Helper()
	status, body := askAs(t, node, who, "/_plugins/_security/authinfo")
	var info struct{ Roles []string }
	if err := json.Unmarshal([]byte(body), &info); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	return info.Roles
}

func askAs(t *testing.T, node *rig.Node, who func(*http.Request), path string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, node.URL+path, strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	who(req)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}
