package engine

import (
	"context"
	"io"
	"slices"
	"sync"

	"snapferry/steps"
)

// The engine must never wait for a terminal that is stopped with ctrl+z, a slow
// link or a view that draws at its leisure; and a view must never miss a state
// change, because its fold would go wrong for good. So every view has a queue of
// its own that only progress may be left out of: what is bounded by time (a
// night's progress) is coalesced, what is bounded by the run (its changes) is kept.

// feed hands records to any number of views. Publishing never waits.
type feed struct {
	mu     sync.Mutex
	views  map[*View]bool
	closed bool
}

func newFeed() *feed { return &feed{views: map[*View]bool{}} }

func (f *feed) publish(r steps.Record) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for v := range f.views {
		v.put(r)
	}
}

func (f *feed) view() *View {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := &View{feed: f, ready: make(chan struct{}, 1), progress: map[steps.StepID]steps.Record{}}
	if f.closed { // who comes too late gets the end, not a wait without one
		v.end()
	} else {
		f.views[v] = true
	}
	return v
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for v := range f.views {
		v.end()
	}
	clear(f.views)
}

// View is one consumer of a run's records. Progress of a step gives way to a
// newer one while the view is busy; nothing else is dropped.
type View struct {
	feed  *feed
	ready chan struct{} // holds a token when there is something to fetch

	mu       sync.Mutex
	queue    []steps.Record
	progress map[steps.StepID]steps.Record
	ended    bool
}

func (v *View) put(r steps.Record) {
	v.mu.Lock()
	if _, ok := r.Event.(steps.Progress); ok {
		v.progress[r.Step] = r
	} else {
		v.queue = append(v.queue, r)
	}
	v.mu.Unlock()
	v.wake()
}

func (v *View) end() {
	v.mu.Lock()
	v.ended = true
	v.mu.Unlock()
	v.wake()
}

func (v *View) wake() {
	select {
	case v.ready <- struct{}{}:
	default:
	}
}

// Next gives what has happened since the last call, in order, waiting for
// something to happen; io.EOF once the run is over and everything was given out.
func (v *View) Next(ctx context.Context) ([]steps.Record, error) {
	for {
		batch, ended := v.fetch()
		if len(batch) > 0 {
			return batch, nil
		}
		if ended {
			return nil, io.EOF
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-v.ready:
		}
	}
}

func (v *View) fetch() (batch []steps.Record, ended bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	batch, v.queue = v.queue, nil
	// Both parts by number again, so that a view sees the order of the journal.
	for _, r := range v.progress {
		batch = append(batch, r)
	}
	clear(v.progress)
	slices.SortFunc(batch, func(a, b steps.Record) int { return int(a.Seq - b.Seq) })
	return batch, v.ended
}

// Close ends the view; what it had not fetched is dropped.
func (v *View) Close() {
	v.feed.mu.Lock()
	delete(v.feed.views, v)
	v.feed.mu.Unlock()
	v.mu.Lock()
	v.queue, v.ended = nil, true
	clear(v.progress)
	v.mu.Unlock()
	v.wake()
}
