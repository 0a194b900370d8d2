package migrate

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

// grown is a mapping with a field more.
const grown = `{"properties":{"never_seen":{"type":"keyword"}}}`

// meanwhile does something as soon as the snapshot was asked for.
func (r *road) meanwhile(then func()) {
	taken := false
	r.between = func(req *http.Request) *http.Response {
		switch {
		case req.Method == http.MethodPut && req.URL.Path == snapshotPath:
			taken = true
		case taken && req.Method == http.MethodGet:
			r.between = nil
			then()
		}
		return nil
	}
}

// TestTheSourceChangesWhileTheSnapshotRuns: what was another before it began may be in
// the snapshot as it was or as it is. That is told, and no difference.
func TestTheSourceChangesWhileTheSnapshotRuns(t *testing.T) {
	const ix = "metrics-2026.05"
	for name, c := range map[string]struct{ method, path, body, told string }{
		"alias given":   {"POST", "/_aliases", `{"actions":[{"add":{"index":"` + ix + `","alias":"newest"}}]}`, "the alias newest of " + ix},
		"setting":       {"PUT", "/" + ix + "/_settings", `{"index":{"max_result_window":77}}`, "the setting index.max_result_window of " + ix},
		"mapping grown": {"PUT", "/" + ix + "/_mapping", grown, "the mapping of " + ix},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{at: StepSourceRepository, spec: func(s *spec.Spec) { s.Move.Patterns = []string{ix} }})
			r.meanwhile(func() { r.do(steps.Source, c.method, c.path, c.body) })
			r.must(r.run())
			told := fmt.Sprint(r.runner.State().Step(StepVerify).Evidence.Lines)
			if !strings.Contains(told, "not compared: 1; the first is "+c.told) {
				t.Error(told)
			}
			r.start()
			r.must(r.run()) // and so it stays at the next start
		})
	}
}

// TestNestedObjectsAreNoDocuments: the engine's figures count them, so that one write may
// be many. Documents are counted as _count does; whom the domain does not let search is
// told the engine's figure, and that it is one.
func TestNestedObjectsAreNoDocuments(t *testing.T) {
	const ix = "orders-2024"
	for name, c := range map[string]struct {
		between func(*http.Request) *http.Response
		told    string
	}{
		"counted":         {nil, "moved on"},
		"not to be asked": {refuseCalls("GET", "/_search", 403, noSearch), "not compared: 1; the first is the count of documents of " + ix},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{at: StepSourceRepository, spec: func(s *spec.Spec) { s.Move.Patterns, s.Move.Proof = []string{ix}, spec.ProofCounts }})
			r.meanwhile(func() {
				r.between = c.between
				items := strings.TrimSuffix(strings.Repeat(`{"product":"P-1","quantity":1},`, 10), ",")
				putDoc(steps.Source, "O-new", `{"number":"O-new","items":[`+items+`]}`)(r, ix)
			})
			r.must(r.run())
			e := r.runner.State().Step(StepVerify).Evidence
			told := fmt.Sprint(e.Lines)
			if !strings.Contains(told, c.told) || strings.Contains(told, "not compared") != (c.between != nil) || strings.Contains(told, "nested objects") != (c.between != nil) {
				t.Error(told)
			}
			r.between = nil
			n, err := r.cluster(steps.Target).Count(r.ctx, ix)
			r.must(err)
			if c.between != nil {
				stats, err := r.cluster(steps.Target).Stats(r.ctx, []string{ix})
				r.must(err)
				n = stats[ix].Docs
			}
			if want := fmt.Sprintf("1 index equal: %d documents counted", n); !strings.Contains(e.Summary.String(), want) {
				t.Errorf("%s, wants %s", e.Summary, want)
			}
		})
	}
}

const noSearch = `{"error":{"type":"security_exception","reason":"no permissions for [indices:data/read/search]"},"status":403}`

// TestASnapshotOfAnEarlierStart: nobody knows any more what the source was when it was
// begun. What is equal is proven all the same; what differs is told.
func TestASnapshotOfAnEarlierStart(t *testing.T) {
	const ix = "metrics-2026.05"
	for name, changes := range map[string]bool{"the source stayed as it was": false, "the source changed": true} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{at: StepSourceRepository, spec: func(s *spec.Spec) { s.Move.Patterns = []string{ix} }})
			plan, err := r.planned(StepSnapshot)
			r.must(err)
			r.must(r.step(StepSnapshot).(engine.Action).Apply(r.ctx, r.runner.World(), plan[0], func(steps.Event) {}))
			r.start()
			if changes {
				r.do(steps.Source, "PUT", "/"+ix+"/_mapping", grown)
				putDoc(steps.Source, "new", `{"never_seen":"before"}`)(r, ix)
			}
			r.must(r.run())
			told := fmt.Sprint(r.runner.State().Step(StepVerify).Evidence.Lines)
			if strings.Contains(told, "not compared: 1; the first is the mapping of "+ix) != changes || strings.Contains(told, "moved on") != changes {
				t.Error(told)
			}
		})
	}
}
