package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// gone is a snapshot that lies in the bucket, and replicas that go with it.
func gone(b *bench) (tape, replicas *tape) {
	tape = road(b)
	tape.data, tape.within = true, bucket
	replicas = newTape(b.e)
	replicas.id, replicas.ref = "settle", steps.Ref{Kind: steps.KindIndexSettings, Side: steps.Target, Name: "snap-1"}
	replicas.within, replicas.rides, replicas.fills = snapshot, true, nil
	b.steps = append(b.steps[:5:5], replicas, b.steps[5])
	return tape, replicas
}

// only confirms what has to be typed.
func only(words ...string) Confirm {
	return func(_ context.Context, _ steps.Text, typed string) bool { return slices.Contains(words, typed) }
}

func TestWhatIsKeptKeepsWhatItLiesIn(t *testing.T) {
	for name, tt := range map[string]struct {
		confirm Confirm
		kept    []string
	}{
		"everything allowed":  {only("delete", "acme-move"), nil},
		"only the bucket":     {only("acme-move"), []string{"snap-1", "acme-move"}},
		"only the snapshot":   {only("delete"), []string{"acme-move"}},
		"nothing, by nobody":  {nil, []string{"snap-1", "acme-move"}},
		"something not asked": {only("x"), []string{"snap-1", "acme-move"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			tape, _ := gone(b)
			b.options = func(o *Options) { o.Consent = func(w string) steps.Text { return steps.T("--yes-to-%s", w) } }
			b.mustRun()
			b.e.objects = 12
			r, inv, err := b.takeBack(steps.Undo, tt.confirm)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(verbs(inv), " "); strings.Contains(got, "settle") || strings.Contains(got, "index-settings") {
				t.Errorf("planned by itself what goes with something else: %s", got)
			}
			if asks := inv.Steps[0].Changes[0].Asks.String(); asks != "2 indices" {
				t.Errorf("the plan says that it asks for %q", asks)
			}
			var kept []string
			for _, k := range r.State().Done.Kept {
				kept = append(kept, k.Name)
				if !strings.HasPrefix(k.How.String(), "--yes-to-") {
					t.Errorf("%s is kept, and nothing is said of how it would not: %q", k.Name, k.How)
				}
			}
			if diff := cmp.Diff(tt.kept, kept); diff != "" {
				t.Error(diff)
			}
			if slices.Contains(tt.kept, "snap-1") && (tape.state != "done" || b.e.objects != 12) {
				t.Errorf("snapshot %q, %d objects", tape.state, b.e.objects)
			}
			// What was kept is all that is left to do, and then nothing is.
			if _, _, err := b.takeBack(steps.Undo, yes); err != nil {
				t.Fatal(err)
			}
			r, inv, err = b.takeBack(steps.Undo, yes)
			s := r.State()
			if err != nil || len(verbs(inv)) > 0 || len(s.Takebacks(steps.Undo)) > 0 || !s.Done.OK {
				t.Errorf("for ever: %v, %v", verbs(inv), err)
			}
			if last := s.Logs[len(s.Logs)-1].Text.String(); last != "There is nothing left to take back." {
				t.Errorf("said %q", last)
			}
		})
	}
}

// What can no longer be deleted by itself is gone when its bucket is.
func TestWhatGoesWithItsBucketIsTakenBackWithIt(t *testing.T) {
	b := newBench(t)
	tape, _ := gone(b)
	b.mustRun()
	b.e.objects = 12
	tape.backKept = steps.T("the repository is not registered any more")
	var asked []string
	r, _, err := b.takeBack(steps.Undo, func(_ context.Context, what steps.Text, _ string) bool {
		asked = append(asked, what.String())
		return true
	})
	s := r.State()
	if err != nil || len(s.Done.Kept) > 0 || len(s.Takebacks(steps.Undo)) > 0 {
		t.Errorf("%v, kept %+v", err, s.Done.Kept)
	}
	if len(asked) != 2 || !strings.Contains(asked[1], "the snapshot snap-1 among them") {
		t.Errorf("asked %q", asked)
	}
	for _, c := range s.Changes {
		if c.Undone.IsZero() {
			t.Errorf("%s is not taken back", c.Change.ID)
		}
	}
}

