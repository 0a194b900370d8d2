//go:build realengine

package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
	"snapferry/rig"
	"snapferry/ui/term"
)

// realRoad is a sandbox two of whose domains are real nodes.
type realRoad struct {
	dir            string
	box            *sandbox.Sandbox
	source, target *rig.Node
}

// newRealRoad leads from one domain of the source account to another, neither of
// which has fine-grained access control.
func newRealRoad(t testing.TB, sourceVersion, targetVersion string) *realRoad {
	t.Helper()
	return newRealRoadTo(t, "next", sourceVersion, targetVersion, map[string]sandbox.AccessKind{
		"source": sandbox.AccessPolicy, "next": sandbox.AccessPolicy,
	})
}

// newRealRoadTo leads to the domain of a label. The nodes are secured as the
// kinds of access say.
func newRealRoadTo(t testing.TB, target, sourceVersion, targetVersion string, access map[string]sandbox.AccessKind) *realRoad {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	r := &realRoad{dir: t.TempDir()}
	var err error
	r.box, err = sandbox.Open(ctx, sandbox.Options{Dir: filepath.Join(r.dir, "box"), Pace: sandbox.PaceInstant, Access: access})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.box.Close(context.Background()) })
	r.source = r.node(t, ctx, "source", sourceVersion)
	r.target = r.node(t, ctx, target, targetVersion)
	return r
}

// node starts a node and puts it behind the domain of that label. Versions
// without an S3 plugin share the store's folder.
func (r *realRoad) node(t testing.TB, ctx context.Context, label, version string) *rig.Node {
	t.Helper()
	home, err := rig.Assemble(ctx, version)
	if err != nil {
		t.Fatal(err)
	}
	o := rig.Options{Version: version, Name: label, DataDir: filepath.Join(r.dir, label), HeapMB: 1024, Security: r.security(label)}
	if home.S3() {
		slots, err := r.box.Slots(label)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range slots {
			o.S3 = append(o.S3, rig.Client{Name: s.Client, AccessKey: s.AccessKey, SecretKey: s.Secret})
		}
		o.S3Endpoint, o.S3Region = r.box.Info().Address, string(sandbox.Region)
		if o.S3CA, err = r.box.Info().CA(); err != nil {
			t.Fatal(err)
		}
	} else {
		root, err := filepath.Abs(r.box.StoreRoot())
		if err != nil {
			t.Fatal(err)
		}
		o.PathRepo = []string{root}
	}
	n, err := rig.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	if err := r.box.UseNode(ctx, label, n.URL, nil); err != nil {
		t.Fatal(err)
	}
	return n
}

// security is how the node behind a domain is guarded, nil for not at all.
func (r *realRoad) security(label string) *rig.Security {
	for _, d := range r.box.Info().Domains {
		switch {
		case d.Label != label || d.Master == "":
		case d.MasterPassword != "":
			return &rig.Security{MasterUser: d.Master, MasterPassword: d.MasterPassword}
		default:
			return &rig.Security{MasterARN: d.Master}
		}
	}
	return nil
}

// call asks a node directly as its master, past front and product.
func call(t testing.TB, n *rig.Node, method, path string, body []byte) []byte {
	t.Helper()
	req, err := http.NewRequest(method, n.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	n.AsMaster(req)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, b)
	}
	return b
}

// fill makes an index with n documents of about the given size.
func fill(t testing.TB, n *rig.Node, index string, docs, shards, size int) {
	t.Helper()
	call(t, n, "PUT", "/"+index, fmt.Appendf(nil, `{"settings":{"number_of_shards":%d,"number_of_replicas":1},"mappings":{"properties":{"n":{"type":"integer"},"when":{"type":"date"},"text":{"type":"text"}}},"aliases":{"all-%s":{}}}`, shards, index))
	filler := strings.Repeat("The ferry carries what it was given, and counts it twice. ", size/50+1)[:size]
	for from := 0; from < docs; from += 5000 {
		var bulk bytes.Buffer
		for i := from; i < min(docs, from+5000); i++ {
			fmt.Fprintf(&bulk, `{"index":{"_id":"%d"}}`+"\n"+`{"n":%d,"when":"2026-11-%02dT00:00:00Z","text":"%d %s"}`+"\n", i, i, i%28+1, i*7919, filler)
		}
		call(t, n, "POST", "/"+index+"/_bulk", bulk.Bytes())
	}
	call(t, n, "POST", "/"+index+"/_refresh", nil)
	call(t, n, "POST", "/"+index+"/_flush", nil)
}

// nest gives the first documents of an index a nested field, each of whose objects the
// engine keeps as a document of its own: there are as many documents as before.
func nest(t testing.TB, n *rig.Node, index string, docs int) {
	t.Helper()
	call(t, n, "PUT", "/"+index+"/_mapping", []byte(`{"properties":{"lines":{"type":"nested","properties":{"of":{"type":"keyword"}}}}}`))
	var bulk bytes.Buffer
	for i := range docs {
		fmt.Fprintf(&bulk, `{"index":{"_id":"%d"}}`+"\n"+`{"n":%d,"lines":[{"of":"a"},{"of":"b"},{"of":"c"}]}`+"\n", i, i)
	}
	call(t, n, "POST", "/"+index+"/_bulk?refresh=true", bulk.Bytes())
	call(t, n, "POST", "/"+index+"/_flush", nil)
}

