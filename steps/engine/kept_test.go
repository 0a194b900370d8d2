package engine

import (
	"context"
	"errors"
	"strings"
	"testing"

	"snapferry/steps"
)

// What an action left goes on living without what it came from, but nobody may
// have to find out by himself that it is still there.
func TestWhatStaysIsSaidAtTheEnd(t *testing.T) {
	b := newBench(t)
	tape := road(b)
	b.mustRun()
	b.e.edit(role, "trust", "them")
	tape.backKept = steps.T("2 indices were written to")
	r, _, err := b.takeBack(steps.Undo, yes)
	if err != nil || ExitCode(err) != 0 {
		t.Fatalf("what stays is no failure: %v", err)
	}
	if left := b.e.dump(); len(left) != 1 || left[role] == "" || tape.state != "done" {
		t.Errorf("left %v, snapshot %q", left, tape.state)
	}
	s := r.State()
	if s.Done == nil || !s.Done.OK || len(s.Done.Kept) != 2 {
		t.Fatalf("ended as %+v", s.Done)
	}
	if k := s.Done.Kept[0]; k.What != string(steps.KindSnapshot) || k.Name != snapshot.Name || k.Count != 1 || k.Why.String() != "2 indices were written to" {
		t.Errorf("said %+v", k)
	}
	if k := s.Done.Kept[1]; k.Name != role.Name {
		t.Errorf("said %+v", k)
	}
	said := 0
	for _, l := range s.Logs {
		if strings.Contains(l.Text.String(), "2 indices were written to") && l.Level == "warn" {
			said++
		}
	}
	if said != 1 {
		t.Errorf("said %d times in the log: %v", said, s.Logs)
	}
	// What was kept is asked for again, and the end no longer speaks of it then.
	b.e.edit(role, "trust", "")
	tape.backKept = steps.Text{}
	r, inv, err := b.takeBack(steps.Undo, yes)
	if s := r.State(); err != nil || len(verbs(inv)) != 2 || len(s.Done.Kept) != 0 || len(s.Takebacks(steps.Undo)) != 0 {
		t.Errorf("the second undo: %v, planned %v, ended as %+v", err, verbs(inv), s.Done)
	}
}

// A takeback that failed or was stopped may have left what the older things carry.
func TestNothingIsTakenBackAfterATakebackThatFailed(t *testing.T) {
	for name, tt := range map[string]struct {
		arrange func(b *bench, t *tape)
		code    int
	}{
		"failed":   {func(_ *bench, t *tape) { t.backErrs = []error{errors.New("no")} }, 1},
		"panicked": {func(_ *bench, t *tape) { t.onBack = func(context.Context) { panic("boom") } }, 1},
		"stopped":  {func(b *bench, t *tape) { t.onBack = func(context.Context) { b.control.Interrupt() } }, 130},
		"stopped, and something stays": {func(b *bench, t *tape) {
			t.backKept, t.onBack = steps.T("written to"), func(context.Context) { b.control.Interrupt() }
		}, 130},
		"stopped at once": {func(b *bench, t *tape) {
			t.onBack = func(ctx context.Context) {
				b.control.Interrupt()
				b.control.Interrupt()
				<-ctx.Done()
			}
		}, 130},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			tape := road(b)
			b.mustRun()
			before := len(b.e.mutations())
			tt.arrange(b, tape)
			r, _, err := b.takeBack(steps.Undo, yes)
			if ExitCode(err) != tt.code {
				t.Errorf("ended with %v", err)
			}
			if after := b.e.mutations(); len(after) != before {
				t.Errorf("went on with %v", after[before:])
			}
			if done := r.State().Done; done == nil || done.OK || (len(done.Kept) > 0) != !tape.backKept.IsZero() {
				t.Errorf("ended as %+v", done)
			}
		})
	}
}

// What had nothing to take back is taken back, whatever the run had come to.
func TestATakebackWithNothingToDoIsDone(t *testing.T) {
	for _, point := range []string{PointAfterIntent, PointAfterMade, ""} {
		b := newBench(t)
		settle := newTape(b.e)
		b.steps = []Step{settle}
		if point == "" {
			b.mustRun()
		} else {
			b.dieAt(point, 1)
			r := b.start()
			if died, err := killed(func() error { return r.Run(t.Context(), b.plan(r)) }); !died {
				t.Fatal(err)
			}
			b.options = nil
		}
		settle.state = "" // nothing of it is there
		r, inv, err := b.takeBack(steps.Undo, yes)
		if err != nil || len(inv.Steps) != 1 || len(r.State().Takebacks(steps.Undo)) != 0 || len(r.State().Done.Kept) != 0 {
			t.Errorf("after %q: %v, planned %v, ended as %+v", point, err, verbs(inv), r.State().Done)
		}
		if _, inv, err = b.takeBack(steps.Undo, yes); err != nil || len(verbs(inv)) != 0 {
			t.Errorf("after %q the second undo plans %v, %v", point, verbs(inv), err)
		}
	}
}
