package steps

import "testing"

// TestCounted: one is one, and the count stays an argument for whoever translates.
func TestCounted(t *testing.T) {
	for n, want := range map[int]string{0: "restore 0 indices", 1: "restore 1 index", 2: "restore 2 indices"} {
		if got := T("restore %s", Counted(n, "%d index", "%d indices")).String(); got != want {
			t.Errorf("%d: %q, wants %q", n, got, want)
		}
	}
}
