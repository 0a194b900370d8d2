package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

func yes(context.Context, steps.Text, string) bool { return true }

// takeBack is one whole start of a clean-up or undo.
func (b *bench) takeBack(p steps.Purpose, confirm Confirm) (*Runner, steps.Plan, error) {
	b.t.Helper()
	r := b.start()
	plan, do := r.PlanUndo, r.Undo
	if p == steps.CleanUp {
		plan, do = r.PlanCleanUp, r.CleanUp
	}
	inv, err := plan(b.t.Context())
	if err != nil {
		return r, inv, err
	}
	if len(r.Uncovered(inv)) > 0 {
		if err := r.Approve(inv, "test"); err != nil {
			b.t.Fatal(err)
		}
	}
	return r, inv, do(b.t.Context(), inv, confirm)
}

func verbs(p steps.Plan) []string {
	var out []string
	for _, s := range p.Steps {
		for _, c := range s.Changes {
			out = append(out, string(c.Verb)+" "+c.Ref.String())
		}
	}
	for _, s := range p.Stays {
		out = append(out, "stays "+s.Name+": "+s.Why.String())
	}
	return out
}

func TestUndoTakesBackEverythingNewestFirst(t *testing.T) {
	b := newBench(t)
	tape := road(b)
	b.mustRun()
	r, inv, err := b.takeBack(steps.Undo, yes)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"act " + snapshot.String(), "delete " + repo.String(), "change " + policyOf.String(),
		"delete " + role.String(), "delete " + policyOf.String(), "delete " + bucket.String(),
	}
	if diff := cmp.Diff(want, verbs(inv)); diff != "" {
		t.Error(diff)
	}
	if left := b.e.dump(); len(left) > 0 || tape.state != "" {
		t.Errorf("left %v, snapshot %q", left, tape.state)
	}
	if left := r.State().Takebacks(steps.Undo); len(left) > 0 {
		t.Errorf("still to be taken back: %v", left)
	}
	before := b.e.mutations()
	if _, inv, err = b.takeBack(steps.Undo, yes); err != nil || len(verbs(inv)) > 0 {
		t.Errorf("a second undo plans %v, %v", verbs(inv), err)
	}
	if diff := cmp.Diff(before, b.e.mutations()); diff != "" {
		t.Error(diff)
	}
	// What was taken back is not made again without asking.
	r = b.start()
	p, err := r.Plan(t.Context())
	if err != nil || len(r.Uncovered(p)) != 6 {
		t.Errorf("%d changes uncovered, %v", len(r.Uncovered(p)), err)
	}
}

func TestCleanUpTakesBackHelpersOnly(t *testing.T) {
	b := newBench(t)
	tape := road(b)
	b.steps[0].(*want).helper = false
	b.mustRun()
	_, _, err := b.takeBack(steps.CleanUp, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[steps.Ref]steps.Doc{
		bucket:   doc(thing{"region": "eu-west-1", "run": "run-1"}),
		policyOf: doc(thing{"tls": "only"}),
	}
	if diff := cmp.Diff(want, b.e.dump()); diff != "" || tape.state != "done" {
		t.Errorf("snapshot %q: %s", tape.state, diff)
	}
}

func TestUndoAndForeignEdits(t *testing.T) {
	for _, tt := range []struct {
		name  string
		edit  func(b *bench)
		left  map[steps.Ref]steps.Doc
		stays string
	}{
		{
			"an addition stays", func(b *bench) { b.e.edit(policyOf, "theirs", "x") },
			map[steps.Ref]steps.Doc{policyOf: doc(thing{"theirs": "x"})},
			"",
		},
		{
			"what was edited stays", func(b *bench) { b.e.edit(role, "trust", "them") },
			map[steps.Ref]steps.Doc{role: doc(thing{"trust": "them"})},
			"acme-snap: trust was edited since.",
		},
		{"what is gone is gone", func(b *bench) { b.e.edit(role, "trust", "") }, map[steps.Ref]steps.Doc{}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			road(b)
			b.mustRun()
			tt.edit(b)
			r, inv, err := b.takeBack(steps.Undo, yes)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.left, b.e.dump()); diff != "" {
				t.Error(diff)
			}
			if got := strings.Join(verbs(inv), "\n"); !strings.Contains(got, tt.stays) || (tt.stays == "") == strings.Contains(got, "stays") {
				t.Errorf("planned %s", got)
			}
			kept := 0
			for _, c := range r.State().Changes {
				if !c.Kept.IsZero() {
					kept++
				}
			}
			if (kept > 0) != (tt.stays != "") {
				t.Errorf("%d kept", kept)
			}
		})
	}
}

