package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
	"snapferry/ui/term"
)

// TestMaskHidesIndicesAndSnapshots in everything that is printed, and leaves the
// owner's report in the run directory whole.
func TestMaskHidesIndicesAndSnapshots(t *testing.T) {
	dir := t.TempDir()
	report := func() string {
		b, err := os.ReadFile(filepath.Join(dir, "run", "report.md"))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, args := range [][]string{
		{"preflight"},
		{"plan"},
		{"run", "--yes"},
		{"report"},
		{"report", "--json"},
		{"report", "--format", "html"},
		{"run", "--yes", "--json"},
		{"clean-up", "--yes"},
		{"undo", "--yes"},
	} {
		s := snapferry(t, dir, append(args, "--mask")...).wants(t, term.ExitDone)
		for _, name := range []string{"orders-2025", "logs-000041", "products-v1", "traces-checkout", "snapferry-2026", "acme-os-migration"} {
			for _, said := range []string{s.out, s.err} {
				if at := strings.Index(said, name); at >= 0 {
					t.Errorf("%v shows %s: …%s…", args, name, said[max(0, at-80):min(len(said), at+80)])
				}
			}
		}
		if args[0] == "run" && !strings.Contains(report(), "orders-2025") {
			t.Errorf("%v wrote a masked report into the run directory", args)
		}
	}
}

// TestMaskHidesBareNames: of principals, users, repositories and folders, which
// commands name without an ARN around them.
func TestMaskHidesBareNames(t *testing.T) {
	role := func(name string) spec.Identity {
		return spec.Identity{Base: "environment", Chain: []spec.Link{{Role: awsid.ARN{Partition: "aws", Service: "iam", Account: "111111111111", Resource: "role/team/" + name}}}}
	}
	s := &spec.Spec{}
	s.Source.Control, s.Source.Signer, s.Target.Control = role("controller7"), role("signer2"), role("signer2")
	s.Source.Mapper = spec.Identity{Base: "password", User: "acme-mapper"}
	s.Target.Mapper = spec.Identity{Base: "password", User: "admin"}
	s.Move.Repository, s.Bucket.BasePath = "acme-repo", "acme/nightly"
	m := steps.NewMasker(maskNames(s)...)
	for in, want := range map[string]string{
		"aws iam get-role --role-name signer2":      "aws iam get-role --role-name PRINCIPAL-2",
		"--role-name controller7":                   "--role-name PRINCIPAL-1",
		"user acme-mapper of _snapshot/acme-repo":   "user USER-1 of _snapshot/REPOSITORY-1",
		"s3://bucket/acme/nightly/index-0":          "s3://BUCKET-1/BASE-PATH-1/index-0",
		"[cluster:admin/repository/put], snapferry": "[cluster:admin/repository/put], snapferry",
	} {
		if got := m.Mask(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
	s.Move.Repository, s.Bucket.BasePath = spec.DefaultRepository, "snapferry/x"
	if got := steps.NewMasker(maskNames(s)...).Mask("snapferry run"); got != "snapferry run" {
		t.Error(got)
	}
}

// TestReportLines: --json is one object a line, the header first.
func TestReportLines(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	s := snapferry(t, dir, "report", "--json").wants(t, term.ExitDone)
	var types []string
	for _, line := range bytes.Split(bytes.TrimSpace([]byte(s.out)), []byte("\n")) {
		var o struct{ Type, Schema string }
		if err := json.Unmarshal(line, &o); err != nil || o.Schema != "snapferry/1" {
			t.Fatalf("%v: %s", err, line)
		}
		types = append(types, o.Type)
	}
	if strings.Join(types, " ") != "header report" {
		t.Errorf("lines of %v", types)
	}
	file, err := os.ReadFile(filepath.Join(dir, "run", "report.json"))
	if err != nil || bytes.Count(file, []byte("\n")) != 1 {
		t.Errorf("report.json has %d lines, %v", bytes.Count(file, []byte("\n")), err)
	}
}
