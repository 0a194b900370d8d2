package sandbox_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
)

// boss asks a domain as whoever may do everything on it: the internal master with
// its password, the account's administrator elsewhere.
func (p *pair) boss(a sandbox.Account, d sandbox.DomainInfo, method, path, body string) (int, string) {
	p.t.Helper()
	if d.Access == sandbox.AccessInternalMaster {
		return unsigned(p.t, p.s.Transport(), d, d.Master, d.MasterPassword, method, path, body)
	}
	return call(p.t, p.s.Transport(), a, d.Endpoint, method, path, body)
}

// let makes the administrator able to take snapshots where he is not the master.
func (p *pair) let(a sandbox.Account, d sandbox.DomainInfo) {
	p.t.Helper()
	if d.Access != sandbox.AccessInternalMaster {
		return
	}
	// Passing a role needs an IAM identity, so the master with the password cannot.
	if status, body := p.boss(a, d, "PUT", "/_snapshot/mig", register); status != 403 || !strings.HasPrefix(body, `{"Message":"User: anonymous is not authorized to perform: iam:PassRole on resource: `) {
		p.t.Errorf("registering with a password: %d %s", status, body)
	}
	p.ask(a, d, "GET", "/_snapshot", "", 403, "no permissions for [cluster:admin/repository/get] and User [name=arn:aws:iam::"+string(a.ID)+":user/admin, backend_roles=[arn:aws:iam::"+string(a.ID)+":user/admin], requestedTenant=")
	if status, body := p.boss(a, d, "PUT", "/_plugins/_security/api/rolesmapping/manage_snapshots", `{"users":["arn:aws:iam::`+string(a.ID)+`:user/admin"]}`); status != 201 && status != 200 {
		p.t.Fatalf("mapping: %d %s", status, body)
	}
}

// TestEveryPairOfKindsCanMove walks the road by hand between domains of each kind.
func TestEveryPairOfKindsCanMove(t *testing.T) {
	for _, from := range sandbox.AccessKinds() {
		for _, to := range sandbox.AccessKinds() {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				p := newPair(t, openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": from, "target": to}}))
				p.let(p.source, p.from)
				p.let(p.target, p.to)
				p.share()
				p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 200)
				p.ask(p.source, p.from, "PUT", "/_snapshot/mig/one", `{"indices":"products*","include_global_state":false}`, 200)
				p.ask(p.source, p.from, "GET", "/_snapshot/mig/one", "", 200, `"state":"SUCCESS"`)
				p.ask(p.target, p.to, "PUT", "/_snapshot/mig", registerThere, 200)
				p.ask(p.target, p.to, "POST", "/_snapshot/mig/one/_restore", `{"indices":"products*","include_global_state":false}`, 200, "accepted")
				_, there := p.boss(p.source, p.from, "GET", "/products*/_count", "")
				_, here := p.boss(p.target, p.to, "GET", "/products*/_count", "")
				if d := cmp.Diff(count(t, there), count(t, here)); d != "" || count(t, here) == 0 {
					t.Error(d)
				}
			})
		}
	}
}

// TestOldOpenDomainIntoASecuredOne is what people have who come from a closed
// subnet: an Elasticsearch that asks nobody who he is.
func TestOldOpenDomainIntoASecuredOne(t *testing.T) {
	p := newPair(t, openAs(t, sandbox.Options{
		Access:   map[string]sandbox.AccessKind{"source": sandbox.AccessOpen, "target": sandbox.AccessInternalMaster},
		Versions: map[string]awsid.EngineVersion{"source": {Family: awsid.Elasticsearch, Major: 7, Minor: 10, Patch: 2}, "target": {Family: awsid.OpenSearch, Major: 2, Minor: 19, Patch: 4}},
	}))
	p.let(p.target, p.to)
	p.share()
	plainly := func(method, path, body, want string) {
		t.Helper()
		if status, answer := unsigned(t, p.s.Transport(), p.from, "", "", method, path, body); status != 200 || !strings.Contains(answer, want) {
			t.Fatalf("%s %s: %d %s", method, path, status, answer)
		}
	}
	p.ask(p.source, p.from, "PUT", "/_snapshot/mig", register, 200)
	plainly("PUT", "/_snapshot/mig/one", `{"indices":"products*","include_global_state":false}`, "accepted")
	plainly("GET", "/_snapshot/mig/one", "", `"version":"7.10.2","indices":["products`)
	p.ask(p.target, p.to, "PUT", "/_snapshot/mig", registerThere, 200)
	p.ask(p.target, p.to, "POST", "/_snapshot/mig/one/_restore", `{"indices":"products*","include_global_state":false}`, 200, "accepted")
	if _, body := p.boss(p.target, p.to, "GET", "/products*/_count", ""); count(t, body) == 0 {
		t.Error(body)
	}
}

