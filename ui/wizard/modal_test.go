package wizard

import (
	"errors"
	"image/color"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
)

// question is one that somebody waits for.
func question(words string, unseen bool) askMsg {
	return askMsg{question: steps.T("%s", words), unseen: unseen, reply: make(chan reply, 1)}
}

// TestQuestionsOverAScreen: one after the other; keys and what is pasted are
// theirs; the screen below is as it was.
func TestQuestionsOverAScreen(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}}).press("enter")
	below := p.shows()
	code, word, late := question("Code of the device", false), question("Password of admin", true), question("Another code", false)
	for _, q := range []askMsg{code, word, late} {
		p.send(q)
	}
	p.says("Code of the device", "enter answer", "esc do not answer").press("123?").says("123?")
	p.send(tea.PasteMsg{Content: "456"})
	p.press("enter").says("Password of admin", "not stored").press("Horse 1")
	if shown := p.shows(); strings.Contains(shown, "Horse") {
		t.Errorf("what is unseen is seen:\n%s", shown)
	}
	p.send(unaskMsg{late.reply})
	p.press("enter")
	if got := <-code.reply; got.text != "123?456" || got.err != nil {
		t.Errorf("the code came as %q, %v", got.text, got.err)
	}
	if got := <-word.reply; got.text != "Horse 1" {
		t.Errorf("the password came as %q", got.text)
	}
	if len(late.reply) != 0 || p.modal != nil || p.shows() != below {
		t.Errorf("the screen below is not as it was:\n%s", p.shows())
	}
}

// TestAskedUntilItFits: an answer that does not fit leaves the question where it is,
// with what was typed on the line and what is wrong with it below; help stands there
// from the beginning.
func TestAskedUntilItFits(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}} {
		p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}, Width: size[0], Height: size[1]}).press("enter")
		q := question("ARN of the master's role", false)
		q.help = steps.T("Whoever made the domain knows it")
		q.fits = func(s string) error {
			if !strings.HasPrefix(s, "arn:") {
				return &steps.Error{Summary: steps.T("%q is not an ARN", s), Fix: steps.T("It looks like arn:aws:iam::111122223333:role/my-role")}
			}
			return nil
		}
		p.send(q)
		p.says("Whoever made the domain").press("search-master", "enter").says("search-master", `"search-master" is not an ARN`, "fix", "Whoever made")
		if len(q.reply) != 0 || p.modal == nil {
			t.Fatal("an answer that does not fit was taken")
		}
		p.press("x")
		if shown := p.shows(); strings.Contains(shown, "is not an ARN") {
			t.Errorf("what was wrong stays while it is put right:\n%s", shown)
		}
		p.press("ctrl+u", "arn:1", "enter")
		if got := <-q.reply; got.text != "arn:1" || p.modal != nil {
			t.Errorf("it came as %+v", got)
		}
	}
}

// TestAnEnterForSomethingElse is no answer: a question comes up while somebody presses
// it for the screen below. Who means to say nothing presses it once more.
func TestAnEnterForSomethingElse(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}, Width: 60, Height: 20}).press("enter")
	first, second := question("Password of master", true), question("Code of the device", false)
	p.send(first)
	p.send(second)
	if p.press("enter").says("Nothing was typed"); len(first.reply) != 0 {
		t.Fatal("an enter for something else is an answer")
	}
	if p.press("x"); strings.Contains(p.shows(), "Nothing was typed") {
		t.Errorf("something is typed now:\n%s", p.shows())
	}
	p.press("ctrl+u", "enter").says("Nothing was typed").press("enter").says("Code of the device")
	if got := <-first.reply; got.text != "" || got.err != nil {
		t.Errorf("it came as %+v", got)
	}
	p.press("enter")
	if len(second.reply) != 0 {
		t.Error("the next question was answered by an enter for the one before")
	}
}

// TestAQuestionFollowsTheBackground: the terminal may tell it while one is up.
func TestAQuestionFollowsTheBackground(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}})
	p.send(question("Code of the device", false))
	p.send(tea.BackgroundColorMsg{Color: color.White})
	if p.modal.theme.Dark {
		t.Error("it stays dark")
	}
}

// TestLongQuestion: the line to type on is there however long the question is.
func TestLongQuestion(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}, Width: 60, Height: 20})
	p.send(question(strings.Repeat("Why, and \x1b[2Jwhat for. ", 200), true))
	p.press("abc").says("▸ typed, hidden", "It is not shown")
	before := p.shows()
	if p.press("def", "backspace"); p.shows() != before {
		t.Errorf("it tells how long it is:\n%s", p.shows())
	}
	if p.press("ctrl+u"); strings.Contains(p.shows(), "typed, hidden") {
		t.Error("says that something was typed, and nothing is there")
	}
}

// TestTurningDown: by esc, and by leaving.
func TestTurningDown(t *testing.T) {
	p := sit(t, Options{Answers: answered(t, preset), Deeds: &desk{}})
	first, gone, last := question("First", true), question("Gone", false), question("Last", true)
	for _, q := range []askMsg{first, gone, last} {
		p.send(q)
	}
	p.press("esc").says("Gone")
	p.send(unaskMsg{gone.reply})
	p.send(unaskMsg{gone.reply}) // twice is as once
	p.says("Last").press("ctrl+c")
	for _, q := range []askMsg{first, last} {
		if got := <-q.reply; !errors.Is(got.err, ErrTurnedDown) {
			t.Errorf("%s: %q, %v", q.question, got.text, got.err)
		}
	}
	if !p.quit {
		t.Error("ctrl+c does not leave from a question")
	}
}

// TestAskingNobody: who does not wait any more is not kept, and sees no answer of
// another.
func TestAskingNobody(t *testing.T) {
	var sent []tea.Msg
	ctx, cancel := contextOf(t)
	cancel()
	if _, err := (asker{func(m tea.Msg) { sent = append(sent, m) }}).Ask(ctx, steps.T("x"), true); err == nil {
		t.Error("an answer from nobody")
	}
	if len(sent) != 2 || sent[0].(askMsg).reply != sent[1].(unaskMsg).reply {
		t.Errorf("sent %v", sent)
	}
}
