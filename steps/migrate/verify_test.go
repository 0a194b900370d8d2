package migrate

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

// movedRoad is a road on which only the proof is left.
func movedRoad(t *testing.T, proof string, patterns ...string) *road {
	t.Helper()
	return newRoad(t, options{spec: func(s *spec.Spec) { s.Move.Proof, s.Move.Patterns = proof, patterns }, at: StepSettle})
}

func (r *road) proves() (Proof, steps.Evidence, error) {
	r.Helper()
	e, err := r.step(StepVerify).(engine.Action).Verify(r.ctx, r.runner.World(), steps.Change{}, func(steps.Event) {})
	var p Proof
	if err == nil {
		r.must(json.Unmarshal(e.Data, &p))
	}
	return p, e, err
}

// sampled is an id among the samples of the manifest.
func (r *road) sampled(ix string) string {
	r.Helper()
	return manifestBefore(r.runner.World()).Indices[ix].Samples[0].ID
}

// someID is the id of any document of the source.
func (r *road) someID(ix string) string {
	r.Helper()
	for d, err := range r.cluster(steps.Source).Documents(r.ctx, cluster.Walk{Index: ix, Batch: 1}) {
		r.must(err)
		return d.ID
	}
	return ""
}

// proofCase is what somebody did before the proof, and what comes of it.
type proofCase struct {
	proof string
	then  func(*road, string)
	words string // of the difference
	moved int64
	gone  bool
}

func putDoc(side steps.Side, id, doc string) func(*road, string) {
	return func(r *road, ix string) { r.do(side, "PUT", "/"+ix+"/_doc/"+id+"?refresh=true", doc) }
}

// onTarget makes a call in which INDEX stands for the case's index.
func onTarget(method, path, body string) func(*road, string) {
	return func(r *road, ix string) {
		in := strings.NewReplacer("INDEX", ix)
		r.do(steps.Target, method, in.Replace(path), in.Replace(body))
	}
}

func dropped(side steps.Side) func(*road, string) {
	return func(r *road, ix string) { r.must(r.cluster(side).DeleteIndex(r.ctx, ix)) }
}

// tampered has the target answer with another document, as if a shard had been
// copied wrong: no operation of its own tells of it.
func tampered(r *road, ix string) { r.rewrite("GET", "/"+ix+"/_mget", `"host":"`, `"host":"X`) }

// hidden has the source leave a document out, as if it had lost it without an
// operation of its own.
func hidden(r *road, ix string) {
	prod := r.cluster(steps.Source).Host()
	first := regexp.MustCompile(`(?s)"hits":\[\{.*?"sort":\[\d+\]\},?`)
	r.between = func(req *http.Request) *http.Response {
		if req.URL.Host != prod || req.URL.Path != "/"+ix+"/_search" {
			return nil
		}
		answer, err := r.box.Transport().RoundTrip(req)
		r.must(err)
		defer func() { _ = answer.Body.Close() }()
		b, err := io.ReadAll(answer.Body)
		r.must(err)
		return reply(answer.StatusCode, first.ReplaceAllString(string(b), `"hits":[`))
	}
}

func tamperedWalk(r *road, ix string) {
	next := r.cluster(steps.Target).Host()
	r.between = r.rewriting(func(req *http.Request) bool {
		return req.URL.Host == next && req.URL.Path == "/"+ix+"/_search"
	}, `"host":"`, `"host":"X`)
}

