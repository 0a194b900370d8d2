package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"snapferry/steps"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/term"
)

// reply is what is typed where words are on the screen since the last line typed.
type reply struct{ at, typed string }

// typist sits at a terminal: presses enter at every prompt but those of the
// replies, each of which is given once, and hangs up where nothing ends it.
type typist struct {
	replies []reply
	out     *bytes.Buffer
	seen    int
	lines   int
	rest    []byte
}

const hangUp = "\x04"

func (y *typist) Read(b []byte) (int, error) {
	if len(y.rest) == 0 {
		shown, line := y.out.String()[y.seen:], ""
		for i, r := range y.replies {
			if strings.Contains(shown, r.at) {
				line, y.replies = r.typed, append(append([]reply(nil), y.replies[:i]...), y.replies[i+1:]...)
				break
			}
		}
		if y.lines++; y.lines > 45 || line == hangUp {
			return 0, io.EOF
		}
		y.seen = y.out.Len()
		y.rest = []byte(line + "\n")
	}
	n := copy(b, y.rest)
	y.rest = y.rest[n:]
	return n, nil
}

// atTerminal runs the program in the sandbox of dir with somebody at its terminal.
func atTerminal(t *testing.T, dir string, replies []reply, args ...string) start {
	t.Helper()
	return atTerminalIn(t, replies, sandboxArgs(dir, args...)...)
}

func atTerminalIn(t *testing.T, replies []reply, args ...string) start {
	t.Helper()
	var out, errOut bytes.Buffer
	y := &typist{replies: replies, out: &errOut}
	p := Process{Streams: term.Pipes(y, &out, &errOut, nil)}
	p.InTerminal, p.OutTerminal, p.Accessible = true, true, true
	code := Run(context.Background(), args, p)
	s := start{code, out.String(), errOut.String()}
	if len(y.replies) > 0 {
		t.Errorf("nobody asked for %q:\n%s", y.replies[0].at, s.err)
	}
	return s
}

// TestGuided: from an empty terminal to a proven migration by pressing enter, and
// what the directory opens afterwards.
func TestGuided(t *testing.T) {
	dir := t.TempDir()
	s := atTerminal(t, dir, []reply{{"Indices", "audit-*"}, {"to approve", "222222222222"}}, "--plain").wants(t, term.ExitDone)
	says(t, s.err, "\nStart\n", "1 of 5: Source account", "You are arn:aws:iam::111111111111:user/admin, by profile source", "The domain knows master, who may map roles there.", "5 of 5: What moves", "5 indices move")
	says(t, s.out, "SANDBOX", "5 indices equal")
	b, err := os.ReadFile(filepath.Join(dir, "run", answersName))
	if err != nil || !strings.Contains(string(b), "- audit-*") {
		t.Errorf("the answers were not kept: %v\n%s", err, b)
	}
	says(t, atTerminal(t, dir, []reply{{"Look at run", "1"}}).wants(t, term.ExitDone).out, "Migration 20")
	checked := atTerminal(t, dir, []reply{{"find out why", "3"}}).wants(t, term.ExitDone)
	says(t, checked.out, "Preflight   ")
	says(t, checked.err, "Nothing that was looked at stands in the way of a migration")
	if n := strings.Count(checked.out, "\n"); n > 60 || strings.Contains(checked.out, "  ok  ") {
		t.Errorf("what is well hides what is not, in %d lines:\n%s", n, checked.out)
	}
	explained := atTerminal(t, dir, []reply{{"Read an error", "4"}, {"Paste", "{\"error\": {\n\n\"reason\": \"no permissions for []\"\n}}"}}).wants(t, term.ExitDone)
	says(t, explained.out, "no permissions for []", "cause 1")
	if after, _ := os.ReadFile(filepath.Join(dir, "run", answersName)); string(after) != string(b) {
		t.Errorf("looking changed the answers:\n%s", after)
	}
}

