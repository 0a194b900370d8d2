package policy

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// FuzzParse: whatever is taken can be written and read again with the same
// meaning, every statement keeps its bytes, and our own statement put in and
// taken out again leaves no trace.
func FuzzParse(f *testing.F) {
	f.Add([]byte(document(theirs, unnamed)))
	f.Add([]byte(`{"Statement":{"Effect":"Deny","NotAction":[],"NotPrincipal":{"AWS":"AROA"},"Condition":{"Null":{"A":true,"a":1e2}},"X":{"b":[1]}},"Y":null,"Id":"é\u0000"}`))
	f.Add([]byte(`{"Statement":[{"Effect":"Allow","Action":"*","Sid":"SnapferryShare"},{"Effect":"Allow","Action":"*","Sid":"SnapferryShare"}]}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := Parse(src)
		if err != nil {
			return
		}
		if !d.IsZero() {
			back, err := Parse(d.Bytes())
			if err != nil || back.Canonical() != d.Canonical() {
				t.Fatalf("%s\nis written %s\n%v", src, d.Bytes(), err)
			}
		}
		var foreign []string
		for _, s := range d.Statements {
			if !bytes.Contains(src, s.bytes()) {
				t.Fatalf("a foreign statement is written anew: %s", s.bytes())
			}
			if s.Sid != "SnapferryShare" {
				foreign = append(foreign, string(s.bytes()))
			}
		}
		if len(d.Statements) > 0 && !bytes.Equal(d.Bytes(), src) {
			t.Fatalf("%s\nis written %s", src, d.Bytes())
		}
		ours := share("111122223333")
		merged := d.Merge(ours)
		if !inOrder(merged.Bytes(), foreign) {
			t.Fatalf("%s\nloses a statement by merging: %s", src, merged.Bytes())
		}
		if taken := Unmerge(merged, d, merged); taken.Canonical() != d.Canonical() || string(taken.Bytes()) != string(d.Bytes()) {
			t.Fatalf("%s\nafter merge and unmerge %s", d.Bytes(), taken.Bytes())
		}
		if !diffFits(Diff(d, merged), d.Equal(merged)) {
			t.Fatalf("%s\nand\n%s\ndiffer by\n%s", d.Bytes(), merged.Bytes(), show(Diff(d, merged)))
		}
	})
}

// diffFits says that there is a change to see exactly when there is one.
func diffFits(lines []Line, equal bool) bool {
	for _, l := range lines {
		if l.Kind != LineContext {
			return !equal
		}
	}
	return equal
}

// FuzzGlob compares the matcher with regular expressions.
func FuzzGlob(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add("**?*", "")
	f.Add("arn:aws:s3:::b/*", "arn:aws:s3:::b/x:y")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		pattern, s = strings.ToValidUTF8(pattern, "x"), strings.ToValidUTF8(s, "x")
		if len(pattern) > 60 || strings.Contains(pattern, "${") {
			return
		}
		var b strings.Builder
		b.WriteString(`(?s)\A`)
		for _, r := range pattern {
			switch r {
			case '*':
				b.WriteString(".*")
			case '?':
				b.WriteString(".")
			default:
				b.WriteString(regexp.QuoteMeta(string(r)))
			}
		}
		want := regexp.MustCompile(b.String() + `\z`).MatchString(s)
		g, known := (&asked{variables: true}).compile(pattern, true)
		if known != yes || g.match(s) != want {
			t.Fatalf("%q against %q: %v, want %v", pattern, s, !want, want)
		}
		if plain, _ := (&asked{}).compile(pattern, false); plain.match(s) != (pattern == s) {
			t.Fatalf("%q as letters against %q", pattern, s)
		}
	})
}

func TestManyStarsAreQuick(t *testing.T) {
	g, _ := (&asked{}).compile(strings.Repeat("*a", 200)+"b", true)
	if g.match(strings.Repeat("a", 20000)) {
		t.Error("there is no b")
	}
}

func TestVariables(t *testing.T) {
	a := newAsked(Request{
		Context:        map[string][]string{"k:one": {"1"}, "k:two": {"1", "2"}, "k:star": {"*"}, "k:colon": {"a:b"}},
		ContextUnknown: []string{"k:doubt"},
	})
	a.variables = true
	for _, c := range []struct {
		value, resource string
		want            truth
		ok              bool
	}{
		{"arn:aws:s3:::b/${k:one}", "arn:aws:s3:::b/1", yes, true},
		{"arn:aws:s3:::b/${K:ONE}*", "arn:aws:s3:::b/12", yes, true},
		{"arn:aws:s3:::b/${k:star}", "arn:aws:s3:::b/x", no, true},
		{"arn:aws:s3:::b/${k:star}", "arn:aws:s3:::b/*", yes, true},
		{"arn:aws:s3:::b/${k:colon}", "arn:aws:s3:::b/a:b", yes, true},
		{"arn:aws:s3:::b/${k:two}", "arn:aws:s3:::b/1", unsure, true},
		{"arn:aws:s3:::b/${k:doubt}", "arn:aws:s3:::b/1", unsure, true},
		{"arn:aws:s3:::b/${k:doubt}", "arn:aws:s3:::c/1", no, true},
		{"arn:aws:s3:::b/${k:none}", "arn:aws:s3:::b/", no, false},
		{"arn:aws:s3:::b/${k:none, 'x y'}", "arn:aws:s3:::b/x y", yes, true},
		{"arn:aws:s3:::b/${k:one", "arn:aws:s3:::b/${k:one", yes, true},
		{"arn:aws:s3:::b/${*}${?}${$}", "arn:aws:s3:::b/*?$", yes, true},
		{"arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x", no, true},
		{"arn:aws:${k:one}:::b", "arn:aws:1:::b", unsure, true},
		{"${k:star}", "arn:aws:s3:::b", no, true},
		{"*", "*", yes, true},
		{"arn:*", "arn:aws:s3:::b", yes, true},
		{"a*", "arn:aws:s3:::b", yes, true},
		{"arn:aws:*:b", "arn:aws:s3:::b", unsure, true},
	} {
		a.Resource = c.resource
		got, ok := a.oneResource(c.value)
		if got != c.want || ok != c.ok {
			t.Errorf("%s for %s: %v, %v; want %v, %v", c.value, c.resource, got, ok, c.want, c.ok)
		}
	}
}
