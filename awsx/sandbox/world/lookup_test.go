package world

import (
	"errors"
	"strings"
	"testing"
)

func TestRoleByARNComparesLetterByLetter(t *testing.T) {
	s := emptyState()
	if err := populate(s); err != nil {
		t.Fatal(err)
	}
	for arn, found := range map[string]bool{
		"arn:aws:iam::111111111111:role/team/Snap": true,
		"arn:aws:iam::111111111111:role/team/snap": false,
		"arn:aws:iam::111111111111:role/Snap":      false,
		"arn:aws:iam::222222222222:role/team/Snap": false,
		"arn:aws:iam::111111111111:user/team/Snap": false,
		"not an arn": false,
	} {
		if _, r := s.RoleByARN(arn); (r != nil) != found {
			t.Errorf("%s: found %v", arn, r != nil)
		}
	}
}

func TestFinders(t *testing.T) {
	s := emptyState()
	if err := populate(s); err != nil {
		t.Fatal(err)
	}
	a := s.Labelled("source")
	if a == nil || s.Labelled("nobody") != nil {
		t.Fatal("labels")
	}
	if a.User("ADMIN") == nil || a.Role("SNAP") == nil || a.Role("other") != nil {
		t.Error("names are not found regardless of case")
	}
	if owner, k := s.Key("AKIA1"); k == nil || owner != a {
		t.Error("key")
	}
	if _, k := s.Key("AKIA2"); k != nil {
		t.Error("unknown key found")
	}
	d := s.Domain("111111111111", "eu-west-1", "logs")
	if d == nil || s.DomainAt(d.Endpoint) != d || s.DomainAt("") != nil || s.Domain("111111111111", "eu-west-2", "logs") != nil {
		t.Error("domain")
	}
	if got := d.ARN().String(); got != "arn:aws:es:eu-west-1:111111111111:domain/logs" {
		t.Error(got)
	}
	p := &ManagedPolicy{Default: "v2", Versions: []PolicyVersion{{ID: "v1"}, {ID: "v2"}}}
	if p.Version("").ID != "v2" || p.Version("v1").ID != "v1" || p.Version("v3") != nil {
		t.Error("versions")
	}
}

func TestBindAndShow(t *testing.T) {
	s := emptyState()
	if err := populate(s); err != nil {
		t.Fatal(err)
	}
	role := s.Accounts["111111111111"].Role("snap")
	const arn = "arn:aws:iam::111111111111:role/team/Snap"
	// Odd spacing and unknown elements must come back untouched, and an ARN
	// elsewhere than in a principal is no principal.
	doc := `{ "Statement" : [{"Principal":{"AWS" :  "` + arn + `"},"Resource":"` + arn + `", "Foreign": 1},
	  {"Principal":{"AWS":["*","111111111111","` + arn + `"],"Service":"es.amazonaws.com"}}]}`
	bound, err := s.Bind(doc)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(bound, role.ID); n != 2 {
		t.Errorf("%d ids in %s", n, bound)
	}
	// AWS shows an account that was named by its number as its root.
	want := strings.Replace(doc, `"111111111111"`, `"arn:aws:iam::111111111111:root"`, 1)
	if got := s.Show(bound); got != want {
		t.Errorf("shown\n%s\nwant\n%s", got, want)
	}
	gone := role.ID
	role.ID = "AROAOTHER"
	if got := s.Show(bound); strings.Count(got, gone) != 2 {
		t.Errorf("a principal made again was shown as if it were the same: %s", got)
	}
}

func TestBindRefusesPrincipalsThatDoNotExist(t *testing.T) {
	s := emptyState()
	if err := populate(s); err != nil {
		t.Fatal(err)
	}
	for principal, ok := range map[string]bool{
		"*": true, "111111111111": true, "arn:aws:iam::111111111111:root": true,
		"arn:aws:iam::111111111111:user/Admin":            true,
		"arn:aws:sts::111111111111:assumed-role/Snap/me":  true,
		"arn:aws:sts::111111111111:assumed-role/Other/me": false,
		"arn:aws:iam::111111111111:user/Other":            false,
		"arn:aws:iam::111111111111:role/Snap":             false,
		"arn:aws:iam::999999999999:root":                  false,
		"arn:aws:iam::111111111111:group/x":               false,
		"999999999999":                                    false,
		"nonsense":                                        false,
		"AROAGONE":                                        true,
	} {
		_, err := s.Bind(`{"Statement":{"Principal":{"AWS":"` + principal + `"}}}`)
		var refused *PrincipalError
		if (err == nil) != ok || err != nil && !errors.As(err, &refused) {
			t.Errorf("%s: %v", principal, err)
		}
	}
	if _, err := s.Bind("{"); err == nil {
		t.Error("half a document was bound")
	}
}
