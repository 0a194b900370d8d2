//go:build judges

package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/ui/term"
)

const (
	ownRole       = "arn:aws:iam::111111111111:role/snapferry-logs-prod-snapshot"
	ownRoleThere  = "arn:aws:iam::222222222222:role/snapferry-logs-prod-snapshot"
	registerHere  = `{"type":"s3","settings":{"bucket":"acme-os-migration","region":"eu-west-1","base_path":"by-hand","role_arn":"` + ownRole + `"}}`
	registerThere = `{"type":"s3","settings":{"bucket":"acme-os-migration","region":"eu-west-1","base_path":"by-hand","readonly":true,"role_arn":"` + ownRoleThere + `"}}`
	security      = "/_plugins/_security/api/rolesmapping/"
)

// request is a call of an account's administrator.
type request struct{ label, method, path, body string }

// played is a fault card as somebody meets it.
type played struct {
	id string
	// check names it before a run, with outcome.
	check   steps.CheckID
	outcome steps.Outcome
	// prepare makes what the failing call needs and the card leaves out.
	prepare func(*article)
	fails   request
	// as are the answers that no step of the plan mends it for, nil where the usual
	// ones are meant.
	as []string
	// mend does what is printed: with the cause as explain says it offline and
	// after a look at the world.
	mend func(a *article, offline, confirmed steps.Cause)
	// works is the call that works afterwards, fails where it is zero.
	works request
	// then are the answers a run goes through with when that is done; nil says that
	// what was tried by hand is in its way.
	then []string
}

var cards = []played{
	{
		id: "unmapped-signer", check: "source-signer-mapped", outcome: steps.Block,
		prepare: (*article).prepareSource, fails: request{"source", "PUT", "/_snapshot/by-hand", registerHere},
		mend: func(a *article, _, confirmed steps.Cause) { a.domainCall(a.master(), confirmed.Command) },
		then: []string{"    profile: source\ntarget:", "    profile: source\n  mapper:\n    profile: source\n    chain:\n      - role: arn:aws:iam::111111111111:role/search-master\ntarget:"},
	},
	{
		id: "pass-role-missing", check: "source-signer-may-pass-role", outcome: steps.Note,
		prepare: (*article).prepareSource, fails: request{"source", "PUT", "/_snapshot/by-hand", registerHere},
		mend: func(a *article, offline, _ steps.Cause) { a.third("source", offline.Command) },
		then: []string{},
	},
	{
		id: "trust-mismatch", check: "target-role-trusts-service", outcome: steps.Block,
		prepare: (*article).prepareTarget, fails: request{"target", "PUT", "/_snapshot/by-hand", registerThere},
		as:   []string{"    user: master\n", "    user: master\n  role:\n    arn: " + ownRoleThere + "\n"},
		mend: func(a *article, _, confirmed steps.Cause) { a.third("target", confirmed.Command) },
		then: []string{"    user: master\n", "    user: master\n  role:\n    arn: " + ownRoleThere + "\n"},
	},
	{
		id: "role-name-case", check: "role-exact-spelling", outcome: steps.Block,
		prepare: (*article).prepareBucket, fails: request{"source", "PUT", "/_snapshot/by-hand", registerHere},
		mend: func(a *article, offline, confirmed steps.Cause) {
			a.Helper()
			if said := a.third("source", offline.Command); !strings.Contains(said, "role/Snapferry-Logs-Prod-Snapshot") || !strings.Contains(confirmed.Confirm.String(), strings.TrimSpace(said)) {
				a.Errorf("%s, and seen was: %s", said, confirmed.Confirm)
			}
		},
		works: request{"source", "PUT", "/_snapshot/by-hand", strings.Replace(registerHere, "snapferry-logs-prod-snapshot", "Snapferry-Logs-Prod-Snapshot", 1)},
		then:  []string{"    profile: source\ntarget:", "    profile: source\n  role:\n    name: Snapferry-Logs-Prod-Snapshot\ntarget:"},
	},
	{
		id: "bucket-policy-missing", check: "target-bucket-policy-allows", outcome: steps.Note,
		prepare: (*article).prepareSigner, fails: request{"target", "PUT", "/_snapshot/by-hand", registerThere},
		mend: func(a *article, _, confirmed steps.Cause) {
			a.intoPolicy(confirmed.Diff, "s3api get-bucket-policy --bucket acme-os-migration --query Policy", "s3api put-bucket-policy --bucket acme-os-migration")
		},
		then: []string{},
	},
	{
		id: "security-index-in-restore", check: "snapshots-without-security-index", outcome: steps.Note,
		prepare: (*article).prepareSigner, fails: request{"target", "POST", "/_snapshot/nightly/nightly-0001/_restore", "{}"},
		mend: func(a *article, _, confirmed steps.Cause) { // shown as a comment, for whoever wants that data
			a.domainCall(a.keys("target"), strings.ReplaceAll(strings.TrimPrefix(confirmed.Command, "# "), "\n# ", "\n"))
		},
		works: request{"target", "GET", "/_snapshot/nightly/nightly-0001", ""},
	},
	{
		id: "security-manager-missing", check: "source-mapper-may-map", outcome: steps.Note,
		prepare: (*article).prepareSource, fails: request{"source", "GET", security + "all_access", ""},
		mend: func(a *article, _, confirmed steps.Cause) { a.domainCall(a.master(), confirmed.Command) },
		then: []string{},
	},
	{
		id: "key-not-shared", check: "target-key-policy-allows", outcome: steps.Note,
		prepare: (*article).prepareSnapshot, fails: request{"target", "GET", "/_snapshot/by-hand/_all", ""},
		mend: func(a *article, _, confirmed steps.Cause) {
			const key = "--key-id arn:aws:kms:eu-west-1:111111111111:key/6c1f0d52-8b3e-4a97-b5d4-2f90e17c63a8"
			a.intoPolicy(confirmed.Diff, "kms get-key-policy --policy-name default --query Policy "+key, "kms put-key-policy --policy-name default "+key)
		},
		then: []string{},
	},
}

