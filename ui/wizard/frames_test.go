package wizard

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// known is a route of which everything is known, and a session nearly over.
var known = panel.Route{
	Source: panel.End{Account: "111111111111", Domain: "logs-prod", Engine: "OpenSearch 2.19", Who: steps.T("Admin via profile source"), Expires: today.Add(12 * time.Minute)},
	Target: panel.End{Account: "222222222222", Domain: "logs-prod", Engine: "OpenSearch 3.4", Who: steps.T("admin via profile target")},
	Bucket: panel.Store{Name: "acme-os-migration", Region: "eu-west-1", Encryption: "SSE-KMS", Owner: steps.Source},
}

// stock are indices of every kind, with names that are wide and long.
var stock = []string{
	".kibana_1", ".opendistro_security", "audit-2026-q1", "logs-000041", "logs-000042", "logs-debug-7", "metrics-2026.11", "ログの索引-2026.11-日本語の名前がとても長い索引-その名前はまだ続く", "🚢🚢🚢-ferry",
	"a-name-that-goes-on-and-on-until-no-column-has-room-for-it-any-more-000001",
}

// scenes are frames as they are met.
var scenes = []struct {
	name string
	// deeds are the usual ones where nil.
	deeds        func() *desk
	bare, routed bool // nothing was answered yet; the route is known
	do           func(*person)
}{
	{name: "start", bare: true},
	{name: "shape", bare: true, do: func(p *person) { p.press("enter", "down", "?") }},
	{name: "who are you", routed: true, do: func(p *person) { p.press("enter", "enter", "enter", "enter") }},
	{name: "looking", do: func(p *person) {
		p.turned(p.open("domains"))
		p.press("shift+tab", "end", "enter", "ctrl+u", "other")
		p.Update(pressed["enter"]) // and nothing comes back yet
	}},
	{name: "a slip", do: func(p *person) { p.turned(p.open("bucket")); p.press("enter", "ctrl+u", "Acme_OS") }},
	{name: "domains", do: func(p *person) { p.turned(p.open("domains")); p.press("shift+tab") }},
	{name: "start afresh", bare: true, do: func(p *person) {
		p.Afresh = func() []steps.Text {
			return []steps.Text{steps.T("A new run begins in the directory %s.", strings.Repeat("a-long-path/", 6)), steps.T("Run 2026-11-22-a is not touched.")}
		}
		p.Answers.Amend(ask.Goal, ask.GoalAfresh)
		p.turned(p.after())
	}},
	{name: "what moves", deeds: func() *desk { return holding(stock...) }, do: func(p *person) { p.at5().press("down", "down", "space") }},
	{name: "a long name", deeds: func() *desk { return holding(stock...) }, do: func(p *person) { p.at5(); p.press("home") }},
	{name: "why one stays", deeds: func() *desk { return holding(stock...) }, do: func(p *person) { p.at5().press("end", "space") }},
	{name: "patterns", routed: true, deeds: func() *desk { return holding(stock...) }, do: func(p *person) { p.at5().press("e", "ctrl+u", "logs-*, -logs-debug-*, Metrics") }},
	{name: "an empty domain", deeds: func() *desk { return holding() }, do: func(p *person) { p.at5() }},
	{name: "all keys", do: func(p *person) { p.at, p.screen = atRun, still{"nothing"}; p.press("?") }},
	{name: "a question over it", do: func(p *person) {
		p.send(askMsg{question: steps.T("Code of the MFA device arn:aws:iam::111111111111:mfa/me, for the role arn:aws:iam::111111111111:role/a-role-with-a-long-name"), unseen: true, reply: make(chan reply, 1)})
		p.press("123456")
	}},
}

// at5 goes to the fifth page.
func (p *person) at5() *person {
	p.turned(p.open(movePage))
	return p
}

// frames are terminals by their size.
var frameSizes = map[string][2]int{"60x20": {60, 20}, "80x24": {80, 24}, "120x40": {120, 40}, "200x60": {200, 60}}

