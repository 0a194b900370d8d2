package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"snapferry/awsx/session"
	"snapferry/steps"
	"snapferry/steps/spec"
	"snapferry/ui/term"
)

const hushed = "Correct-Horse-1"

// twoAccounts are answers of a move between accounts that go on with the target's mapper.
const twoAccounts = `source:
  account: "111111111111"
  region: eu-west-1
  domain: logs-prod
  control:
    profile: source
bucket:
  name: acme-os-migration
move:
  indices: ["metrics-*"]
target:
  account: "222222222222"
  domain: logs-prod
  control:
    profile: target
  mapper:
`

// withPassword is a place whose source mapper is an internal user.
func withPassword(env map[string]string) *place {
	s := &spec.Spec{}
	s.Source.Mapper = spec.Identity{Base: basePassword, User: "master"}
	a := &app{Process: Process{Streams: term.Pipes(strings.NewReader(""), &strings.Builder{}, &strings.Builder{}, func(k string) string { return env[k] })}}
	return &place{app: a, spec: s}
}

// descriptor gives a file descriptor with words in it, which belongs to whoever reads it.
func descriptor(t *testing.T, words string) int {
	t.Helper()
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte(words), 0o600); err != nil {
		t.Fatal(err)
	}
	fd, err := syscall.Open(path, syscall.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return int(fd)
}

func TestPasswordsComeFromWhereTheyMay(t *testing.T) {
	env := map[string]string{"SNAPFERRY_SOURCE_MAPPER_PASSWORD": hushed}
	made := map[steps.Side]session.Secret{steps.Source: session.NewSecret("made-by-the-sandbox")}
	cases := []struct {
		name string
		env  map[string]string
		fd   string
		made map[steps.Side]session.Secret
		want string
	}{
		{"the environment", env, "", nil, hushed},
		{"a descriptor", nil, hushed + "\n", nil, hushed},
		{"a descriptor before the environment", env, "Other-Horse-1", nil, "Other-Horse-1"},
		{"the sandbox", nil, "", made, "made-by-the-sandbox"},
		{"the environment before the sandbox", env, "", made, hushed},
	}
	for _, c := range cases {
		p := withPassword(c.env)
		if c.fd != "" {
			p.passwordFD = map[steps.Side]int{steps.Source: descriptor(t, c.fd)}
		}
		got, err := p.passwords(context.Background(), c.made)
		if err != nil || got[steps.Source].Reveal() != c.want || len(got) != 1 {
			t.Errorf("%s: %v, %v", c.name, got[steps.Source].Reveal(), err)
		}
	}
}

// TestABlankAtItsEndIsPartOfAPassword: only the line's end is not.
func TestABlankAtItsEndIsPartOfAPassword(t *testing.T) {
	p, _, _, _ := person(t, " "+hushed+" \n", true)
	asked := withPassword(nil)
	asked.app, asked.stopping = &app{Process: p}, make(chan struct{})
	got, err := asked.passwords(context.Background(), nil)
	if err != nil || got[steps.Source].Reveal() != " "+hushed+" " {
		t.Errorf("%q, %v", got[steps.Source].Reveal(), err)
	}
	if shown := fmt.Sprintf("%+v %#v", asked.hushed, asked.hushed); strings.Contains(shown, hushed) {
		t.Error("printing what is kept shows it")
	}
}

// TestAProbeAsTheSignerNeedsNoPassword of somebody else.
func TestAProbeAsTheSignerNeedsNoPassword(t *testing.T) {
	p, _, errOut, _ := person(t, hushed+"\n", true)
	asked := withPassword(nil)
	asked.app, asked.stopping = &app{Process: p, unmapped: true}, make(chan struct{})
	if got, err := asked.passwords(context.Background(), nil); err != nil || len(got) != 0 || strings.Contains(errOut.String(), "Password") {
		t.Errorf("%d, %v, %s", len(got), err, errOut)
	}
}

