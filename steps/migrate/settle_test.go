package migrate

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
	"snapferry/steps/spec"
)

func replicas(n int) func(*spec.Spec) {
	return func(s *spec.Spec) { single(s); s.Move.Replicas = &n }
}

// settling is a road on which the restored index has to settle.
func settling(t *testing.T, o options) *road {
	t.Helper()
	if o.spec == nil {
		o.spec = single
	}
	o.at = StepRestore
	return newRoad(t, o)
}

func TestSettlePlans(t *testing.T) {
	standby := func(r *road) {
		r.rewrite("GET", "/domain/logs-next", `"MultiAZWithStandbyEnabled":false`, `"MultiAZWithStandbyEnabled":true`)
	}
	r := settling(t, options{})
	for name, c := range map[string]struct {
		spec  func(*spec.Spec)
		given func(*road)
		verb  steps.Verb
		after string
		words string // of the refusal
	}{
		"as on the source":         {verb: steps.Act, after: `{"metrics-2026.01":1}`},
		"as answered":              {spec: replicas(2), verb: steps.Act, after: `{"metrics-2026.01":2}`},
		"none":                     {spec: replicas(0), verb: steps.Exists, after: `{"metrics-2026.01":0}`},
		"more than nodes":          {spec: replicas(3), words: "3 replicas need 4 data nodes, as no two copies share one; there are 3"},
		"standby rounds up":        {given: standby, verb: steps.Act, after: `{"metrics-2026.01":2}`},
		"standby, answered wrong":  {spec: replicas(1), given: standby, words: "1 replicas make 2 copies"},
		"done by hand":             {given: func(r *road) { r.put(`{"index":{"number_of_replicas":1}}`) }, verb: steps.Exists, after: `{"metrics-2026.01":1}`},
		"expands by itself":        {given: func(r *road) { r.put(`{"index":{"auto_expand_replicas":"0-all"}}`) }, verb: steps.Exists, after: `{"metrics-2026.01":1}`},
		"does not expand any more": {given: func(r *road) { r.put(`{"index":{"auto_expand_replicas":"false"}}`) }, verb: steps.Act, after: `{"metrics-2026.01":1}`},
		"not there":                {given: func(r *road) { r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, one)) }, verb: steps.Act, after: `{"metrics-2026.01":1}`},
		"yellow": {given: func(r *road) {
			r.put(`{"index":{"number_of_replicas":1}}`)
			r.rewrite("GET", "/_cat/indices", `"green"`, `"yellow"`)
		}, verb: steps.Act, after: `{"metrics-2026.01":1}`},
	} {
		tidy := func() { r.put(`{"index":{"number_of_replicas":0,"auto_expand_replicas":null}}`) }
		if name == "not there" {
			tidy = func() { r.restoreNow() }
		}
		r.each(t, name, tidy, func() {
			if c.spec != nil {
				c.spec(r.spec)
			}
			if c.given != nil {
				c.given(r)
			}
			changes, err := r.planned(StepSettle)
			if c.words != "" {
				r.says(err, "move.replicas", c.words)
				return
			}
			r.must(err)
			if got := changes[0]; got.Verb != c.verb || string(got.After) != c.after {
				r.Errorf("%s %s", got.Verb, got.After)
			}
		})
	}
}

func (r *road) put(settings string) {
	r.Helper()
	r.do(steps.Target, "PUT", "/"+one+"/_settings", settings)
}

