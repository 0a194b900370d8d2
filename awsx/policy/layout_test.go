package policy

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// scribe writes policies as other people do: in any order, with odd numbers,
// unknown elements and blanks everywhere.
type scribe struct{ *rand.Rand }

func (w scribe) pick(of ...string) string { return of[w.IntN(len(of))] }
func (w scribe) blank() string            { return w.pick("", "", " ", "\n  ", "\t", "\r\n") }

func (w scribe) object(members ...string) string {
	w.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	for i, m := range members {
		name, value, _ := strings.Cut(m, "=")
		members[i] = w.blank() + `"` + name + `"` + w.blank() + ":" + w.blank() + value + w.blank()
	}
	return "{" + strings.Join(members, ",") + "}"
}

func (w scribe) statement(n int) string {
	members := []string{
		"Effect=" + w.pick(`"Allow"`, `"Deny"`, `"\u0041llow"`), "Action=" + w.pick(`"s3:*"`, `[ "S3:getObject" ,"a:b"]`, `[]`),
		"Resource=" + w.pick(`"*"`, `["arn:aws:s3:::b", "arn:aws:s3:::b/\u002a"]`),
	}
	if n > 8 || w.IntN(3) > 0 {
		members = append(members, fmt.Sprintf(`Sid="Theirs %d"`, n))
	}
	if w.IntN(2) > 0 {
		members = append(members, "Principal="+w.pick(`"*"`, `{"AWS": ["111122223333","AROAXXXXXXXXXXXXXXXXX"]}`, `{"Service":"es.amazonaws.com" }`))
	}
	if w.IntN(2) > 0 {
		members = append(members, "Condition="+w.pick(`{"NumericLessThan":{"s3:max-keys":1.50e1}}`, `{ "Bool" : {"aws:SecureTransport":false} }`, `{"Null":{"a:B":true,"a:b":[ "x" ]}}`))
	}
	if w.IntN(4) == 0 {
		members = append(members, "Purpose="+w.pick(`1.0`, `-0`, `12345678901234567890`, `{"z":1, "a":[null]}`))
	}
	return w.object(members...)
}

// policy gives the text of a document and of its statements.
func (w scribe) policy() (string, []string) {
	var statements []string
	for n := range 1 + w.IntN(4) {
		statements = append(statements, w.statement(n))
	}
	var list []string
	for _, s := range statements {
		list = append(list, w.blank()+s+w.blank())
	}
	members := []string{"Statement=[" + strings.Join(list, ",") + "]"}
	if w.IntN(5) > 0 {
		members = append(members, "Version="+w.pick(`"2012-10-17"`, `"2008-10-17"`))
	}
	if w.IntN(3) == 0 {
		members = append(members, `Id="key \u00e9"`)
	}
	if w.IntN(4) == 0 {
		members = append(members, `Comment=[1.0,  {"b":2,"a":1}]`)
	}
	return w.blank() + w.object(members...) + w.blank(), statements
}

// inOrder says whether the parts stand in text, each after the one before.
func inOrder(text []byte, parts []string) bool {
	for _, p := range parts {
		i := bytes.Index(text, []byte(p))
		if i < 0 {
			return false
		}
		text = text[i+len(p):]
	}
	return true
}

// TestNobodySeesThatWeWereThere: what others wrote stands byte for byte and in
// their order while our statements are in, and not a blank has changed when they
// are out again, whoever wrote in between.
func TestNobodySeesThatWeWereThere(t *testing.T) {
	for seed := range uint64(300) {
		w := scribe{rand.New(rand.NewPCG(seed, 1))}
		src, theirs := w.policy()
		before := mustParse(t, src)
		if string(before.Bytes()) != src {
			t.Fatalf("seed %d: %s\nis written %s", seed, src, before.Bytes())
		}
		live := before
		for n := range 1 + w.IntN(3) {
			// Every write goes out as bytes and comes back parsed.
			live = mustParse(t, string(live.Merge(share(fmt.Sprint(n)), list(fmt.Sprintf("SnapferryList%d", n))).Bytes()))
		}
		if !inOrder(live.Bytes(), theirs) {
			t.Fatalf("seed %d: merged, their statements are not as they were\n%s\n%s", seed, src, live.Bytes())
		}
		mine := mustParse(t, string(live.Bytes()))
		if w.IntN(2) > 0 {
			added := w.statement(9)
			live = mustParse(t, string(live.Merge(mustParse(t, document(added)).Statements...).Bytes()))
			theirs = append(theirs, added)
		}
		left := Unmerge(live, before, mine)
		if !inOrder(left.Bytes(), theirs) || strings.Contains(string(left.Bytes()), "Snapferry") {
			t.Fatalf("seed %d: taken back, their statements are not as they were\n%s\n%s", seed, src, left.Bytes())
		}
		if live.Equal(mine) && string(left.Bytes()) != src {
			t.Fatalf("seed %d: nobody wrote since, and it is not as before\n%q\n%q", seed, src, left.Bytes())
		}
	}
}

func TestLayoutOfAListIsKept(t *testing.T) {
	ours, more := string(share("1").bytes()), string(list("SnapferryList").bytes())
	for name, c := range map[string]struct{ before, with, without string }{
		"indented":       {"{\n \"Statement\": [\n  " + theirs + "\n ]\n}", "{\n \"Statement\": [\n  " + theirs + ",\n  " + ours + ",\n  " + more + "\n ]\n}", ""},
		"compact":        {`{"Statement":[` + theirs + `]}`, `{"Statement":[` + theirs + `,` + ours + `,` + more + `]}`, ""},
		"blank at comma": {`{"Statement":[` + unnamed + ` , ` + theirs + `]}`, `{"Statement":[` + unnamed + ` , ` + theirs + `, ` + ours + `, ` + more + `]}`, ""},
		"one object":     {`{"Statement": ` + theirs + `}`, `{"Statement": [` + theirs + `,` + ours + `,` + more + `]}`, `{"Statement": [` + theirs + `]}`},
	} {
		d := mustParse(t, c.before)
		with := d.Merge(share("1"), list("SnapferryList"))
		if string(with.Bytes()) != c.with {
			t.Errorf("%s: with ours\n got %q\nwant %q", name, with.Bytes(), c.with)
		}
		if c.without == "" {
			c.without = c.before
		}
		read := mustParse(t, c.with)
		if got := string(read.Without("SnapferryList", "SnapferryShare").Bytes()); got != c.without {
			t.Errorf("%s: without\n got %q\nwant %q", name, got, c.without)
		}
		if string(d.Bytes()) != c.before || string(read.Bytes()) != c.with {
			t.Errorf("%s: the document itself was changed", name)
		}
	}
}
