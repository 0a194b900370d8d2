package migrate

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

func two(s *spec.Spec) { s.Move.Patterns = []string{"metrics-2026.01", "metrics-2026.02"} }

// killedInRestore runs a road whose restore was killed before it could record
// anything, though everything had come back.
func killedInRestore(t *testing.T) *road {
	t.Helper()
	r := taken(t, options{spec: two})
	r.approved()
	plan := r.runner.State().ApprovedPlan
	for _, sp := range plan.Steps {
		if sp.ID == StepRestore {
			_, err := r.tape.Append(StepRestore, steps.ChangeIntended{Change: sp.Changes[0]})
			r.must(err)
		}
	}
	r.restoreNow()
	r.start()
	return r
}

func finished(t *testing.T) *road {
	t.Helper()
	return newRoad(t, options{spec: two, at: StepVerify})
}

// TestUndoOfRestoredIndices: only what is exactly as it came back is deleted.
func TestUndoOfRestoredIndices(t *testing.T) {
	write := func(r *road) { r.do(steps.Target, "PUT", "/metrics-2026.01/_doc/new?refresh=true", `{}`) }
	for name, c := range map[string]struct {
		road  func(*testing.T) *road
		then  func(*road)
		left  int // of the two indices, afterwards
		kept  string
		typed bool
	}{
		"untouched":                       {road: finished, typed: true},
		"one written to":                  {road: finished, then: write, left: 1, kept: "indices written to since they came back: 1, the first is metrics-2026.01", typed: true},
		"written to, then started again":  {road: finished, then: func(r *road) { write(r); _ = r.run(); r.start() }, left: 1, kept: "indices written to since they came back: 1", typed: true},
		"one deleted by hand":             {road: finished, then: func(r *road) { r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, "metrics-2026.01")) }, typed: true},
		"one made anew by others":         {road: finished, then: func(r *road) { r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, "metrics-2026.01")); write(r) }, left: 1, typed: true},
		"killed, untouched":               {road: killedInRestore, typed: true},
		"killed, one written to":          {road: killedInRestore, then: write, left: 1, kept: "nobody can tell whether they were written to since, as the run ended before it could record how they came back: 1, the first is metrics-2026.01", typed: true},
		"killed, and its manifest is not": {road: killedInRestore, then: forgetManifest, left: 2, kept: "how they came back: 2"},
		"killed, then cleaned up":         {road: killedInRestore, then: cleanedUp, left: 2, kept: "how they came back: 2"},
		"recorded without whose it is":    {road: finished, then: ofBefore, left: 2, kept: "the journal does not tell whether this run restored them: 2, the first is metrics-2026.01"},
		"killed on its way":               {road: killedWaiting, typed: true},
		"after clean-up":                  {road: finished, then: cleanedUp, typed: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := c.road(t)
			if c.then != nil {
				c.then(r)
			}
			asked := ""
			plan, err := r.runner.PlanUndo(r.ctx)
			r.must(err)
			r.must(r.runner.Approve(plan, "test"))
			r.must(r.runner.Undo(r.ctx, plan, func(_ context.Context, what steps.Text, typed string) bool {
				asked += what.String() + "=" + typed + " "
				return true
			}))
			list, err := r.cluster(steps.Target).Stats(r.ctx, []string{"metrics-2026.01", "metrics-2026.02"})
			if r.must(err); len(list) != c.left {
				t.Errorf("left are %v", slices.Sorted(maps.Keys(list)))
			}
			if got := strings.Contains(asked, " on the target domain, untouched since (metrics-") && strings.Contains(asked, ")="+TypedIndices); got != c.typed {
				t.Errorf("asked %q", asked)
			}
			kept := ""
			for _, ch := range r.runner.State().Changes {
				if ch.Step == StepRestore {
					kept = ch.Kept.String()
					if how := ch.How.String(); strings.Contains(how, "DELETE /") != (kept != "" && !strings.Contains(kept, "does not tell")) {
						t.Errorf("kept because %q, and by hand: %q", kept, how)
					}
				}
			}
			if !strings.Contains(kept, c.kept) || (c.kept == "") != (kept == "") {
				t.Errorf("kept because %q", kept)
			}
		})
	}
}

