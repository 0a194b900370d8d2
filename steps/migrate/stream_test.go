package migrate

import (
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// traces is the data stream of the sandbox's own content.
const traces = "traces-checkout"

// streaming moves the data stream, and one index beside it.
func streaming(s *spec.Spec) { s.Move.Patterns = []string{"traces-*", "metrics-2026.01"} }

// streams are a side's data streams by name.
func (r *road) streams(side steps.Side) map[string]cluster.DataStream {
	r.Helper()
	list, err := r.cluster(side).DataStreams(r.ctx)
	r.must(err)
	by := map[string]cluster.DataStream{}
	for _, s := range list {
		by[s.Name] = s
	}
	return by
}

// TestStreamsMove: a data stream comes back as one, between domains of any kind of
// access; a second start changes nothing, and undoing takes it away again.
func TestStreamsMove(t *testing.T) {
	for name, o := range map[string]options{
		"policies alone": {spec: streaming},
		"fine-grained access control": {
			spec:   func(s *spec.Spec) { twoAccounts(s); streaming(s) },
			access: map[string]sandbox.AccessKind{"source": sandbox.AccessIAMMaster, "target": sandbox.AccessInternalMaster},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, o)
			if o.access != nil {
				stranger(r)
			}
			r.thereAndBack(func() {
				from, to := r.streams(steps.Source)[traces], r.streams(steps.Target)[traces]
				if len(from.Indices) != 3 || !slices.Equal(from.Indices, to.Indices) || from.Generation != to.Generation || to.Template != "traces" || to.Timestamp != from.Timestamp {
					t.Errorf("the stream was %+v and came back as %+v", from, to)
				}
				e := r.runner.State().Step(StepVerify).Evidence
				if said := e.Summary.String(); !strings.Contains(said, "4 indices equal") || !strings.Contains(e.Lines[0].String(), "and can go on: 1") {
					t.Errorf("the proof says %s, %v", said, e.Lines)
				}
			})
		})
	}
}

// TestStreamsBesideTheOriginals: on its own domain a stream comes back under its
// new name, once there is a template for that.
func TestStreamsBesideTheOriginals(t *testing.T) {
	r := newRoad(t, options{spec: func(s *spec.Spec) {
		streaming(s)
		renamed(s)
		s.Target, s.Shape, s.Move.Proof = s.Source, spec.ShapeSameDomain, spec.ProofAll
	}})
	_, err := r.runner.Plan(r.ctx)
	r.says(err, "move.indices", "The data stream new-traces-checkout cannot live on the target")
	if fix := own(err).Fix.String(); !strings.Contains(fix, "the lines that preflight prints") {
		t.Error(fix)
	}
	r.do(steps.Source, "PUT", "/_index_template/new", `{"index_patterns":["new-traces-*"],"data_stream":{}}`)
	r.start()
	r.must(r.run())
	if got := r.streams(steps.Source)["new-"+traces]; got.Generation != 3 || !slices.Equal(got.Indices, []string{".ds-new-traces-checkout-000001", ".ds-new-traces-checkout-000002", ".ds-new-traces-checkout-000003"}) {
		t.Errorf("came back as %+v", got)
	}
	r.start()
	r.undo()
	if left := r.streams(steps.Source); len(left) != 1 || left[traces].Generation != 3 {
		t.Errorf("undoing left %+v", left)
	}
}

// TestStreamsThatStopThePlan: nothing of a stream is left out without a word.
func TestStreamsThatStopThePlan(t *testing.T) {
	only := func(patterns ...string) func(*spec.Spec) { return func(s *spec.Spec) { s.Move.Patterns = patterns } }
	for name, c := range map[string]struct {
		spec         func(*spec.Spec)
		given        func(*road)
		field, words string
	}{
		"one of its indices":    {spec: only(".ds-traces-checkout-000002"), field: "move.indices", words: "The data stream traces-checkout cannot move: a data stream moves whole or not at all, and 2 of its 3"},
		"all but one":           {spec: only("*", "-.ds-traces-checkout-000001"), field: "move.indices", words: "1 of its 3 indices would stay; .ds-traces-checkout-000001: left by your patterns"},
		"one is closed":         {spec: streaming, given: func(r *road) { r.do(steps.Source, "POST", "/.ds-traces-checkout-000001/_close", "") }, field: "move.indices", words: "it is closed"},
		"no template":           {spec: streaming, given: func(r *road) { r.do(steps.Target, "DELETE", "/_index_template/traces", "") }, field: "move.indices", words: "cannot live on the target: no index template"},
		"numbers renamed":       {spec: func(s *spec.Spec) { streaming(s); s.Move.RenamePattern, s.Move.RenameReplacement = "^(.+)$", "$1-old" }, field: "move.rename_replacement", words: "would come back as .ds-traces-checkout-000001-old"},
		"the target has one":    {spec: streaming, given: func(r *road) { r.do(steps.Target, "PUT", "/_data_stream/traces-checkout", "") }, field: "move.indices", words: "the target has a data stream of that name"},
		"the target has a name": {spec: streaming, given: func(r *road) { r.do(steps.Target, "PUT", "/mine", `{"aliases":{"traces-checkout":{}}}`) }, field: "move.indices", words: "the target has an alias of that name"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{spec: c.spec})
			if c.given != nil {
				c.given(r)
			}
			_, err := r.runner.Plan(r.ctx)
			r.says(err, c.field, c.words)
		})
	}
}

