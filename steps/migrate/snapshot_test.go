package migrate

import (
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
)

const snapshotPath = "/_snapshot/snapferry/s-1"

// snap takes a snapshot by hand, of the indices that move unless others are named.
func (r *road) snap(run string, indices ...string) {
	r.Helper()
	if len(indices) == 0 {
		moves, err := r.facts.Selection(r.ctx)
		r.must(err)
		indices = sourceNames(moves.Moves)
	}
	var metadata map[string]string
	if run != "" {
		metadata = map[string]string{metadataRun: run}
	}
	r.must(r.cluster(steps.Source).CreateSnapshot(r.ctx, "snapferry", "s-1", cluster.SnapshotSpec{Indices: indices, Metadata: metadata}))
}

// TestSnapshotOfThatName: what is planned with a snapshot that is there, or not.
func TestSnapshotOfThatName(t *testing.T) {
	old := []string{`"version":"2.19.4"`, `"version":"7.1.0"`, `"version_id":136408227`, `"version_id":7010099`, `"metadata":{"snapferry_run":"run-1"},`, ""}
	paced := map[sandbox.Pace]*road{"": ready(t, options{}), sandbox.PaceRealistic: ready(t, options{pace: sandbox.PaceRealistic})}
	for name, c := range map[string]struct {
		pace  sandbox.Pace
		alone bool // on a road of its own
		given func(*road)
		verb  steps.Verb
		mark  string
		words string // of the refusal
	}{
		"none":                        {verb: steps.Act, mark: "run-1"},
		"of this run":                 {given: func(r *road) { r.snap("run-1") }, verb: steps.Exists, mark: "run-1"},
		"of this run, still running":  {pace: sandbox.PaceRealistic, given: func(r *road) { r.snap("run-1") }, verb: steps.Act, mark: "run-1"},
		"of another run":              {given: func(r *road) { r.snap("run-0") }, verb: steps.Exists, mark: "run-0"},
		"of another run, running":     {pace: sandbox.PaceRealistic, given: func(r *road) { r.snap("run-0") }, verb: steps.Act, mark: "run-0"},
		"with more indices":           {given: func(r *road) { r.snap("run-0", "metrics-*", "orders-2024") }, verb: steps.Exists, mark: "run-0"},
		"of somebody else":            {given: func(r *road) { r.snap("") }, words: "was not taken by snapferry"},
		"of somebody else, running":   {pace: sandbox.PaceRealistic, given: func(r *road) { r.snap("") }, words: "was not taken by snapferry"},
		"of fewer indices":            {given: func(r *road) { r.snap("run-1", "metrics-2026.01") }, words: "lacks 10 of the indices, the first is metrics-2026.02"},
		"of fewer indices, running":   {pace: sandbox.PaceRealistic, given: func(r *road) { r.snap("run-1", "metrics-2026.01") }, words: "lacks 10 of the indices"},
		"partial":                     {given: func(r *road) { r.snap("run-1"); r.rewrite("GET", snapshotPath, `"SUCCESS"`, `"PARTIAL"`) }, words: "ended as PARTIAL"},
		"failed":                      {given: func(r *road) { r.snap("run-1"); r.rewrite("GET", snapshotPath, `"SUCCESS"`, `"FAILED"`) }, words: "ended as FAILED"},
		"success with failed shards":  {given: func(r *road) { r.snap("run-1"); r.rewrite("GET", snapshotPath, `"failed":0`, `"failed":2`) }, words: "2 of 22 shards failed"},
		"old engine, never seen":      {given: func(r *road) { r.snap("run-1"); r.rewrite("GET", snapshotPath, old...) }, words: "was not taken by snapferry"},
		"old engine, seen by this":    {alone: true, given: func(r *road) { r.upTo(StepSnapshot); r.rewrite("GET", snapshotPath, old...) }, verb: steps.Exists, mark: "run-1"},
		"old engine, approved before": {alone: true, given: func(r *road) { r.approved(); r.snap("run-1"); r.rewrite("GET", snapshotPath, old...) }, verb: steps.Exists, mark: "run-1"},
	} {
		r := paced[c.pace]
		if c.alone {
			r = ready(t, options{})
		}
		r.each(t, name, r.unsnap, func() {
			if c.given != nil {
				c.given(r)
			}
			changes, err := r.planned(StepSnapshot)
			if c.words != "" {
				r.says(err, "move.snapshot", c.words)
				return
			}
			r.must(err)
			got := changes[0]
			if got.Verb != c.verb || r.step(StepSnapshot).(snapshotStep).Mark(got) != c.mark {
				r.Errorf("%s %s", got.Verb, got.After)
			}
		})
	}
}

// unsnap deletes what a case took.
func (r *road) unsnap() {
	r.Helper()
	r.must(r.cluster(steps.Source).DeleteSnapshot(r.ctx, "snapferry", "s-1"))
}

// approved has the whole road approved, of which nothing more is done.
func (r *road) approved() {
	r.Helper()
	plan, err := r.runner.Plan(r.ctx)
	r.must(err)
	r.must(r.runner.Approve(plan, "test"))
}

// TestUndoOfSnapshots: only the run that took it deletes it.
func TestUndoOfSnapshots(t *testing.T) {
	r := ready(t, options{})
	for name, c := range map[string]struct {
		run  string
		then func(*road)
		kept string // "" is deleted
		data bool
	}{
		"of this run":          {run: "run-1", data: true},
		"of another run":       {run: "run-0", kept: "the mark of another run"},
		"gone already":         {run: "run-1", then: func(r *road) { r.must(r.cluster(steps.Source).DeleteSnapshot(r.ctx, "snapferry", "s-1")) }},
		"repository gone":      {run: "run-1", then: func(r *road) { r.must(r.cluster(steps.Source).DeleteRepository(r.ctx, "snapferry")) }, kept: "is not registered any more"},
		"taken anew by others": {run: "run-1", then: func(r *road) { r.must(r.cluster(steps.Source).DeleteSnapshot(r.ctx, "snapferry", "s-1")); r.snap("") }, kept: "the mark of another run"},
		"old engine, another one": {run: "run-1", then: func(r *road) {
			r.rewrite("GET", snapshotPath, `"version_id":136408227`, `"version_id":7010099`, `"2.19.4"`, `"7.1.0"`, `"metadata"`, `"m"`)
		}, kept: "the mark of another run"},
	} {
		tidy := func() {
			r.registered(steps.Source, nil)
			r.unsnap()
		}
		r.each(t, name, tidy, func() {
			r.snap(c.run)
			changes, err := r.planned(StepSnapshot)
			r.must(err)
			if c.then != nil {
				c.then(r)
			}
			s := r.step(StepSnapshot).(snapshotStep)
			what, typed, err := s.Data(r.ctx, r.runner.World(), changes[0])
			if r.must(err); what.IsZero() == c.data || (typed == "s-1") != c.data {
				r.Errorf("loses %q, to be confirmed by %q", what, typed)
			}
			kept, err := s.Takeback(r.ctx, r.runner.World(), changes[0], nil)
			if r.must(err); !strings.Contains(kept.String(), c.kept) || (c.kept == "") != kept.IsZero() {
				r.Errorf("kept because %q", kept)
			}
			r.between = nil
			live, err := r.cluster(steps.Source).Snapshot(r.ctx, "snapferry", "s-1")
			if there := err == nil && live != nil; there != strings.Contains(c.kept, "another run") {
				r.Errorf("there afterwards: %v", there)
			}
		})
	}
}
