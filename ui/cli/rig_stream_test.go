//go:build realengine

package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
	"snapferry/rig"
	"snapferry/ui/term"
)

// realStream is a data stream as a node tells it.
type realStream struct {
	Name       string
	Generation int
	Template   string
	Timestamp  struct{ Name string } `json:"timestamp_field"`
	Indices    []struct {
		Name string `json:"index_name"`
	}
}

// streamsOf are a node's data streams by name.
func streamsOf(t *testing.T, n *rig.Node) map[string]realStream {
	t.Helper()
	var out struct {
		Streams []realStream `json:"data_streams"`
	}
	fine(t, json.Unmarshal(call(t, n, "GET", "/_data_stream", nil), &out))
	by := map[string]realStream{}
	for _, s := range out.Streams {
		by[s.Name] = s
	}
	return by
}

// write puts documents into a stream, behind those it has.
func write(t *testing.T, n *rig.Node, stream string, docs int) {
	t.Helper()
	var bulk strings.Builder
	for i := range docs {
		fmt.Fprintf(&bulk, `{"create":{}}`+"\n"+`{"@timestamp":"2026-11-22T%02d:%02d:00Z","n":%d,"text":"document %d of many"}`+"\n", i/60%24, i%60, i, i*7919)
	}
	if answer := call(t, n, "POST", "/"+stream+"/_bulk?refresh=true", []byte(bulk.String())); strings.Contains(string(answer), `"errors":true`) {
		t.Fatalf("%s", answer)
	}
}

// TestRealStreamRoad moves a data stream between real engines whose security
// plugin decides, of which the target lacks the template at first; then once more,
// under another name.
func TestRealStreamRoad(t *testing.T) {
	g := newGuardedRoad(t, "3.4.0", "3.4.0", map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster}, false)
	call(t, g.source, "PUT", "/_component_template/web-part", []byte(`{"template":{"settings":{"number_of_shards":2,"number_of_replicas":0},"mappings":{"properties":{"n":{"type":"long"},"text":{"type":"text"}}}}}`))
	call(t, g.source, "PUT", "/_index_template/web", []byte(`{"index_patterns":["web*"],"priority":7,"composed_of":["web-part"],"data_stream":{},"template":{"aliases":{"later-web":{"filter":{"range":{"n":{"gte":10}}}}}}}`))
	write(t, g.source, "web-logs", 1200)
	call(t, g.source, "POST", "/web-logs/_rollover", nil)
	write(t, g.source, "web-logs", 700)
	fill(t, g.source, "logs-plain", 501, 1, 200)
	g.move = "  indices: [\"*\"]\n  snapshot: streams\n"

	before := len(g.changes(t))
	stopped := g.run(t, "run", "--yes").wants(t, term.ExitBlocked)
	_, why, known := strings.Cut(stopped.out, "BLOCK   stream-templates-there")
	if !known || len(g.changes(t)) > before {
		t.Fatalf("stopped by %s after %v", stopped.out, g.changes(t)[before:])
	}
	g.template(t, why)
	done := g.run(t, "run", "--yes").wants(t, term.ExitDone)
	if !strings.Contains(done.out, "3 indices equal: 2,401 documents counted, 2,401 compared by content") {
		t.Errorf("the proof does not say that everything was compared:\n%s", done.out)
	}
	g.sameStream(t, "web-logs", "web-logs")
	before = len(g.changes(t))
	g.run(t, "run", "--yes").wants(t, term.ExitDone)
	if got := g.changes(t)[before:]; len(got) > 0 {
		t.Errorf("the second run changed something: %v", got)
	}
	// It can be gone on with, and then it is not ours to take back.
	call(t, g.target, "POST", "/web-logs/_rollover", nil)
	write(t, g.target, "web-logs", 1)
	g.run(t, "undo", "--yes", "--delete-bucket-content", "--delete-restored-indices").wants(t, term.ExitDone)
	if left := streamsOf(t, g.target)["web-logs"]; len(left.Indices) != 3 {
		t.Errorf("undo left %+v of a stream that is in use", left)
	}

	// The stream that stands there has the alias, too: reads through it would find both.
	g.move, g.at = "  indices: [\"web-logs\"]\n  snapshot: renamed\n  rename_pattern: ^(.+)$\n  rename_replacement: web-old-$1\n", "renamed"
	if clash := g.run(t, "run", "--yes").wants(t, term.ExitBlocked); !strings.Contains(clash.out, "it is an alias of .ds-web-logs-000003") {
		t.Errorf("stopped by %s", clash.out)
	}
	call(t, g.target, "DELETE", "/_data_stream/web-logs", nil) // its aliases cannot be taken off: 400, backing indices do not support that
	g.run(t, "run", "--yes").wants(t, term.ExitDone)
	g.sameStream(t, "web-logs", "web-old-web-logs")
	g.run(t, "undo", "--yes", "--delete-bucket-content", "--delete-restored-indices").wants(t, term.ExitDone)
	if left := streamsOf(t, g.target); len(left) != 0 {
		t.Errorf("undo left %+v", left)
	}
}

