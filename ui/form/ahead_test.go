package form

import (
	"context"
	"testing"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/text/language"

	"snapferry/ui/ask"
	"snapferry/ui/board"
	"snapferry/ui/theme"
)

// TestEnterAheadOfAShortLook: what is there at once shows no wait, so that enter
// pressed meanwhile is no wish to go on without it.
func TestEnterAheadOfAShortLook(t *testing.T) {
	fetch := func(_ context.Context, _ *ask.Answers, r ask.Request) (ask.Offer, error) {
		if r.What == ask.Runs {
			return ask.Offer{Options: []ask.Option{{Value: ask.GoalResume}}, Default: ask.GoalResume}, nil
		}
		return ask.Offer{}, nil
	}
	f := New(begun(t, nil), "start", Options{Fetch: fetch, Words: board.NewWords(language.English, nil), Theme: theme.New(theme.Options{Unicode: true})})
	look := f.Init()
	if cmd := f.Update(tea.KeyPressMsg{Code: tea.KeyEnter}); cmd != nil || !f.Busy() {
		t.Fatal("it did not wait for what is there at once")
	}
	for _, k := range f.Keys() {
		if k.Help().Key == "enter" {
			t.Error("it names a key that does nothing yet")
		}
	}
	f.Update(look())
	if got := f.Typed(); f.Busy() || got != ask.GoalResume {
		t.Errorf("it stands at %q, and the offer is lost", got)
	}
}

// TestALookEndsWithTheProgram, however that ends.
func TestALookEndsWithTheProgram(t *testing.T) {
	life, end := context.WithCancel(t.Context())
	f := New(begun(t, nil), "source-account", Options{Life: life, Fetch: func(ctx context.Context, _ *ask.Answers, _ ask.Request) (ask.Offer, error) {
		<-ctx.Done()
		return ask.Offer{}, ctx.Err()
	}})
	look := f.fetch(ask.Request{What: ask.Identity})
	end()
	if m, is := look().(lookedMsg); !is || m.err == nil {
		t.Errorf("%+v", m)
	}
}
