package wizard

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"

	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/form"
	"snapferry/ui/prompt"
)

// frontEnd asks somebody who answers as said, and leaves the rest blank.
type frontEnd struct {
	name string
	ask  func(t *testing.T, said map[ask.Key]string) *ask.Answers
}

// frontEnds are all there are; the answers file is what they are held against.
var frontEnds = []frontEnd{{"line prompts", byLines}, {"wizard", byWizard(nothing)}, {"wizard that knows the indices", byWizard(holding("logs-1", "logs-debug-1").fetch)}}

// byLines types at line prompts. Which question stands there is known by the one
// that follows the answers so far.
func byLines(t *testing.T, said map[ask.Key]string) *ask.Answers {
	t.Helper()
	a := ask.New(&spec.Draft{}, today)
	var out bytes.Buffer
	liner := &liner{a: a, said: said, typed: map[ask.Key]bool{}}
	err := prompt.All(context.Background(), a, prompt.Options{Keyboard: prompt.NewKeyboard(liner), Out: &out, Words: board.NewWords(language.English, nil)})
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return a
}

// liner types the answer to the first question that has none yet.
type liner struct {
	a     *ask.Answers
	said  map[ask.Key]string
	typed map[ask.Key]bool
	rest  []byte
}

func (y *liner) Read(b []byte) (int, error) {
	if len(y.rest) == 0 {
		y.rest = []byte(y.line() + "\n")
	}
	n := copy(b, y.rest)
	y.rest = y.rest[n:]
	return n, nil
}

func (y *liner) line() string {
	for _, p := range y.a.Pages() {
		for _, q := range p.Questions {
			if y.typed[q.Key] {
				continue
			}
			y.typed[q.Key] = true
			if v := y.said[q.Key]; v != "" {
				return v
			}
			if q.Needed { // only the domain's name, where its endpoint is said
				return "1"
			}
			return ""
		}
	}
	return ""
}

// byWizard presses the keys of the wizard, from its start to the checks.
func byWizard(fetch fetcher) func(*testing.T, map[ask.Key]string) *ask.Answers {
	return func(t *testing.T, said map[ask.Key]string) *ask.Answers {
		t.Helper()
		p := sit(t, Options{Deeds: &desk{fetch: fetch}})
		for presses := 0; p.at == atPages; presses++ {
			if presses > 200 {
				t.Fatalf("no way on:\n%s", p.shows())
			}
			p.reply(said)
		}
		return p.Answers
	}
}

// nothing is found by whoever looks.
func nothing(context.Context, *ask.Answers, ask.Request) (ask.Offer, error) { return ask.Offer{}, nil }

// reply answers one question by keys alone.
func (p *person) reply(said map[ask.Key]string) {
	f := p.screen.(interface{ pageForm() *form.Form }).pageForm()
	q := f.Asking()
	word, ok := said[q.Key]
	list := f.Choices()
	i := slices.IndexFunc(list, func(o ask.Option) bool { return o.Value == word })
	m, moving := p.screen.(*moves)
	switch {
	case moving && m.listing():
		if ok && m.form.Typed() != word {
			p.press("e", "ctrl+u")
			p.send(tea.PasteMsg{Content: word})
			p.press("enter")
		}
	case ok && len(list) > 0 && i < 0: // the last row is a line to type on
		p.press("end", "enter")
		p.reply(said)
		return
	case len(list) > 0 && (ok || q.Needed && i >= 0):
		p.press("home")
		for range i {
			p.press("down")
		}
	case ok:
		p.press("ctrl+u")
		p.send(tea.PasteMsg{Content: word})
	}
	p.press("enter")
}

// file writes answers as a file, without the layout of our own writer.
func file(said map[ask.Key]string) []byte {
	d := &spec.Draft{}
	for k, v := range said {
		if base, ok := strings.CutSuffix(string(k), ".tags"); ok {
			name, value, _ := strings.Cut(v, "=")
			k, v = ask.Key(base+".tags."+name), value
		}
		_ = d.Set(k, v) // what is no answer of a file, or stays in memory, is left out
	}
	return d.WriteAnswers()
}

