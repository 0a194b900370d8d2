package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/ui/term"
)

// person is a terminal somebody sits at, typing these lines. Without hangs up
// the input stays open when they are used up, as a terminal's does.
func person(t *testing.T, typed string, hangsUp bool) (Process, *bytes.Buffer, *bytes.Buffer, chan os.Signal) {
	t.Helper()
	r, w := io.Pipe()
	go func() {
		_, _ = io.WriteString(w, typed)
		if hangsUp {
			w.Close()
		}
	}()
	t.Cleanup(func() { w.Close(); r.Close() })
	var out, errOut bytes.Buffer
	p := Process{Streams: term.Pipes(r, &out, &errOut, nil)}
	p.InTerminal, p.OutTerminal, p.Accessible = true, true, true
	signals := make(chan os.Signal, 4)
	p.Signals = signals
	return p, &out, &errOut, signals
}

func sandboxArgs(dir string, args ...string) []string {
	return append(args, "--sandbox", "--sandbox-pace", "instant", "--dir", filepath.Join(dir, "run"))
}

func TestTypedApproval(t *testing.T) {
	for name, c := range map[string]struct {
		typed string
		code  int
	}{
		"the account id":     {"2222-2222-2222\n", term.ExitDone},
		"another account id": {"111111111111\n1\n2\n", term.ExitUsage},
		"at the second try":  {"111111111111\n222222222222\n", term.ExitDone},
		"left after a slip":  {"111111111111\n\n", term.ExitUsage},
		"just enter":         {"\n", term.ExitUsage},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			p, out, errOut, _ := person(t, c.typed, true)
			if code := Run(context.Background(), sandboxArgs(dir, "run"), p); code != c.code {
				t.Fatalf("exit code %d, wants %d\n%s\n%s", code, c.code, out, errOut)
			}
			changed := len(mutations(t, dir)) > 0
			if changed != (c.code == term.ExitDone) {
				t.Errorf("changed something: %v", changed)
			}
			if !strings.Contains(out.String(), `"Sid": "SnapferryTrust`) {
				t.Error("the trust policy was not shown whole before the approval")
			}
		})
	}
}

func TestHangingUpAtThePrompt(t *testing.T) {
	dir := t.TempDir()
	p, _, errOut, _ := person(t, "", true)
	if code := Run(context.Background(), sandboxArgs(dir, "run"), p); code != term.ExitInterrupted {
		t.Errorf("exit code %d\n%s", code, errOut)
	}
}

// asked writes to the prompt's stream and acts when a question appears.
func TestInterruptLeavesThePrompt(t *testing.T) {
	dir := t.TempDir()
	p, _, _, signals := person(t, "", false)
	prompt := &trigger{words: "to approve:", do: func() { signals <- os.Interrupt }}
	p.Err = prompt
	if code := Run(context.Background(), sandboxArgs(dir, "run"), p); code != term.ExitInterrupted {
		t.Errorf("exit code %d\n%s", code, prompt.String())
	}
	if got := mutations(t, dir); len(got) > 0 {
		t.Errorf("something was changed: %v", got)
	}
}

// TestUndoAsksForEachKind types one confirmation and not the other.
func TestUndoAsksForEachKind(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	p, out, errOut, _ := person(t, "restored-indices\n\n\n\n", true)
	if code := Run(context.Background(), sandboxArgs(dir, "undo", "--yes"), p); code != term.ExitDone {
		t.Fatalf("exit code %d\n%s\n%s", code, out, errOut)
	}
	state := everything(t, dir)
	if !drop(state, "objects", "acme-os-migration") {
		t.Error("the bucket was deleted without its confirmation")
	}
	if b := strings.Contains(out.String(), "taken back: restore 5 indices"); !b {
		t.Errorf("the restored indices were kept in spite of the confirmation:\n%s\n%s", out, errOut)
	}
}

func TestFlagsConfirmEachTheirOwn(t *testing.T) {
	dir := t.TempDir()
	moved(t, dir)
	s := snapferry(t, dir, "undo", "--yes", "--delete-bucket-content").wants(t, term.ExitDone)
	if strings.Contains(s.out, "taken back: restore 5 indices") {
		t.Errorf("--delete-bucket-content deleted restored indices:\n%s", s.out)
	}
}

const typedKeysAnswers = `shape: same-domain
source:
  account: "111111111111"
  region: eu-west-1
  domain: logs-prod
  control:
    base: keys
bucket:
  name: acme-os-copies
move:
  indices: ["metrics-*"]
  rename_pattern: ^(.+)$
  rename_replacement: copy-of-$1
  snapshot: copies
`

func TestTypedKeys(t *testing.T) {
	dir := t.TempDir()
	snapferry(t, dir, "preflight").wants(t, term.ExitDone)
	id, secret := sandboxKeys(t, dir, "source")
	file := answersFile(t, typedKeysAnswers)
	p, out, errOut, _ := person(t, id+"\n"+secret+"\n\n", true)
	if code := Run(context.Background(), sandboxArgs(dir, "preflight", "--file", file), p); code != term.ExitDone {
		t.Fatalf("exit code %d\n%s\n%s", code, out, errOut)
	}
	if strings.Contains(out.String()+errOut.String(), secret) {
		t.Error("the secret is shown")
	}
	nobody := snapferry(t, dir, "preflight", "--file", file)
	if nobody.code != term.ExitUsage || !strings.Contains(nobody.err, "need a terminal") {
		t.Errorf("code %d: %s", nobody.code, nobody.err)
	}
}

// sandboxKeys are the keys the sandbox of dir gave an account's administrator.
func sandboxKeys(t *testing.T, dir, account string) (id, secret string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "run", "sandbox", "aws", "credentials"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(b), "["+account+"]\n")
	for _, l := range strings.Split(section, "\n")[:2] {
		if k, v, _ := strings.Cut(l, " = "); k == "aws_access_key_id" {
			id = v
		} else {
			secret = v
		}
	}
	return id, secret
}

// TestQuestionsFitTheTerminal: what has to be typed is never broken, and the question
// stands in as many lines as it needs.
func TestQuestionsFitTheTerminal(t *testing.T) {
	p, _, errOut, _ := person(t, "111111111111\n222222222222\n", true)
	p.ErrTerminal, p.Width = true, 40
	if code := Run(context.Background(), sandboxArgs(t.TempDir(), "run"), p); code != term.ExitDone {
		t.Fatalf("exit code %d\n%s", code, errOut)
	}
	says(t, errOut.String(), "Type the target account id 222222222222\n", "to approve: ", "That is not it. Type the target account\n")
	echoed := strings.ReplaceAll(errOut.String(), "to approve: ", "to approve: \n") // a terminal shows the enter
	for line := range strings.Lines(echoed) {
		line = strings.TrimRight(line, "\n")
		if len(line) > 40 && strings.Contains(strings.TrimSpace(line), " ") {
			t.Errorf("%d cells: %q", len(line), line)
		}
	}
}
