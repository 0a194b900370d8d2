package policy

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func mustParse(t *testing.T, s string) Document {
	t.Helper()
	d, err := Parse([]byte(s))
	if err != nil {
		t.Fatalf("%v in %s", err, s)
	}
	return d
}

func TestParseTakesEveryForm(t *testing.T) {
	one := Statement{Effect: EffectAllow, Action: []string{"s3:GetObject"}, Resource: []string{"*"}}
	with := func(change func(*Statement)) Statement { s := one; change(&s); return s }
	for name, c := range map[string]struct {
		statement string
		want      Statement
	}{
		"single strings": {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, one},
		"lists":          {`[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["*"]}]`, one},
		"any order":      {`{"Resource":"*","Action":"s3:GetObject","Effect":"Allow"}`, one},
		"empty list":     {`{"Effect":"Allow","Action":[],"Resource":"*"}`, with(func(s *Statement) { s.Action = []string{} })},
		"not action":     {`{"Effect":"Allow","NotAction":"s3:GetObject","Resource":"*"}`, with(func(s *Statement) { s.Action, s.NotAction = nil, []string{"s3:GetObject"} })},
		"not resource":   {`{"Effect":"Allow","Action":"s3:GetObject","NotResource":"*"}`, with(func(s *Statement) { s.Resource, s.NotResource = nil, []string{"*"} })},
		"sid":            {`{"Sid":"é","Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, with(func(s *Statement) { s.Sid = "é" })},
		"everybody":      {`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}`, with(func(s *Statement) { s.Principal = Everybody() })},
		"everybody AWS":  {`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"*"}`, with(func(s *Statement) { s.Principal = AWS("*") })},
		"principals": {
			`{"Effect":"Allow","NotPrincipal":{"AWS":["1","2"],"Service":"es.amazonaws.com"},"Action":"s3:GetObject","Resource":"*"}`,
			with(func(s *Statement) {
				s.NotPrincipal = Principals{"AWS": {"1", "2"}, "Service": {"es.amazonaws.com"}}
			}),
		},
		"conditions": {
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"a":true,"b":["x",false]},"NumericEquals":{"c":10.50}}}`,
			with(func(s *Statement) {
				s.Condition = Conditions{"Bool": {"a": {"true"}, "b": {"x", "false"}}, "NumericEquals": {"c": {"10.50"}}}
			}),
		},
	} {
		d := mustParse(t, `{"Version":"2012-10-17","Id":"i","Statement":`+c.statement+`}`)
		want := Document{Version: Version2012, ID: "i", Statements: []Statement{c.want}}
		if diff := cmp.Diff(want.Statements[0], d.Statements[0], cmpopts.IgnoreUnexported(Statement{}), cmp.Transformer("whole", whole)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if d.Version != want.Version || d.ID != want.ID || len(d.Statements) != 1 {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		in           string
		line, column int
		summary, fix string
	}{
		{"", 1, 1, "empty", "Statement"},
		{" \n\t", 1, 1, "empty", ""},
		{"%7B%22Version%22", 1, 1, "percent-encoded", "Decode"},
		{"{\"Statement\":\"\xff\"}", 1, 1, "UTF-8", ""},
		{"{\n  \"Version\": \"2012-10-17\"\n  \"Statement\": []\n}", 3, 3, "not valid JSON", "comma"},
		{`{"Statement":[]`, 1, 15, "not valid JSON", ""},
		{`{"Statement":[]} x`, 1, 18, "not valid JSON", ""},
		{`["x"]`, 1, 1, "not a JSON object", ""},
		{`{"Version":"2012-10-17"}`, 1, 1, "no Statement", "Add a Statement"},
		{`{"statements":[]}`, 1, 1, "no Statement", "Write Statement in place of statements"},
		{`{"Statement":"x"}`, 1, 14, "neither an object nor a list", ""},
		{"{\"Statement\":[\n {\"Effect\":\"Allow\",\"Action\":\"*\"},\n \"x\"]}", 3, 2, "a statement is not", ""},
		{`{"Version":2012,"Statement":[]}`, 1, 12, "Version is not a string", "quotes"},
		{`{"Version":"a","Version":"b","Statement":[]}`, 1, 16, "stands twice", ""},
		{"{\"Statement\":\n{\"Effect\":\"Allow\",\"Action\":\"*\",\n\"Action\":\"x\"}}", 3, 1, `"Action" stands twice`, ""},
		{`{"Statement":{"Effect":"Allow","Action":"*","Condition":{"Bool":{"a":"1","a":"2"}}}}`, 1, 74, `"a" stands twice`, ""},
		{`{"Statement":{"Action":"*"}}`, 1, 14, "no Effect", "Allow"},
		{`{"Statement":{"effect":"Allow","Action":"*"}}`, 1, 14, "no Effect", "Write Effect in place of effect"},
		{`{"Statement":{"Sid":"A","Effect":"allow","Action":"*"}}`, 1, 14, `"allow" is no Effect`, "capital"},
		{`{"Statement":{"Sid":"A","Effect":"Allow"}}`, 1, 14, `The statement "A" names no Action`, "Add"},
		{`{"Statement":{"Effect":"Allow","Actions":"*"}}`, 1, 14, "names no Action", "Write Action in place of Actions"},
		{`{"Statement":{"Effect":"Allow","Action":"*","NotAction":"x"}}`, 1, 14, "both Action and NotAction", ""},
		{`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","NotResource":"x"}}`, 1, 14, "both Resource", ""},
		{`{"Statement":{"Effect":"Allow","Action":"*","Principal":"*","NotPrincipal":"*"}}`, 1, 14, "both Principal", ""},
		{`{"Statement":{"Effect":"Allow","Action":7}}`, 1, 41, "Action holds something", "quotes"},
		{`{"Statement":{"Effect":"Allow","Action":["a",{}]}}`, 1, 46, "Action holds something", ""},
		{`{"Statement":{"Effect":"Allow","Action":"*","Principal":"AWS"}}`, 1, 57, `neither "*" nor an object`, "AWS"},
		{`{"Statement":{"Effect":"Allow","Action":"*","Principal":{"*":"*"}}}`, 1, 58, "not a type of principal", ""},
		{`{"Statement":{"Effect":"Allow","Action":"*","Principal":{"AWS":123456789012}}}`, 1, 64, "Principal AWS holds", "quotes"},
		{`{"Statement":{"Effect":"Allow","Action":"*","Principal":{"AWS":"a","AWS":"b"}}}`, 1, 68, `"AWS" stands twice`, ""},
		{`{"Statement":{"Effect":"Allow","Action":"*","Condition":[]}}`, 1, 57, "Condition is not a JSON object", ""},
		{`{"Statement":{"Effect":"Allow","Action":"*","Condition":{"Bool":"x"}}}`, 1, 65, "Bool is not a JSON object", ""},
		{`{"Statement":{"Effect":"Allow","Action":"*","Condition":{"Bool":{"é":null}}}}`, 1, 70, "condition on é", ""},
		{`{"Statement":{"Effect":"Allow","Action":"*","Condition":{"Bool":{"a":[["x"]]}}}}`, 1, 71, "condition on a", ""},
	} {
		d, err := Parse([]byte(c.in))
		var e *SyntaxError
		switch {
		case !errors.As(err, &e):
			t.Errorf("%s: %v is no SyntaxError", c.in, err)
		case e.Line != c.line || e.Column != c.column:
			t.Errorf("%s: at %d:%d, want %d:%d (%s)", c.in, e.Line, e.Column, c.line, c.column, e)
		case !strings.Contains(e.Summary.String(), c.summary) || !strings.Contains(e.Fix.String(), c.fix) || e.Fix.IsZero():
			t.Errorf("%s: %s / %s", c.in, e.Summary, e.Fix)
		case !d.IsZero():
			t.Errorf("%s: refused and yet read", c.in)
		}
	}
}

// whole makes a nil list differ from an empty one and hides nothing.
func whole(s []string) any {
	if s == nil {
		return nil
	}
	return strings.Join(s, "\x00") + "."
}

func TestDeeplyNestedInputIsRefused(t *testing.T) {
	deep := `{"Statement":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`
	if _, err := Parse([]byte(deep)); err == nil {
		t.Error("a document that deep was taken")
	}
}
