package world

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
)

var start = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func fixed() time.Time { return start }

func open(t *testing.T, dir string) *World {
	t.Helper()
	w, err := Open(dir, fixed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w
}

func dump(t *testing.T, w *World) string {
	t.Helper()
	b, err := w.Dump()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// populate gives the world one of everything.
func populate(s *State) error {
	a := s.AddAccount("111111111111", "source")
	a.Users["admin"] = &User{Name: "Admin", Path: "/", ID: s.ID("AIDA", 17), Created: start}
	a.Roles["snap"] = &Role{Name: "Snap", Path: "/team/", ID: s.ID("AROA", 17), Created: start, Trust: `{"Statement":[]}`}
	a.Keys["AKIA1"] = &AccessKey{ID: "AKIA1", Secret: s.Secret(), User: "Admin", Created: start}
	s.Sessions["ASIA1"] = &Session{Key: "ASIA1", Token: s.Token(), Account: a.ID, Expires: start.Add(time.Hour)}
	s.Buckets["b"] = []byte(`{"region":"eu-west-1"}`)
	s.Domains = append(s.Domains, &Domain{
		Name: "logs", Account: a.ID, Region: "eu-west-1", Endpoint: "search-logs-x.eu-west-1.es.amazonaws.com",
		Version: awsid.EngineVersion{Family: awsid.OpenSearch, Major: 2, Minor: 19, Patch: 4}, Created: start,
	})
	return nil
}

func TestReopenedWorldIsTheSame(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir)
	if !w.Fresh() {
		t.Error("an empty directory is not a fresh world")
	}
	if err := w.Write(populate); err != nil {
		t.Fatal(err)
	}
	before := dump(t, w)
	var serial uint64
	w.Read(func(s *State) { serial = s.Serial })
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	if again.Fresh() {
		t.Error("a reopened world says it is fresh")
	}
	if d := cmp.Diff(before, dump(t, again)); d != "" {
		t.Error(d)
	}
	again.Read(func(s *State) {
		if s.Serial != serial || len(s.Sessions) != 1 {
			t.Errorf("serial %d, want %d; %d sessions", s.Serial, serial, len(s.Sessions))
		}
	})
}

func TestFailedWriteChangesNothing(t *testing.T) {
	w := open(t, t.TempDir())
	if err := w.Write(populate); err != nil {
		t.Fatal(err)
	}
	before := dump(t, w)
	boom := errors.New("boom")
	err := w.Write(func(s *State) error {
		delete(s.Accounts, "111111111111")
		s.Domains[0].AccessPolicy = "{}"
		return boom
	})
	if !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
	if d := cmp.Diff(before, dump(t, w)); d != "" {
		t.Error(d)
	}
}

func TestWriteThatCannotBePersistedChangesNothing(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir)
	if err := w.Write(populate); err != nil {
		t.Fatal(err)
	}
	// A directory in the way of the temporary file fails the write for root too.
	if err := os.Mkdir(filepath.Join(dir, stateFile+".new"), 0o700); err != nil {
		t.Fatal(err)
	}
	before := dump(t, w)
	if err := w.Write(func(s *State) error { s.Domains = nil; return nil }); err == nil {
		t.Error("the write did not fail")
	}
	if d := cmp.Diff(before, dump(t, w)); d != "" {
		t.Error(d)
	}
}

func TestOneProcessOwnsTheWorld(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir)
	if _, err := Open(dir, fixed); !errors.Is(err, ErrInUse) {
		t.Errorf("second opening: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(populate); err == nil {
		t.Error("a closed world took a write")
	}
	open(t, dir)
}

func TestDamagedStateIsSaid(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, stateFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, fixed); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
	// The failed opening must not keep the directory locked.
	if err := os.Remove(filepath.Join(dir, stateFile)); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestDumpIgnoresWhatIsNoChange(t *testing.T) {
	w := open(t, t.TempDir())
	if err := w.Write(populate); err != nil {
		t.Fatal(err)
	}
	before := dump(t, w)
	change := func(f func(*State)) string {
		t.Helper()
		if err := w.Write(func(s *State) error { f(s); return nil }); err != nil {
			t.Fatal(err)
		}
		return dump(t, w)
	}
	same := change(func(s *State) {
		s.Sessions["ASIA2"] = &Session{Key: "ASIA2"}
		s.ID("AROA", 17)
		s.Domains[0].Revision++
		s.Accounts["111111111111"].Roles["snap"].Trust = "{ \"Statement\" : [ ] }"
	})
	if d := cmp.Diff(before, same); d != "" {
		t.Error(d)
	}
	if other := change(func(s *State) { s.Accounts["111111111111"].Roles["snap"].Trust = `{"Statement":[{}]}` }); other == before {
		t.Error("a changed trust policy does not show in the dump")
	}
}

func TestIdsAreDeterministic(t *testing.T) {
	a, b := emptyState(), emptyState()
	for range 3 {
		for _, got := range [][2]string{{a.ID("AROA", 17), b.ID("AROA", 17)}, {a.Secret(), b.Secret()}, {a.Token(), b.Token()}, {a.Lower(26), b.Lower(26)}} {
			if got[0] != got[1] {
				t.Errorf("%s and %s", got[0], got[1])
			}
		}
	}
	if x, y := a.ID("AROA", 17), a.ID("AROA", 17); x == y || len(x) != 21 {
		t.Errorf("ids %s, %s", x, y)
	}
}