func TestUndoNeverTouchesWhatExisted(t *testing.T) {
	b := newBench(t)
	road(b)
	b.e.edit(role, "trust", "es")
	b.e.edit(policyOf, "tls", "only")
	before := b.e.dump()
	b.mustRun()
	if _, _, err := b.takeBack(steps.Undo, yes); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, b.e.dump()); diff != "" {
		t.Error(diff)
	}
}

func TestUndoDriftBetweenShowingAndDoing(t *testing.T) {
	b := newBench(t)
	road(b)
	b.mustRun()
	r := b.start()
	inv, err := r.PlanUndo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var open *ApprovalError
	if err := r.Undo(t.Context(), inv, yes); !errors.As(err, &open) {
		t.Errorf("undone unapproved: %v", err)
	}
	if err := r.Approve(inv, "test"); err != nil {
		t.Fatal(err)
	}
	if err := r.CleanUp(t.Context(), inv, yes); err == nil {
		t.Error("an undo passed for a clean-up")
	}
	b.e.edit(policyOf, "theirs", "x")
	var drift *DriftError
	if err := r.Undo(t.Context(), inv, yes); !errors.As(err, &drift) {
		t.Errorf("got %v", err)
	}
	if got := parts(b.e.get(policyOf)); got["theirs"] != "x" || got["share"] == "" {
		t.Errorf("left %v", got)
	}
}

func TestDataGoesOnlyWhenConfirmed(t *testing.T) {
	for _, confirmed := range []bool{false, true} {
		b := newBench(t)
		tape := road(b)
		tape.data = true
		b.mustRun()
		b.e.objects = 12
		var asked []string
		r, _, err := b.takeBack(steps.Undo, func(_ context.Context, what steps.Text, typed string) bool {
			asked = append(asked, what.String()+" "+typed)
			return confirmed
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"2 indices delete", "the bucket acme-move with the 12 objects in it (120 B: base/ (12)) acme-move"}
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Error(diff)
		}
		left := len(r.State().Takebacks(steps.Undo))
		if gone := b.e.get(bucket) == steps.Absent && tape.state == "" && b.e.objects == 0; gone != confirmed || (left == 0) != confirmed {
			t.Errorf("confirmed %v: gone %v, %d left", confirmed, gone, left)
		}
	}
}

// An intent whose deed was not seen is taken back only where it shows that it is ours.
func TestUndoOfAnIntentWithoutItsEnd(t *testing.T) {
	half := doc(thing{"region": "eu-west-1"})
	ours := doc(thing{"region": "eu-west-1", "run": "run-1"})
	for _, tt := range []struct {
		name        string
		live, after steps.Doc
		kept        bool
	}{
		{"done", ours, "", false},
		{"not done", "", "", false},
		{"somebody else's", half, half, true},
		{"ours and edited", doc(thing{"region": "eu-west-1", "run": "run-1", "x": "y"}), doc(thing{"x": "y"}), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			road(b)
			b.dieAt(PointAfterIntent, 1)
			r := b.start()
			if died, err := killed(func() error { return r.Run(t.Context(), b.plan(r)) }); !died {
				t.Fatal(err)
			}
			b.options = nil
			for p, v := range parts(tt.live) {
				b.e.edit(bucket, p, v)
			}
			r, _, err := b.takeBack(steps.Undo, yes)
			if err != nil {
				t.Fatal(err)
			}
			kept := !r.State().Changes[0].Kept.IsZero()
			if b.e.get(bucket) != tt.after || kept != tt.kept {
				t.Errorf("left %s, kept %v", b.e.get(bucket), kept)
			}
		})
	}
}

