package migrate

import (
	"context"
	"maps"
	"slices"
	"time"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
)

// slotWait bounds the wait for snapshots of others: the service takes one each
// hour and runs one at a time.
const slotWait = 2 * time.Hour

// appearWithin bounds how long what was asked for may stay unseen.
const appearWithin = 2 * time.Minute

// Apply takes the snapshot or goes on with it. A create that timed out is never
// repeated blindly: the loop looks first, always.
func (s snapshotStep) Apply(ctx context.Context, w *engine.World, _ steps.Change, emit engine.Emit) error {
	domain, err := s.facts.Signer(ctx, steps.Source)
	if err != nil {
		return err
	}
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return err
	}
	v := &snapshotWatch{snapshotStep: s, domain: domain, watch: newWatch(w, emit, moves)}
	live, err := domain.Snapshot(ctx, s.spec.Move.Repository, s.spec.Move.Snapshot)
	if err != nil {
		return err
	}
	if live == nil {
		if err := v.start(ctx); err != nil {
			return err
		}
	}
	return v.untilDone(ctx)
}

// snapshotWatch is one Apply.
type snapshotWatch struct {
	snapshotStep
	watch
	domain *cluster.Cluster
}

// sights are those of all indices that move, which are read so many at once: of each only
// little is kept.
func (v *snapshotWatch) sights(ctx context.Context) (map[string]sight, error) {
	list := make(map[string]sight, len(v.moves))
	for part := range slices.Chunk(v.moves, atOnce) {
		source, err := describe(ctx, v.domain, sourceNames(part))
		if err != nil {
			return nil, err
		}
		maps.Copy(list, source.sights())
	}
	return list, nil
}

// start waits for the slot and creates the snapshot.
func (v *snapshotWatch) start(ctx context.Context) error {
	m := v.spec.Move
	if err := sameStreams(ctx, v.domain, v.moves); err != nil {
		return err
	}
	marker := cluster.SnapshotSpec{Indices: asked(v.moves), Metadata: map[string]string{metadataRun: v.world.RunID()}}
	for n := 0; ; n++ {
		looked := v.world.Now()
		var err error
		if v.begun, err = v.sights(ctx); err != nil {
			return err
		}
		err = v.domain.CreateSnapshot(ctx, m.Repository, m.Snapshot, marker)
		if err == nil {
			v.goOn()
			return nil
		}
		f := failure.Of(err)
		if f.Kind == failure.Exists {
			v.begun = nil // it began before that was read
		}
		switch {
		case f.Kind == failure.Timeout || f.Kind == failure.Exists:
			v.goOn()
			return nil // it may have begun: untilDone looks whose it is
		case f.Has("index_not_found_exception"):
			return &steps.Error{
				Field:   "move.indices",
				Summary: steps.T("An index that was to be moved is gone from the source: %s", f.Message),
				Fix:     steps.T("Run again: the plan is made anew without it, to be approved"),
			}
		case f.Kind != failure.Conflict:
			return err
		case v.world.Now().Sub(v.since) > slotWait:
			return &steps.Error{
				Summary: steps.T("The source has been busy with other snapshots for more than %s", slotWait.String()),
				Fix:     steps.T("See which one with GET _snapshot/_status, and run again when it is done"), Cause: err,
			}
		}
		v.waitFor(steps.T("the source to be free for a snapshot: %s", f.Message))
		if err := v.world.Wait(ctx, restAfter(n, v.world.Now().Sub(looked))); err != nil {
			return err
		}
	}
}

// untilDone watches until the snapshot is whole, or says why it is not.
func (v *snapshotWatch) untilDone(ctx context.Context) error {
	m, since := v.spec.Move, v.world.Now()
	for n := 0; ; n++ {
		looked := v.world.Now()
		live, err := v.domain.Snapshot(ctx, m.Repository, m.Snapshot)
		if err != nil {
			return err
		}
		if live == nil {
			if err := v.unseen(since); err != nil {
				return err
			}
		} else if done, err := v.seen(ctx, live); done || err != nil {
			return err
		}
		if err := v.world.Wait(ctx, restAfter(n, v.world.Now().Sub(looked))); err != nil {
			return err
		}
	}
}

func (v *snapshotWatch) unseen(since time.Time) error {
	m := v.spec.Move
	if v.world.Now().Sub(since) > appearWithin {
		return &steps.Error{
			Summary: steps.T("The snapshot %s was asked for, but the domain does not list it", string(m.Snapshot)),
			Fix:     steps.T("Look at GET _snapshot/%s/_all on the source, then run again", string(m.Repository)),
		}
	}
	v.waitFor(steps.T("the snapshot to be listed"))
	return nil
}

// seen judges the snapshot as it is now.
func (v *snapshotWatch) seen(ctx context.Context, live *cluster.Snapshot) (done bool, err error) {
	v.goOn()
	// Somebody may have taken one of that name since the plan was made.
	if err := v.adoptable(v.world, live, v.moves); err != nil {
		return false, err
	}
	if live.State == cluster.InProgress {
		return false, v.progress(ctx)
	}
	if err := whole(live); err != nil {
		return false, err
	}
	v.emit(v.gauge.whole())
	return true, nil
}

func (v *snapshotWatch) progress(ctx context.Context) error {
	st, err := v.domain.SnapshotStatus(ctx, v.spec.Move.Repository, v.spec.Move.Snapshot)
	if err != nil || st == nil {
		return err
	}
	var items []steps.ItemProgress
	for _, m := range v.moves {
		s := st.Indices[m.Index]
		items = append(items, steps.ItemProgress{
			Name: m.As, DoneBytes: s.Processed.Bytes, TotalBytes: s.Incremental.Bytes,
			DoneShards: s.Shards.Done, TotalShards: s.Shards.Total - s.Shards.Initializing,
		})
	}
	return v.show(items)
}
