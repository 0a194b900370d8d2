package migrate

import (
	"context"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

// theirsIn puts a document that is not ours into an index of the target.
func (r *road) theirsIn(index string) {
	r.Helper()
	r.do(steps.Target, "PUT", "/"+index+"/_doc/theirs?refresh=true", `{}`)
}

// hasTheirs says that it is still there.
func (r *road) hasTheirs(index string) bool {
	r.Helper()
	docs, err := r.cluster(steps.Target).DocumentsByID(r.ctx, index, []cluster.DocumentID{{ID: "theirs"}})
	r.must(err)
	return len(docs) == 1
}

// anotherRun goes on with the same answers in another run directory.
func (r *road) anotherRun() {
	r.Helper()
	r.dir, r.runID = r.TempDir(), "run-2"
	r.start()
}

// undone plans and does an undo in which everything is allowed, and gives what was
// asked on the way.
func (r *road) undone() string {
	r.Helper()
	r.start()
	plan, err := r.runner.PlanUndo(r.ctx)
	r.must(err)
	r.must(r.runner.Approve(plan, "test"))
	asked := ""
	r.must(r.runner.Undo(r.ctx, plan, func(_ context.Context, what steps.Text, typed string) bool {
		asked += what.String() + "=" + typed + "\n"
		return true
	}))
	return asked
}

// overwritten is an index of others that may be replaced, as far as it is the one that
// was there.
const overwritten = "metrics-2026.01"

// overwriting is a road on which that was confirmed, and the index is there.
func overwriting(t *testing.T) *road {
	t.Helper()
	r := taken(t, options{spec: func(s *spec.Spec) { two(s); overwrites(overwritten)(s) }})
	r.do(steps.Target, "PUT", "/"+overwritten, "{}")
	return r
}

// madeAnew has another index under its name.
func (r *road) madeAnew() {
	r.Helper()
	r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, overwritten))
	r.theirsIn(overwritten)
	r.facts.DropAll()
}

// TestOverwriteIsOfOneIndex: what was confirmed is the index that was there, not
// whatever has its name when the restore begins, or one day later.
func TestOverwriteIsOfOneIndex(t *testing.T) {
	t.Run("made anew after the approval", func(t *testing.T) {
		r := overwriting(t)
		changes, err := r.planned(StepRestore)
		r.must(err)
		r.madeAnew()
		err = r.step(StepRestore).(engine.Action).Apply(r.ctx, r.runner.World(), changes[0], func(steps.Event) {})
		if r.says(err, "move.overwrite", "another index "+overwritten); !r.hasTheirs(overwritten) {
			t.Error("it was deleted all the same")
		}
	})
	t.Run("made anew when all was done", func(t *testing.T) {
		r := overwriting(t)
		r.must(r.run())
		r.madeAnew()
		r.start()
		if r.says(r.run(), "move.overwrite", "this run has restored its own under it before"); !r.hasTheirs(overwritten) {
			t.Error("it was deleted all the same")
		}
	})
	t.Run("made anew when all was taken back", func(t *testing.T) {
		r := overwriting(t)
		r.must(r.run())
		r.undone()
		r.theirsIn(overwritten)
		r.start()
		list, err := r.facts.Clashes(r.ctx, steps.Target, []steps.Move{{Index: overwritten, As: overwritten}}, r.facts.Recorded())
		if err != nil || len(list) > 0 {
			t.Errorf("it is a new story, whose consent is good: %+v %v", list, err)
		}
		r.must(r.run())
	})
}

// TestApprovalIsOfOneIndex: a plan made again is covered by the approval as far as it
// deletes the same.
func TestApprovalIsOfOneIndex(t *testing.T) {
	for name, c := range map[string]struct {
		then      func(*road)
		uncovered int
	}{
		"made anew":                 {(*road).madeAnew, 1},
		"killed after the deletion": {func(r *road) { r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, overwritten)) }, 0},
		"as it was":                 {func(*road) {}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := overwriting(t)
			r.approved()
			c.then(r)
			r.start()
			plan, err := r.runner.Plan(r.ctx)
			if r.must(err); len(r.runner.Uncovered(plan)) != c.uncovered {
				t.Errorf("%d changes need a second approval, wants %d", len(r.runner.Uncovered(plan)), c.uncovered)
			}
			if c.uncovered == 0 {
				r.must(r.runner.Run(r.ctx, plan))
			}
		})
	}
}

