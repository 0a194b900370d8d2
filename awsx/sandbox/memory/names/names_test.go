package names_test

import (
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

func TestMatch(t *testing.T) {
	for _, tc := range []struct {
		pattern, s string
		want       bool
	}{
		{"a", "a", true},
		{"a", "ab", false},
		{"*", "", true},
		{"*", "anything", true},
		{"logs-*", "logs-1", true},
		{"logs-*", "log-1", false},
		{"*-1", "logs-1", true},
		{"*-1", "logs-12", false},
		{"a*c", "abc", true},
		{"a*c", "ac", true},
		{"a*c", "ab", false},
		{"a*b*c", "axbxc", true},
		{"a*b*c", "axcxb", false},
		{"*b*", "abc", true},
		{"*b*", "ac", false},
		{"a**c", "abc", true},
		{"ab*ba", "aba", false},
		{"?", "a", false},
		{"", "", true},
		{"", "a", false},
	} {
		if got := names.Match(tc.pattern, tc.s); got != tc.want {
			t.Errorf("Match(%q, %q) = %v", tc.pattern, tc.s, got)
		}
	}
	if !names.MatchAny([]string{"x", "a*"}, "ab") || names.MatchAny(nil, "ab") {
		t.Error("MatchAny")
	}
	if !names.IsPattern("a*") || names.IsPattern("a") {
		t.Error("IsPattern")
	}
}

func reason(e *wire.Error) string {
	if e == nil {
		return ""
	}
	return e.Reason
}

func TestIndexNames(t *testing.T) {
	const set = `must not contain the following characters [ , ", *, \, <, |, ,, >, /, ?]`
	for name, want := range map[string]string{
		"logs-2026.11": "", ".hidden": "", "ü": "", "a+b": "",
		"":       "Invalid index name [], must not be empty",
		"Logs":   "Invalid index name [Logs], must be lowercase",
		"_a":     "Invalid index name [_a], must not start with '_', '-', or '+'",
		"-a":     "Invalid index name [-a], must not start with '_', '-', or '+'",
		"+a":     "Invalid index name [+a], must not start with '_', '-', or '+'",
		"a b":    "Invalid index name [a b], " + set,
		"a,b":    "Invalid index name [a,b], " + set,
		"a*":     "Invalid index name [a*], " + set,
		"a/b":    "Invalid index name [a/b], " + set,
		`a"b`:    `Invalid index name [a"b], ` + set,
		"a#b":    "Invalid index name [a#b], must not contain '#'",
		"a:b":    "Invalid index name [a:b], must not contain ':'",
		".":      "Invalid index name [.], must not be '.' or '..'",
		"..":     "Invalid index name [..], must not be '.' or '..'",
		"logs\\": `Invalid index name [logs\], ` + set,
	} {
		if got := reason(names.CheckIndex(name)); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	long := strings.Repeat("a", 256)
	if got := reason(names.CheckIndex(long)); !strings.HasSuffix(got, "index name is too long, (256 > 255)") {
		t.Error(got)
	}
}

func TestSnapshotAndRepositoryNames(t *testing.T) {
	for name, want := range map[string]string{
		"mig-20261122": "", "a.b": "",
		"":    "[r:] Invalid snapshot name [], cannot be empty",
		"A":   "[r:A] Invalid snapshot name [A], must be lowercase",
		"a b": "[r:a b] Invalid snapshot name [a b], must not contain whitespace",
		"a,b": "[r:a,b] Invalid snapshot name [a,b], must not contain ','",
		"a#":  "[r:a#] Invalid snapshot name [a#], must not contain '#'",
		"_a":  "[r:_a] Invalid snapshot name [_a], must not start with '_'",
		"a?":  `[r:a?] Invalid snapshot name [a?], must not contain the following characters [ , ", *, \, <, |, ,, >, /, ?]`,
	} {
		if got := reason(names.CheckSnapshot("r", name)); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"mig": "", "My_Repo": "",
		"":    "[] cannot be empty",
		"a#b": "[a#b] must not contain '#'",
		"a b": `[a b] must not contain the following characters [ , ", *, \, <, |, ,, >, /, ?]`,
		"a/b": `[a/b] must not contain the following characters [ , ", *, \, <, |, ,, >, /, ?]`,
	} {
		if got := reason(names.CheckRepository(name)); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestMissingIndexErrors(t *testing.T) {
	if e := names.NotFound("x"); e.Status != 404 || len(e.Meta) != 4 {
		t.Errorf("%+v", e)
	}
	if e := names.Absent("x"); e.Status != 404 || len(e.Meta) != 2 {
		t.Errorf("%+v", e)
	}
}
