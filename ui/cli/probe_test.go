package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/probe"
	"snapferry/steps/spec"
	"snapferry/ui/term"
)

// half is all a probe of one side needs to be said.
const half = "source:\n  account: \"111111111111\"\n  region: eu-west-1\n  domain: logs-next\n"

func TestProbe(t *testing.T) {
	dir, file := t.TempDir(), answersFile(t, half)
	ask := func(args ...string) start {
		return snapferry(t, dir, append([]string{"probe", "--file", file}, args...)...)
	}
	s := ask("GET", "/").wants(t, term.ExitDone)
	for _, want := range []string{"identity   arn:aws:iam::111111111111:user/admin", "request    GET https://search-logs-next-", "status 200", `"tagline"`, "The same with curl 7.75 or newer:", "--aws-sigv4"} {
		if !strings.Contains(s.out, want) {
			t.Errorf("no %q in\n%s", want, s.out)
		}
	}
	bad := ask("GET", "/_nope/x").wants(t, term.ExitFailed)
	if !strings.Contains(bad.out, "layer service") || strings.Contains(bad.out, "eval") || !strings.Contains(bad.out, "is not allowed by Amazon") {
		t.Errorf("%s", bad.out)
	}
	put := ask("PUT", "/_snapshot/r").wants(t, term.ExitUsage)
	if put.out != "" || !strings.Contains(put.err, "curl -sS -X PUT") || !strings.Contains(put.err, "a probe only looks") {
		t.Errorf("%s%s", put.out, put.err)
	}
	lines := strings.Split(strings.TrimSpace(ask("--json", "GET", "/").wants(t, term.ExitDone).out), "\n")
	var o struct {
		Type, Body, Curl string
		Status           int
		Identity         struct{ Account string }
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &o); err != nil || o.Type != "probe" || o.Status != 200 || o.Identity.Account != "111111111111" || o.Body == "" || o.Curl == "" {
		t.Errorf("%v: %+v", err, o)
	}
	if hidden := ask("--mask", "GET", "/").wants(t, term.ExitDone); strings.Contains(hidden.out, "111111111111") || strings.Contains(hidden.out, "search-logs-next") {
		t.Errorf("a name is shown:\n%s", hidden.out)
	}
	for _, args := range [][]string{{}, {"GET"}, {"GET", "/", "x"}, {"GET", "/", "--side", "left"}, {"GET", "/", "--as", "me"}, {"GET", "https://elsewhere/"}} {
		ask(args...).wants(t, term.ExitUsage)
	}
	if got := mutations(t, dir); len(got) > 0 {
		t.Errorf("something was changed: %v", got)
	}
}

// TestKeysForTheCurl: it wants them in the environment, where a profile's are not.
func TestKeysForTheCurl(t *testing.T) {
	profile := spec.Identity{Base: "profile", Profile: "it's mine"}
	chained := profile
	chained.Chain = []spec.Link{{}}
	s := &spec.Spec{}
	s.Source.Signer, s.Source.Mapper = profile, spec.Identity{Base: "password", User: "master"}
	s.Target.Signer, s.Target.Mapper = chained, profile
	p := &place{spec: s}
	const line = `eval "$(aws configure export-credentials --profile 'it'\''s mine' --format env)"`
	for q, want := range map[probe.Request]string{
		{Side: steps.Source, Role: facts.Signer}: line, {Side: steps.Source, Role: facts.Mapper}: "",
		{Side: steps.Target, Role: facts.Signer}: "", {Side: steps.Target, Role: facts.Mapper}: line,
	} {
		if got := strings.Join(p.keysFor(q), "\n"); got != want {
			t.Errorf("%+v: %q", q, got)
		}
	}
	s.Source.Auth = spec.AuthUnsigned
	if got := p.keysFor(probe.Request{Side: steps.Source, Role: facts.Signer}); got != nil {
		t.Errorf("keys for what nobody signs: %q", got)
	}
}

// TestMaskedColumnsStand: names of another length than their masks leave a table one.
func TestMaskedColumnsStand(t *testing.T) {
	hide := strings.NewReplacer("orders", "INDEX-1", "a-very-long-name", "INDEX-2")
	for name, c := range map[string]struct{ body, want string }{
		"a table":        {"health index            docs\ngreen  orders              5\nyellow a-very-long-name  500\n", "health index   docs\ngreen  INDEX-1 5\nyellow INDEX-2 500"},
		"one line":       {"orders 5\n", "INDEX-1 5"},
		"not of columns": {"orders are 5\nand more\n", "INDEX-1 are 5\nand more"},
		"JSON":           {"{\n  \"orders\": 5\n}", "{\n  \"INDEX-1\": 5\n}"},
	} {
		if got := strings.Join(masked(c.body, hide.Replace), "\n"); got != c.want {
			t.Errorf("%s:\n%s", name, got)
		}
	}
	if got := strings.Join(masked("a    b\ncc   d\n", func(s string) string { return s }), "\n"); got != "a    b\ncc   d" {
		t.Errorf("what hides nothing is laid out anew:\n%s", got)
	}
}

// TestPreflightOfHalfTheAnswers: what was not said is unknown, not an error.
func TestPreflightOfHalfTheAnswers(t *testing.T) {
	s := snapferry(t, t.TempDir(), "preflight", "--file", answersFile(t, strings.Replace(half, "logs-next", "logs-prod", 1))).wants(t, term.ExitDone)
	for _, want := range []string{"ok      source-domain-answers", "target.domain was not said", "bucket.name was not said"} {
		if !strings.Contains(s.out, want) {
			t.Errorf("no %q in\n%s", want, s.out)
		}
	}
	wrong := snapferry(t, t.TempDir(), "preflight", "--file", answersFile(t, strings.Replace(half, "eu-west-1", "Mars", 1))).wants(t, term.ExitUsage)
	if !strings.Contains(wrong.err, "line 3, source.region") {
		t.Errorf("%s", wrong.err)
	}
}
