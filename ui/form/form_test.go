package form

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/theme"
)

var (
	update = flag.Bool("update", false, "write the golden screens instead of comparing them")
	today  = time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
)

// pressed are keys by their names; anything else is typed letter by letter.
var pressed = map[string]tea.KeyPressMsg{
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
	"pgdown": {Code: tea.KeyPgDown}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "ctrl+r": {Code: 'r', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl}, "f1": {Code: tea.KeyF1}, "backspace": {Code: tea.KeyBackspace},
}

// page is a form with a person at it.
type page struct {
	*Form
	t *testing.T
}

// open begins a page of answers.
func open(t *testing.T, a *ask.Answers, name string, o Options) *page {
	t.Helper()
	o.Words = board.NewWords(language.English, nil)
	if o.Theme.Glyphs.Cursor == "" {
		o.Theme = theme.New(theme.Options{Dark: true, Unicode: true, Profile: colorprofile.TrueColor})
	}
	p := &page{New(a, name, o), t}
	p.Resize(80, 18)
	p.settle(p.Init())
	return p
}

// settle lets what is looked up arrive. Other commands only make a cursor blink.
func (p *page) settle(cmd tea.Cmd) {
	for p.Busy() && cmd != nil {
		cmd = p.Update(cmd())
	}
}

func (p *page) press(keys ...string) *page {
	for _, k := range keys {
		if msg, ok := pressed[k]; ok {
			p.settle(p.Update(msg))
			continue
		}
		for _, r := range k {
			p.settle(p.Update(tea.KeyPressMsg{Code: r, Text: string(r)}))
		}
	}
	return p
}

// at fails where another question is asked.
func (p *page) at(key ask.Key) *page {
	p.t.Helper()
	if p.State() != Open || p.Asking().Key != key {
		p.t.Fatalf("state %d, asks for %s, wants %s\n%s", p.State(), p.Asking().Key, key, p.shows())
	}
	return p
}

// shows is the page as it is read.
func (p *page) shows() string { return ansi.Strip(p.drawn()) }

// drawn is what is drawn after a message.
func (p *page) drawn() string {
	p.layOut()
	return p.View(0)
}

func (p *page) says(words ...string) *page {
	p.t.Helper()
	for _, w := range words {
		if !strings.Contains(p.shows(), w) {
			p.t.Errorf("no %q in\n%s", w, p.shows())
		}
	}
	return p
}

// begun are answers as far as said.
func begun(t *testing.T, said map[ask.Key]string) *ask.Answers {
	t.Helper()
	d := &spec.Draft{}
	for k, v := range said {
		if e := d.Set(k, v); e != nil {
			t.Fatal(e)
		}
	}
	return ask.New(d, today)
}

// world is what somebody else looked up.
func world(_ context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
	name := func(value, detail string) ask.Option { return ask.Option{Value: value, Detail: steps.T("%s", detail)} }
	switch r.What {
	case ask.Profiles:
		return ask.Offer{Options: []ask.Option{name("acme-prod", "1111-2222-3333, eu-west-1"), name("acme-dev", "us-east-1")}}, nil
	case ask.Regions:
		return ask.Offer{Default: "eu-west-1"}, nil
	case ask.Identity:
		return ask.Offer{Default: "111122223333", Only: "111122223333", Note: steps.T("You are arn:aws:iam::111122223333:role/Admin, by profile acme-prod; good for another 52 min.")}, nil
	case ask.Domains:
		return ask.Offer{Options: []ask.Option{name("logs-prod", "OpenSearch 2.19.0, 3 x r6g.large, public, fine-grained access"), name("metrics-of-the-search-team-x", "Elasticsearch 7.10.2, 3 x m5.large, in a VPC, access policy alone")}}, nil
	case ask.Domain:
		if a.Get("source.domain") == "metrics-of-the-search-team-x" {
			return ask.Offer{}, &steps.Error{Summary: steps.T("Nothing came back within 20 s"), Fix: steps.T("Look again, or type the answer; preflight looks at it in any case")}
		}
		return ask.Offer{Note: steps.T("The %s domain is OpenSearch 2.19.0, green.", string(r.Side))}, nil
	case ask.Buckets:
		return ask.Offer{}, &steps.Error{Summary: steps.T("The buckets cannot be listed"), Fix: steps.T("s3:ListAllMyBuckets would allow it")}
	case ask.Known:
		return ask.Offer{Known: "from the environment"}, nil
	}
	return ask.Offer{}, nil
}