// TestFaultCardsByHand: preflight names what is set wrongly before anything is run;
// the error it leaves has it among its causes, and first after a look at the world;
// what is printed as the way out mends it, and a run goes through.
func TestFaultCardsByHand(t *testing.T) {
	t.Parallel()
	for _, c := range cards {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			a := newArticle(t, sandbox.Options{Faults: []string{c.id}})
			c.prepare(a)
			found := a.finding(c.check, c.as)
			if found.Outcome != c.outcome {
				t.Errorf("%s is %s, wants %s: %s", c.check, found.Outcome, c.outcome, found.Cause)
			}
			body := a.sends(c.fails, false)
			offline, confirmed := a.diagnosed(body, false, c.as), a.diagnosed(body, true, c.as)
			at := slices.IndexFunc(offline.Causes, func(x steps.Cause) bool { return x.ID == c.id })
			if at < 0 || confirmed.Causes[0].ID != c.id || confirmed.Causes[0].Verdict != steps.Confirmed {
				t.Fatalf("place %d offline, and confirmed is %+v\n%s", at, confirmed.Causes, body)
			}
			c.mend(a, offline.Causes[at], confirmed.Causes[0])
			if c.works.path == "" {
				c.works = c.fails
			}
			a.sends(c.works, true)
			if c.then != nil {
				says(t, a.start("cards", c.then, "run", "--yes").wants(t, term.ExitDone).out, "verify             done:")
			}
		})
	}
}

// TestFaultCardsByThePlan: what preflight says the plan puts right, the plan does.
func TestFaultCardsByThePlan(t *testing.T) {
	for _, c := range cards {
		t.Run(c.id, func(t *testing.T) {
			a := newArticle(t, sandbox.Options{Faults: []string{c.id}})
			found := a.finding(c.check, nil)
			want := term.ExitDone
			if found.Outcome == steps.Block {
				want = term.ExitBlocked
			}
			before := len(a.mutations())
			s := a.start("cards", nil, "run", "--yes").wants(t, want)
			if want == term.ExitBlocked && len(a.mutations()) != before {
				t.Errorf("changed something: %v", a.mutations()[before:])
			}
			if step := found.Fix.Step; step != "" {
				says(t, s.out, fmt.Sprintf("%-18s done:", step)) // not "already so"
			}
		})
	}
}

// sends has an administrator make a call, which has to work or not.
func (a *article) sends(r request, works bool) string {
	a.Helper()
	status, body := a.admin(r.label, r.method, r.path, r.body)
	if (status/100 == 2) != works {
		a.Fatalf("%s %s: %d %s", r.method, r.path, status, body)
	}
	return body
}

// finding is what preflight says of a check, the worst of them.
func (a *article) finding(id steps.CheckID, answers []string) (worst steps.Finding) {
	a.Helper()
	order := []steps.Outcome{steps.Pass, steps.Skipped, steps.Unknown, steps.Note, steps.Warn, steps.Block}
	for _, l := range strings.Split(a.start("cards", answers, "preflight", "--json").out, "\n") {
		var f steps.Finding
		if json.Unmarshal([]byte(l), &f) == nil && f.ID == id && slices.Index(order, f.Outcome) > slices.Index(order, worst.Outcome) {
			worst = f
		}
	}
	return worst
}

// TestNobodyMaps: where nobody was named who may map, the lines somebody else has
// to run are told before anything is changed, and are enough.
func TestNobodyMaps(t *testing.T) {
	a := newArticle(t, sandbox.Options{Faults: []string{"unmapped-signer"}})
	nobody := []string{"    profile: source\ntarget:", "    profile: source\n  mapper:\n    base: none\ntarget:"}
	before := len(a.mutations())
	a.start("cards", nobody, "run", "--yes").wants(t, term.ExitWaiting)
	found := a.finding("source-signer-mapped", nobody)
	if len(a.mutations()) != before {
		t.Errorf("changed something: %v", a.mutations()[before:])
	}
	for _, line := range strings.Split("\n"+found.Fix.Command, "\ncurl ")[1:] {
		a.domainCall(a.master(), "curl "+line)
	}
	says(t, a.start("cards", nobody, "run", "--yes").wants(t, term.ExitDone).out, "verify             done:")
}
