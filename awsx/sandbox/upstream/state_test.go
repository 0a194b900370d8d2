package upstream_test

import (
	"os"
	"path/filepath"
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
