package wizard

import (
	"context"
	"errors"
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
	// beside are answers beside the usual ones, and only what a look says alone agrees.
	beside map[ask.Key]string
	only   map[ask.What]string
	do     func(*person)
	key    ask.Key
	want   string
	told   []string
}

// retyped types at the bucket's name, which is one enter down its page.
func retyped(text string, then ...string) func(*person) {
	return func(p *person) {
		p.turned(p.open("bucket"))
		p.press("enter").on("bucket", "bucket.name")
		p.press("ctrl+u", text).press(then...)
	}
}

// upTo turns to a question by the keys that lead to it.
func (p *person) upTo(page string, key ask.Key) *person {
	p.turned(p.open(page))
	for range 20 {
		if s, is := p.screen.(interface{ asking() (string, ask.Key) }); is {
			if _, at := s.asking(); at == key {
				return p
			}
		}
		p.press("enter")
	}
	return p.on(page, key)
}

const keyARN = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"

var leftOnTheLine = []halfTyped{
	{name: "an answer", do: retyped("acme-two"), key: "bucket.name", want: "acme-two", told: []string{"Kept", "acme-two", "bucket.name", "in place of acme-os-migration"}},
	{name: "no answer yet", do: retyped("Acme_OS"), key: "bucket.name", want: "acme-os-migration", told: []string{"Acme_OS", "Not kept", "bucket.name"}},
	{name: "left by esc before", do: retyped("acme-two", "esc"), key: "bucket.name", want: "acme-two", told: []string{"Kept", "acme-two"}},
	{name: "patterns by the list", do: func(p *person) { p.at5().press("space") }, key: "move.indices", want: "*, -audit-2026-q1", told: []string{"-audit-2026-q1"}},
	{name: "nothing new", do: retyped("acme-os-migration"), key: "bucket.name", want: "acme-os-migration"},
	{name: "an empty line", do: retyped(""), key: "bucket.name", want: "acme-os-migration"},
	{name: "another goal last", do: func(p *person) {
		retyped("acme-two", "esc")(p)
		p.Answers.Amend(ask.Goal, ask.GoalExplain)
		p.turned(p.to(goMsg{to: atExplain}))
	}, key: "bucket.name", want: "acme-two", told: []string{"Kept", "acme-two"}},
	{name: "corrected by hand", do: func(p *person) {
		retyped("acme-two", "esc")(p)
		p.turned(p.open("bucket"))
		p.press("ctrl+u", "acme-os-migration")
	}, key: "bucket.name", want: "acme-os-migration"},
	{name: "emptied again", do: func(p *person) {
		retyped("acme-two", "esc")(p)
		p.turned(p.open("bucket"))
		p.press("ctrl+u")
	}, key: "bucket.name", want: "acme-os-migration"},
	{name: "corrected, and left by esc", do: func(p *person) {
		retyped("acme-two", "esc")(p)
		p.turned(p.open("bucket"))
		p.press("ctrl+u", "acme-os-migration", "esc")
	}, key: "bucket.name", want: "acme-os-migration"},
	{
		name: "a region the look refuses", only: map[ask.What]string{ask.Regions: "eu-west-1"}, key: "source.region", want: "eu-west-1",
		do:   func(p *person) { p.upTo("source-account", "source.region").press("ctrl+u", "us-east-1", "enter") },
		told: []string{"Not kept", "The sandbox has nothing in us-east-1"},
	},
	{
		name: "an account the credentials are not of", only: map[ask.What]string{ask.Identity: "111111111111"}, key: "source.account", want: "111111111111",
		do:   func(p *person) { p.upTo("source-account", "source.account").press("ctrl+u", "333333333333") },
		told: []string{"Not kept", "The credentials are of account"},
	},
	{
		name: "a look of other credentials", only: map[ask.What]string{ask.Identity: "333333333333"}, key: "source.account", want: "111111111111",
		do: func(p *person) {
			p.upTo("source-account", "source.account").press("ctrl+u", "333333333333", "esc")
			p.Answers.Amend("source.control.profile", "other")
			p.turned(p.open("bucket"))
		},
		told: []string{"Not kept", "333333333333"},
	},
	{
		name: "what another answer does not bear", beside: map[ask.Key]string{"bucket.kms_key": keyARN}, key: "source.region", want: "eu-west-1",
		do:   func(p *person) { p.upTo("source-account", "source.region").press("ctrl+u", "us-east-1") },
		told: []string{"Not kept", "us-east-1"},
	},
	{name: "half of a rename", do: func(p *person) { p.at5().press("r", "logs-(.+)") }, key: "move.rename_pattern", told: []string{"Not kept", "logs-(.+)"}},
	{name: "a rename given up for the list", do: func(p *person) { p.at5().press("r", "logs-(.+)", "esc") }, key: "move.rename_pattern", told: []string{"Not kept", "logs-(.+)", "not asked"}},
	{name: "after a run", do: func(p *person) {
		retyped("acme-two", "esc")(p)
		p.planned.Feed = make(tape)
		p.turned(p.to(goMsg{to: atReport}))
	}, key: "bucket.name", want: "acme-os-migration", told: []string{"Not kept", "acme-two"}},
	{name: "after a run, on its way to another plan", do: func(p *person) {
		retyped("acme-two", "esc")(p)
		p.planned.Feed = make(tape)
		p.turned(p.to(goMsg{to: atReport, state: &steps.State{Done: &steps.RunDone{ExitCode: 130}}}))
		p.press("r")
	}, key: "bucket.name", want: "acme-os-migration", told: []string{"Not kept", "acme-two"}},
	{name: "after a plan, back at its pages", do: func(p *person) {
		p.send(plannedMsg{})
		retyped("acme-two")(p)
	}, key: "bucket.name", want: "acme-os-migration", told: []string{"Not kept", "acme-two"}},
}

