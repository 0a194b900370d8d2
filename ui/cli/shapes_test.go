package cli

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"snapferry/ui/term"
)

// answersFile writes answers and gives the path.
func answersFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "answers.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const sameDomain = `shape: same-domain
source:
  account: "1111-1111-1111"
  region: eu-west-1
  domain: logs-prod
  control:
    profile: source
bucket:
  name: acme-os-copies
move:
  indices: ["metrics-*"]
  rename_pattern: ^(.+)$
  rename_replacement: copy-of-$1
  snapshot: copies
  replicas: 0
`

func TestSameDomainUnderNewNames(t *testing.T) {
	dir, file := t.TempDir(), answersFile(t, sameDomain)
	s := snapferry(t, dir, "run", "--yes", "--file", file).wants(t, term.ExitDone)
	for _, want := range []string{"as copy-of-metrics-", "verify             done:", "restore"} {
		if !strings.Contains(s.out, want) {
			t.Errorf("%q is missing:\n%s", want, s.out)
		}
	}
	if strings.Contains(s.out, "target-repository") {
		t.Errorf("a second registration was made:\n%s", s.out)
	}
	again := snapferry(t, dir, "run", "--yes").wants(t, term.ExitDone)
	if !strings.Contains(again.out, "0 to create, 0 to change, 0 to do") {
		t.Errorf("not everything exists:\n%s", again.out)
	}
}

func TestNameClashStopsBeforeAnythingIsChanged(t *testing.T) {
	dir := t.TempDir()
	file := answersFile(t, strings.NewReplacer("copy-of-$1", "logs-copy", "^(.+)$", "^metrics-.+$").Replace(sameDomain))
	// Two indices under one name cannot be.
	s := snapferry(t, dir, "run", "--yes", "--file", file)
	if s.code == term.ExitDone {
		t.Fatalf("two indices came back under one name:\n%s", s.out)
	}
	if got := mutations(t, dir); len(got) > 0 {
		t.Errorf("something was changed: %v", got)
	}
}

func TestTargetIndexOfAnotherOrigin(t *testing.T) {
	dir := t.TempDir()
	// The indices of logs-prod are there under their own names already.
	file := answersFile(t, strings.NewReplacer("copy-of-$1", "${1}", "^(.+)$", "^(metrics)-2").Replace(
		strings.Replace(sameDomain, `rename_replacement: copy-of-$1`, `rename_replacement: $1-2`, 1)))
	s := snapferry(t, dir, "run", "--yes", "--file", file).wants(t, term.ExitBlocked)
	if !strings.Contains(s.out, "BLOCK   index-names-free") || !strings.Contains(s.out, "--overwrite-index") {
		t.Errorf("the clash is not named, or not its way out:\n%s", s.out)
	}
	if got := mutations(t, dir); len(got) > 0 {
		t.Errorf("something was changed: %v", got)
	}
}

func TestWrongAccountIsABlocker(t *testing.T) {
	dir := t.TempDir()
	file := answersFile(t, strings.Replace(sameDomain, "1111-1111-1111", "222222222222", 1))
	s := snapferry(t, dir, "preflight", "--file", file).wants(t, term.ExitBlocked)
	if !strings.Contains(s.out, "BLOCK   source-identity") || !strings.Contains(s.out, "the credentials are of account 111111111111") {
		t.Errorf("%s", s.out)
	}
}

func TestJSONLines(t *testing.T) {
	dir := t.TempDir()
	s := snapferry(t, dir, "run", "--yes", "--json", "--file", answersFile(t, small)).wants(t, term.ExitDone)
	seen, types := []string{}, map[string]int{}
	sc := bufio.NewScanner(strings.NewReader(s.out))
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var o struct {
			Type   string `json:"type"`
			Schema string `json:"schema"`
			Seq    int64  `json:"seq"`
		}
		if err := json.Unmarshal(sc.Bytes(), &o); err != nil {
			t.Fatalf("no JSON object: %q", sc.Text())
		}
		seen = append(seen, o.Type)
		types[o.Type]++
	}
	if seen[0] != "header" || seen[len(seen)-1] != "run_done" {
		t.Errorf("begins with %s and ends with %s", seen[0], seen[len(seen)-1])
	}
	for _, want := range []string{"finding", "summary", "run_started", "plan", "approved", "step_started", "change_intended", "change_made", "progress", "step_done"} {
		if types[want] == 0 {
			t.Errorf("no object of type %s among %v", want, types)
		}
	}
	if types["plan"] != 1 {
		t.Errorf("the plan is told %d times", types["plan"])
	}
}

func TestMaskHidesNames(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{"run", "--yes", "--mask"}, {"report", "--mask"}, {"run", "--yes", "--mask", "--json"}, {"preflight", "--mask"}} {
		s := snapferry(t, dir, args...).wants(t, term.ExitDone)
		for _, name := range []string{"111111111111", "acme-os-migration", "logs-prod", "logs-next"} {
			if i := strings.Index(s.out+s.err, name); i >= 0 {
				all := s.out + s.err
				t.Errorf("%v shows %s: …%s…", args, name, all[max(0, i-60):min(len(all), i+60)])
			}
		}
	}
	for _, name := range reportNames {
		b, err := os.ReadFile(filepath.Join(dir, "run", "masked-"+name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "111111111111") {
			t.Errorf("masked-%s shows an account id", name)
		}
	}
}

// TestSecretsStayInside looks for the sandbox's secret keys in everything a run
// writes or says. The sandbox's own folder holds them, of course.
func TestSecretsStayInside(t *testing.T) {
	dir := t.TempDir()
	s := moved(t, dir)
	b, err := os.ReadFile(filepath.Join(dir, "run", "sandbox", "aws", "credentials"))
	if err != nil {
		t.Fatal(err)
	}
	var secrets []string
	for _, l := range strings.Split(string(b), "\n") {
		if v, ok := strings.CutPrefix(l, "aws_secret_access_key = "); ok {
			secrets = append(secrets, v)
		}
	}
	if len(secrets) < 2 {
		t.Fatalf("found %d secrets to look for", len(secrets))
	}
	texts := map[string]string{"output": s.out + s.err}
	files, err := filepath.Glob(filepath.Join(dir, "run", "*.*"))
	if err != nil || len(files) < 5 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[f] = string(b)
	}
	for where, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds a secret key", where)
			}
		}
	}
}
