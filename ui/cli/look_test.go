package cli

import (
	"strings"
	"testing"

	"snapferry/ui/term"
)

const sameAccount = `shape: same-account
source:
  account: "111111111111"
  region: eu-west-1
  domain: logs-prod
  control:
    profile: source
target:
  domain: logs-next
bucket:
  name: acme-os-migration
`

// TestAProfileThatIsNotThereBlocks: it is told once, with the way out, and is not
// called well.
func TestAProfileThatIsNotThereBlocks(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	file := answersFile(t, strings.Replace(sameAccount, "profile: source", "profile: nobody-has-this", 1))
	for _, args := range [][]string{{"preflight"}, {"plan"}, {"run", "--yes"}} {
		s := snapferryIn(t, Process{}, "", append(args, "--file", file, "--dir", t.TempDir())...).wants(t, term.ExitBlocked)
		if n := strings.Count(s.out, "There is no profile nobody-has-this"); n != 1 {
			t.Errorf("%v: the cause is told %d times:\n%s%s", args, n, s.out, s.err)
		}
		for _, want := range []string{"aws configure list-profiles", "more checks, which wait for this", "1 blocker"} {
			if !strings.Contains(s.out+s.err, want) {
				t.Errorf("%v: no %q in\n%s%s", args, want, s.out, s.err)
			}
		}
	}
	j := snapferryIn(t, Process{}, "", "preflight", "--json", "--file", file, "--dir", t.TempDir()).wants(t, term.ExitBlocked)
	if !strings.Contains(j.out, `"ok":false`) || strings.Count(j.out, `"because_of":"source-identity"`) < 20 {
		t.Errorf("%s", j.out)
	}
}

// TestPlanRefusesWhatRunRefuses, at the answer that can put it right.
func TestPlanRefusesWhatRunRefuses(t *testing.T) {
	cases := []struct {
		name, old, new string
		want           []string
	}{
		{"wrong account", `"111111111111"`, `"222222222222"`, []string{"source.account: the credentials are of account 111111111111", "source.account"}},
		{"unknown domain", "logs-next", "logs-nxt", []string{"target.domain: account 111111111111 has no domain logs-nxt in eu-west-1", "There are: logs-next, logs-prod"}},
		{"nothing moves", "bucket:", "move:\n  indices: [\"nothing-*\"]\nbucket:", []string{"move.indices: "}},
	}
	dir := t.TempDir()
	for _, c := range cases {
		file := answersFile(t, strings.Replace(sameAccount, c.old, c.new, 1))
		for _, args := range [][]string{{"plan"}, {"run", "--yes"}} {
			s := snapferry(t, dir, append(args, "--file", file)...).wants(t, term.ExitBlocked)
			for _, want := range c.want {
				if !strings.Contains(s.err, want) {
					t.Errorf("%s, %v: no %q in\n%s", c.name, args, want, s.err)
				}
			}
			if strings.Contains(s.out, "to create") {
				t.Errorf("%s, %v: a plan was shown:\n%s", c.name, args, s.out)
			}
		}
		dir = t.TempDir() // the refused run has taken the directory for its answers
	}
}

// TestPlanOfOtherAnswers: the directory's run is not mistaken for them.
func TestPlanOfOtherAnswers(t *testing.T) {
	dir := t.TempDir()
	snapferry(t, dir, "run", "--yes", "--file", answersFile(t, sameAccount+"move:\n  indices: [\"audit-*\"]\n")).wants(t, term.ExitDone)
	same := snapferry(t, dir, "plan").wants(t, term.ExitDone)
	if !strings.Contains(same.out, "0 to create, 0 to change, 0 to do") || same.err != "" {
		t.Errorf("%s%s", same.out, same.err)
	}
	other := answersFile(t, sameAccount+"move:\n  indices: [\"metrics-*\"]\n  snapshot: another\n")
	s := snapferry(t, dir, "plan", "--file", other).wants(t, term.ExitDone)
	if !strings.Contains(s.err, "was started with other answers") || !strings.Contains(s.err, "move.indices is audit-* there and metrics-* here") || !strings.Contains(s.err, "--dir") {
		t.Errorf("nothing says so: %s", s.err)
	}
	if !strings.Contains(s.out, "metrics-") || strings.Contains(s.out, "audit-2026-q1 ") && !strings.Contains(s.out, "Stays") {
		t.Errorf("not the plan of the answers given:\n%s", s.out)
	}
}

func TestOverwriteWantsAnIndexOfTheRun(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{"plan"}, {"run", "--yes"}} {
		s := snapferry(t, dir, append(args, "--overwrite-index", "audit-2025-q5")...).wants(t, term.ExitUsage)
		if !strings.Contains(s.err, "audit-2025-q5") || !strings.Contains(s.err, "Did you mean audit-2025-q4?") {
			t.Errorf("%v: %s", args, s.err)
		}
	}
	if got := mutations(t, dir); len(got) > 0 {
		t.Errorf("something was changed: %v", got)
	}
	snapferry(t, dir, "plan", "--overwrite-index", "audit-2025-q4").wants(t, term.ExitDone)
}
