package ask

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// TestAnswersAreJudgedAtOnce: a mistake is told at its question with a way out,
// and nothing is noted.
func TestAnswersAreJudgedAtOnce(t *testing.T) {
	cases := []struct {
		key       Key
		raw, says string
	}{
		{"source.account", "12345", "12"},
		{"source.region", "eu-west", "eu-west"},
		{"source.domain", "Logs", "Logs"},
		{"target.account", "1111-2222-3333", "same account"},
		{"source.control.base", "password", "not one of the answers"},
		{"source.control.profile", "", "needs an answer"},
		{"source.control.profile", "AKIAIOSFODNN7EXAMPLE", "holds a secret"},
		{"source.control.chain.1.role", "arn:aws:s3:::x", "not the ARN of a role"},
		{"source.control.chain.1.role", "arn:aws:iam::444455556666:role/x", "The last role is in account 444455556666"},
		{"bucket.name", "No", "No"},
		{"bucket.kms_key", "alias/x", "alias"},
		{"move.indices", "-", "is not an index name"},
		{"move.more", "maybe", "neither yes nor no"},
		{"move.rename_replacement", "LOGS-$1", "capital letters"},
		{"move.rename_replacement", "$9", "does not name a group"},
		{"move.rename_pattern", "(", "is not a regular expression"},
		{"move.rename_pattern", "(.*)", "second time"},
		{"source.role.tags", "team", "not a tag"},
		{"source.role.tags", "aws:x=1", "not yours to give"},
		{"source.role.tags", "k=AKIAIOSFODNN7EXAMPLE", "holds a secret"},
		{"move.indices", "logs\x1b[D", "cannot be seen"},
		{Goal, "fly", "not one of the answers"},
	}
	for _, c := range cases {
		a := New(draftOf(t, drafts()[spec.ShapeTwoAccounts]), today)
		a.said["domains.more"], a.said["move.rename_pattern"] = Yes, "^(.+)$"
		q, _, ok := a.Find(c.key)
		if !ok {
			t.Errorf("%s does not apply: %v", c.key, keysOf(a))
			continue
		}
		before := a.Clone()
		e := a.Set(q, c.raw)
		if e == nil || !strings.Contains(e.Summary.String(), c.says) || e.Fix.IsZero() {
			t.Errorf("%s %q: %v", c.key, c.raw, e)
			continue
		}
		if strings.Contains(e.Summary.String()+e.Fix.String(), "AKIAIOSFODNN7EXAMPLE") {
			t.Errorf("%s: the secret is repeated: %v", c.key, e)
		}
		if diff := cmp.Diff(before.said, a.said); diff != "" {
			t.Errorf("%s: a refused answer was noted: %s", c.key, diff)
		}
	}
}

func TestAnswersAreTakenAsTheyComeBack(t *testing.T) {
	for key, raw := range map[Key]string{
		"source.account": " 1111-2222-3333\t", "source.control.base": "environment", "move.indices": "logs-*, -x", "move.more": Yes,
		"source.role.tags": "team=search, stage=prod = live", "source.control.chain.1.role": "arn:aws:iam::111122223333:role/x", Goal: GoalBastion,
	} {
		a := New(draftOf(t, drafts()[spec.ShapeTwoAccounts]), today)
		a.said["domains.more"] = Yes
		q, _, _ := a.Find(key)
		if e := a.Set(q, raw); e != nil {
			t.Errorf("%s: %v", key, e)
		}
		got := a.Get(key)
		if key == "source.role.tags" {
			raw = "stage=prod = live, team=search"
		}
		if got != strings.TrimSpace(raw) || !a.Answered(key) {
			t.Errorf("%s: %q came back as %q", key, raw, got)
		}
		again := New(a.Draft(), today)
		if q.Memory != (again.Get(key) != got) {
			t.Errorf("%s in the draft: %q", key, again.Get(key))
		}
	}
}

// TestGoingBackKeepsWhatWasTyped: an answer that does not apply any more is not
// in the draft, and is there again when it does.
func TestGoingBackKeepsWhatWasTyped(t *testing.T) {
	a := New(draftOf(t, drafts()[spec.ShapeTwoAccounts]), today)
	base, _, _ := a.Find("source.control.base")
	for said, want := range map[string]string{"environment": "", "profile": "acme-prod"} {
		if e := a.Set(base, said); e != nil {
			t.Fatal(e)
		}
		if got := a.Draft().Get("source.control.profile"); got != want {
			t.Errorf("with %s the profile is %q", said, got)
		}
		if _, errs := a.Draft().Build(today); len(errs) > 0 {
			t.Errorf("with %s: %v", said, errs[0])
		}
	}
}

func TestTagsOfAFileStay(t *testing.T) {
	answers := drafts()[spec.ShapeTwoAccounts]
	answers["source.role.tags.a=b"] = "c"
	a := New(draftOf(t, answers), today)
	q, _, _ := a.Find("source.role.tags")
	if e := a.Set(q, a.Get(q.Key)); e != nil || a.said["source.role.tags.a=b"] != "c" {
		t.Errorf("%v: %v", e, a.said)
	}
}

