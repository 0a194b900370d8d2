//go:build realengine

package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"snapferry/steps"
	"snapferry/steps/migrate"
)

// overheadRounds is how many whole migrations a median is taken from.
const overheadRounds = 5

// BenchmarkOverhead moves an index of 300,000 documents from a real 3.4.0 to a
// real 3.4.0 over S3, several times, and reports what of the wall time is not
// the engines' own: once without content proof, once with all of it.
func BenchmarkOverhead(b *testing.B) {
	r := newRealRoad(b, "3.4.0", "3.4.0")
	fill(b, r.source, "logs-000001", 300_000, 3, 1000)
	for _, proof := range []string{"counts", "sample", "all"} {
		b.Run(proof, func(b *testing.B) {
			for range b.N {
				r.measure(b, proof)
			}
		})
	}
}

func (r *realRoad) measure(b *testing.B, proof string) {
	var wall, engines, over []float64
	for range overheadRounds {
		began := time.Now()
		r.benched(b, "run", proof, "--yes")
		w := time.Since(began).Seconds()
		e := r.engineSeconds(b)
		wall, engines, over = append(wall, w), append(engines, e), append(over, w-e)
		r.benched(b, "undo", proof, "--yes", "--delete-bucket-content", "--delete-restored-indices")
		if err := os.RemoveAll(filepath.Join(r.dir, "run")); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(median(wall), "s-wall")
	b.ReportMetric(median(engines), "s-engines")
	b.ReportMetric(median(over), "s-overhead")
	b.Logf("%s: wall %.2f, engines %.2f, overhead %.2f s", proof, wall, engines, over)
}

func median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	return s[len(s)/2]
}

func (r *realRoad) benched(b *testing.B, command, proof string, args ...string) {
	b.Helper()
	s := snapferryIn(b, Process{}, "", append([]string{command, "--sandbox=" + filepath.Join(r.dir, "box"), "--file", r.answers(b, proof), "--dir", filepath.Join(r.dir, "run")}, args...)...)
	if s.code != 0 {
		b.Fatalf("%s ended with %d\n%s\n%s", command, s.code, s.out, s.err)
	}
}

// engineSeconds is what the engines say they worked: snapshot and restore.
func (r *realRoad) engineSeconds(b *testing.B) float64 {
	b.Helper()
	a := &app{globals: globals{dir: filepath.Join(r.dir, "run")}}
	s, err := a.state()
	if err != nil {
		b.Fatal(err)
	}
	var m migrate.Manifest
	var restored migrate.Restored
	for id, into := range map[steps.StepID]any{migrate.StepSnapshot: &m, migrate.StepRestore: &restored} {
		st := s.Step(id)
		if st == nil {
			b.Fatal(fmt.Errorf("the run has no step %s", id))
		}
		if err := json.Unmarshal(st.Evidence.Data, into); err != nil {
			b.Fatal(err)
		}
	}
	return m.EngineSeconds + restored.EngineSeconds
}
