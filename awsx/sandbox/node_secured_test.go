package sandbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
)

// securedNode pretends to be a node with the security plugin: it answers those
// alone it knows, and repeats by what it knew them.
func securedNode(t *testing.T, root string, knows func(*http.Request) bool) string {
	t.Helper()
	folder, err := json.Marshal(root)
	must(t, err)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !knows(r):
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
		case r.URL.Path == "/":
			_, _ = io.WriteString(w, `{"version":{"distribution":"opensearch","number":"3.4.0"}}`)
		case strings.HasPrefix(r.URL.Path, "/_nodes/"):
			_, _ = io.WriteString(w, `{"nodes":{"n":{"settings":{"path.repo":[`+string(folder)+`]},"plugins":[]}}}`)
		default:
			user, password, _ := r.BasicAuth()
			_, _ = fmt.Fprintf(w, "%s|%s|%s|%s", r.Header.Get("x-proxy-user"), r.Header.Get("x-proxy-roles"), user, password)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// TestSecuredNode: a node that lets nobody in unknown is asked as the domain's
// master, and each caller of the domain comes to it as who he is.
func TestSecuredNode(t *testing.T) {
	s, err := sandbox.Open(context.Background(), sandbox.Options{
		Dir: t.TempDir(), Access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster},
	})
	must(t, err)
	t.Cleanup(func() { shut(t, s) })
	admin, source := labelled(t, s.Info(), "source", "source")
	_, target := labelled(t, s.Info(), "target", "target")

	byHeaders := func(r *http.Request) bool { return r.Header.Get("x-proxy-user") == source.Master }
	must(t, s.UseNode(context.Background(), "source", securedNode(t, s.StoreRoot(), byHeaders), nil))
	if status, body := call(t, s.Transport(), admin, source.Endpoint, "GET", "/x", ""); status != 200 || body != source.Master+"|"+source.Master+"||" {
		t.Errorf("the signer came as %d %s", status, body)
	}

	byPassword := func(r *http.Request) bool {
		user, password, _ := r.BasicAuth()
		return user == target.Master && password == target.MasterPassword && r.Header.Get("x-proxy-user") == ""
	}
	must(t, s.UseNode(context.Background(), "target", securedNode(t, s.StoreRoot(), byPassword), nil))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+target.Endpoint+"/x", nil)
	must(t, err)
	req.Header.Set("x-proxy-user", "somebody else")
	req.SetBasicAuth(target.Master, target.MasterPassword)
	resp, err := s.Transport().RoundTrip(req)
	must(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	if string(body) != "||"+target.Master+"|"+target.MasterPassword {
		t.Errorf("the internal master came as %d %s", resp.StatusCode, body)
	}

	stranger := func(r *http.Request) bool { return r.Header.Get("x-proxy-user") == "another master" }
	if err := s.UseNode(context.Background(), "source", securedNode(t, s.StoreRoot(), stranger), nil); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("a node with another master: %v", err)
	}
}