// TestAPage: from the first question to the last, with a slip on the way.
func TestAPage(t *testing.T) {
	a := begun(t, map[ask.Key]string{"shape": "two-accounts"})
	p := open(t, a, "source-account", Options{Fetch: world}).at("source.control.base").says("Credentials for the source account", "Keys you type in")
	p.press("enter").at("source.control.profile").says("acme-dev", "Type a name")
	p.press("down", "enter").at("source.control.chain.1.role")
	if a.Get("source.control.profile") != "acme-dev" {
		t.Errorf("the profile is %q", a.Get("source.control.profile"))
	}
	p.press("wibble", "enter").at("source.control.chain.1.role").says(`"wibble" is not an ARN`, "An ARN looks like")
	p.press("ctrl+u", "enter").at("source.region")
	p.press("enter").at("source.account").says("You are arn:aws:iam::111122223333:role/Admin")
	p.press("ctrl+u", "444455556666", "enter").at("source.account").says("The credentials are of account 1111-2222-3333")
	p.press("shift+tab").at("source.region").press("enter").at("source.account")
	if p.Typed() != "444455556666" {
		t.Errorf("what was typed is gone: %q", p.Typed())
	}
	p.press("ctrl+u", "1111-2222-3333", "enter").at("source.signer.base").says("1111-2222-3333", "✓ You are arn:aws:iam::111122223333:role/Admin")
	p.press("enter")
	if p.State() != Done {
		t.Errorf("state %d:\n%s", p.State(), p.shows())
	}
}

