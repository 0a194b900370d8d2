package migrate

import (
	"context"
	"time"

	"snapferry/steps"
)

// shownEvery is how often a proof tells how far it is.
const shownEvery = 200 * time.Millisecond

// reading is a look at many indices, one after the other, that tells how far it
// is and can be stopped at every page it reads.
type reading struct {
	watch
	step  steps.StepID
	meter meter
	at    steps.Progress
	shown time.Time
	// beside says that it comes after a step's own work, whose progress stands: it
	// is told as what is waited for.
	beside bool
}

// newReading counts shards, and bytes too where all of them are read.
func newReading(step steps.StepID, v watch, whole bool) *reading {
	r := &reading{watch: v, step: step}
	for _, m := range v.moves {
		r.at.TotalShards += m.Primaries
		if whole {
			r.at.TotalBytes += m.Bytes
		}
	}
	return r
}

// page is called at every page of an index, of whose documents so many are read.
// Its error ends the reading: a stop was asked for.
func (r *reading) page(ctx context.Context, m steps.Move, docs int64) error {
	p := r.at
	item := steps.ItemProgress{Name: m.As, TotalShards: m.Primaries}
	if p.TotalBytes > 0 {
		item.TotalBytes = m.Bytes
		item.DoneBytes = int64(float64(m.Bytes) * min(1, float64(docs)/float64(max(1, m.Docs))))
		p.DoneBytes += item.DoneBytes
	}
	p.Items = []steps.ItemProgress{item}
	if now := r.world.Now(); r.shown.IsZero() || now.Sub(r.shown) >= shownEvery {
		r.shown = now
		if r.beside {
			r.waitFor(steps.T("the indices to be read for the proof; shards read: %d of %d", p.DoneShards, p.TotalShards))
		} else {
			r.emit(r.meter.measure(now, p))
		}
	}
	return r.world.Wait(ctx, 0)
}

// try asks for a part of it, a page or what some indices have in common: trouble that
// passes costs that part alone.
func (r *reading) try(ctx context.Context, ask func(context.Context) error) error {
	return r.world.Retry(ctx, r.step, ask)
}

// tried is try for what gives something.
func tried[T any](ctx context.Context, r *reading, ask func(context.Context) (T, error)) (got T, err error) {
	err = r.try(ctx, func(ctx context.Context) (err error) {
		got, err = ask(ctx)
		return err
	})
	return got, err
}

// over is called at the end of an index.
func (r *reading) over(m steps.Move) {
	r.at.DoneShards += m.Primaries
	if r.at.TotalBytes > 0 {
		r.at.DoneBytes += m.Bytes
	}
}

// end shows all of it done.
func (r *reading) end() {
	if r.beside {
		r.goOn()
		return
	}
	r.emit(r.at)
}
