package cli

import (
	"context"
	"errors"
	"sync"

	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/preflight"
	"snapferry/steps/spec"
	"snapferry/ui/ask"
	"snapferry/ui/panel"
	"snapferry/ui/wizard"
)

// desk does what the full screen wants done: it is the wizard's Deeds over a
// place. Its deeds are done one at a time, also where one that was given up is
// still on its way out.
type desk struct {
	*place
	o *consents
	// given are the answers it all began with, and those a run is resumed with.
	given *spec.Draft
	// life ends with the desk, and with it whatever was asked of a person.
	life context.Context
	end  context.CancelFunc
	// mark is how many closers there were before the run directory was taken; plan
	// is what was made of it then, nil where there is none to be run.
	mark int
	plan *steps.Plan
	// failing is how a failed step of that plan is decided about.
	failing failing
	// found are the findings of the last look, nil where the answers may be others by now.
	found []steps.Finding

	// seen guards what is asked for while something is done.
	seen  sync.Mutex
	route panel.Route
	// learned are the facts that the route was learned of.
	learned *facts.Facts
	// kept is what was written last, and where those answers are; own is the file that
	// is written again, "" while there is none.
	kept struct{ at, body, own string }
}

// newDesk furnishes a place for a full screen. close it before the place.
func newDesk(ctx context.Context, p *place, given *spec.Draft, o *consents) *desk {
	d := &desk{place: p, o: o, given: given}
	d.kept.body = string(written(ask.New(given, p.began())))
	d.life, d.end = context.WithCancel(ctx)
	p.decide = d.decide
	if p.mask {
		p.masker = steps.NewMasker() // one for the whole time: the screen holds on to it
	}
	return d
}

// close ends what is under way, waits for it, and gives the run directory back.
func (d *desk) close() {
	d.end()
	d.looks.Lock()
	defer d.looks.Unlock()
	d.release()
	d.asker = nil
}

// begin is how every deed begins: with the desk to itself, for as long as the desk
// lives. A panic in it is its error.
func (d *desk) begin(ctx context.Context, err *error) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	off := context.AfterFunc(d.life, cancel)
	d.looks.Lock()
	return ctx, func() {
		if p := recover(); p != nil {
			*err = &engine.PanicError{Value: p}
		}
		d.looks.Unlock()
		off()
		cancel()
	}
}

// Attach has everybody ask through the screen from now on.
func (d *desk) Attach(by wizard.Asker) { d.asker = lasting{by, d.life} }

// lasting asks for as long as there is a screen: who asks may not know that it ended.
type lasting struct {
	by   wizard.Asker
	life context.Context
}

func (l lasting) Ask(ctx context.Context, question steps.Text, unseen bool) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.life, cancel)()
	return l.by.Ask(ctx, question, unseen)
}

// AskUntil asks until the answer fits, of whom has the patience; of others once.
func (l lasting) AskUntil(ctx context.Context, q wizard.Question) (string, error) {
	by, is := l.by.(wizard.Patient)
	if !is {
		return l.Ask(ctx, q.Words, false)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.life, cancel)()
	return by.AskUntil(ctx, q)
}

// Fetch looks up what a question can be answered with.
func (d *desk) Fetch(ctx context.Context, a *ask.Answers, r ask.Request) (o ask.Offer, err error) {
	ctx, done := d.begin(ctx, &err)
	defer done()
	d.found = nil
	o, err = d.look(ctx, a, r)
	if r.What == ask.Runs {
		d.offerAfresh(&o)
	}
	d.learn()
	return o, err
}

// Keep writes the answers where nobody else's are lost; the second time where it
// wrote them the first.
func (d *desk) Keep(a *ask.Answers) (path string, err error) {
	// It is the last thing that is done, and must not wait for a look that nobody ends.
	d.seen.Lock()
	defer d.seen.Unlock()
	body := written(a)
	if string(body) == d.kept.body {
		return d.kept.at, nil
	}
	path = d.kept.own
	if path == "" {
		if path, err = d.keepPath(); err != nil {
			return "", err
		}
	}
	if err := writeAnswers(path, body); err != nil {
		return "", err
	}
	d.kept.at, d.kept.own, d.kept.body = path, path, string(body)
	return path, nil
}

// written are answers as a file, whatever brought somebody here in the end.
func written(a *ask.Answers) []byte {
	a = a.Clone()
	a.Amend(ask.Goal, ask.GoalMigrate)
	return a.Draft().WriteAnswers()
}

// Check looks whether a migration with these answers can go well.
func (d *desk) Check(ctx context.Context, a *ask.Answers) (found []steps.Finding, err error) {
	ctx, done := d.begin(ctx, &err)
	defer done()
	if err := d.settle(ctx, a, a.Get(ask.Goal) == ask.GoalCheck, d.o); err != nil {
		return nil, err
	}
	d.found = d.findings(ctx)
	d.learn()
	return d.found, ctx.Err()
}

// Explain says what a pasted error means.
func (d *desk) Explain(ctx context.Context, a *ask.Answers, body string, confirm bool) (is steps.Diagnosis, err error) {
	ctx, done := d.begin(ctx, &err)
	defer done()
	is = diagnose.Text(body)
	if !confirm || is.Unknown {
		return is, nil
	}
	if err := d.settle(ctx, a, true, d.o); err != nil {
		return is, err
	}
	is = preflight.Confirm(ctx, d.facts, is, diagnose.Of(body))
	d.learn()
	return is, ctx.Err()
}

// settle makes of the answers what a deed works with, and opens a new view of the
// world. A plan that was made before is not to be run any more.
func (d *desk) settle(ctx context.Context, a *ask.Answers, partial bool, c *consents) error {
	d.release()
	d.asked, d.draft, d.partial = a.Clone(), a.Draft(), partial
	if !ask.Migrates(a.Get(ask.Goal)) { // a run that is gone on with has its answers
		d.draft = d.given.Clone()
	}
	d.unseen = a.Unseen()
	return d.prepare(ctx, c)
}

// release gives the run directory back, where one was taken.
func (d *desk) release() {
	if d.journal == nil {
		return
	}
	for i := len(d.closers) - 1; i >= d.mark; i-- {
		d.closers[i]()
	}
	d.closers, d.runner, d.journal, d.plan = d.closers[:d.mark], nil, nil, nil
}

// asError is one error of several, which is what a screen has room for.
func asError(err error) error {
	var many answersError
	if errors.As(err, &many) && len(many) > 0 {
		return many[0]
	}
	return err
}
