package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/store"
)

func put(id, src string) store.Write { return store.Write{ID: id, Source: []byte(src)} }

func add(id, src string) store.Write {
	return store.Write{Kind: store.Add, ID: id, Source: []byte(src)}
}

func del(id string) store.Write { return store.Write{Kind: store.Delete, ID: id} }

func onlyIf(w store.Write, seq int64) store.Write {
	w.IfSeq = &seq
	return w
}

// TestWrites follows one document through a shard.
func TestWrites(t *testing.T) {
	d := store.Create(filepath.Join(t.TempDir(), "log"), 1)
	for i, tc := range []struct {
		write store.Write
		// was, seq and version are the outcome; conflict is a part of its text.
		was          bool
		seq, version int64
		conflict     string
	}{
		{put("a", `1`), false, 0, 1, ""},
		{put("a", `2`), true, 1, 2, ""},
		{add("a", `3`), true, 0, 0, "document already exists (current version [2])"},
		{add("b", `1`), false, 2, 1, ""},
		{onlyIf(put("a", `4`), 0), true, 0, 0, "required seqNo [0], primary term [1]. current document has seqNo [1]"},
		{onlyIf(put("a", `4`), 1), true, 3, 3, ""},
		{onlyIf(put("c", `4`), 1), false, 0, 0, "but no document was found"},
		{del("a"), true, 4, 4, ""},
		{del("a"), false, 5, 5, ""}, // a tombstone is written and counted too
		{put("a", `5`), false, 6, 6, ""},
		{del("nobody"), false, 7, 1, ""},
	} {
		out, err := d.Apply([]store.Write{tc.write})
		if err != nil {
			t.Fatal(err)
		}
		o := out[0]
		if tc.conflict != "" {
			if !strings.Contains(o.Conflict, tc.conflict) || !strings.HasPrefix(o.Conflict, "["+tc.write.ID+"]: version conflict, ") {
				t.Errorf("write %d: conflict %q, want %q", i, o.Conflict, tc.conflict)
			}
			continue
		}
		if o.Conflict != "" || o.Was != tc.was || o.Seq != tc.seq || o.Version != tc.version {
			t.Errorf("write %d: %+v, want was %v, seq %d, version %d", i, o, tc.was, tc.seq, tc.version)
		}
	}
	if s := d.Stats(0); s.Docs != 2 || s.MaxSeq != 7 || s.Deleted != 3 {
		t.Errorf("%+v", s)
	}
	d.Merge()
	if s := d.Stats(0); s.Deleted != 0 || s.Docs != 2 {
		t.Errorf("after a merge: %+v", s)
	}
}

