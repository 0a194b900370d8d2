package cli

import (
	"fmt"
	"slices"
	"strings"

	"snapferry/steps"
)

// accessKinds reads LABEL=KIND,… before anything is made for it.
func accessKinds(said []string) (map[string]string, error) {
	labels, kinds := sandboxDomains(), sandboxKinds()
	got := map[string]string{}
	for _, s := range said {
		label, kind, _ := strings.Cut(s, "=")
		if !slices.Contains(labels, label) {
			return nil, mistyped(steps.T("--sandbox-access %s: the sandbox has no domain %q", s, label),
				steps.T("There are: %s", strings.Join(labels, ", ")), label, labels)
		}
		if !slices.Contains(kinds, kind) {
			return nil, mistyped(steps.T("--sandbox-access %s: a domain has no access of kind %q", s, kind),
				steps.T("There are: %s", strings.Join(kinds, ", ")), kind, kinds)
		}
		if before, twice := got[label]; twice && before != kind {
			return nil, usage(fmt.Errorf("--sandbox-access says two kinds of the domain %s: %s and %s", label, before, kind))
		}
		got[label] = kind
	}
	return got, nil
}
