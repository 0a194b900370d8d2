package wizard

import (
	"context"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/theme"
)

// past reads the journal of the run directory, for the report on a run that was
// begun before. It is shown for as long as that takes.
type past struct {
	made
	task task
}

func newPast(m made) screen { return &past{made: m} }

func (p *past) Init() tea.Cmd {
	return p.task.begin(p.ctx, func(ctx context.Context) func() tea.Cmd {
		msg := pastMsg{err: &steps.Error{Summary: steps.T("There is no run here")}}
		if p.Past != nil {
			msg.planned, msg.state, msg.err = p.Past(ctx)
		}
		return func() tea.Cmd { return p.want(msg) }
	})
}

func (p *past) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tasked:
		return p.task.take(msg)
	case tea.KeyPressMsg:
		if msg.String() == "esc" {
			return p.want(backMsg{})
		}
	}
	return nil
}

// Title says where one is.
func (p *past) Title() steps.Text { return steps.T("Report") }

func (p *past) Keys() []key.Binding           { return []key.Binding{bind("esc", "back to the start", "esc")} }
func (p *past) Moving() bool                  { return p.task.busy() }
func (p *past) Restyle(t theme.Theme) tea.Cmd { p.theme = t; return nil }
func (p *past) Close()                        { p.task.end() }

func (p *past) View(frame int) string {
	spin := p.theme.Glyphs.Spin
	return p.theme.Accent.Render(spin[frame%len(spin)]) + " " + p.theme.Dim.Render("Reading the journal of the run")
}
