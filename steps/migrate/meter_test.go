package migrate

import (
	"testing"
	"time"

	"snapferry/steps"
)

func TestMeter(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	var m meter
	first := m.measure(start, steps.Progress{DoneBytes: 0, TotalBytes: 1000})
	if first.BytesPerSecond != 0 || first.ETASeconds != 0 {
		t.Errorf("one look gives no rate, got %+v", first)
	}
	second := m.measure(start.Add(10*time.Second), steps.Progress{DoneBytes: 500, TotalBytes: 1000})
	if second.BytesPerSecond != 50 || second.ETASeconds != 11 {
		t.Errorf("%+v", second)
	}
	stalled := m.measure(start.Add(10*time.Second), steps.Progress{DoneBytes: 500, TotalBytes: 1000})
	if stalled.BytesPerSecond != 50 {
		t.Errorf("the window is kept: %+v", stalled)
	}
}

func TestMeterForgets(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	var m meter
	for i := range 100 {
		p := m.measure(start.Add(time.Duration(i)*time.Second), steps.Progress{DoneBytes: int64(i * i), TotalBytes: 1 << 30})
		if len(m.points) > 40 {
			t.Fatalf("keeps %d points", len(m.points))
		}
		if i == 99 && (p.BytesPerSecond < 160 || p.BytesPerSecond > 200) {
			t.Errorf("rate of the last half minute: %d", p.BytesPerSecond)
		}
	}
}

func TestBusiest(t *testing.T) {
	var items []steps.ItemProgress
	for i := range 20 {
		items = append(items, steps.ItemProgress{Name: string(rune('a' + i)), TotalBytes: int64(i % 5)})
	}
	got := busiest(items)
	if len(got) != shownItems || got[0].Name != "e" || got[1].Name != "j" {
		t.Errorf("%+v", got)
	}
}

func TestRestGrows(t *testing.T) {
	if rest(0) >= rest(3) || rest(3) >= rest(4) || rest(1000) != pollEvery {
		t.Error("the first looks are quick, the later ones calm")
	}
	for took, want := range map[time.Duration]time.Duration{0: rest(2), time.Millisecond: rest(2), quickLook: rest(2), time.Second: 9 * time.Second, time.Minute: longestRest} {
		if got := restAfter(2, took); got != want {
			t.Errorf("after a look of %s: %s", took, got)
		}
	}
}
