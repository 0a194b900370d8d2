package migrate

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

const busy = `{"error":{"root_cause":[{"type":"concurrent_snapshot_execution_exception","reason":"[cs-automated:x] a snapshot is already running"}],"type":"concurrent_snapshot_execution_exception","reason":"[cs-automated:x] a snapshot is already running"},"status":503}`

// ready is a road on which the snapshot is next.
func ready(t *testing.T, o options) *road {
	t.Helper()
	o.at = StepSourceRepository
	return newRoad(t, o)
}

// waits are the reasons that were shown, with "" for each end of a wait.
func waits(events []steps.Event) []string {
	var list []string
	for _, e := range events {
		if w, ok := e.(steps.Waiting); ok {
			list = append(list, w.Reason.String())
		}
	}
	return list
}

// TestCreateThatTimedOut: the load balancer gives up after a minute, the work
// behind it goes on. It is asked for once, and looked for.
func TestCreateThatTimedOut(t *testing.T) {
	for name, began := range map[string]bool{"though it began": true, "and never began": false} {
		t.Run(name, func(t *testing.T) {
			r := ready(t, options{})
			r.between = func(req *http.Request) *http.Response {
				if req.Method != http.MethodPut || req.URL.Path != snapshotPath {
					return nil
				}
				if began {
					_, err := r.box.Transport().RoundTrip(req)
					r.must(err)
				}
				return reply(http.StatusGatewayTimeout, "")
			}
			events, e, err := r.act(StepSnapshot)
			if n := count(r.made(), "PUT "+snapshotPath); n != 1 {
				t.Errorf("asked for %d times", n)
			}
			if began {
				if r.must(err); !strings.Contains(e.Summary.String(), "11 indices, 22 shards, all there") {
					t.Errorf("%s", e.Summary)
				}
				return
			}
			r.says(err, "", "was asked for, but the domain does not list it")
			if w := waits(events); len(w) == 0 || w[0] != "the snapshot to be listed" {
				t.Errorf("waits %q", w)
			}
		})
	}
}

// TestSlotIsWaitedFor: the service runs one snapshot at a time, its own too.
func TestSlotIsWaitedFor(t *testing.T) {
	for name, c := range map[string]struct {
		times int           // refused
		more  time.Duration // passes at each wait
		words string
	}{"free in the end": {5, 0, ""}, "never free": {1 << 20, 5 * time.Minute, "busy with other snapshots for more than 2h"}} {
		t.Run(name, func(t *testing.T) {
			r := ready(t, options{})
			r.clock.meanwhile = func() { r.clock.pass(c.more) }
			refused := 0
			r.between = func(req *http.Request) *http.Response {
				if req.Method != http.MethodPut || req.URL.Path != snapshotPath || refused == c.times {
					return nil
				}
				refused++
				return reply(http.StatusServiceUnavailable, busy)
			}
			events, _, err := r.act(StepSnapshot)
			w := waits(events)
			if !strings.Contains(w[0], "to be free for a snapshot: [cs-automated:x] a snapshot is already running") {
				t.Errorf("waits %q", w[0])
			}
			if c.words != "" {
				if r.says(err, "", c.words); refused < 20 || refused > 40 {
					t.Errorf("gave up after %d tries", refused)
				}
				return
			}
			if r.must(err); w[len(w)-1] != "" {
				t.Errorf("the wait was not ended: %q", w)
			}
		})
	}
}

// TestBetweenPlanAndDeed: what others did since the plan was made.
func TestBetweenPlanAndDeed(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile    func(*road)
		field, words string
	}{
		"somebody took one of the name": {func(r *road) { r.snap("") }, "move.snapshot", "was not taken by snapferry"},
		"an earlier start of this run":  {func(r *road) { r.snap("run-1") }, "", ""},
		"an index was deleted":          {func(r *road) { r.must(r.cluster(steps.Source).DeleteIndex(r.ctx, "metrics-2026.03")) }, "move.indices", "no such index [metrics-2026.03]"},
		"taken while it was asked for":  {func(r *road) { r.between = takenMeanwhile(r, "") }, "move.snapshot", "was not taken by snapferry"},
		"by us, while it was asked for": {func(r *road) { r.between = takenMeanwhile(r, "run-1") }, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := ready(t, options{})
			r.approved()
			changes, err := r.planned(StepSnapshot)
			r.must(err)
			c.meanwhile(r)
			err = r.step(StepSnapshot).(engine.Action).Apply(r.ctx, r.runner.World(), changes[0], func(steps.Event) {})
			if c.words == "" {
				r.must(err)
				return
			}
			r.says(err, c.field, c.words)
		})
	}
}

