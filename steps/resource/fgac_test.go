package resource_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/network"
	"snapferry/awsx/sandbox"
	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/resource"
)

const (
	masterARN = "arn:aws:iam::111111111111:role/team/Master"
	signerARN = "arn:aws:iam::111111111111:user/ann"
	observer  = "snapferry_observer_r1"
)

// mapper is the one identity that the kinds of fine-grained access control need.
type mapper struct{ c *cluster.Cluster }

func (m mapper) Mapper(context.Context, steps.Side) (*cluster.Cluster, error) { return m.c, nil }
func (mapper) Control(context.Context, steps.Side) (*account.Account, error)  { return nil, errNobody }

func (mapper) Signer(context.Context, steps.Side) (*cluster.Cluster, error) { return nil, errNobody }

// plugin answers as the security plugin of a 3.4.0 node does. What lies there is
// by path, and comes back as it was put, with the lists that were left out.
type plugin struct {
	t    *testing.T
	lies map[string]map[string]any
	puts int
}

const securityAPI = "/_plugins/_security/api/"

func (p *plugin) RoundTrip(r *http.Request) (*http.Response, error) {
	path, ok := strings.CutPrefix(r.URL.Path, securityAPI)
	if !ok {
		p.t.Errorf("unexpected call %s %s", r.Method, r.URL.Path)
	}
	what, name, _ := strings.Cut(path, "/")
	there := p.lies[path]
	switch {
	case r.Method == http.MethodPut:
		return p.put(r, path, name), nil
	case there == nil:
		kind := map[string]string{"roles": "role", "rolesmapping": "rolesmapping"}[what]
		return answer(404, "application/json", `{"status":"NOT_FOUND","message":"`+kind+` '`+name+`' not found."}`), nil
	case r.Method == http.MethodDelete:
		delete(p.lies, path)
		return answer(200, "application/json", `{"status":"OK","message":"'`+name+`' deleted."}`), nil
	}
	b, err := json.Marshal(map[string]any{name: there})
	if err != nil {
		p.t.Error(err)
	}
	return answer(200, "application/json", string(b)), nil
}

func (p *plugin) put(r *http.Request, path, name string) *http.Response {
	raw, err := io.ReadAll(r.Body)
	body := map[string]any{}
	if err != nil || json.Unmarshal(raw, &body) != nil {
		p.t.Errorf("PUT %s with %s: %v", path, raw, err)
	}
	for _, key := range []string{"reserved", "hidden", "static"} {
		if _, sent := body[key]; sent {
			return answer(400, "application/json", `{"status":"error","reason":"Invalid configuration","invalid_keys":{"keys":"`+key+`"}}`)
		}
	}
	status := `{"status":"OK","message":"'` + name + `' updated."}`
	if p.lies[path] == nil {
		status = `{"status":"CREATED","message":"'` + name + `' created."}`
	}
	p.puts++
	if strings.HasPrefix(path, "rolesmapping/") {
		for _, list := range []string{"users", "backend_roles", "and_backend_roles", "hosts"} {
			if body[list] == nil {
				body[list] = []any{}
			}
		}
	}
	body["reserved"], body["hidden"] = false, false
	p.lies[path] = body
	return answer(200, "application/json", status)
}

// fgac is a bench for the kinds of fine-grained access control, with what lies
// there at first as JSON by path.
func fgac(t *testing.T, lies map[string]string) (*bench, *plugin) {
	t.Helper()
	p := &plugin{t: t, lies: map[string]map[string]any{}}
	for path, body := range lies {
		m := map[string]any{}
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			t.Fatal(err)
		}
		p.lies[path] = m
	}
	c := cluster.New(cluster.Options{
		Endpoint: "search-logs-abc.eu-west-1.es.amazonaws.com", Region: "eu-west-1", Auth: cluster.Unsigned(), Version: openSearch,
		Network: network.New(network.Options{Isolated: true, RoundTripper: p}),
	})
	return withMapper(t, c), p
}

var openSearch = awsid.EngineVersion{Family: awsid.OpenSearch, Major: 3, Minor: 4}

// withMapper is a bench for nothing but a domain's roles and mappings.
func withMapper(t *testing.T, c *cluster.Cluster) *bench {
	return &bench{t: t, ctx: context.Background(), kinds: resource.All(mapper{c}, resource.Options{})}
}

func mappingRef(role string) steps.Ref {
	return steps.Ref{Kind: steps.KindRoleMapping, Side: steps.Source, Name: role}
}