// One thing changed twice by a run: what is said of one is not said of the other.
func TestTheNewestIsKeptAndTheOlderTakenBack(t *testing.T) {
	b := newBench(t)
	road(b)
	b.mustRun()
	b.e.edit(role, "trust", "") // somebody deleted it, and the run makes it again
	b.mustRun()
	b.e.edit(role, "trust", "them")
	r, _, err := b.takeBack(steps.Undo, yes)
	if err != nil || len(r.State().Done.Kept) != 2 {
		t.Fatalf("%v, kept %+v", err, r.State().Done.Kept)
	}
	b.e.edit(role, "trust", "")
	if r, _, err = b.takeBack(steps.Undo, yes); err != nil || len(r.State().Takebacks(steps.Undo)) > 0 {
		t.Errorf("%v, left %v", err, r.State().Takebacks(steps.Undo))
	}
}

// After a taking back the run's next start tells a new story.
func TestARunAfterAnUndoIsANewStory(t *testing.T) {
	b := newBench(t)
	tape, replicas := gone(b)
	b.mustRun()
	before := b.journal.State().Step("snapshot").Active
	if _, _, err := b.takeBack(steps.Undo, yes); err != nil {
		t.Fatal(err)
	}
	replicas.state = "" // they went with their indices
	var known bool
	tape.onPlan = func(w *World) { _, known = w.Evidence("verify") }
	s := b.mustRun().State()
	if known {
		t.Error("the proof of what was taken back is known to the next run")
	}
	if st := s.Step("snapshot"); st.Active != before || st.Started.Before(s.LastStart) {
		t.Errorf("the snapshot took %v, first %v; started %v", st.Active, before, st.Started)
	}
	if got := statuses(s); strings.Contains(got, "existed") {
		t.Error(got)
	}
}

// TestWhatOthersMadeIsNamed: what was handed over stays, in the plan of a taking back and
// at its end, with who takes it out.
func TestWhatOthersMadeIsNamed(t *testing.T) {
	b := newBench(t)
	road(b)
	handed(b)
	b.options = func(o *Options) { o.WaitOther = Forever }
	b.clock.each = func(time.Duration) { b.e.edit(role, "trust", "es") }
	b.mustRun()
	for _, want := range []int{1, 1} { // again, and there is nothing else left
		r, inv, err := b.takeBack(steps.Undo, yes)
		s := r.State()
		if err != nil || len(inv.Stays) != want || len(s.Done.Kept) != want {
			t.Fatalf("%v: planned %+v, ended %+v", err, inv.Stays, s.Done)
		}
		if k := s.Done.Kept[0]; k.What != "role" || k.Name != role.Name || !strings.Contains(k.Why.String(), "somebody else made it, and not this run") || k.How.IsZero() {
			t.Errorf("said %+v", k)
		}
	}
	if b.e.get(role) == "" {
		t.Error("what somebody else made was deleted")
	}
}

// TestWhatCameSinceIsNotEmptied: who was asked for nothing allowed nothing.
func TestWhatCameSinceIsNotEmptied(t *testing.T) {
	b := newBench(t)
	road(b)
	b.mustRun()
	r := b.start()
	plan, err := r.PlanUndo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Approve(plan, "test"); err != nil {
		t.Fatal(err)
	}
	b.e.late = 3
	err = r.Undo(t.Context(), plan, func(_ context.Context, what steps.Text, _ string) bool {
		t.Errorf("asked for %s", what)
		return false
	})
	if b.e.objects != 3 {
		t.Errorf("%d of 3 objects left: %v", b.e.objects, err)
	}
}
