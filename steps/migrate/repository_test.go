package migrate

import (
	"encoding/json"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
)

// registered registers a repository by hand on a side, where role and bucket are.
func (r *road) registered(side steps.Side, settings map[string]string) {
	r.Helper()
	all := map[string]string{"bucket": "acme-os-migration", "base_path": "mig", "region": "eu-west-1", "role_arn": "arn:aws:iam::111111111111:role/acme-snap"}
	for k, v := range settings {
		if all[k] = v; v == "" {
			delete(all, k)
		}
	}
	r.must(r.cluster(side).PutRepository(r.ctx, cluster.Repository{Name: "snapferry", Type: "s3", Settings: all}))
}

func TestRepositoryOfOthers(t *testing.T) {
	type settings = map[string]string
	r := newRoad(t, options{at: StepSourceRole})
	r.role("other", "/")
	r.must(r.account(steps.Source).PutRolePolicy(r.ctx, "other", "s3", []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)))
	for name, c := range map[string]struct {
		step  steps.StepID
		there settings // nil for none
		verb  steps.Verb
		words string // of the refusal
	}{
		"absent on the source":         {step: StepSourceRepository, verb: steps.Create},
		"absent on the target":         {step: StepTargetRepository, verb: steps.Create},
		"the same":                     {step: StepSourceRepository, there: settings{"base_path": "mig"}, verb: steps.Exists},
		"the same, with a throttle":    {step: StepSourceRepository, there: settings{"max_snapshot_bytes_per_sec": "200mb"}, verb: steps.Exists},
		"the same, saying not so":      {step: StepSourceRepository, there: settings{"readonly": "false"}, verb: steps.Exists},
		"the same on the target":       {step: StepTargetRepository, there: settings{"readonly": "true"}, verb: steps.Exists},
		"a second writer":              {step: StepTargetRepository, there: settings{"base_path": "mig"}, words: `whose readonly is "" and not "true"`},
		"a source that cannot write":   {step: StepSourceRepository, there: settings{"readonly": "true"}, words: `whose readonly is "true" and not ""`},
		"another folder":               {step: StepSourceRepository, there: settings{"base_path": "other"}, words: `whose base_path is "other" and not "mig"`},
		"the bucket's root":            {step: StepSourceRepository, there: settings{"base_path": ""}, words: `whose base_path is "" and not "mig"`},
		"another role for that bucket": {step: StepSourceRepository, there: settings{"role_arn": "arn:aws:iam::111111111111:role/other"}, words: "whose role_arn is"},
	} {
		tidy := func() {
			for _, side := range []steps.Side{steps.Source, steps.Target} {
				r.must(r.cluster(side).DeleteRepository(r.ctx, "snapferry"))
			}
		}
		r.each(t, name, tidy, func() {
			if c.there != nil {
				r.registered(r.step(c.step).Info().Side, c.there)
			}
			changes, err := r.planned(c.step)
			if c.words != "" {
				r.says(err, "move.repository", c.words)
				return
			}
			r.must(err)
			if len(changes) != 1 || changes[0].Verb != c.verb || !changes[0].Helper {
				r.Fatalf("%+v", changes)
			}
			r.readonlyOn(c.step, changes[0])
		})
	}
}

// readonlyOn: only the target's registration reads.
func (r *road) readonlyOn(step steps.StepID, c steps.Change) {
	r.Helper()
	var doc struct{ Settings map[string]string }
	r.must(json.Unmarshal([]byte(c.After), &doc))
	if (doc.Settings["readonly"] == "true") != (step == StepTargetRepository) {
		r.Errorf("%s registers %v", step, doc.Settings)
	}
}

// TestRepositoryProof: a fresh registration is verified by every node; one that
// was there is only listed, because verifying writes.
func TestRepositoryProof(t *testing.T) {
	r := newRoad(t, options{at: StepSourceSigner})
	prove := func(changed bool) steps.Evidence {
		t.Helper()
		r.made()
		e, err := r.step(StepSourceRepository).(engine.Prover).Prove(r.ctx, r.runner.World(), nil, changed)
		r.must(err)
		return e
	}
	r.registered(steps.Source, nil)
	if e := prove(true); !strings.Contains(e.Summary.String(), "3 nodes reach the bucket") || !strings.Contains(strings.Join(r.made(), ","), "POST /_snapshot/snapferry/_verify") {
		t.Errorf("%s", e.Summary)
	}
	e := prove(false)
	if calls := strings.Join(r.made(), ","); !strings.Contains(e.Summary.String(), "it lists 0 snapshots") || strings.Contains(calls, "_verify") {
		t.Errorf("%s after %s", e.Summary, calls)
	}
	r.upTo(StepSourceRepository)
	r.start()
	if e := prove(false); !strings.Contains(e.Summary.String(), "it lists") {
		t.Errorf("what somebody else registered counts as proven: %s", e.Summary)
	}
	r.between = refuseCalls("POST", "/_verify", 500, `{"error":{"type":"repository_verification_exception","reason":"[snapferry] path [mig] is not accessible on cluster-manager node"},"status":500}`)
	if _, err := r.step(StepSourceRepository).(engine.Prover).Prove(r.ctx, r.runner.World(), nil, true); err == nil {
		t.Error("a repository that no node reaches is proven")
	}
	r.between = refuseCalls("POST", "/_verify", 200, `{"nodes":{}}`)
	if _, err := r.step(StepSourceRepository).(engine.Prover).Prove(r.ctx, r.runner.World(), nil, true); err == nil {
		t.Error("a verification without nodes is proof")
	}
}