func observerRef() steps.Ref {
	return steps.Ref{Kind: steps.KindFGACRole, Side: steps.Source, Name: observer}
}

func wantedObserver() resource.FGACRole {
	return resource.FGACRole{
		Description: "made by a test", ClusterPermissions: []string{"cluster_monitor"},
		IndexPermissions: []cluster.IndexPermission{{Patterns: []string{"logs-b", "logs-a"}, Actions: []string{"read", "indices_monitor"}}},
	}
}

// roadOfMappings is the whole life of a helper role and of two mappings, on
// whatever domain stands behind the bench. It leaves what it found.
func roadOfMappings(b *bench) {
	b.t.Helper()
	role := wantedObserver().Doc()
	b.goes(observerRef(), steps.Absent, role)

	// One mapping that nobody made yet, for our own role.
	own := resource.RoleMapping{Users: []string{signerARN}}.Doc()
	b.goes(mappingRef(observer), steps.Absent, own)

	// One that others are in already: they stay, whatever becomes of us.
	was, err := b.kind(steps.KindRoleMapping).Read(b.ctx, mappingRef("all_access"))
	b.must(err)
	m, there, err := resource.ParseRoleMapping(was)
	b.must(err)
	if !there {
		b.t.Fatal("the master has no mapping")
	}
	m.Users = append(m.Users, signerARN)
	want := m.Doc()
	b.goes(mappingRef("all_access"), was, want)
	if left := b.comesBack(mappingRef("all_access"), was, want); left != was {
		b.t.Errorf("all_access was %s and is %s", was, left)
	}
	b.comesBack(mappingRef(observer), steps.Absent, own)
	b.comesBack(observerRef(), steps.Absent, role)
}

const theirs = `{"hosts":["h"],"users":["z","a"],"reserved":false,"hidden":false,"backend_roles":["` + masterARN + `"],"and_backend_roles":["x","y"],"description":"theirs"}`

func TestRoadOfMappings(t *testing.T) {
	b, p := fgac(t, map[string]string{"rolesmapping/all_access": theirs})
	before := maps.Clone(p.lies)
	roadOfMappings(b)
	if d := cmp.Diff(before, p.lies); d != "" {
		t.Errorf("left behind (-before +after):\n%s", d)
	}
}

// TestRoadOfMappingsOfDomains walks it on domains of the embedded AWS: one has a
// master that signs, one a master with a password.
func TestRoadOfMappingsOfDomains(t *testing.T) {
	for _, kind := range []sandbox.AccessKind{sandbox.AccessIAMMaster, sandbox.AccessInternalMaster} {
		t.Run(string(kind), func(t *testing.T) {
			ctx := context.Background()
			box, err := sandbox.Open(ctx, sandbox.Options{Dir: t.TempDir(), Pace: sandbox.PaceInstant, Access: map[string]sandbox.AccessKind{"source": kind}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = box.Close(ctx) })
			c := masterOf(t, box)
			b := withMapper(t, c)
			b.box = box
			before := b.dump()
			roadOfMappings(b)
			printedLines(b, c, openSearch)
			if d := cmp.Diff(before, b.dump()); d != "" {
				t.Errorf("left behind (-before +after):\n%s", d)
			}
		})
	}
}

// printedLines runs what is printed, and reads what the change promises.
func printedLines(b *bench, c *cluster.Cluster, engine awsid.EngineVersion) {
	b.t.Helper()
	kinds := resource.All(mapper{c}, resource.Options{
		Place: func(steps.Side) resource.Place { return resource.Place{Engine: engine} },
		MapperCurl: func(_ steps.Side, method, target string, body []byte) string {
			a, err := c.Do(b.ctx, method, target, body)
			b.must(err)
			if f := a.Failure(); f != nil {
				b.t.Errorf("%s %s %s: %v", method, target, body, f)
			}
			return "done"
		},
	})
	doc := func(user string, roles ...string) steps.Doc {
		return resource.RoleMapping{Users: []string{user}, BackendRoles: roles}.Doc()
	}
	at := steps.Absent
	for _, want := range []steps.Doc{doc("a"), doc("a", "x"), doc("a", "x", "y"), doc("b", "y"), steps.Absent} {
		kinds[steps.KindRoleMapping].Render(steps.NewChange("s", mappingRef("manage_snapshots"), at, want, steps.Text{}))
		b.reads(mappingRef("manage_snapshots"), want)
		at = want
	}
}

