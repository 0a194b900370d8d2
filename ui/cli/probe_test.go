package cli

import (
	"encoding/json"
	"strings"
	"testing"

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
	if !strings.Contains(bad.out, "layer service") || !strings.Contains(bad.out, "is not allowed by Amazon") {
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
