package wizard

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/form"
	"snapferry/ui/theme"
)

// page is the screen of a page of questions: why they are asked, and the form.
type page struct {
	made
	ask.Page
	number, of int
	form       *form.Form
	// news is what was proven at the end of the page before; it stands there while the
	// first question is asked.
	news  steps.Text
	first ask.Key
}

// newPage makes the screen of a page, which is the one of that number; the start
// is number 0.
func newPage(m made, p ask.Page, number, of int) screen {
	s := &page{made: m, Page: p, number: number, of: of}
	o := form.Options{Theme: m.theme, Words: m.Words, Known: m.known, Life: m.ctx}
	if m.Deeds != nil {
		o.Fetch = m.Deeds.Fetch
	}
	if p.Name == movePage {
		o.First = indicesKey // its preview is what the page is for
	}
	s.form = form.New(m.Answers, p.Name, o)
	if p.Name == movePage {
		return newMoves(s)
	}
	return s
}

// tell has the page say first what the one before came to.
func (p *page) tell(news steps.Text) { p.news = news }

func (p *page) Init() tea.Cmd {
	cmd := p.form.Init()
	p.first = p.form.Asking().Key
	return p.after(cmd)
}

func (p *page) Update(msg tea.Msg) tea.Cmd { return p.after(p.form.Update(msg)) }

// after tells the root when the page is through or left.
func (p *page) after(cmd tea.Cmd) tea.Cmd {
	switch p.form.State() {
	case form.Done:
		return tea.Batch(cmd, p.want(doneMsg{news: p.form.News()}))
	case form.Back:
		return tea.Batch(cmd, p.want(backMsg{}))
	}
	return cmd
}

// Title says which page of how many it is.
func (p *page) Title() steps.Text {
	if p.number == 0 {
		return p.Page.Title
	}
	return steps.T("%d of %d %s %s", p.number, p.of, p.theme.Glyphs.Dot, p.Page.Title)
}

// Keys are the form's; before the first page is none.
func (p *page) Keys() []key.Binding {
	list := p.form.Keys()
	if p.number == 0 {
		list = slices.DeleteFunc(list, func(k key.Binding) bool { return k.Help() == key.Help{Key: "esc", Desc: "back"} })
	}
	return list
}

func (p *page) Moving() bool { return p.form.Busy() }

// Typing says that letters are the form's, and so is its help.
func (p *page) Typing() bool { return true }

func (p *page) Restyle(t theme.Theme) tea.Cmd {
	p.theme = t
	return p.form.Restyle(t)
}

func (p *page) Close() { p.form.Close() }

// unkept is the question whose secret is being typed.
func (p *page) unkept() (ask.Question, bool) { return p.form.Unkept() }

// roomy is the height from which a page says whole why its questions are asked.
const roomy = 14

// Resize tells the room there is, of which the form has what is not said above it.
func (p *page) Resize(width, height int) {
	p.room.Resize(width, height)
	p.form.Resize(width, height-len(p.why()))
}

func (p *page) View(frame int) string {
	return strings.Join(append(p.why(), p.form.View(frame)), "\n")
}

// why is what the page is for, on the first one where all of it happens, and a line
// of air.
func (p *page) why() []string {
	width, height := p.width, p.height
	lines := p.theme.Wrap(p.Words.Say(p.Why), width)
	if height < roomy {
		lines = []string{p.theme.Cut(p.Words.Say(p.Why), width)}
	}
	if p.number == 0 {
		lines = append(lines, p.theme.Cut(p.Words.Say(p.where()), width))
	}
	for i, l := range lines {
		lines[i] = p.theme.Dim.Render(l)
	}
	if !p.news.IsZero() && p.form.Asking().Key == p.first {
		lines = append(lines, "")
		sign := p.theme.Good.Render(p.theme.Glyphs.Pass)
		for _, l := range p.theme.Wrap(p.theme.Plain(p.Words.Say(p.news)), width-2) {
			lines = append(lines, sign+" "+p.theme.Dim.Render(l))
			sign = " "
		}
	}
	return append(lines, "")
}

// where says whether any of it is real.
func (p *page) where() steps.Text {
	if p.Sandbox {
		return steps.T("This is the sandbox, an AWS of its own: nothing is real.")
	}
	return steps.T("This works on real accounts; --sandbox practises it first.")
}
