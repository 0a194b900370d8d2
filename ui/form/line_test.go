package form

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
	"snapferry/ui/ask"
)

// TestNothingSteersTheTerminal: what came from outside is shown and not obeyed.
func TestNothingSteersTheTerminal(t *testing.T) {
	evil := "x\x1b]0;mine\a\x1b[2J"
	fetch := func(_ context.Context, _ *ask.Answers, r ask.Request) (ask.Offer, error) {
		if r.What == ask.Domain {
			return ask.Offer{}, &steps.Error{Summary: steps.T("%s", evil), Fix: steps.T("%s", evil)}
		}
		return ask.Offer{Options: []ask.Option{{Value: "logs-prod", Detail: steps.T("%s", evil)}, {Value: evil}, {Value: "other", Label: steps.T("%s", evil)}}, Note: steps.T("%s", evil)}, nil
	}
	p := open(t, begun(t, map[ask.Key]string{"source.account": "111122223333"}), "domains", Options{Fetch: fetch})
	shown := p.drawn()
	p.press("enter")
	if shown += p.drawn(); strings.Contains(shown, "\x1b]") || strings.Contains(shown, "\a") || strings.Contains(shown, "\x1b[2J") {
		t.Errorf("%q", shown)
	}
}

// TestJudgedAsTyped: where rules hold for every letter, they are told at once, and
// the example stays in sight.
func TestJudgedAsTyped(t *testing.T) {
	p := open(t, begun(t, map[ask.Key]string{"bucket.owner": "source"}), "bucket", Options{}).at("bucket.name")
	p.says("such as acme-os-migration").press("Acme").says("so far:", "capital")
	p.press("ctrl+u", "acme-os").says("such as acme-os-migration")
	if strings.Contains(p.shows(), "so far") {
		t.Errorf("nothing is wrong any more:\n%s", p.shows())
	}
	p.settle(p.Update(tea.PasteMsg{Content: "_"}))
	p.says("so far:").press("enter").at("bucket.name").says("✗")
	other := open(t, begun(t, map[ask.Key]string{"source.control.base": "environment"}), "source-account", Options{}).press("enter").at("source.region").press("eu-")
	if strings.Contains(other.shows(), "so far") {
		t.Errorf("half a region is no slip:\n%s", other.shows())
	}
}

// helpBy is the key that the line of keys names for help.
func (p *page) helpBy() string {
	for _, k := range p.Keys() {
		if k.Help().Desc == "help" {
			return k.Help().Key
		}
	}
	return ""
}

// TestHelpIsNamedByTheKeyThatGivesIt: a question mark is a letter of a text.
func TestHelpIsNamedByTheKeyThatGivesIt(t *testing.T) {
	p := open(t, begun(t, map[ask.Key]string{"source.control.base": "keys"}), "source-account", Options{First: "source.control.base"}).at("source.control.base")
	for _, c := range []struct {
		key         ask.Key
		typed, want string
	}{
		{"source.control.base", "", "?"},
		{"source.control.keys.id", "AKIA", "F1"},
		{"source.control.keys.secret", "", "F1"},
		{"source.control.keys.token", "", "F1"},
		{"source.control.chain.1.role", "", "?"},
		{"source.region", "eu-", "F1"},
	} {
		if p.at(c.key).press(c.typed); p.helpBy() != c.want {
			t.Errorf("%s with %q: help is by %q", c.key, c.typed, p.helpBy())
		}
		if c.typed == "" && c.key == "source.control.keys.secret" {
			p.press("x")
		}
		p.press("enter")
	}
}