func TestUndoKilledAtEveryPoint(t *testing.T) {
	met := map[string]bool{}
	for _, point := range PointNames {
		for nth := 1; ; nth++ {
			b := newBench(t)
			if nth > 1 {
				b.paper = &paper{}
			}
			road(b)
			b.mustRun()
			b.dieAt(point, nth)
			died, err := killed(func() error { _, _, err := b.takeBack(steps.Undo, yes); return err })
			if !died {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			met[point] = true
			b.options = nil
			if _, _, err := b.takeBack(steps.Undo, yes); err != nil {
				t.Fatal(err)
			}
			if left := b.e.dump(); len(left) > 0 || len(b.journal.State().Takebacks(steps.Undo)) > 0 {
				t.Errorf("killed at %s, %d: left %v", point, nth, left)
			}
			if n := len(b.e.mutations()); n != 10 {
				t.Errorf("killed at %s, %d: %d mutations: %v", point, nth, n, b.e.mutations())
			}
		}
	}
	for _, p := range []string{PointBeforeUndo, PointUndoIntent, PointAfterUndo, PointUndone} {
		if !met[p] {
			t.Errorf("no undo passes %s", p)
		}
	}
}

func TestUndoFailsAndGoesOnLater(t *testing.T) {
	b := newBench(t)
	road(b)
	b.mustRun()
	b.e.onWrite = func(ref steps.Ref) error {
		if ref == role {
			return fmt.Errorf("DeleteConflict")
		}
		return nil
	}
	_, _, err := b.takeBack(steps.Undo, yes)
	var failed *StepError
	if !errors.As(err, &failed) || failed.Step != "source-role" || !strings.Contains(failed.Diagnosis.Summary.String(), "DeleteConflict") {
		t.Fatalf("got %v", err)
	}
	b.e.onWrite = nil
	if _, _, err := b.takeBack(steps.Undo, yes); err != nil || len(b.e.dump()) > 0 {
		t.Errorf("%v, left %v", err, b.e.dump())
	}
}

func TestWhatIsTriedAgainIsNotAskedAgain(t *testing.T) {
	b := newBench(t)
	tape := road(b)
	tape.data = true
	b.mustRun()
	tape.backErrs = []error{&failure.Failure{Kind: failure.Throttled, Transient: true, Message: "Throttling"}}
	asked := 0
	_, _, err := b.takeBack(steps.Undo, func(context.Context, steps.Text, string) bool { asked++; return true })
	if err != nil || asked != 1 || tape.state != "" {
		t.Errorf("asked %d times, state %q, %v", asked, tape.state, err)
	}
}

// What had to stay when the plan was shown stays, even if the reason is gone.
func TestUndoDoesNoMoreThanWasShown(t *testing.T) {
	b := newBench(t)
	road(b)
	b.steps[3].(*want).fixed = true
	b.mustRun()
	b.e.edit(role, "trust", "them")
	r := b.start()
	inv, err := r.PlanUndo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Approve(inv, "test"); err != nil {
		t.Fatal(err)
	}
	b.e.edit(role, "trust", "es")
	if err := r.Undo(t.Context(), inv, yes); err != nil {
		t.Fatal(err)
	}
	want := map[steps.Ref]steps.Doc{role: doc(thing{"trust": "es"}), repo: doc(thing{"bucket": "acme-move"})}
	if diff := cmp.Diff(want, b.e.dump()); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(verbs(inv), "\n"); !strings.Contains(got, "stays ferry: It cannot be taken back.") {
		t.Error(got)
	}
}

// TestUndoLeavesWhatOthersUse: what somebody else lives on by now stays, however
// much it is ours, and so does nothing else.
func TestUndoLeavesWhatOthersUse(t *testing.T) {
	used, trouble := true, error(nil)
	b := newBench(t)
	road(b)
	b.steps[0].(*want).shared = func(c steps.Change) (steps.Text, error) {
		if used && c.Ref == bucket {
			return steps.T("somebody uses %s", c.Ref.Name), trouble
		}
		return steps.Text{}, nil
	}
	b.mustRun()
	trouble = errors.New("not to be told")
	if _, _, err := b.takeBack(steps.Undo, yes); !errors.Is(err, trouble) {
		t.Errorf("whether it is used could not be told, and yet: %v", err)
	}
	trouble = nil
	_, inv, err := b.takeBack(steps.Undo, yes)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(verbs(inv), "\n"); !strings.Contains(got, "somebody uses "+bucket.Name) || strings.Contains(got, "delete "+bucket.String()) {
		t.Errorf("planned %s", got)
	}
	if left := b.e.dump(); len(left) != 1 || left[bucket] == "" {
		t.Errorf("left %v", left)
	}
	used = false
	if _, _, err := b.takeBack(steps.Undo, yes); err != nil || len(b.e.dump()) != 0 {
		t.Errorf("once nobody uses it: left %v, %v", b.e.dump(), err)
	}
}
