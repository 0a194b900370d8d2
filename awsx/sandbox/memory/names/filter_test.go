package names_test

import (
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/names"
)

// What the engines do with these selections was seen on nodes or read from their
// rules; Ordered is the reading before OpenSearch 2.5.
func TestPick(t *testing.T) {
	have := strings.Fields(".kibana_1 .opendistro_security logs-1 logs-2 metrics")
	all := strings.Join(have, " ")
	for _, tc := range []struct {
		name, sel string
		// newer and older are the picked names, or "!" and the name that is missing.
		newer, older string
	}{
		{"nothing means all", "", all, all},
		{"_all", "_all", all, all},
		{"star", "*", all, all},
		{"one", "logs-1", "logs-1", "logs-1"},
		{"two", "metrics,logs-1", "logs-1 metrics", "logs-1 metrics"},
		{"wildcard", "logs-*", "logs-1 logs-2", "logs-1 logs-2"},
		{"missing", "nobody", "!nobody", "!nobody"},
		{"missing beside present", "logs-1,nobody", "!nobody", "!nobody"},
		{"wildcard without match", "zz*", "", ""},
		{"an exclusion alone", "-logs-*", ".kibana_1 .opendistro_security metrics", ".kibana_1 .opendistro_security metrics"},
		{"exclusions alone", "-.kibana*,-.opendistro*", "logs-1 logs-2 metrics", "logs-1 logs-2 metrics"},
		{"an empty name", "logs-1,", "!", "!"},
		{"pattern and exclusion", "logs-*,-logs-2", "logs-1", "logs-1"},
		{"order decides in older ones", "-logs-2,logs-*", "logs-1", ".kibana_1 .opendistro_security logs-1 logs-2 metrics"},
		{"exclusion of a missing name", "logs-*,-nobody", "!nobody", "!nobody"},
		{"exclusion pattern without match", "logs-*,-zz*", "logs-1 logs-2", "logs-1 logs-2"},
		{"plus", "+logs-1", "logs-1", "logs-1"},
		{"a hyphen is no underscore", "*,-.opendistro-*", all, all},
		{"a blank belongs to the name", "logs-1, logs-2", "! logs-2", "! logs-2"},
	} {
		for version, want := range map[bool]string{false: tc.newer, true: tc.older} {
			var sel []string
			if tc.sel != "" {
				sel = strings.Split(tc.sel, ",")
			}
			got, err := names.Pick(have, names.Selection{Names: sel, AllowNoIndices: true, Ordered: version})
			text := strings.Join(got, " ")
			if err != nil {
				text = "!" + err.Meta[1].Value.(string)
			}
			if text != want {
				t.Errorf("%s (ordered %v): %q, want %q", tc.name, version, text, want)
			}
		}
	}
}

func TestPickOptions(t *testing.T) {
	have := []string{"a", "b"}
	got, err := names.Pick(have, names.Selection{Names: []string{"a", "nobody"}, IgnoreUnavailable: true})
	if err != nil || strings.Join(got, " ") != "a" {
		t.Errorf("%v %v", got, err)
	}
	if _, err := names.Pick(have, names.Selection{Names: []string{"z*"}}); err == nil {
		t.Error("a pattern without match passed where that is not allowed")
	}
	got, _ = names.Pick(have, names.Selection{})
	got[0] = "changed"
	if have[0] != "a" {
		t.Error("Pick gave away its argument")
	}
}
