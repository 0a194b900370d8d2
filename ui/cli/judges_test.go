//go:build judges

package cli

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/ui/term"
)

// witness is another program's view of a sandbox that is being served.
type witness struct {
	t   *testing.T
	box *sandbox.Sandbox
}

// ask runs a program with the sandbox's environment. A missing one is a failure.
func (w witness) ask(name string, args ...string) (string, error) {
	w.t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		w.t.Fatalf("the judge %s is missing: %v", name, err)
	}
	c := exec.Command(path, args...)
	for _, v := range os.Environ() {
		if n, _, _ := strings.Cut(v, "="); !slices.Contains(sandbox.Ambient(), n) {
			c.Env = append(c.Env, v)
		}
	}
	for _, v := range w.box.Env() {
		c.Env = append(c.Env, v.Name+"="+v.Value)
	}
	out, err := c.CombinedOutput()
	return string(out), err
}

func (w witness) json(into any, name string, args ...string) {
	w.t.Helper()
	out, err := w.ask(name, args...)
	if err != nil {
		w.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	if err := json.Unmarshal([]byte(out), into); err != nil {
		w.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// curl asks a domain as its master: by password, or as curl signs.
func (w witness) curl(label, path string) string {
	w.t.Helper()
	info := w.box.Info()
	i := slices.IndexFunc(info.Domains, func(d sandbox.DomainInfo) bool { return d.Label == label })
	d := info.Domains[i]
	args := []string{"-sS", "--user", d.Master + ":" + d.MasterPassword}
	if d.Access != sandbox.AccessInternalMaster {
		a := info.Accounts[slices.IndexFunc(info.Accounts, func(a sandbox.Account) bool { return a.Label == "source" })]
		args = []string{"-sS", "--aws-sigv4", "aws:amz:" + string(sandbox.Region) + ":es", "--user", a.AccessKey + ":" + a.Secret}
	}
	out, err := w.ask("curl", append(args, "https://"+d.Endpoint+path)...)
	if err != nil {
		w.t.Fatalf("curl %s: %v\n%s", path, err, out)
	}
	return out
}

// TestOthersSeeWhatARunMade has AWS CLI and curl look at the world after a run
// and after it was undone.
func TestOthersSeeWhatARunMade(t *testing.T) {
	dir := t.TempDir()
	box, err := sandbox.Open(context.Background(), sandbox.Options{Dir: filepath.Join(dir, "box"), Pace: sandbox.PaceInstant})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close(context.Background()) })
	w := witness{t, box}
	args := []string{"--sandbox=" + filepath.Join(dir, "box"), "--dir", filepath.Join(dir, "run")}
	snapferryIn(t, Process{}, "", append([]string{"run", "--yes"}, args...)...).wants(t, term.ExitDone)

	var role struct {
		Role struct {
			AssumeRolePolicyDocument struct{ Statement []struct{ Sid string } }
			Tags                     []struct{ Key, Value string }
		}
	}
	w.json(&role, "aws", "iam", "get-role", "--role-name", "snapferry-logs-prod-snapshot")
	if s := role.Role.AssumeRolePolicyDocument.Statement; len(s) != 1 || !strings.HasPrefix(s[0].Sid, "SnapferryTrust") || role.Role.Tags[0].Key != "snapferry:run" {
		t.Errorf("AWS CLI sees another role: %+v", role)
	}
	var block struct{ PublicAccessBlockConfiguration map[string]bool }
	w.json(&block, "aws", "s3api", "get-public-access-block", "--bucket", "acme-os-migration")
	if len(block.PublicAccessBlockConfiguration) != 4 || !block.PublicAccessBlockConfiguration["BlockPublicPolicy"] {
		t.Errorf("the bucket is not private: %v", block)
	}
	if out, err := w.ask("aws", "s3", "ls", "--recursive", "s3://acme-os-migration/"); err != nil || !strings.Contains(out, "snapferry/logs-prod/index.latest") {
		t.Errorf("AWS CLI sees no repository: %v\n%s", err, out)
	}
	if out := w.curl("source", "/_snapshot/snapferry/_all"); !strings.Contains(out, `"state":"SUCCESS"`) {
		t.Errorf("curl sees no snapshot: %s", out)
	}
	if out := w.curl("target", "/_cat/indices?h=index"); !strings.Contains(out, "logs-") {
		t.Errorf("curl sees no indices on the target: %s", out)
	}

	snapferryIn(t, Process{}, "", append([]string{"undo", "--yes", "--delete-bucket-content", "--delete-restored-indices"}, args...)...).wants(t, term.ExitDone)
	if out, err := w.ask("aws", "iam", "get-role", "--role-name", "snapferry-logs-prod-snapshot"); err == nil || !strings.Contains(out, "NoSuchEntity") {
		t.Errorf("the role is still there: %s", out)
	}
	if out, err := w.ask("aws", "s3", "ls"); err != nil || strings.Contains(out, "acme") {
		t.Errorf("the bucket is still there: %v %s", err, out)
	}
	if out := w.curl("target", "/_cat/indices?h=index"); strings.Contains(out, "logs-0") {
		t.Errorf("restored indices are still there: %s", out)
	}
}
