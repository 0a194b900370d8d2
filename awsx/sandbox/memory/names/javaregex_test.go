package names_test

import (
	"testing"

	"snapferry/awsx/sandbox/memory/names"
)

func TestRename(t *testing.T) {
	for _, tc := range []struct{ pattern, with, in, want string }{
		{"", "", "a", "a"},
		{"a", "", "aa", "aa"}, // one alone renames nothing
		{"", "b", "a", "a"},
		{"(.+)", "restored_$1", "logs-1", "restored_logs-1"},
		{"(.+)", "$1-old", "logs-1", "logs-1-old"},
		{"logs-(\\d+)", "old-$1", "logs-000041", "old-000041"},
		{"logs", "old", "logs-logs", "old-old"},
		{"^logs", "old", "logs-logs", "old-logs"},
		{"(a)(b)", "$2$1", "ab", "ba"},
		{"(a)", "$12", "a", "a2"}, // only one group: the 2 is text
		{"(?<n>a)", "${n}${n}", "a", "aa"},
		{"a", "$0$0", "a", "aa"},
		{"a", "\\$1", "a", "$1"},
		{"a", "\\\\", "a", "\\"},
		{"b", "c", "a", "a"},
	} {
		r, err := names.NewRenamer(tc.pattern, tc.with)
		if err != nil {
			t.Errorf("%q %q: %v", tc.pattern, tc.with, err)
			continue
		}
		if got := r.Rename(tc.in); got != tc.want {
			t.Errorf("%q → %q on %q: %q, want %q", tc.pattern, tc.with, tc.in, got, tc.want)
		}
	}
}

func TestRenameRefused(t *testing.T) {
	for _, tc := range []struct{ pattern, with, kind string }{
		{"(", "x", "pattern_syntax_exception"},
		{"(?=a)", "x", "pattern_syntax_exception"}, // Java knows look-ahead, we do not: refused, not misread
		{"a++", "x", "pattern_syntax_exception"},
		{"a", "$", "illegal_argument_exception"},
		{"a", "$x", "illegal_argument_exception"},
		{"a", "${x", "illegal_argument_exception"},
		{"a", "\\", "illegal_argument_exception"},
		{"a", "$1", "index_out_of_bounds_exception"},
	} {
		if _, err := names.NewRenamer(tc.pattern, tc.with); err == nil || err.Type != tc.kind {
			t.Errorf("%q → %q: %v, want %s", tc.pattern, tc.with, err, tc.kind)
		}
	}
}
