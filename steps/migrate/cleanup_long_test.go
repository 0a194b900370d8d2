//go:build long

package migrate

import (
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps/spec"
)

// TestCleanUpThenUndo: clean-up takes the signer's own rights away, and undo goes on
// without them: nothing is left of the run on either side, to the byte, neither in
// accounts nor in buckets nor on domains.
func TestCleanUpThenUndo(t *testing.T) {
	for name, shape := range map[string]func(*spec.Spec){"two accounts": twoAccounts, "bucket at the target": theirs, "one account": two, "one domain": oneDomain} {
		for _, from := range sandbox.AccessKinds() {
			for _, to := range sandbox.AccessKinds() {
				if name == "one domain" && from != to {
					continue // there is no other side
				}
				t.Run(name+", "+string(from)+" to "+string(to), func(t *testing.T) {
					r := newRoad(t, options{spec: shape, access: map[string]sandbox.AccessKind{"source": from, "target": to, "next": to}})
					stranger(r)
					r.cleanedThenUndone()
				})
			}
		}
	}
}
