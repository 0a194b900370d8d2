package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"snapferry/ui/term"
)

// TestASignerThatIsTheHost: who signs is the role of the instance or of the task,
// which the sandbox is, and is given what it lacks.
func TestASignerThatIsTheHost(t *testing.T) {
	for _, base := range []string{"instance", "task"} {
		t.Run(base, func(t *testing.T) {
			dir := t.TempDir()
			file := answersFile(t, strings.Replace(sameAccount, "target:", "  signer:\n    base: "+base+"\ntarget:", 1)+"move:\n  indices: [\"audit-*\"]\n")
			s := snapferry(t, dir, "run", "--yes", "--file", file).wants(t, term.ExitDone)
			says(t, s.out, "arn:aws:iam::111111111111:role/bastion is mapped to manage_snapshots", "verify             done: ")
			again := snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
			says(t, again.out, "0 to create, 0 to change, 0 to do")
			if log := requestsOf(t, filepath.Join(dir, "run", "sandbox")); !strings.Contains(log, map[string]string{"instance": "InstanceMetadata", "task": "ContainerCredentials"}[base]) {
				t.Error("nobody asked the host")
			}
		})
	}
}