func TestSettles(t *testing.T) {
	for name, c := range map[string]struct {
		pace    sandbox.Pace
		expand  bool
		shards  string
		changed bool
	}{
		"at once":           {shards: "4 shards active", changed: true},
		"in time":           {pace: sandbox.PaceRealistic, shards: "4 shards active", changed: true},
		"expands by itself": {expand: true, shards: "shards active"}, // the embedded cluster does not do it
	} {
		t.Run(name, func(t *testing.T) {
			r := settling(t, options{pace: c.pace})
			if c.expand {
				r.put(`{"index":{"auto_expand_replicas":"0-all"}}`)
			}
			r.made()
			changes, err := r.planned(StepSettle)
			r.must(err)
			if changes[0].Verb == steps.Exists && !c.expand {
				t.Fatal("it has settled already")
			}
			events, e, err := r.act(StepSettle)
			r.must(err)
			if !strings.Contains(e.Summary.String(), c.shards) {
				t.Errorf("%s", e.Summary)
			}
			if put := count(r.made(), "PUT /"+one+"/_settings"); (put == 1) != c.changed {
				t.Errorf("%d changes of settings", put)
			}
			if w := waits(events); c.pace != "" && (len(w) < 2 || w[len(w)-1] != "" || !strings.Contains(w[0], "the replicas to be copied; shards that are not there yet: 2")) {
				t.Errorf("waits %q", w)
			}
		})
	}
}

// TestNeverGreen: what will not come is given up with the engine's reason.
func TestNeverGreen(t *testing.T) {
	const moving = `{"status":"yellow","initializing_shards":1,"indices":{"metrics-2026.01":{"status":"yellow","number_of_shards":2,"number_of_replicas":1,"active_primary_shards":2,"active_shards":3,"initializing_shards":1,"unassigned_shards":0}}}`
	calm := strings.NewReplacer(`"initializing_shards":1`, `"initializing_shards":0`, `"unassigned_shards":0`, `"unassigned_shards":1`).Replace(moving)
	many := strings.Replace(calm, `"number_of_shards":2`, `"number_of_shards":200`, 1)
	r := settling(t, options{})
	began := r.clock.Now()
	for name, c := range map[string]struct {
		health string
		words  string
		within time.Duration
	}{
		"many shards":         {many, "are yellow since 10m0s", calmFor},
		"nothing on its way":  {calm, "are yellow since 10m0s; shards that are not assigned: 1. too full: the disk is", calmFor},
		"for ever on its way": {moving, "are yellow since 24h0m0s", greenWithin},
		"deleted meanwhile":   {`{"status":"green","indices":{}}`, "metrics-2026.01 is not on the target any more", 0},
	} {
		r.each(t, name, func() { r.clock.at = began }, func() {
			r.between = func(req *http.Request) *http.Response {
				switch {
				case req.URL.Path == "/_cluster/health" && req.URL.RawQuery != "":
					return reply(200, c.health)
				case strings.HasPrefix(req.URL.Path, "/_cluster/allocation") && c.health == many:
					return reply(200, `{"current_state":"started"}`)
				case strings.HasPrefix(req.URL.Path, "/_cluster/allocation") && strings.Contains(body(req), `"shard":1`):
					return reply(200, `{"current_state":"unassigned","can_allocate":"no","allocate_explanation":"too full","node_allocation_decisions":[{"deciders":[{"decision":"NO","explanation":"the disk is"}]}]}`)
				}
				return nil
			}
			s := r.step(StepSettle).(settleStep)
			moves, _, err := s.moves(r.ctx, r.runner.World())
			r.must(err)
			v := &settleWatch{domain: r.cluster(steps.Target), watch: newWatch(r.runner.World(), func(steps.Event) {}, moves)}
			r.says(v.untilGreen(r.ctx), "", c.words)
			if took := r.clock.Now().Sub(began); took > c.within+time.Minute {
				r.Errorf("it took %s", took)
			}
			if n := count(r.made(), "GET /_cluster/allocation/explain"); n > mostExplained {
				r.Errorf("%d shards explained one by one", n)
			}
		})
	}
}

func TestSettleVerifies(t *testing.T) {
	r := settling(t, options{})
	_, _, err := r.act(StepSettle)
	r.must(err)
	s := r.step(StepSettle).(settleStep)
	r.rewrite("GET", "/_cluster/health", `"green"`, `"yellow"`)
	_, err = s.Verify(r.ctx, r.runner.World(), steps.Change{}, func(steps.Event) {})
	r.says(err, "", "restored indices that are there: 1 of 1, and their health is yellow")
	r.between = nil
	r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, one))
	_, err = s.Verify(r.ctx, r.runner.World(), steps.Change{}, func(steps.Event) {})
	r.says(err, "", "restored indices that are there: 0 of 1")
}