// TestLeavingAndComingBack keeps what was typed, and begins with what is missing.
func TestLeavingAndComingBack(t *testing.T) {
	a := begun(t, map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1", "source.control.base": "environment"})
	p := open(t, a, "bucket", Options{}).at("bucket.owner")
	p.press("down", "enter").at("bucket.name").press("Not a bucket", "esc")
	if p.State() != Back {
		t.Fatal("esc does not leave")
	}
	p = open(t, a, "bucket", Options{}).at("bucket.name").says("The target account")
	if p.Typed() != "Not a bucket" {
		t.Errorf("what was typed is gone: %q", p.Typed())
	}
	p.press("ctrl+u", "acme-os-migration", "pgdown")
	if p.State() != Done || a.Get("bucket.name") != "acme-os-migration" || a.Get("bucket.owner") != "target" {
		t.Errorf("state %d\n%s", p.State(), p.shows())
	}
	open(t, a, "bucket", Options{}).at("bucket.base_path").press("shift+tab").at("bucket.name").press("shift+tab").at("bucket.owner").press("shift+tab")
}

// TestLists: chosen by arrows and by filter, shown whole where they are shortened,
// and left for a line to type on.
func TestLists(t *testing.T) {
	a := begun(t, map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1"})
	p := open(t, a, "domains", Options{Fetch: world}).at("source.domain").says("logs-prod", "By its endpoint")
	p.Resize(60, 16)
	p.press("down").says("metrics-of-the-search-team-x", "in a VPC, access policy")
	p.press("/", "logs")
	if k := p.Keys(); len(k) != 3 || k[1].Help().Desc != "end the filter" {
		t.Errorf("keys while filtering: %v", k)
	}
	p.press("enter").at("source.mapper.base").says("The source domain is OpenSearch 2.19.0, green.")
	if a.Get("source.domain") != "logs-prod" {
		t.Errorf("the filter chose %q", a.Get("source.domain"))
	}
	p.press("shift+tab").at("source.domain").press("/", "nothing-has-this", "enter").at("source.domain")
	p.press("esc", "esc")
	if p.State() == Back {
		p = open(t, a, "domains", Options{Fetch: world})
	}
	p.at("source.mapper.base").press("shift+tab").at("source.domain").press("end", "enter").at("source.domain")
	p.press("ctrl+u", "other", "enter").at("source.mapper.base")
	p.press("shift+tab").at("source.domain")
	if a.Get("source.domain") != "other" || p.Typed() != "other" {
		t.Errorf("the domain is %q, the line says %q", a.Get("source.domain"), p.Typed())
	}
}

// TestProofs: one that fails leaves the choice; waiting can be left.
func TestProofs(t *testing.T) {
	a := begun(t, map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1"})
	p := open(t, a, "domains", Options{Fetch: world}).press("down", "enter").at("source.domain").says("Nothing came back within 20 s")
	p.press("ctrl+r").says("Nothing came back").press("shift+tab").at("source.domain").says("By its endpoint")
	p.press("enter").says("Nothing came back").press("enter").at("source.mapper.base")
	never := make(chan struct{})
	slow := func(ctx context.Context, _ *ask.Answers, r ask.Request) (ask.Offer, error) {
		close(never)
		<-ctx.Done()
		return ask.Offer{Note: steps.T("too late")}, ctx.Err()
	}
	f := New(a, "move", Options{Fetch: slow, Theme: p.Theme, Words: p.Words})
	f.Resize(80, 18)
	cmd := f.Init()
	got := make(chan tea.Msg, 1)
	go func() { got <- cmd() }()
	<-never
	waiting := &page{f, t}
	waiting.says("Looking up the indices of the source domain")
	f.Update(pressed["enter"])
	waiting.at("move.indices")
	if f.Busy() {
		t.Error("still waits")
	}
	f.Update(<-got)
	if strings.Contains(waiting.shows(), "too late") {
		t.Error("what was given up is shown")
	}
}

// TestSecretsAreNotShown: while they are typed and afterwards.
func TestSecretsAreNotShown(t *testing.T) {
	const hushed = "wJalrXUtnFEMI"
	a := begun(t, map[ask.Key]string{"source.control.base": "keys"})
	p := open(t, a, "source-account", Options{}).at("source.control.keys.id").press("AKIAIOSFODNN7EXAMPLE", "enter").at("source.control.keys.secret").press(hushed)
	shown := p.says("▸ typed, hidden").shows()
	if p.press("xyz").shows() != shown || p.press("backspace", "backspace", "backspace").shows() != shown {
		t.Errorf("its length is shown:\n%s", p.shows())
	}
	shown += p.Typed()
	p.press("enter", "enter").at("source.control.chain.1.role")
	if shown += p.shows(); strings.Contains(shown, hushed) || strings.Contains(shown, "AKIA") {
		t.Errorf("a secret is shown:\n%s", shown)
	}
	if a.Secret("source.control.keys.secret").Reveal() != hushed {
		t.Error("the secret is not what was typed")
	}
	p.press("shift+tab", "shift+tab").at("source.control.keys.secret").press("enter").at("source.control.keys.token")
	if a.Secret("source.control.keys.secret").Reveal() != hushed {
		t.Error("passing by lost the secret")
	}
}

// TestHelpOfAQuestion: by question mark where none could be typed, by F1 anywhere.
func TestHelpOfAQuestion(t *testing.T) {
	a := begun(t, nil)
	p := open(t, a, "source-account", Options{}).press("?").says("Whose rights read and change roles", "aws configure list")
	p.press("?")
	if strings.Contains(p.shows(), "Whose rights") {
		t.Error("help does not go away")
	}
	p.press("down", "enter").at("source.control.chain.1.role").press("a?")
	if p.Typed() != "a?" {
		t.Errorf("a question mark in a text: %q", p.Typed())
	}
	p.press("f1").says("The role you switch to", "In the console: IAM, Roles")
}

// TestPasting: long, and a name a line.
func TestPasting(t *testing.T) {
	a := begun(t, nil)
	p := open(t, a, "move", Options{}).at("move.indices")
	var names []string
	for i := range 500 {
		names = append(names, fmt.Sprintf("logs-2026.11.%04d", i))
	}
	p.settle(p.Update(tea.PasteMsg{Content: strings.Join(names, "\r\n") + "\n"}))
	p.press("enter").at("move.more")
	if got := a.Get("move.indices"); got != strings.Join(names, ", ") {
		t.Errorf("pasted names came as %.80s", got)
	}
}

// TestRestyle: the terminal tells its background while somebody types.
func TestRestyle(t *testing.T) {
	light := theme.New(theme.Options{Unicode: true, Profile: colorprofile.TrueColor})
	p := open(t, begun(t, map[ask.Key]string{"source.control.base": "environment"}), "source-account", Options{})
	p.at("source.control.chain.1.role").press("arn:aws")
	before := p.drawn()
	p.settle(p.Restyle(light))
	if p.Typed() != "arn:aws" || p.drawn() == before || p.shows() != ansi.Strip(before) {
		t.Errorf("%q\n%s\n%s", p.Typed(), before, p.drawn())
	}
	p.press(":iam").at("source.control.chain.1.role")
	if p.Typed() != "arn:aws:iam" {
		t.Errorf("keys go elsewhere: %q", p.Typed())
	}
	list := open(t, begun(t, nil), "start", Options{}).press("down")
	list.settle(list.Restyle(light))
	list.press("enter").at("shape")
	if got := list.a.Get(ask.Goal); got != ask.GoalCheck {
		t.Errorf("the row under the cursor was %q", got)
	}
}

// TestGoldenPages keeps how pages look: whoever changes it looks at it. No line is
// wider and no page taller than its room.
func TestGoldenPages(t *testing.T) {
	looks := map[string]theme.Options{"colour": {Dark: true, Unicode: true, Profile: colorprofile.TrueColor}, "ascii": {Profile: colorprofile.NoTTY}}
	sizes := map[string][2]int{"60x14": {60, 14}, "80x18": {80, 18}, "120x32": {120, 32}}
	for look, options := range looks {
		for size, cells := range sizes {
			var out strings.Builder
			for _, view := range views {
				a := begun(t, view.said)
				p := open(t, a, view.page, Options{Fetch: world, Theme: theme.New(options)})
				p.Resize(cells[0], cells[1])
				p.press(view.keys...)
				shown := p.drawn()
				if look == "ascii" {
					shown = ansi.Strip(shown)
				}
				for _, l := range strings.Split(shown, "\n") {
					if ansi.StringWidth(l) > cells[0] {
						t.Errorf("%s %s %s: %d cells wide: %s", look, size, view.name, ansi.StringWidth(l), l)
					}
					if look == "ascii" && strings.ContainsFunc(l, func(r rune) bool { return r > 126 }) {
						t.Errorf("%s %s: beyond ASCII: %s", size, view.name, l)
					}
				}
				if n := strings.Count(shown, "\n") + 1; n > cells[1] {
					t.Errorf("%s %s %s: %d lines", look, size, view.name, n)
				}
				out.WriteString("== " + view.name + "\n" + shown + "\n")
			}
			golden(t, look+"-"+size, out.String())
		}
	}
}

// views are pages as they are met.
var views = []struct {
	name, page string
	said       map[ask.Key]string
	keys       []string
}{
	{"start", "start", nil, nil},
	{"shape", "start", nil, []string{"enter", "down"}},
	{"credentials", "source-account", nil, nil},
	{"a slip", "source-account", map[ask.Key]string{"source.control.base": "environment"}, []string{"wibble", "enter"}},
	{"who", "source-account", map[ask.Key]string{"source.control.base": "environment", "source.region": "eu-west-1"}, []string{"enter"}},
	{"help", "source-account", map[ask.Key]string{"source.control.profile": "acme-prod"}, []string{"enter", "f1"}},
	{"domains", "domains", map[ask.Key]string{"source.account": "111122223333"}, []string{"down"}},
	{"a failed look", "bucket", map[ask.Key]string{"bucket.owner": "source"}, nil},
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go test -update writes it; look at it): %s", name, diff)
	}
}
