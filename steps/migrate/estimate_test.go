package migrate

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/spec"
)

func TestByteSize(t *testing.T) {
	for text, want := range map[string]int64{
		"40mb": 40 << 20, "40MB": 40 << 20, "1g": 1 << 30, "1.5gb": 3 << 29, "512kb": 512 << 10, "100b": 100, "7": 7, " 2 tb ": 2 << 40,
		"": 0, "-1": 0, "mb": 0, "40 parsecs": 0, "0b": 0, "4m0b": 0,
	} {
		if got := byteSize(text); got != want {
			t.Errorf("%q is %d, wants %d", text, got, want)
		}
	}
}

func (r *road) described() ([]steps.Move, []steps.Stay, steps.Estimate) {
	r.Helper()
	r.facts.DropAll()
	moves, stays, e, err := r.step(StepSnapshot).(engine.Describer).Describe(r.ctx, r.runner.World())
	r.must(err)
	return moves, stays, e
}

func lines(list []steps.Text) string {
	var out []string
	for _, l := range list {
		out = append(out, l.String())
	}
	return strings.Join(out, "\n")
}

// TestEstimate: three nodes move the bytes, each as fast as it is let.
func TestEstimate(t *testing.T) {
	r := newRoad(t, options{at: StepSourceRole})
	moves, stays, plain := r.described()
	took := func(bytes int64, rate int64) time.Duration {
		return time.Duration(float64(bytes) / float64(3*rate) * float64(time.Second))
	}
	if len(moves) != 11 || len(stays) == 0 || plain.Bytes < 1<<30 || plain.Snapshot != took(plain.Bytes, 40<<20) || plain.Restore != plain.Snapshot {
		t.Errorf("%d move: %+v", len(moves), plain)
	}
	if b := lines(plain.Basis); strings.Count(b, "40 MiB/s on each of 3 nodes, the engine's default throttle") != 2 {
		t.Errorf("%s", b)
	}
	r.registered(steps.Source, map[string]string{"max_snapshot_bytes_per_sec": "100mb"})
	r.registered(steps.Target, map[string]string{"max_restore_bytes_per_sec": "200mb", "readonly": "true"})
	if _, _, e := r.described(); e.Snapshot != took(e.Bytes, 100<<20) || !strings.Contains(lines(e.Basis), "100 MiB/s on each of 3 nodes, the repository's max_snapshot_bytes_per_sec") {
		t.Errorf("with a faster repository: %+v %s", e, lines(e.Basis))
	}
	r.do(steps.Target, "PUT", "/_cluster/settings", `{"persistent":{"indices.recovery.max_bytes_per_sec":"20mb"}}`)
	if _, _, e := r.described(); e.Restore != took(e.Bytes, 20<<20) || !strings.Contains(lines(e.Basis), "restore: at most 20 MiB/s on each of 3 nodes, the domain's indices.recovery") {
		t.Errorf("with a slower domain: %+v %s", e, lines(e.Basis))
	}
	r.do(steps.Target, "PUT", "/_cluster/settings", `{"persistent":{"indices.recovery.max_bytes_per_sec":"400mb"}}`)
	if _, _, e := r.described(); e.Restore != took(e.Bytes, 200<<20) || !strings.Contains(lines(e.Basis), "the repository's max_restore") {
		t.Errorf("the slower of two counts: %+v %s", e, lines(e.Basis))
	}
	r.between = refuseCalls(http.MethodGet, "/_cluster/health", 403, `{"Message":"User: x is not authorized to perform: es:ESHttpGet"}`)
	if _, _, e := r.described(); e.Snapshot != 0 || e.Restore != 0 || strings.Count(lines(e.Basis), "no guess") != 2 {
		t.Errorf("without nodes: %+v %s", e, lines(e.Basis))
	}
}

// TestWhatIsThereIsNotCounted: a later plan counts what is left to be done, and says what
// is there.
func TestWhatIsThereIsNotCounted(t *testing.T) {
	const taken, back = "snapshot: s-1 is there already, and finished", "restore: all of it is there already"
	for name, c := range map[string]struct {
		at    steps.StepID
		then  func(r *road, moves []steps.Move)
		left  func(moves []steps.Move) []steps.Move // to be restored
		basis []string
		cost  string
	}{
		"the snapshot": {
			StepSnapshot, func(*road, []steps.Move) {}, func(m []steps.Move) []steps.Move { return m },
			[]string{taken, "restore: at most 40 MiB/s"},
			"a request for each file of 22 shards",
		},
		"all of it": {
			StepRestore, func(*road, []steps.Move) {}, func([]steps.Move) []steps.Move { return nil },
			[]string{taken, back},
			"stored until the bucket is emptied",
		},
		"all but one index": {
			StepRestore, func(r *road, m []steps.Move) { r.must(r.cluster(steps.Target).DeleteIndex(r.ctx, m[0].As)) }, func(m []steps.Move) []steps.Move { return m[:1] },
			[]string{taken, "restore: 10 of 11 indices are there already", "restore: at most 40 MiB/s"},
			"a request for each file of 2 shards",
		},
		"a target that does not answer": {
			StepRestore, func(r *road, _ []steps.Move) {
				r.between = refuseCalls(http.MethodGet, "/_cluster/health", 403, `{"Message":"User: x is not authorized to perform: es:ESHttpGet"}`)
			}, func([]steps.Move) []steps.Move { return nil },
			[]string{taken, "no guess"},
			"a request for each file of 22 shards",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{at: c.at})
			moves, _, _ := r.described()
			c.then(r, moves)
			_, _, e := r.described()
			var bytes int64
			for _, m := range c.left(moves) {
				bytes += m.Bytes
			}
			if want := time.Duration(float64(bytes) / float64(3*40<<20) * float64(time.Second)); e.Snapshot != 0 || e.Restore != want {
				t.Errorf("snapshot %s, restore %s, wants %s", e.Snapshot, e.Restore, want)
			}
			for i, words := range c.basis {
				if len(e.Basis) != len(c.basis) || !strings.Contains(e.Basis[i].String(), words) {
					t.Errorf("does not say %q at its place: %s", words, lines(e.Basis))
				}
			}
			if !strings.Contains(lines(e.Cost), c.cost) || c.left(moves) == nil && name == "all of it" && strings.Contains(lines(e.Cost), "request") {
				t.Errorf("cost %s", lines(e.Cost))
			}
		})
	}
}

func TestCostInWords(t *testing.T) {
	for name, c := range map[string]struct {
		spec func(*spec.Spec)
		want string
	}{
		"plain":           {func(*spec.Spec) {}, " GiB stored until the bucket is emptied, and a request for each file of "},
		"another region":  {func(s *spec.Spec) { s.Target.Region = "eu-north-1" }, " GiB between eu-west-1 and eu-north-1"},
		"a customer key":  {withKey, "KMS requests"},
		"beside the same": {func(s *spec.Spec) { s.Target, s.Shape = s.Source, spec.ShapeSameDomain }, "stored until"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoad(t, options{spec: c.spec})
			_, stays, e := r.described()
			if got := lines(e.Cost); !strings.Contains(got, c.want) || (name == "plain" && len(e.Cost) != 1) {
				t.Errorf("%s", got)
			}
			alias := false
			for _, s := range stays {
				alias = alias || s.What == "alias"
			}
			if alias != (name == "beside the same") {
				t.Errorf("aliases stay: %v", alias)
			}
		})
	}
}
