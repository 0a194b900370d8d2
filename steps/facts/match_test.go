package facts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/cluster"
)

// indices makes open indices of these names; marks after a blank: hidden,
// closed, ds=STREAM.
func indices(names ...string) []Index {
	var out []Index
	for _, n := range names {
		fields := strings.Fields(n)
		x := Index{Index: cluster.Index{Name: fields[0], Open: true}}
		for _, mark := range fields[1:] {
			switch {
			case mark == "hidden":
				x.Hidden = true
			case mark == "closed":
				x.Open = false
			default:
				x.DataStream = strings.TrimPrefix(mark, "ds=")
			}
		}
		out = append(out, x)
	}
	return out
}

func TestMatch(t *testing.T) {
	all := indices(
		".ds-app-000001 hidden ds=app", ".kibana_1", ".ltrstore", ".opendistro_security", ".plugins-ml-config", ".tasks",
		"logs-1", "logs-2 closed", "logs-debug-1", "metrics", "secret hidden",
	)
	for _, c := range []struct {
		patterns string
		moves    string
		idle     string
		reasons  map[string]Reason
	}{
		{patterns: "*", moves: ".ds-app-000001 logs-1 logs-debug-1 metrics", reasons: map[string]Reason{
			".kibana_1": ReasonProtected, ".ltrstore": ReasonHidden, ".opendistro_security": ReasonProtected,
			".plugins-ml-config": ReasonProtected, ".tasks": ReasonProtected, "logs-2": ReasonClosed, "secret": ReasonHidden,
		}},
		{patterns: "logs-* -logs-debug-*", moves: "logs-1", reasons: map[string]Reason{"logs-2": ReasonClosed, "logs-debug-1": ReasonPattern, "metrics": ReasonPattern, ".ds-app-000001": ReasonPattern}},
		{patterns: "-logs-debug-* -metrics -app", moves: "logs-1"},
		{patterns: "logs-* -logs-* logs-1", moves: "logs-1"},
		{patterns: "-logs-1 logs-1", moves: "logs-1"},
		{patterns: "secret .ltr*", moves: ".ltrstore secret"},
		{patterns: "*e*t", moves: "", reasons: map[string]Reason{"secret": ReasonHidden}},
		{patterns: ".*", moves: ".ds-app-000001 .ltrstore", reasons: map[string]Reason{"secret": ReasonPattern, ".kibana_1": ReasonProtected}},
		{patterns: ".opendistro_security .kibana_1", moves: ""},
		{patterns: "app", moves: ".ds-app-000001"},
		{patterns: ".ds-app-000001", moves: ".ds-app-000001"},
		{patterns: ".ds-*", moves: ".ds-app-000001"},
		{patterns: "* -.ds-*", moves: "logs-1 logs-debug-1 metrics", reasons: map[string]Reason{".ds-app-000001": ReasonPattern}},
		{patterns: "* -*-000001", moves: ".ds-app-000001 logs-1 logs-debug-1 metrics"}, // the number belongs to no name that is seen
		{patterns: "*-000001", moves: "", idle: "*-000001"},
		{patterns: "a* -app", moves: "", reasons: map[string]Reason{".ds-app-000001": ReasonPattern}},
		{patterns: "* -secret", moves: ".ds-app-000001 logs-1 logs-debug-1 metrics", reasons: map[string]Reason{"secret": ReasonPattern}},
		{patterns: "logs-2", moves: "", reasons: map[string]Reason{"logs-2": ReasonClosed}},
		{patterns: "metrics nope no-*", moves: "metrics", idle: "nope no-*"},
		{patterns: "nope", moves: "", idle: "nope"},
		{patterns: "metrics -nope", moves: "metrics"},
	} {
		choices, idle := Match(all, strings.Fields(c.patterns))
		var moves []string
		for i, ch := range choices {
			if ch.Index.Name != all[i].Name {
				t.Fatalf("%s: choice %d is %s", c.patterns, i, ch.Index.Name)
			}
			if ch.Moves() {
				moves = append(moves, ch.Index.Name)
			}
			if ch.Moves() != ch.Why.IsZero() {
				t.Errorf("%s: %s moves %v, why %q", c.patterns, ch.Index.Name, ch.Moves(), ch.Why)
			}
			if want, ok := c.reasons[ch.Index.Name]; ok && ch.Reason != want {
				t.Errorf("%s: %s stays because of %q, want %q", c.patterns, ch.Index.Name, ch.Reason, want)
			}
		}
		if diff := cmp.Diff(c.moves, strings.Join(moves, " ")); diff != "" {
			t.Errorf("%s moves (-want +got):\n%s", c.patterns, diff)
		}
		if diff := cmp.Diff(c.idle, strings.Join(idle, " ")); diff != "" {
			t.Errorf("%s idle (-want +got):\n%s", c.patterns, diff)
		}
	}
}

