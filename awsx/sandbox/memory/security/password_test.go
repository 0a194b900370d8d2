package security

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
)

func TestPasswords(t *testing.T) {
	p := &Plugin{options: Options{Random: rand.Reader}}
	one, err := p.hash("Ferry-Boat-7")
	if err != nil {
		t.Fatal(err)
	}
	two, err := p.hash("Ferry-Boat-7")
	if err != nil {
		t.Fatal(err)
	}
	if one == two {
		t.Error("two hashes of one password are equal: there is no salt")
	}
	if strings.Contains(one, "Ferry") {
		t.Error("the hash holds the password")
	}
	for name, tc := range map[string]struct {
		password, hash string
		want           bool
	}{
		"right":              {"Ferry-Boat-7", one, true},
		"right, other salt":  {"Ferry-Boat-7", two, true},
		"wrong":              {"Ferry-Boat-8", one, false},
		"longer":             {"Ferry-Boat-77", one, false},
		"empty":              {"", one, false},
		"the hash itself":    {one, one, false},
		"no hash":            {"Ferry-Boat-7", "", false},
		"nothing for none":   {"", "", false},
		"another making":     {"Ferry-Boat-7", "$2a$12$VcCDgh2NDk07JGN0rjGbM.Ad41qVR", false},
		"without a key":      {"Ferry-Boat-7", one[:strings.LastIndex(one, "$")], false},
		"a key that is none": {"Ferry-Boat-7", one[:strings.LastIndex(one, "$")] + "$***", false},
		"salt that is none":  {"Ferry-Boat-7", hashMark + "***$AAAA", false},
	} {
		if got := verify(tc.password, tc.hash); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// noRandom is a source that has run dry.
type noRandom struct{}

func (noRandom) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

func TestNoPasswordWithoutSalt(t *testing.T) {
	if _, err := Open(nil, Options{MasterUser: "captain", MasterPassword: "Ferry-Boat-7-Crossing", Random: noRandom{}}); err == nil {
		t.Error("a password was hashed without a salt")
	}
	p, err := Open(nil, Options{MasterARN: "arn:aws:iam::1:user/m", Random: noRandom{}})
	if err != nil {
		t.Fatal(err)
	}
	a := p.readyUser("crew", object{"password": "Deck-Hand-4-Mooring"})
	if a == nil || a.Status != 500 {
		t.Errorf("answered %v", a)
	}
}

// TestWeakness has what was tried with the real plugin.
func TestWeakness(t *testing.T) {
	for password, want := range map[string]string{
		"":                    "Password is too short",
		"weak":                "Weak password",
		"Passw0rd":            "Weak password",
		"Ferry-1x":            "Weak password",
		"Aa1!Aa1!":            "Weak password",
		"crewcrew1A!":         "Weak password",
		"alllowercaseletters": "",
		"masterMASTER1!":      "",
		"Deck-Hand-4-Mooring": "",
	} {
		if got := weakness(password); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}
