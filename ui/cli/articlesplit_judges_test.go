//go:build judges

package cli

import (
	"io"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/ui/term"
)

// TestSplitRights has nobody who may call the AWS APIs of the source: its part is
// handed over, the sharing with the target too, and the run goes on by what it sees
// the domains do.
func TestSplitRights(t *testing.T) {
	t.Parallel() // it waits for most of its time
	a := newArticle(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster}})
	split := []string{
		"  domain: logs-prod\n  control:\n    profile: source\n",
		"  endpoint: \"" + a.domain("source").Endpoint + "\"\n  control:\n    base: none\n  signer:\n    profile: source\n  mapper:\n    profile: source\n",
	}
	alone := a.start("cards", split, "run", "--yes").wants(t, term.ExitWaiting)
	says(t, alone.err, "Hand what stands with bucket, source-role, source-signer, share-bucket, share-key to whoever may do it")

	// He who shares is slower than he who makes.
	told := a.handed()
	share := slices.IndexFunc(told, func(c string) bool { return strings.Contains(c, ownRoleThere) })
	late := &trigger{words: "target-repository  waiting for: somebody who does what was handed over", do: func() { a.asTold(told[share:]) }}
	out := &trigger{words: "source-repository  waiting for: somebody who does what was handed over", do: func() { a.asTold(told[:share]) }}
	code, errOut := a.startTo(io.MultiWriter(out, late), "cards", split, "run", "--yes", "--wait", "5m")
	if code != term.ExitDone {
		t.Fatalf("exit code %d\n%s\n%s", code, out.String(), errOut)
	}
	says(t, out.String(), "Access Denied", "verify             done:")
	says(t, a.third("source", "aws s3api get-bucket-policy --bucket acme-os-migration"), "SnapferryTLSOnly", ownRoleThere)
}
