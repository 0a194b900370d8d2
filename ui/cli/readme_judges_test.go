//go:build judges

package cli

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
)

// TestTheReadmesCallsWork runs what the README prints for other programs, as it
// stands there.
func TestTheReadmesCallsWork(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	box, err := sandbox.Open(context.Background(), sandbox.Options{Dir: filepath.Join(t.TempDir(), "box"), Pace: sandbox.PaceInstant})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close(context.Background()) })
	w := witness{t, box}
	for name, c := range map[string]struct{ begins, want string }{
		"AWS CLI": {"aws --profile source", `"EngineVersion": "OpenSearch_2.19"`},
		"curl":    {"key() {", `"distribution":"opensearch"`},
		"machine": {"unset AWS_PROFILE", ":assumed-role/bastion/i-"},
	} {
		block := regexp.MustCompile(`(?m)^ {4}` + regexp.QuoteMeta(c.begins) + `.*\n(?: {4}.*\n)*`).FindString(string(page))
		if block == "" {
			t.Fatalf("%s is not in the README", name)
		}
		out, err := w.ask("sh", "-c", block)
		if err != nil || !strings.Contains(out, c.want) {
			t.Errorf("%s: %v\n%s\nfor\n%s", name, err, out, block)
		}
	}
}
