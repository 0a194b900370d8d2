package facts

import (
	"strings"

	"snapferry/steps"
)

// protected are names that stay where they are however they are asked for: the
// security plugin refuses a restore that holds its index, whoever asks, and the
// target keeps its own of the others (static lists of the security plugin, 1.3
// to 3.0, and of the engines' own indices). First match wins.
var protected = []struct {
	pattern string
	why     steps.Text
}{
	{".opendistro_security", steps.T("users, roles and mappings: a restore that contains it is refused")},
	{".opensearch_security", steps.T("users, roles and mappings: a restore that contains it is refused")},
	{".security*", steps.T("users, roles and mappings: a restore that contains it is refused")},
	{".kibana*", steps.T("dashboards objects move by export, not by restore")},
	{".opendistro-ism-*", steps.T("the state of index policies belongs to its domain")},
	{".opendistro-alerting-*", steps.T("monitors and alerts belong to their domain")},
	{".opendistro*", steps.T("a protected index of a plugin: a restore that contains it is refused")},
	{".opensearch-*", steps.T("a protected index of a plugin: a restore that contains it is refused")},
	{".plugins-*", steps.T("a protected index of a plugin: a restore that contains it is refused")},
	{".replication-metadata-store", steps.T("a protected index of a plugin: a restore that contains it is refused")},
	{".ql-datasources", steps.T("data sources belong to their domain")},
	{".tasks", steps.T("results of the cluster's own tasks")},
	{".async-search", steps.T("results of searches that ran here")},
	{".scheduler-*", steps.T("a protected index of a plugin: a restore that contains it is refused")},
}

// Protected says why an index of this name can never be restored, a zero Text
// if it can.
func Protected(name string) steps.Text {
	if !strings.HasPrefix(name, ".") {
		return steps.Text{}
	}
	for _, p := range protected {
		if glob(p.pattern, name) {
			return p.why
		}
	}
	return steps.Text{}
}
