package migrate

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

// troubles are answers to a page that say nothing of the page.
var troubles = map[string]func() *http.Response{
	"too many requests": func() *http.Response { return reply(429, `{"message":"Too Many Requests"}`) },
	"a circuit breaker": func() *http.Response {
		return reply(429, `{"error":{"root_cause":[],"type":"circuit_breaking_exception","reason":"[parent] Data too large"},"status":429}`)
	},
	"a search rejected by one shard": func() *http.Response {
		return reply(200, `{"_shards":{"total":1,"successful":0,"failed":1,"failures":[{"reason":{"type":"es_rejected_execution_exception","reason":"rejected execution"}}]},"hits":{"hits":[]},"docs":[{"error":{"type":"es_rejected_execution_exception","reason":"rejected execution"}}]}`)
	},
	"a connection that breaks off": func() *http.Response {
		answer := reply(200, "")
		answer.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"hits":{"hi`), brokenOff{}))
		return answer
	},
}

type brokenOff struct{}

func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// page says that a call reads documents.
func page(req *http.Request) bool {
	return strings.HasSuffix(req.URL.Path, "/_mget") || strings.HasSuffix(req.URL.Path, "/_search") && req.URL.Query().Get("preference") != ""
}

// spoilt answers the calls from the nth that matches, so many, with trouble.
func (r *road) spoilt(matches func(*http.Request) bool, nth, many int, answer func() *http.Response) {
	n := 0
	r.between = func(req *http.Request) *http.Response {
		if !matches(req) {
			return nil
		}
		if n++; n >= nth && n < nth+many {
			return answer()
		}
		return nil
	}
}

// TestTroubleCostsOnePage: a page or a batch that is refused for being too much, or
// whose connection breaks off, is asked for again alone, and what is waited for is told.
func TestTroubleCostsOnePage(t *testing.T) {
	for _, proof := range []string{spec.ProofAll, spec.ProofSample} {
		r := newRoad(t, options{spec: func(s *spec.Spec) { s.Move.Proof = proof }, at: StepSettle})
		want, _, err := r.proves()
		r.must(err)
		for name, answer := range troubles {
			r.each(t, proof+": "+name, nil, func() {
				_, _, _ = r.proves()
				r.made() // what is remembered is not read again
				_, _, _ = r.proves()
				calls, from := len(r.made()), len(r.tape.records)
				r.spoilt(page, 3, 1, answer)
				got, _, err := r.proves()
				r.must(err)
				if n := len(r.made()); n != calls+1 {
					t.Errorf("%d calls, %d without trouble", n, calls)
				}
				if len(got.Indices) != len(want.Indices) || got.Indices[0].Compared != want.Indices[0].Compared {
					t.Errorf("compared %+v, wants %+v", got.Indices[0], want.Indices[0])
				}
				if told := waited(r.tape.records[from:]); len(told) != 2 || !strings.Contains(told[0], "trouble to pass by itself") || told[1] != "" {
					t.Errorf("told %q", told)
				}
			})
		}
	}
}

// waited are the reasons to wait in records, "" for the end of one.
func waited(records []steps.Record) (list []string) {
	for _, rec := range records {
		if w, ok := rec.Event.(steps.Waiting); ok {
			list = append(list, w.Reason.String())
		}
	}
	return list
}

// TestTroubleCostsOneBatch: what many indices are asked about together is asked again
// alone, too; so are the pages of the samples that the source gives for its manifest.
func TestTroubleCostsOneBatch(t *testing.T) {
	proving := func(r *road) error { _, _, err := r.proves(); return err }
	sampling := func(r *road) error {
		moves, err := r.facts.Selection(r.ctx)
		r.must(err)
		_, err = takeManifest(r.ctx, r.cluster(steps.Source), newReading(StepSnapshot, newWatch(r.runner.World(), func(steps.Event) {}, moves.Moves), false), spec.ProofSample)
		return err
	}
	ends := func(suffix string) func(*http.Request) bool {
		return func(req *http.Request) bool { return strings.HasSuffix(req.URL.Path, suffix) }
	}
	r := movedRoad(t, spec.ProofSample, "metrics-*")
	for name, c := range map[string]struct {
		look    func(*road) error
		matches func(*http.Request) bool
		again   int // calls at most that are made once more
	}{
		"proof, mappings":      {proving, ends("/_mapping"), 8},
		"proof, the source":    {proving, ends("/_stats/docs,store"), 8},
		"manifest, settings":   {sampling, ends("/_settings"), 8},
		"manifest, refreshing": {sampling, ends("/_refresh"), 2},
		"manifest, a page":     {sampling, page, 1},
	} {
		r.each(t, name, nil, func() {
			r.must(c.look(r))
			r.made() // what is remembered is not read again
			r.must(c.look(r))
			calls := len(r.made())
			r.spoilt(c.matches, 1, 1, troubles["too many requests"])
			r.must(c.look(r))
			if n := len(r.made()) - calls; n < 1 || n > c.again {
				t.Errorf("%d calls more than without trouble", n)
			}
		})
	}
}

// TestAPageRefusedForGood fails the step with what was said of it, at once; one that is
// busy without end does as well, and the whole is not begun anew.
func TestAPageRefusedForGood(t *testing.T) {
	denied := func() *http.Response {
		return reply(403, `{"error":{"root_cause":[],"type":"security_exception","reason":"no permissions for [indices:data/read/search]"},"status":403}`)
	}
	for name, c := range map[string]struct {
		answer func() *http.Response
		kind   failure.Kind
		pages  int
	}{
		"refused": {denied, failure.Denied, 3},
		"busy":    {troubles["a circuit breaker"], failure.Throttled, 4}, // the road bears trouble for a second
	} {
		t.Run(name, func(t *testing.T) {
			r := movedRoad(t, spec.ProofAll, "metrics-*")
			pages := 0
			r.spoilt(func(req *http.Request) bool {
				if page(req) {
					pages++
				}
				return page(req)
			}, 3, 1000, c.answer)
			err := r.run()
			var failed *engine.StepError
			if !errors.As(err, &failed) || failed.Step != StepVerify || !failure.Is(err, c.kind) || pages != c.pages {
				t.Errorf("%v after %d pages", err, pages)
			}
		})
	}
}

// TestAManifestIsReadAgainWithWhatWasBefore: a reading that failed does not forget how
// the source was before its snapshot began.
func TestAManifestIsReadAgainWithWhatWasBefore(t *testing.T) {
	r := newRoad(t, options{at: StepSourceRepository})
	refusing, on := false, refuseCalls("GET", "/_alias", 401, `{"message":"The security token included in the request is expired"}`)
	r.between = func(req *http.Request) *http.Response {
		if refusing = refusing || strings.HasSuffix(req.URL.Path, "/_refresh"); !refusing {
			return nil
		}
		return on(req)
	}
	list := Catalogue(r.spec, r.facts)
	var snap engine.Action
	for _, s := range list {
		if s.Info().ID == StepSnapshot {
			snap = s.(engine.Action)
		}
	}
	changes, err := snap.Plan(r.ctx, r.runner.World())
	r.must(err)
	silent := func(steps.Event) {}
	r.must(snap.Apply(r.ctx, r.runner.World(), changes[0], silent))
	refusing = true
	if _, err := snap.Verify(r.ctx, r.runner.World(), changes[0], silent); err == nil {
		t.Fatal("a manifest without aliases")
	}
	r.between = nil
	e, err := snap.Verify(context.Background(), r.runner.World(), changes[0], silent)
	r.must(err)
	indices := written[Manifest](e).Indices
	if len(indices) == 0 {
		t.Fatal("a manifest of nothing")
	}
	for name, i := range indices {
		if i.Once {
			t.Errorf("%s counts as not read before the snapshot", name)
		}
	}
}
