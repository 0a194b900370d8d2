package policy

import (
	"strings"
	"testing"
)

const (
	theirs  = `{ "Sid":"Theirs" , "Effect":"Deny","Principal":"*","Action":"s3:*", "Resource":"*" }`
	unnamed = `{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:Get*","Resource":"*"}`
)

func share(account string) Statement {
	return Statement{Sid: "SnapferryShare", Effect: EffectAllow, Principal: AWS(account), Action: []string{"s3:GetObject"}, Resource: []string{"arn:aws:s3:::b/*"}}
}

func list(sid string) Statement {
	return Statement{Sid: sid, Effect: EffectAllow, Principal: AWS("111122223333"), Action: []string{"s3:ListBucket"}, Resource: []string{"arn:aws:s3:::b"}}
}

func document(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

func TestMerge(t *testing.T) {
	ours := string(share("111122223333").bytes())
	for name, c := range map[string]struct {
		before string
		own    []Statement
		want   string
	}{
		"into nothing":      {`null`, []Statement{share("111122223333")}, document(ours)},
		"appended":          {document(theirs, unnamed), []Statement{share("111122223333")}, document(theirs, unnamed, ours)},
		"replaced in place": {document(theirs, string(share("2").bytes()), unnamed), []Statement{share("111122223333")}, document(theirs, ours, unnamed)},
		"already so, in another writing": {
			document(theirs, `{"Sid":"SnapferryShare","Action":["S3:GetObject"],"Effect":"Allow","Resource":["arn:aws:s3:::b/*"],"Principal":{"AWS":"arn:aws:iam::111122223333:root"}}`),
			[]Statement{share("111122223333")},
			document(theirs, `{"Sid":"SnapferryShare","Action":["S3:GetObject"],"Effect":"Allow","Resource":["arn:aws:s3:::b/*"],"Principal":{"AWS":"arn:aws:iam::111122223333:root"}}`),
		},
		"several":              {document(theirs), []Statement{list("SnapferryList"), share("111122223333")}, document(theirs, string(list("SnapferryList").bytes()), ours)},
		"without a Sid, there": {document(unnamed), []Statement{mustParse(t, document(unnamed)).Statements[0]}, document(unnamed)},
		"nothing to merge":     {document(theirs), nil, document(theirs)},
		"old version stays":    {`{"Version":"2008-10-17","Id":"x","Statement":` + theirs + `}`, []Statement{share("111122223333")}, `{"Version":"2008-10-17","Id":"x","Statement":[` + theirs + `,` + ours + `]}`},
	} {
		var d Document
		if err := d.UnmarshalJSON([]byte(c.before)); err != nil {
			t.Fatal(err)
		}
		was := string(d.Bytes())
		got := d.Merge(c.own...)
		if string(got.Bytes()) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got.Bytes(), c.want)
		}
		if string(d.Bytes()) != was {
			t.Errorf("%s: the document merged into was changed", name)
		}
		if again := got.Merge(c.own...); string(again.Bytes()) != c.want {
			t.Errorf("%s: merging twice differs: %s", name, again.Bytes())
		}
	}
}

func TestWithoutOwnedClashes(t *testing.T) {
	d := mustParse(t, document(theirs, unnamed, string(share("1").bytes()), string(list("SnapferryList").bytes())))
	if got := string(d.Without("SnapferryShare", "SnapferryList", "Nobody", "").Bytes()); got != document(theirs, unnamed) {
		t.Errorf("without ours: %s", got)
	}
	if got := d.Owned("Snapferry"); len(got) != 2 || got[0].Sid != "SnapferryShare" || got[1].Sid != "SnapferryList" {
		t.Errorf("owned: %v", got)
	}
	if got := d.Owned(""); len(got) != 3 {
		t.Errorf("a statement without a Sid is nobody's: %v", got)
	}
	clashes := d.Clashes(share("111122223333"), list("SnapferryList"), list("New"))
	if len(clashes) != 1 || clashes[0].Principal["AWS"][0] != "1" {
		t.Errorf("clashes: %v", clashes)
	}
}