// TestGoldenFrames keeps how whole frames look: as many lines as the terminal has,
// none wider, nothing beyond ASCII where that is all there is.
func TestGoldenFrames(t *testing.T) {
	for look, options := range looks {
		for size, cells := range frameSizes {
			var out strings.Builder
			for _, s := range scenes {
				d := &desk{}
				if s.deeds != nil {
					d = s.deeds()
				}
				if s.routed {
					d.route = known
				}
				o := Options{Look: options, Width: cells[0], Height: cells[1], Deeds: d, Sandbox: true}
				if !s.bare {
					o.Answers = answered(t, preset)
				}
				p := sit(t, o)
				if s.do != nil {
					s.do(p)
				}
				shown := p.shows()
				if n := strings.Count(shown, "\n") + 1; n != cells[1] {
					t.Errorf("%s %s %s: %d lines", look, size, s.name, n)
				}
				if look == "ascii" {
					for _, l := range strings.Split(shown, "\n") {
						if strings.ContainsFunc(l, func(r rune) bool { return r > 126 }) {
							t.Errorf("%s %s: beyond ASCII: %s", size, s.name, l)
						}
					}
				}
				if look == "colour" {
					shown = strings.Join(p.lines(), "\n")
				}
				fmt.Fprintf(&out, "== %s\n%s\n", s.name, trimmed(shown))
			}
			golden(t, "frames-"+look+"-"+size, out.String())
		}
	}
}

// trimmed takes the blanks at the ends of lines.
func trimmed(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// TestResize: at any moment, to any size, and back; nothing typed is lost.
func TestResize(t *testing.T) {
	p := atMoves(t, holding(stock...), Options{Sandbox: true})
	p.press("e", "ctrl+u", "logs-*")
	for _, w := range []int{0, 13, 65, 78, 91, 130, 117, 61, 60, 26} { // wider, and narrower again
		for h := 0; h <= 48; h += 6 {
			p.send(tea.WindowSizeMsg{Width: w, Height: h})
			p.shows()
			if w >= leastWidth && h >= leastHeight {
				p.says("logs-*")
			}
		}
	}
	p.send(tea.WindowSizeMsg{Width: 50, Height: 20})
	p.says("too small", "--plain").press("x")
	p.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	if p.says("logs-*"); p.line() != "logs-*" {
		t.Errorf("%q: a key was taken that nobody saw", p.line())
	}
	if p.press("ctrl+c"); !p.quit {
		t.Error("ctrl+c does not leave")
	}
}

// TestLightBackground: the terminal tells it while somebody types.
func TestLightBackground(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{route: known}})
	p.press("enter", "enter", "abc")
	before := p.View().Content
	p.send(tea.BackgroundColorMsg{Color: white{}})
	if p.theme.Dark || p.View().Content == before || ansi.Strip(p.View().Content) != ansi.Strip(before) {
		t.Errorf("dark %v\n%s", p.theme.Dark, p.shows())
	}
	if p.press("d").says("abcd"); theme.New(p.Look).Dark {
		t.Error("the next screen would be dark")
	}
}

type white struct{}

func (white) RGBA() (r, g, b, a uint32) { return 0xffff, 0xffff, 0xffff, 0xffff }

// TestRouteIsShown: boxes where there is room, one line where there is less.
func TestRouteIsShown(t *testing.T) {
	d := &desk{}
	p := sit(t, Options{Answers: answered(t, preset), Deeds: d, Width: 120, Height: 40})
	if strings.Contains(p.shows(), "OpenSearch 2.19") {
		t.Error("a route that is not known")
	}
	d.route = known
	p.press("enter").says("OpenSearch 2.19", "s3://acme-os-migration", "12 min")
	p.send(tea.WindowSizeMsg{Width: 60, Height: 20})
	p.says("s3://acme", "12 min")
}
