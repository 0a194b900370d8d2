package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/steps/diagnose"
	"snapferry/steps/preflight"
	"snapferry/ui/term"
)

const refusedPass = `{"Message":"User: arn:aws:iam::111122223333:user/jo is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/R"}`

// TestExplain reads the same error from wherever it may come.
func TestExplain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "error.txt")
	if err := os.WriteFile(file, []byte(refusedPass), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]start{
		"argument": snapferryIn(t, Process{}, "", "explain", refusedPass),
		"words":    snapferryIn(t, Process{}, "", append([]string{"explain"}, strings.Fields(refusedPass)...)...),
		"file":     snapferryIn(t, Process{}, "", "explain", "--in", file),
		"input":    snapferryIn(t, Process{}, refusedPass, "explain"),
		"dash":     snapferryIn(t, Process{}, refusedPass, "explain", "--in", "-"),
	} {
		s.wants(t, term.ExitDone)
		for _, want := range []string{"layer pass-role, refused: signer", "cause 1  The signer has no iam:PassRole for exactly this role", "  confirm  ", "  fix      Add iam:PassRole"} {
			if !strings.Contains(s.out, want) {
				t.Errorf("%s: no %q in\n%s", name, want, s.out)
			}
		}
	}
	if s := snapferryIn(t, Process{}, "", "explain", "--mask", refusedPass).wants(t, term.ExitDone); strings.Contains(s.out, "111122223333") {
		t.Errorf("an account id is shown: %s", s.out)
	}
}

func TestExplainInJSON(t *testing.T) {
	read := func(s start) (d struct {
		Type, Layer, Refused string
		Unknown              bool
		Summary              struct{ Text string }
		Causes               []struct {
			ID                    string
			Summary, Confirm, Fix struct{ Text string }
		}
	},
	) {
		lines := bytes.Split(bytes.TrimSpace([]byte(s.out)), []byte("\n"))
		if len(lines) != 2 || !bytes.Contains(lines[0], []byte(`"type":"header"`)) {
			t.Fatalf("not a header and a line: %s", s.out)
		}
		if err := json.Unmarshal(lines[1], &d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := read(snapferryIn(t, Process{}, "", "explain", "--json", refusedPass).wants(t, term.ExitDone))
	if d.Type != "diagnosis" || d.Layer != "pass-role" || d.Refused != "signer" || d.Unknown || d.Causes[0].ID != "pass-role-missing" || d.Causes[0].Fix.Text == "" || d.Summary.Text == "" {
		t.Errorf("%+v", d)
	}
	if d := read(snapferryIn(t, Process{}, "", "explain", "--json", "the moon is in the way").wants(t, term.ExitFailed)); !d.Unknown || len(d.Causes) > 0 {
		t.Errorf("%+v", d)
	}
}

func TestExplainWantsSomething(t *testing.T) {
	for _, args := range [][]string{{"explain"}, {"explain", " "}, {"explain", "--in", "no-such-file"}, {"explain", "--in", "x", "y"}} {
		snapferryIn(t, Process{}, "", args...).wants(t, term.ExitUsage)
	}
	if s := snapferryIn(t, Process{}, "", "explain", "wibble").wants(t, term.ExitFailed); !strings.Contains(s.out, "No known error has these words") {
		t.Errorf("%s", s.out)
	}
}

// TestExplainLooksAtTheWorld: of the causes that leave the same words the one that
// is so comes first, and what is not so last.
func TestExplainLooksAtTheWorld(t *testing.T) {
	for card, c := range map[string]struct{ account, first, not string }{
		"role-name-case": {"111111111111", "cause 1  The role's ARN is not letter by letter", "The role's trust does not let the service assume it"},
		"trust-mismatch": {"222222222222", "cause 1  The role's trust does not let the service assume it", "The role's ARN is not letter by letter"},
	} {
		dir := t.TempDir()
		refused := "User: arn:aws:sts::671402871606:assumed-role/cp-sts-grant-role/swift-eu-west-1-prod-" + c.account +
			" is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::" + c.account + ":role/snapferry-logs-prod-snapshot (Service: Sts, Status Code: 403, Request ID: x)"
		s := snapferry(t, dir, "explain", "--confirm", "--fault", card, refused).wants(t, term.ExitDone)
		if i, j, k := strings.Index(s.out, c.first), strings.Index(s.out, "  not so   "), strings.LastIndex(s.out, c.not); i < 0 || j < i || k < i {
			t.Errorf("%s: %s", card, s.out)
		}
		if got := mutations(t, dir); len(got) > 0 {
			t.Errorf("%s: something was changed: %v", card, got)
		}
	}
	snapferryIn(t, Process{}, "", "explain", "--confirm", "wibble", "--dir", t.TempDir()).wants(t, term.ExitFailed)
	snapferryIn(t, Process{}, "", "explain", "--confirm", refusedPass, "--dir", t.TempDir()).wants(t, term.ExitUsage)
}

// TestEveryConfirmingCheckIsOne: a slip in the table would confirm nothing.
func TestEveryConfirmingCheckIsOne(t *testing.T) {
	known := map[string]bool{}
	for _, c := range preflight.All() {
		known[string(c.Info().ID)] = true
	}
	n := 0
	for _, e := range diagnose.Catalogue() {
		for _, c := range e.Causes {
			for _, id := range diagnose.ConfirmedBy(c.ID) {
				if n++; !known[string(id)] {
					t.Errorf("the cause %s is confirmed by %s, which is no check", c.ID, id)
				}
			}
		}
	}
	if n == 0 {
		t.Error("no cause is confirmed by anything")
	}
	causes := map[string]bool{}
	for _, e := range diagnose.Catalogue() {
		for _, c := range e.Causes {
			causes[c.ID] = true
		}
	}
	for _, id := range preflight.Closer() {
		if !causes[id] {
			t.Errorf("a look decides %s, which is no cause", id)
		}
	}
}
