package spec

import (
	"strings"
	"testing"
)

// TestRenamesAsTheEngine: expectations are what Java's String.replaceAll gives.
func TestRenamesAsTheEngine(t *testing.T) {
	for _, c := range []struct{ pattern, replacement, name, want string }{
		{"^(.+)$", "restored-$1", "logs-1", "restored-logs-1"},
		{"logs-(.+)", "old-logs-$1", "logs-7", "old-logs-7"},
		{"logs-(.+)", "old-logs-$1", "metrics-7", "metrics-7"},
		{"(.)-(.)", "$2-$1", "a-b", "b-a"},
		{"a", "bb", "banana", "bbbnbbnbb"},
		{"-", "_", "a-b-c", "a_b_c"},
		{"(l)(o)(g)", "$1x", "log", "lx"},
		{"(l)(o)(g)", "$12", "log", "l2"},
		{"(l)", "$0$0", "l", "ll"},
		{"(l)", "$01", "l", "l"},
		{`(l)`, `\$1`, "l", "$1"},
		{`(l)`, `a\\b`, "l", `a\b`},
		{"(?<year>[0-9]{4})", "y${year}", "logs-2026", "logs-y2026"},
		{"^logs", "x", "logs-logs", "x-logs"},
	} {
		rename, err := Renamer(c.pattern, c.replacement)
		if err != nil {
			t.Errorf("%s → %s: %v", c.pattern, c.replacement, err)
			continue
		}
		if got := rename(c.name); got != c.want {
			t.Errorf("%s → %s makes %s of %s, want %s", c.pattern, c.replacement, got, c.name, c.want)
		}
	}
}

func TestRefusedRenames(t *testing.T) {
	for _, c := range []struct {
		pattern, replacement string
		inReplacement        bool
	}{
		{"(", "x", false},
		{"(?=a)", "x", false},
		{"a++", "x", false},
		{"[a-z&&[^b]]", "x", false},
		{"(.*)", "r-$1", false},
		{".*", "x", false},
		{"x?", "y", false},
		{"$", "-old", false},
		{"(a)", "$2", true},
		{"(a)", "$x", true},
		{"(a)", "$", true},
		{"(a)", "${x}", true},
		{"(a)", "${a", true},
		{"(a)", `x\`, true},
	} {
		_, err := Renamer(c.pattern, c.replacement)
		e, ok := err.(*RenameError)
		if !ok || e.Replacement != c.inReplacement || e.Fix.IsZero() || strings.Contains(e.Error()+e.Fix.String(), "%!") {
			t.Errorf("%s → %s: %v", c.pattern, c.replacement, err)
		}
	}
}

func TestMoveRenames(t *testing.T) {
	if got := (MoveSpec{}).Renamer()("a"); got != "a" {
		t.Errorf("without a rename a becomes %s", got)
	}
	if got := (MoveSpec{RenamePattern: "^(.+)$", RenameReplacement: "r-$1"}).Renamer()("a"); got != "r-a" {
		t.Errorf("a becomes %s", got)
	}
	if got := (MoveSpec{RenamePattern: "("}).Renamer()("a"); got != "a" {
		t.Errorf("with a broken pattern a becomes %s", got)
	}
}

func TestNearest(t *testing.T) {
	words := []string{"account", "region", "domain", "base_path", "rename_pattern"}
	for typed, want := range map[string]string{
		"acount": "account", "accuont": "account", "Account": "account", "base-path": "base_path", "reg": "region",
		"rename": "rename_pattern", "dmain": "domain", "xyz": "", "": "", "ab": "", "basepath": "base_path",
	} {
		if got := nearest(typed, words); got != want {
			t.Errorf("nearest to %q is %q, want %q", typed, got, want)
		}
	}
}
