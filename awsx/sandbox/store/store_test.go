package store

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.MakeBucket("bkt"); err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *Store, key, body string) Object {
	t.Helper()
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, body); err != nil {
		t.Fatal(err)
	}
	o, err := w.Commit("bkt", key, map[string]string{"k": fmt.Sprintf("%q", key)}, Condition{})
	if err != nil {
		t.Fatalf("put %q: %v", key, err)
	}
	return o
}

func get(t *testing.T, s *Store, key string) (string, Object) {
	t.Helper()
	f, o, err := s.Open("bkt", key)
	if err != nil {
		t.Fatalf("get %q: %v", key, err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), o
}

func keysOf(t *testing.T, s *Store, prefix, after string) []string {
	t.Helper()
	out := []string{}
	for e, err := range s.Keys("bkt", prefix, after) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e.Key)
	}
	return out
}

// awkward holds keys that are hard to keep as files, and their plain company.
var awkward = []string{
	"a", "a/b", "a/", "a/b/c", "a-b", "a/1", "a0", "a.b", "A", "a//b", "/lead", "./x", "x/../y", "..", ".", "trailing/", "dir/trailing/",
	"\xff\xfe", "nul\x00", "tab\t", "CON", "con/x.txt", "x/nul.txt", "COM1", "COM10", "colon:x", "q?", "dot.", "space ", strings.Repeat("n", 256), strings.Repeat("n", 255),
	"ü/ж", "indices/AbC_x/0/__1", "indices/aBc_x/0/__1", "index-0", "index.latest", "Ä", "ä", " lead", "back\\slash",
}

func TestEveryKeyIsItsOwnObject(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, key := range awkward {
		o := put(t, s, key, "body of "+key)
		if want := fmt.Sprintf("%x", md5.Sum([]byte("body of "+key))); o.ETag != want || o.Size != int64(len("body of "+key)) || !o.Modified.Equal(noon) {
			t.Errorf("put %q gave %+v", key, o)
		}
	}
	check := func(s *Store, when string) {
		for _, key := range awkward {
			body, o := get(t, s, key)
			if body != "body of "+key || o.Key != key || o.Attr["k"] != fmt.Sprintf("%q", key) {
				t.Errorf("%s: %q holds %q, %+v", when, key, body, o)
			}
		}
		want := slices.Clone(awkward)
		slices.Sort(want)
		if d := cmp.Diff(want, keysOf(t, s, "", "")); d != "" {
			t.Errorf("%s: listing\n%s", when, d)
		}
	}
	check(s, "at once")
	s.Close()
	s = open(t, dir)
	check(s, "after a restart")
	for _, key := range awkward {
		put(t, s, key, "body of "+key)
	}
	check(s, "written again")
	for i, key := range awkward {
		if err := s.Delete("bkt", key); err != nil {
			t.Fatalf("delete %q: %v", key, err)
		}
		if _, err := s.Stat("bkt", key); !errors.Is(err, ErrNoKey) {
			t.Errorf("%q after its deletion: %v", key, err)
		}
		if got := len(keysOf(t, s, "", "")); got != len(awkward)-i-1 {
			t.Fatalf("after deleting %q: %d keys left", key, got)
		}
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "bkt")); len(left) != 0 {
		t.Errorf("empty folders stayed: %v", left)
	}
}

func TestSafeKeysArePlainFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, key := range []string{"base/index-0", "base/indices/AbC_x/0/__1", "ü/ж", "COM10"} {
		put(t, s, key, key)
		b, err := os.ReadFile(filepath.Join(dir, "bkt", filepath.FromSlash(key)))
		if err != nil || string(b) != key {
			t.Errorf("%s: %q, %v", key, b, err)
		}
	}
	for _, p := range []string{"bkt/.meta", "bkt/.odd", "bkt/.tmp"} {
		if _, err := os.Stat(filepath.Join(dir, p)); err == nil {
			t.Errorf("%s stands inside the bucket", p)
		}
	}
	if left, _ := os.ReadDir(filepath.Join(dir, tmpDir)); len(left) != 0 {
		t.Errorf("temporary files stayed: %v", left)
	}
}

// TestClashingKeysLeaveThePlainPath for other systems' sake: the world may be
// carried to one where "A" and "a" are one file.
func TestClashingKeysLeaveThePlainPath(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for i, key := range []string{"dir/file", "dir/File", "Dir/other", "dir/file/below", "dir"} {
		put(t, s, key, key)
		_, err := os.Stat(filepath.Join(dir, oddPath("bkt", key)))
		if odd := err == nil; odd != (i > 0) {
			t.Errorf("%s is odd: %v", key, odd)
		}
	}
}

// TestOddShadowsPlain puts a node's file where the plain path of a key under
// .odd would be: the key stays one object.
func TestOddShadowsPlain(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "a", "x")
	put(t, s, "a/b", "odd")
	if err := s.Delete("bkt", "a"); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "bkt", "a"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bkt", "a", "b"), []byte("plain"), 0o600); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"a/b"}, keysOf(t, s, "", "")); d != "" {
		t.Error(d)
	}
	if body, _ := get(t, s, "a/b"); body != "odd" {
		t.Errorf("body %q", body)
	}
}