// Writes of one block see each other.
func TestOneBlock(t *testing.T) {
	d := store.Create(filepath.Join(t.TempDir(), "log"), 1)
	out, err := d.Apply([]store.Write{put("a", `1`), add("a", `2`), put("a", `3`), del("a"), add("a", `4`)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range out {
		got = append(got, fmt.Sprint(o.Was, o.Version, o.Conflict != ""))
	}
	want := []string{"false 1 false", "true 2 true", "true 2 false", "true 3 false", "false 4 false"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if doc := d.Get("a", ""); doc == nil || string(doc.Source) != "4" || doc.Seq != 3 {
		t.Errorf("%+v", doc)
	}
}

// content is everything a reader can see.
func content(d *store.Docs) []string {
	var out []string
	for n := range d.Shards() {
		for _, doc := range d.Live(n) {
			out = append(out, fmt.Sprintf("%d %d v%d %s/%s %s", n, doc.Seq, doc.Version, doc.ID, doc.Routing, doc.Source))
		}
		out = append(out, fmt.Sprintf("%+v", d.Stats(n)))
	}
	return out
}

func fill(t *testing.T, path string, shards, n int) *store.Docs {
	t.Helper()
	d := store.Create(path, shards)
	var w []store.Write
	for i := range n {
		w = append(w, store.Write{ID: fmt.Sprint("id", i), Routing: strings.Repeat("r", i%2), Source: fmt.Appendf(nil, `{"n":%d,"html":"<&>"}`, i)})
	}
	if _, err := d.Apply(w); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Apply([]store.Write{del("id0"), put("id2", `{}`), put("id4", `{"again":true}`)}); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestReload(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	d := fill(t, path, 3, 40)
	again, err := store.Load(path, 3)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(content(d), content(again)) {
		t.Errorf("before %v\nafter  %v", content(d), content(again))
	}
	// Versions go on after a deletion, also across a restart.
	out, err := again.Apply([]store.Write{put("id0", `1`)})
	if err != nil || out[0].Version != 3 {
		t.Errorf("%+v %v", out, err)
	}
}

// TestOddDocuments: what looks like the log's own words is read back as it is.
func TestOddDocuments(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	d := store.Create(path, 1)
	docs := map[string]string{
		`a,"d":b`: `{"x":1,"d":{"d":[1,"}\n"]}}`, `"d":`: `{}`, "<&>": `{"m":true,"text":"\",\"d\":"}`, "plain": `"d"`, "no": `null`,
	}
	for id, src := range docs {
		if _, err := d.Apply([]store.Write{{ID: id, Routing: `,"d":{}`, Source: []byte(src)}}); err != nil {
			t.Fatal(err)
		}
	}
	again, err := store.Load(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	for id, src := range docs {
		if got := again.Get(id, `,"d":{}`); got == nil || string(got.Source) != src {
			t.Errorf("%s: %+v, want %s", id, got, src)
		}
	}
}

func TestNothingThereIsEmpty(t *testing.T) {
	d, err := store.Load(filepath.Join(t.TempDir(), "none"), 2)
	if err != nil || d.Shards() != 2 || d.Stats(1).MaxSeq != -1 || d.Get("a", "") != nil {
		t.Errorf("%+v %v", d, err)
	}
}

// A process killed in the middle of a write leaves a torn line: the write is
// gone, everything before it is there, and writing goes on.
func TestTornLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	fill(t, path, 1, 10)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(whole), "\n"), "\n")
	last := len(whole) - len(lines[len(lines)-1])
	for cut := last; cut < len(whole); cut += 7 {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := store.Load(path, 1)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if d.Stats(0).MaxSeq != 11 || d.Get("id3", "r") == nil {
			t.Errorf("cut at %d: %+v", cut, d.Stats(0))
		}
		if _, err := d.Apply([]store.Write{put("new", `{}`)}); err != nil {
			t.Fatal(err)
		}
		again, err := store.Load(path, 1)
		if err != nil || again.Get("new", "") == nil {
			t.Errorf("cut at %d: what was written after is lost: %v", cut, err)
		}
	}
}

func TestSpoiltLogIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"not JSON":      "{\"s\":0,\"n\":0,\"id\":\"a\"}\nnonsense\n",
		"no such shard": "{\"s\":7,\"n\":0,\"id\":\"a\"}\n",
		"no end":        "{\"s\":0,\"n\":0,\"id\":\"a\",\"d\":{\n",
	} {
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Load(path, 1); err == nil || !strings.Contains(err.Error(), "line") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnwritableLog(t *testing.T) {
	d := store.Create(filepath.Join(t.TempDir(), "no", "such", "folder"), 1)
	if _, err := d.Apply([]store.Write{put("a", `1`)}); err == nil {
		t.Error("no error")
	}
	if d.Get("a", "") != nil {
		t.Error("what could not be logged is there")
	}
}

func TestRoutingDecidesTheShard(t *testing.T) {
	d := store.Create(filepath.Join(t.TempDir(), "log"), 5)
	if d.ShardOf("a", "x") != d.ShardOf("b", "x") {
		t.Error("the same routing went to two shards")
	}
	hit := map[int]bool{}
	for i := range 100 {
		hit[d.ShardOf(fmt.Sprint(i), "")] = true
	}
	if len(hit) != 5 {
		t.Errorf("a hundred documents lie on %d of 5 shards", len(hit))
	}
}
