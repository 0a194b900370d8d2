package resource

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/account"
	"snapferry/steps"
)

// back is one case of Takeback; keep is a piece of the reason where nothing may
// be touched.
type back struct {
	name                string
	live, before, after steps.Doc
	want                steps.Doc
	keep                string
}

func checkBacks(t *testing.T, kind steps.Kind, cases []back) {
	t.Helper()
	k := All(nil, Options{})[kind]
	for _, c := range cases {
		want, ok, why := k.Takeback(c.live, c.before, c.after)
		switch {
		case c.keep != "" && (ok || want != c.live || !strings.Contains(why.String(), c.keep)):
			t.Errorf("%s %s: ok %v, why %q, want %s; should be kept: %s", kind, c.name, ok, why, want, c.keep)
		case c.keep == "" && (!ok || !why.IsZero()):
			t.Errorf("%s %s: kept: %s", kind, c.name, why)
		case c.keep == "":
			if diff := cmp.Diff(string(c.want), string(want)); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", kind, c.name, diff)
			}
		}
	}
}

func role(change func(*Role)) steps.Doc {
	r := sampleRole()
	change(&r)
	return r.Doc()
}

func asIs(*Role) {}

func TestRoleTakeback(t *testing.T) {
	made := role(asIs)
	theirs := document(statement("Theirs", "s3:*"))
	adopted := func(r *Role) { // a role that was there, without anything of ours
		r.Tags, r.Trust = map[string]string{"team": "x"}, document(statement("Theirs", "sts:AssumeRole", everybody))
		r.Inline = map[string]steps.Doc{"theirs": theirs}
	}
	merged := func(r *Role) {
		adopted(r)
		r.Trust = document(statement("Theirs", "sts:AssumeRole", everybody), statement("Ours", "sts:AssumeRole", everybody))
		r.Inline = map[string]steps.Doc{"theirs": theirs, "snapferry-snapshot": document(statement("Ours", "s3:Get*"))}
		r.Tags = map[string]string{"team": "y", TagRun: "r-1"}
	}
	checkBacks(t, steps.KindRole, []back{
		{name: "made", live: made, after: made, want: ""},
		{name: "made and gone", live: "", after: made, want: ""},
		{name: "made by halves", live: role(func(r *Role) { r.Inline = nil }), after: made, want: ""},
		{name: "of another run", live: role(func(r *Role) { r.Tags = map[string]string{TagRun: "r-2"} }), after: made, keep: "mark"},
		{name: "without a mark", live: role(func(r *Role) { r.Tags = nil }), after: role(func(r *Role) { r.Tags = nil }), keep: "mark"},
		{name: "made again elsewhere", live: role(func(r *Role) { r.ARN = "arn:aws:iam::111122223333:role/Snap" }), after: made, keep: "another role"},
		{name: "with attached policies", live: role(func(r *Role) { r.Attached = []string{"arn:aws:iam::aws:policy/X"} }), after: made, keep: "attached"},
		{name: "with another trust", live: role(func(r *Role) { r.Trust = theirs }), after: made, keep: "trust"},
		{name: "with another inline policy", live: role(func(r *Role) { r.Inline["theirs"] = theirs }), after: made, keep: "theirs"},
		{name: "with ours edited", live: role(func(r *Role) { r.Inline["snapferry-snapshot"] = theirs }), after: made, keep: "snapferry-snapshot"},
		{name: "unreadable", live: "no json", after: made, keep: "read"},
		{name: "merged", live: role(merged), before: role(adopted), after: role(merged), want: role(adopted)},
		{name: "merged, tag set by others since", live: role(func(r *Role) { merged(r); r.Tags["team"] = "z" }), before: role(adopted), after: role(merged), want: role(func(r *Role) { adopted(r); r.Tags["team"] = "z" })},
		{name: "merged, others added since", live: role(func(r *Role) {
			merged(r)
			r.Inline["later"] = theirs
			r.Trust = document(statement("Theirs", "sts:AssumeRole", everybody), statement("Ours", "sts:AssumeRole", everybody), statement("Later", "sts:AssumeRole", everybody))
		}), before: role(adopted), after: role(merged), want: role(func(r *Role) {
			adopted(r)
			r.Inline["later"] = theirs
			r.Trust = document(statement("Theirs", "sts:AssumeRole", everybody), statement("Later", "sts:AssumeRole", everybody))
		})},
		{name: "merged, ours edited", live: role(func(r *Role) {
			merged(r)
			r.Inline["snapferry-snapshot"] = document(statement("Ours", "s3:Put*"))
		}), before: role(adopted), after: role(merged), keep: "Ours"},
		{name: "merged, our trust edited", live: role(func(r *Role) {
			merged(r)
			r.Trust = document(statement("Ours", "sts:TagSession", everybody))
		}), before: role(adopted), after: role(merged), keep: "Ours"},
	})
}

func bucket(change func(*Bucket)) steps.Doc {
	b := sampleBucket()
	change(&b)
	return b.Doc()
}

