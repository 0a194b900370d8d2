package engine

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

func TestFirstInterruptStopsAtTheNextSafePoint(t *testing.T) {
	for _, tt := range []struct{ name, point, want string }{
		{"between changes", PointAfterMade, "bucket:stopped"},
		{"in a write", PointAfterIntent, "bucket:stopped"},
		{"between steps", PointStepDone, "bucket:done"},
		{"at a poll", PointPoll, "snapshot:stopped"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			tape := road(b)
			b.options = func(o *Options) {
				asked := false
				o.Points = func(name string) {
					if name == tt.point && !asked {
						asked = true
						b.control.Interrupt()
					}
				}
			}
			r, err := b.run()
			s := r.State()
			if !errors.Is(err, ErrStopped) || ExitCode(err) != 130 || !strings.Contains(statuses(s), tt.want) {
				t.Fatalf("%v, %s", err, statuses(s))
			}
			if s.Paused == nil || s.Paused.Resume != "snapferry run" || s.Done == nil || s.Done.ExitCode != 130 {
				t.Errorf("paused %+v, done %+v", s.Paused, s.Done)
			}
			for _, c := range s.Changes {
				if c.Change.Verb != steps.Act && c.Made.IsZero() {
					t.Errorf("a safe stop left %s half done", c.Change.ID)
				}
			}
			b.options = nil
			if got := statuses(b.mustRun().State()); strings.Count(got, ":done") != 6 {
				t.Errorf("resumed to %s", got)
			}
			if tape.begun != 1 {
				t.Errorf("the snapshot was begun %d times", tape.begun)
			}
		})
	}
}

func TestSecondInterruptCancelsTheCall(t *testing.T) {
	b := newBench(t)
	road(b)
	b.e.onRead = func(ref steps.Ref) error {
		if st := b.journal.State().Step("source-role"); ref != role || st == nil || st.Status != steps.StatusRunning {
			return nil
		}
		b.control.Interrupt()
		b.control.Interrupt()
		return io.ErrUnexpectedEOF // what a cancelled call looks like from here
	}
	r := b.start()
	p, err := r.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Approve(p, "test"); err != nil {
		t.Fatal(err)
	}
	if err := r.Run(t.Context(), p); !errors.Is(err, ErrStopped) {
		t.Errorf("got %v", err)
	}
	if got := statuses(r.State()); !strings.Contains(got, "source-role:stopped share-bucket:waiting") {
		t.Error(got)
	}
}

func TestOnlyTheSecondInterruptCancels(t *testing.T) {
	b := newBench(t)
	r := b.start()
	ctx, end := r.session(t.Context())
	defer end()
	if n := b.control.Interrupt(); n != 1 || ctx.Err() != nil || !b.control.Stopping() {
		t.Errorf("the first: %d, %v", n, ctx.Err())
	}
	if n := b.control.Interrupt(); n != 2 {
		t.Errorf("the second was the %d.", n)
	}
	<-ctx.Done()
}

func TestCallersContextStopsToo(t *testing.T) {
	b := newBench(t)
	road(b)
	r := b.start()
	p := b.plan(r)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Run(ctx, p); !errors.Is(err, ErrStopped) {
		t.Errorf("got %v", err)
	}
	if _, err := r.Plan(ctx); !errors.Is(err, ErrStopped) {
		t.Errorf("planning gave %v", err)
	}
}

var expired = &failure.Failure{Kind: failure.Expired, Message: "ExpiredToken"}

