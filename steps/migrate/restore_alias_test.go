package migrate

import (
	"encoding/json"
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// TestAliasOfOthers: an alias that others' indices have on the target is theirs. With
// the restored indices behind it, too, writes through it would fail or go astray.
func TestAliasOfOthers(t *testing.T) {
	r := taken(t, options{spec: two})
	r.do(steps.Target, "PUT", "/theirs", `{"aliases":{"metrics":{}}}`)
	_, err := r.planned(StepRestore)
	r.says(err, "move.aliases", "The name metrics cannot be used for metrics-2026.01, metrics-2026.02: ")
	if fix := own(err).Fix.String(); !strings.Contains(fix, "move.aliases: leave") {
		t.Errorf("the way out: %s", fix)
	}
	before := r.spec.Fingerprint()
	r.spec.Move.Aliases = spec.AliasesLeave
	if r.spec.Fingerprint() != before {
		t.Error("what is answered on the way makes another run of it")
	}
	r.start()
	r.must(r.run())
	if stays := r.runner.State().Plan.Stays; !strings.Contains(jsonOf(t, stays), "move.aliases") {
		t.Errorf("the plan does not say that aliases stay: %+v", stays)
	}
	aliases, err := r.cluster(steps.Target).Aliases(r.ctx, []string{"metrics-2026.01", "theirs"})
	r.must(err)
	if len(aliases["metrics-2026.01"]) != 0 || len(aliases["theirs"]) != 1 {
		t.Errorf("aliases %v", aliases)
	}
	r.do(steps.Target, "PUT", "/metrics/_doc/2?refresh=true", `{"theirs":true}`)
	// Whoever puts one on by hand later makes no difference to be told.
	r.do(steps.Target, "PUT", "/metrics-2026.01/_alias/by-hand", "")
	_, e, err := r.proves()
	if r.must(err); !strings.Contains(e.Summary.String(), "2 indices equal") {
		t.Errorf("%s", e.Summary)
	}
}

// TestAliasOfWhatCameBack: those of this run's own indices are in nobody's way.
func TestAliasOfWhatCameBack(t *testing.T) {
	r := finished(t)
	r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, "metrics-2026.02"))
	r.start()
	changes, err := r.planned(StepRestore)
	if r.must(err); changes[0].Verb != steps.Act {
		t.Errorf("%+v", changes)
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