// TestAPrefilledLine: the first letter takes the place of what was not typed at this
// visit, a key that moves begins to change it, and enter takes it.
func TestAPrefilledLine(t *testing.T) {
	for name, c := range map[string]struct {
		keys []string
		want string
	}{
		"taken":    {nil, "eu-west-1"},
		"replaced": {[]string{"us", "-east-2"}, "us-east-2"},
		"changed":  {[]string{"backspace", "2"}, "eu-west-2"},
		"helped":   {[]string{"?", "?", "us-east-2"}, "us-east-2"},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, begun(t, map[ask.Key]string{"source.control.base": "environment"}), "source-account", Options{Fetch: world}).press("enter").at("source.region")
			p.says("Enter takes it, typing replaces it").press(c.keys...)
			if c.want != "eu-west-1" && strings.Contains(p.shows(), "typing replaces it") {
				t.Errorf("it is replaced no more:\n%s", p.shows())
			}
			if p.press("enter"); p.a.Get("source.region") != c.want {
				t.Errorf("%q", p.a.Get("source.region"))
			}
		})
	}
	p := open(t, begun(t, map[ask.Key]string{"source.control.base": "environment"}), "source-account", Options{Fetch: world}).press("enter").at("source.region")
	p.settle(p.Update(tea.PasteMsg{Content: "eu-north-1"}))
	if p.Typed() != "eu-north-1" {
		t.Errorf("pasted: %q", p.Typed())
	}
	// What was begun is gone on with.
	p.press("shift+tab").press("enter").at("source.region").press("2")
	if p.Typed() != "eu-north-12" {
		t.Errorf("begun: %q", p.Typed())
	}
}

