package cluster_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
)

// everyCall is every call of this package by what it asks first.
func everyCall(ctx context.Context, c *cluster.Cluster) map[string]error {
	a := []string{"a"}
	var walk error
	for _, walk = range c.Documents(ctx, cluster.Walk{Index: "a", Shards: 1}) {
		break
	}
	return map[string]error{
		"GET /": ask(c.Info(ctx)), "GET /_snapshot": ask(c.Repositories(ctx)), "GET /_snapshot/r": ask(c.Repository(ctx, "r")),
		"PUT /_snapshot/r": c.PutRepository(ctx, cluster.Repository{Name: "r"}), "POST /_snapshot/r/_verify": ask(c.VerifyRepository(ctx, "r")), "DELETE /_snapshot/r": c.DeleteRepository(ctx, "r"),
		"PUT /_snapshot/r/s": c.CreateSnapshot(ctx, "r", "s", cluster.SnapshotSpec{Indices: a}), "GET /_snapshot/r/s": ask(c.Snapshot(ctx, "r", "s")), "GET /_snapshot/r/_all": ask(c.Snapshots(ctx, "r")),
		"GET /_snapshot/_status": ask(c.RunningSnapshots(ctx)), "GET /_snapshot/r/s/_status": ask(c.SnapshotStatus(ctx, "r", "s")), "DELETE /_snapshot/r/s": c.DeleteSnapshot(ctx, "r", "s"),
		"POST /_snapshot/r/s/_restore": c.Restore(ctx, "r", "s", cluster.RestoreSpec{Indices: a}), "GET /a/_recovery": ask(c.Recovery(ctx, a)),
		"GET /_cat/indices": ask(c.Indices(ctx)), "GET /_data_stream": ask(c.DataStreams(ctx)), "DELETE /_data_stream/d": c.DeleteDataStream(ctx, "d"), "GET /a/_settings": ask(c.IndexSettings(ctx, a)), "PUT /a/_settings": c.PutIndexSettings(ctx, []string{"a"}, nil),
		"GET /a/_mapping": ask(mappings(ctx, c, a...)), "GET /_alias": ask(c.Aliases(ctx, nil)), "GET /a/_alias": ask(c.Aliases(ctx, a)), "DELETE /a": c.DeleteIndex(ctx, "a"), "POST /a/_refresh": c.Refresh(ctx, a),
		"GET /a/_count": ask(c.Count(ctx, "a")), "GET /a/_search": walk, "GET /a/_mget": ask(c.DocumentsByID(ctx, "a", make([]cluster.DocumentID, 1))), "GET /a/_stats/docs,store": ask(c.Stats(ctx, a)),
		"GET /_index_template": ask(c.IndexTemplates(ctx)), "GET /_component_template": ask(c.ComponentTemplates(ctx)), "GET /_cat/shards/a": ask(c.Unassigned(ctx, a)),
		"GET /_cluster/health": ask(c.Health(ctx, nil)), "GET /_cluster/settings": ask(c.ClusterSettings(ctx)), "GET /_nodes/stats/fs,jvm": ask(c.Nodes(ctx)), "GET /_cluster/allocation/explain": ask(c.Explain(ctx, "a", 0, true)),
		"GET /_plugins/_security/authinfo": ask(c.AuthInfo(ctx)), "GET /_plugins/_security/api/permissionsinfo": ask(c.PermissionsInfo(ctx)),
		"GET /_plugins/_security/api/rolesmapping/m": ask(c.RoleMapping(ctx, "m")), "PUT /_plugins/_security/api/rolesmapping/m": c.PutRoleMapping(ctx, cluster.RoleMapping{Role: "m"}), "DELETE /_plugins/_security/api/rolesmapping/m": c.DeleteRoleMapping(ctx, "m"),
		"GET /_plugins/_security/api/roles": ask(c.Roles(ctx)), "GET /_plugins/_security/api/roles/m": ask(c.Role(ctx, "m")), "PUT /_plugins/_security/api/roles/m": c.PutRole(ctx, cluster.Role{Name: "m"}), "DELETE /_plugins/_security/api/roles/m": c.DeleteRole(ctx, "m"),
	}
}

// all answers everything alike.
func all(a answer) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		d := domain{answers: map[string]answer{r.Method + " " + r.URL.EscapedPath(): a}}
		return d.RoundTrip(r)
	})
}

