package store

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func part(t *testing.T, s *Store, id string, n int, body string) (Part, error) {
	t.Helper()
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, body); err != nil {
		t.Fatal(err)
	}
	return w.CommitPart("bkt", "key", id, n, map[string]string{"n": fmt.Sprint(n)})
}

func keep(attr map[string]string) func() (map[string]string, error) {
	return func() (map[string]string, error) { return attr, nil }
}

func TestMultipart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	u, err := s.Begin("bkt", "key", map[string]string{"content-type": "text/plain"})
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[int]string{2: "second", 1: strings.Repeat("f", 10), 7: "last"}
	var want []Wanted
	etags := md5.New()
	for _, n := range []int{7, 2, 1, 2} { // out of order, one replaced
		p, err := part(t, s, u.ID, n, bodies[n])
		if err != nil || p.Size != int64(len(bodies[n])) {
			t.Fatalf("%+v, %v", p, err)
		}
	}
	s.Close()
	s = open(t, dir) // the parts survive the process
	stored, err := s.Parts("bkt", "key", u.ID)
	if err != nil || len(stored) != 3 {
		t.Fatalf("%+v, %v", stored, err)
	}
	for _, p := range stored {
		want = append(want, Wanted{p.Number, p.ETag})
		sum := md5.Sum([]byte(bodies[p.Number]))
		etags.Write(sum[:])
	}
	parts, err := Select(stored, want, 5)
	if err != nil {
		t.Fatal(err)
	}
	var also bytes.Buffer
	o, err := s.Complete("bkt", "key", u.ID, parts, &also, keep(map[string]string{"a": "b"}), Condition{})
	if err != nil {
		t.Fatal(err)
	}
	whole := bodies[1] + bodies[2] + bodies[7]
	if o.ETag != fmt.Sprintf("%x-3", etags.Sum(nil)) || o.Size != int64(len(whole)) || also.String() != whole {
		t.Errorf("%+v, also %q", o, also.String())
	}
	body, again := get(t, s, "key")
	if body != whole {
		t.Errorf("body %q", body)
	}
	if d := cmp.Diff(o, again); d != "" {
		t.Error(d)
	}
	if _, err := s.Parts("bkt", "key", u.ID); !errors.Is(err, ErrNoUpload) {
		t.Errorf("after the end: %v", err)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, partsDir, "bkt")); len(left) != 0 {
		t.Errorf("parts stayed: %v", left)
	}
}

func TestSelectRefuses(t *testing.T) {
	stored := []Part{{Number: 1, Size: 5, ETag: "a"}, {Number: 2, Size: 4, ETag: "b"}, {Number: 3, Size: 1, ETag: "c"}}
	tests := map[string]struct {
		want []Wanted
		err  error
		size bool
	}{
		"good":        {want: []Wanted{{1, "a"}, {3, "c"}}},
		"order":       {want: []Wanted{{2, "b"}, {1, "a"}}, err: ErrPartOrder},
		"twice":       {want: []Wanted{{1, "a"}, {1, "a"}}, err: ErrPartOrder},
		"missing":     {want: []Wanted{{4, "a"}}, err: ErrInvalidPart},
		"other etag":  {want: []Wanted{{1, "b"}}, err: ErrInvalidPart},
		"small":       {want: []Wanted{{1, "a"}, {2, "b"}, {3, "c"}}, size: true},
		"small, last": {want: []Wanted{{1, "a"}, {2, "b"}}},
	}
	for name, tt := range tests {
		got, err := Select(stored, tt.want, 5)
		var small *TooSmallError
		switch {
		case tt.size:
			if !errors.As(err, &small) || small.Number != 2 || small.Least != 5 {
				t.Errorf("%s: %v", name, err)
			}
		case !errors.Is(err, tt.err) || err == nil && len(got) != len(tt.want):
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestUploadsAreKnownByKeyAndID(t *testing.T) {
	s := open(t, t.TempDir())
	a, _ := s.Begin("bkt", "key", nil)
	b, _ := s.Begin("bkt", "a/key", nil)
	all, err := s.Uploads("bkt")
	if err != nil || len(all) != 2 || all[0].ID != b.ID || all[1].ID != a.ID {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, bad := range []string{"", "zz", "../../bkt", b.ID + "00", b.ID} {
		if _, err := part(t, s, bad, 1, "x"); !errors.Is(err, ErrNoUpload) {
			t.Errorf("part for %q: %v", bad, err)
		}
		if err := s.Abort("bkt", "key", bad); !errors.Is(err, ErrNoUpload) {
			t.Errorf("abort of %q: %v", bad, err)
		}
	}
	if err := s.Abort("bkt", "key", a.ID); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Uploads("bkt"); err != nil || len(all) != 1 {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestCompleteThatFailsLeavesTheUpload(t *testing.T) {
	s := open(t, t.TempDir())
	u, _ := s.Begin("bkt", "key", nil)
	p, err := part(t, s, u.ID, 1, "x")
	if err != nil {
		t.Fatal(err)
	}
	refused := errors.New("checksum")
	_, err = s.Complete("bkt", "key", u.ID, []Part{p}, nil, func() (map[string]string, error) { return nil, refused }, Condition{})
	if !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	if _, err := s.Stat("bkt", "key"); !errors.Is(err, ErrNoKey) {
		t.Errorf("the object: %v", err)
	}
	if _, err := s.Complete("bkt", "key", u.ID, []Part{p}, nil, keep(nil), Condition{}); err != nil {
		t.Errorf("second try: %v", err)
	}
}

func TestDiscard(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(w, "x")
	w.Discard()
	w.Discard()
	if left, _ := os.ReadDir(filepath.Join(dir, tmpDir)); len(left) != 0 {
		t.Errorf("stayed: %v", left)
	}
	// What a killed process left is cleared by the next.
	if _, err := s.Create(); err != nil {
		t.Fatal(err)
	}
	s.Close()
	open(t, dir)
	if left, _ := os.ReadDir(filepath.Join(dir, tmpDir)); len(left) != 0 {
		t.Errorf("stayed after a restart: %v", left)
	}
}