// TestOneUserIsAskedOnce: beside the originals, both sides are one domain.
func TestOneUserIsAskedOnce(t *testing.T) {
	p, _, errOut, _ := person(t, hushed+"\n", true)
	two := &place{app: &app{Process: p}, spec: &spec.Spec{Shape: spec.ShapeSameDomain}, stopping: make(chan struct{})}
	two.spec.Source.Mapper = spec.Identity{Base: basePassword, User: "master"}
	two.spec.Target.Mapper = two.spec.Source.Mapper
	got, err := two.passwords(context.Background(), nil)
	if err != nil || got[steps.Source].Reveal() != hushed || got[steps.Target].Reveal() != hushed {
		t.Errorf("%d passwords, %v", len(got), err)
	}
	if n := strings.Count(errOut.String(), "Password of master"); n != 1 {
		t.Errorf("asked %d times:\n%s", n, errOut)
	}
	two.spec.Target.Mapper.User = "another"
	if _, err := two.passwords(context.Background(), nil); err == nil {
		t.Error("another user was given the password of the first")
	}
}

// TestAPasswordIsAskedForWhereItIsNeeded: not where there is nothing to be mapped, but
// by whoever takes back what was.
func TestAPasswordIsAskedForWhereItIsNeeded(t *testing.T) {
	file := answersFile(t, twoAccounts+"    base: password\n    user: somebody\n")
	same := answersFile(t, strings.Replace(sameDomain, "bucket:", "  mapper:\n    base: password\n    user: somebody\nbucket:", 1))
	for name, c := range map[string]struct {
		file, kind string
		asked      int
	}{
		"no mappings there": {file, "target=policy", 0},
		"to be mapped":      {file, "target=internal-master", 1},
		"all_access":        {same, "source=iam-master", 0},
		"one user":          {same, "source=internal-master", 1},
	} {
		dir := t.TempDir()
		p, out, errOut, _ := person(t, hushed+"\n", true)
		Run(context.Background(), sandboxArgs(dir, "preflight", "--file", c.file, "--sandbox-access", c.kind), p)
		if n := strings.Count(errOut.String(), "Password of somebody"); n != c.asked {
			t.Errorf("%s: asked %d times\n%s", name, n, errOut)
		}
		if said := "refuses the internal user somebody"; c.asked > 0 && !strings.Contains(out.String(), "user or password") && !strings.Contains(out.String(), said) {
			t.Errorf("%s: what was typed is not used:\n%s", name, out)
		}
	}
}

