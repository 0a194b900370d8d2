package world

import (
	"encoding/json"
	"strings"
	"testing"
)

const (
	adminARN = "arn:aws:iam::111111111111:user/Admin"
	snapARN  = "arn:aws:iam::111111111111:role/team/Snap"
)

// TestBindTouchesPrincipalsOnly goes through places where an ARN is, or is not,
// a principal.
func TestBindTouchesPrincipalsOnly(t *testing.T) {
	s := emptyState()
	if err := populate(s); err != nil {
		t.Fatal(err)
	}
	id := s.Accounts["111111111111"].Role("snap").ID
	for name, tc := range map[string]struct {
		doc   string
		bound int
	}{
		"one statement, not a list":  {`{"Statement":{"Principal":{"AWS":"` + snapARN + `"}}}`, 1},
		"exception":                  {`{"Statement":[{"NotPrincipal":{"AWS":["` + snapARN + `"]}}]}`, 1},
		"everybody":                  {`{"Statement":[{"Principal":"*"}]}`, 0},
		"service":                    {`{"Statement":[{"Principal":{"Service":"es.amazonaws.com"}}]}`, 0},
		"condition value":            {`{"Statement":[{"Condition":{"ArnEquals":{"aws:PrincipalArn":"` + snapARN + `"}}}]}`, 0},
		"condition key called AWS":   {`{"Statement":[{"Condition":{"StringEquals":{"AWS":"` + snapARN + `"}}}]}`, 0},
		"resource":                   {`{"Statement":[{"Resource":["` + snapARN + `"]}]}`, 0},
		"outside of statements":      {`{"Principal":{"AWS":"` + snapARN + `"},"Statement":[]}`, 0},
		"after foreign elements":     {`{"Id":"AWS","X":{"Principal":[1,{"AWS":null}]},"Statement":[{"Sid":"\"AWS\"","Principal":{"Federated":"x","AWS":"` + snapARN + `"}}]}`, 1},
		"twice, with odd characters": {`{"Statement":[{"Sid":"ü\\\"","Principal":{"AWS":["` + snapARN + `" , "*","` + snapARN + `"]}}]}`, 2},
	} {
		t.Run(name, func(t *testing.T) {
			bound, err := s.Bind(tc.doc)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.ReplaceAll(tc.doc, snapARN, id); tc.bound > 0 && bound != want || tc.bound == 0 && bound != tc.doc {
				t.Errorf("bound %s", bound)
			}
			if n := strings.Count(bound, id); n != tc.bound {
				t.Errorf("%d ids in %s", n, bound)
			}
			if back := s.Show(bound); back != tc.doc {
				t.Errorf("came back as %s", back)
			}
		})
	}
}

func TestUsersAreBoundToo(t *testing.T) {
	s := emptyState()
	if err := populate(s); err != nil {
		t.Fatal(err)
	}
	doc := `{"Statement":[{"Principal":{"AWS":"` + adminARN + `"}}]}`
	bound, err := s.Bind(doc)
	if err != nil || !strings.Contains(bound, `"AIDA`) || s.Show(bound) != doc {
		t.Errorf("%s, %v", bound, err)
	}
}

func TestShowGivesBackWhatIsNoJSON(t *testing.T) {
	if got := emptyState().Show("{ half"); got != "{ half" {
		t.Error(got)
	}
}

// FuzzBind holds that binding never breaks a document and that showing undoes it.
func FuzzBind(f *testing.F) {
	s := emptyState()
	if err := populate(s); err != nil {
		f.Fatal(err)
	}
	f.Add(`{"Statement":[{"Principal":{"AWS":["` + snapARN + `","` + adminARN + `"]}}]}`)
	f.Add(`{"Statement":{"NotPrincipal":{"AWS":"*"},"x":[{},[],"\"",1e9,null,true]}}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, doc string) {
		bound, err := s.Bind(doc)
		if err != nil {
			return
		}
		if json.Valid([]byte(doc)) && !json.Valid([]byte(bound)) {
			t.Errorf("%q became %q", doc, bound)
		}
		if strings.Contains(doc, "AROA") || strings.Contains(doc, "AIDA") || strings.Contains(doc, "111111111111\"") {
			return // ids and account numbers come back as ARNs
		}
		if back := s.Show(bound); back != doc && !strings.Contains(doc, `\`) {
			t.Errorf("%q came back as %q", doc, back)
		}
	})
}