var proofCases = map[string]proofCase{
	"counts, equal":     {proof: spec.ProofCounts},
	"sample, equal":     {proof: spec.ProofSample},
	"all, equal":        {proof: spec.ProofAll},
	"source written to": {proof: spec.ProofSample, then: putDoc(steps.Source, "new", `{}`), moved: 1},
	"source overwritten, all": {proof: spec.ProofAll, then: func(r *road, ix string) {
		id := r.someID(ix)
		putDoc(steps.Source, id, `{}`)(r, ix)
		putDoc(steps.Source, id, `{}`)(r, ix)
	}, moved: 2},
	"source lost a document, all": {proof: spec.ProofAll, then: func(r *road, ix string) {
		r.do(steps.Source, "DELETE", "/"+ix+"/_doc/"+r.someID(ix)+"?refresh=true", "")
	}, moved: 1},
	"source hides a document, all": {proof: spec.ProofAll, then: hidden, words: "the source has had 0 operations since"},
	"source is gone, counts":       {proof: spec.ProofCounts, then: dropped(steps.Source)},
	"source is gone, all":          {proof: spec.ProofAll, then: dropped(steps.Source), gone: true},
	"source is made anew, all": {proof: spec.ProofAll, then: func(r *road, ix string) {
		dropped(steps.Source)(r, ix)
		r.do(steps.Source, "PUT", "/"+ix+"/_doc/1?refresh=true", `{}`)
	}, gone: true},
	"target written to":              {proof: spec.ProofCounts, then: putDoc(steps.Target, "new", `{}`), words: "of the target has 1 operations of its own"},
	"target lost a sampled document": {proof: spec.ProofSample, then: func(r *road, ix string) { r.do(steps.Target, "DELETE", "/"+ix+"/_doc/"+r.sampled(ix), "") }, words: "operations of its own"},
	"document missing, unseen":       {proof: spec.ProofSample, then: func(r *road, ix string) { r.rewrite("GET", "/"+ix+"/_mget", `"found":true`, `"found":false`) }, words: "is missing on the target"},
	"other content, sample":          {proof: spec.ProofSample, then: tampered, words: "has other content on the target"},
	"other content, counts":          {proof: spec.ProofCounts, then: tampered},
	"other content, all":             {proof: spec.ProofAll, then: tamperedWalk, words: "has other content on the target"},
	"alias gone":                     {proof: spec.ProofCounts, then: onTarget("POST", "/_aliases", `{"actions":[{"remove":{"index":"INDEX","alias":"metrics"}}]}`), words: "the alias metrics is missing on the target"},
	"alias changed":                  {proof: spec.ProofCounts, then: onTarget("POST", "/_aliases", `{"actions":[{"add":{"index":"INDEX","alias":"metrics","filter":{"term":{"a":1}}}}]}`), words: "the alias metrics is"},
	"alias too many":                 {proof: spec.ProofCounts, then: onTarget("POST", "/_aliases", `{"actions":[{"add":{"index":"INDEX","alias":"mine"}}]}`), words: "the alias mine is on the target only"},
	"mapping changed":                {proof: spec.ProofCounts, then: onTarget("PUT", "/INDEX/_mapping", `{"properties":{"added":{"type":"keyword"}}}`), words: "the mappings differ"},
	"setting changed":                {proof: spec.ProofCounts, then: onTarget("PUT", "/INDEX/_settings", `{"index":{"max_result_window":77}}`), words: "the setting index.max_result_window is on the target only"},
	"replicas changed":               {proof: spec.ProofCounts, then: onTarget("PUT", "/INDEX/_settings", `{"index":{"number_of_replicas":0}}`)},
	"target deleted":                 {proof: spec.ProofSample, then: dropped(steps.Target), words: "it is not there, or it is closed"},
}

// TestProofs gives every case an index of its own on a road that has moved them all.
func TestProofs(t *testing.T) {
	roads, used := map[string]*road{}, map[string]int{}
	for _, proof := range []string{spec.ProofCounts, spec.ProofSample, spec.ProofAll} {
		roads[proof] = movedRoad(t, proof, "metrics-*")
	}
	for _, name := range slices.Sorted(maps.Keys(proofCases)) {
		c := proofCases[name]
		used[c.proof]++
		r, ix := roads[c.proof], fmt.Sprintf("metrics-2026.%02d", used[c.proof])
		r.each(t, name, nil, func() {
			if c.then != nil {
				c.then(r, ix)
			}
			got := r.compared(ix)
			if c.words != "" {
				if len(got.Differences) == 0 || !strings.Contains(got.Differences[0].String(), c.words) {
					r.Errorf("differences %v", got.Differences)
				}
				return
			}
			if len(got.Differences) > 0 || got.MovedOn != c.moved || got.Gone != c.gone || got.UUID == "" {
				r.Errorf("%+v", got)
			}
			samples := int64(len(manifestBefore(r.runner.World()).Indices[ix].Samples))
			if wants := map[string]int64{spec.ProofSample: samples, spec.ProofAll: got.TargetDocs - min(c.moved, 1)}; !c.gone && got.Compared != wants[c.proof] {
				r.Errorf("%d of %d documents compared", got.Compared, got.TargetDocs)
			}
		})
	}
}