// TestWhoTakesAMappingBackIsAsked: its signer is mapped, and the mapper is needed.
func TestWhoTakesAMappingBackIsAsked(t *testing.T) {
	made := func(kind steps.Kind, side steps.Side, undone time.Time) *steps.State {
		return &steps.State{Changes: []steps.ChangeState{{Change: steps.Change{Ref: steps.Ref{Kind: kind, Side: side}}, Undone: undone}}}
	}
	for name, c := range map[string]struct {
		past    *steps.State
		command *questions
		want    bool
	}{
		"nothing was done":            {nil, nil, false},
		"a role was made":             {made(steps.KindRole, steps.Source, time.Time{}), nil, false},
		"mapped on the other side":    {made(steps.KindRoleMapping, steps.Target, time.Time{}), nil, false},
		"mapped":                      {made(steps.KindRoleMapping, steps.Source, time.Time{}), nil, true},
		"the observer is there":       {made(steps.KindFGACRole, steps.Source, time.Time{}), nil, true},
		"taken back already":          {made(steps.KindRoleMapping, steps.Source, time.Unix(1, 0)), nil, false},
		"mapped, and the run goes on": {made(steps.KindRoleMapping, steps.Source, time.Time{}), &questions{command: "run"}, false},
	} {
		p := &place{app: &app{questions: c.command}, past: c.past}
		if got := p.mapsBack(steps.Source); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestPasswordsThatAreMissing(t *testing.T) {
	// It may not be needed at all: whatever needs it says so.
	if got, err := withPassword(nil).passwords(context.Background(), nil); err != nil || len(got) != 0 {
		t.Errorf("%d, %v", len(got), err)
	}
	p, _, _, _ := person(t, "\n", true)
	asked := withPassword(nil)
	asked.app, asked.stopping = &app{Process: p}, make(chan struct{})
	if got, err := asked.passwords(context.Background(), nil); err != nil || len(got) != 0 {
		t.Errorf("enter goes without: %d, %v", len(got), err)
	}
	for _, words := range []string{"", "\n"} {
		p := withPassword(map[string]string{"SNAPFERRY_SOURCE_MAPPER_PASSWORD": hushed})
		p.passwordFD = map[steps.Side]int{steps.Source: descriptor(t, words)}
		if _, err := p.passwords(context.Background(), nil); term.Code(err) != term.ExitUsage {
			t.Errorf("an empty descriptor: %v", err)
		}
	}
	for _, fd := range []string{"0", "-1", "x", strconv.Itoa(1 << 20)} {
		file := answersFile(t, strings.Replace(sameAccount, "target:", "  mapper:\n    base: password\n    user: master\ntarget:", 1))
		snapferryIn(t, Process{}, "", "preflight", "--file", file, "--source-mapper-password-fd", fd, "--dir", t.TempDir()).wants(t, term.ExitUsage)
	}
}

// TestAPasswordThatIsNotGivenIsTheCause: it is told once, with the way out and before
// the signer's refusal, and nothing is changed.
func TestAPasswordThatIsNotGivenIsTheCause(t *testing.T) {
	dir, file := t.TempDir(), answersFile(t, twoAccounts+"    base: password\n    user: somebody\n")
	for _, command := range []string{"preflight", "run"} {
		s := snapferry(t, dir, command, "--file", file, "--sandbox-access", "target=internal-master").wants(t, term.ExitBlocked)
		said := s.out + s.err
		if n := strings.Count(said, "The password of the internal user somebody of the target was not given"); n != 1 {
			t.Errorf("%s tells it %d times:\n%s", command, n, said)
		}
		says(t, said, "SNAPFERRY_TARGET_MAPPER_PASSWORD", "--target-mapper-password-fd", "because   target-mapper-may-map", "more checks, which wait for this: target-domain-healthy")
	}
	if got := mutations(t, dir); len(got) > 0 {
		t.Errorf("something was changed: %v", got)
	}
}

func TestSandboxAccess(t *testing.T) {
	for _, c := range []struct{ said, want string }{
		{"source=fgac", "no access of kind"},
		{"source=opn", "Did you mean open?"},
		{"elsewhere=open", "There are: source, next, target"},
		{"source=open,source=policy", "two kinds"},
		{"source", "no access of kind"},
	} {
		s := snapferryIn(t, Process{}, "", "run", "--sandbox", "--dir", t.TempDir(), "--sandbox-access", c.said).wants(t, term.ExitUsage)
		if !strings.Contains(s.err, c.want) {
			t.Errorf("%s: %s", c.said, s.err)
		}
	}
	snapferryIn(t, Process{}, "", "run", "--sandbox="+t.TempDir(), "--sandbox-access", "source=open").wants(t, term.ExitUsage)
	a := &app{globals: globals{pace: "instant", access: []string{"source=open", "target=internal-master"}}}
	box, err := a.openSandbox(context.Background(), t.TempDir(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer closeSandbox(box)
	var out strings.Builder
	a.Streams = term.Pipes(strings.NewReader(""), &out, &out, nil)
	if err := a.announce(box.Info()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"access: open\n", "access: policy\n", "access: internal-master, master master with the password Sandbox-"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	p := &place{app: a, spec: &spec.Spec{}}
	p.spec.Target.Account, p.spec.Target.Region, p.spec.Target.Domain = "222222222222", "eu-west-1", "logs-prod"
	p.spec.Target.Mapper = spec.Identity{Base: basePassword, User: "master"}
	if made := p.madePasswords(box.Info()); made[steps.Target].IsZero() || !made[steps.Source].IsZero() {
		t.Errorf("%d passwords", len(made))
	}
}