// template runs the lines that a finding prints, as the target's master would: past
// the front, which knows nothing of the security plugin's passwords.
func (g *guardedRoad) template(t *testing.T, said string) {
	t.Helper()
	at := strings.Index(said, "curl ")
	if at < 0 {
		t.Fatalf("no line to run in %s", said)
	}
	lines, _, _ := strings.Cut(said[at:], "\n\n")
	script := "curl() { for a in \"$@\"; do printf '%s\\0' \"$a\"; done; printf '\\n\\0'; }\n" + lines
	file := filepath.Join(t.TempDir(), "lines.sh")
	fine(t, os.WriteFile(file, []byte(script), 0o600))
	out, err := exec.Command("sh", file).Output()
	fine(t, err)
	for _, line := range strings.Split(strings.TrimSuffix(string(out), "\n\x00"), "\n\x00") {
		path, body := "", ""
		args := strings.Split(strings.TrimSuffix(line, "\x00"), "\x00")
		for i, a := range args {
			if rest, ok := strings.CutPrefix(a, "https://"); ok {
				_, path, _ = strings.Cut(rest, "/")
			}
			if strings.HasPrefix(a, "-d") || strings.HasPrefix(a, "--data") {
				body = args[i+1]
			}
		}
		call(t, g.target, "PUT", "/"+path, []byte(body))
	}
}

// sameStream compares a stream with what came of it: every document, mappings, and
// what the engine counts it by.
func (g *guardedRoad) sameStream(t *testing.T, name, as string) {
	t.Helper()
	from, to := streamsOf(t, g.source)[name], streamsOf(t, g.target)[as]
	if len(from.Indices) != 2 || len(to.Indices) != 2 || to.Generation != from.Generation || to.Timestamp != from.Timestamp || to.Template != "web" {
		t.Fatalf("%s is %+v and came back as %+v", name, from, to)
	}
	for i := range from.Indices {
		f, n := from.Indices[i].Name, to.Indices[i].Name
		if n != strings.Replace(f, name, as, 1) {
			t.Errorf("%s came back as %s", f, n)
		}
		wantN, want := digest(t, g.source, f)
		gotN, got := digest(t, g.target, n)
		if wantN != gotN || want != got || wantN == 0 {
			t.Errorf("%s: %d documents (%s), the source has %d (%s)", n, gotN, got[:8], wantN, want[:8])
		}
		for _, part := range []string{"_mapping", "_alias"} {
			if d := cmp.Diff(canonical(t, g.source, "/"+f+"/"+part, f), canonical(t, g.target, "/"+n+"/"+part, n)); d != "" {
				t.Errorf("%s of %s differ: %s", part, n, d)
			}
		}
	}
}