// TestSameAnswersSameSpec: wizard, line prompts and answers file make the same of
// the same answers.
func TestSameAnswersSameSpec(t *testing.T) {
	for name, said := range migrations {
		t.Run(name, func(t *testing.T) {
			d, errs := spec.ReadAnswers(file(said))
			if len(errs) > 0 {
				t.Fatal(errs[0])
			}
			want, errs := d.Build(today)
			if len(errs) > 0 {
				t.Fatal(errs[0])
			}
			for _, f := range frontEnds {
				a := f.ask(t, said)
				got, errs := a.Draft().Build(today)
				if len(errs) > 0 {
					t.Fatalf("%s: %v", f.name, errs[0])
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: %s", f.name, diff)
				}
				for key, word := range said {
					hushed := strings.HasSuffix(string(key), ".secret") || strings.HasSuffix(string(key), ".password")
					if hushed && a.Secret(key).Reveal() != word {
						t.Errorf("%s: %s was not kept in memory", f.name, key)
					}
				}
			}
		})
	}
}

// migrations are answers of every shape; together they answer every page.
var migrations = map[string]map[ask.Key]string{
	"two accounts": {
		"shape": "two-accounts", "source.control.base": "profile", "source.control.profile": "acme-prod", "source.region": "eu-west-1", "source.account": "1111-2222-3333",
		"target.control.base": "environment", "target.account": "444455556666", "source.domain": "logs-prod", "target.domain": "logs-next",
		"bucket.owner": "target", "bucket.name": "acme-os-migration",
	},
	"a jump account and an internal master": {
		"shape": "two-accounts", "source.control.base": "keys", "source.control.keys.id": "AKIAIOSFODNN7EXAMPLE", "source.control.keys.secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"source.control.chain.1.role": "arn:aws:iam::999988887777:role/jump", "source.control.chain.1.external_id": "word", "source.control.chain.1.mfa_serial": "GAHT12345678",
		"source.control.chain.2.role": "arn:aws:iam::111122223333:role/admin", "source.control.chain.2.session_name": "moving",
		"source.region": "eu-west-1", "source.account": "111122223333", "source.signer.base": "instance", "source.signer.chain.1.role": "arn:aws:iam::111122223333:role/signer",
		"target.control.base": "none", "target.region": "eu-west-2", "target.account": "444455556666", "target.signer.base": "task",
		"source.domain": "logs-prod", "source.mapper.base": "password", "source.mapper.user": "admin", "source.mapper.password": "Correct-Horse-1",
		"target.endpoint": "logs.acme.example", "target.via": "127.0.0.1:9443", "target.mapper.base": "profile", "target.mapper.profile": "mapper",
		"domains.more": "yes", "source.auth": "signed", "target.auth": "unsigned", "source.role.arn": "arn:aws:iam::111122223333:role/snap",
		"target.role.name": "snap", "target.role.path": "/service/", "target.role.boundary": "arn:aws:iam::444455556666:policy/b", "target.role.tags": "team=search",
		"bucket.name": "acme-os-migration", "bucket.base_path": "here/and/there", "bucket.kms_key": "arn:aws:kms:eu-west-1:111122223333:key/k", "bucket.more": "yes", "bucket.region": "eu-west-1",
		"move.indices": "logs-*, -logs-debug-*", "move.more": "yes", "move.rename_pattern": "^(.+)$", "move.rename_replacement": "old-$1", "move.replicas": "0",
		"move.snapshot": "before-the-move", "move.repository": "mine", "move.proof": "all", "move.aliases": "leave", "move.overwrite": "old-logs-1",
	},
	"one account": {
		"goal": "check", "shape": "same-account", "source.control.base": "environment", "source.region": "eu-west-1", "source.account": "111122223333",
		"target.more": "yes", "target.control.base": "profile", "target.control.profile": "other", "target.signer.base": "keys", "target.signer.keys.id": "AKIAIOSFODNN7EXAMPLE",
		"target.signer.keys.secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "source.domain": "logs-prod", "target.domain": "logs-next", "bucket.name": "acme-os-migration",
	},
	"beside the originals, from a bastion": {
		"goal": "bastion", "shape": "same-domain", "source.control.base": "none", "source.region": "eu-west-1", "source.account": "111122223333", "source.signer.base": "instance",
		"source.endpoint": "search.acme.example", "bucket.name": "acme-os-migration", "move.rename_pattern": "^(.+)$", "move.rename_replacement": "old-$1",
	},
}
