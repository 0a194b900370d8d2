package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
)

// snapshotStep takes the snapshot: an explicit list of indices, without global
// state, with our marker in its metadata. It runs in the cluster; this program
// only watches, and goes on with one that is already there.
type snapshotStep struct{ *route }

// metadataRun is the metadata key that names the run; engines give metadata back.
const metadataRun = "snapferry_run"

// slotWait bounds the wait for snapshots of others: the service takes one each
// hour and runs one at a time.
const slotWait = 2 * time.Hour

type snapshotDoc struct {
	Repository    string            `json:"repository"`
	Snapshot      string            `json:"snapshot"`
	Indices       []string          `json:"indices"`
	IncludeGlobal bool              `json:"include_global_state"`
	Metadata      map[string]string `json:"metadata"`
}

func (s snapshotStep) Info() engine.Info {
	return engine.Info{ID: StepSnapshot, Side: steps.Source, Title: steps.T("Snapshot %s", string(s.spec.Move.Snapshot))}
}

// Mark is what makes the snapshot recognisable as ours: the run in its metadata.
func (s snapshotStep) Mark(c steps.Change) string {
	var d snapshotDoc
	if json.Unmarshal([]byte(c.After), &d) != nil {
		return ""
	}
	return d.Metadata[metadataRun]
}

func (s snapshotStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return nil, err
	}
	m := s.spec.Move
	live, err := s.facts.Snapshot(ctx, steps.Source, m.Repository, m.Snapshot)
	if err != nil {
		return nil, err
	}
	run := w.RunID()
	if live != nil {
		if err := s.adoptable(live, moves); err != nil {
			return nil, err
		}
		run = live.Metadata[metadataRun]
	}
	after, err := document(snapshotDoc{string(m.Repository), string(m.Snapshot), sourceNames(moves), false, map[string]string{metadataRun: run}})
	if err != nil {
		return nil, err
	}
	ref := steps.Ref{Kind: steps.KindSnapshot, Side: steps.Source, Name: string(m.Snapshot), In: string(m.Repository)}
	done := live != nil && live.State == cluster.Success
	return []steps.Change{act(StepSnapshot, ref, after, done, steps.T("snapshot %s of %d indices", string(m.Snapshot), len(moves)))}, nil
}

// adoptable says whether a snapshot of that name is one we may go on with.
func (s snapshotStep) adoptable(live *cluster.Snapshot, moves []steps.Move) error {
	name := string(live.Name)
	missing := slices.DeleteFunc(sourceNames(moves), func(n string) bool { return slices.Contains(live.Indices, n) })
	switch {
	case live.Metadata[metadataRun] == "":
		return s.taken(steps.T("A snapshot %s exists already, and it was not taken by snapferry", name))
	case live.State == cluster.Partial || live.State == cluster.Failed || live.State == cluster.Incompatible:
		return s.taken(steps.T("The snapshot %s exists already in state %s, which cannot be trusted", name, live.State))
	case live.State == cluster.Success && len(missing) > 0:
		return s.taken(steps.T("The snapshot %s exists already and lacks %d of the indices, the first is %s", name, len(missing), missing[0]))
	}
	return nil
}

func (s snapshotStep) taken(summary steps.Text) error {
	return &steps.Error{Field: "move.snapshot", Summary: summary, Fix: steps.T("Choose another snapshot name")}
}

// Apply takes the snapshot or goes on with it. A create that timed out is never
// repeated blindly: the loop looks first, always.
func (s snapshotStep) Apply(ctx context.Context, w *engine.World, c steps.Change, emit engine.Emit) error {
	domain, err := s.facts.Signer(ctx, steps.Source)
	if err != nil {
		return err
	}
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return err
	}
	watch := &snapshotWatch{snapshotStep: s, domain: domain, emit: emit, world: w, moves: moves}
	live, err := domain.Snapshot(ctx, s.spec.Move.Repository, s.spec.Move.Snapshot)
	if err != nil {
		return err
	}
	if live == nil {
		if err := watch.start(ctx); err != nil {
			return err
		}
	}
	return watch.untilDone(ctx)
}

// snapshotWatch is one Apply.
type snapshotWatch struct {
	snapshotStep
	domain *cluster.Cluster
	world  *engine.World
	emit   engine.Emit
	moves  []steps.Move
	meter  meter
}

// start waits for the slot and creates the snapshot.
func (v *snapshotWatch) start(ctx context.Context) error {
	m, since := v.spec.Move, v.world.Now()
	marker := cluster.SnapshotSpec{Indices: sourceNames(v.moves), Metadata: map[string]string{metadataRun: v.world.RunID()}}
	for n := 0; ; n++ {
		err := v.domain.CreateSnapshot(ctx, m.Repository, m.Snapshot, marker)
		if err == nil {
			v.emit(steps.Waiting{})
			return nil
		}
		f := failure.Of(err)
		if f.Kind == failure.Timeout {
			return nil // it may have begun: untilDone looks
		}
		if f.Kind != failure.Conflict && !f.Transient {
			return err
		}
		if v.world.Now().Sub(since) > slotWait {
			return &steps.Error{
				Summary: steps.T("Another snapshot has kept the domain busy for more than %s", slotWait.String()),
				Fix:     steps.T("See which one with GET _snapshot/_status, and run again when it is done"), Cause: err,
			}
		}
		v.emit(steps.Waiting{Reason: steps.T("another snapshot on the source to end"), Since: since})
		if err := v.world.Wait(ctx, rest(n)); err != nil {
			return err
		}
	}
}

