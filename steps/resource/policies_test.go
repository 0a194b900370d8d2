package resource

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/policy"
	"snapferry/steps"
)

func parsed(t *testing.T, text string) policy.Document {
	t.Helper()
	d, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestOneDocumentForOneMeaning: shapes in which AWS gives one document back.
func TestOneDocumentForOneMeaning(t *testing.T) {
	sent := `{"Version":"2012-10-17","Statement":[
	  {"Sid":"A","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:root","arn:aws:iam::444455556666:role/r"]},"Action":["s3:PutObject","s3:GetObject"],"Resource":["b","a","a"]},
	  {"Sid":"B","Effect":"Deny","Principal":"*","Action":["s3:*"],"Resource":["c"],"Condition":{"Bool":{"aws:SecureTransport":["false"]}}}]}`
	want := PolicyDoc(parsed(t, sent))
	for _, back := range []string{
		`{"Statement":[{"Effect":"Deny","Sid":"B","Principal":{"AWS":"*"},"Action":"s3:*","Resource":"c","Condition":{"Bool":{"aws:SecureTransport":"false"}}},
		  {"Sid":"A","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/r","111122223333"]},"Action":["s3:GetObject","s3:PutObject"],"Resource":["a","b"]}],"Version":"2012-10-17"}`,
	} {
		if diff := cmp.Diff(string(want), string(PolicyDoc(parsed(t, back)))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	for _, other := range []string{strings.Replace(sent, "s3:PutObject", "s3:DeleteObject", 1), strings.Replace(sent, `"Deny"`, `"Allow"`, 1), strings.Replace(sent, "4444", "4445", 1), strings.Replace(sent, `"false"`, `"true"`, 1)} {
		if PolicyDoc(parsed(t, other)) == want {
			t.Errorf("another document looks the same:\n%s", other)
		}
	}
	if doc := PolicyDoc(parsed(t, string(want))); doc != want {
		t.Errorf("the normal form of the normal form is %s", doc)
	}
	if doc := PolicyDoc(policy.Document{Version: policy.Version2012}); doc.Exists() {
		t.Errorf("a policy without statements is %s", doc)
	}
	if d, err := ParsePolicy(steps.Absent); err != nil || !d.IsZero() {
		t.Errorf("the absent policy is %v, %v", d, err)
	}
}

// randomStatements are foreign statements, some without a Sid, none of ours.
func randomStatements(rng *rand.Rand) []policy.Statement {
	var list []policy.Statement
	for n := range rng.IntN(4) {
		s := statement("", "s3:"+string(rune('A'+rng.IntN(26)))+"x", everybody)
		if rng.IntN(2) == 0 {
			s.Sid = fmt.Sprintf("Theirs%d", n)
		}
		s.Resource = []string{fmt.Sprintf("arn:aws:s3:::b%d", rng.IntN(9))}
		list = append(list, s)
	}
	return list
}

// TestUnmergeIsTheInverse: whatever was there before, our change and its
// inverse leave exactly that, and what others added in between.
func TestUnmergeIsTheInverse(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := range 300 {
		before := policy.Document{Version: policy.Version2012, Statements: randomStatements(rng)}
		if len(before.Statements) == 0 {
			before = policy.Document{}
		}
		ours := []policy.Statement{statement("OursA", "s3:GetObject", everybody), statement("OursB", "s3:ListBucket", everybody)}
		if rng.IntN(3) == 0 && len(before.Statements) > 0 {
			// A statement of ours from an earlier run is replaced, not added.
			before.Statements = append(before.Statements, statement("OursA", "s3:Old", everybody))
		}
		after := before.Merge(ours...)
		want, ok, why := unmerge(PolicyDoc(after), PolicyDoc(before), PolicyDoc(after))
		if !ok || want != PolicyDoc(before) {
			t.Fatalf("round %d: %v %s\n got %s\nwant %s", n, ok, why, want, PolicyDoc(before))
		}
		foreign := statement("Later", "s3:PutObject", everybody)
		live := after.Merge(foreign)
		want, ok, why = unmerge(PolicyDoc(live), PolicyDoc(before), PolicyDoc(after))
		if !ok || want != PolicyDoc(before.Merge(foreign)) {
			t.Fatalf("round %d, with a foreign edit: %v %s\n got %s\nwant %s", n, ok, why, want, PolicyDoc(before.Merge(foreign)))
		}
		if again, ok, _ := unmerge(want, PolicyDoc(before), PolicyDoc(after)); !ok || again != want {
			t.Fatalf("round %d: taken back twice:\n got %s\nwant %s", n, again, want)
		}
	}
}

func TestUnmergeLeavesWhatWasEdited(t *testing.T) {
	before, ours := document(statement("Theirs", "s3:*", everybody)), statement("Ours", "s3:GetObject", everybody)
	after := document(statement("Theirs", "s3:*", everybody), ours)
	edited := ours
	edited.Action = []string{"s3:PutObject"}
	live := document(statement("Theirs", "s3:*", everybody), edited)
	if want, ok, why := unmerge(live, before, after); ok || want != live || !strings.Contains(why.String(), "Ours") {
		t.Errorf("%v %q: %s", ok, why, want)
	}
	if _, ok, why := unmerge("no json", before, after); ok || why.IsZero() {
		t.Error("an unreadable document was taken back")
	}
}

// TestPatchKeepsForeignBytes: layout, unknown elements and odd spellings of
// others' statements survive our writing byte for byte.
func TestPatchKeepsForeignBytes(t *testing.T) {
	foreign := []string{
		`{ "Effect":"Allow",  "Sid":"Theirs","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"S3:getobject","Resource":"arn:aws:s3:::b/*" }`,
		`{"Effect":"Deny","Principal":"*","NotAction":["s3:Get*"],"Resource":["arn:aws:s3:::b"],"Condition":{"Bool":{"aws:SecureTransport":false}}}`,
		`{"Sid":"Odd","Effect":"Allow","Wibble":[1,2],"Principal":"*","Action":"s3:List*","Resource":"*"}`,
	}
	raw := `{"Version":"2008-10-17","Id":"x","Statement":[` + strings.Join(foreign, ",\n ") + `]}`
	live := parsed(t, raw)
	before := PolicyDoc(live)
	after := PolicyDoc(parsed(t, string(before)).Merge(statement("Ours", "s3:GetObject", everybody)))
	written, err := patch(live, before, after)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range foreign {
		if !strings.Contains(string(written.Bytes()), f) {
			t.Errorf("lost %s\nwritten %s", f, written.Bytes())
		}
	}
	if PolicyDoc(written) != after {
		t.Errorf("written %s\n   want %s", PolicyDoc(written), after)
	}
	back, err := patch(written, after, before)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(back.Bytes(), live.Bytes()) {
		t.Errorf("taken back %s\n      it was %s", back.Bytes(), live.Bytes())
	}
	// A statement somebody added between planning and writing survives too.
	late := parsed(t, strings.Replace(raw, `"Statement":[`, `"Statement":[{"Sid":"Late","Effect":"Allow","Principal":"*","Action":"s3:X","Resource":"*"},`, 1))
	written, err = patch(late, before, after)
	if err != nil || !strings.Contains(string(written.Bytes()), `"Late"`) || !strings.Contains(string(written.Bytes()), `"Ours"`) {
		t.Errorf("%v: %s", err, written.Bytes())
	}
	if _, err := patch(live, "no json", after); err == nil {
		t.Error("an unreadable Before was taken")
	}
	if _, err := patch(live, before, "no json"); err == nil {
		t.Error("an unreadable After was taken")
	}
}
