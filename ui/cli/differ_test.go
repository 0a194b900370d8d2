package cli

import (
	"testing"

	"snapferry/steps/spec"
)

// TestWhichAnswersDiffer names them as in a file, and not what makes no other run.
func TestWhichAnswersDiffer(t *testing.T) {
	draft := func(said ...string) *spec.Draft {
		d := &spec.Draft{}
		for i := 0; i < len(said); i += 2 {
			if err := d.Set(spec.Key(said[i]), said[i+1]); err != nil {
				t.Fatal(err)
			}
		}
		return d
	}
	there := draft("source.domain", "logs", "source.control.base", "profile", "source.control.profile", "a", "move.snapshot", "s-1", "source.via", "127.0.0.1:9443")
	for name, c := range map[string]struct {
		here *spec.Draft
		want string
	}{
		"the same":            {there, ""},
		"another domain":      {draft("source.domain", "next"), "source.domain is logs there and next here"},
		"not said any more":   {draft("source.control.base", "profile"), "source.domain is logs there and not said here"},
		"said now":            {draft("source.domain", "logs", "bucket.name", "acme"), "bucket.name is not said there and acme here"},
		"another snapshot":    {draft("source.domain", "logs", "move.snapshot", "s-2"), "move.snapshot is s-1 there and s-2 here"},
		"two":                 {draft("source.domain", "next", "bucket.name", "acme"), "bucket.name is not said there and acme here; source.domain is logs there and next here"},
		"too many to be read": {draft("source.domain", "next", "bucket.name", "acme", "bucket.region", "eu-west-1", "target.domain", "x", "target.account", "222222222222"), "bucket.name is not said there and acme here; bucket.region is not said there and eu-west-1 here; source.domain is logs there and next here; and more: 2"},
	} {
		if got := differing(there, c.here).String(); got != c.want {
			t.Errorf("%s: %q, wants %q", name, got, c.want)
		}
	}
}
