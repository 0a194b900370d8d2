package engine

import (
	"context"
	"errors"
	"testing"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// A try may take longer by itself than trouble is borne: three attempts of the SDK,
// each ended by the time limit of its answer. That is no time without trouble.
func TestLongTriesEndAllTheSame(t *testing.T) {
	slow := &failure.Failure{Kind: failure.Timeout, Transient: true, Message: "timeout awaiting response headers"}
	b := newBench(t)
	road(b)
	start, tries := b.clock.Now(), 0
	b.e.onWrite = func(ref steps.Ref) error {
		if tries++; ref != role || tries > 50 {
			return nil
		}
		b.clock.pass(4*time.Minute + 30*time.Second)
		return slow
	}
	_, err := b.run()
	if spent := b.clock.Now().Sub(start); err == nil || spent > 15*time.Minute {
		t.Errorf("%d tries in %s, %v", tries, spent, err)
	}
}

// What passed, and came again after the step had gone on well for longer than trouble
// is borne, is new trouble; between two tries, or within one that polls.
func TestTroubleThatComesAgainIsNew(t *testing.T) {
	busy := &failure.Failure{Kind: failure.Throttled, Transient: true, Message: "Throttling"}
	for _, tt := range []struct {
		name  string
		polls int // looks of a minute each, all well, before the try fails
		ok    bool
	}{
		{"an act that looks well for five minutes each time", 5, true},
		{"an act that fails at once each time", 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			r, tries := b.start(), 0
			err := r.patiently(t.Context(), "snapshot", func(ctx context.Context) error {
				if tries++; tries > 40 {
					return nil
				}
				for range tt.polls {
					if err := r.World().Wait(ctx, time.Minute); err != nil {
						return err
					}
				}
				return busy
			})
			if (err == nil) != tt.ok {
				t.Errorf("%d tries, %v", tries, err)
			}
		})
	}
}

// A stop while a login is waited for is a stop, and no login.
func TestNothingGoesOnWhenTheContextEndsInAPause(t *testing.T) {
	b := newBench(t)
	road(b)
	b.e.onWrite = func(ref steps.Ref) error {
		if ref == role {
			return expired
		}
		return nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	b.clock.each = func(d time.Duration) {
		if d == loginEvery {
			cancel()
		}
	}
	b.options = func(o *Options) { o.LoggedIn = func(context.Context) error { return nil } }
	r := b.start()
	_, v := r.Watch()
	err := r.Run(ctx, b.plan(r))
	r.Close()
	if !errors.Is(err, ErrStopped) {
		t.Errorf("got %v", err)
	}
	for _, rec := range drain(t, v) {
		if _, on := rec.Event.(steps.Continued); on {
			t.Error("a login is written down that nobody made")
		}
	}
}
