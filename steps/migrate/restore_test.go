package migrate

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/diagnose"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

const restorePath = snapshotPath + "/_restore"

// taken is a road on which the restore is next.
func taken(t *testing.T, o options) *road {
	t.Helper()
	o.at = StepTargetRepository
	return newRoad(t, o)
}

// restoreNow starts a restore by hand, of what moves.
func (r *road) restoreNow() {
	r.Helper()
	changes, err := r.planned(StepRestore)
	r.must(err)
	moves, _, err := r.step(StepRestore).(restoreStep).moves(r.ctx, r.runner.World())
	r.must(err)
	s := r.step(StepRestore).(restoreStep)
	there, err := s.there(r.ctx, r.runner.World(), moves)
	r.must(err)
	r.must(s.start(r.ctx, r.runner.World(), r.cluster(steps.Target), changes[0], moves, there))
	r.facts.DropAll()
}

func overwrites(names ...string) func(*spec.Spec) {
	return func(s *spec.Spec) {
		for _, n := range names {
			s.Move.Overwrite = append(s.Move.Overwrite, awsid.IndexName(n))
		}
	}
}

func TestRestorePlans(t *testing.T) {
	const standby = "metrics-2026.01"
	paced := map[sandbox.Pace]*road{"": taken(t, options{}), sandbox.PaceRealistic: taken(t, options{pace: sandbox.PaceRealistic})}
	for name, c := range map[string]struct {
		o            options
		given        func(*road)
		verb         steps.Verb
		holds        []string
		lacks        string
		field, words string
	}{
		"nothing there": {verb: steps.Act, holds: []string{`"index.number_of_replicas":"0"`, `"include_aliases":true`, `"include_global_state":false`, "routing.allocation.require"}, lacks: "replaces"},
		"renamed":       {o: options{spec: renamed}, verb: steps.Act, holds: []string{`"rename_pattern":"^(.+)$"`, `"rename_replacement":"new-$1"`}},
		"all there":     {given: func(r *road) { r.restoreNow() }, verb: steps.Exists},
		"on its way":    {o: options{pace: sandbox.PaceRealistic}, given: func(r *road) { r.restoreNow() }, verb: steps.Act},
		"one missing":   {given: func(r *road) { r.restoreNow(); r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, standby)) }, verb: steps.Act},
		"one of others": {
			given: func(r *road) { r.do(steps.Target, "PUT", "/"+standby, "{}") }, field: "move.overwrite", words: "cannot be used for metrics-2026.01: the target has an index of that name",
		},
		"one of others, confirmed": {
			o: options{spec: overwrites(standby)}, given: func(r *road) { r.do(steps.Target, "PUT", "/"+standby, "{}") }, verb: steps.Act, holds: []string{`"replaces":[{"name":"metrics-2026.01","uuid":"`},
		},
		"multi-AZ with standby": {given: func(r *road) {
			r.rewrite("GET", "/domain/logs-next", `"MultiAZWithStandbyEnabled":false`, `"MultiAZWithStandbyEnabled":true`)
		}, verb: steps.Act, holds: []string{`"index.number_of_replicas":"2"`}},
	} {
		r := paced[c.o.pace]
		r.each(t, name, r.unrestore, func() {
			if c.o.spec != nil {
				c.o.spec(r.spec)
			}
			if c.given != nil {
				c.given(r)
			}
			changes, err := r.planned(StepRestore)
			if c.words != "" {
				r.says(err, c.field, c.words)
				return
			}
			r.must(err)
			r.wants(changes, string(c.verb)+" indices", c.holds...)
			if c.lacks != "" && strings.Contains(string(changes[0].After), c.lacks) {
				r.Errorf("%s in %s", c.lacks, changes[0].After)
			}
		})
	}
}

// unrestore deletes from the target what a case left there.
func (r *road) unrestore() {
	r.Helper()
	list, err := r.cluster(steps.Target).Indices(r.ctx)
	r.must(err)
	for _, i := range list {
		if strings.Contains(i.Name, "metrics-") {
			r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, i.Name))
		}
	}
}