// masterOf calls the source domain as its master.
func masterOf(t *testing.T, box *sandbox.Sandbox) *cluster.Cluster {
	t.Helper()
	info := box.Info()
	n := network.New(network.Options{Isolated: true, RoundTripper: box.Transport()})
	id := session.Identity{Base: session.Base{Kind: session.BaseSandbox}}
	for _, a := range info.Accounts {
		if a.Label == "source" {
			id.Base.Keys = session.Keys{AccessKeyID: a.AccessKey, Secret: session.NewSecret(a.Secret)}
		}
	}
	for _, d := range info.Domains {
		if d.Label != "source" {
			continue
		}
		s, err := session.Open(context.Background(), n, id, d.Region, session.Options{Isolated: true})
		if err != nil {
			t.Fatal(err)
		}
		o := cluster.Options{Endpoint: d.Endpoint, Region: d.Region, Network: n, Version: d.Version, Auth: cluster.Signed(s)}
		if d.MasterPassword != "" {
			o.Auth = cluster.Basic(d.Master, session.NewSecret(d.MasterPassword))
		}
		return cluster.New(o)
	}
	t.Fatal("no source domain")
	return nil
}

// TestOthersInAMapping: order, description and everybody who came before or
// since stay as they are.
func TestOthersInAMapping(t *testing.T) {
	b, p := fgac(t, map[string]string{"rolesmapping/manage_snapshots": theirs})
	ref := mappingRef("manage_snapshots")
	was, err := b.kind(ref.Kind).Read(b.ctx, ref)
	b.must(err)
	m, _, err := resource.ParseRoleMapping(was)
	b.must(err)
	m.Users = append(m.Users, signerARN)
	want := m.Doc()
	// Somebody comes in between planning and writing.
	p.lies["rolesmapping/manage_snapshots"]["users"] = []any{"z", "a", "late"}
	b.must(b.kind(ref.Kind).Write(b.ctx, ref, was, want))
	lies := p.lies["rolesmapping/manage_snapshots"]
	if d := cmp.Diff([]any{"z", "a", "late", signerARN}, lies["users"]); d != "" || lies["description"] != "theirs" {
		t.Errorf("%v %s", lies, d)
	}
	live, err := b.kind(ref.Kind).Read(b.ctx, ref)
	b.must(err)
	left, ok, why := b.kind(ref.Kind).Takeback(live, was, want)
	if !ok {
		t.Fatal(why)
	}
	b.must(b.kind(ref.Kind).Write(b.ctx, ref, live, left))
	if d := cmp.Diff([]any{"z", "a", "late"}, p.lies["rolesmapping/manage_snapshots"]["users"]); d != "" {
		t.Error(d)
	}
}

func TestMappingTakeback(t *testing.T) {
	doc := func(users ...string) steps.Doc { return resource.RoleMapping{Users: users}.Doc() }
	b, _ := fgac(t, nil)
	for name, tc := range map[string]struct{ live, before, after, want steps.Doc }{
		"ours alone":            {doc("we"), steps.Absent, doc("we"), steps.Absent},
		"somebody came":         {doc("we", "they"), steps.Absent, doc("we"), doc("they")},
		"emptied before":        {doc("we"), doc(), doc("we"), doc()},
		"we were in it before":  {doc("we", "x"), doc("we"), doc("we", "x"), doc("we")},
		"taken out by others":   {doc("they"), doc("they"), doc("they", "we"), doc("they")},
		"gone":                  {steps.Absent, doc("they"), doc("they", "we"), steps.Absent},
		"emptied by others":     {doc(), steps.Absent, doc("we"), steps.Absent},
		"reserved by now, ours": {resource.RoleMapping{Users: []string{"we"}, Reserved: true}.Doc(), doc(), doc("we"), resource.RoleMapping{Reserved: true}.Doc()},
	} {
		got, ok, why := b.kind(steps.KindRoleMapping).Takeback(tc.live, tc.before, tc.after)
		if !ok || got != tc.want {
			t.Errorf("%s: %s, want %s (%s)", name, got, tc.want, why)
		}
	}
	if _, ok, why := b.kind(steps.KindRoleMapping).Takeback("{", doc(), doc("we")); ok || why.IsZero() {
		t.Error("what cannot be read is taken back")
	}
}

