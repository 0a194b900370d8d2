package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// How often something is tried again: the first wait, doubled up to the last;
// and how often a pause looks for a new login.
const (
	firstWait  = time.Second
	lastWait   = 20 * time.Second
	loginEvery = 10 * time.Second
	// lagBeside is how long a refusal counts as IAM's lag alone where it may as well
	// come from what was handed over and nobody has done yet.
	lagBeside = time.Minute
)

// patience is how long the same trouble is borne.
type patience struct {
	since, last time.Time // of the trouble: its first and its latest appearance
	wait        time.Duration
	paused      time.Time // since when a login is waited for
	handed      time.Time // since when somebody else is waited for
}

// patiently does something that looks at the world first, so that it can be done
// again: after a new login, after trouble that passes by itself, and while what
// was changed a moment ago is not yet seen everywhere.
func (r *Runner) patiently(ctx context.Context, step steps.StepID, do func(context.Context) error) error {
	var p patience
	for {
		began := r.o.Clock.Now()
		err := do(ctx)
		if broken := r.unwritable(); broken != nil {
			return broken
		}
		err = stopped(ctx, err)
		if err == nil {
			r.passed()
		}
		var borne vain
		if err == nil || errors.Is(err, ErrStopped) || errors.As(err, &borne) {
			return err
		}
		f := failure.Of(err)
		if f.NeedsLogin() {
			if err := r.pause(ctx, step, &p, err); err != nil {
				return stopped(ctx, err)
			}
			continue
		}
		p.paused = time.Time{}
		p.healed(r.wellAt(began), r.o.Settle)
		again, e := r.passes(ctx, step, &p, err, f)
		var no *refusedWrite
		if e == nil && !again && r.missed(f) && !errors.As(err, &no) {
			again, e = r.untilSeen(ctx, step, &p, err)
		}
		if !again {
			return errors.Join(e, err)
		}
	}
}

// passes waits for what is likely to pass by itself, and says whether to try again.
// What was borne in vain, so that it is waited for somebody else by now, does not
// pass.
func (r *Runner) passes(ctx context.Context, step steps.StepID, p *patience, err error, f *failure.Failure) (bool, error) {
	reason, likely := r.passing(err, f)
	if r.o.Control.Stopping() && (likely || !p.since.IsZero()) { // what is borne has not failed yet
		return false, ErrStopped
	}
	if !likely || (!p.handed.IsZero() && !f.Transient) {
		return false, nil
	}
	limit := r.o.Settle
	var no *refusedWrite
	if !f.Transient && (r.missed(f) || errors.As(err, &no)) {
		if limit = min(limit, lagBeside); r.o.WaitOther > 0 {
			limit = min(limit, r.o.WaitOther)
		}
	}
	return r.bear(ctx, step, p, reason, limit, err)
}

// passing says whether an error is likely to pass by itself. IAM is eventually
// consistent: a role or policy made a moment ago may be refused for a while, and
// AWS gives no number for how long.
func (r *Runner) passing(err error, f *failure.Failure) (steps.Text, bool) {
	var drift *DriftError
	if errors.As(err, &drift) {
		return steps.Text{}, false
	}
	said := unnumbered(r.diagnose(err).Summary.String(), f)
	switch {
	case f.Transient:
		return steps.T("trouble to pass by itself: %s", said), true
	case !r.lagging(f):
	case r.missed(f):
		return steps.T("what was handed over to be done, or what was changed a moment ago to be seen everywhere; until then it is refused: %s", said), true
	default:
		return steps.T("what was changed a moment ago to be seen everywhere; until then it is refused: %s", said), true
	}
	return steps.Text{}, false
}

// healed forgets trouble that was away for as long as it may last: what comes then is
// new. well is when all was well last: how long a try took to fail says nothing of it.
func (p *patience) healed(well time.Time, long time.Duration) {
	if well.Sub(p.last) > long {
		p.since = time.Time{}
	}
}

// wellAt is when something last was as it should be: a try began, an act looked at
// the world and could wait for more, or what was handed over was looked for.
func (r *Runner) wellAt(began time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.well.After(began) {
		return r.well
	}
	return began
}

func (r *Runner) isWell() {
	now := r.o.Clock.Now()
	r.mu.Lock()
	r.well = now
	r.mu.Unlock()
	r.passed()
}