// TestErrorsOfAPage: what is missing and what clashes, each on its own page.
func TestErrorsOfAPage(t *testing.T) {
	a := New(draftOf(t, drafts()[spec.ShapeTwoAccounts]), today)
	if errs := a.Errors(""); len(errs) > 0 {
		t.Fatal(errs[0])
	}
	a.said["source.account"], a.said["bucket.name"] = "444455556666", ""
	delete(a.said, "source.domain")
	for page, want := range map[string]string{
		"start": "", "source-account": "", "target-account": "target.account", "domains": "source.domain", "bucket": "bucket.name", "move": "",
		"": "target.account source.domain bucket.name",
	} {
		var fields []string
		for _, e := range a.Errors(page) {
			fields = append(fields, e.Field)
		}
		if got := strings.Join(fields, " "); got != want {
			t.Errorf("page %q: %s", page, got)
		}
	}
}

// TestSecretsStayInMemory: no way of showing answers shows a secret.
func TestSecretsStayInMemory(t *testing.T) {
	const hushed = " wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY "
	a := New(draftOf(t, drafts()[spec.ShapeTwoAccounts]), today)
	a.said["source.control.base"], a.said["source.mapper.base"], a.said["source.mapper.user"] = "keys", "password", "admin"
	for _, key := range []Key{"source.control.keys.id", "source.control.keys.secret", "source.control.keys.token", "source.mapper.password"} {
		q, _, ok := a.Find(key)
		if !ok || q.Kind != Secret || !q.Memory {
			t.Fatalf("%s: %+v", key, q)
		}
		if e := a.Check(q, ""); (e == nil) != (key == "source.control.keys.token") || a.Check(q.With(Offer{Known: "the environment"}), "") != nil {
			t.Errorf("%s left blank: %v", key, e)
		}
		if q.Beside == "" || len(a.Missing()) > 0 {
			t.Errorf("%s is missed where nobody is there to type it", key)
		}
		if e := a.Set(q, hushed); e != nil {
			t.Fatal(e)
		}
		if a.Secret(key).Reveal() != hushed || a.Get(key) != "" || !a.Answered(key) {
			t.Errorf("%s is not kept as it was typed", key)
		}
	}
	shown := fmt.Sprintf("%v %+v %#v %s", a, a, *a, a.Draft().WriteAnswers()) + fmt.Sprintf("%v", a.Pages())
	if strings.Contains(shown, strings.TrimSpace(hushed)) {
		t.Error("a secret is shown")
	}
}

// TestEveryQuestionExplainsItself: two sentences at most, calm, and where the
// value is found if AWS has it.
func TestEveryQuestionExplainsItself(t *testing.T) {
	inAWS := []string{".account", ".region", ".domain", ".endpoint", ".role", ".arn", "bucket.name", "kms_key", ".user"}
	seen := 0
	for _, answers := range drafts() {
		a := New(draftOf(t, answers), today)
		for _, k := range []Key{"target.more", "domains.more", "bucket.more", "move.more"} {
			a.said[k] = Yes
		}
		a.said["source.control.chain.1.role"], a.said["source.endpoint"], a.said["source.mapper.base"], a.said["source.signer.base"] = "arn:aws:iam::111122223333:role/x", "x.y", "password", "keys"
		for _, p := range a.Pages() {
			for _, q := range p.Questions {
				seen++
				explains(t, q)
				for _, suffix := range inAWS {
					if strings.HasSuffix(string(q.Key), suffix) && (q.Help.Where.IsZero() || q.Help.CLI == "") {
						t.Errorf("%s does not say where its value is found", q.Key)
					}
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d questions were looked at", seen)
	}
}

func explains(t *testing.T, q Question) {
	t.Helper()
	what := q.Help.What.String()
	if q.Title.IsZero() || what == "" {
		t.Errorf("%s has no title or no help", q.Key)
	}
	if n := strings.Count(what, ". ") + 1; n > 2 {
		t.Errorf("%s explains itself in %d sentences", q.Key, n)
	}
	words := []steps.Text{q.Title, q.Help.What, q.Help.Where}
	for _, o := range q.Options {
		words = append(words, o.Label, o.Detail)
		if o.Label.IsZero() {
			t.Errorf("%s: the option %q has no words", q.Key, o.Value)
		}
	}
	for _, w := range words {
		if strings.Contains(w.String(), "!") {
			t.Errorf("%s shouts: %s", q.Key, w)
		}
	}
	if (q.Kind == Choice) != (len(q.Options) > 1) && q.Key != "source.domain" && q.Key != "target.domain" {
		t.Errorf("%s is a %s with %d options", q.Key, q.Kind, len(q.Options))
	}
}
