package migrate

import (
	"cmp"
	"slices"
	"time"

	"snapferry/steps"
	"snapferry/steps/engine"
)

// watch is what watching a running act needs: whom to tell, and how far it is.
type watch struct {
	world *engine.World
	emit  engine.Emit
	moves []steps.Move
	gauge gauge
	since time.Time
	// waits says that a reason to wait is being shown.
	waits bool
}

func newWatch(w *engine.World, emit engine.Emit, moves []steps.Move) watch {
	v := unmeasured(w, emit, moves)
	v.gauge = newGauge(moves, v.since)
	return v
}

// unmeasured is for what is no act of an engine, and knows itself how far it is.
func unmeasured(w *engine.World, emit engine.Emit, moves []steps.Move) watch {
	return watch{world: w, emit: emit, moves: moves, since: w.Now()}
}

// waitFor shows what is waited for, goOn that there is nothing any more.
func (v *watch) waitFor(reason steps.Text) {
	v.emit(steps.Waiting{Reason: reason, Since: v.since})
	v.waits = true
}

func (v *watch) goOn() {
	if v.waits {
		v.emit(steps.Waiting{})
		v.waits = false
	}
}

// show tells how far it is. It is an error when nothing has moved for too long:
// every wait has an end.
func (v *watch) show(done []steps.ItemProgress) error {
	now := v.world.Now()
	v.emit(v.gauge.show(now, done))
	if still := now.Sub(v.gauge.moved); still > stalledAfter {
		return &steps.Error{
			Summary: steps.T("Nothing has moved for %s; the last that was seen of its shards: %d of %d", still.Round(time.Minute).String(), v.gauge.last.DoneShards, v.gauge.last.TotalShards),
			Fix:     steps.T("See the domain's health and its CloudWatch metrics; run again to go on watching"),
		}
	}
	return nil
}

// stalledAfter bounds how long nothing at all may move: the largest files are
// told only when they are done, and a throttled node takes half an hour for one.
const stalledAfter = time.Hour

// gauge turns what an engine tells into progress that only grows, of a whole
// that stays what it was in the plan. An engine tells a shard's size only when it
// has begun with it, tells what is new of it and not what it is, and forgets what
// is done.
type gauge struct {
	meter   meter
	planned map[string]extent // by index
	last    steps.Progress
	moved   time.Time
}

// extent is how large an index is.
type extent struct {
	bytes  int64
	shards int
}

func newGauge(moves []steps.Move, now time.Time) gauge {
	planned := make(map[string]extent, len(moves))
	for _, m := range moves {
		planned[m.As] = extent{m.Bytes, m.Primaries}
	}
	return gaugeOf(planned, now)
}

func gaugeOf(planned map[string]extent, now time.Time) gauge {
	g := gauge{planned: planned, moved: now}
	for _, e := range planned {
		g.last.TotalBytes += e.bytes
		g.last.TotalShards += e.shards
	}
	return g
}

// show takes indices by their name on the target. Of an item's bytes the share
// counts that is done.
func (g *gauge) show(now time.Time, items []steps.ItemProgress) steps.Progress {
	p := steps.Progress{TotalBytes: g.last.TotalBytes, TotalShards: g.last.TotalShards}
	for _, it := range items {
		it = g.scaled(it)
		p.DoneBytes += it.DoneBytes
		p.DoneShards += it.DoneShards
		if it.DoneShards < it.TotalShards && (it.DoneBytes > 0 || it.DoneShards > 0 || it.Stage != "") {
			p.Items = append(p.Items, it)
		}
	}
	p.Items = busiest(p.Items)
	p.DoneBytes, p.DoneShards = max(p.DoneBytes, g.last.DoneBytes), max(p.DoneShards, g.last.DoneShards)
	if p.DoneBytes > g.last.DoneBytes || p.DoneShards > g.last.DoneShards {
		g.moved = now
	}
	p = g.meter.measure(now, p)
	g.last = p
	return p
}

// scaled brings one index to the size that was planned with. As long as not all
// of its shards have begun, it counts as at least that large.
func (g *gauge) scaled(it steps.ItemProgress) steps.ItemProgress {
	planned, shards := g.planned[it.Name].bytes, g.planned[it.Name].shards
	whole := it.TotalBytes
	if it.TotalShards < shards {
		whole = max(whole, planned)
	}
	switch {
	case it.DoneShards >= shards:
		it.DoneBytes, it.DoneShards = planned, shards
	case whole > 0:
		it.DoneBytes = min(planned, int64(float64(planned)*float64(it.DoneBytes)/float64(whole)))
	}
	it.TotalBytes, it.TotalShards = planned, shards
	return it
}

// whole is the progress of what is done.
func (g *gauge) whole() steps.Progress {
	return steps.Progress{
		DoneBytes: g.last.TotalBytes, TotalBytes: g.last.TotalBytes, DoneShards: g.last.TotalShards, TotalShards: g.last.TotalShards,
		BytesPerSecond: g.last.BytesPerSecond,
	}
}

// shownItems bounds how many indices a progress event names: those that move.
const shownItems = 8

// busiest keeps the items that are furthest from done, in a stable order.
func busiest(items []steps.ItemProgress) []steps.ItemProgress {
	left := func(i steps.ItemProgress) int64 { return i.TotalBytes - i.DoneBytes }
	slices.SortFunc(items, func(a, b steps.ItemProgress) int {
		return cmp.Or(cmp.Compare(left(b), left(a)), cmp.Compare(a.Name, b.Name))
	})
	return slices.Clone(items[:min(len(items), shownItems)]) // which are kept, and the others not
}
