package engine

import (
	"context"
	"errors"
	"fmt"
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

// TestAWaitIsOneWait: as often as it is tried in vain, a wait is told once, with what it
// is waited for since and until when; and it is over as soon as something went well.
func TestAWaitIsOneWait(t *testing.T) {
	try := 0
	numbered := func() error {
		try++
		return &failure.Failure{Kind: failure.Denied, RequestID: fmt.Sprint("ID", try), Message: fmt.Sprintf("Access Denied (Service: S3, Status Code: 403, Request ID: ID%d, Extended Request ID: null) (SDK Attempt Count: 1)", try)}
	}
	b := newBench(t)
	b.paper = &paper{}
	road(b)
	b.e.onWrite = func(ref steps.Ref) error {
		if ref == repo && try < 5 {
			return numbered()
		}
		return nil
	}
	b.mustRun()
	var list []steps.Waiting
	for _, r := range b.paper.records(t) {
		if w, ok := r.Event.(steps.Waiting); ok && r.Step == "source-repository" {
			list = append(list, w)
		}
	}
	if len(list) != 2 || !list[1].Reason.IsZero() {
		t.Fatalf("told %d times: %+v", len(list), list)
	}
	w := list[0]
	if said := w.Reason.String(); said != "what was changed a moment ago to be seen everywhere; until then it is refused: Access Denied" {
		t.Error(said)
	}
	if until := w.Until.Sub(w.Since); until != 3*time.Minute || w.Diagnosis == nil {
		t.Errorf("borne for %s, %+v", until, w.Diagnosis)
	}
}

// TestAStopInAWaitIsAStop: also where the last try of it comes back with the error only
// after the stop was asked for.
func TestAStopInAWaitIsAStop(t *testing.T) {
	for name, when := range map[string]func(b *bench, again *bool){
		"between two tries": func(b *bench, _ *bool) {
			b.clock.each = func(time.Duration) { b.control.Interrupt() }
		},
		"within a try": func(b *bench, again *bool) { *again = true },
		"within a try, when it is not borne longer": func(b *bench, again *bool) {
			*again = true
			b.clock.each = func(time.Duration) { b.clock.pass(10 * time.Minute) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			road(b)
			tries, stop := 0, false
			b.e.onWrite = func(ref steps.Ref) error {
				if ref != repo {
					return nil
				}
				if tries++; stop && tries > 1 {
					b.control.Interrupt()
				}
				return refusal(failure.Denied)
			}
			when(b, &stop)
			r, err := b.run()
			if s := r.State(); ExitCode(err) != 130 || s.Paused == nil || s.Paused.Resume == "" || s.Step("source-repository").Status != steps.StatusStopped {
				t.Errorf("%d tries, %v: %s, %+v", tries, err, statuses(s), s.Paused)
			}
		})
	}
}
