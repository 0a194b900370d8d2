package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/ui/term"
)

func TestFaultCardsAreListed(t *testing.T) {
	s := snapferryIn(t, Process{}, "", "sandbox", "--list-faults").wants(t, term.ExitDone)
	j := strings.Split(strings.TrimSpace(snapferryIn(t, Process{}, "", "sandbox", "--list-faults", "--json").wants(t, term.ExitDone).out), "\n")
	if cards := faultCards(); len(cards) == 0 || len(j) != len(cards)+1 {
		t.Fatalf("%d cards, %d lines", len(cards), len(j))
	}
	for i, c := range faultCards() {
		if !strings.Contains(s.out, c.ID+"\n  is set  "+c.Sets.String()+"\n  is met  "+c.Sees.String()+"\n") {
			t.Errorf("%s is not listed:\n%s", c.ID, s.out)
		}
		var o struct {
			Type, ID   string
			Sets, Sees struct{ Text string }
		}
		if err := json.Unmarshal([]byte(j[i+1]), &o); err != nil || o.Type != "fault" || o.ID != c.ID || o.Sets.Text == "" || o.Sees.Text == "" {
			t.Errorf("%v: %s", err, j[i+1])
		}
	}
}

func TestFaultCardsAreDealt(t *testing.T) {
	dir := t.TempDir()
	bad := snapferry(t, dir, "preflight", "--fault", "pass-role-mising").wants(t, term.ExitUsage)
	if !strings.Contains(bad.err, "Did you mean pass-role-missing?") {
		t.Errorf("%s", bad.err)
	}
	if _, err := os.Stat(filepath.Join(dir, "run")); err == nil {
		t.Error("a card that there is not left a directory behind")
	}
	snapferryIn(t, Process{}, "", "preflight", "--sandbox="+dir, "--fault", "pass-role-missing").wants(t, term.ExitUsage)
	// Dealt for real: what the sandbox's administrator has may otherwise be done
	// without a grant, and is a change of the plan now.
	s := snapferry(t, dir, "plan", "--fault", "pass-role-missing").wants(t, term.ExitDone)
	if !strings.Contains(s.out, "+ create  source-signer") {
		t.Errorf("the right to pass the role is there:\n%s", s.out)
	}
}

// TestBlockersAtTheirAnswers: one check judges both sides, whose answers differ.
func TestBlockersAtTheirAnswers(t *testing.T) {
	list := blockers([]steps.Finding{
		{ID: "role-exact-spelling", Outcome: steps.Block, Subject: "target snap", Cause: steps.T("there is another")},
		{ID: "role-exact-spelling", Outcome: steps.Block, Subject: "source snap", Cause: steps.T("there is another")},
		{ID: "streams-whole", Outcome: steps.Block, Subject: "web", Cause: steps.T("torn")},
		{ID: "bucket-usable", Outcome: steps.Note, Subject: "s3://b"},
	})
	var fields []string
	for _, e := range list {
		fields = append(fields, e.Field)
	}
	if got := strings.Join(fields, " "); got != "target.role source.role move.indices" {
		t.Error(got)
	}
}

// TestFaultsAreTheSandboxs: who leaves --sandbox out is told, and does not look at the
// real AWS believing it to be a rehearsal.
func TestFaultsAreTheSandboxs(t *testing.T) {
	dir := t.TempDir()
	for _, flag := range []string{"--fault=trust-mismatch", "--sandbox-access=source=open", "--sandbox-pace=instant"} {
		for _, command := range [][]string{{"preflight"}, {"run", "--yes"}, {}} {
			s := snapferryIn(t, Process{}, "", append(command, "--dir", dir, flag)...).wants(t, term.ExitUsage)
			if !strings.Contains(s.err, "is said of the sandbox, and this is the real AWS") {
				t.Errorf("%v %s: %s", command, flag, s.err)
			}
		}
	}
	snapferryIn(t, Process{}, "", "sandbox", "--list-faults", "--fault=trust-mismatch").wants(t, term.ExitDone)
}
