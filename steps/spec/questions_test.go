package spec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// leaves are the keys of everything that can be answered.
func leaves(at Key, fields []Question) []Key {
	var keys []Key
	for _, q := range fields {
		k := join(at, q.Name)
		switch q.Form {
		case Group:
			keys = append(keys, leaves(k, q.Fields)...)
		case Chain:
			keys = append(keys, leaves(k+".1", q.Fields)...)
		case Tags:
			keys = append(keys, k+".team")
		default:
			keys = append(keys, k)
		}
	}
	return keys
}

// TestNoQuestionIsForNothing: every answer changes the Spec or is refused at its
// own field.
func TestNoQuestionIsForNothing(t *testing.T) {
	base := mustBuild(t, complete(t, ShapeTwoAccounts))
	keys := leaves("", questions)
	if len(keys) < 55 {
		t.Fatalf("only %d questions", len(keys))
	}
	for _, k := range keys {
		d := complete(t, ShapeTwoAccounts)
		if e := d.Set(k, "x-1"); e != nil {
			t.Fatalf("%s: %v", k, e)
		}
		s, errs := d.Partial(today)
		if len(errs) == 0 && cmp.Equal(base, s) {
			t.Errorf("the answer to %s makes no difference", k)
		}
		for _, e := range errs {
			// A half of an identity or a rename is complained about at the other half.
			if e.Field != string(k) && !strings.HasPrefix(e.Field, string(k[:strings.LastIndexByte(string(k), '.')+1])) {
				t.Errorf("%s is complained about at %s: %s", k, e.Field, e.Summary)
			}
		}
	}
}

// TestQuestionsAreAsked: no name twice, no form without a reader.
func TestQuestionsAreNamedOnce(t *testing.T) {
	var walk func(at Key, fields []Question)
	walk = func(at Key, fields []Question) {
		seen := map[string]bool{}
		for _, q := range fields {
			if q.Name == "" || seen[q.Name] || strings.ContainsAny(q.Name, ".- ") || secretName.MatchString(q.Name) {
				t.Errorf("%s.%s", at, q.Name)
			}
			seen[q.Name] = true
			if (q.Form == Group || q.Form == Chain) != (len(q.Fields) > 0) {
				t.Errorf("%s.%s is a %s with %d fields", at, q.Name, q.Form, len(q.Fields))
			}
			walk(join(at, q.Name), q.Fields)
		}
	}
	walk("", questions)
}

func TestIndexNames(t *testing.T) {
	for name, ok := range map[string]bool{
		"logs": true, "logs-2026.11.22": true, "logs-*": true, "*": true, ".kibana*": true, "日本": true, "a_b": true, "1": true,
		"*_x": true, "-x": false, "a,b": false,
		"": false, "Logs": false, ".": false, "..": false, "_all": false, "_x": false, "+x": false, "a b": false, "a/b": false, `a\b`: false,
		"a?b": false, `a"b`: false, "a<b": false, "a|b": false, "a#b": false, "a:b": false, "a\tb": false,
		strings.Repeat("x", 255): true, strings.Repeat("x", 256): false,
	} {
		if why := patternTrouble(name); why.IsZero() != ok {
			t.Errorf("%q: %q, should be taken: %v", name, why, ok)
		}
		if why := IndexTrouble(name); why.IsZero() != (ok && !strings.Contains(name, "*")) {
			t.Errorf("%q as a name: %q", name, why)
		}
	}
}

func TestShapeIsDerivedFromEndpointsToo(t *testing.T) {
	d := draft(t, map[Key]string{
		"shape": "same-domain", "source.account": "111122223333", "source.region": "eu-west-1", "source.endpoint": "search.acme.example", "source.via": "127.0.0.1:9443",
		"source.auth": "unsigned", "bucket.name": "b-1", "move.rename_pattern": "^(.+)$", "move.rename_replacement": "r-$1", "source.mapper.base": "none",
	})
	s := mustBuild(t, d)
	if s.Shape != ShapeSameDomain || s.Target.Endpoint != "search.acme.example" || s.Target.Via != "127.0.0.1:9443" || s.Target.Auth != AuthUnsigned || s.Target.Mapper.Base != "none" {
		t.Errorf("%s: %+v", s.Shape, s.Target)
	}
	// A mistake in an inherited answer is told once, where it stands.
	_ = d.Set("source.endpoint", "localhost")
	_ = d.Set("source.via", "nowhere")
	_, errs := d.Build(today)
	if len(errs) != 2 || errs[0].Field != "source.endpoint" || errs[1].Field != "source.via" {
		t.Errorf("errors:%s", told(errs))
	}
}

func TestOwnIdentitiesOfATargetInTheSameAccount(t *testing.T) {
	d := complete(t, ShapeSameAccount)
	_ = d.Set("target.signer.profile", "other")
	s := mustBuild(t, d)
	if s.Target.Signer.Profile != "other" || s.Target.Control.Profile != "acme-prod" || s.Target.Mapper.Profile != "acme-prod" {
		t.Errorf("target: %+v %+v %+v", s.Target.Control, s.Target.Signer, s.Target.Mapper)
	}
	_ = d.Set("target.control.profile", "third")
	s = mustBuild(t, d)
	if s.Target.Signer.Profile != "other" || s.Target.Control.Profile != "third" || s.Target.Mapper.Profile != "third" {
		t.Errorf("target: %+v %+v %+v", s.Target.Control, s.Target.Signer, s.Target.Mapper)
	}
}

func TestVia(t *testing.T) {
	for raw, want := range map[string]string{
		"127.0.0.1:9443": "127.0.0.1:9443", " [::1]:1 ": "[::1]:1", "socks5://h:1080": "socks5://h:1080", "http://proxy.acme:3128/": "http://proxy.acme:3128",
		"h": "", ":1": "", "h:0": "", "h:65536": "", "h:x": "", "ftp://h:1": "", "https://h:1": "", "h:1/x": "", "http://u@h:1": "",
	} {
		got, err := parseVia(raw)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", raw, got, err)
		}
	}
}

// TestKeysStandInTheOrderOfTheFile: also links of a chain, by number.
func TestKeysStandInTheOrderOfTheFile(t *testing.T) {
	want := []Key{"shape", "source.account", "source.control.chain.2.role", "source.control.chain.10.role", "source.role.tags.b", "target.account", "move.indices"}
	d := &Draft{}
	for i := len(want) - 1; i >= 0; i-- {
		if e := d.Set(want[i], "x"); e != nil {
			t.Fatal(e)
		}
	}
	if diff := cmp.Diff(want, d.Keys()); diff != "" {
		t.Error(diff)
	}
}
