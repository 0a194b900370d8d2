package policy

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestBuiltStatementsAreWrittenInOrder(t *testing.T) {
	for name, c := range map[string]struct {
		s    Statement
		want string
	}{
		"all elements": {
			Statement{
				Sid: "A", Effect: EffectAllow, Principal: AWS("111122223333"), Action: []string{"s3:GetObject"},
				Resource:  []string{"arn:aws:s3:::b/*", "arn:aws:s3:::b"},
				Condition: Conditions{"StringEquals": {"b:k": {"x"}, "a:k": {"<&>", "y"}}, "Bool": {"aws:SecureTransport": {"true"}}},
			},
			`{"Sid":"A","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":["arn:aws:s3:::b/*","arn:aws:s3:::b"],"Condition":{"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"a:k":["<&>","y"],"b:k":"x"}}}`,
		},
		"everybody":     {Statement{Effect: EffectDeny, Principal: Everybody(), NotAction: []string{"a:b"}}, `{"Effect":"Deny","Principal":"*","NotAction":"a:b"}`},
		"services":      {Statement{Effect: EffectAllow, NotPrincipal: Service("b", "a"), Action: []string{}}, `{"Effect":"Allow","NotPrincipal":{"Service":["b","a"]},"Action":[]}`},
		"empty element": {Statement{Effect: EffectAllow, Principal: Principals{"AWS": nil}, Action: []string{"a:b"}, Condition: Conditions{}}, `{"Effect":"Allow","Principal":{"AWS":[]},"Action":"a:b","Condition":{}}`},
		"not resource":  {Statement{Effect: EffectAllow, Action: []string{"a:b"}, NotResource: []string{"*"}}, `{"Effect":"Allow","Action":"a:b","NotResource":"*"}`},
	} {
		d := Document{Version: Version2012, ID: "x", Statements: []Statement{c.s}}
		want := `{"Version":"2012-10-17","Id":"x","Statement":[` + c.want + `]}`
		if got := string(d.Bytes()); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
		if back := mustParse(t, want); !back.Equal(d) {
			t.Errorf("%s: came back as %s", name, back.Canonical())
		}
	}
}

func TestForeignStatementsKeepTheirBytes(t *testing.T) {
	foreign := "{ \"Sid\" : \"theirs\",\n\t\"Action\":[ \"S3:Get\\u004fbject\" ],\"Effect\":\"Allow\", \"Resource\" :\"*\", \"Note\": {\"z\":1,\"a\" : 1.50} }"
	want := `{"Statement": [` + foreign + `] , "Comment": [1,  2], "Version":"2012-10-17"}`
	d := mustParse(t, want)
	if got := string(d.Bytes()); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if !json.Valid(d.Bytes()) || !strings.Contains(d.Pretty(), "\n      \"Action\": [\n        \"S3:Get\\u004fbject\"\n      ]") {
		t.Errorf("pretty is %s", d.Pretty())
	}
	d.Version = Version2008
	want = `{"Version":"2008-10-17","Comment":[1,  2],"Statement":[` + foreign + `]}`
	if got := string(d.Bytes()); got != want {
		t.Errorf("of another version: %s\nwant %s", got, want)
	}
	d.Statements[0].Resource = []string{"arn:aws:s3:::b"}
	want = `{"Sid":"theirs","Effect":"Allow","Action":"S3:GetObject","Resource":"arn:aws:s3:::b","Note":{"z":1,"a" : 1.50}}`
	if got := string(d.Statements[0].bytes()); got != want {
		t.Errorf("a changed statement is written %s\nwant %s", got, want)
	}
}

func TestParsedBytesAreNotTheCallers(t *testing.T) {
	const text = `{"Statement" :[ {"Action":"a:b", "Effect":"Allow"}]}`
	src := []byte(text)
	d, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	for i := range src {
		src[i] = 'x'
	}
	if got := string(d.Bytes()); got != text {
		t.Errorf("the caller's buffer shows through: %s", got)
	}
}

func TestDocumentsInsideJSON(t *testing.T) {
	type holder struct{ Policy Document }
	in := holder{Document{Version: Version2012, Statements: []Statement{{Effect: EffectAllow, Action: []string{"a:b"}}}}}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out holder
	if err := json.Unmarshal(b, &out); err != nil || !out.Policy.Equal(in.Policy) {
		t.Errorf("%s came back as %s, %v", b, out.Policy.Bytes(), err)
	}
	if b, err = json.Marshal(holder{}); err != nil || string(b) != `{"Policy":null}` {
		t.Errorf("no document is %s, %v", b, err)
	}
	if err := json.Unmarshal(b, &out); err != nil || !out.Policy.IsZero() {
		t.Errorf("null is %s, %v", out.Policy.Bytes(), err)
	}
	if err := json.Unmarshal([]byte(`{"Policy":{"Statement":7}}`), &out); err == nil {
		t.Error("a bad document was taken")
	}
	if (Document{}).Bytes() != nil || (Document{}).Pretty() != "" || (Document{}).Canonical() != "" {
		t.Error("no document has text")
	}
}
