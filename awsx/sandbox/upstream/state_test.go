package upstream_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/upstream"
)

func TestFileKeepsAndReplaces(t *testing.T) {
	f := upstream.File(filepath.Join(t.TempDir(), "state.json"))
	if b, err := f.Load(); b != nil || err != nil {
		t.Errorf("before the first save: %q, %v", b, err)
	}
	for _, content := range []string{"one", "two"} {
		if err := f.Save([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if b, err := f.Load(); string(b) != content || err != nil {
			t.Errorf("got %q, %v", b, err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(string(f))); len(left) != 1 {
		t.Errorf("temporary files are left: %v", left)
	}
	if err := upstream.File(filepath.Join(t.TempDir(), "no", "folder")).Save(nil); err == nil {
		t.Error("saving into no folder went well")
	}
}

func TestSlotsBindForGood(t *testing.T) {
	state := &memoryState{}
	table := func() *upstream.SlotTable {
		s, err := upstream.NewSlotTable([]string{"slot1", "slot2"}, state)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := table()
	for _, want := range []struct{ role, client string }{{"a", "slot1"}, {"b", "slot2"}, {"a", "slot1"}} {
		if client, err := s.Bind(want.role); client != want.client || err != nil {
			t.Errorf("%s is bound to %q, %v; want %s", want.role, client, err, want.client)
		}
	}
	if _, err := s.Bind("c"); err == nil || !strings.Contains(err.Error(), "all 2 S3 clients") {
		t.Errorf("a third role gave %v", err)
	}
	if again := table(); again.Role("slot2") != "b" || again.Role("slot9") != "" {
		t.Errorf("after a restart slot2 stands for %q", again.Role("slot2"))
	}
	if _, err := upstream.NewSlotTable(nil, &memoryState{saved: []byte("x")}); err == nil {
		t.Error("spoilt bindings were taken")
	}
}
