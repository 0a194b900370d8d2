package wizard

import (
	"context"
	"errors"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/board"
	"snapferry/ui/panel"
	"snapferry/ui/theme"
)

// ErrTurnedDown says that somebody was asked and would not say.
var ErrTurnedDown = errors.New("the question was turned down")

type (
	// askMsg asks the person something, over whatever screen is shown.
	askMsg struct {
		question steps.Text
		unseen   bool
		reply    chan reply
		// help says where the answer is found; fits, what is wrong with one.
		help steps.Text
		fits func(string) error
	}
	// unaskMsg says that nobody waits for the answer any more.
	unaskMsg struct{ reply chan reply }
	reply    struct {
		text string
		err  error
	}
)

// asker is the Asker of the program that send reaches.
type asker struct{ send func(tea.Msg) }

// Ask waits for the answer; it must not be called on the program's loop.
func (a asker) Ask(ctx context.Context, question steps.Text, unseen bool) (string, error) {
	return a.wait(ctx, askMsg{question: question, unseen: unseen})
}

// AskUntil waits for an answer that fits.
func (a asker) AskUntil(ctx context.Context, q Question) (string, error) {
	return a.wait(ctx, askMsg{question: q.Words, help: q.Help, fits: q.Fits})
}

func (a asker) wait(ctx context.Context, msg askMsg) (string, error) {
	got := make(chan reply, 1)
	msg.reply = got
	a.send(msg)
	select {
	case r := <-got:
		return r.text, r.err
	case <-ctx.Done():
		a.send(unaskMsg{got})
		return "", ctx.Err()
	}
}

// modal is the questions that stand over the screen, the first of them shown; nil
// where nothing is asked.
type modal struct {
	room
	asked []askMsg
	input textinput.Model
	// wrong is why the answer on the line does not fit.
	wrong error
	// blank says that enter was pressed on an empty line: it may have been meant for what
	// is below, so that it takes one more.
	blank bool
	theme theme.Theme
	words board.Words
}

// queue adds a question, or takes back one that nobody waits for any more.
func (m *modal) queue(msg tea.Msg, from made) *modal {
	if m == nil {
		m = &modal{}
	}
	m.theme, m.words = from.theme, from.Words
	switch msg := msg.(type) {
	case askMsg:
		if m.asked = append(m.asked, msg); len(m.asked) > 1 {
			return m
		}
	case unaskMsg:
		i := slices.IndexFunc(m.asked, func(a askMsg) bool { return a.reply == msg.reply })
		if i < 0 {
			return m.front()
		}
		if m.asked = slices.Delete(m.asked, i, i+1); i > 0 {
			return m
		}
	}
	m.begin()
	return m.front()
}

// begin puts an empty line up for the first question.
func (m *modal) begin() {
	m.input, m.wrong, m.blank = textinput.New(), nil, false
	m.input.KeyMap.Paste = key.NewBinding() // what a terminal pastes comes by itself
	m.input.Prompt = m.theme.Glyphs.Cursor + " "
	m.input.Focus()
}

// front is the modal while a question is left, else nil.
func (m *modal) front() *modal {
	if m == nil || len(m.asked) == 0 {
		return nil
	}
	return m
}

// answer hands over what was said to the first question and turns to the next.
func (m *modal) answer(r reply) {
	m.asked[0].reply <- r
	m.asked = m.asked[1:]
	m.begin()
}

// Update takes keys and what is pasted; other messages make the cursor blink.
func (m *modal) Update(msg tea.Msg) tea.Cmd {
	if k, is := msg.(tea.KeyPressMsg); is {
		was := m.blank
		m.wrong, m.blank = nil, false
		switch k.String() {
		case "enter":
			if m.input.Value() == "" && !was && m.asked[0].fits == nil {
				m.blank = true
				return nil
			}
			if fits := m.asked[0].fits; fits != nil {
				if m.wrong = fits(m.input.Value()); m.wrong != nil {
					return nil
				}
			}
			m.answer(reply{text: m.input.Value()})
			return nil
		case "esc":
			m.answer(reply{err: ErrTurnedDown})
			return nil
		}
	}
	var cmd tea.Cmd
	m.input, cmd = m.input.Update(msg)
	return cmd
}

// takes says that a message that is no key is for the question: what is pasted is
// never typed behind it.
func (m *modal) takes(msg tea.Msg) bool {
	_, paste := msg.(tea.PasteMsg)
	return m != nil && paste
}

// close turns down whatever is still asked.
func (m *modal) close() {
	for m.front() != nil {
		m.answer(reply{err: ErrTurnedDown})
	}
}

// Keys are those of the question.
func (m *modal) Keys() []key.Binding {
	return []key.Binding{
		key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "answer")),
		key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "do not answer")),
	}
}

// line is the line to type on. Of what must not be seen not even the length is told.
func (m *modal) line() string {
	switch {
	case !m.asked[0].unseen:
		return m.input.View()
	case m.input.Value() == "":
		return m.input.View()
	}
	return m.input.Prompt + theme.Hidden
}

// Resize tells the room there is, and has the line to type on as long.
func (m *modal) Resize(width, height int) {
	m.room.Resize(width, height)
	m.input.SetWidth(max(1, width-8))
}

// View draws the question in the middle of the screen's room.
func (m *modal) View() string {
	width, height := m.width, m.height
	lines := m.theme.Wrap(m.theme.Plain(m.words.Say(m.asked[0].question)), width-4)
	lines = lines[:min(len(lines), max(1, height-5))] // the line to type on is always there
	for i, l := range lines {
		lines[i] = "  " + m.theme.Strong.Render(l)
	}
	lines = append(lines, "", "  "+m.line())
	below := func(list []string) {
		lines = append(lines, "")
		for _, l := range list {
			lines = append(lines, "  "+l)
		}
	}
	l := panel.Look{Theme: m.theme, Words: m.words}
	if m.asked[0].unseen {
		below(l.Hint(steps.T("It is not shown, and not stored."), width-4))
	}
	if m.blank {
		below(l.Warning(steps.T("Nothing was typed: enter once more goes on without an answer."), width-4))
	}
	if m.wrong != nil {
		below(l.Trouble(m.wrong, width-4))
	}
	if help := m.asked[0].help; !help.IsZero() {
		below(l.Hint(help, width-4))
	}
	lines = lines[:min(len(lines), height)]
	air := max(0, (height-len(lines))/3)
	return strings.Repeat("\n", air) + strings.Join(lines, "\n")
}
