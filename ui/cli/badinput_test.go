package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/ui/term"
)

// bad is one slip in the answers and where it is told.
type bad struct {
	name, old, new string
	code           int
	want           []string
}

// slips are those that the answers alone, or the world, show to be wrong.
var slips = []bad{
	{"an account id too short", `"222222222222"`, `"22222222222"`, term.ExitUsage, []string{"line 8, target.account: ", "12 digits, this one has 11"}},
	{"a wrong source account", `"111111111111"`, `"444444444444"`, term.ExitBlocked, []string{"source.account: the credentials are of account 111111111111, the answers say 444444444444", "correct source.account"}},
	{"a wrong target account", `"222222222222"`, `"444444444444"`, term.ExitBlocked, []string{"target.account: the credentials are of account 222222222222, the answers say 444444444444"}},
	{"two sides of one account", `"222222222222"`, `"111111111111"`, term.ExitUsage, []string{"line 8, target.account: Source and target are the same", "1111-1111-1111", "shape: same-account"}},
	{"two domains of one account", "\"222222222222\"\n  domain: logs-prod", "\"111111111111\"\n  domain: logs-next", term.ExitUsage, []string{"line 8, target.account: Source and target are the same account"}},
	{"a role of another partition", "  mapper:", "  role:\n    arn: arn:aws-cn:iam::222222222222:role/snap\n  mapper:", term.ExitUsage, []string{"line 13, target.role.arn: ", "partition aws-cn, but eu-west-1 belongs to aws"}},
	{"a chain through another partition", "    profile: target", "    profile: target\n    chain:\n      - role: arn:aws-cn:iam::222222222222:role/ops", term.ExitUsage, []string{"line 13, target.control.chain", "partition aws-cn"}},
	{"a key of another partition", "arn:aws:kms:eu-west-1", "arn:aws-us-gov:kms:us-gov-west-1", term.ExitUsage, []string{"line 17, bucket.kms_key: ", "partition aws-us-gov"}},
	{"a region of another partition", "\"222222222222\"\n", "\"222222222222\"\n  region: cn-north-1\n", term.ExitUsage, []string{"line 9, target.region: ", "different partitions"}},
	{"a bucket with capitals", "acme-os-migration", "Acme-OS-Migration", term.ExitUsage, []string{"line 16, bucket.name: ", "capital letters", "acme-os-migration"}},
	{"a snapshot with capitals", "move:\n", "move:\n  snapshot: Nightly-2026\n", term.ExitUsage, []string{"line 19, move.snapshot: ", "capital letters"}},
	{"an unknown target domain", "\"222222222222\"\n  domain: logs-prod", "\"222222222222\"\n  domain: logs-prd", term.ExitBlocked, []string{"target.domain: account 222222222222 has no domain logs-prd in eu-west-1", "There are: logs-prod"}},
	{"an unknown source domain", "eu-west-1\n  domain: logs-prod", "eu-west-1\n  domain: logs-prd", term.ExitBlocked, []string{"source.domain: account 111111111111 has no domain logs-prd", "There are: logs-next, logs-prod"}},
	{"indices that match nothing", "audit-*", "audti-*", term.ExitBlocked, []string{"move.indices: ", "Widen move.indices"}},
	{"YAML without a colon", "  control:\n    profile: target", "  control:\n  profile target", term.ExitUsage, []string{"line 11: This is not well-formed YAML", "indentation"}},
	{"YAML with a tab", `  account: "222222222222"`, "\taccount: \"222222222222\"", term.ExitUsage, []string{"line 8: This is not well-formed YAML"}},
	{"a question nobody asks", "region:", "regoin:", term.ExitUsage, []string{`line 3, source.regoin: There is no question "source.regoin"`, "Did you mean region?"}},
}

// TestBadInput: every slip is told at its line or field with the way out, changes
// nothing, and loses nothing: corrected, the same file goes through in the same
// directory.
func TestBadInput(t *testing.T) {
	for _, c := range slips {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(small, c.old) {
				t.Fatalf("there is no %q to get wrong", c.old)
			}
			dir := t.TempDir()
			file := answersFile(t, strings.Replace(small, c.old, c.new, 1))
			typed, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := snapferry(t, dir, "run", "--yes", "--file", file).wants(t, c.code)
			says(t, s.err, c.want...)
			if strings.Contains(s.out, "Plan ") {
				t.Errorf("a plan was shown:\n%s", s.out)
			}
			unchanged(t, dir)
			if after, err := os.ReadFile(file); err != nil || string(after) != string(typed) {
				t.Errorf("the file is not as it was: %v", err)
			}
			if c.code != term.ExitBlocked {
				return // nothing was begun
			}
			if err := os.WriteFile(file, []byte(small), 0o600); err != nil {
				t.Fatal(err)
			}
			says(t, snapferry(t, dir, "run", "--yes", "--file", file).wants(t, term.ExitDone).out, "verify             done: ")
		})
	}
}

// unchanged fails where anything of the sandbox of dir was changed, if there is one.
func unchanged(t *testing.T, dir string) {
	t.Helper()
	log, err := sandbox.Requests(filepath.Join(dir, "run", "sandbox"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, r := range log {
		if r.Mutates {
			t.Errorf("%s %s %s %s", r.Service, r.Method, r.Path, r.Operation)
		}
	}
}

// TestAnswersOfAnotherRun: a directory in which something was done keeps its run
// and its answers.
func TestAnswersOfAnotherRun(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	made := mutations(t, dir)
	kept := func() string {
		var all string
		for _, name := range []string{answersName, "journal.jsonl", "report.md"} {
			b, err := os.ReadFile(filepath.Join(dir, "run", name))
			if err != nil {
				t.Fatal(err)
			}
			all += string(b)
		}
		return all
	}
	before := kept()
	other := answersFile(t, strings.Replace(small, "audit-*", "metrics-*", 1))
	s := snapferry(t, dir, "run", "--yes", "--file", other).wants(t, term.ExitUsage)
	says(t, s.err, "belongs to run ", "started with other answers", "move.indices is audit-* there and metrics-* here", "--dir")
	if kept() != before {
		t.Error("the run that was there is not as it was")
	}
	if now := mutations(t, dir); len(now) != len(made) {
		t.Errorf("something was changed: %v", now[len(made):])
	}
	snapferry(t, t.TempDir(), "plan", "--file", other).wants(t, term.ExitDone)
}