func renamed(s *spec.Spec) { s.Move.RenamePattern, s.Move.RenameReplacement = "^(.+)$", "new-$1" }

// TestBesideTheOriginals: on the same domain the copies leave aliases alone.
func TestBesideTheOriginals(t *testing.T) {
	r := newRoad(t, options{spec: func(s *spec.Spec) {
		renamed(s)
		s.Target, s.Shape, s.Move.Patterns = s.Source, spec.ShapeSameDomain, []string{"logs-00004*"}
	}})
	r.must(r.run())
	aliases, err := r.cluster(steps.Source).Aliases(r.ctx, []string{"new-logs-000041", "logs-000041"})
	r.must(err)
	if len(aliases["new-logs-000041"]) != 0 || len(aliases["logs-000041"]) == 0 {
		t.Errorf("aliases %v", aliases)
	}
	plan := r.runner.State().ApprovedPlan
	if !slices.ContainsFunc(plan.Stays, func(s steps.Stay) bool { return s.What == "alias" }) {
		t.Errorf("the plan does not say that aliases stay: %+v", plan.Stays)
	}
	c, _ := plan.Change(string(StepRestore) + "/" + steps.Ref{Kind: steps.KindIndices, Side: steps.Source, Name: "s-1", In: "snapferry"}.String())
	if !strings.Contains(string(c.After), `"include_aliases":false`) || strings.Contains(string(c.After), "routing.allocation") {
		t.Errorf("restores %s", c.After)
	}
}

// TestRestoreBringsOnlyWhatIsMissing: nothing that is there is touched, and what
// is on its way is not asked for again.
func TestRestoreBringsOnlyWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		o     options
		given func(*road)
		asked int
		names int // of indices in the request
	}{
		"all":         {asked: 1, names: 11},
		"one":         {given: func(r *road) { r.restoreNow(); r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, "metrics-2026.05")) }, asked: 1, names: 1},
		"replaced":    {o: options{spec: overwrites("metrics-2026.05")}, given: func(r *road) { r.do(steps.Target, "PUT", "/metrics-2026.05", "{}") }, asked: 1, names: 11},
		"on its way":  {o: options{pace: sandbox.PaceRealistic}, given: func(r *road) { r.restoreNow() }},
		"in a moment": {given: func(r *road) { r.between = answerAfter(r, "POST", restorePath, http.StatusGatewayTimeout, "") }, asked: 1, names: 11},
	} {
		t.Run(name, func(t *testing.T) {
			r := taken(t, c.o)
			if c.given != nil {
				c.given(r)
			}
			r.made()
			asked := ""
			before := r.between
			r.between = func(req *http.Request) *http.Response {
				if req.URL.Path == restorePath {
					asked = body(req)
				}
				if before != nil {
					return before(req)
				}
				return nil
			}
			_, e, err := r.act(StepRestore)
			r.must(err)
			if n := count(r.made(), "POST "+restorePath); n != c.asked || strings.Count(asked, `"metrics-`) != c.names {
				t.Errorf("asked %d times: %s", n, asked)
			}
			if !strings.Contains(e.Summary.String(), "11 indices, 22 primaries started") {
				t.Errorf("%s", e.Summary)
			}
			if n, err := r.cluster(steps.Target).Count(r.ctx, "metrics-2026.05"); err != nil || n == 0 {
				t.Errorf("%d documents, %v", n, err)
			}
		})
	}
}

// answerAfter lets the sandbox do the work and answers something else.
func answerAfter(r *road, method, path string, status int, text string) func(*http.Request) *http.Response {
	return func(req *http.Request) *http.Response {
		if req.Method != method || req.URL.Path != path {
			return nil
		}
		_, err := r.box.Transport().RoundTrip(req)
		r.must(err)
		return reply(status, text)
	}
}

