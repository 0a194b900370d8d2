package migrate

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

// TestProofsTellAndStop: who compares tells how far it is, and heeds a stop
// between two pages of one index; so does who takes the samples.
func TestProofsTellAndStop(t *testing.T) {
	for name, c := range map[string]struct {
		proof string
		at    steps.StepID
		what  func(*road, engine.Emit) error
	}{
		"proof by all":     {spec.ProofAll, StepSettle, (*road).verifying},
		"proof by samples": {spec.ProofSample, StepSettle, (*road).verifying},
		"manifest": {spec.ProofSample, StepSourceRepository, func(r *road, emit engine.Emit) error {
			moves, err := r.facts.Selection(r.ctx)
			r.must(err)
			_, err = takeManifest(r.ctx, r.cluster(steps.Source), newReading(StepSnapshot, newWatch(r.runner.World(), emit, moves.Moves), false), spec.ProofSample)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{spec: func(s *spec.Spec) { s.Move.Proof = c.proof }, at: c.at})
			var seen []steps.Progress
			emit := func(e steps.Event) {
				if p, ok := e.(steps.Progress); ok {
					seen = append(seen, p)
				}
				r.clock.pass(shownEvery)
			}
			r.must(c.what(r, emit))
			last := seen[len(seen)-1]
			if len(seen) < 11 || last.DoneShards != 22 || last.TotalShards != 22 || last.DoneBytes != last.TotalBytes || (last.TotalBytes > 0) != (c.proof == spec.ProofAll) {
				t.Errorf("%d times told, at last %+v", len(seen), last)
			}
			for i := 1; i < len(seen); i++ {
				if seen[i].DoneShards < seen[i-1].DoneShards || seen[i].DoneBytes < seen[i-1].DoneBytes {
					t.Errorf("goes back from %+v to %+v", seen[i-1], seen[i])
				}
			}
			// A stop at the first page of documents: none of the next is asked for.
			searches := 0
			r.between = func(req *http.Request) *http.Response {
				if strings.HasSuffix(req.URL.Path, "/_search") || strings.HasSuffix(req.URL.Path, "/_mget") {
					searches++
					if searches == 1 {
						r.control.Interrupt()
					}
				}
				return nil
			}
			if err := c.what(r, emit); !errors.Is(err, engine.ErrStopped) || searches > 20 {
				t.Errorf("%v after %d pages", err, searches)
			}
		})
	}
}

func (r *road) verifying(emit engine.Emit) error {
	_, err := r.step(StepVerify).(engine.Action).Verify(r.ctx, r.runner.World(), steps.Change{}, emit)
	return err
}

// TestPagesWithinAnIndex: one large index is stopped in its middle, not at its end.
func TestPagesWithinAnIndex(t *testing.T) {
	var list documents = func(yield func(cluster.Document, error) bool) {
		for i := range int64(10 * pageDocs) {
			if !yield(cluster.Document{SeqNo: i}, nil) {
				return
			}
		}
	}
	var at []int64
	n := 0
	var end error
	for _, err := range paged(list, func(docs int64) error {
		if at = append(at, docs); len(at) == 4 {
			return engine.ErrStopped
		}
		return nil
	}) {
		if err != nil {
			end = err
			continue
		}
		n++
	}
	if n != 3*pageDocs || !errors.Is(end, engine.ErrStopped) || at[3] != 3*pageDocs {
		t.Errorf("%d documents, %v at %v", n, end, at)
	}
}