// TestDeletionsAreCounted: who approves a deletion sees how much is in there.
func TestDeletionsAreCounted(t *testing.T) {
	const ix = "metrics-2026.01"
	r := taken(t, options{spec: func(s *spec.Spec) { two(s); overwrites(ix)(s) }})
	r.theirsIn(ix)
	changes, err := r.planned(StepRestore)
	r.must(err)
	if c := changes[0]; len(c.Deletes) != 1 || c.Deletes[0] != ix || c.DeletesDocs[ix] != 1 {
		t.Errorf("deletes %v with %v documents", c.Deletes, c.DeletesDocs)
	}
}

// TestAnotherSnapshotOfTheSameName: names of repositories and snapshots are the same
// for everybody who does not change them. What came back before our snapshot was
// whole is not from it.
func TestAnotherSnapshotOfTheSameName(t *testing.T) {
	const ix = "metrics-2026.01"
	r := finished(t)
	cleanedUp(r)
	r.spec.Bucket.BasePath = "other"
	r.do(steps.Source, "DELETE", "/"+ix, "")
	r.do(steps.Source, "PUT", "/"+ix+"/_doc/1?refresh=true", `{"host":"another"}`)
	r.clock.pass(1e9)
	r.anotherRun()
	moves := []steps.Move{{Index: ix, As: ix, Primaries: 1}}
	list, err := r.facts.Clashes(r.ctx, steps.Target, moves, nil)
	if r.must(err); len(list) != 1 || list[0].Field != "move.overwrite" {
		t.Errorf("clashes %+v", list)
	}
	r.says(r.run(), "move.overwrite", "the target has an index of that name")
	// The snapshot there is now is younger than what came back.
	r.upToConfirmed(StepTargetRepository)
	list, err = r.facts.Clashes(r.ctx, steps.Target, moves, nil)
	if r.must(err); len(list) != 1 {
		t.Errorf("with the second snapshot: clashes %+v", list)
	}
}

// upToConfirmed runs the steps before the restore, which takes no part in the plan.
func (r *road) upToConfirmed(last steps.StepID) {
	r.Helper()
	r.upTo(last)
	r.facts.DropAll()
}

// TestUndoLeavesWhatAnotherRunRestored: two runs may restore from one snapshot; each
// takes back its own.
func TestUndoLeavesWhatAnotherRunRestored(t *testing.T) {
	r := finished(t)
	r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, "metrics-2026.02"))
	r.anotherRun()
	r.must(r.run())
	asked := r.undone()
	if !strings.Contains(asked, "1 restored index on the target domain, untouched since (metrics-2026.02)=") {
		t.Errorf("asked %s", asked)
	}
	left, err := r.cluster(steps.Target).Stats(r.ctx, []string{"metrics-2026.01", "metrics-2026.02"})
	r.must(err)
	if _, there := left["metrics-2026.01"]; !there || len(left) != 1 {
		t.Errorf("left are %v", left)
	}
}

// TestApprovalsOfBeforeNameNoIndex: a plan that told only the name of what it deletes
// approves no deletion now.
func TestApprovalsOfBeforeNameNoIndex(t *testing.T) {
	old := steps.Plan{Steps: []steps.StepPlan{{ID: StepRestore, Changes: []steps.Change{{Step: StepRestore, After: `{"repository":"r","replaces":["logs"]}`}}}}}
	if list := approvedReplaces(old); list != nil {
		t.Errorf("%v", list)
	}
	r := taken(t, options{spec: two})
	r.theirsIn("metrics-2026.01")
	err := restoreStep{&route{spec: r.spec, facts: r.facts}}.mayGo(r.ctx, []replaced{{Name: "metrics-2026.01"}}, []string{"metrics-2026.01"})
	r.says(err, "move.overwrite", "another index metrics-2026.01")
}

// TestProofOfWhatAnotherRunRestored says whose the index is that differs.
func TestProofOfWhatAnotherRunRestored(t *testing.T) {
	r := finished(t)
	r.anotherRun()
	r.must(r.run())
	r.theirsIn("metrics-2026.01")
	r.anotherRun()
	err := r.run()
	r.says(err, "", "The index metrics-2026.01 is not equal to its source")
	if e := own(err); e != nil && !strings.Contains(e.Fix.String(), "This run did not restore it") {
		t.Errorf("fix: %s", e.Fix)
	}
}