func TestBucketTakeback(t *testing.T) {
	same := func(*Bucket) {}
	made := bucket(same)
	open := account.PublicAccessBlock{}
	adopted := func(b *Bucket) {
		b.Tags, b.Encryption, b.Block, b.Ownership = nil, &account.Encryption{Algorithm: "AES256"}, &open, account.ObjectWriter
	}
	checkBacks(t, steps.KindBucket, []back{
		{name: "made", live: made, after: made, want: ""},
		{name: "made and gone", live: "", after: made, want: ""},
		{name: "made, setting changed since", live: bucket(func(b *Bucket) { b.Encryption = nil }), after: made, want: ""},
		{name: "of another run", live: bucket(func(b *Bucket) { b.Tags[TagRun] = "r-2" }), after: made, keep: "mark"},
		{name: "without a mark", live: bucket(func(b *Bucket) { b.Tags = nil }), after: made, keep: "mark"},
		{name: "another account's", live: bucket(func(b *Bucket) { b.Owner = account.Theirs }), after: made, keep: "another account"},
		{name: "unreadable", live: made, before: "no json", after: made, keep: "read"},
		{name: "changed", live: made, before: bucket(adopted), after: made, want: bucket(adopted)},
		{name: "changed, encryption set by others since", live: bucket(func(b *Bucket) { b.Encryption = &account.Encryption{Algorithm: "aws:kms", KeyARN: "k2"} }), before: bucket(adopted), after: made, want: bucket(func(b *Bucket) {
			adopted(b)
			b.Encryption = &account.Encryption{Algorithm: "aws:kms", KeyARN: "k2"}
		})},
	})
}

func TestRepositoryTakeback(t *testing.T) {
	ours := Repository{Type: "s3", Settings: map[string]string{"bucket": "b"}}.Doc()
	other := Repository{Type: "s3", Settings: map[string]string{"bucket": "c"}}.Doc()
	checkBacks(t, steps.KindRepository, []back{
		{name: "made", live: ours, after: ours, want: ""},
		{name: "made and gone", live: "", after: ours, want: ""},
		{name: "changed by others since", live: other, after: ours, keep: "changed"},
		{name: "changed by us", live: ours, before: other, after: ours, want: other},
		{name: "removed by others since", live: "", before: other, after: ours, keep: "removed"},
	})
}

func TestPolicyTakeback(t *testing.T) {
	theirs, ours := statement("Theirs", "s3:*", everybody), statement("Ours", "s3:Get*", everybody)
	for _, kind := range []steps.Kind{steps.KindBucketPolicy, steps.KindAccessPolicy, steps.KindKeyPolicy, steps.KindSignerGrant} {
		checkBacks(t, kind, []back{
			{name: "made", live: document(ours), after: document(ours), want: ""},
			{name: "made, others added", live: document(ours, theirs), after: document(ours), want: document(theirs)},
			{name: "merged", live: document(ours, theirs), before: document(theirs), after: document(ours, theirs), want: document(theirs)},
			{name: "gone", live: "", after: document(ours), want: ""},
		})
	}
}

// TestTakebackIsTheInverse: for every sample, taking back at once gives what was.
func TestTakebackIsTheInverse(t *testing.T) {
	for name, c := range samples() {
		if !c.After.Exists() {
			continue
		}
		want, ok, why := All(nil, Options{})[c.Ref.Kind].Takeback(c.After, c.Before, c.After)
		if c.Ref.Kind == steps.KindRole && c.Before.Exists() {
			continue // the sample drops a policy of others, which no step ever does
		}
		if !ok || want != c.Before {
			t.Errorf("%s: %v %s\n got %s\nwant %s", name, ok, why, want, c.Before)
		}
	}
}

func TestDocuments(t *testing.T) {
	r := sampleRole()
	got, ok, err := ParseRole(r.Doc())
	if diff := cmp.Diff(r, got); diff != "" || !ok || err != nil {
		t.Errorf("role read back: %v %v\n%s", ok, err, diff)
	}
	b := sampleBucket()
	gotB, ok, err := ParseBucket(b.Doc())
	if diff := cmp.Diff(b, gotB); diff != "" || !ok || err != nil {
		t.Errorf("bucket read back: %v %v\n%s", ok, err, diff)
	}
	p := Repository{Type: "s3", Settings: map[string]string{"bucket": "b", "readonly": "false"}}
	gotP, ok, err := ParseRepository(p.Doc())
	if diff := cmp.Diff(Repository{Type: "s3", Settings: map[string]string{"bucket": "b"}}, gotP); diff != "" || !ok || err != nil {
		t.Errorf("repository read back: %v %v\n%s", ok, err, diff)
	}
	if p.Settings["readonly"] == "" {
		t.Error("making a document changed the value it was made of")
	}
	if _, ok, err := ParseRole(steps.Absent); ok || err != nil {
		t.Errorf("the absent role: %v %v", ok, err)
	}
	if _, _, err := ParseBucket(`{"regoin":"x"}`); err == nil {
		t.Error("a field that would be lost was taken")
	}
	if doc := canonical(map[string]any{"b": "<&>", "a": 12345678901234567}); doc != `{"a":12345678901234567,"b":"<&>"}` {
		t.Errorf("canonical form %s", doc)
	}
}