// appearWithin bounds how long a created snapshot may stay unseen.
const appearWithin = 2 * time.Minute

// untilDone watches until the snapshot is whole, or says why it is not.
func (v *snapshotWatch) untilDone(ctx context.Context) error {
	m, since := v.spec.Move, v.world.Now()
	for n := 0; ; n++ {
		live, err := v.domain.Snapshot(ctx, m.Repository, m.Snapshot)
		if err != nil {
			return err
		}
		switch {
		case live == nil:
			if v.world.Now().Sub(since) > appearWithin {
				return &steps.Error{
					Summary: steps.T("The domain accepted the snapshot %s but does not list it", string(m.Snapshot)),
					Fix:     steps.T("Look at GET _snapshot/%s/_all on the source, then run again", string(m.Repository)),
				}
			}
			v.emit(steps.Waiting{Reason: steps.T("the snapshot to be listed"), Since: since})
		case live.State == cluster.InProgress:
			if err := v.progress(ctx); err != nil {
				return err
			}
		case live.State == cluster.Success && live.ShardsFailed == 0:
			v.finish(ctx)
			return nil
		default:
			return broken(live)
		}
		if err := v.world.Wait(ctx, rest(n)); err != nil {
			return err
		}
	}
}

// broken is a snapshot that ended and is not whole. PARTIAL is refused: its
// missing shards would come back empty.
func broken(live *cluster.Snapshot) error {
	why := live.Reason
	if len(live.Failures) > 0 {
		f := live.Failures[0]
		why = f.Index + ": " + f.Reason
	}
	return &steps.Error{
		Summary: steps.T("The snapshot %s ended as %s: %d of %d shards failed. %s", string(live.Name), live.State, live.ShardsFailed, live.ShardsTotal, why),
		Fix:     steps.T("Repair or leave out the indices named, then run again with another snapshot name"),
		Cause:   errors.New(why),
	}
}

func (v *snapshotWatch) progress(ctx context.Context) error {
	st, err := v.domain.SnapshotStatus(ctx, v.spec.Move.Repository, v.spec.Move.Snapshot)
	if err != nil || st == nil {
		return err
	}
	p := steps.Progress{DoneShards: st.Shards.Done, TotalShards: st.Shards.Total}
	for _, m := range v.moves {
		it := itemOf(m, st.Indices[m.Index])
		p.DoneBytes += it.DoneBytes
		p.TotalBytes += it.TotalBytes
		if it.DoneBytes > 0 && it.DoneShards < it.TotalShards {
			p.Items = append(p.Items, it)
		}
	}
	p.Items = busiest(p.Items)
	v.emit(v.meter.measure(v.world.Now(), p))
	return nil
}

// itemOf is one index's progress. The engine tells a shard's size only when it
// has begun with it, and leaves "processed" out when it is done: until then the
// index counts as large as it is on the source, so that the whole does not grow
// while it is watched.
func itemOf(m steps.Move, s cluster.IndexSnapshotStatus) steps.ItemProgress {
	it := steps.ItemProgress{Name: m.Index, DoneBytes: s.Processed.Bytes, TotalBytes: s.Incremental.Bytes, DoneShards: s.Shards.Done, TotalShards: max(s.Shards.Total, m.Primaries)}
	switch {
	case s.Shards.Total > 0 && s.Shards.Done == s.Shards.Total:
		it.DoneBytes = it.TotalBytes
	case s.Shards.Total == 0 || s.Shards.Initializing > 0:
		it.TotalBytes = max(it.TotalBytes, m.Bytes)
	}
	return it
}

// finish says how much the whole snapshot was; a status that cannot be read any
// more is no failure of a snapshot that succeeded.
func (v *snapshotWatch) finish(ctx context.Context) {
	v.emit(steps.Waiting{})
	st, err := v.domain.SnapshotStatus(ctx, v.spec.Move.Repository, v.spec.Move.Snapshot)
	if err != nil || st == nil {
		return
	}
	v.emit(steps.Progress{DoneBytes: st.Incremental.Bytes, TotalBytes: st.Incremental.Bytes, DoneShards: st.Shards.Total, TotalShards: st.Shards.Total})
}

// busiest keeps the items that are furthest from done, in a stable order.
func busiest(items []steps.ItemProgress) []steps.ItemProgress {
	slices.SortFunc(items, func(a, b steps.ItemProgress) int {
		if left := (b.TotalBytes - b.DoneBytes) - (a.TotalBytes - a.DoneBytes); left != 0 {
			return int(max(min(left, 1), -1))
		}
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return items[:min(len(items), shownItems)]
}