// compared is what the proof says of one index.
func (r *road) compared(index string) Comparison {
	r.Helper()
	s := r.step(StepVerify).(verifyStep)
	moves, _, err := s.moves(r.ctx, r.runner.World())
	r.must(err)
	target := r.cluster(steps.Target)
	live, err := describe(r.ctx, target, []string{index})
	r.must(err)
	now, err := s.sourceNow(r.ctx, moves, manifestBefore(r.runner.World()), live)
	r.must(err)
	for _, m := range moves {
		if m.Index == index {
			c, err := s.one(r.ctx, newReading(StepVerify, newWatch(r.runner.World(), func(steps.Event) {}, moves), false), m, manifestBefore(r.runner.World()).Indices[index], live.Indices[index], now, target)
			r.must(err)
			return c
		}
	}
	r.Fatalf("%s does not move", index)
	return Comparison{}
}

// TestProofIsMadeOfAll: one index that differs fails the step.
func TestProofIsMadeOfAll(t *testing.T) {
	r := movedRoad(t, spec.ProofSample, "metrics-2026.01", "metrics-2026.02")
	p, e, err := r.proves()
	r.must(err)
	if len(p.Indices) != 2 || p.SnapshotUUID == "" || p.Content != spec.ProofSample || !strings.Contains(e.Summary.String(), "2 indices equal") {
		t.Errorf("%+v %s", p, e.Summary)
	}
	putDoc(steps.Source, "new", `{}`)(r, "metrics-2026.01")
	if _, e, err = r.proves(); err != nil || !strings.Contains(fmt.Sprint(e.Lines), "moved on since the snapshot; its operations that are not on the target: 1") {
		t.Errorf("%v %v", e.Lines, err)
	}
	putDoc(steps.Target, "new", `{}`)(r, "metrics-2026.02")
	_, _, err = r.proves()
	r.says(err, "", "The index metrics-2026.02 is not equal to its source: shard")
}

// TestProofInParts: how many indices are asked about at once is nothing that a
// comparison tells of.
func TestProofInParts(t *testing.T) {
	for _, how := range []string{spec.ProofCounts, spec.ProofSample, spec.ProofAll} {
		t.Run(how, func(t *testing.T) {
			r := movedRoad(t, how, "metrics-2026.01", "metrics-2026.02", "metrics-2026.03")
			putDoc(steps.Source, "new", `{}`)(r, "metrics-2026.01")
			putDoc(steps.Target, "new", `{}`)(r, "metrics-2026.02")
			s := r.step(StepVerify).(verifyStep)
			moves, _, err := s.moves(r.ctx, r.runner.World())
			r.must(err)
			manifest, err := s.manifest(r.runner.World())
			r.must(err)
			in := func(atOnce int) (list []Comparison) {
				v := newWatch(r.runner.World(), func(steps.Event) {}, moves)
				r.must(s.each(r.ctx, newReading(StepVerify, v, false), manifest, r.cluster(steps.Target), atOnce, func(c Comparison) { list = append(list, c) }))
				return list
			}
			whole := in(atOnce)
			if len(whole) != 3 || whole[0].MovedOn != 1 || len(whole[1].Differences) == 0 || len(whole[2].Differences) > 0 {
				r.Errorf("%+v", whole)
			}
			for _, n := range []int{1, 2} {
				if d := cmp.Diff(whole, in(n), cmp.AllowUnexported(Comparison{}), cmp.Comparer(func(a, b steps.Text) bool { return a.String() == b.String() })); d != "" {
					r.Errorf("%d at once: %s", n, d)
				}
			}
		})
	}
}
