package wizard

import (
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

func (still) Init() tea.Cmd             { return nil }
func (still) Update(tea.Msg) tea.Cmd    { return nil }
func (s still) View(_, _, _ int) string { return s.body }
func (still) Title() steps.Text         { return steps.T("Run") }
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