// TestIndexThatCameAfterApproval is not touched, whatever was planned.
func TestIndexThatCameAfterApproval(t *testing.T) {
	r := taken(t, options{})
	changes, err := r.planned(StepRestore)
	r.must(err)
	r.do(steps.Target, "PUT", "/metrics-2026.05/_doc/1?refresh=true", `{"theirs":true}`)
	r.facts.DropAll()
	err = r.step(StepRestore).(engine.Action).Apply(r.ctx, r.runner.World(), changes[0], func(steps.Event) {})
	r.says(err, "move.overwrite", "has got an index metrics-2026.05 since the plan was approved")
	if n, err := r.cluster(steps.Target).Count(r.ctx, "metrics-2026.05"); err != nil || n != 1 {
		t.Errorf("%d documents of theirs, %v", n, err)
	}
	if n := count(r.made(), "POST "+restorePath); n != 0 {
		t.Error("something was restored all the same")
	}
}

// TestNothingIsDeletedForARestoreThatCannotBegin: what was confirmed by name stays
// until the target sees a whole snapshot of all that is to come in its place.
func TestNothingIsDeletedForARestoreThatCannotBegin(t *testing.T) {
	const ix = "metrics-2026.05"
	r := taken(t, options{spec: overwrites(ix)})
	rewritten := func(from, to string) func() {
		return func() { r.rewrite("GET", snapshotPath, from, to) }
	}
	for name, c := range map[string]struct {
		given func()
		words string
	}{
		"no such snapshot": {func() {
			r.between = refuseCalls("GET", snapshotPath, 404, `{"error":{"type":"snapshot_missing_exception","reason":"[snapferry:s-1] is missing"},"status":404}`)
		}, "sees no snapshot s-1"},
		"an index lacks": {rewritten(`"`+ix+`"`, `"another"`), "sees a snapshot s-1 without " + ix},
		"not whole":      {rewritten(`"SUCCESS"`, `"PARTIAL"`), "ended as PARTIAL"},
	} {
		r.each(t, name, r.unrestore, func() {
			r.do(steps.Target, "PUT", "/"+ix+"/_doc/1?refresh=true", `{"theirs":true}`)
			changes, err := r.planned(StepRestore)
			r.must(err)
			c.given()
			r.facts.DropAll()
			err = r.step(StepRestore).(engine.Action).Apply(r.ctx, r.runner.World(), changes[0], func(steps.Event) {})
			r.says(err, "move.snapshot", c.words)
			r.between = nil
			if n, err := r.cluster(steps.Target).Count(r.ctx, ix); err != nil || n != 1 {
				r.Errorf("%d documents of theirs are left, %v", n, err)
			}
		})
	}
}

// TestFilesLostInTheBucket: the engine accepts the restore and leaves a red index;
// its reason stands in allocation explain only. Mended, the same run goes on.
func TestFilesLostInTheBucket(t *testing.T) {
	r := taken(t, options{spec: func(s *spec.Spec) { s.Move.Patterns = []string{"metrics-2026.01"} }})
	acc, lost := r.account(steps.Source), map[string][]byte{}
	file := func(key string) string {
		return filepath.Join(r.box.StoreRoot(), string(r.spec.Bucket.Name), filepath.FromSlash(key))
	}
	for o, err := range acc.Objects(r.ctx, r.spec.Bucket.Name, "") {
		r.must(err)
		if strings.Contains(o.Key, "/__") {
			b, err := os.ReadFile(file(o.Key))
			r.must(err)
			lost[o.Key] = b
		}
	}
	r.must(acc.DeleteObjects(r.ctx, r.spec.Bucket.Name, slices.Sorted(maps.Keys(lost))))
	for range 2 { // the second time it is found as it was left
		_, _, err := r.act(StepRestore)
		r.says(err, "", "metrics-2026.01 came back without shard 0: no_such_file_exception: ")
		if d := diagnose.Error(err); d.Layer != "s3" || len(d.Causes) < 2 || d.Causes[1].ID != "files-lost" {
			t.Errorf("diagnosis %+v", d)
		}
	}
	if n := count(r.made(), "POST "+restorePath); n != 1 {
		t.Errorf("restored %d times", n)
	}
	for key, b := range lost {
		r.must(os.WriteFile(file(key), b, 0o600))
	}
	r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, "metrics-2026.01"))
	_, e, err := r.act(StepRestore)
	if r.must(err); !strings.Contains(e.Summary.String(), "1 index, 2 primaries started") {
		t.Errorf("%s", e.Summary)
	}
}
