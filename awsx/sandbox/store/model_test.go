package store

import (
	"crypto/md5"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// model is the store by its definition: keys and bodies.
type model map[string]string

// TestAgainstAModel does thousands of random things to a store, among them what
// nodes do behind its back and what a restart does, and compares with a map.
func TestAgainstAModel(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := t.TempDir()
			m, s, rng := model{}, open(t, dir), rand.New(rand.NewPCG(seed, 7))
			for step := range 400 {
				key := randomKey(rng)
				switch rng.IntN(10) {
				case 0, 1, 2, 3:
					body := strings.Repeat(string(rune('a'+rng.IntN(26))), rng.IntN(20))
					put(t, s, key, body)
					m[key] = body
				case 4, 5:
					if err := s.Delete("bkt", key); err != nil {
						t.Fatal(err)
					}
					delete(m, key)
				case 6:
					m.foreignWrite(t, s, dir, key, fmt.Sprint("node ", step))
				case 7:
					m.foreignDelete(t, s, dir, key)
				case 8:
					m.compareOne(t, s, key)
				case 9:
					s.Close()
					s = open(t, dir)
				}
			}
			m.compare(t, s)
		})
	}
}

// randomKey draws from few segments, so that keys meet and clash.
func randomKey(rng *rand.Rand) string {
	segments := []string{"a", "A", "b", "a.", "", "ü", "x y", "index-0"}
	parts := make([]string, 1+rng.IntN(3))
	for i := range parts {
		parts[i] = segments[rng.IntN(len(segments))]
	}
	if key := strings.Join(parts, "/"); key != "" {
		return key
	}
	return "a"
}

// foreignWrite is a node that writes a file where it can: a plain path that no
// folder or file is in the way of, and that is no object under .odd.
func (m model) foreignWrite(t *testing.T, s *Store, dir, key, body string) {
	t.Helper()
	odd, err := s.oddKeys("bkt")
	if err != nil || odd[key] || !safe(key) {
		return
	}
	p := filepath.Join(dir, "bkt", filepath.FromSlash(key))
	if os.MkdirAll(filepath.Dir(p), 0o755) != nil || os.WriteFile(p, []byte(body), 0o644) != nil {
		return
	}
	m[key] = body
}

func (m model) foreignDelete(t *testing.T, s *Store, dir, key string) {
	t.Helper()
	odd, err := s.oddKeys("bkt")
	if err != nil || odd[key] || !safe(key) {
		return
	}
	p := filepath.Join(dir, "bkt", filepath.FromSlash(key))
	if fi, err := os.Lstat(p); err == nil && fi.Mode().IsRegular() && os.Remove(p) == nil {
		delete(m, key)
	}
}

func (m model) compareOne(t *testing.T, s *Store, key string) {
	t.Helper()
	want, there := m[key]
	f, o, err := s.Open("bkt", key)
	if !there {
		if !errors.Is(err, ErrNoKey) {
			t.Fatalf("%q should not be there: %v", key, err)
		}
		return
	}
	if err != nil {
		t.Fatalf("%q: %v", key, err)
	}
	f.Close()
	if body, _ := get(t, s, key); body != want || o.ETag != fmt.Sprintf("%x", md5.Sum([]byte(want))) || o.Size != int64(len(want)) {
		t.Fatalf("%q: %q %+v, want %q", key, body, o, want)
	}
}

func (m model) compare(t *testing.T, s *Store) {
	t.Helper()
	if d := cmp.Diff(slices.Sorted(maps.Keys(m)), keysOf(t, s, "", "")); d != "" {
		t.Fatalf("listing\n%s", d)
	}
	for key := range m {
		m.compareOne(t, s, key)
	}
}

