package resource

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingRunsBehindWhatIsThere: lines that are handed over unseen stop at the
// call that makes the thing, and replace no tags. The AWS CLI is one that fails
// where the case says so.
func TestNothingRunsBehindWhatIsThere(t *testing.T) {
	for name, c := range map[string]struct {
		fails string
		calls []string
	}{
		"bucket-unread":    {"create-bucket", []string{"create-bucket"}},
		"bucket-unread-us": {"nothing", []string{"head-bucket"}}, // creating it once more would succeed
		"role-unread":      {"create-role", []string{"create-role"}},
	} {
		if got := handed(t, name, c.fails); strings.Join(got, " ") != strings.Join(c.calls, " ") {
			t.Errorf("%s that is there already: %q", name, got)
		}
	}
	for name, c := range map[string]struct {
		fails string
		calls []string
	}{
		"bucket-unread":    {"head-bucket", []string{"create-bucket", "put-public-access-block", "put-bucket-encryption"}},
		"bucket-unread-us": {"head-bucket", []string{"head-bucket", "create-bucket", "put-public-access-block", "put-bucket-encryption"}},
		"role-unread":      {"nothing", []string{"create-role", "put-role-policy"}},
	} {
		if got := handed(t, name, c.fails); strings.Join(got, " ") != strings.Join(c.calls, " ") {
			t.Errorf("%s that is not there: %q", name, got)
		}
	}
}

// handed runs a sample's lines in a shell, and gives the names of the calls.
func handed(t *testing.T, name, fails string) []string {
	t.Helper()
	dir := t.TempDir()
	stub := "#!/bin/sh\nfor a in \"$@\"; do case \"$a\" in create-*|put-*|head-*|tag-*) echo \"$a\" >>calls; [ \"$a\" != " + fails + " ]; exit;; esac; done\n"
	if err := os.WriteFile(filepath.Join(dir, "aws"), []byte(stub), 0o755); err != nil {
		t.Fatal(err)
	}
	c := samples()[name]
	cmd := exec.Command("sh", "-c", show()[c.Ref.Kind].Render(c).CLI)
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + dir + ":/usr/bin:/bin"}
	_ = cmd.Run() // it fails where a call does
	list, err := os.ReadFile(filepath.Join(dir, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(list))
}
