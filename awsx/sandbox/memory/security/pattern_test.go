package security

import "testing"

func TestMatches(t *testing.T) {
	for _, tc := range []struct {
		pattern, s string
		want       bool
	}{
		{"logs-a", "logs-a", true},
		{"logs-a", "logs-ab", false},
		{"logs-a", "logs-A", false},
		{"*", "", true},
		{"*", "anything", true},
		{"**", "x", true},
		{"", "", true},
		{"", "x", false},
		{"logs-*", "logs-", true},
		{"logs-*", "logs-2026", true},
		{"logs-*", "log-2026", false},
		{"*-2026", "logs-2026", true},
		{"*-2026", "logs-20266", false},
		{"l*s-*6", "logs-2026", true},
		{"l*s-*7", "logs-2026", false},
		{"a*b*c", "abbbc", true},
		{"a*b*c", "acb", false},
		{"a*a", "aa", true},
		{"a*a", "a", false},
		{"o?her", "other", true},
		{"o?her", "oher", false},
		{"?", "", false},
		{"indices:data/read*", "indices:data/read/mget[shard]", true},
		{"indices:data/write/index", "indices:data/write/bulk[s]", false},
		{"/lo[gf]s-.+/", "lofs-a", true},
		{"/lo[gf]s-.+/", "xlogs-a", false},
		{"/lo[gf]s/", "logs-a", false},
		{"/lo(gs/", "logs", false},
		{"/", "/", true},
		{"//", "", true},
		{"arn:aws:iam::1:role/*", "arn:aws:iam::1:role/team/signer", true},
	} {
		if got := matches(tc.pattern, tc.s); got != tc.want {
			t.Errorf("%q against %q: %v", tc.pattern, tc.s, got)
		}
	}
}

func TestMatchesAny(t *testing.T) {
	for name, tc := range map[string]struct {
		patterns []string
		want     bool
	}{
		"none":   {nil, false},
		"second": {[]string{"a", "b*"}, true},
		"no one": {[]string{"a", "c*"}, false},
	} {
		if got := matchesAny(tc.patterns, "bc"); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzWild(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add("***", "")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		// Every text matches itself with a star at either end, and a star alone.
		if !wild("*", s) || !wild("*"+s+"*", s) && !containsWildcard(s) {
			t.Errorf("%q does not match itself", s)
		}
		_ = wild(pattern, s) // comes to an end
	})
}

func containsWildcard(s string) bool {
	for _, r := range s {
		if r == '*' || r == '?' {
			return true
		}
	}
	return false
}
