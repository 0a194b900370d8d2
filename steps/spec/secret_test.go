package spec

import (
	"strings"
	"testing"
)

// TestLooksSecret: what AWS hands out as a secret is known by its shape, and
// nothing that people call things is.
func TestLooksSecret(t *testing.T) {
	const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	for raw, want := range map[string]bool{
		key: true, "key=" + key: false, "my " + key + " here": true, "'" + key + "'": true, key[:39]: false, key + "x": false,
		"k2M8vQ0pLxT5cRn7YbZs3WfHd9JgKa1EuOi6Xq4B": true, "/+k2M8vQ0pLxT5cRn7YbZs3WfHd9JgKa1EuOi6X=": true,
		"AKIAIOSFODNN7EXAMPLE": true, "asia": false, "IQoJb3JpZ2luX2VjEJr": true, "FwoGZXIvYXdzEBYaD": true,
		"http://me:pw@proxy:3128": true, "http://proxy:3128": false,
		"da39a3ee5e6b4b0d3255bfef95601890afd80709":  false, // a hash of git
		"SnapshotRoleOfTheSearchTeam2026InEuWest1X": false,
		"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_AdministratorAccess_0a1b2c3d4e5f6a7b": false,
		"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab":                                                 false,
		"search-logs-prod-k2m8vq0plxt5crn7ybzs3wfhd9.eu-west-1.es.amazonaws.com":                                                      false,
		strings.Repeat("a", 40): false, strings.Repeat("aB3/", 10): true, strings.Repeat("Ab", 20): false,
	} {
		if looksSecret(raw) != want {
			t.Errorf("%q: want %v", raw, want)
		}
	}
}

// TestSecretsAreNotRepeated: wherever one is written, the message does not show it.
func TestSecretsAreNotRepeated(t *testing.T) {
	const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	for file, field := range map[string]string{
		"source:\n  mapper:\n    user: " + key + "\n":         "source.mapper.user",
		"source:\n  signer:\n    profile: " + key + "\n":      "source.signer.profile",
		"bucket:\n  " + key + ": x\n":                         "bucket",
		key + ": x\n":                                         "",
		"source:\n  role:\n    tags:\n      " + key + ": x\n": "source.role.tags",
		"source:\n  role:\n    tags:\n      a: " + key + "\n": "source.role.tags.a",
		"move:\n  indices: [a, " + key + "]\n":                "move.indices",
		"source:\n  mapper:\n    password: hunter2\n":         "source.mapper.password",
	} {
		d, errs := ReadAnswers([]byte(file))
		if len(errs) != 1 || errs[0].Field != field || errs[0].Line == 0 || !strings.Contains(errs[0].Summary.String(), "secret") {
			t.Errorf("%q:%s", file, told(errs))
			continue
		}
		for _, shown := range []string{errs[0].Error(), errs[0].Field, errs[0].Fix.String(), string(d.WriteAnswers())} {
			if strings.Contains(shown, key) || strings.Contains(shown, "hunter2") {
				t.Errorf("%q is repeated: %s", file, shown)
			}
		}
	}
}

// TestALoginIsNotRepeated: whoever types name:password where the name goes is
// told so without the password.
func TestALoginIsNotRepeated(t *testing.T) {
	for _, base := range []string{"", "password", "environment"} {
		d := complete(t, ShapeTwoAccounts)
		for k, v := range map[Key]string{"source.mapper.user": "master:Hunter2-Secret", "source.mapper.base": base} {
			if e := d.Set(k, v); e != nil && strings.Contains(e.Error()+e.Fix.String(), "Hunter2") {
				t.Errorf("typed: %v", e)
			}
		}
		if s, errs := d.Partial(today); strings.Contains(s.Source.Mapper.User, "Hunter2") || strings.Contains(told(errs), "Hunter2") {
			t.Errorf("built: %q%s", s.Source.Mapper.User, told(errs))
		}
		if strings.Contains(string(d.WriteAnswers()), "Hunter2") {
			t.Errorf("kept:\n%s", d.WriteAnswers())
		}
	}
	d, errs := ReadAnswers([]byte("source:\n  mapper: {user: \"master:Hunter2-Secret\"}\n"))
	if len(errs) != 1 || errs[0].Field != "source.mapper.user" || errs[0].Line == 0 || !strings.Contains(errs[0].Error(), "secret") || strings.Contains(told(errs)+string(d.WriteAnswers()), "Hunter2") {
		t.Errorf("read: %s", told(errs))
	}
}

// TestExternalIDsMayBeRandom: they are no secret to AWS, and often look like one.
func TestExternalIDsMayBeRandom(t *testing.T) {
	d := &Draft{}
	if e := d.Set("source.control.chain.1.external_id", "k2M8vQ0pLxT5cRn7YbZs3WfHd9JgKa1EuOi6Xq4B"); e != nil {
		t.Error(e)
	}
	if e := d.Set("source.control.chain.1.external_id", "AKIAIOSFODNN7EXAMPLE"); e == nil {
		t.Error("an access key was taken for an external id")
	}
}
