package wizard

import (
	"fmt"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// still is a screen that costs nothing itself.
type still struct{ body string }

func (still) Init() tea.Cmd          { return nil }
func (still) Update(tea.Msg) tea.Cmd { return nil }
func (still) Resize(int, int)        {}
func (s still) View(int) string      { return s.body }
func (still) Title() steps.Text      { return steps.T("Run") }
func (still) Keys() []key.Binding {
	return []key.Binding{bind("space", "details", "space"), bind("c", "as command", "c")}
}
func (still) Moving() bool                { return true }
func (still) Restyle(theme.Theme) tea.Cmd { return nil }
func (still) Close()                      {}
func (still) Route(r panel.Route) panel.Route {
	r.Moving, r.Rate = panel.Out, 155<<20
	return r
}

// BenchmarkChrome is what surrounds a screen: title, route, keys.
func BenchmarkChrome(b *testing.B) {
	p := sit(b, Options{Deeds: &desk{route: known}, Width: 120, Height: 40, Sandbox: true})
	p.screen = still{strings.Repeat(strings.Repeat("x", 118)+"\n", 30)}
	p.learn()
	b.ReportAllocs()
	for b.Loop() {
		p.Update(tea.PasteMsg{})
		p.View()
	}
}

// crowd are the names of ten thousand indices.
func crowd() []string {
	names := make([]string, 10_000)
	for i := range names {
		names[i] = fmt.Sprintf("logs-%06d", i)
	}
	return names
}

// BenchmarkMovesKey is what a letter costs that is typed into the pattern over ten
// thousand indices, with the picture that shows what it hits.
func BenchmarkMovesKey(b *testing.B) {
	p := atMoves(b, holding(crowd()...), Options{Width: 120, Height: 40})
	p.press("e", "logs-00")
	keys := []tea.KeyPressMsg{{Code: '9', Text: "9"}, {Code: tea.KeyBackspace}}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.Update(keys[i%2])
		p.View()
	}
}

// BenchmarkMovesLook moves the cursor along the list of what moves, and draws it.
func BenchmarkMovesLook(b *testing.B) {
	p := atMoves(b, holding(crowd()...), Options{Width: 120, Height: 40})
	b.ReportAllocs()
	for b.Loop() {
		p.Update(pressed["down"])
		p.View()
	}
}

// BenchmarkReviewKey moves the cursor through a plan of ten thousand indices, and
// draws it; a second passes between two pictures.
func BenchmarkReviewKey(b *testing.B) {
	planned, _ := planFor(somePlan(10_000))
	m := props(b, &play{}, theme.Options{Dark: true, Unicode: true, Profile: looks["colour"].Profile})
	s := newReview(m, nil).(*review)
	s.planned, s.plan.Plan, s.ready = planned, planned.Plan, true
	s.Resize(120, 31)
	b.ReportAllocs()
	for b.Loop() {
		s.Update(pressed["down"])
		s.Resize(120, 31)
		if len(s.View(0)) == 0 {
			b.Fatal("nothing was drawn")
		}
	}
}
