//go:build judges

package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/ui/term"
)

// TestArticle1 has nobody who may call the AWS APIs: what the domain alone can
// tell is told, what somebody else has to do is handed over with the commands, and
// the run goes on when he has done it, up to the restore the author left open.
func TestArticle1(t *testing.T) {
	t.Parallel() // it waits for most of its time
	a := bastion(t)
	s := a.start("1", nil, "preflight").wants(t, term.ExitDone)
	says(t, s.out, "Nobody was named who calls the AWS APIs of the source", "the domain itself was: Elasticsearch 7.10.2 at", "ok      something-moves")

	// Nobody is waited for: what has to be done is told, and that it is waited for.
	alone := a.start("1", nil, "run", "--yes").wants(t, term.ExitWaiting)
	says(t, alone.out, "aws --region eu-west-1 s3api create-bucket", "--role-name TheSnapshotRole", "--role-name bastion",
		"source-role        skipped: Snapshot role of the source account: It was handed over; whether it is so cannot be read here.")
	says(t, alone.err, "is not authorized to perform: iam:PassRole", "Hand what stands with bucket, source-role, source-signer to whoever may do it")
	if strings.Contains(alone.out, "already so") {
		t.Errorf("what nobody can see is called so:\n%s", alone.out)
	}

	// Somebody does it while it is waited for.
	commands := a.handed()
	out := &trigger{words: "waiting for: somebody who does what was handed over", do: func() {
		for _, c := range commands {
			a.third("source", c)
		}
	}}
	if code, errOut := a.startTo(out, "1", nil, "run", "--yes", "--wait", "5m"); code != term.ExitDone {
		t.Fatalf("exit code %d\n%s\n%s", code, out, errOut)
	}
	says(t, out.String(), "restore            done", "verify             done:")
	a.moved()

	before := a.mutations()
	a.start("1", nil, "run", "--yes").wants(t, term.ExitDone)
	if d := cmp.Diff(before, a.mutations()); d != "" {
		t.Errorf("the second run changed something: %s", d)
	}
}