// TestGuidedGoesOn: a run that was stopped is offered first, and gone on with.
func TestGuidedGoesOn(t *testing.T) {
	dir := t.TempDir()
	left := atTerminal(t, dir, []reply{{"Indices", "audit-*"}, {"to approve", hangUp}}).wants(t, term.ExitInterrupted)
	says(t, left.err, "Nothing was changed. Go on with: snapferry run --sandbox")
	s := atTerminal(t, dir, []reply{{"Go on with the plan of run", ""}, {"to approve", "222222222222"}}).wants(t, term.ExitDone)
	says(t, s.out, "5 indices equal")
	if strings.Contains(s.err, "Source account") {
		t.Errorf("everything was asked again:\n%s", s.err)
	}
}

// TestOnlyWhatIsMissingIsAsked: with a file that lacks something, and nothing of
// what it has.
func TestOnlyWhatIsMissingIsAsked(t *testing.T) {
	lacking := strings.NewReplacer("  name: acme-os-migration\n", "  base_path: x\n", "  account: \"222222222222\"\n", "").Replace(small)
	for _, command := range []string{"plan", "run"} {
		dir := t.TempDir()
		file := answersFile(t, lacking)
		replies := []reply{{"Id of the target", ""}, {"Bucket", "acme-os-migration"}}
		if command == "run" {
			replies = append(replies, reply{"to approve", "222222222222"})
		}
		s := atTerminal(t, dir, replies, command, "--file", file).wants(t, term.ExitDone)
		for _, other := range []string{"Credentials", "Region", "domain is", "Anything"} {
			if strings.Contains(s.err, other) {
				t.Errorf("%s asks for %q too:\n%s", command, other, s.err)
			}
		}
		b, err := os.ReadFile(filepath.Join(dir, "run", answersName))
		if err != nil || !strings.Contains(string(b), "name: acme-os-migration") {
			t.Errorf("%s did not keep the answers: %v\n%s", command, err, b)
		}
		if b, _ := os.ReadFile(file); string(b) != lacking {
			t.Errorf("%s changed the file that was given:\n%s", command, b)
		}
	}
}

// TestNobodyIsAsked: without a terminal, for a program, by --yes, for what is
// wrong instead of missing, and for a look with half the answers.
func TestNobodyIsAsked(t *testing.T) {
	lacking := strings.Replace(small, "  name: acme-os-migration\n", "  base_path: x\n", 1)
	wrong := strings.Replace(lacking, "eu-west-1", "eu-west", 1)
	file := func(text string) []string { return []string{"--file", answersFile(t, text)} }
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"by --yes":      {append([]string{"run", "--yes"}, file(lacking)...), term.ExitUsage, "bucket.name is missing"},
		"for a program": {append([]string{"run", "--json"}, file(lacking)...), term.ExitUsage, "bucket.name is missing"},
		"what is wrong": {append([]string{"plan"}, file(wrong)...), term.ExitUsage, `line 3, source.region: "eu-west" is not a region`},
		"a look":        {append([]string{"preflight"}, file(lacking)...), term.ExitDone, ""},
		"no such file":  {[]string{"run", "--file", filepath.Join(t.TempDir(), "none.yaml")}, term.ExitUsage, "cannot be read"},
		"an undo":       {[]string{"undo"}, term.ExitUsage, "There is no run in"},
	} {
		t.Run(name, func(t *testing.T) {
			s := atTerminal(t, t.TempDir(), nil, c.args...).wants(t, c.code)
			says(t, s.err, c.says)
			if strings.Contains(s.err, "Enter takes") {
				t.Errorf("somebody was asked:\n%s", s.err)
			}
		})
	}
	says(t, snapferry(t, t.TempDir(), append([]string{"plan"}, file(lacking)...)...).wants(t, term.ExitUsage).err, "bucket.name is missing")
}

