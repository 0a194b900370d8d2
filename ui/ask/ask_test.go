package ask

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/spec"
)

var today = time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)

// drafts are complete answers, as a file has them, by the shape of the move.
func drafts() map[spec.Shape]map[Key]string {
	common := map[Key]string{
		"source.account": "111122223333", "source.region": "eu-west-1", "source.domain": "logs-prod",
		"source.control.profile": "acme-prod", "bucket.name": "acme-os-migration",
	}
	with := func(more map[Key]string) map[Key]string {
		all := map[Key]string{}
		for _, m := range []map[Key]string{common, more} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	return map[spec.Shape]map[Key]string{
		spec.ShapeTwoAccounts: with(map[Key]string{"target.account": "444455556666", "target.domain": "logs-prod", "target.control.base": "environment"}),
		spec.ShapeSameAccount: with(map[Key]string{"shape": "same-account", "target.domain": "logs-next"}),
		spec.ShapeSameDomain:  with(map[Key]string{"shape": "same-domain", "move.rename_pattern": "^(.+)$", "move.rename_replacement": "old-$1"}),
	}
}

func draftOf(t *testing.T, answers map[Key]string) *spec.Draft {
	t.Helper()
	d := &spec.Draft{}
	for k, v := range answers {
		if e := d.Set(k, v); e != nil {
			t.Fatalf("Set(%s): %v", k, e)
		}
	}
	return d
}

// leaves are the keys of everything a file can answer.
func leaves(at Key, fields []spec.Question) []Key {
	var keys []Key
	for _, q := range fields {
		k := Key(q.Name)
		if at != "" {
			k = at + "." + k
		}
		switch q.Form {
		case spec.Group:
			keys = append(keys, leaves(k, q.Fields)...)
		case spec.Chain:
			keys = append(keys, leaves(k+".1", q.Fields)...)
			keys = append(keys, leaves(k+".2", q.Fields)...)
		case spec.Tags:
			keys = append(keys, k+".team", k+".cost.centre")
		default:
			keys = append(keys, k)
		}
	}
	return keys
}

// candidates are texts of which every answer takes one or another.
var candidates = []string{
	"x-1", "profile", "none", "yes", "2", "^(x)$", "/x/", "111122223333", "444455556666", "eu-west-1", "unsigned", "sample", "leave", "source", "same-account", "same-domain", "two-accounts",
	"127.0.0.1:9443", "search.acme.example", "arn:aws:iam::111122223333:role/x", "arn:aws:iam::444455556666:role/x", "arn:aws:iam::111122223333:policy/x",
	"arn:aws:iam::444455556666:policy/x", "arn:aws:kms:eu-west-1:111122223333:key/x",
}

// TestNothingOfAFileIsLost: whatever a file may rightly answer is a question
// here, in every shape, and comes out as it went in.
func TestNothingOfAFileIsLost(t *testing.T) {
	taken := map[Key]bool{}
	for shape, answers := range drafts() {
		answers["source.endpoint"], answers["source.control.chain.1.role"] = "search.acme.example", "arn:aws:iam::111122223333:role/x"
		for _, k := range leaves("", spec.Questions()) {
			for _, v := range candidates {
				d := draftOf(t, answers)
				if e := d.Set(k, v); e != nil { // it looks like a secret there
					continue
				}
				want, errs := d.Partial(today)
				if len(errs) > 0 {
					continue
				}
				taken[k] = true
				got, errs := New(d, today).Draft().Partial(today)
				if diff := cmp.Diff(want, got); diff != "" || len(errs) > 0 {
					t.Errorf("%s with %s: %s: %v\n%s", shape, k, v, errs, diff)
				}
			}
		}
	}
	for _, k := range leaves("", spec.Questions()) {
		if !taken[k] {
			t.Errorf("no candidate is an answer to %s", k)
		}
	}
}

// keysOf are the keys of the questions that apply.
func keysOf(a *Answers) []Key {
	var keys []Key
	for _, p := range a.Pages() {
		for _, q := range p.Questions {
			keys = append(keys, q.Key)
		}
	}
	return keys
}

// TestAskedOnce: no question stands on two pages.
func TestAskedOnce(t *testing.T) {
	for shape, answers := range drafts() {
		a := New(draftOf(t, answers), today)
		for _, k := range []Key{"target.more", "domains.more", "bucket.more", "move.more"} {
			a.said[k] = Yes
		}
		a.said["source.via"], a.said["source.endpoint"] = "127.0.0.1:1", "search.acme.example"
		keys := keysOf(a)
		slices.Sort(keys)
		for i := 1; i < len(keys); i++ {
			if keys[i] == keys[i-1] {
				t.Errorf("%s: %s is asked twice", shape, keys[i])
			}
		}
	}
}

func TestPagesInOrder(t *testing.T) {
	for shape, want := range map[spec.Shape]string{
		spec.ShapeTwoAccounts: "start source-account target-account domains bucket move",
		spec.ShapeSameAccount: "start source-account target-account domains bucket move",
		spec.ShapeSameDomain:  "start source-account domains bucket move",
	} {
		var names []string
		for _, p := range New(draftOf(t, drafts()[shape]), today).Pages() {
			names = append(names, p.Name)
			if p.Title.IsZero() || p.Why.IsZero() {
				t.Errorf("%s says neither where one is nor why it is asked", p.Name)
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s", shape, got)
		}
	}
	a := New(&spec.Draft{}, today)
	for _, goal := range []string{GoalExplain, GoalResume, GoalReport} {
		a.said[Goal] = goal
		if keys := keysOf(a); len(keys) != 1 {
			t.Errorf("%s wants answers: %v", goal, keys)
		}
	}
}

// TestWhatIsMissingIsWhatBuildMisses: answers without a missing one build, and
// without any needed one they do not.
func TestWhatIsMissingIsWhatBuildMisses(t *testing.T) {
	for shape, answers := range drafts() {
		whole := New(draftOf(t, answers), today)
		if missing := whole.Missing(); len(missing) > 0 {
			t.Errorf("%s misses %s", shape, missing[0].Key)
		}
		if _, errs := whole.Draft().Build(today); len(errs) > 0 {
			t.Errorf("%s: %v", shape, errs[0])
		}
		for k := range answers {
			a := whole.Clone()
			delete(a.said, k)
			_, errs := a.Draft().Build(today)
			missing := a.Missing()
			if (len(errs) > 0) != (len(missing) > 0) {
				t.Errorf("%s without %s: %d missing, build says %v", shape, k, len(missing), errs)
			}
		}
	}
}

func TestEndpointInPlaceOfTheName(t *testing.T) {
	a := New(&spec.Draft{}, today)
	domain, _, _ := a.Find("source.domain")
	if e := a.Set(domain, ""); e == nil {
		t.Error("a blank line was taken for a domain")
	}
	if e := a.Choose(domain, domain.Options[0]); e != nil {
		t.Fatal(e)
	}
	host, _, ok := a.Find("source.endpoint")
	if !ok || !host.Needed {
		t.Fatalf("the endpoint is not asked for: %+v", host)
	}
	if e := a.Set(host, "search-logs-prod-k2m8vq0plxt5crn7ybzs3wfhd9.eu-west-1.es.amazonaws.com"); e != nil {
		t.Fatal(e)
	}
	if region, _, _ := a.Find("source.region"); region.Needed || region.Unsaid != "eu-west-1" {
		t.Errorf("the endpoint tells the region: %+v", region)
	}
	for _, q := range a.Missing() {
		if q.Key == "source.domain" || q.Key == "source.region" {
			t.Errorf("%s is still missed", q.Key)
		}
	}
	a.said[Goal] = GoalBastion
	a.said["target.domain"] = ""
	if _, _, ok := a.Find("target.endpoint"); !ok {
		t.Error("on a bastion the endpoint is not asked for")
	}
	if control, _, _ := a.Find("source.control.base"); control.Default != "none" {
		t.Errorf("on a bastion AWS is called by %q", control.Default)
	}
}

// TestSignersOfABastion: the host's role signs, but for one account of two only.
func TestSignersOfABastion(t *testing.T) {
	for shape, answers := range drafts() {
		a := New(draftOf(t, answers), today)
		a.said[Goal] = GoalBastion
		for _, step := range []struct {
			side       Key
			said, want string
		}{{"source", "", "instance"}, {"target", "instance", map[bool]string{true: "profile", false: "instance"}[shape == spec.ShapeTwoAccounts]}, {"target", "profile", "instance"}} {
			a.said["source.signer.base"] = step.said
			q, _, ok := a.Find(step.side + ".signer.base")
			if ok && q.Default != step.want {
				t.Errorf("%s: %s signs as %q where the source has %q", shape, step.side, q.Default, step.said)
			}
		}
	}
}

// TestNobodyHere: whoever has nobody for a side's AWS APIs is asked at once for what
// cannot be looked up then, and is not offered to sign as nobody.
func TestNobodyHere(t *testing.T) {
	for shape, answers := range drafts() {
		side := Key("source")
		if shape == spec.ShapeTwoAccounts {
			side = "target"
		}
		delete(answers, side+".domain")
		delete(answers, side+".control.profile")
		answers[side+".control.base"] = "none"
		a := New(draftOf(t, answers), today)
		if q, _, ok := a.Find(side + ".domain"); ok {
			t.Errorf("%s: a domain that cannot be looked up is asked for by name: %+v", shape, q)
		}
		if q, _, ok := a.Find(side + ".account"); !ok || !q.From.IsZero() {
			t.Errorf("%s: nobody is asked which account he is of: %+v", shape, q.From)
		}
		signer, _, _ := a.Find(side + ".signer.base")
		for _, o := range signer.Options {
			if o.Value == "" || o.Value == baseNone {
				t.Errorf("%s: to sign as %q is offered", shape, o.Value)
			}
		}
		if signer.Default != "environment" {
			t.Errorf("%s: the signer's default is %q", shape, signer.Default)
		}
		var missing []string
		for _, q := range a.Missing() {
			missing = append(missing, string(q.Key))
		}
		want := []string{string(side) + ".signer.base", string(side) + ".endpoint"}
		if shape == spec.ShapeSameAccount {
			want = append(want, "target.endpoint")
		}
		if diff := cmp.Diff(want, missing); diff != "" {
			t.Errorf("%s: %s", shape, diff)
		}
	}
}

func TestChainIsAskedLinkByLink(t *testing.T) {
	a := New(draftOf(t, drafts()[spec.ShapeTwoAccounts]), today)
	link := func(n string) Question {
		q, _, ok := a.Find(Key("source.control.chain." + n + ".role"))
		if !ok {
			t.Fatalf("link %s is not asked for: %v", n, keysOf(a))
		}
		return q
	}
	for _, n := range []string{"1", "2"} {
		if e := a.Set(link(n), "arn:aws:iam::111122223333:role/jump-"+n); e != nil {
			t.Fatal(e)
		}
	}
	a.said["source.control.chain.2.external_id"] = "word"
	link("3")
	if e := a.Set(link("1"), ""); e != nil {
		t.Fatal(e)
	}
	if a.Draft().Said("source.control.chain") || len(a.Missing()) > 0 {
		t.Errorf("the chain is still there: %s, missing %v", a.Draft().WriteAnswers(), a.Missing())
	}
}

func TestOffers(t *testing.T) {
	a := New(&spec.Draft{}, today)
	q, _, _ := a.Find("source.control.base")
	got := q.With(Offer{
		Options: []Option{{"environment", steps.Text{}, steps.T("it is set")}, {"other", steps.T("Other"), steps.Text{}}},
		Default: "environment", Note: steps.T("note"),
	})
	if got.Options[0].Value != "other" || got.Options[2].Detail.String() != "it is set" || got.Options[2].Label.IsZero() || got.Default != "environment" || got.Note.IsZero() {
		t.Errorf("%+v", got)
	}
	if q.Options[1].Detail.String() == "it is set" {
		t.Error("the offer changed the question it was made for")
	}
	number, _, _ := a.Find("source.account")
	number = number.With(Offer{Default: "111122223333", Only: "111122223333"})
	if e := a.Check(number, "1111-2222-3333"); e != nil {
		t.Error(e)
	}
	e := a.Check(number, "444455556666")
	if e == nil || !strings.Contains(e.Summary.String(), awsid.AccountID("111122223333").Grouped()) {
		t.Errorf("an account the credentials do not belong to: %v", e)
	}
}