// TestNothingProtectedEverMoves: whatever the patterns, by name or wildcard.
func TestNothingProtectedEverMoves(t *testing.T) {
	names := []string{
		".opendistro_security", ".opensearch_security", ".security-7", ".kibana", ".kibana_task_manager_1", ".kibana_92668751_admin_1",
		".opendistro-ism-config", ".opendistro-alerting-config", ".opendistro-reports-instances", ".opensearch-observability", ".opensearch-notifications-config",
		".plugins-ml-model", ".ql-datasources", ".tasks", ".async-search", ".replication-metadata-store", ".scheduler-geospatial-ip2geo-datasource",
	}
	for _, name := range names {
		for _, pattern := range []string{"*", ".*", name, name[:3] + "*", ".*" + name[3:]} {
			choices, _ := Match(indices(name), []string{pattern})
			if choices[0].Moves() || choices[0].Reason != ReasonProtected {
				t.Errorf("%s with %s: %+v", name, pattern, choices[0])
			}
		}
	}
	for _, name := range []string{"logs", "kibana", "opendistro_security", ".ltrstore", ".mine", "security"} {
		if why := Protected(name); !why.IsZero() {
			t.Errorf("%s is protected: %s", name, why)
		}
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true},
		{"a", "ab", false},
		{"a*", "a", true},
		{"a*", "abc", true},
		{"*a", "ba", true},
		{"*a", "ab", false},
		{"a*b*c", "aXbYc", true},
		{"a*b*c", "abbc", true},
		{"a*b*c", "acb", false},
		{"*", "", true},
		{"**", "x", true},
		{"a*a", "a", false},
		{"ab*ba", "aba", false},
		{"*ab*ab", "ab", false},
		{"*-*-1", "a-1", false},
		{"?", "a", false},
		{"", "", true},
		{"", "a", false},
		{"*a*b", "aab", true},
		{"*ab", "aab", true},
	} {
		if got := glob(c.pattern, c.name); got != c.want {
			t.Errorf("glob(%q, %q) = %v", c.pattern, c.name, got)
		}
	}
}

// The preview runs at every key stroke over ten thousand indices.
func BenchmarkMatch(b *testing.B) {
	var names []string
	for i := range 10_000 {
		names = append(names, fmt.Sprintf("logs-%05d", i))
	}
	all := indices(names...)
	for b.Loop() {
		Match(all, []string{"logs-*", "-logs-00*", "-*-999*"})
	}
}

// TestTorn: a data stream moves with all of its indices or stops the plan.
func TestTorn(t *testing.T) {
	all := indices(".ds-app-000001 hidden ds=app", ".ds-app-000002 hidden ds=app", ".ds-web-000001 hidden closed ds=web", ".ds-web-000002 hidden ds=web", "logs closed")
	for patterns, want := range map[string][]string{
		"app logs":             nil,
		"logs":                 nil,
		".ds-app-*":            nil,
		"-web":                 nil,
		".ds-app-0* -.ds-*":    nil,
		"-.ds-web-* -app logs": nil,
		".ds-app-000001":       {"app: a data stream moves whole or not at all, and 1 of its 2 indices would stay; .ds-app-000002: left by your patterns (Name the stream, app,"},
		"app -.ds-app-000001":  {"app: a data stream moves whole or not at all, and 1 of its 2 indices would stay; .ds-app-000001: left by your patterns"},
		"web":                  {"web: a data stream moves whole or not at all, and 1 of its 2 indices would stay; .ds-web-000001: it is closed"},
		".ds-web-000001":       {"and 2 of its 2 indices would stay; .ds-web-000001: it is closed, and a snapshot takes open indices only; open it to move it (Open the index, or leave the stream out with -web)"},
		"* -.ds-app-000002":    {"app: ", "web: "},
	} {
		choices, _ := Match(all, strings.Fields(patterns))
		got := torn(choices)
		if len(got) != len(want) {
			t.Errorf("%s: torn are %+v", patterns, got)
			continue
		}
		for i, c := range got {
			if said := fmt.Sprintf("%s: %s (%s)", c.Name, c.Why, c.Fix); !strings.Contains(said, want[i]) || c.Field != "move.indices" || len(c.Indices) == 0 {
				t.Errorf("%s: %s, field %s, indices %v", patterns, said, c.Field, c.Indices)
			}
		}
	}
}
