package spec

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestValuesAreTakenAsWritten: YAML would make numbers, dates and truth values
// of some answers.
func TestValuesAreTakenAsWritten(t *testing.T) {
	d, errs := ReadAnswers([]byte(`
shape: two-accounts
source:
  account: 012345670123   # octal to YAML 1.1
  domain: on
  via: "127.0.0.1:9443"
  control: {profile: 0x1F, chain: [arn:aws:iam::012345670123:role/A, {role: arn:aws:iam::012345670123:role/B, external_id: 007}]}
  role: {tags: {since: 2026-11-22, "a.b": yes, empty: }}
target:
  account: 0123-4567-8901
  region: ~
move:
  indices: [logs-*, -logs-debug-*, 2026]
  replicas: 1
  overwrite: a, b
`))
	if len(errs) > 0 {
		t.Fatal(told(errs))
	}
	want := map[Key]string{
		"shape": "two-accounts", "source.account": "012345670123", "source.domain": "on", "source.via": "127.0.0.1:9443",
		"source.control.profile": "0x1F", "source.control.chain.1.role": "arn:aws:iam::012345670123:role/A",
		"source.control.chain.2.role": "arn:aws:iam::012345670123:role/B", "source.control.chain.2.external_id": "007",
		"source.role.tags.since": "2026-11-22", "source.role.tags.a.b": "yes", "target.account": "0123-4567-8901",
		"move.indices": "logs-*, -logs-debug-*, 2026", "move.replicas": "1", "move.overwrite": "a, b",
	}
	if diff := cmp.Diff(want, raws(d)); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// raws is what was typed, wherever it was read from.
func raws(d *Draft) map[Key]string {
	out := map[Key]string{}
	for k := range d.said {
		out[k] = d.Get(k)
	}
	return out
}

// keysOf lists what was answered, in the order of the file.
func keysOf(d *Draft) []Key {
	return slices.SortedFunc(maps.Keys(d.said), func(a, b Key) int { return strings.Compare(place(a), place(b)) })
}

func TestRefusedFiles(t *testing.T) {
	for _, c := range []struct {
		file, field string
		line        int
		says, fix   string
	}{
		{"source:\n  acount: 1\n", "source.acount", 2, "no question", "Did you mean account?"},
		{"source:\n  account_id: 1\n", "source.account_id", 2, "no question", "Did you mean account?"},
		{"account: 1\n", "account", 1, "no question", "It belongs under source, target"},
		{"source.account: 1\n", "source.account", 1, "no question", "Nest it"},
		{"wibble: 1\n", "wibble", 1, "no question", "Possible here: shape, source"},
		{"move:\n  rename-pattern: x\n", "move.rename-pattern", 2, "no question", "rename_pattern"},
		{"source:\n  account: 1\ntarget: {}\nsource:\n  account: 2\n", "source", 4, "twice, first in line 1", "Leave one"},
		{"source:\n  account: 1\n  account: 2\n", "source.account", 3, "twice, first in line 2", "Leave one"},
		{"source: x\n", "source", 1, "found a single value", "account"},
		{"source:\n  account: [1]\n", "source.account", 2, "found a list", "account: value"},
		{"source:\n  control:\n    chain: arn:x\n", "source.control.chain", 3, "found a single value", "hyphen"},
		{"source:\n  control:\n    chain:\n      - rol: x\n", "source.control.chain.1.rol", 4, "no question", "role"},
		{"source:\n  role:\n    tags: [a]\n", "source.role.tags", 3, "found a list", "team: search"},
		{"source:\n  role:\n    tags: {? [a] : b}\n", "source.role.tags", 3, "needs a name", "team: search"},
		{"source: &a {account: 1}\ntarget: *a\n", "target", 2, "Aliases", "Write the value out"},
		{"source: {account: !!binary aGk=}\n", "source.account", 1, "YAML type", "plain text"},
		{"- a\n", "", 1, "found a list", "shape"},
		{"shape: a\n---\nshape: b\n", "", 2, "second document", "one migration"},
		{"source:\n\taccount: 1\n", "", 2, "not well-formed", "tabs"},
		{"shape: 'a\n", "", 2, "not well-formed", "quotes"},
		{"source:\n  secret_access_key: hunter2\n", "source.secret_access_key", 2, "secret", "memory"},
		{"bucket:\n  Password: hunter2\n", "bucket.Password", 2, "secret", "memory"},
		{"source:\n  via: http://me:hunter2@proxy:3128\n", "source.via", 2, "secret", "memory"},
		{"source:\n  control:\n    profile: AKIAIOSFODNN7EXAMPLE\n", "source.control.profile", 3, "secret", "memory"},
	} {
		_, errs := ReadAnswers([]byte(c.file))
		if len(errs) != 1 {
			t.Errorf("%q: %d errors:%s", c.file, len(errs), told(errs))
			continue
		}
		e := errs[0]
		if e.Field != c.field || e.Line != c.line || !strings.Contains(e.Summary.String(), c.says) || !strings.Contains(e.Fix.String(), c.fix) {
			t.Errorf("%q: line %d%s", c.file, e.Line, told(errs))
		}
		if words := e.Summary.String() + e.Fix.String(); strings.Contains(words, "hunter2") || strings.Contains(words, "AKIA") || strings.Contains(words, "%!") {
			t.Errorf("%q: the message gives a secret away or is broken: %s", c.file, words)
		}
	}
}

func TestNothingToRead(t *testing.T) {
	for _, file := range []string{"", "\n", "# only a comment\n", "---\n", "~\n", "source:\n", "source: {}\nmove:\n"} {
		d, errs := ReadAnswers([]byte(file))
		if len(errs) > 0 || len(keysOf(d)) > 0 {
			t.Errorf("%q: %v%s", file, keysOf(d), told(errs))
		}
	}
	if _, errs := ReadAnswers(make([]byte, maxFile+1)); len(errs) != 1 {
		t.Errorf("a huge file: %s", told(errs))
	}
}

// TestErrorsKeepTheRest: one bad answer loses none of the others, and Build
// names the line of what it refuses.
func TestErrorsKeepTheRest(t *testing.T) {
	d, errs := ReadAnswers([]byte("source:\n  acount: 1\n  region: Ireland\n\nbucket:\n  name: ok-1\n"))
	if len(errs) != 1 || d.Get("bucket.name") != "ok-1" {
		t.Fatalf("%v%s", keysOf(d), told(errs))
	}
	_, errs = d.Partial(today)
	if len(errs) != 1 || errs[0].Line != 3 || errs[0].Column != 11 {
		t.Errorf("line %d column %d%s", errs[0].Line, errs[0].Column, told(errs))
	}
}

func TestAnswersFileGolden(t *testing.T) {
	d := complete(t, ShapeTwoAccounts)
	for k, v := range map[Key]string{
		"source.signer.chain.1.role": "arn:aws:iam::111122223333:role/Signer", "source.signer.chain.1.external_id": "42",
		"source.role.tags.team": "search", "source.role.tags.since": "2026-11-22", "move.indices": "logs-*, -logs-debug-*",
		"move.overwrite": "a,b", "move.rename_pattern": "^(.+)$", "move.rename_replacement": "r-$1", "bucket.base_path": "/",
	} {
		if e := d.Set(k, v); e != nil {
			t.Fatal(e)
		}
	}
	want, err := os.ReadFile("testdata/answers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(d.WriteAnswers())); diff != "" {
		t.Errorf("answers file (-want +got):\n%s", diff)
	}
	back, errs := ReadAnswers(want)
	if len(errs) > 0 || !maps.Equal(raws(back), raws(d)) {
		t.Errorf("read back: %v%s", back.said, told(errs))
	}
}

// TestRoundTrip writes and reads drafts of random keys with awkward values.
func TestRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var keys []Key
	var walk func(at Key, fields []Question)
	walk = func(at Key, fields []Question) {
		for _, q := range fields {
			k := join(at, q.Name)
			switch q.Form {
			case Group:
				walk(k, q.Fields)
			case Chain:
				walk(k+".1", q.Fields)
				walk(k+".3", q.Fields)
			case Tags:
				keys = append(keys, k+".team", k+".a.b: c", k+".- #")
			default:
				keys = append(keys, k)
			}
		}
	}
	walk("", questions)
	values := []string{
		"x", "0123", "on", "no", "null", "~", "1e3", "2026-11-22", "a: b", "- a", "# no", " lead", "trail ", "'", `"`, "a\nb\n", "a,b", "a, b", ",", "*x", "&x",
		"!!int 3", "é漢字", "\u0085", "\ufeff", "a\tb", "{a}", "[a]", "%", "@x", "`", "|", ">", "?", "---", "...", "=", "<<",
	}
	for n := range 500 {
		d := &Draft{}
		for range rng.IntN(12) {
			key, raw := keys[rng.IntN(len(keys))], values[rng.IntN(len(values))]
			if e := d.Set(key, raw); (e != nil) != isLogin(key, raw) {
				t.Fatal(e)
			}
		}
		file := d.WriteAnswers()
		back, errs := ReadAnswers(file)
		if len(errs) > 0 || !maps.Equal(raws(back), raws(d)) {
			t.Fatalf("round %d: wrote\n%s\nof %v\nread %v%s", n, file, d.said, back.said, told(errs))
		}
		if again := back.WriteAnswers(); string(again) != string(file) {
			t.Fatalf("round %d: written again it is\n%s\nand was\n%s", n, again, file)
		}
	}
}

