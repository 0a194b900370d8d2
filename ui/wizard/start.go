package wizard

import (
	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/key"

	"snapferry/steps"
	"snapferry/ui/theme"
)

// past reads the journal of the run directory, for the report on a run that was
// begun before. It is shown for as long as that takes.
type past struct{ made }

func newPast(m made) screen { return &past{m} }

func (p *past) Init() tea.Cmd {
	read := p.Past
	return func() tea.Msg {
		if read == nil {
			return pastMsg{err: &steps.Error{Summary: steps.T("There is no run here")}}
		}
		planned, state, err := read()
		return pastMsg{planned, state, err}
	}
}

func (p *past) Update(tea.Msg) tea.Cmd        { return nil }
func (p *past) Title() steps.Text             { return steps.T("Report") }
func (p *past) Keys() []key.Binding           { return nil }
func (p *past) Moving() bool                  { return true }
func (p *past) Restyle(t theme.Theme) tea.Cmd { p.theme = t; return nil }
func (p *past) Close()                        {}

func (p *past) View(_, _, frame int) string {
	spin := p.theme.Glyphs.Spin
	return p.theme.Accent.Render(spin[frame%len(spin)]) + " " + p.theme.Dim.Render("Reading the journal of the run")
}