// bear waits before the next try; false says that it took too long. The wait stands
// through the tries, as it is one and the same, with what it is waited for since and
// until when.
func (r *Runner) bear(ctx context.Context, step steps.StepID, p *patience, reason steps.Text, limit time.Duration, because error) (bool, error) {
	now := r.o.Clock.Now()
	if p.since.IsZero() {
		p.since, p.wait = now, firstWait
	}
	if now.Add(p.wait).Sub(p.since) > limit {
		return false, nil
	}
	d := r.diagnose(because)
	w := steps.Waiting{Reason: reason, Since: p.since.UTC(), Until: p.since.Add(limit).UTC(), Diagnosis: &d}
	if err := r.awaits(step, w, reason.String()); err != nil {
		return false, err
	}
	if err := r.world.rest(ctx, p.wait); err != nil {
		return false, err
	}
	p.last, p.wait = r.o.Clock.Now(), min(2*p.wait, lastWait)
	return true, nil
}

// awaited is the wait that is shown while something is tried again and again: whose it
// is, and its words without what is another one in every answer.
type awaited struct {
	step steps.StepID
	said string
}

// awaits shows a wait, unless it is the one that is shown.
func (r *Runner) awaits(step steps.StepID, w steps.Waiting, said string) error {
	a := awaited{step, said}
	if r.awaiting() == a {
		return nil
	}
	if err := r.emit(step, w); err != nil { // which ends any other
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shown = a
	return nil
}

func (r *Runner) awaiting() awaited {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.shown
}

// passed ends that wait.
func (r *Runner) passed() {
	if a := r.awaiting(); a != (awaited{}) {
		r.waiting(a.step, steps.Text{})
	}
}

// pause waits for a new login, up to the bound, which is counted from the first
// refusal in a row.
func (r *Runner) pause(ctx context.Context, step steps.StepID, p *patience, because error) error {
	if p.paused.IsZero() {
		p.paused = r.o.Clock.Now()
	}
	e := steps.Paused{Why: steps.T("The credentials ran out: %s", failure.Of(because).Message), Resume: r.o.Resume}
	if err := r.emit(step, e); err != nil {
		return err
	}
	r.asks(ctx) // who lacks a login now is who may come back
	for {
		waited := r.o.Clock.Now().Sub(p.paused)
		if waited >= r.o.PauseTimeout {
			return &PauseError{Step: step, Waited: waited, Err: because}
		}
		if err := r.untilLogin(ctx); err != nil {
			return err
		}
		if r.asks(ctx) {
			return r.emit(step, steps.Continued{})
		}
	}
}

// asks says whether somebody logged in, by what is read anew.
func (r *Runner) asks(ctx context.Context) bool {
	if renew, ok := r.o.Live.(interface{ Renew() }); ok {
		renew.Renew()
	}
	return r.o.LoggedIn == nil || r.o.LoggedIn(ctx) == nil
}

// untilLogin ends after the usual time, or at once when Control.Continue says so.
func (r *Runner) untilLogin(ctx context.Context) error {
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	told := make(chan struct{})
	go func() {
		defer close(told)
		select {
		case <-r.o.Control.goOn:
			cancel()
		case <-waiting.Done():
		}
	}()
	err := r.world.rest(waiting, loginEvery)
	cancel()
	<-told
	if errors.Is(err, context.Canceled) && ctx.Err() == nil {
		return nil
	}
	return err
}

// loggedIn asks who every identity is. Only one that needs a login counts: where STS
// cannot be reached, the step itself has to tell. One that came back is enough: others
// may never have had credentials, as on a host that only reaches a domain. Who came back
// as somebody of another account did not: what the run makes would be made there.
func loggedIn(f *facts.Facts) func(context.Context) error {
	lacked := map[facts.Slot]bool{}
	return func(ctx context.Context) error {
		lack, back := map[facts.Slot]bool{}, false
		var needs error
		for _, side := range []steps.Side{steps.Source, steps.Target} {
			for _, role := range []facts.Role{facts.Control, facts.Signer, facts.Mapper} {
				slot := facts.Slot{Side: side, Role: role}
				who, err := f.Identity(ctx, side, role)
				meant := f.Spec().Side(side).Account
				switch {
				case err != nil && failure.Of(err).NeedsLogin():
					lack[slot], needs = true, err
				case err == nil && meant != "" && who.Account != meant:
					lack[slot], needs = true, fmt.Errorf("the login is one of account %s, and account %s is meant", who.Account, meant)
				case lacked[slot]:
					back = true
				}
			}
		}
		if lacked = lack; back {
			return nil
		}
		return needs
	}
}
