package store_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"snapferry/awsx/sandbox/memory/store"
)

func segments(t *testing.T, d *store.Docs, shard int) map[string]string {
	t.Helper()
	list, err := d.Segments(shard)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, s := range list {
		out[s.Name] = s.Checksum
	}
	return out
}

// many writes n further documents to a one-shard index.
func many(t *testing.T, d *store.Docs, from, n int) {
	t.Helper()
	var w []store.Write
	for i := from; i < from+n; i++ {
		w = append(w, put(fmt.Sprint(i), fmt.Sprintf(`{"n":%d}`, i)))
	}
	if _, err := d.Apply(w); err != nil {
		t.Fatal(err)
	}
}

// What did not change has the same segments: that makes snapshots incremental.
func TestSegmentsStayWhereNothingChanged(t *testing.T) {
	d := store.Create(filepath.Join(t.TempDir(), "log"), 1)
	for n := range 3 {
		many(t, d, n*200, 200)
		for range 2 { // the second commit finds nothing new
			if err := d.Commit(0); err != nil {
				t.Fatal(err)
			}
		}
	}
	first := segments(t, d, 0)
	if len(first) != 3 {
		t.Fatalf("after three commits there are %d segments", len(first))
	}
	many(t, d, 600, 200)
	second := segments(t, d, 0)
	for _, name := range []string{"_0", "_1", "_2"} {
		if first[name] != second[name] {
			t.Errorf("%s changed though nothing in it did", name)
		}
	}
	if len(second) != 4 {
		t.Errorf("segments before %v, after %v", first, second)
	}
	if _, err := d.Apply([]store.Write{put("3", `{"changed":true}`)}); err != nil {
		t.Fatal(err)
	}
	third := segments(t, d, 0)
	if third["_0"] == second["_0"] || third["_1"] != second["_1"] {
		t.Errorf("a change in the first segment: before %v, after %v", second, third)
	}
}

func TestSegmentsCarryEverything(t *testing.T) {
	dir := t.TempDir()
	d := fill(t, filepath.Join(dir, "a"), 2, 700)
	for n := range 2 {
		if err := d.Commit(n); err != nil {
			t.Fatal(err)
		}
	}
	many(t, d, 1000, 50)
	copyOf := store.Create(filepath.Join(dir, "b"), 2)
	for n := range d.Shards() {
		list, err := d.Segments(n)
		if err != nil {
			t.Fatal(err)
		}
		var docs [][]store.Doc
		var counted int64
		for _, s := range list {
			part, err := store.ReadSegment(s.Body)
			if err != nil {
				t.Fatal(err)
			}
			counted += s.Docs
			docs = append(docs, part)
		}
		if counted != d.Stats(n).Docs {
			t.Errorf("segments count %d documents, the shard %d", counted, d.Stats(n).Docs)
		}
		if err := copyOf.Import(n, docs, d.Stats(n).MaxSeq); err != nil {
			t.Fatal(err)
		}
	}
	d.Merge() // deletions do not travel
	if !reflect.DeepEqual(content(d), content(copyOf)) {
		t.Error("the copy differs")
	}
	again, err := store.Load(filepath.Join(dir, "b"), 2)
	if err != nil || !reflect.DeepEqual(content(copyOf), content(again)) {
		t.Errorf("the copy differs after a restart: %v", err)
	}
	// The same content has the same segments in both, so that a snapshot of the
	// copy in the same repository finds everything there already.
	if !reflect.DeepEqual(segments(t, d, 0), segments(t, copyOf, 0)) {
		t.Error("segments of the copy differ")
	}
}

func TestImportKeepsTheHighestSequenceNumber(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	d := store.Create(path, 1)
	if err := d.Import(0, nil, 41); err != nil {
		t.Fatal(err)
	}
	again, err := store.Load(path, 1)
	if err != nil || again.Stats(0).MaxSeq != 41 {
		t.Fatalf("%+v %v", again.Stats(0), err)
	}
	out, err := again.Apply([]store.Write{put("a", `1`)})
	if err != nil || out[0].Seq != 42 {
		t.Errorf("%+v %v", out, err)
	}
	empty := store.Create(filepath.Join(t.TempDir(), "log"), 1)
	if err := empty.Import(0, nil, -1); err != nil || empty.Stats(0).MaxSeq != -1 {
		t.Errorf("%+v %v", empty.Stats(0), err)
	}
}

func TestSpoiltSegment(t *testing.T) {
	if _, err := store.ReadSegment([]byte("{\"id\":\"a\"}\n{")); err == nil {
		t.Error("no error")
	}
	if docs, err := store.ReadSegment(nil); err != nil || len(docs) != 0 {
		t.Errorf("%v %v", docs, err)
	}
}