// TestEveryRefusalIsAFailure: a refusal never looks like nothing being there.
func TestEveryRefusalIsAFailure(t *testing.T) {
	const fgac = `{"error":{"root_cause":[{"type":"security_exception","reason":"no permissions for [x] and User [name=u]"}],"type":"security_exception","reason":"no permissions for [x] and User [name=u]"},"status":403}`
	for name, tc := range map[string]struct {
		answer answer
		kind   failure.Kind
		says   string
	}{
		"front":    {answer{403, json.RawMessage(`{"Message":"User: u is not authorized to perform: es:ESHttpGet"}`)}, failure.Denied, "not authorized"},
		"FGAC":     {answer{403, json.RawMessage(fgac)}, failure.Denied, "no permissions for [x]"},
		"balancer": {answer{504, nil}, failure.Timeout, ""},
		"not JSON": {answer{200, json.RawMessage("<html>")}, failure.Unknown, "not what a domain says"},
	} {
		for operation, err := range everyCall(ctx, client(all(tc.answer), "3.4.0", cluster.Unsigned())) {
			var f *failure.Failure
			if name == "not JSON" && err == nil && !strings.HasPrefix(operation, "GET") && !strings.HasSuffix(operation, "_verify") {
				continue // what is written is read back by other calls
			}
			if !errors.As(err, &f) || f.Kind != tc.kind || f.Operation != operation || !strings.Contains(f.Message, tc.says) || f.Host != host {
				t.Errorf("%s, %s: %+v", name, operation, err)
			}
		}
	}
}

func TestEveryCallEndsWithItsContext(t *testing.T) {
	gone, cancel := context.WithCancel(ctx)
	cancel()
	rt := roundTripper(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	for operation, err := range everyCall(gone, client(rt, "3.4.0", cluster.Unsigned())) {
		if !failure.Is(err, failure.Interrupted) || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", operation, err)
		}
	}
}

// TestMissingIsAbsent: what is read by name and is not there is a value.
func TestMissingIsAbsent(t *testing.T) {
	for kind, calls := range map[string]string{
		"repository_missing_exception": "GET /_snapshot/r, DELETE /_snapshot/r",
		"snapshot_missing_exception":   "GET /_snapshot/r/s, GET /_snapshot/r/s/_status, DELETE /_snapshot/r/s",
		"index_not_found_exception":    "DELETE /a, DELETE /_data_stream/d, GET /_cluster/allocation/explain, GET /_plugins/_security/authinfo",
	} {
		body := `{"error":{"type":"` + kind + `","reason":"gone"},"status":404}`
		for operation, err := range everyCall(ctx, client(all(answer{404, json.RawMessage(body)}), "3.4.0", cluster.Unsigned())) {
			absent := strings.Contains(", "+calls+",", ", "+operation+",") || operation == "GET /_data_stream" || operation == "GET /_cluster/allocation/explain"
			if absent != (err == nil) || (err != nil && !failure.Is(err, failure.Missing)) {
				t.Errorf("%s, %s: %v", kind, operation, err)
			}
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	d := &domain{t: t, answers: map[string]answer{"GET /a/_count": ok(`{"count":3}`)}}
	c := signed(t, d, "")
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if n, err := c.Count(ctx, "a"); n != 3 || err != nil {
				t.Errorf("%d %v", n, err)
			}
		})
	}
	wg.Wait()
}

// FuzzTarget: whatever is typed is refused or sent in a form that says the same.
func FuzzTarget(f *testing.F) {
	for _, s := range []string{"/", "_cat/indices?v", "/a%2Bb/_search?q=x+y", "/ü/ ?a=b&a=c", "//x//y", "/a?b=%", "/%zz", "/a;b?c;d", "/*'\"<>|?x=*=", "/a#b?c#d", "/\x00?\x00"} {
		f.Add(s)
	}
	c := client(all(ok(`{}`)), "3.4.0", cluster.Unsigned())
	f.Fuzz(func(t *testing.T, target string) {
		r, err := c.Request("GET", target, nil)
		if err != nil {
			return
		}
		u, err := url.Parse(r.URL())
		if err != nil || u.Host != host || u.Scheme != "https" || u.Fragment != "" || u.User != nil {
			t.Fatalf("%q became %q (%v)", target, r.URL(), err)
		}
		if u.EscapedPath() != r.Path || !strings.HasPrefix(r.Path, "/") {
			t.Errorf("%q is signed as %q and sent as %q", target, r.Path, u.EscapedPath())
		}
		again, err := c.Request("GET", strings.TrimPrefix(r.URL(), "https://"+host), nil)
		if err != nil || again.URL() != r.URL() {
			t.Errorf("%q became %q, and that %q (%v)", target, r.URL(), again.URL(), err)
		}
	})
}
