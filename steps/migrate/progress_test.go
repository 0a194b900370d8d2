package migrate

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox"
	"snapferry/steps"
)

func item(name string, done, total int64, doneShards, told int) steps.ItemProgress {
	return steps.ItemProgress{Name: name, DoneBytes: done, TotalBytes: total, DoneShards: doneShards, TotalShards: told, Stage: "INDEX"}
}

// TestGauge: two indices of 1000 bytes with two shards each, as engines tell of them.
func TestGauge(t *testing.T) {
	moves := []steps.Move{{As: "a", Bytes: 1000, Primaries: 2}, {As: "b", Bytes: 1000, Primaries: 2}}
	for name, c := range map[string]struct {
		looks  [][]steps.ItemProgress
		bytes  []int64
		shards []int
		items  int // of the last look
	}{
		"nothing told":                     {looks: [][]steps.ItemProgress{nil}, bytes: []int64{0}, shards: []int{0}},
		"sizes as planned":                 {looks: [][]steps.ItemProgress{{item("a", 500, 1000, 1, 2), item("b", 100, 1000, 0, 2)}}, bytes: []int64{600}, shards: []int{1}, items: 2},
		"one shard begun":                  {looks: [][]steps.ItemProgress{{item("a", 500, 500, 1, 1)}}, bytes: []int64{500}, shards: []int{1}, items: 1},
		"an increment of a tenth":          {looks: [][]steps.ItemProgress{{item("a", 50, 100, 0, 2)}}, bytes: []int64{500}, shards: []int{0}, items: 1},
		"larger than planned":              {looks: [][]steps.ItemProgress{{item("a", 2000, 4000, 0, 2)}}, bytes: []int64{500}, shards: []int{0}, items: 1},
		"one shard larger than the whole":  {looks: [][]steps.ItemProgress{{item("a", 2000, 4000, 0, 1)}}, bytes: []int64{500}, shards: []int{0}, items: 1},
		"done and forgotten":               {looks: [][]steps.ItemProgress{{item("a", 0, 0, 2, 0)}}, bytes: []int64{1000}, shards: []int{2}},
		"told of less than before":         {looks: [][]steps.ItemProgress{{item("a", 900, 1000, 1, 2)}, {item("a", 100, 1000, 0, 2)}, {item("a", 950, 1000, 1, 2)}}, bytes: []int64{900, 900, 950}, shards: []int{1, 1, 1}, items: 1},
		"second shard makes it look less":  {looks: [][]steps.ItemProgress{{item("a", 500, 500, 1, 1)}, {item("a", 500, 1500, 1, 2)}}, bytes: []int64{500, 500}, shards: []int{1, 1}, items: 1},
		"more told than there is":          {looks: [][]steps.ItemProgress{{item("a", 3000, 1000, 0, 2)}}, bytes: []int64{1000}, shards: []int{0}, items: 1},
		"everything":                       {looks: [][]steps.ItemProgress{{item("a", 1000, 1000, 2, 2), item("b", 1000, 1000, 2, 2)}}, bytes: []int64{2000}, shards: []int{4}},
		"shards without a byte are begun":  {looks: [][]steps.ItemProgress{{item("a", 0, 0, 0, 0)}}, bytes: []int64{0}, shards: []int{0}, items: 1},
		"an index that is not in the plan": {looks: [][]steps.ItemProgress{{item("x", 10, 100, 0, 2)}}, bytes: []int64{0}, shards: []int{0}},
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Unix(1_700_000_000, 0)
			g := newGauge(moves, now)
			var last steps.Progress
			for i, look := range c.looks {
				last = g.show(now.Add(time.Duration(i)*time.Second), look)
				if last.DoneBytes != c.bytes[i] || last.DoneShards != c.shards[i] || last.TotalBytes != 2000 || last.TotalShards != 4 {
					t.Errorf("look %d: %+v", i, last)
				}
			}
			if len(last.Items) != c.items {
				t.Errorf("items %+v", last.Items)
			}
			if w := g.whole(); w.DoneBytes != 2000 || w.TotalBytes != 2000 || w.DoneShards != 4 || w.TotalShards != 4 {
				t.Errorf("the whole is %+v", w)
			}
		})
	}
}

func TestGaugeNoticesWhatMoves(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	g := newGauge([]steps.Move{{As: "a", Bytes: 100, Primaries: 1}, {As: "empty", Primaries: 1}}, start)
	g.show(at(1), nil)
	if g.moved != start {
		t.Error("nothing counts as moving")
	}
	g.show(at(2), []steps.ItemProgress{item("a", 10, 100, 0, 1)})
	g.show(at(3), []steps.ItemProgress{item("a", 10, 100, 0, 1)})
	if g.moved != at(2) {
		t.Errorf("moved at %s", g.moved)
	}
	g.show(at(4), []steps.ItemProgress{item("a", 10, 100, 0, 1), item("empty", 0, 0, 1, 1)})
	if g.moved != at(4) {
		t.Error("a shard without bytes does not count")
	}
}

// TestProgressOnlyGrows watches a whole road that takes its time.
func TestProgressOnlyGrows(t *testing.T) {
	r := newRoad(t, options{pace: sandbox.PaceRealistic})
	r.must(r.run())
	looks, whole := map[steps.StepID][]steps.Progress{}, map[steps.StepID]bool{}
	for _, rec := range r.tape.records {
		if p, ok := rec.Event.(steps.Progress); ok {
			looks[rec.Step] = append(looks[rec.Step], p)
		}
	}
	for id, list := range looks {
		for i, p := range list[1:] {
			was := list[i]
			if p.TotalBytes != was.TotalBytes || p.TotalShards != was.TotalShards {
				t.Errorf("%s: the whole goes from %d bytes, %d shards to %d, %d", id, was.TotalBytes, was.TotalShards, p.TotalBytes, p.TotalShards)
			}
			if p.DoneBytes < was.DoneBytes || p.DoneShards < was.DoneShards || p.DoneBytes > p.TotalBytes || p.DoneShards > p.TotalShards {
				t.Errorf("%s: from %d bytes, %d shards to %d, %d", id, was.DoneBytes, was.DoneShards, p.DoneBytes, p.DoneShards)
			}
		}
		last := list[len(list)-1]
		whole[id] = last.DoneBytes == last.TotalBytes && last.DoneShards == last.TotalShards
	}
	if d := cmp.Diff(map[steps.StepID]bool{StepSnapshot: true, StepRestore: true, StepSettle: true, StepVerify: true}, whole); d != "" {
		t.Errorf("ends of progress: %s", d)
	}
	for _, id := range []steps.StepID{StepSnapshot, StepRestore} {
		if list := looks[id]; len(list) < 5 || list[len(list)/2].BytesPerSecond == 0 || list[len(list)/2].ETASeconds == 0 || len(list[len(list)/2].Items) == 0 {
			t.Errorf("%s was looked at %d times, half way it is %+v", id, len(list), list[len(list)/2])
		}
	}
	for _, rec := range r.tape.records {
		if d, ok := rec.Event.(steps.StepDone); ok && rec.Step == StepRestore && !strings.Contains(d.Evidence.Summary.String(), "11 indices, 22 primaries started") {
			t.Errorf("restored %s", d.Evidence.Summary)
		}
	}
}