// takenMeanwhile takes a snapshot of the name just before ours is asked for.
func takenMeanwhile(r *road, run string) func(*http.Request) *http.Response {
	return func(req *http.Request) *http.Response {
		if req.Method == http.MethodPut && req.URL.Path == snapshotPath {
			r.between = nil
			r.snap(run)
		}
		return nil
	}
}

// TestScopeShrinksOnlyByApproval: an index that the source lost before it was
// taken is left out of the next plan, which has to be approved.
func TestScopeShrinksOnlyByApproval(t *testing.T) {
	r := ready(t, options{})
	r.approved()
	r.must(r.cluster(steps.Source).DeleteIndex(r.ctx, "metrics-2026.03"))
	r.start()
	plan, err := r.runner.Plan(r.ctx)
	r.must(err)
	if len(plan.Moves) != 10 || !slices.ContainsFunc(plan.Stays, func(s steps.Stay) bool {
		return s.Name == "metrics-2026.03" && strings.Contains(s.Why.String(), "gone")
	}) {
		t.Errorf("%d move, stays %+v", len(plan.Moves), plan.Stays)
	}
	if len(r.runner.Uncovered(plan)) == 0 {
		t.Error("a smaller scope passes as approved")
	}
	r.must(r.runner.Approve(plan, "test"))
	r.must(r.runner.Run(r.ctx, plan))
	for _, m := range plan.Moves {
		r.must(r.cluster(steps.Source).DeleteIndex(r.ctx, m.Index))
	}
	r.start()
	if again, err := r.runner.Plan(r.ctx); err != nil || len(again.Moves) != 10 {
		t.Errorf("what is in the snapshot left the plan: %d move, %v", len(again.Moves), err)
	}
}

func TestNothingLeftToMove(t *testing.T) {
	r := ready(t, options{spec: func(s *spec.Spec) { s.Move.Patterns = []string{"metrics-2026.01"} }})
	r.approved()
	r.must(r.cluster(steps.Source).DeleteIndex(r.ctx, "metrics-2026.01"))
	r.start()
	_, err := r.runner.Plan(r.ctx)
	r.says(err, "move.indices", "None of the indices")
	r = newRoad(t, options{spec: func(s *spec.Spec) { s.Move.Patterns = []string{"nothing-*"} }})
	_, err = r.runner.Plan(r.ctx)
	r.says(err, "move.indices", "No index of the source would move")
}

// TestSnapshotThatStandsStill: every wait has an end.
func TestSnapshotThatStandsStill(t *testing.T) {
	r := ready(t, options{pace: sandbox.PaceRealistic})
	r.snap("run-1")
	status := r.do(steps.Source, http.MethodGet, snapshotPath+"/_status", "")
	list := r.do(steps.Source, http.MethodGet, snapshotPath, "")
	r.between = func(req *http.Request) *http.Response {
		switch req.URL.Path {
		case snapshotPath:
			return reply(200, string(list))
		case snapshotPath + "/_status":
			return reply(200, string(status))
		}
		return nil
	}
	began := r.clock.Now()
	_, _, err := r.act(StepSnapshot)
	r.says(err, "", "Nothing has moved for 1h0m0s; the last that was seen of its shards: 0 of 22")
	if took := r.clock.Now().Sub(began); took > stalledAfter+time.Minute {
		t.Errorf("it took %s to notice", took)
	}
}

// TestManifest: what is written down of the source after the snapshot.
func TestManifest(t *testing.T) {
	r := ready(t, options{})
	_, e, err := r.act(StepSnapshot)
	r.must(err)
	var m Manifest
	r.must(json.Unmarshal(e.Data, &m))
	if len(m.Indices) != 11 || m.SnapshotUUID == "" {
		t.Fatalf("%+v", m)
	}
	for name, i := range m.Indices {
		shards := map[int]bool{}
		for _, s := range i.Samples {
			shards[s.Shard] = true
		}
		if i.Docs == 0 || len(i.MaxSeqNo) != 2 || i.Mapping == "" || len(i.Settings) == 0 || i.UUID == "" || len(i.Samples) > samplesPerIndex || len(shards) != 2 {
			t.Errorf("%s: %+v", name, i)
		}
		for shard, last := range i.MaxSeqNo {
			for _, seq := range []int64{0, last} {
				if !slices.ContainsFunc(i.Samples, func(s Sample) bool { return s.Shard == shard && s.SeqNo == seq }) {
					t.Errorf("%s: operation %d of shard %d is not among the samples", name, seq, shard)
				}
			}
		}
	}
}