func count(t *testing.T, body string) float64 {
	t.Helper()
	var v struct{ Count float64 }
	must(t, json.Unmarshal([]byte(body), &v))
	return v.Count
}

// TestWhoGetsInWhere is each kind of caller at each kind of domain.
func TestWhoGetsInWhere(t *testing.T) {
	const (
		in     = 200
		front  = `{"Message":"User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy allows the es:ESHttpGet action"}`
		plugin = "Unauthorized"
	)
	for kind, tc := range map[sandbox.AccessKind]struct {
		signed, unsigned, password int
		refused                    string
	}{
		sandbox.AccessIAMMaster:      {in, 403, 403, front},
		sandbox.AccessInternalMaster: {in, 401, in, plugin},
		sandbox.AccessPolicy:         {in, 403, 403, front},
		sandbox.AccessOpen:           {in, in, in, ""},
	} {
		s := openAs(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": kind}})
		admin, d := labelled(t, s.Info(), "source", "source")
		path := "/_cluster/health"
		if kind == sandbox.AccessInternalMaster {
			// Known by his signature, but mapped to nothing.
			status, body := call(t, s.Transport(), admin, d.Endpoint, "GET", path, "")
			if status != 403 || !strings.Contains(body, "no permissions for [cluster:monitor/health] and User [name=arn:aws:iam::111111111111:user/admin") {
				t.Errorf("%s: signed and unmapped: %d %s", kind, status, body)
			}
		} else if status, body := call(t, s.Transport(), admin, d.Endpoint, "GET", path, ""); status != tc.signed {
			t.Errorf("%s: signed: %d %s", kind, status, body)
		}
		if status, body := unsigned(t, s.Transport(), d, "", "", "GET", path, ""); status != tc.unsigned || status != in && body != tc.refused {
			t.Errorf("%s: unsigned: %d %s", kind, status, body)
		}
		if status, body := unsigned(t, s.Transport(), d, "master", d.MasterPassword, "GET", path, ""); status != tc.password || status != in && body != tc.refused {
			t.Errorf("%s: with a password: %d %s", kind, status, body)
		}
		if kind == sandbox.AccessInternalMaster {
			if status, body := unsigned(t, s.Transport(), d, "master", "wrong", "GET", path, ""); status != 401 || body != plugin {
				t.Errorf("with a wrong password: %d %s", status, body)
			}
		}
	}
}

// TestMastersAndTheirMappingsOutliveTheProcess, and show in what is compared.
func TestMastersAndTheirMappingsOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	s := openAs(t, sandbox.Options{Dir: dir, Access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster}})
	p := &pair{t: t, s: s}
	p.source, p.from = labelled(t, s.Info(), "source", "source")
	p.target, p.to = labelled(t, s.Info(), "target", "target")
	first := everything(t, s)
	p.let(p.target, p.to)
	mapped := everything(t, s)
	if cmp.Equal(first, mapped) {
		t.Error("a mapping does not show")
	}
	shut(t, s)
	s = openAs(t, sandbox.Options{Dir: dir})
	if d := cmp.Diff(mapped, everything(t, s)); d != "" {
		t.Error(d)
	}
	p.s = s
	p.ask(p.target, p.to, "GET", "/_snapshot", "", 200)
	if status, body := p.boss(p.target, p.to, "DELETE", "/_plugins/_security/api/rolesmapping/manage_snapshots", ""); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	if d := cmp.Diff(first, everything(t, s)); d != "" {
		t.Errorf("taken back: %s", d)
	}
	b, err := s.Everything(context.Background())
	must(t, err)
	if strings.Contains(string(b), "$2") {
		t.Error("a password's hash is shown")
	}
}