func TestSetRefuses(t *testing.T) {
	d := &Draft{}
	for _, key := range []Key{"", "source", "source.control.chain", "source.control.chain.0.role", "source.control.chain.01.role", "source.control.chain.100.role", "source.control.chain.1", "source.role.tags", "source.role.tags.", "shape.x", "nope"} {
		if e := d.Set(key, "x"); e == nil {
			t.Errorf("%q was taken", key)
		}
	}
	if e := d.Set("source.control.profile", "my ASIAIOSFODNN7EXAMPLE"); e == nil || d.Said("source.control.profile") {
		t.Error("an access key was kept")
	}
	if e := d.Set("source.account", "1"); e != nil {
		t.Fatal(e)
	}
	if e := d.Set("source.account", "  "); e != nil || d.Said("source") {
		t.Error("a blank answer does not take the answer back")
	}
}

func TestKeysInFileOrder(t *testing.T) {
	d := draft(t, map[Key]string{
		"move.proof": "all", "target.account": "1", "source.role.tags.b": "1", "source.role.tags.a": "1", "source.control.chain.10.role": "x",
		"source.control.chain.9.mfa_serial": "x", "source.control.chain.9.role": "x", "source.account": "1", "shape": "x",
	})
	want := "[shape source.account source.control.chain.9.role source.control.chain.9.mfa_serial source.control.chain.10.role source.role.tags.a source.role.tags.b target.account move.proof]"
	if got := fmt.Sprint(keysOf(d)); got != want {
		t.Errorf("keys %s, want %s", got, want)
	}
}

func FuzzReadAnswers(f *testing.F) {
	f.Add([]byte("source:\n  account: 1\n"))
	f.Add([]byte("move: {indices: [a, -b]}\n---\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		d, _ := ReadAnswers(file)
		back, errs := ReadAnswers(d.WriteAnswers())
		if len(errs) > 0 || !maps.Equal(raws(back), raws(d)) {
			t.Fatalf("of %q: wrote\n%s\nread %v%s", file, d.WriteAnswers(), back.said, told(errs))
		}
		d.Build(today)
	})
}
