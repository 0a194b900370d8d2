package migrate

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
)

// cleanUp takes back what helped the run.
func (r *road) cleanUp() {
	r.Helper()
	plan, err := r.runner.PlanCleanUp(r.ctx)
	r.must(err)
	r.must(r.runner.Approve(plan, "test"))
	r.must(r.runner.CleanUp(r.ctx, plan, func(context.Context, steps.Text, string) bool { return true }))
}

func (r *road) cleanedThenUndone() {
	r.Helper()
	before, err := r.box.Everything(r.ctx)
	r.must(err)
	r.must(r.run())
	r.start()
	r.cleanUp()
	r.start()
	r.undo()
	if kept := r.runner.State().Done.Kept; len(kept) > 0 {
		r.Errorf("left: %+v", kept)
	}
	after, err := r.box.Everything(r.ctx)
	r.must(err)
	if d := cmp.Diff(string(before), string(after)); d != "" {
		r.Errorf("left behind: %s", d)
	}
}

// TestUndoAfterCleanUp: the signer has lost all its rights by then.
func TestUndoAfterCleanUp(t *testing.T) {
	for from, to := range map[sandbox.AccessKind]sandbox.AccessKind{sandbox.AccessPolicy: sandbox.AccessInternalMaster, sandbox.AccessIAMMaster: sandbox.AccessOpen} {
		r := newRoad(t, options{spec: twoAccounts, access: map[string]sandbox.AccessKind{"source": from, "target": to}})
		stranger(r)
		r.cleanedThenUndone()
	}
}
