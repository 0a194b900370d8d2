package migrate

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// blind has a domain answer as to somebody whose role hides documents: none is found, and
// what counts documents by searching counts the few.
func (r *road) blind(side steps.Side) {
	host := r.cluster(side).Host()
	hits, counted := regexp.MustCompile(`(?s)"hits":\[.*\]`), regexp.MustCompile(`"documents":\{"value":\d+\}`)
	r.between = func(req *http.Request) *http.Response {
		if req.URL.Host != host || !strings.HasSuffix(req.URL.Path, "/_search") {
			return nil
		}
		answer, err := r.box.Transport().RoundTrip(req)
		r.must(err)
		defer func() { _ = answer.Body.Close() }()
		b, err := io.ReadAll(answer.Body)
		r.must(err)
		few := counted.ReplaceAllString(string(b), `"documents":{"value":1}`)
		if !strings.Contains(few, `"aggregations"`) {
			few = hits.ReplaceAllString(few, `"hits":[]`)
		}
		return reply(answer.StatusCode, few)
	}
}

// TestHiddenDocumentsAreNotEqual: what a role of the signer hides is proven of neither
// side, and nobody is told to delete an index for it.
func TestHiddenDocumentsAreNotEqual(t *testing.T) {
	for name, c := range map[string]struct {
		proof string
		side  steps.Side
	}{
		"all, target":    {spec.ProofAll, steps.Target},
		"all, source":    {spec.ProofAll, steps.Source},
		"sample, target": {spec.ProofSample, steps.Target},
	} {
		t.Run(name, func(t *testing.T) {
			r := movedRoad(t, c.proof, "metrics-2026.01")
			r.blind(c.side)
			_, _, err := r.proves()
			var e *steps.Error
			if !errors.As(err, &e) || !strings.Contains(e.Summary.String(), "the "+string(c.side)+" domain the signer sees 1") || !strings.Contains(e.Fix.String(), "move.proof: counts") {
				t.Error(err)
			}
		})
	}
	r := movedRoad(t, spec.ProofCounts, "metrics-2026.01")
	r.blind(steps.Target)
	if _, _, err := r.proves(); err != nil {
		t.Errorf("counts are nobody's to hide: %v", err)
	}
}

// TestHiddenWhenSampled: the manifest is not taken of what is not seen.
func TestHiddenWhenSampled(t *testing.T) {
	r := movedRoad(t, spec.ProofSample, "metrics-2026.01")
	moves, _, err := r.step(StepVerify).(verifyStep).moves(r.ctx, r.runner.World())
	r.must(err)
	take := func() error {
		_, err := takeManifest(r.ctx, r.cluster(steps.Source), newReading(StepSnapshot, newWatch(r.runner.World(), func(steps.Event) {}, moves), false), spec.ProofSample)
		return err
	}
	r.must(take())
	r.blind(steps.Source)
	if err := take(); err == nil || !strings.Contains(err.Error(), "on the source domain the signer sees 1") {
		t.Error(err)
	}
}

// TestWithoutContent: documents of which neither side keeps the content are compared by
// nothing but their ids, and it is said.
func TestWithoutContent(t *testing.T) {
	bare := func() documents { return walk(cluster.Document{ID: "1"}, cluster.Document{ID: "2", SeqNo: 1}) }
	c := Comparison{SourceDocs: 2, TargetDocs: 2}
	if _, err := compareAll(bare(), bare(), &c); err != nil || c.Compared != 0 || c.Sourceless != 2 || len(c.Differences) > 0 {
		t.Errorf("%+v %v", c, err)
	}
	e, err := Proof{Content: spec.ProofAll, Indices: []Comparison{c}}.evidence()
	if err != nil || !strings.Contains(e.Summary.String(), "0 compared by content") || len(e.Lines) != 1 || !strings.Contains(e.Lines[0].String(), "by id alone: 2") {
		t.Errorf("%v %v %v", e.Summary, e.Lines, err)
	}
	one, _ := compareAll(walk(cluster.Document{ID: "1"}), walk(cluster.Document{ID: "1", Source: []byte(`{}`)}), &c)
	if len(one) > 0 || len(c.Differences) != 1 {
		t.Errorf("content on one side only: %+v", c)
	}
}