// TestLeavingTheQuestions keeps the answers, and what goes on asks for the rest.
func TestLeavingTheQuestions(t *testing.T) {
	dir := t.TempDir()
	home := filepath.Join(dir, "run")
	in := func(replies []reply, args ...string) start {
		t.Helper()
		return atTerminalIn(t, replies, append(args, "--dir", home)...)
	}
	s := in([]reply{{"Where do", "2"}, {"Credentials", "6"}, {"Region", "eu-west-1"}, {"Id of", "111122223333"}, {"Endpoint of the source domain", hangUp}}, "preflight").wants(t, term.ExitInterrupted)
	says(t, s.err, "Your answers are in "+filepath.Join(home, answersName), "Go on with: snapferry preflight --dir "+home)
	b, _ := os.ReadFile(filepath.Join(home, answersName))
	says(t, string(b), "shape: same-account", "base: none", `account: "111122223333"`)
	s = in([]reply{{"Endpoint of the source domain", hangUp}}, "run").wants(t, term.ExitInterrupted)
	if strings.Contains(s.err, "Region") {
		t.Errorf("asks again:\n%s", s.err)
	}
	// A file that is named and not there is for what everything asked leaves.
	file := filepath.Join(dir, "mine.yaml")
	s = in([]reply{{"Where do", "3"}, {"Credentials", hangUp}}, "--file", file).wants(t, term.ExitInterrupted)
	says(t, s.err, "Go on with: snapferry --dir "+home+" --file "+file)
	if b, err := os.ReadFile(file); err != nil || !strings.Contains(string(b), "same-domain") {
		t.Errorf("%v\n%s", err, b)
	}
	// What others answered, or a run has, stays.
	s = in([]reply{{"Credentials", "6"}, {"Region", "eu-west-1"}, {"Id of", hangUp}}, "run", "--file", file).wants(t, term.ExitInterrupted)
	says(t, s.err, "Your answers are in "+home+"-answers-2.yaml")
	if after, _ := os.ReadFile(filepath.Join(home, answersName)); string(after) != string(b) {
		t.Errorf("other answers were overwritten:\n%s", after)
	}
}

// TestSecretsTypedAtTheQuestions stay in memory: they are used, and neither shown
// nor written anywhere.
func TestSecretsTypedAtTheQuestions(t *testing.T) {
	dir := t.TempDir()
	snapferry(t, dir, "preflight").wants(t, term.ExitDone)
	id, secret := sandboxKeys(t, dir, "source")
	s := atTerminal(t, dir, []reply{
		{"Credentials for the source", "5"},
		{"Access key id", id + " "}, // as it was pasted
		{"Secret access key", " " + secret + "  "},
		{"Who may edit role mappings on the target", "8"},
		{"Its password", "Wrong-Horse-1"},
		{"goes on all the same", "<"},
		{"Its password", hangUp},
	}).wants(t, term.ExitInterrupted)
	says(t, s.err, "You are arn:aws:iam::111111111111:user/admin, by typed keys")
	b, err := os.ReadFile(filepath.Join(dir, "run", answersName))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{secret, "Wrong-Horse-1"} {
		if strings.Contains(s.out+s.err+string(b), word) {
			t.Errorf("%s is shown or kept", word)
		}
	}
}

// TestASandboxIsNotTakenForReal: who opens the directory of a sandbox without it is
// told so, and is offered neither its run nor its answers for the real AWS.
func TestASandboxIsNotTakenForReal(t *testing.T) {
	planned, left, done := t.TempDir(), t.TempDir(), t.TempDir()
	moved(t, done)
	atTerminal(t, planned, []reply{{"Indices", "audit-*"}, {"to approve", hangUp}}).wants(t, term.ExitInterrupted)
	atTerminal(t, left, []reply{{"Indices", "audit-*"}, {"More to set: names", hangUp}}).wants(t, term.ExitInterrupted)
	// A sandbox beside real answers is in nobody's way.
	real := filepath.Join(t.TempDir(), "run")
	fine(t, os.MkdirAll(filepath.Join(real, "sandbox"), 0o700))
	fine(t, os.WriteFile(filepath.Join(real, answersName), []byte(small), 0o600))
	says(t, atTerminalIn(t, []reply{{"What brings", hangUp}}, "--dir", real).wants(t, term.ExitInterrupted).err, "Answers were found")
	for name, c := range map[string]struct{ dir, says string }{
		"a run of it": {done, "is in a sandbox and not in the real AWS"}, "a plan of it": {planned, "are for a sandbox, and not for the real AWS"}, "answers for it": {left, "are for a sandbox, and not for the real AWS"},
	} {
		t.Run(name, func(t *testing.T) {
			home := filepath.Join(c.dir, "run")
			s := atTerminalIn(t, nil, "--dir", home).wants(t, term.ExitUsage)
			says(t, s.err, home, c.says, "Add --sandbox", "--dir")
			if strings.Contains(s.err, "What brings you here") {
				t.Errorf("somebody was asked:\n%s", s.err)
			}
		})
	}
}