// TestRolledOverMeanwhile: a live stream gets another index between approval and
// snapshot. It is taken along, but not without being shown.
func TestRolledOverMeanwhile(t *testing.T) {
	for name, meanwhile := range map[string]struct {
		then  func(*road)
		words string
		moves int
	}{
		"rolled over":     {func(r *road) { r.do(steps.Source, "POST", "/traces-checkout/_rollover", "") }, "has an index .ds-traces-checkout-000004 by now", 5},
		"oldest one gone": {func(r *road) { r.do(steps.Source, "DELETE", "/.ds-traces-checkout-000001", "") }, "has lost its index .ds-traces-checkout-000001", 3},
		"rolled over, late": {func(r *road) {
			r.do(steps.Source, "POST", "/traces-checkout/_rollover", "")
			r.snap("run-1", "traces-*", "metrics-2026.01")
		}, "holds .ds-traces-checkout-000004, too", 5},
		"rolled over and gone": {func(r *road) { lateAndGone(r) }, "holds .ds-traces-checkout-000004, too", 6},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{spec: streaming, at: StepSourceRepository})
			r.approved()
			meanwhile.then(r)
			changes := changesOf(r.runner.State().ApprovedPlan, StepSnapshot)
			r.facts.DropAll()
			err := r.step(StepSnapshot).(engine.Action).Apply(r.ctx, r.runner.World(), changes[0], func(steps.Event) {})
			field := "move.indices"
			if strings.HasPrefix(meanwhile.words, "holds") {
				field = "move.snapshot"
			}
			r.says(err, field, meanwhile.words)
			r.start()
			plan, err := r.runner.Plan(r.ctx)
			r.must(err)
			if len(plan.Moves) != meanwhile.moves || len(r.runner.Uncovered(plan)) == 0 {
				t.Errorf("plans %d moves, %d of its changes to be approved", len(plan.Moves), len(r.runner.Uncovered(plan)))
			}
			r.must(r.run())
			if to := r.streams(steps.Target)[traces]; len(to.Indices) != meanwhile.moves-1 {
				t.Errorf("came back as %+v", to)
			}
		})
	}
}

// lateAndGone: the snapshot holds an index that its stream had only for a while.
func lateAndGone(r *road) {
	r.do(steps.Source, "POST", "/traces-checkout/_rollover", "")
	r.do(steps.Source, "POST", "/traces-checkout/_rollover", "")
	r.snap("run-1", "traces-*", "metrics-2026.01")
	r.do(steps.Source, "DELETE", "/.ds-traces-checkout-000004", "")
}

func changesOf(p steps.Plan, id steps.StepID) []steps.Change {
	for _, sp := range p.Steps {
		if sp.ID == id {
			return sp.Changes
		}
	}
	return nil
}

// TestStreamNotAskedForInPart: what changed after approval stops the restore
// before it is asked for; the engine would leave out what it does not find.
func TestStreamNotAskedForInPart(t *testing.T) {
	for name, c := range map[string]struct {
		then         func(*road)
		field, words string
	}{
		"one of its indices gone": {
			func(r *road) { r.restoreNow(); r.do(steps.Target, "DELETE", "/.ds-traces-checkout-000001", "") }, "move.indices", "lacks .ds-traces-checkout-000001",
		},
		"another snapshot": {
			func(r *road) { r.rewrite("GET", snapshotPath, `".ds-traces-checkout-000002",`, "") }, "move.snapshot", "sees a snapshot s-1 without .ds-traces-checkout-000002",
		},
		"no stream in it": {
			func(r *road) {
				r.rewrite("GET", snapshotPath, `"data_streams":["traces-checkout"]`, `"data_streams":[]`)
			}, "move.snapshot", "without traces-checkout",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := taken(t, options{spec: streaming})
			changes, err := r.planned(StepRestore)
			r.must(err)
			c.then(r)
			r.facts.DropAll()
			r.made()
			err = r.step(StepRestore).(engine.Action).Apply(r.ctx, r.runner.World(), changes[0], func(steps.Event) {})
			r.says(err, c.field, c.words)
			if n := count(r.made(), "POST "+restorePath); n != 0 {
				t.Error("something was restored all the same")
			}
		})
	}
}

