//go:build long

package migrate

import (
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps/spec"
)

// oneDomain restores beside the originals.
func oneDomain(s *spec.Spec) {
	two(s)
	s.Target, s.Shape = s.Source, spec.ShapeSameDomain
	renamed(s)
}

// TestEveryShape moves between all pairs of access kinds, in every shape.
func TestEveryShape(t *testing.T) {
	for _, shape := range []struct {
		name     string
		spec     func(*spec.Spec)
		from, to string
	}{
		{"two accounts, bucket at the source", twoAccounts, "source", "target"},
		{"two accounts, bucket at the target", theirs, "source", "target"},
		{"one account", two, "source", "next"},
		{"one domain", oneDomain, "source", "source"},
	} {
		for _, from := range sandbox.AccessKinds() {
			for _, to := range sandbox.AccessKinds() {
				if shape.from == shape.to && from != to {
					continue
				}
				t.Run(shape.name+", "+string(from+" to "+to), func(t *testing.T) {
					movesAs(t, options{spec: shape.spec, access: map[string]sandbox.AccessKind{shape.from: from, shape.to: to}})
				})
			}
		}
	}
}
