package wizard

import (
	"context"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/text/language"

	"snapferry/steps"
	"snapferry/ui/ask"
	"snapferry/ui/board"
)

// saidOf are texts as they are read.
func saidOf(list []steps.Text) string {
	var lines []string
	for _, t := range list {
		lines = append(lines, board.NewWords(language.English, nil).Say(t))
	}
	return strings.Join(lines, "\n")
}

// halfTyped is what somebody types and does not enter, and what becomes of it: the
// answer there is afterwards, and what is told.
type halfTyped struct {
	name string
	do   func(*person)
	key  ask.Key
	want string
	told []string
}

var leftOnTheLine = []halfTyped{
	{
		"an answer", func(p *person) { p.turned(p.open("bucket")); p.press("enter", "ctrl+u", "acme-two") },
		"bucket.name", "acme-two",
		[]string{"acme-two", "bucket.name", "in place of acme-os-migration"},
	},
	{
		"no answer yet", func(p *person) { p.turned(p.open("bucket")); p.press("enter", "ctrl+u", "Acme_OS") },
		"bucket.name", "acme-os-migration",
		[]string{"Acme_OS", "Not kept", "bucket.name"},
	},
	{
		"left by esc before", func(p *person) { p.turned(p.open("bucket")); p.press("enter", "ctrl+u", "acme-two", "esc") },
		"bucket.name", "acme-two",
		[]string{"acme-two"},
	},
	{
		"patterns by the list", func(p *person) { p.at5(); p.press("space") },
		"move.indices", "*, -audit-2026-q1",
		[]string{"-audit-2026-q1"},
	},
	{"nothing new", func(p *person) { p.turned(p.open("bucket")); p.press("enter") }, "bucket.name", "acme-os-migration", nil},
	{"an empty line", func(p *person) { p.turned(p.open("bucket")); p.press("enter", "ctrl+u") }, "bucket.name", "acme-os-migration", nil},
	{"another goal last", func(p *person) {
		p.turned(p.open("bucket"))
		p.press("enter", "ctrl+u", "acme-two", "esc")
		p.Answers.Amend(ask.Goal, ask.GoalExplain)
		p.turned(p.to(goMsg{to: atExplain}))
	}, "bucket.name", "acme-two", []string{"acme-two"}},
	{"after a run", func(p *person) {
		p.turned(p.open("bucket"))
		p.press("enter", "ctrl+u", "acme-two", "esc")
		p.planned.Feed = make(tape)
		p.turned(p.to(goMsg{to: atReport}))
	}, "bucket.name", "acme-os-migration", nil},
}

// TestNothingTypedIsLost: what stands on the line when somebody leaves is the answer
// where it can be one, and is told where it cannot.
func TestNothingTypedIsLost(t *testing.T) {
	for _, c := range leftOnTheLine {
		for _, leaves := range []tea.Msg{pressed["ctrl+c"], stopMsg{}, leaveMsg{err: context.Canceled}} {
			p := sit(t, Options{Answers: answered(t, preset), Deeds: holding(stock...)})
			c.do(p)
			if p.send(leaves); !p.quit {
				t.Errorf("%s: %v does not leave", c.name, leaves)
			}
			said := saidOf(p.settle())
			if got := p.Answers.Get(c.key); got != c.want || (said == "") != (c.told == nil) {
				t.Errorf("%s: %s is %q, told %q", c.name, c.key, got, said)
			}
			for _, w := range c.told {
				if !strings.Contains(said, w) {
					t.Errorf("%s: no %q in %q", c.name, w, said)
				}
			}
		}
	}
}

// TestASecretIsNotKept, however one leaves it.
func TestASecretIsNotKept(t *testing.T) {
	a := answered(t, preset)
	a.Amend("source.control.base", "keys")
	p := sit(t, Options{Answers: a, Deeds: &desk{}})
	p.turned(p.open("source-account"))
	for range 12 {
		if p.screen.(*page).form.Asking().Kind == ask.Secret {
			break
		}
		p.press("enter")
	}
	q := p.screen.(*page).form.Asking()
	if q.Kind != ask.Secret {
		t.Fatalf("asks for %s\n%s", q.Key, p.shows())
	}
	p.press("AKIAHALFTYPED", "ctrl+c")
	if said := saidOf(p.settle()); !strings.Contains(said, "A secret is kept nowhere") || strings.Contains(said+string(a.Draft().WriteAnswers()), "HALFTYPED") || !a.Secret(q.Key).IsZero() {
		t.Errorf("the secret is kept: %q", said)
	}
}

// TestRunTellsOfWhatWasTyped, before the answers are kept.
func TestRunTellsOfWhatWasTyped(t *testing.T) {
	d := &attached{desk: &desk{}, by: make(chan Asker, 1)}
	a := answered(t, preset)
	q, _, _ := a.Find("bucket.name")
	a.Begin(q, "acme-two")
	r, w := io.Pipe()
	defer w.Close()
	signals := make(chan os.Signal, 1)
	signals <- syscall.SIGHUP
	got, err := Run(t.Context(), Options{
		Words: board.NewWords(language.English, nil), Answers: a, Deeds: d, Width: 80, Height: 24, Now: func() time.Time { return today }, Signals: signals,
	}, tea.WithInput(r), tea.WithOutput(io.Discard), tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	if err != nil || !strings.Contains(saidOf(got.Told), "acme-two") || len(d.kept) != 1 || !strings.Contains(d.kept[0], "acme-two") {
		t.Errorf("%v: %+v, kept %q", err, got, d.kept)
	}
}