// TestBastionIsLedThrough: in the sandbox its own defaults are right for both sides,
// and on real hosts a profile that is there is not taken for a way to AWS.
func TestBastionIsLedThrough(t *testing.T) {
	s := atTerminal(t, t.TempDir(), []reply{{"What brings", "4"}, {"Indices", hangUp}}).wants(t, term.ExitInterrupted)
	// The host's role is let in, and mapped by nobody yet: that is told, and nothing else.
	if all := strings.ReplaceAll(s.err, "  ! no permissions for [", ""); strings.Contains(all, "  ! ") || all == s.err {
		t.Errorf("its own defaults are wrong:\n%s", s.err)
	}
	home := t.TempDir()
	config := filepath.Join(home, "config")
	if err := os.WriteFile(config, []byte("[profile here]\nregion = eu-west-1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &place{app: &app{Process: Process{Streams: term.Pipes(nil, nil, nil, func(name string) string {
		return map[string]string{"AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull}[name]
	})}}}
	for goal, want := range map[string]string{ask.GoalMigrate: "profile", ask.GoalBastion: ""} {
		a := ask.New(&spec.Draft{}, time.Now())
		q, _, _ := a.Find(ask.Goal)
		if e := a.Set(q, goal); e != nil {
			t.Fatal(e)
		}
		o, err := p.offer(t.Context(), a, ask.Request{What: ask.Bases, Side: steps.Source, Slot: "control"})
		if err != nil || o.Default != want {
			t.Errorf("%s begins with %q, %v", goal, o.Default, err)
		}
	}
}

// TestBeginningOnAHost: who has no credentials is told how to come by some before a
// choice is made, and who has answers is told that they are there.
func TestBeginningOnAHost(t *testing.T) {
	dir := t.TempDir()
	p := &place{app: &app{Process: Process{Streams: term.Pipes(nil, nil, nil, func(name string) string {
		return map[string]string{"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull}[name]
	})}, globals: globals{dir: dir}}}
	note := func(r ask.Request) string {
		t.Helper()
		o, err := p.offer(t.Context(), ask.New(&spec.Draft{}, time.Now()), r)
		if err != nil {
			t.Fatal(err)
		}
		if r.Slot == "control" && o.Default != "keys" {
			t.Errorf("%q is chosen, and is not there", o.Default)
		}
		return o.Note.String()
	}
	says(t, note(ask.Request{What: ask.Bases, Side: steps.Source, Slot: "control"}), "No credentials were found on this host", "aws sso login")
	if got := note(ask.Request{What: ask.Bases, Side: steps.Source, Slot: "signer"}); got != "" {
		t.Errorf("the signer too: %s", got)
	}
	if got := note(ask.Request{What: ask.Runs}); got != "" {
		t.Errorf("nothing is there, and %s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, answersName), []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, note(ask.Request{What: ask.Runs}), "Answers were found in "+filepath.Join(dir, answersName))
}

// TestTheVerdict: what fails is named at the end again.
func TestTheVerdict(t *testing.T) {
	found := func(list ...steps.Outcome) (all []steps.Finding) {
		for i, o := range list {
			all = append(all, steps.Finding{ID: steps.CheckID([]string{"clock", "signer", "bucket"}[i]), Outcome: o})
		}
		return all
	}
	for want, all := range map[string][]steps.Finding{
		"2 things stand in the way: signer, bucket.":                  found(steps.Pass, steps.Block, steps.Block),
		"1 thing stands in the way: clock.":                           found(steps.Block, steps.Unknown),
		"Nothing that was looked at stands in the way of a migration": found(steps.Pass, steps.Warn),
		"1 check could not find out":                                  found(steps.Pass, steps.Unknown),
	} {
		if got := verdict(all).String(); !strings.Contains(got, want) {
			t.Errorf("%q, wants %q", got, want)
		}
	}
}
