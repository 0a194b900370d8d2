package ask

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// whole are answers that a plan can be made of.
var whole = map[Key]string{
	"source.account": "111111111111", "source.region": "eu-west-1", "source.domain": "logs-prod", "source.control.profile": "source",
	"target.account": "222222222222", "target.domain": "logs-prod", "target.control.profile": "target", "bucket.name": "acme-os-migration", "move.indices": "*",
}

// answersOf are answers as a file has them.
func answersOf(t *testing.T, said map[Key]string) *Answers {
	t.Helper()
	d := &spec.Draft{}
	for k, v := range said {
		if e := d.Set(k, v); e != nil {
			t.Fatal(e)
		}
	}
	return New(d, today)
}

// TestEnter: a text becomes the answer where nothing gets worse by it, and where it does
// not all answers are as they were.
func TestEnter(t *testing.T) {
	key := "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	for name, c := range map[string]struct {
		said map[Key]string
		more func(*Answers)
		q    Question
		raw  string
		then func(*Answers)
		wrong,
		want string
	}{
		"among all":          {said: whole, q: Question{Key: "bucket.name", Kind: Text}, raw: " acme-two ", want: "acme-two"},
		"the first":          {q: Question{Key: "source.account", Kind: Text}, raw: "111111111111", want: "111111111111"},
		"no answer":          {said: whole, q: Question{Key: "bucket.name", Kind: Text}, raw: "Acme", wrong: "bucket.name", want: "acme-os-migration"},
		"not what was found": {said: whole, q: Question{Key: "source.region", Kind: Text, Only: "eu-west-1"}, raw: "us-east-1", wrong: "source.region", want: "eu-west-1"},
		"another's error":    {said: whole, more: func(a *Answers) { a.Amend("bucket.kms_key", key) }, q: Question{Key: "source.region", Kind: Text}, raw: "us-east-1", wrong: "bucket.kms_key", want: "eu-west-1"},
		"an error there was": {said: whole, more: func(a *Answers) { a.Amend("bucket.kms_key", "nothing") }, q: Question{Key: "source.domain", Kind: Text}, raw: "logs-two", want: "logs-two"},
		"half of it":         {said: whole, more: func(a *Answers) { a.Amend("move.more", Yes) }, q: Question{Key: renamePattern, Kind: Text}, raw: "logs-(.+)", wrong: string(renameReplacement)},
		"asked no more":      {said: whole, q: Question{Key: renamePattern, Kind: Text}, raw: "logs-(.+)", wrong: string(renamePattern)},
		"found of others":    {said: whole, q: Question{Key: "source.region", Kind: Text}, raw: "eu-west-2", then: func(a *Answers) { a.Amend("source.control.profile", "other") }, wrong: "source.region", want: "eu-west-1"},
		"with nothing found": {said: whole, q: Question{Key: "bucket.name", Kind: Text}, raw: "acme-two", then: func(a *Answers) { a.Amend("source.control.profile", "other") }, want: "acme-two"},
		"tags":               {said: whole, more: func(a *Answers) { a.Amend("domains.more", Yes) }, q: Question{Key: "source.role.tags", Kind: List}, raw: "team=search", want: "team=search"},
		"under another goal": {said: whole, more: func(a *Answers) { a.Amend(Goal, GoalExplain) }, q: Question{Key: "bucket.name", Kind: Text}, raw: "acme-two", want: "acme-two"},
	} {
		t.Run(name, func(t *testing.T) {
			a := answersOf(t, c.said)
			if c.more != nil {
				c.more(a)
			}
			a.Begin(c.q, c.raw)
			if c.then != nil {
				c.then(a)
			}
			before := string(a.Draft().WriteAnswers())
			list := a.Unentered()
			if len(list) != 1 || list[0].Key != c.q.Key {
				t.Fatalf("unentered: %+v", list)
			}
			e := a.Enter(list[0])
			if wrong := field(e); wrong != c.wrong || a.Get(c.q.Key) != c.want {
				t.Errorf("%v at %q, the answer is %q", e, wrong, a.Get(c.q.Key))
			}
			if after := string(a.Draft().WriteAnswers()); e != nil && after != before {
				t.Error(cmp.Diff(before, after))
			}
			if a.Forget(c.q.Key); len(a.Unentered()) != 0 {
				t.Errorf("still there: %+v", a.Unentered())
			}
		})
	}
}

func field(e *steps.Error) string {
	if e == nil {
		return ""
	}
	return e.Field
}

// TestRepeatable: what may be a secret is not shown again, wherever it was typed.
func TestRepeatable(t *testing.T) {
	const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	for raw, want := range map[string]bool{"acme-two": true, "Acme_OS": true, key: false} {
		for _, at := range []Key{"bucket.name", "source.role.tags"} {
			if got := (Unentered{Question: Question{Key: at}, Raw: raw}).Repeatable(); got != want {
				t.Errorf("%s: %q: %v", at, raw, got)
			}
		}
	}
	a := answersOf(t, whole)
	if a.Begin(Question{Key: "source.control.keys.secret", Kind: Secret}, key); len(a.Unentered()) != 0 {
		t.Error("a secret is remembered")
	}
}
