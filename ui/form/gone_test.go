package form

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"snapferry/steps"
	"snapferry/ui/ask"
)

// TestASecretIsPastedWithItsLineEnd, as it is copied, and stored without.
func TestASecretIsPastedWithItsLineEnd(t *testing.T) {
	a := begun(t, map[ask.Key]string{"source.control.base": "keys"})
	p := open(t, a, "source-account", Options{First: "source.control.keys.id"})
	p.at("source.control.keys.id")
	for _, c := range []struct{ pasted, id, next ask.Key }{
		{"AKIAIOSFODNN7EXAMPLE\n", "source.control.keys.id", "source.control.keys.secret"},
		{"\nwJalr XUtn\r\n", "source.control.keys.secret", "source.control.keys.token"},
	} {
		p.settle(p.Update(tea.PasteMsg{Content: string(c.pasted)}))
		p.press("enter").at(c.next)
	}
	if id, secret := a.Secret("source.control.keys.id").Reveal(), a.Secret("source.control.keys.secret").Reveal(); id != "AKIAIOSFODNN7EXAMPLE" || secret != "wJalr XUtn" {
		t.Errorf("id %q, secret %q", id, secret)
	}
}

// TestTheClipboardIsNotRead by ctrl+v: what came of it would be typed into whatever
// question is asked by then. A terminal pastes by itself.
func TestTheClipboardIsNotRead(t *testing.T) {
	p := open(t, begun(t, map[ask.Key]string{"source.control.base": "keys"}), "source-account", Options{First: "source.control.keys.secret"})
	p.at("source.control.keys.secret")
	if cmd := p.Update(tea.KeyPressMsg{Code: 'v', Mod: tea.ModCtrl}); cmd != nil {
		t.Errorf("ctrl+v does something: %T", cmd())
	}
}

// TestAnAnswerThatWasTheQuestionsReason: whoever blanks one that is asked only because
// it was answered goes on with the next question, not with the page's first.
func TestAnAnswerThatWasTheQuestionsReason(t *testing.T) {
	a := begun(t, map[ask.Key]string{
		"source.account": "111111111111", "source.region": "eu-west-1", "source.domain": "logs-prod", "target.account": "222222222222", "target.domain": "logs-prod",
		"bucket.name": "acme-os-migration", "move.indices": "*", "move.snapshot": "snap-1", "move.replicas": "1", "move.proof": "all",
	})
	p := open(t, a, "move", Options{First: "move.replicas"})
	place := p.Form.at()
	p.at("move.replicas").press("ctrl+u", "enter")
	if _, _, asked := a.Find("move.replicas"); asked || p.State() == Open && p.Form.at() != place {
		t.Errorf("after question %d comes %d, %s\n%s", place, p.Form.at(), p.Asking().Key, p.shows())
	}
}

// TestAFilterOutlivesAnotherSize of the window, with the row that was chosen by it.
func TestAFilterOutlivesAnotherSize(t *testing.T) {
	var list []ask.Option
	for _, name := range []string{"dev-a", "prod-a", "dev-b", "prod-b", "prod-c"} {
		list = append(list, ask.Option{Value: name, Detail: steps.T("a profile")})
	}
	profiles := func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error) {
		return ask.Offer{Options: list}, nil
	}
	p := open(t, begun(t, map[ask.Key]string{"source.control.base": "profile"}), "source-account", Options{Fetch: profiles, First: "source.control.profile"})
	p.at("source.control.profile").press("/", "prod", "down")
	for _, width := range []int{100, 40, 80} {
		p.Resize(width, 18)
		if row, ok := p.field.chosen(); !ok || row.Value != "prod-b" || !p.field.filtering() {
			t.Errorf("%d cells: %q, filtering %v\n%s", width, row.Value, p.field.filtering(), p.shows())
		}
		if shown := p.says("/prod").shows(); strings.Contains(shown, "dev-a") {
			t.Errorf("%d cells show what the filter hides:\n%s", width, shown)
		}
	}
	if p.press("backspace", "x"); p.field.value() == "dev-a" {
		t.Error("the filter is gone")
	}
}

// TestNothingIsPastedIntoATakenAnswer: while it is proved, and while what is wrong with
// it is told, the line holds what was taken.
func TestNothingIsPastedIntoATakenAnswer(t *testing.T) {
	p := open(t, begun(t, nil), "bucket", Options{First: "bucket.name"}).press("mine")
	for _, doing := range []doing{proving, unproven} {
		p.doing = doing
		before := p.Typed()
		p.Update(tea.PasteMsg{Content: "else"})
		if p.Typed() != before {
			t.Errorf("doing %d: %q became %q", doing, before, p.Typed())
		}
	}
}