// TestForeignWriters lets another process work in the bucket's folder, as a
// node with a file repository does.
func TestForeignWriters(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "base/mine", "first")
	at := func(key string) string { return filepath.Join(dir, "bkt", filepath.FromSlash(key)) }
	write := func(key, body string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(at(key)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(key), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("base/theirs", "theirs")
	write("base/A/x", "1")
	write("base/a/x", "2")
	if err := os.MkdirAll(at("base/empty/deep"), 0o755); err != nil {
		t.Fatal(err)
	}
	want := []string{"base/A/x", "base/a/x", "base/mine", "base/theirs"}
	if d := cmp.Diff(want, keysOf(t, s, "", "")); d != "" {
		t.Error(d)
	}
	body, o := get(t, s, "base/theirs")
	if body != "theirs" || o.ETag != fmt.Sprintf("%x", md5.Sum([]byte("theirs"))) || o.Attr != nil {
		t.Errorf("%q %+v", body, o)
	}
	// Same size and time, other content and file: the record must not count.
	fi, _ := os.Stat(at("base/mine"))
	if err := os.WriteFile(at("new"), []byte("other"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chtimes(at("new"), fi.ModTime(), fi.ModTime()), os.Rename(at("new"), at("base/mine"))); err != nil {
		t.Fatal(err)
	}
	if body, o := get(t, s, "base/mine"); o.ETag != fmt.Sprintf("%x", md5.Sum([]byte("other"))) || o.Attr != nil {
		t.Errorf("%q %+v", body, o)
	}
	// Written over in place.
	write("base/theirs", "longer than before")
	if _, o := get(t, s, "base/theirs"); o.Size != int64(len("longer than before")) {
		t.Errorf("%+v", o)
	}
	if err := os.Remove(at("base/theirs")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stat("bkt", "base/theirs"); !errors.Is(err, ErrNoKey) {
		t.Errorf("after its deletion: %v", err)
	}
	// Names that differ in case only stay where the node put them.
	put(t, s, "base/A/x", "mine now")
	if b, _ := os.ReadFile(at("base/A/x")); string(b) != "mine now" {
		t.Errorf("base/A/x holds %q on disk", b)
	}
	if b, _ := os.ReadFile(at("base/a/x")); string(b) != "2" {
		t.Errorf("base/a/x holds %q on disk", b)
	}
}

func TestNothingLeavesTheRoot(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	secret := filepath.Join(dir, "..", "secret-"+filepath.Base(dir))
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(secret)
	if err := os.Symlink(secret, filepath.Join(dir, "bkt", "link")); err != nil {
		t.Skip("no symbolic links here")
	}
	if err := os.Symlink(filepath.Dir(secret), filepath.Join(dir, "bkt", "up")); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"link", "up/" + filepath.Base(secret), "../" + filepath.Base(secret)} {
		if _, err := s.Stat("bkt", key); err == nil {
			t.Errorf("%q was read", key)
		}
	}
	if got := keysOf(t, s, "", ""); len(got) != 0 {
		t.Errorf("links are listed: %v", got)
	}
}

func TestConditions(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	o := put(t, s, "a", "1")
	if err := os.WriteFile(filepath.Join(dir, "bkt", "foreign"), []byte("1"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		key  string
		cond Condition
		want error
	}{
		{"a", Condition{IfAbsent: true}, ErrCondition},
		{"b", Condition{IfAbsent: true}, nil},
		{"b", Condition{IfAbsent: true}, ErrCondition},
		{"a", Condition{IfMatch: "0"}, ErrCondition},
		{"a", Condition{IfMatch: o.ETag}, nil},
		{"foreign", Condition{IfMatch: o.ETag}, nil},
		{"none", Condition{IfMatch: o.ETag}, ErrNoKey},
	}
	for _, tt := range tests {
		w, err := s.Create()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte("1"))
		if _, err := w.Commit("bkt", tt.key, nil, tt.cond); !errors.Is(err, tt.want) {
			t.Errorf("%s %+v: %v, want %v", tt.key, tt.cond, err, tt.want)
		}
	}
	if left, _ := os.ReadDir(filepath.Join(dir, tmpDir)); len(left) != 0 {
		t.Errorf("temporary files stayed: %v", left)
	}
}

func TestReaderKeepsItsObject(t *testing.T) {
	s := open(t, t.TempDir())
	put(t, s, "a", "old")
	f, o, err := s.Open("bkt", "a")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	put(t, s, "a", "newer")
	b, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(b, []byte("old")) || o.Size != 3 {
		t.Errorf("%q, %+v, %v", b, o, err)
	}
}

func TestRemoveBucket(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, "bad//key", "x")
	if err := s.RemoveBucket("bkt"); !errors.Is(err, ErrNotEmpty) {
		t.Fatalf("got %v", err)
	}
	if err := s.Delete("bkt", "bad//key"); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "bkt", "left", "by", "a", "node"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin("bkt", "k", nil); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveBucket("bkt"); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	_ = filepath.Walk(dir, func(p string, fi os.FileInfo, _ error) error {
		if strings.Contains(p, "bkt") {
			found[p] = true
		}
		return nil
	})
	if len(found) > 0 {
		t.Errorf("stayed: %v", slices.Collect(maps.Keys(found)))
	}
}
