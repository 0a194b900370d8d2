package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	"github.com/aws/aws-sdk-go-v2/service/opensearch/types"
	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
)

// told is what the control plane says of a domain's cluster.
type told struct {
	health        types.DomainHealth
	shards, apart string
}

func tellHealth(t *testing.T, s *sandbox.Sandbox, a sandbox.Account, d sandbox.DomainInfo) told {
	t.Helper()
	out, err := clientsOf(a, s.Transport()).opensearch.DescribeDomainHealth(context.Background(), &opensearch.DescribeDomainHealthInput{DomainName: aws.String(string(d.Name))})
	must(t, err)
	return told{out.ClusterHealth, *out.TotalShards, *out.TotalUnAssignedShards}
}

// TestTheControlPlaneTellsTheClustersHealth: the same as the cluster itself says, at
// every time.
func TestTheControlPlaneTellsTheClustersHealth(t *testing.T) {
	s := open(t, t.TempDir())
	admin, d := labelled(t, s.Info(), "source", "source")
	for _, step := range []struct {
		method, path, body string
		want               types.DomainHealth
	}{
		{"GET", "/", "", types.DomainHealthGreen},
		{"PUT", "/wide", `{"settings":{"number_of_shards":1,"number_of_replicas":5}}`, types.DomainHealthYellow},
		{"DELETE", "/wide", "", types.DomainHealthGreen},
		{"PUT", "/homeless?wait_for_active_shards=0", `{"settings":{"number_of_replicas":0,"index.routing.allocation.require.box":"hot"}}`, types.DomainHealthRed},
	} {
		if status, body := call(t, s.Transport(), admin, d.Endpoint, step.method, step.path, step.body); status != 200 {
			t.Fatalf("%s %s: %d %s", step.method, step.path, status, body)
		}
		_, body := call(t, s.Transport(), admin, d.Endpoint, "GET", "/_cluster/health", "")
		var own struct {
			Status       string
			Active       int `json:"active_shards"`
			Initializing int `json:"initializing_shards"`
			Unassigned   int `json:"unassigned_shards"`
		}
		must(t, json.Unmarshal([]byte(body), &own))
		want := told{step.want, strconv.Itoa(own.Active + own.Initializing + own.Unassigned), strconv.Itoa(own.Unassigned)}
		if got := tellHealth(t, s, admin, d); got != want || !strings.EqualFold(string(got.health), own.Status) {
			t.Errorf("after %s %s: %+v, wants %+v of %s", step.method, step.path, got, want, body)
		}
	}
}

// TestHealthOfADomainThatLetsNobodyIn: the service is no user of its clusters.
func TestHealthOfADomainThatLetsNobodyIn(t *testing.T) {
	s := open(t, t.TempDir())
	admin, d := labelled(t, s.Info(), "target", "target")
	if status, _ := call(t, s.Transport(), admin, d.Endpoint, "GET", "/_cluster/health", ""); status != 403 {
		t.Fatalf("the caller is let in: %d", status)
	}
	if got := tellHealth(t, s, admin, d); got.health != types.DomainHealthGreen {
		t.Errorf("%+v", got)
	}
}

// TestHealthOfANode: asked as the domain's master; one that does not answer is not
// taken for a healthy one.
func TestHealthOfANode(t *testing.T) {
	unknown := told{"NotAvailable", "NotAvailable", "NotAvailable"}
	for name, tc := range map[string]struct {
		status int
		body   string
		want   told
	}{
		"well":    {200, `{"status":"yellow","active_shards":5,"initializing_shards":1,"unassigned_shards":2}`, told{types.DomainHealthYellow, "8", "2"}},
		"refused": {403, `{"status":403}`, unknown},
		"no JSON": {200, `<html>`, unknown},
		"away":    {0, "", unknown},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir())
			root, err := json.Marshal(s.StoreRoot())
			must(t, err)
			behind, _ := node(t, `{"path.repo":[`+string(root)+`]}`, false)
			var as string
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/_cluster/health" {
					http.Redirect(w, r, behind+r.URL.Path, http.StatusTemporaryRedirect)
					return
				}
				as, _, _ = r.BasicAuth()
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
			}))
			defer srv.Close()
			must(t, s.UseNode(context.Background(), "target", srv.URL, nil))
			if tc.status == 0 {
				srv.Close()
			}
			admin, d := labelled(t, s.Info(), "target", "target")
			if diff := cmp.Diff(tc.want, tellHealth(t, s, admin, d), cmp.AllowUnexported(told{})); diff != "" {
				t.Error(diff)
			}
			if tc.status != 0 && as != d.Master {
				t.Errorf("asked as %q, whose master is %q", as, d.Master)
			}
		})
	}
}