func TestExpiredCredentialsPause(t *testing.T) {
	for _, tt := range []struct {
		name     string
		loggedIn bool // a probe is there
		comeBack time.Duration
		code     int
	}{
		{"with a probe", true, 5 * time.Minute, 0},
		{"without a probe", false, 5 * time.Minute, 0},
		{"never", true, 10 * time.Hour, 5},
		{"never, without a probe", false, 10 * time.Hour, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			road(b)
			start := b.clock.Now()
			gone := func() error {
				if b.clock.Now().Sub(start) < tt.comeBack {
					return expired
				}
				return nil
			}
			b.e.onWrite = func(ref steps.Ref) error {
				if ref == role {
					return gone()
				}
				return nil
			}
			b.options = func(o *Options) {
				if tt.loggedIn {
					o.LoggedIn = func(context.Context) error { return gone() }
				}
			}
			r, err := b.run()
			if ExitCode(err) != tt.code {
				t.Fatalf("code %d, %v", ExitCode(err), err)
			}
			s := r.State()
			if tt.code == 5 && (s.Step("source-role").Status != steps.StatusStopped || s.Done.ExitCode != 5) {
				t.Errorf("%s, %+v", statuses(s), s.Done)
			}
			if tt.code == 0 && (s.Paused != nil || b.facts.renewed == 0) {
				t.Errorf("paused %+v, renewed %d", s.Paused, b.facts.renewed)
			}
		})
	}
}

// The bound is of one pause, not of all pauses of a night.
func TestEveryPauseHasItsOwnBound(t *testing.T) {
	b := newBench(t)
	road(b)
	start, throttled := b.clock.Now(), false
	b.e.onWrite = func(ref steps.Ref) error {
		past := b.clock.Now().Sub(start)
		switch {
		case ref != role || past > 85*time.Minute:
			return nil
		case past > 40*time.Minute && !throttled:
			throttled = true
			return &failure.Failure{Kind: failure.Throttled, Transient: true}
		}
		return expired
	}
	if r, err := b.run(); err != nil || !throttled {
		t.Errorf("%v, %s", err, statuses(r.State()))
	}
}

func TestContinueEndsAPauseAtOnce(t *testing.T) {
	b := newBench(t)
	road(b)
	b.steps = b.steps[:4]
	refuse := true
	b.e.onWrite = func(ref steps.Ref) error {
		if ref == role && refuse {
			return expired
		}
		return nil
	}
	b.options = func(o *Options) {
		o.Clock = patientClock{b.clock}
		o.LoggedIn = func(context.Context) error { refuse = false; return nil }
	}
	r := b.start()
	p := b.plan(r)
	b.control.Continue()
	if err := r.Run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if waited := b.clock.Now().Sub(r.State().Started); waited >= loginEvery {
		t.Errorf("waited %s all the same", waited)
	}
}

// patientClock waits for a login until the context ends: only Continue helps.
type patientClock struct{ *fakeClock }

func (c patientClock) Wait(ctx context.Context, d time.Duration) error {
	if d < loginEvery {
		return c.fakeClock.Wait(ctx, d)
	}
	<-ctx.Done()
	return ctx.Err()
}

func TestTroubleThatPasses(t *testing.T) {
	denied := &failure.Failure{Kind: failure.Denied, Message: "not authorized to perform iam:PassRole"}
	busy := &failure.Failure{Kind: failure.Throttled, Message: "Throttling", Transient: true}
	for _, tt := range []struct {
		name  string
		err   error
		ref   steps.Ref
		times int
		ok    bool
	}{
		{"young role", denied, repo, 3, true},
		{"denied for good", denied, repo, 1 << 30, false},
		{"denied before anything was changed", denied, bucket, 1, false},
		{"throttled", busy, bucket, 3, true},
		{"throttled for good", busy, bucket, 1 << 30, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			road(b)
			left := tt.times
			b.e.onWrite = func(ref steps.Ref) error {
				if ref == tt.ref && left > 0 {
					left--
					return tt.err
				}
				return nil
			}
			r := b.start()
			_, v := r.Watch()
			err := r.Run(t.Context(), b.plan(r))
			r.Close()
			if (err == nil) != tt.ok {
				t.Fatalf("got %v", err)
			}
			if spent := b.clock.Now().Sub(r.State().Started); spent > 4*time.Minute {
				t.Errorf("bore it for %s", spent)
			}
			reasons := 0
			for _, rec := range drain(t, v) {
				if w, ok := rec.Event.(steps.Waiting); ok && strings.Contains(w.Reason.String(), tt.err.Error()) {
					reasons++
				}
			}
			if tt.times > 1 && reasons == 0 {
				t.Error("waited without giving the reason")
			}
		})
	}
}