// lookedUp are the deeds over a stock of indices where looks allow one answer alone.
func lookedUp(only map[ask.What]string) *desk {
	d := holding(stock...)
	held := d.fetch
	d.fetch = func(ctx context.Context, a *ask.Answers, r ask.Request) (ask.Offer, error) {
		o, err := held(ctx, a, r)
		if only[r.What] != "" {
			o.Only = only[r.What]
		}
		return o, err
	}
	return d
}

// TestNothingTypedIsLost: what stands on the line when somebody leaves is the answer
// where enter would have made it one that agrees with the others. Else it is told.
func TestNothingTypedIsLost(t *testing.T) {
	for _, c := range leftOnTheLine {
		for _, leaves := range []tea.Msg{pressed["ctrl+c"], stopMsg{}, leaveMsg{err: context.Canceled}} {
			a := answered(t, preset)
			for k, v := range c.beside {
				a.Amend(k, v)
			}
			p := sit(t, Options{Answers: a, Deeds: lookedUp(c.only)})
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
			if again := saidOf(p.settle()); again != "" {
				t.Errorf("%s: told twice: %q", c.name, again)
			}
		}
	}
}

// TestASecretOnAnOpenLine is refused there, and not repeated by what is told.
func TestASecretOnAnOpenLine(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	p := sit(t, Options{Answers: answered(t, preset), Deeds: holding(stock...)})
	retyped(secret)(p)
	p.press("ctrl+c")
	if said := saidOf(p.settle()); !strings.Contains(said, "Not kept") || strings.Contains(said, secret) || p.Answers.Get("bucket.name") != "acme-os-migration" {
		t.Errorf("told %q", said)
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

// broken is a screen that something went wrong with.
type broken struct{ screen }

func (broken) Close() { panic("closed badly") }

// TestABrokenScreenLosesNothing: the answers are kept and what to do is told, also where
// the screen cannot even be closed.
func TestABrokenScreenLosesNothing(t *testing.T) {
	for name, err := range map[string]error{"after a panic": tea.ErrProgramPanic, "on leaving": nil} {
		d := &desk{}
		p := sit(t, Options{Answers: answered(t, preset), Deeds: d})
		retyped("acme-two", "esc")(p)
		p.screen = broken{p.screen}
		got, e := p.end(err)
		var told *steps.Error
		if !errors.As(e, &told) || !strings.Contains(saidOf([]steps.Text{told.Fix}), "--plain") || !got.Left || len(d.kept) != 1 || !strings.Contains(saidOf(got.Told), "acme-two") {
			t.Errorf("%s: %+v, %v; kept %d times", name, got, e, len(d.kept))
		}
	}
}

// TestTypedBeforeItsQuestion is told, too: what it would have become nobody knows yet.
func TestTypedBeforeItsQuestion(t *testing.T) {
	d := holding(stock...)
	p := sit(t, Options{Answers: answered(t, preset), Deeds: d})
	p.turn(p.open(movePage)) // what is looked up does not come back
	p.arrange()
	if p.press("logs-"); !p.screen.Moving() {
		t.Fatal(p.shows())
	}
	p.press("ctrl+c")
	if said := saidOf(p.settle()); !strings.Contains(said, "Not kept") || !strings.Contains(said, "move.indices") || p.Answers.Get("move.indices") != "*" {
		t.Errorf("told %q", said)
	}
}
