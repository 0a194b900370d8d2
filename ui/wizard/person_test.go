package wizard

import (
	"context"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/form"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

var today = time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)

// pressed are keys by their names; anything else is typed letter by letter.
var pressed = map[string]tea.KeyPressMsg{
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
	"pgdown": {Code: tea.KeyPgDown}, "pgup": {Code: tea.KeyPgUp}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "ctrl+r": {Code: 'r', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl},
	"f1": {Code: tea.KeyF1}, "ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "ctrl+z": {Code: 'z', Mod: tea.ModCtrl}, "space": {Code: tea.KeySpace, Text: " "}, "tab": {Code: tea.KeyTab}, "r": {Code: 'r', Text: "r"},
}

// person sits at the wizard. What the program would do beside its loop is done at
// once; what only passes time is left out.
type person struct {
	*root
	t    testing.TB
	quit bool
	// suspended counts how often the program was put aside.
	suspended int
}

// sit begins the wizard for somebody.
func sit(t testing.TB, o Options) *person {
	t.Helper()
	o.Words = board.NewWords(language.English, nil)
	if o.Answers == nil {
		o.Answers = ask.New(&spec.Draft{}, today)
	}
	if o.Width == 0 {
		o.Width, o.Height = 80, 24
	}
	if o.Look == (theme.Options{}) {
		o.Look = theme.Options{Dark: true, Unicode: true, Profile: colorprofile.TrueColor}
	}
	o.Now = func() time.Time { return today }
	p := &person{root: newRoot(context.Background(), o), t: t}
	p.do(p.Init())
	return p
}

// passing names what a command is that waits for time to pass.
var passing = []string{"bubbletea/v2.Tick", "/cursor.", "huh/v2", "textinput"}

// do runs a command to its end, and whatever follows from it.
func (p *person) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	name := runtime.FuncForPC(reflect.ValueOf(cmd).Pointer()).Name()
	for _, part := range passing {
		if strings.Contains(name, part) {
			return
		}
	}
	p.send(cmd())
}

// send gives the program a message.
func (p *person) send(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, cmd := range msg {
			p.do(cmd)
		}
	case tea.QuitMsg:
		p.quit = true
	case tea.SuspendMsg:
		p.suspended++
	default:
		p.do(p.update(msg))
	}
}

// update has the program take a message, and draws as it does after every one.
func (p *person) update(msg tea.Msg) tea.Cmd {
	_, cmd := p.Update(msg)
	p.View()
	return cmd
}

// together presses keys that came in one read of the terminal: every one of them is
// taken before what any of them wants is done.
func (p *person) together(keys ...string) *person {
	var all []tea.Cmd
	for _, k := range keys {
		all = append(all, p.update(pressed[k]))
	}
	for _, cmd := range all {
		p.do(cmd)
	}
	return p
}

// press presses keys by name, and types what is none.
func (p *person) press(keys ...string) *person {
	for _, k := range keys {
		if msg, ok := pressed[k]; ok {
			p.send(msg)
			continue
		}
		for _, r := range k {
			p.send(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return p
}

// shows is the frame as it is read; it holds it to its size.
func (p *person) shows() string {
	p.t.Helper()
	list := p.lines()
	if len(list) > p.chrome.height {
		p.t.Errorf("%d lines in a terminal of %d", len(list), p.chrome.height)
	}
	for _, l := range list {
		if ansi.StringWidth(l) > p.chrome.width {
			p.t.Errorf("%d cells in a terminal of %d: %s", ansi.StringWidth(l), p.chrome.width, ansi.Strip(l))
		}
	}
	return ansi.Strip(strings.Join(list, "\n"))
}

// turned turns to a screen.
func (p *person) turned(s screen) {
	p.do(p.turn(s))
	p.arrange()
}

// show puts a screen before somebody.
func (p *person) show(at place, s screen) {
	p.at, p.screen = at, s
	if c := s.(interface{ covered() *cover }).covered(); c != nil { // of a screen that was made on a stage
		p.cover = c
	}
	p.arrange()
}

// says fails where the frame does not say something.
func (p *person) says(words ...string) *person {
	p.t.Helper()
	shown := p.shows()
	for _, w := range words {
		if !strings.Contains(shown, w) {
			p.t.Errorf("no %q in\n%s", w, shown)
		}
	}
	return p
}

// on fails where another page of questions is shown, or another question asked.
func (p *person) on(name string, key ask.Key) *person {
	p.t.Helper()
	s, is := p.screen.(interface{ asking() (string, ask.Key) })
	if !is {
		p.t.Fatalf("%T is no page:\n%s", p.screen, p.shows())
	}
	if page, at := s.asking(); page != name || key != "" && at != key {
		p.t.Fatalf("page %s asks for %s, wants %s, %s\n%s", page, at, name, key, p.shows())
	}
	return p
}

func (p *page) asking() (string, ask.Key) { return p.Name, p.form.Asking().Key }

func (p *page) pageForm() *form.Form { return p.form }

// answered are answers as far as said.
func answered(t testing.TB, said map[ask.Key]string) *ask.Answers {
	t.Helper()
	d := &spec.Draft{}
	for k, v := range said {
		if e := d.Set(k, v); e != nil {
			t.Fatal(e)
		}
	}
	return ask.New(d, today)
}

// preset are answers as the sandbox has them.
var preset = map[ask.Key]string{
	"source.account": "111111111111", "source.region": "eu-west-1", "source.domain": "logs-prod", "source.control.profile": "source",
	"target.account": "222222222222", "target.domain": "logs-prod", "target.control.profile": "target", "bucket.name": "acme-os-migration", "move.indices": "*",
}

// fetcher looks up what a question can be answered with.
type fetcher func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error)

// desk are deeds over a world that somebody made up.
type desk struct {
	Deeds
	by    Asker
	route panel.Route
	kept  []string
	fetch fetcher
}

func (d *desk) Attach(by Asker) { d.by = by }

func (d *desk) Route() panel.Route { return d.route }

func (d *desk) Keep(a *ask.Answers) (string, error) {
	d.kept = append(d.kept, string(a.Draft().WriteAnswers()))
	return "snapferry-run/answers.yaml", nil
}

func (d *desk) Check(context.Context, *ask.Answers) ([]steps.Finding, error) {
	return []steps.Finding{{ID: "clock", Family: steps.FamilyHost, Outcome: steps.Pass, Summary: steps.T("the clock is right")}}, nil
}

func (d *desk) Fixable(steps.Finding) bool { return false }

func (d *desk) Plan(_ context.Context, _ *ask.Answers, _ []steps.CheckID) (Planned, error) {
	return Planned{}, &steps.Error{Summary: steps.T("There is no plan here")}
}

func (d *desk) Fetch(ctx context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
	if d.fetch != nil {
		return d.fetch(ctx, a, r)
	}
	switch r.What {
	case ask.Identity:
		return ask.Offer{Note: steps.T("You are arn:aws:iam::111111111111:role/Admin, by profile source; good for another 52 min.")}, nil
	case ask.Domains:
		return ask.Offer{Options: []ask.Option{{Value: "logs-prod", Detail: steps.T("OpenSearch 2.19.0, 3 x r6g.large, public, fine-grained access")}}}, nil
	}
	return ask.Offer{}, nil
}
