package steps

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDigestIsOfWhatIsDone(t *testing.T) {
	base := samplePlan().Digest()
	for _, tt := range []struct {
		name string
		edit func(*Plan)
		same bool
	}{
		{"nothing", func(*Plan) {}, true},
		{"counts and sizes", func(p *Plan) { p.Moves[0].Docs, p.Moves[0].Bytes = 99, 99 }, true},
		{"the estimate", func(p *Plan) { p.Estimate.Bytes = 5; p.Stays = []Stay{{What: "index"}} }, true},
		{"the run", func(p *Plan) { p.RunID = "run-2" }, true},
		{"the words", func(p *Plan) { p.Steps[0].Title = T("Another") }, true},
		{"a document", func(p *Plan) { p.Steps[0].Changes[0].After = `{"a":2}` }, false},
		{"where it begins", func(p *Plan) { p.Steps[0].Changes[0].Before = `{}` }, false},
		{"the scope of an act", func(p *Plan) { p.Steps[1].Changes[0].After = `["i","j"]` }, false},
		{"a verb", func(p *Plan) { p.Steps[1].Changes[0].Verb = Exists }, false},
		{"a step less", func(p *Plan) { p.Steps = p.Steps[:1] }, false},
		{"the order", func(p *Plan) { slices.Reverse(p.Steps) }, false},
		{"what moves", func(p *Plan) { p.Moves[0].As = "j" }, false},
		{"the purpose", func(p *Plan) { p.Purpose = Undo }, false},
	} {
		p := samplePlan()
		tt.edit(&p)
		if (p.Digest() == base) != tt.same {
			t.Errorf("%s: same digest %v", tt.name, !tt.same)
		}
	}
}

func TestWhatAnApprovalCovers(t *testing.T) {
	bucket := samplePlan().Steps[0].Changes[0]
	with := func(before, after Doc) Change {
		return NewChange(bucket.Step, bucket.Ref, before, after, Text{})
	}
	for _, tt := range []struct {
		name    string
		history []any
		next    Change
		covered bool
	}{
		{"the same", nil, bucket, true},
		{"it has become so", nil, with(bucket.After, bucket.After), true},
		{"another end", nil, with("", `{"a":2}`), false},
		{"another beginning", nil, with(`{"b":1}`, bucket.After), false},
		{"half done by our own intent", []any{ChangeIntended{Change: bucket}}, with(`{}`, bucket.After), true},
		{"half done and edited", []any{ChangeIntended{Change: bucket}}, with(`{"b":1}`, bucket.After), false},
		{"half done, another end", []any{ChangeIntended{Change: bucket}}, with(`{"b":1}`, `{"b":1,"a":1}`), false},
		{"edited after it was made", []any{ChangeIntended{Change: bucket}, ChangeMade{ID: bucket.ID}}, with(`{"b":1}`, bucket.After), false},
		{"a new thing", nil, NewChange("bucket", Ref{Kind: KindRole, Name: "r"}, "", "x", Text{}), false},
		{"a new thing that is so", nil, NewChange("bucket", Ref{Kind: KindRole, Name: "r"}, "x", "x", Text{}), true},
		{"a proof", nil, NewAct("verify", Ref{Kind: KindProof}, "", Text{}), true},
	} {
		s := fold(planned(), append([]any{StepID("bucket")}, tt.history...)...)
		p := Plan{Steps: []StepPlan{{ID: "bucket", Changes: []Change{tt.next}}}}
		open := s.Uncovered(p)
		if (len(open) == 0) != tt.covered {
			t.Errorf("%s: covered %v", tt.name, !tt.covered)
		}
	}
}

func TestFilledHolesAreCovered(t *testing.T) {
	c := NewChange("share-key", Ref{Kind: KindKeyPolicy, Name: "k"}, "", Doc(`{"key":"`+HoleMark("key")+`"}`), Text{})
	p := Plan{Steps: []StepPlan{{ID: "share-key", Changes: []Change{c}}}}
	s := fold(&State{}, PlanMade{Plan: p, Digest: p.Digest()}, Approved{Digest: p.Digest()}, ChangeMade{Filled: map[string]string{"key": "k-1"}})
	next := p
	filled := c
	filled.After = `{"key":"k-1"}`
	next.Steps = []StepPlan{{ID: "share-key", Changes: []Change{filled}}}
	if open := s.Uncovered(next); len(open) > 0 {
		t.Errorf("uncovered %v", open)
	}
}

func TestHolesOfADocument(t *testing.T) {
	d := Doc(`{"a":"{{hole:x}}","b":"arn:{{hole:y}}/{{hole:x}}"}`)
	got := d.Fill(map[string]string{"x": `q"<`, "z": "unused"})
	if diff := cmp.Diff(Doc(`{"a":"q\"<","b":"arn:{{hole:y}}/q\"<"}`), got); diff != "" {
		t.Error(diff)
	}
	if got.Open() != "y" || got.Fill(map[string]string{"y": "1"}).Open() != "" || Doc("{}").Open() != "" {
		t.Errorf("open: %q", got.Open())
	}
}

func TestVerbsAndMutation(t *testing.T) {
	ref := Ref{Kind: KindRole, Side: Target, Name: "r", In: "x"}
	for _, tt := range []struct {
		before, after Doc
		want          Verb
		mutates       bool
	}{{"", "a", Create, true}, {"a", "b", Modify, true}, {"a", "", Delete, true}, {"a", "a", Exists, false}, {"", "", Exists, false}} {
		c := NewChange("s", ref, tt.before, tt.after, Text{})
		if c.Verb != tt.want || c.Mutates() != tt.mutates || c.ID != "s/role target r in x" {
			t.Errorf("%+v", c)
		}
	}
	p := samplePlan()
	if diff := cmp.Diff(map[Verb]int{Create: 1, Act: 1}, p.Counts()); diff != "" {
		t.Error(diff)
	}
	if _, ok := p.Change("nothing"); ok {
		t.Error("found a change that is not there")
	}
}