func TestFGACRoleTakeback(t *testing.T) {
	b, _ := fgac(t, nil)
	mine := wantedObserver()
	other := mine
	other.ClusterPermissions = []string{"*"}
	for name, tc := range map[string]struct {
		live, before steps.Doc
		ok           bool
	}{
		"as we wrote it": {mine.Doc(), steps.Absent, true}, "changed since": {other.Doc(), steps.Absent, false},
		"gone": {steps.Absent, steps.Absent, true}, "gone, there before": {steps.Absent, other.Doc(), false}, "there before": {mine.Doc(), other.Doc(), true},
	} {
		got, ok, why := b.kind(steps.KindFGACRole).Takeback(tc.live, tc.before, mine.Doc())
		if ok != tc.ok || ok == !why.IsZero() || (ok && got != tc.before) {
			t.Errorf("%s: %q %v %s", name, got, ok, why)
		}
	}
}

// TestReservedIsNotChanged: it is shown as what it is, and refused before it is tried.
func TestReservedIsNotChanged(t *testing.T) {
	b, p := fgac(t, map[string]string{"rolesmapping/manage_snapshots": `{"users":["a"],"reserved":true}`, "roles/" + observer: `{"static":true,"cluster_permissions":["*"]}`})
	for ref, want := range map[steps.Ref]steps.Doc{mappingRef("manage_snapshots"): resource.RoleMapping{Users: []string{"a", "we"}, Reserved: true}.Doc(), observerRef(): wantedObserver().Doc()} {
		was, err := b.kind(ref.Kind).Read(b.ctx, ref)
		b.must(err)
		if !strings.Contains(string(was), `"reserved":true`) {
			t.Errorf("%s reads as %s", ref, was)
		}
		var said *steps.Error
		if err := b.kind(ref.Kind).Write(b.ctx, ref, was, want); !asError(err, &said) || !strings.Contains(said.Summary.String(), "reserved") || said.Fix.IsZero() {
			t.Errorf("%s: %v", ref, err)
		}
		if r := b.kind(ref.Kind).Render(steps.NewChange("s", ref, was, was, steps.Text{})); r != (resource.Renderings{}) {
			t.Errorf("%s is shown as %+v", ref, r)
		}
	}
	if p.puts > 0 {
		t.Error("it was tried")
	}
}

// TestNobodyLocksTheDomain: the last of those who can give rights is never taken out.
func TestNobodyLocksTheDomain(t *testing.T) {
	b, p := fgac(t, map[string]string{"rolesmapping/all_access": `{"users":["master"]}`, "rolesmapping/security_manager": `{"users":["master"],"hosts":["h"]}`})
	for _, role := range []string{"all_access", "security_manager"} {
		ref := mappingRef(role)
		was, err := b.kind(ref.Kind).Read(b.ctx, ref)
		b.must(err)
		var said *steps.Error
		for _, err := range []error{b.kind(ref.Kind).Write(b.ctx, ref, was, resource.RoleMapping{Hosts: []string{"h"}}.Doc()), b.kind(ref.Kind).Delete(b.ctx, ref, was)} {
			if !asError(err, &said) || !strings.Contains(said.Summary.String(), "locked") {
				t.Errorf("%s: %v", role, err)
			}
		}
	}
	if p.puts > 0 || len(p.lies) != 2 {
		t.Errorf("%d writes, %d mappings left", p.puts, len(p.lies))
	}
}

func TestFGACDocs(t *testing.T) {
	if got := (resource.RoleMapping{Users: []string{"b", "a", "b"}}).Doc(); got != `{"and_backend_roles":[],"backend_roles":[],"hosts":[],"users":["a","b"]}` {
		t.Error(got)
	}
	two := []cluster.IndexPermission{{Patterns: []string{"a"}, FLS: []string{}, Actions: []string{"x"}}, {Patterns: []string{"b", "a"}, Actions: []string{"y", "x"}}}
	got := resource.FGACRole{ClusterPermissions: []string{"b", "a"}, IndexPermissions: two}.Doc()
	if want := `{"cluster_permissions":["a","b"],"index_permissions":[{"allowed_actions":["x","y"],"index_patterns":["a","b"]},{"allowed_actions":["x"],"index_patterns":["a"]}],"tenant_permissions":[]}`; string(got) != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if two[1].Patterns[0] != "b" {
		t.Error("the caller's list was sorted in place")
	}
	if r, ok, err := resource.ParseFGACRole(got); !ok || err != nil || r.Doc() != got {
		t.Errorf("%+v %v %v", r, ok, err)
	}
}