// TestWhatAFailedLookSaidStays: also where the answer was left blank, and beside one
// that was given all the same.
func TestWhatAFailedLookSaidStays(t *testing.T) {
	fetch := func(_ context.Context, _ *ask.Answers, r ask.Request) (ask.Offer, error) {
		if r.What == ask.Identity {
			return ask.Offer{}, &steps.Error{Summary: steps.T("The environment holds no credentials"), Fix: steps.T("Export AWS_ACCESS_KEY_ID")}
		}
		return ask.Offer{}, nil
	}
	a := begun(t, map[ask.Key]string{"source.control.base": "environment", "source.region": "eu-west-1"})
	p := open(t, a, "source-account", Options{Fetch: fetch}).at("source.control.chain.1.role").press("enter").at("source.region").press("enter")
	p.at("source.account").says("✗ The environment holds no credentials", "Export AWS_ACCESS_KEY_ID")
	p.press("enter").at("source.account").says("✗ The environment holds no credentials", "Export AWS_ACCESS_KEY_ID", "needs an answer")
	p.press("111122223333", "enter").at("source.signer.base").says("1111", "! The environment holds no credentials")
	p.press("shift+tab").at("source.account")
	p.Fetch = world
	p.press("ctrl+r", "enter").at("source.signer.base").says("✓ You are")
	if strings.Contains(p.shows(), "holds no credentials") {
		t.Errorf("it holds some:\n%s", p.shows())
	}
	// A proof that failed is no proof.
	p = open(t, begun(t, map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1"}), "domains", Options{Fetch: world})
	p.press("down", "enter", "enter").at("source.mapper.base").says("! Nothing came back within 20 s")
}

// TestToTheEnd: one key takes what stands there and leaves the rest of the page as it
// is, also where an answer is proven on the way; a proof that fails stops there.
func TestToTheEnd(t *testing.T) {
	said := map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1", "source.domain": "logs-prod", "source.mapper.base": "none", "target.mapper.base": "none", "target.account": "444455556666", "target.domain": "logs-prod"}
	p := open(t, begun(t, said), "domains", Options{Fetch: world, First: "source.domain"}).at("source.domain")
	if p.press("pgdown"); p.State() != Done {
		t.Errorf("at %s", p.Asking().Key)
	}
	if p.notes["source.domain"].IsZero() {
		t.Error("it was not proven on the way")
	}
	p = open(t, begun(t, said), "domains", Options{Fetch: world, First: "source.domain"}).press("down", "pgdown").at("source.domain").says("✗ Nothing came back")
	if p.press("enter").at("source.mapper.base"); p.State() != Open {
		t.Error("who goes on without a proof is at the end")
	}
	delete(said, "target.domain")
	open(t, begun(t, said), "domains", Options{Fetch: world, First: "source.domain"}).press("pgdown").at("target.domain")
}

// TestToTheEndProves: what can be proven of the answers that are passed by is proven, in
// their order; one that fails stops there, and the same key passes it.
func TestToTheEndProves(t *testing.T) {
	said := map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1", "source.domain": "logs-prod", "source.mapper.base": "none", "target.mapper.base": "none", "target.account": "444455556666", "target.domain": "logs-prod"}
	var proven []string
	var refused steps.Side
	fetch := func(ctx context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
		if r.What == ask.Domain {
			proven = append(proven, string(r.Side))
			if r.Side == refused {
				return ask.Offer{}, &steps.Error{Summary: steps.T("There is no such domain")}
			}
			return ask.Offer{Note: steps.T("The %s domain is there", string(r.Side))}, nil
		}
		return world(ctx, a, r)
	}
	o := Options{Fetch: fetch, First: "source.domain"}
	p := open(t, begun(t, said), "domains", o).press("pgdown")
	if d := cmp.Diff([]string{"source", "target"}, proven); d != "" || p.State() != Done {
		t.Errorf("%s: state %d", d, p.State())
	}
	if p.News().String() != "The target domain is there" {
		t.Errorf("told on: %q", p.News())
	}
	for key, want := range map[string]ask.Key{"enter": "target.mapper.base", "pgdown": "", "shift+tab": "target.domain"} {
		refused = steps.Target
		p = open(t, begun(t, said), "domains", o).press("pgdown").at("target.domain").says("✗ There is no such domain")
		p.press(key)
		if want == "" && p.State() != Done || want != "" && (p.State() != Open || p.Asking().Key != want) {
			t.Errorf("%s leads to %s, state %d", key, p.Asking().Key, p.State())
		}
		refused = steps.Source
		p = open(t, begun(t, said), "domains", o).press("pgdown").at("source.domain").says("✗ There is no such domain")
		if p.press("pgdown"); p.State() != Done {
			t.Errorf("the key does not pass it: %s", p.Asking().Key)
		}
	}
}

// TestNeededKeysHaveRoom: the line of keys of a narrow terminal, which is cut at its
// end, still has the ways out of a question.
func TestNeededKeysHaveRoom(t *testing.T) {
	text := open(t, begun(t, map[ask.Key]string{"source.control.base": "environment"}), "source-account", Options{Fetch: world}).press("eu-")
	list := open(t, begun(t, nil), "source-account", Options{Fetch: world})
	failed := open(t, begun(t, map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1"}), "domains", Options{Fetch: world}).press("down", "enter")
	const out = len(" . ctrl+c quit") // which the frame adds
	for _, c := range []struct {
		name  string
		p     *page
		cells int
		keys  []string
	}{
		{"a line", text, 60, []string{"enter next", "esc back", "F1 help", "shift+tab up"}},
		{"a line", text, 80, []string{"shift+tab up", "pgdn to the end"}},
		{"a first list", list, 60, []string{"enter next", "esc back", "? help"}},
		{"a first list", list, 80, []string{"pgdn to the end", "choose"}},
		{"a failed proof", failed, 60, []string{"enter go on", "shift+tab change it", "esc back"}},
		{"a failed proof", failed, 80, []string{"shift+tab change it", "esc back", "ctrl+r look again"}},
	} {
		c.p.Resize(c.cells, 18)
		shown := ansi.Strip(c.p.Theme.Keys(c.cells-out, c.p.Keys()))
		for _, k := range c.keys {
			if !strings.Contains(shown, k) {
				t.Errorf("%s, %d cells: no %q in %q", c.name, c.cells, k, shown)
			}
		}
	}
}

// TestNamesStayWhole: what is to be copied is not broken at its hyphens, and no sign
// stands alone on a line.
func TestNamesStayWhole(t *testing.T) {
	const host = "search-logs-prod-k2m8vq0plxt5crn7ybzs3wfhd9.eu-west-1.es.amazonaws.com"
	fetch := func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error) {
		return ask.Offer{}, &steps.Error{
			Summary: steps.T("%s is not part of the sandbox: it knows its own names only", "search-mine-abcdefghijklmnopqrstuvwxyz0123.eu-west-1.es.amazonaws.com:9200"),
			Fix:     steps.T("Its domains are logs-prod of account 111111111111 at %s, logs-next at %s; leave --sandbox out", host, host),
		}
	}
	for _, width := range []int{76, 78, 80, 100} {
		p := open(t, begun(t, map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1"}), "domains", Options{Fetch: fetch})
		p.Resize(width, 18)
		p.says(host)
		for _, l := range strings.Split(p.shows(), "\n") {
			if strings.TrimSpace(l) == ":" {
				t.Errorf("%d cells:\n%s", width, p.shows())
			}
		}
	}
}

// TestWaysRoundAreToldApart: in the list, and as the answer afterwards.
func TestWaysRoundAreToldApart(t *testing.T) {
	p := open(t, begun(t, map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1"}), "domains", Options{Fetch: world}).at("source.domain")
	p.says("By its endpoint", "Type a name").press("end", "up", "enter").at("source.endpoint").says("Source domain  By its endpoint")
}

// TestAirBelowAQuestion: what is said of it does not stick to the questions to come,
// whatever the height.
func TestAirBelowAQuestion(t *testing.T) {
	for height := 8; height < 24; height++ {
		p := open(t, begun(t, map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1"}), "domains", Options{Fetch: world}).press("down")
		p.Resize(60, height)
		lines := strings.Split(p.shows(), "\n")
		for i, l := range lines {
			if strings.HasPrefix(l, "  Who may edit role mappings on the source") && strings.TrimSpace(lines[i-1]) != "" {
				t.Errorf("%d lines:\n%s", height, p.shows())
			}
		}
		if len(lines) > height {
			t.Errorf("%d lines of %d", len(lines), height)
		}
	}
}

// TestShortTitles are told apart still.
func TestShortTitles(t *testing.T) {
	f := open(t, begun(t, nil), "domains", Options{})
	for title, want := range map[string]string{
		"Who may edit role mappings on the source domain": "Who may edit role … source domain",
		"Customer key of its encryption, if it has one":   "Customer key of its encryption",
		"Credentials for the source account":              "Credentials for the source account",
		"Anunbelievablylongwordinatitleofnothing":         "Anunbelievablylongwordinatitleofnothing",
	} {
		if got := f.short(title, 34); got != want {
			t.Errorf("%s: %q, wants %q", title, got, want)
		}
	}
}

// TestAKnownSecretIsNotMissing: one that need not be typed says where it is from, also
// behind its question.
func TestAKnownSecretIsNotMissing(t *testing.T) {
	said := map[ask.Key]string{"source.account": "111122223333", "source.region": "eu-west-1", "source.domain": "logs-prod", "source.mapper.base": "password", "source.mapper.user": "master"}
	p := open(t, begun(t, said), "domains", Options{Fetch: world, First: "source.mapper.password"}).at("source.mapper.password")
	for range 2 {
		if p.press("enter").says("from the environment"); strings.Contains(p.shows(), "not typed") {
			t.Errorf("it is known:\n%s", p.shows())
		}
		p = open(t, p.a, "domains", Options{Fetch: world, Known: p.Known, First: "target.domain"})
	}
}

// TestProofsAreWhole: what is said below an answer is read to its end, where the time
// that is left stands.
func TestProofsAreWhole(t *testing.T) {
	for _, width := range []int{60, 80, 120} {
		p := open(t, begun(t, map[ask.Key]string{"source.control.profile": "source"}), "source-account", Options{})
		p.Resize(width, 16)
		p.press("enter")
		p.notes["source.control.base"] = steps.T("You are arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/somebody@example.org, by profile source; good for another 52 min.")
		if got := strings.Join(strings.Fields(p.shows()), ""); !strings.Contains(got, "abcdef/somebody@example.org,byprofilesource;goodforanother52min.") {
			t.Errorf("%d:\n%s", width, p.shows())
		}
	}
}