// forgetManifest is a journal whose snapshot step proved something else.
func forgetManifest(r *road) {
	r.Helper()
	data, err := json.Marshal(Manifest{SnapshotUUID: "x", Indices: map[string]IndexManifest{}})
	r.must(err)
	_, err = r.tape.Append(StepSnapshot, steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("x"), Data: data}})
	r.must(err)
}

// ofBefore is a journal that was written before it was told whose an index is.
func ofBefore(r *road) {
	r.Helper()
	was := restoredBefore(r.runner.World())
	for n, i := range was.Indices {
		i.Own = nil
		was.Indices[n] = i
	}
	data, err := json.Marshal(was)
	r.must(err)
	_, err = r.tape.Append(StepRestore, steps.StepDone{Evidence: steps.Evidence{Summary: steps.T("x"), Data: data}})
	r.must(err)
}

// killedWaiting: the indices are there, but no shard of them has had its turn.
func killedWaiting(t *testing.T) *road {
	r := killedInRestore(t)
	for _, n := range []string{"metrics-2026.01", "metrics-2026.02"} {
		r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, n))
	}
	r.do(steps.Target, "POST", restorePath, `{"indices":["metrics-2026.01","metrics-2026.02"],"include_global_state":false,"index_settings":{"index.routing.allocation.require._name":"nobody"}}`)
	return r
}

func cleanedUp(r *road) {
	r.Helper()
	plan, err := r.runner.PlanCleanUp(r.ctx)
	r.must(err)
	r.must(r.runner.Approve(plan, "test"))
	r.must(r.runner.CleanUp(r.ctx, plan, nil))
	r.start()
}

// TestUndoAsksBeforeDataGoes: without the typed word nothing is lost.
func TestUndoAsksBeforeDataGoes(t *testing.T) {
	r := finished(t)
	plan, err := r.runner.PlanUndo(r.ctx)
	r.must(err)
	r.must(r.runner.Approve(plan, "test"))
	r.must(r.runner.Undo(r.ctx, plan, nil))
	for side, name := range map[steps.Side]string{steps.Source: "metrics-2026.02", steps.Target: "metrics-2026.02"} {
		if n, err := r.cluster(side).Count(r.ctx, name); err != nil || n == 0 {
			t.Errorf("%s has %d documents of %s, %v", side, n, name, err)
		}
	}
	var _ engine.DataKeeper = restoreStep{}
}

// TestWrittenToInTheMidstOfUndo: between the last look at an index and its deletion
// nobody writes to it; what was written just before is seen, and can be written again.
func TestWrittenToInTheMidstOfUndo(t *testing.T) {
	const ix = "metrics-2026.01"
	write := func(r *road) *failure.Failure {
		answer, err := r.cluster(steps.Target).Do(r.ctx, "PUT", "/"+ix+"/_doc/new?refresh=true", []byte(`{}`))
		r.must(err)
		return answer.Failure()
	}
	for name, c := range map[string]struct {
		at      func(*http.Request) bool // when it is written to
		refused bool
	}{
		"before it was closed to writes": {func(req *http.Request) bool {
			return req.Method == "GET" && strings.HasSuffix(req.URL.Path, "/_settings")
		}, false},
		"before it is deleted": {func(req *http.Request) bool { return req.Method == "DELETE" && strings.HasSuffix(req.URL.Path, ix) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := finished(t)
			var wrote *failure.Failure
			r.between = func(req *http.Request) *http.Response {
				if strings.Contains(req.URL.Path, ix) && c.at(req) {
					r.between = nil
					wrote = write(r)
				}
				return nil
			}
			asked := r.undone()
			if !strings.Contains(asked, TypedIndices) || (wrote != nil) != c.refused {
				t.Errorf("asked %s, written: %v", asked, wrote)
			}
			if list, err := r.cluster(steps.Target).Stats(r.ctx, []string{ix}); err != nil || (len(list) == 0) != c.refused {
				t.Errorf("left %v, %v", list, err)
			}
			if c.refused {
				return
			}
			if again := write(r); again != nil {
				t.Errorf("it cannot be written to any more: %v", again)
			}
		})
	}
}
