package access

import (
	"maps"
	"slices"

	"snapferry/awsx/policy"
)

// parse reads a document that was checked when it was saved. One that cannot
// be read (a hand-edited state file) grants nothing.
func parse(doc string) policy.Document {
	d, err := policy.Parse([]byte(doc))
	if err != nil {
		return policy.Document{}
	}
	return d
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
