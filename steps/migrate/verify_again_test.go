package migrate

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

// TestProvenTargetLivesOn: the second start after a proof is no accusation.
func TestProvenTargetLivesOn(t *testing.T) {
	r := newRoad(t, options{spec: two})
	r.must(r.run())
	var first Manifest
	r.must(json.Unmarshal(r.runner.State().Step(StepSnapshot).Evidence.Data, &first))
	r.do(steps.Target, "PUT", "/metrics-2026.01/_doc/new?refresh=true", `{}`)
	r.do(steps.Source, "PUT", "/metrics-2026.02/_doc/new?refresh=true", `{}`)
	r.start()
	r.must(r.run())
	e := r.runner.State().Step(StepVerify).Evidence
	if all := fmt.Sprint(e.Lines); !strings.Contains(all, "changed after they had been proven equal: 1") || !strings.Contains(all, "not on the target: 1") {
		t.Errorf("%s %s", e.Summary, all)
	}
	var second Manifest
	r.must(json.Unmarshal(r.runner.State().Step(StepSnapshot).Evidence.Data, &second))
	if fmt.Sprint(first) != fmt.Sprint(second) {
		t.Errorf("the manifest became %+v", second)
	}
	// One that is restored anew is another index, of which nothing is proven.
	r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, "metrics-2026.01"))
	r.start()
	r.with(slices.DeleteFunc(Catalogue(r.spec, r.facts), func(s engine.Step) bool { return s.Info().ID == StepVerify }))
	r.must(r.run())
	r.do(steps.Target, "PUT", "/metrics-2026.01/_doc/new?refresh=true", `{}`)
	r.start()
	r.says(r.run(), "", "The index metrics-2026.01 is not equal to its source: shard")
}

// TestCountsAreCheap: without content a handful of requests proves all indices.
func TestCountsAreCheap(t *testing.T) {
	r := movedRoad(t, spec.ProofCounts, "*")
	moves, _, err := r.step(StepVerify).(verifyStep).moves(r.ctx, r.runner.World())
	r.must(err)
	r.made()
	p, _, err := r.proves()
	r.must(err)
	calls := slices.DeleteFunc(r.made(), func(c string) bool { return !strings.Contains(c, "metrics-") })
	if len(moves) < 30 || len(p.Indices) != len(moves) || len(calls) > 6 {
		t.Errorf("%d of %d indices in %d calls: %v", len(p.Indices), len(moves), len(calls), calls)
	}
	r.facts.DropAll()
	r.made()
	_, err = takeManifest(r.ctx, r.cluster(steps.Source), newReading(StepSnapshot, newWatch(r.runner.World(), func(steps.Event) {}, moves), false), spec.ProofCounts)
	r.must(err)
	if calls := r.made(); len(calls) > 9 {
		t.Errorf("the manifest took %d calls: %v", len(calls), calls)
	}
}

// TestSurplusNeedsOperations: what the source lacks has to be accounted for by
// what it did since.
func TestSurplusNeedsOperations(t *testing.T) {
	r := movedRoad(t, spec.ProofAll, "orders-2024")
	source := r.cluster(steps.Source).Host()
	r.between = func(req *http.Request) *http.Response {
		if req.URL.Host == source && strings.HasSuffix(req.URL.Path, "/_search") {
			return reply(200, `{"_shards":{"total":1,"successful":1,"failed":0},"hits":{"hits":[]}}`)
		}
		return nil
	}
	_, _, err := r.proves()
	r.says(err, "", "are on the target only, the first is")
	if !strings.Contains(err.Error(), "the source has had 0 operations since") {
		t.Errorf("%v", err)
	}
}

// TestSourceIsRefreshed: a search may show less than what was copied.
func TestSourceIsRefreshed(t *testing.T) {
	for proof, want := range map[string]int{spec.ProofCounts: 0, spec.ProofSample: 1, spec.ProofAll: 1} {
		t.Run(proof, func(t *testing.T) {
			r := newRoad(t, options{spec: func(s *spec.Spec) { single(s); s.Move.Proof = proof }})
			// Who may not refresh is not stopped by that.
			r.between = refuseCalls("POST", "/_refresh", 403, `{"error":{"type":"security_exception","reason":"no permissions for [indices:admin/refresh]"},"status":403}`)
			r.must(r.run())
			if n := count(r.made(), "POST /"+one+"/_refresh"); n != want {
				t.Errorf("refreshed %d times", n)
			}
		})
	}
	r := newRoad(t, options{spec: single, at: StepSourceRepository})
	r.between = refuseCalls("POST", "/_refresh", 500, `{"error":{"type":"exception","reason":"broken"},"status":500}`)
	if _, _, err := r.act(StepSnapshot); err == nil {
		t.Error("a manifest of what could not be refreshed")
	}
}

func TestNoManifestNoProof(t *testing.T) {
	r := newRoad(t, options{spec: single})
	_, _, err := r.proves()
	r.says(err, "", "There is no manifest")
}

func TestSpreadOverShards(t *testing.T) {
	seq := func(n int, empty ...int) map[int]int64 {
		m := map[int]int64{}
		for i := range n {
			m[i] = 10
		}
		for _, i := range empty {
			m[i] = -1
		}
		return m
	}
	for name, c := range map[string]struct {
		last map[int]int64
		want []int
	}{
		"none":          {seq(0), nil},
		"one":           {seq(1), []int{0}},
		"never written": {seq(2, 0, 1), nil},
		"some":          {seq(4, 2), []int{0, 1, 3}},
		"as many":       {seq(5), []int{0, 1, 2, 3, 4}},
		"many":          {seq(100), []int{0, 24, 49, 74, 99}},
		"many, holes":   {seq(10, 0, 9), []int{1, 2, 4, 6, 8}},
	} {
		if got := spread(c.last, 5); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, wants %v", name, got, c.want)
		}
	}
}