func TestUnmerge(t *testing.T) {
	ours, old := string(share("111122223333").bytes()), string(share("444455556666").bytes())
	alsoOurs := string(list("SnapferryList").bytes())
	dead := strings.Replace(ours, "111122223333", "AROAXXXXXXXXXXXXXXXXX", 1)
	edited := strings.Replace(ours, "s3:GetObject", "s3:*", 1)
	for name, c := range map[string]struct{ live, before, after, want string }{
		"nobody else wrote":                      {document(theirs, ours), document(theirs), document(theirs, ours), document(theirs)},
		"somebody else wrote since":              {document(theirs, ours, unnamed), document(theirs), document(theirs, ours), document(theirs, unnamed)},
		"somebody else took theirs out":          {document(ours), document(theirs), document(theirs, ours), document()},
		"ours was put back before":               {document(theirs), document(theirs), document(theirs, ours), document(theirs)},
		"ours was edited: theirs now":            {document(theirs, edited), document(theirs), document(theirs, ours), document(theirs, edited)},
		"only its principal died":                {document(theirs, dead), document(theirs), document(theirs, ours), document(theirs)},
		"another of ours died":                   {document(theirs, strings.Replace(dead, "SnapferryShare", "SnapferryOther", 1)), document(theirs), document(theirs, ours), document(theirs, strings.Replace(dead, "SnapferryShare", "SnapferryOther", 1))},
		"its principal died and more":            {document(theirs, strings.Replace(dead, "s3:GetObject", "s3:*", 1)), document(theirs), document(theirs, ours), document(theirs, strings.Replace(dead, "s3:GetObject", "s3:*", 1))},
		"its principal is another":               {document(theirs, old), document(theirs), document(theirs, ours), document(theirs, old)},
		"we had replaced one":                    {document(theirs, ours, unnamed), document(theirs, old), document(theirs, ours), document(theirs, old, unnamed)},
		"we had replaced one, and it was edited": {document(theirs, edited), document(theirs, old), document(theirs, ours), document(theirs, edited)},
		"we had taken one out":                   {document(theirs), document(theirs, unnamed), document(theirs), document(theirs, unnamed)},
		"taken out and already back":             {document(unnamed, theirs), document(theirs, unnamed), document(theirs), document(unnamed, theirs)},
		"two of ours":                            {document(ours, theirs, alsoOurs), document(theirs), document(theirs, ours, alsoOurs), document(theirs)},
		"the document was made by us":            {document(ours), `null`, document(ours), `null`},
		"made by us, others joined":              {document(ours, theirs), `null`, document(ours), document(theirs)},
		"made by us, gone already":               {`null`, `null`, document(ours), `null`},
		"deleted by somebody":                    {`null`, document(theirs), document(theirs, ours), `null`},
		"version back":                           {document(ours), `{"Version":"2008-10-17","Statement":[]}`, document(ours), `{"Version":"2008-10-17","Statement":[]}`},
		"version changed by others":              {`{"Statement":[` + ours + `]}`, `{"Version":"2008-10-17","Statement":[]}`, document(ours), `{"Statement":[]}`},
		"nothing changed":                        {document(theirs, unnamed), document(theirs), document(theirs), document(theirs, unnamed)},
	} {
		var live, before, after, want Document
		for into, from := range map[*Document]string{&live: c.live, &before: c.before, &after: c.after, &want: c.want} {
			if err := into.UnmarshalJSON([]byte(from)); err != nil {
				t.Fatal(err)
			}
		}
		was := string(live.Bytes())
		got := Unmerge(live, before, after)
		if string(got.Bytes()) != string(want.Bytes()) {
			t.Errorf("%s:\n got %s\nwant %s", name, got.Bytes(), want.Bytes())
		}
		if string(live.Bytes()) != was {
			t.Errorf("%s: the live document was changed in place", name)
		}
		if again := Unmerge(got, before, after); !again.Equal(got) {
			t.Errorf("%s: taking back twice gives %s", name, again.Bytes())
		}
	}
}