// digest reads every document of an index by scrolling, which is not how the
// product reads, and gives their number and a hash over ids and sources.
func digest(t testing.TB, n *rig.Node, index string) (int, string) {
	t.Helper()
	type page struct {
		ScrollID string `json:"_scroll_id"`
		Hits     struct {
			Hits []struct {
				ID     string          `json:"_id"`
				Source json.RawMessage `json:"_source"`
			} `json:"hits"`
		} `json:"hits"`
	}
	read := func(b []byte) (p page) {
		if err := json.Unmarshal(b, &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	sums := map[string]string{}
	p := read(call(t, n, "POST", "/"+index+"/_search?scroll=1m", []byte(`{"size":5000,"sort":["_doc"]}`)))
	for len(p.Hits.Hits) > 0 {
		for _, h := range p.Hits.Hits {
			sum := sha256.Sum256(h.Source)
			sums[h.ID] = hex.EncodeToString(sum[:])
		}
		p = read(call(t, n, "POST", "/_search/scroll", fmt.Appendf(nil, `{"scroll":"1m","scroll_id":%q}`, p.ScrollID)))
	}
	b, err := json.Marshal(sums)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	return len(sums), hex.EncodeToString(sum[:])
}

// canonical reads a JSON answer for comparing; the index's name is taken off.
func canonical(t testing.TB, n *rig.Node, path, index string) any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(call(t, n, "GET", path, nil), &v); err != nil {
		t.Fatal(err)
	}
	return v[index]
}

func (r *realRoad) answers(t testing.TB, proof string) string {
	t.Helper()
	path := filepath.Join(r.dir, "answers.yaml")
	text := fmt.Sprintf(`shape: same-account
source:
  account: "%s"
  region: %s
  domain: logs-prod
  control:
    profile: source
target:
  domain: logs-next
  control:
    profile: source
bucket:
  name: acme-os-migration
  base_path: moves/one
move:
  indices: ["logs-*", "-logs-left"]
  snapshot: first
  proof: %s
`, sandbox.SourceAccount, sandbox.Region, proof)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (r *realRoad) run(t *testing.T, command, proof string, args ...string) start {
	t.Helper()
	return snapferryIn(t, Process{}, "", append([]string{command, "--sandbox=" + filepath.Join(r.dir, "box"), "--file", r.answers(t, proof), "--dir", filepath.Join(r.dir, "run")}, args...)...)
}

func (r *realRoad) changes(t *testing.T) []string {
	t.Helper()
	log, err := sandbox.Requests(filepath.Join(r.dir, "box"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, q := range log {
		if q.Mutates {
			list = append(list, q.Service+" "+q.Method+" "+q.Path)
		}
	}
	return list
}

func TestRealRoad(t *testing.T) {
	for _, pair := range [][2]string{{"3.4.0", "3.4.0"}, {"7.10.2", "2.19.4"}} {
		t.Run(pair[0]+" to "+pair[1], func(t *testing.T) {
			r := newRealRoad(t, pair[0], pair[1])
			indices := []string{"logs-000001", "logs-000002", "logs-empty"}
			fill(t, r.source, indices[0], 12000, 3, 200)
			fill(t, r.source, indices[1], 501, 1, 2000)
			nest(t, r.source, indices[1], 100)
			fill(t, r.source, indices[2], 0, 1, 1)
			fill(t, r.source, "logs-left", 10, 1, 10)
			done := r.run(t, "run", "all", "--yes").wants(t, term.ExitDone)
			if !strings.Contains(done.out, "3 indices equal: 12,501 documents counted, 12,501 compared by content") {
				t.Errorf("the proof does not say that everything was compared:\n%s", done.out)
			}
			for _, i := range indices {
				wantN, want := digest(t, r.source, i)
				gotN, got := digest(t, r.target, i)
				if wantN != gotN || want != got {
					t.Errorf("%s: %d documents (%s), the source has %d (%s)", i, gotN, got[:8], wantN, want[:8])
				}
				for _, part := range []string{"_mapping", "_alias"} {
					if d := cmp.Diff(canonical(t, r.source, "/"+i+"/"+part, i), canonical(t, r.target, "/"+i+"/"+part, i)); d != "" {
						t.Errorf("%s of %s differ: %s", part, i, d)
					}
				}
			}
			if strings.Contains(string(call(t, r.target, "GET", "/_cat/indices?h=index", nil)), "logs-left") {
				t.Error("an index was moved that the patterns leave")
			}
			before := len(r.changes(t))
			again := r.run(t, "run", "all", "--yes").wants(t, term.ExitDone)
			if !strings.Contains(again.out, "10 exist") || len(r.changes(t)) != before {
				t.Errorf("the second run changed something: %v\n%s", r.changes(t)[before:], again.out)
			}
			r.run(t, "undo", "all", "--yes", "--delete-bucket-content", "--delete-restored-indices").wants(t, term.ExitDone)
			if left := string(call(t, r.target, "GET", "/_cat/indices?h=index", nil)); strings.Contains(left, "logs-0") {
				t.Errorf("undo left indices: %s", left)
			}
		})
	}
}

// TestRealRefusals are the version paths that real engines refuse: the run stops
// before anything is changed.
func TestRealRefusals(t *testing.T) {
	for _, pair := range [][2]string{{"3.8.0", "3.4.0"}, {"7.10.2", "3.4.0"}} {
		t.Run(pair[0]+" to "+pair[1], func(t *testing.T) {
			r := newRealRoad(t, pair[0], pair[1])
			fill(t, r.source, "logs-000001", 10, 1, 10)
			stopped := r.run(t, "run", "all", "--yes").wants(t, term.ExitBlocked)
			if !strings.Contains(stopped.out, "BLOCK   version-path") {
				t.Errorf("another reason than the version:\n%s", stopped.out)
			}
			if got := r.changes(t); len(got) > 0 {
				t.Errorf("something was changed: %v", got)
			}
		})
	}
}
