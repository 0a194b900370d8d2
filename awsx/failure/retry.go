package failure

import (
	"context"
	"time"

	"snapferry/awsx/text"
)

// Clock is the time a retry lives by.
type Clock interface {
	Now() time.Time
	// Wait returns nil after d, or the context's error as soon as it ends.
	Wait(ctx context.Context, d time.Duration) error
}

// SystemClock is the real time.
func SystemClock() Clock { return systemClock{} }

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Policy says how often and how long to go on.
type Policy struct {
	// Attempts is the greatest number of calls, the first included; 0 means 5.
	Attempts int
	// First is the first wait, doubled up to Max; 0 means 500 ms and 20 s.
	First, Max time.Duration
	// Within bounds the time from the first call to the last one's start; 0 is no bound.
	Within time.Duration
	// Also widens what is repeated beyond transient failures, e.g. a denial
	// shortly after a role was made. Nil adds nothing.
	Also func(*Failure) bool
	// OnWait is told of every wait before it begins. Nil tells nobody.
	OnWait func(Wait)
	// Jitter gives a number in [0,1) that shortens a wait by up to half of it. Nil is none.
	Jitter func() float64
}

// Wait is one pause between two attempts.
type Wait struct {
	// Attempt is the number of calls made so far.
	Attempt int
	For     time.Duration
	Reason  text.Text
	Because *Failure
}

// Retry calls op until it succeeds, fails for good, or the policy is used up,
// and gives op's last error. A context that ends during a wait gives the
// context's error. Only calls that may be repeated without harm belong here:
// a timeout does not mean that nothing was done.
func Retry(ctx context.Context, clock Clock, p Policy, op func(context.Context) error) error {
	p = p.withDefaults()
	start := clock.Now()
	pause := p.First
	for attempt := 1; ; attempt++ {
		err := op(ctx)
		if err == nil {
			return nil
		}
		f := Of(err)
		if ctx.Err() != nil || attempt >= p.Attempts || !p.again(f) {
			return err
		}
		d := pause
		if p.Jitter != nil {
			d -= time.Duration(p.Jitter() * float64(d) / 2)
		}
		if p.Within > 0 && clock.Now().Add(d).Sub(start) > p.Within {
			return err
		}
		if p.OnWait != nil {
			p.OnWait(Wait{Attempt: attempt, For: d, Reason: reason(f), Because: f})
		}
		if err := clock.Wait(ctx, d); err != nil {
			return err
		}
		pause = min(2*pause, p.Max)
	}
}

func (p Policy) withDefaults() Policy {
	if p.Attempts == 0 {
		p.Attempts = 5
	}
	if p.First == 0 {
		p.First = 500 * time.Millisecond
	}
	if p.Max == 0 {
		p.Max = 20 * time.Second
	}
	return p
}

func (p Policy) again(f *Failure) bool {
	return f.Transient || (p.Also != nil && p.Also(f))
}

// reason says in plain words what a wait is for.
func reason(f *Failure) text.Text {
	switch f.Kind {
	case Throttled:
		return text.New("The other side is busy and asks for fewer requests")
	case Timeout:
		return text.New("No answer came in time")
	case Unreachable:
		return text.New("%s cannot be reached at the moment", orWord(f.Host, "The other side"))
	case Conflict:
		return text.New("It is in use: %s", f.Message)
	case Service:
		return text.New("The other side failed for now: %s", f.Message)
	case Denied:
		return text.New("Not permitted yet: %s", f.Message)
	}
	return text.Plain(f.Message)
}

func orWord(s, word string) string {
	if s == "" {
		return word
	}
	return s
}