// TestWhatAKillLeaves builds the states between the steps of a write and opens
// the store over them.
func TestWhatAKillLeaves(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "old", "old")
	put(t, s, "odd//old", "old")
	old, _ := s.Stat("bkt", "old")
	must := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	// The record was written, the file not yet renamed: for an object that is
	// there, and for one that is not.
	next := record{Key: "old", Size: 3, Time: 1, Inode: 1, ETag: "of the next"}
	fresh := record{Key: "odd//new", Size: 3, Time: 1, Inode: 1, ETag: "of the next"}
	must(s.writeRecord("bkt", next), s.writeRecord("bkt", fresh))
	// A file under .odd whose record is gone.
	must(os.WriteFile(filepath.Join(dir, oddPath("bkt", "odd//lost")), []byte("x"), 0o600))
	// A record that is no JSON, and a part whose description is missing.
	put(t, s, "broken", "x")
	must(os.WriteFile(filepath.Join(dir, recordPath("bkt", digest("broken"))), []byte("{"), 0o600))
	u, err := s.Begin("bkt", "key", nil)
	must(err, os.WriteFile(filepath.Join(dir, partPath("bkt", u.ID, 1)), []byte("x"), 0o600))
	s.Close()
	s = open(t, dir)

	if body, o := get(t, s, "old"); body != "old" || o.ETag != old.ETag {
		t.Errorf("the object before: %q %+v", body, o)
	}
	if _, err := s.Stat("bkt", "odd//new"); !errors.Is(err, ErrNoKey) {
		t.Errorf("the object that never came: %v", err)
	}
	if _, o := get(t, s, "broken"); o.ETag != fmt.Sprintf("%x", md5.Sum([]byte("x"))) {
		t.Errorf("without its record: %+v", o)
	}
	if d := cmp.Diff([]string{"broken", "odd//old", "old"}, keysOf(t, s, "", "")); d != "" {
		t.Error(d)
	}
	if parts, err := s.Parts("bkt", "key", u.ID); err != nil || len(parts) != 0 {
		t.Errorf("half a part: %v, %v", parts, err)
	}
	put(t, s, "odd//new", "new")
	if body, _ := get(t, s, "odd//new"); body != "new" {
		t.Errorf("written at last: %q", body)
	}
}

// TestClosedStore reports, and does nothing.
func TestClosedStore(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "k", "x")
	u, err := s.Begin("bkt", "k", nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	_, create := s.Create()
	_, stat := s.Stat("bkt", "k")
	_, list := s.List("bkt", Query{Max: 1})
	_, begin := s.Begin("bkt", "k", nil)
	_, parts := s.Parts("bkt", "k", u.ID)
	_, uploads := s.Uploads("bkt")
	_, commit := w.Commit("bkt", "k", nil, Condition{})
	for name, err := range map[string]error{
		"create": create, "stat": stat, "list": list, "begin": begin, "parts": parts, "uploads": uploads, "commit": commit,
		"delete": s.Delete("bkt", "k"), "make": s.MakeBucket("b"), "remove": s.RemoveBucket("bkt"), "abort": s.Abort("bkt", "k", u.ID),
	} {
		if err == nil || errors.Is(err, ErrNoKey) || errors.Is(err, ErrNoUpload) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b, err := os.ReadFile(filepath.Join(dir, "bkt", "k")); err != nil || string(b) != "x" {
		t.Errorf("%q, %v", b, err)
	}
}

// TestOpenRefuses a folder it cannot make or use.
func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	blocked := filepath.Join(dir, "blocked")
	if err := errors.Join(os.Mkdir(blocked, 0o700), os.WriteFile(filepath.Join(blocked, metaDir), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{file, filepath.Join(file, "below"), blocked} {
		if s, err := Open(d, nil); err == nil {
			s.Close()
			t.Errorf("%s was opened", d)
		}
	}
}

func TestSafeSegments(t *testing.T) {
	for seg, want := range map[string]bool{
		"a": true, "index-0": true, "__abc": true, "a b": true, ".hidden": true, "ü": true, "COM": true, "COMX": true, "COM10": true, "nulls": true, "console": true,
		"": false, ".": false, "..": false, "a.": false, "a ": false, "NUL": false, "nul.txt": false, "Com1": false, "lpt9.x": false, "COM¹": false, "CONIN$": false,
		"a:b": false, "a?": false, "a*": false, "a|b": false, `a\b`: false, `"`: false, "<": false, ">": false, "a\x1f": false, "\xff": false,
		strings.Repeat("ü", 128): false, strings.Repeat("ü", 127): true,
	} {
		if got := safeSegment(seg); got != want {
			t.Errorf("%q: %v, want %v", seg, got, want)
		}
	}
}
