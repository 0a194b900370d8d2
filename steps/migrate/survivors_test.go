package migrate

import (
	"encoding/json"
	"slices"
	"testing"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

// TestRestoredAnewKeepsTheOthersRecord: bringing one index back again must not
// take what was written to another meanwhile for how that one came back.
func TestRestoredAnewKeepsTheOthersRecord(t *testing.T) {
	r := finished(t)
	was := restoredBefore(r.runner.World()).Indices["metrics-2026.02"]
	r.do(steps.Target, "PUT", "/metrics-2026.02/_doc/new?refresh=true", `{}`)
	r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, "metrics-2026.01"))
	r.start()
	r.with(slices.DeleteFunc(Catalogue(r.spec, r.facts), func(s engine.Step) bool { return s.Info().ID == StepVerify }))
	r.must(r.run())
	var now Restored
	r.must(json.Unmarshal(r.runner.State().Step(StepRestore).Evidence.Data, &now))
	if got := now.Indices["metrics-2026.02"]; got.UUID != was.UUID || len(was.MaxSeqNo) == 0 || got.MaxSeqNo[0]+got.MaxSeqNo[1] != was.MaxSeqNo[0]+was.MaxSeqNo[1] {
		t.Errorf("recorded %+v, had come back as %+v", got, was)
	}
}

// TestLaterSamplesAreNoDifference: what the source wrote after a shard was copied
// is not looked for on the target.
func TestLaterSamplesAreNoDifference(t *testing.T) {
	r := movedRoad(t, spec.ProofSample, one)
	copied := manifestBefore(r.runner.World()).Indices[one].MaxSeqNo
	for after, want := range map[int64]int{0: 1, 1: 0} {
		var c Comparison
		s := Sample{ID: "never-copied", Shard: 0, SeqNo: copied[0] + after}
		r.must(newReading(StepVerify, newWatch(r.runner.World(), func(steps.Event) {}, nil), false).compareSamples(r.ctx, r.cluster(steps.Target), one, []Sample{s}, copied, &c))
		if len(c.Differences) != want {
			t.Errorf("%d operations after the copy: %v", after, c.Differences)
		}
	}
}
