//go:build long || judges

package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"snapferry/awsx/policy"
	"snapferry/awsx/sandbox"
	"snapferry/ui/term"
)

// TestTheRightsOfThePage gives a role on each side the policies of
// docs/permissions.md and nothing else, and has them move a domain and take
// everything back.
func TestTheRightsOfThePage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "permissions.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d policies stand there, wants that of both accounts and that of the bucket's owner", len(blocks))
	}
	a := newArticle(t, sandbox.Options{Access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster}})
	a.makeRole("source", "mover", trusting("AWS", "arn:aws:iam::111111111111:root"), together(t, blocks[0][1], blocks[1][1]))
	a.makeRole("target", "mover", trusting("AWS", "arn:aws:iam::222222222222:root"), blocks[0][1])
	before := len(a.mutations())

	a.start("rights", nil, "run", "--yes").wants(t, term.ExitDone)
	a.start("rights", nil, "undo", "--yes", "--delete-restored-indices", "--delete-bucket-content").wants(t, term.ExitDone)
	if len(a.mutations()) == before {
		t.Error("nothing was done, so that no right was needed")
	}
}

// together is one policy with the statements of two.
func together(t *testing.T, one, two string) string {
	t.Helper()
	a, err := policy.Parse([]byte(one))
	if err != nil {
		t.Fatal(err)
	}
	b, err := policy.Parse([]byte(two))
	if err != nil {
		t.Fatal(err)
	}
	return a.Merge(b.Statements...).Canonical()
}