// TestUndoOfStreams: a stream goes as a whole, and only while it is what came back.
func TestUndoOfStreams(t *testing.T) {
	write := func(r *road) {
		r.do(steps.Target, "POST", "/traces-checkout/_doc?refresh=true", `{"@timestamp":"2026-11-22T00:00:00Z"}`)
	}
	for name, c := range map[string]struct {
		then func(*road)
		left int // of its indices
		kept string
	}{
		"untouched":       {},
		"written to":      {write, 3, "indices written to since they came back: 1, the first is .ds-traces-checkout-000003; data streams in use since they came back, which stay whole: 1, the first is traces-checkout"},
		"rolled over":     {func(r *road) { r.do(steps.Target, "POST", "/traces-checkout/_rollover", "") }, 4, "data streams in use since they came back, which stay whole: 1"},
		"oldest one gone": {func(r *road) { r.do(steps.Target, "DELETE", "/.ds-traces-checkout-000001", "") }, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{spec: streaming, at: StepVerify})
			if c.then != nil {
				c.then(r)
			}
			r.undo()
			if left := r.streams(steps.Target)[traces]; len(left.Indices) != c.left {
				t.Errorf("left is %+v", left)
			}
			kept := ""
			for _, ch := range r.runner.State().Changes {
				if ch.Step == StepRestore {
					kept = ch.Kept.String()
				}
			}
			if !strings.Contains(kept, c.kept) || (c.kept == "") != (kept == "") {
				t.Errorf("kept because %q", kept)
			}
			if stats, err := r.cluster(steps.Target).Stats(r.ctx, []string{"metrics-2026.01"}); err != nil || len(stats) > 0 {
				t.Errorf("the index beside it is left: %v %v", stats, err)
			}
		})
	}
}

// TestStreamsLiveOn: what became of a stream after it was proven is no difference.
func TestStreamsLiveOn(t *testing.T) {
	r := newRoad(t, options{spec: streaming, at: StepVerify})
	r.do(steps.Target, "POST", "/traces-checkout/_rollover", "")
	r.do(steps.Source, "POST", "/traces-checkout/_rollover", "")
	p, _, err := r.proves()
	if r.must(err); len(p.Streams) != 1 || len(p.Streams[0].Since) != 2 || p.Streams[0].Generation != 4 {
		t.Errorf("streams %+v", p.Streams)
	}
}

func TestCompareStream(t *testing.T) {
	var s facts.Stream
	for _, n := range []string{"1", "2"} {
		s.Moves = append(s.Moves, steps.Move{Index: ".ds-web-00000" + n, As: ".ds-old-web-00000" + n})
	}
	s.Name, s.As = "web", "old-web"
	source := StreamManifest{Indices: sourceNames(s.Moves), Generation: 2, Timestamp: "@timestamp", Template: "web"}
	later := source
	later.Indices, later.Generation = append(slices.Clone(source.Indices), ".ds-web-000003"), 3
	live := func(change func(*StreamManifest)) map[string]StreamManifest {
		m := StreamManifest{Indices: targetNames(s.Moves), Generation: 2, Timestamp: "@timestamp", Template: "old"}
		if change != nil {
			change(&m)
		}
		return map[string]StreamManifest{"old-web": m}
	}
	for name, c := range map[string]struct {
		source StreamManifest
		target map[string]StreamManifest
		want   string
	}{
		"as it was":            {source, live(nil), ""},
		"source rolled over":   {later, live(nil), ""},
		"source gone":          {StreamManifest{}, live(nil), ""},
		"not there":            {source, nil, "there is no such data stream"},
		"lacks one":            {source, live(func(m *StreamManifest) { m.Indices = m.Indices[:1] }), "the index .ds-old-web-000002 is not part of it"},
		"has one more":         {source, live(func(m *StreamManifest) { m.Indices = append(m.Indices, "x"); m.Generation = 3 }), "it has an index of its own, x; its generation is 2 on the source and 3 on the target"},
		"another generation":   {source, live(func(m *StreamManifest) { m.Generation = 1 }), "its generation is 2 on the source and 1 on the target"},
		"another timestamp":    {source, live(func(m *StreamManifest) { m.Timestamp = "at" }), "its timestamp field is @timestamp on the source and at on the target"},
		"nothing makes a next": {source, live(func(m *StreamManifest) { m.Template = "" }), "no index template makes its next index"},
	} {
		var got []string
		for _, d := range compareStream(s, c.source, c.target).Differences {
			got = append(got, d.String())
		}
		if all := strings.Join(got, "; "); all != c.want {
			t.Errorf("%s: %s, want %s", name, all, c.want)
		}
	}
}
