package pace_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"snapferry/awsx/sandbox/memory/pace"
)

func TestDuration(t *testing.T) {
	real := pace.Realistic()
	for name, tc := range map[string]struct {
		pace  pace.Pace
		bytes int64
		limit time.Duration
		want  time.Duration
	}{
		"instant":                     {pace.Instant(), 1 << 40, 0, 0},
		"a terabyte is cut short":     {real, 1 << 40, real.Snapshot, 25 * time.Second},
		"little takes the least":      {real, 1000, real.Restore, 2 * time.Second},
		"between goes by the rate":    {real, 400 << 20, real.Restore, 10 * time.Second},
		"no rate always takes it all": {pace.Pace{}, 1, time.Minute, time.Minute},
		"nothing takes the least":     {real, 0, real.Snapshot, 2 * time.Second},
		"the least may be the limit":  {real, 0, time.Second, time.Second},
	} {
		if got := tc.pace.Duration(tc.bytes, tc.limit); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
	if got := pace.AtRate(300, 100); got != 3*time.Second {
		t.Error(got)
	}
}

func TestSpread(t *testing.T) {
	if got := pace.Spread(nil, 3, time.Minute); len(got) != 0 {
		t.Error(got)
	}
	for _, s := range pace.Spread([]int64{1, 2, 3}, 2, 0) {
		if s != (pace.Span{}) || s.At(0) != pace.Done {
			t.Errorf("at once: %+v", s)
		}
	}
	one := pace.Spread([]int64{5}, 4, time.Minute)
	if one[0].Start != 0 || one[0].End != time.Minute {
		t.Errorf("%+v", one)
	}
	// Empty shards have a time of their own too.
	empty := pace.Spread([]int64{0, 0, 0}, 1, 3*time.Second)
	for i, s := range empty {
		if s.Start >= s.End || i > 0 && s.Start != empty[i-1].End {
			t.Errorf("%d: %+v", i, empty)
		}
	}
}

// TestSpreadInGeneral holds what must be so for any sizes.
func TestSpreadInGeneral(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		sizes := make([]int64, 1+rnd.IntN(60))
		for i := range sizes {
			sizes[i] = rnd.Int64N(1 << 34)
		}
		lanes, total := 1+rnd.IntN(8), time.Duration(1+rnd.IntN(100000))*time.Millisecond
		spans := pace.Spread(sizes, lanes, total)
		if pace.Total(spans) != total {
			t.Fatalf("the last span ends at %s of %s", pace.Total(spans), total)
		}
		for i, s := range spans {
			if s.Start < 0 || s.End < s.Start || s.End > total {
				t.Fatalf("span %d: %+v", i, s)
			}
		}
		at := time.Duration(rnd.Int64N(int64(total)))
		busy := 0
		for _, s := range spans {
			if p := s.At(at); p == pace.Moving || p == pace.Closing {
				busy++
			}
		}
		if busy > lanes {
			t.Fatalf("%d shards at work in %d lanes", busy, lanes)
		}
	}
}

func TestPartOnlyGrows(t *testing.T) {
	s := pace.Span{Start: 2 * time.Second, End: 12 * time.Second}
	const whole = 1 << 33
	last, phases := int64(0), []pace.Phase{}
	for at := time.Duration(0); at <= 13*time.Second; at += 50 * time.Millisecond {
		got := s.Part(at, whole)
		phase := s.At(at)
		if len(phases) == 0 || phases[len(phases)-1] != phase {
			phases = append(phases, phase)
		}
		switch {
		case got < last:
			t.Fatalf("%s: %d after %d", at, got, last)
		case phase == pace.Waiting && got != 0, phase == pace.Moving && got == whole, phase >= pace.Closing && got != whole:
			t.Fatalf("%s: %d of %d in phase %d", at, got, whole, phase)
		}
		last = got
	}
	if len(phases) != 4 {
		t.Errorf("phases seen: %v", phases)
	}
	if s.Part(3*time.Second, 0) != 0 {
		t.Error("a part of nothing")
	}
}
