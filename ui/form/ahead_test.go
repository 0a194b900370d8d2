package form

import (
	"context"
	"strings"
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

// TestTypedAheadOfALook: letters wait for their line, and replace what it begins with;
// a list takes none.
func TestTypedAheadOfALook(t *testing.T) {
	for _, c := range []struct {
		offer ask.Offer
		want  string
	}{
		{ask.Offer{Default: "eu-west-1"}, "eu-central-1"},
		{ask.Offer{}, "eu-central-1"},
		{ask.Offer{Options: []ask.Option{{Value: "eu-west-1"}, {Value: "eu-west-2"}}, Default: "eu-west-2"}, "eu-west-2"},
	} {
		f := New(begun(t, map[ask.Key]string{"source.control.base": "environment"}), "source-account", Options{
			First: "source.region", Words: board.NewWords(language.English, nil), Theme: theme.New(theme.Options{Unicode: true}),
			Fetch: func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error) { return c.offer, nil },
		})
		look := f.Init()
		for _, r := range "?eu-central-12" {
			f.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
		f.Update(tea.KeyPressMsg{Code: tea.KeyBackspace})
		f.Update(look())
		if got := f.Typed(); f.Asking().Key != "source.region" || got != c.want {
			t.Errorf("%s has %q, want %q", f.Asking().Key, got, c.want)
		}
	}
}

// TestTypedAheadIsForOneQuestion: who goes back meanwhile typed it for nothing.
func TestTypedAheadIsForOneQuestion(t *testing.T) {
	p := open(t, begun(t, map[ask.Key]string{"source.control.base": "environment"}), "source-account", Options{
		First: "source.region", Fetch: func(context.Context, *ask.Answers, ask.Request) (ask.Offer, error) { return ask.Offer{}, nil },
	}).at("source.region")
	p.Update(pressed["ctrl+r"])
	p.Update(tea.KeyPressMsg{Code: 'x', Text: "x"})
	p.press("shift+tab")
	if got := p.Typed(); strings.Contains(got, "x") {
		t.Errorf("%s has %q", p.Asking().Key, got)
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

// TestWhatIsTakenBack is typed no more: neither later visits show it nor is it begun.
func TestWhatIsTakenBack(t *testing.T) {
	said := map[ask.Key]string{"source.account": "111111111111", "target.account": "222222222222", "bucket.name": "acme-os-migration"}
	for _, again := range []string{"", "acme-os-migration"} {
		a := begun(t, said)
		open(t, a, "bucket", Options{First: "bucket.name"}).at("bucket.name").press("ctrl+u", "acme-two", "esc")
		p := open(t, a, "bucket", Options{First: "bucket.name"})
		if p.Typed() != "acme-two" {
			t.Fatalf("%q stands there", p.Typed())
		}
		p.press("ctrl+u", again, "esc")
		if left := a.Unentered(); len(left) != 0 {
			t.Errorf("%q: still begun: %q", again, left[0].Raw)
		}
		if p = open(t, a, "bucket", Options{First: "bucket.name"}); p.Typed() != "acme-os-migration" {
			t.Errorf("%q: %q stands there", again, p.Typed())
		}
	}
}

// TestTheEndIsNotPastWhatWasBegun: nobody leaves a page over a text that is neither
// entered nor taken back.
func TestTheEndIsNotPastWhatWasBegun(t *testing.T) {
	a := begun(t, map[ask.Key]string{"source.account": "111111111111", "target.account": "222222222222", "bucket.name": "acme-os-migration"})
	p := open(t, a, "bucket", Options{First: "bucket.name"}).press("ctrl+u", "acme-two", "shift+tab")
	if p.press("pgdown").at("bucket.name"); p.Typed() != "acme-two" {
		t.Errorf("%q stands there", p.Typed())
	}
	if p.press("pgdown"); p.State() != Done || a.Get("bucket.name") != "acme-two" {
		t.Errorf("state %d, bucket %q", p.State(), a.Get("bucket.name"))
	}
}
