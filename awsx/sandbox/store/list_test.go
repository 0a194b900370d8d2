package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// expected is the listing by its definition: sort all keys, then fold.
func expected(keys []string, q Query) (names []string, more bool) {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	for _, k := range sorted {
		if k <= q.After || !strings.HasPrefix(k, q.Prefix) {
			continue
		}
		name := k
		if q.Delimiter != "" {
			if i := strings.Index(k[len(q.Prefix):], q.Delimiter); i >= 0 {
				name = k[:len(q.Prefix)+i+len(q.Delimiter)]
				if name == q.After || len(names) > 0 && names[len(names)-1] == name {
					continue
				}
			}
		}
		if len(names) == q.Max {
			return names, true
		}
		names = append(names, name)
	}
	return names, false
}

func names(p Page) []string {
	var out []string
	for _, i := range p.Items {
		out = append(out, i.Name())
	}
	return out
}

func TestListingAgainstItsDefinition(t *testing.T) {
	s := open(t, t.TempDir())
	rng := rand.New(rand.NewPCG(3, 4))
	keys := slices.Clone(awkward)
	for range 150 {
		var parts []string
		for range 1 + rng.IntN(4) {
			parts = append(parts, string("ab-0./"[rng.IntN(6)])+string("aB1"[rng.IntN(3)]))
		}
		keys = append(keys, strings.Join(parts, "/"))
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for _, k := range keys {
		put(t, s, k, "x")
	}
	for _, delimiter := range []string{"", "/", "-", "b/", "//"} {
		for _, prefix := range []string{"", "a", "a/", "aa/", "-", "/", "indices/", "a//", "zz", "\xff"} {
			for _, limit := range []int{1, 3, 1000} {
				q := Query{Prefix: prefix, Delimiter: delimiter, Max: limit}
				for pages := 0; ; pages++ {
					got, err := s.List("bkt", q)
					if err != nil {
						t.Fatal(err)
					}
					want, more := expected(keys, q)
					if d := cmp.Diff(want, names(got)); d != "" || got.More != more {
						t.Fatalf("%+v: more %v, want %v\n%s", q, got.More, more, d)
					}
					if !got.More {
						break
					}
					q.After = got.Items[len(got.Items)-1].Name()
					if pages > len(keys) {
						t.Fatalf("%+v does not come to an end", q)
					}
				}
			}
		}
	}
}

func TestListDescribes(t *testing.T) {
	s := open(t, t.TempDir())
	want := put(t, s, "a", "body")
	page, err := s.List("bkt", Query{Max: 10})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]Item{{Object: want}}, page.Items); d != "" {
		t.Error(d)
	}
	if page, err := s.List("bkt", Query{Max: 0}); err != nil || len(page.Items) != 0 || page.More {
		t.Errorf("no items wanted: %+v, %v", page, err)
	}
	if page, err := s.List("other", Query{Max: 10}); err != nil || len(page.Items) != 0 {
		t.Errorf("a bucket without a folder: %+v, %v", page, err)
	}
}

func TestEmptyFoldersAreNoPrefixes(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "full/x", "x")
	for _, d := range []string{"empty", "deep/empty/folders"} {
		if err := os.MkdirAll(filepath.Join(dir, "bkt", d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	page, err := s.List("bkt", Query{Delimiter: "/", Max: 10})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"full/"}, names(page)); d != "" {
		t.Error(d)
	}
}

// TestConcurrentUse is for the race detector, and for deletions that take away
// the folder another one is about to write into.
func TestConcurrentUse(t *testing.T) {
	s := open(t, t.TempDir())
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 60 {
				key := fmt.Sprintf("d/e/%d", i%7)
				if i%3 == 0 {
					key = fmt.Sprintf("odd//%d", i%5)
				}
				w, err := s.Create()
				if err != nil {
					t.Error(err)
					return
				}
				fmt.Fprintf(w, "%d", g)
				if _, err := w.Commit("bkt", key, nil, Condition{}); err != nil {
					t.Error(err)
				}
				if _, err := s.List("bkt", Query{Delimiter: "/", Max: 5}); err != nil {
					t.Error(err)
				}
				if err := s.Delete("bkt", key); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	wg.Wait()
	if left := keysOf(t, s, "", ""); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestManyFilesInOneFolder sees to it that not each write reads the folder.
func TestManyFilesInOneFolder(t *testing.T) {
	s := open(t, t.TempDir())
	const n = 500
	for i := range n {
		put(t, s, fmt.Sprintf("f/%05d", i), "")
	}
	if reads := len(s.names); reads == 0 {
		t.Error("the names of the folder are not remembered")
	}
	before := s.names["bkt/f"]
	put(t, s, "f/one-more", "")
	if s.names["bkt/f"] != before {
		t.Error("one more file made the folder be read again")
	}
	if got := len(keysOf(t, s, "f/", "")); got != n+1 {
		t.Errorf("%d keys", got)
	}
}

// TestManyFoldersInOneFolder is how a repository lies: each index has a folder, and
// each of its shards one in that.
func TestManyFoldersInOneFolder(t *testing.T) {
	s := open(t, t.TempDir())
	put(t, s, "indices/a/0/x", "")
	put(t, s, "indices/b/0/x", "")
	before := s.names["bkt/indices"]
	for _, key := range []string{"indices/c/0/x", "indices/c/1/x", "indices/d/0/x"} {
		put(t, s, key, "")
	}
	if before == nil || s.names["bkt/indices"] != before {
		t.Error("one more folder made the one that it is in be read again")
	}
	// What is remembered is what is there.
	put(t, s, "indices/c", "a file where a folder is")
	put(t, s, "indices/D/0/x", "another letter case")
	for key, odd := range map[string]bool{"indices/c": true, "indices/D/0/x": true, "indices/c/1/x": false} {
		if _, err := s.root.Lstat(oddPath("bkt", key)); (err == nil) != odd {
			t.Errorf("%s is kept aside: %v", key, err == nil)
		}
	}
}

// TestFoldingFileSystem stands in for one that takes "a" and "A" for one name:
// there the exact spelling decides whether a key is meant.
func TestFoldingFileSystem(t *testing.T) {
	s := open(t, t.TempDir())
	s.foldsCase = true
	put(t, s, "Dir/Key", "x")
	if !s.spelled("bkt/Dir/Key") || s.spelled("bkt/dir/Key") || s.spelled("bkt/Dir/key") {
		t.Error("the spelling on disk is not seen")
	}
	put(t, s, "Dir/KEY", "y")
	for key, want := range map[string]string{"Dir/Key": "x", "Dir/KEY": "y"} {
		if body, _ := get(t, s, key); body != want {
			t.Errorf("%s holds %q", key, body)
		}
	}
	if _, err := s.Stat("bkt", "dir/key"); err == nil {
		t.Error("a key of another spelling was found")
	}
}
