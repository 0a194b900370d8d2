package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/ui/term"
)

// TestRoadInsideOneAccount: from one domain to another of the same account there is
// nothing to share and one role for both; run, run again and undo, whoever decides
// about access on either side.
func TestRoadInsideOneAccount(t *testing.T) {
	for kinds, internal := range map[string]bool{"source=policy,next=policy": false, "source=iam-master,next=internal-master": true} {
		t.Run(kinds, func(t *testing.T) {
			dir := t.TempDir()
			answers := sameAccount + "move:\n  indices: [\"audit-*\"]\n"
			if internal {
				answers = strings.Replace(answers, "  domain: logs-next\n", "  domain: logs-next\n  mapper:\n    base: password\n    user: master\n", 1)
			}
			args := []string{"--file", answersFile(t, answers), "--sandbox-access", kinds}
			snapferry(t, dir, append([]string{"preflight"}, args...)...).wants(t, term.ExitDone)
			before := everything(t, dir)
			first := snapferry(t, dir, append([]string{"run", "--yes"}, args...)...).wants(t, term.ExitDone)
			says(t, first.out, "source-repository  done", "target-repository  done", "restore            done", "verify             done:")
			for _, foreign := range []string{"share-bucket", "share-key", "target-role", "target-signer"} {
				if strings.Contains(first.out, foreign+" ") {
					t.Errorf("one account has a step %s:\n%s", foreign, first.out)
				}
			}
			if roles := strings.Count(first.out, "create role arn:"); roles != 1 {
				t.Errorf("%d roles are made", roles)
			}
			if says := strings.Contains(first.out, "target-mapping     done"); says != internal {
				t.Errorf("mapped on the target: %t", says)
			}
			made := mutations(t, dir)
			again := snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
			says(t, again.out, "0 to create, 0 to change, 0 to do")
			if d := cmp.Diff(made, mutations(t, dir)); d != "" {
				t.Errorf("the second run changed something: %s", d)
			}
			undone := snapferry(t, dir, deleteAll...).wants(t, term.ExitDone)
			if strings.Contains(undone.out, "left as they are") {
				t.Errorf("%s", undone.out)
			}
			same(t, before, everything(t, dir))
			says(t, nothingLeft(t, dir), "There is nothing left to take back.")
		})
	}
}
