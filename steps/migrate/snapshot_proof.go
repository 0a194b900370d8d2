package migrate

import (
	"context"
	"fmt"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
)

// Verify reads the snapshot back and writes the manifest that the target will be
// compared with.
func (s snapshotStep) Verify(ctx context.Context, w *engine.World, _ steps.Change, emit engine.Emit) (steps.Evidence, error) {
	domain, err := s.facts.Signer(ctx, steps.Source)
	if err != nil {
		return steps.Evidence{}, err
	}
	m := s.spec.Move
	live, err := domain.Snapshot(ctx, m.Repository, m.Snapshot)
	if err != nil {
		return steps.Evidence{}, err
	}
	if live == nil {
		return steps.Evidence{}, fmt.Errorf("the snapshot %s is not there any more", m.Snapshot)
	}
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return steps.Evidence{}, err
	}
	if err := s.adoptable(w, live, moves); err != nil {
		return steps.Evidence{}, err
	}
	if err := whole(live); err != nil {
		return steps.Evidence{}, err
	}
	w.Fill(holeSnapshotUUID, live.UUID)
	manifest, err := s.manifest(ctx, unmeasured(w, emit, moves), domain, live)
	if err != nil {
		return steps.Evidence{}, err
	}
	data, err := manifest.MarshalJSON() // and not by json.Marshal, which copies it twice more
	if err != nil {
		return steps.Evidence{}, err
	}
	return steps.Evidence{
		Summary: steps.T("%s, %s, all there", steps.Indices(len(live.Indices)), shardCount(live.ShardsDone)),
		Lines: []steps.Text{
			steps.T("snapshot UUID %s, made by %s", live.UUID, live.Version.String()),
			steps.T("the engine reports %s", live.Duration.String()),
		},
		Data: data,
	}, nil
}

func shardCount(n int) steps.Text { return steps.Counted(n, "%d shard", "%d shards") }

// holeSnapshotUUID is what only the engine can give: the snapshot's identity.
const holeSnapshotUUID = "snapshot-uuid"

// manifest is what the snapshot should hold. Of mappings, settings and aliases that is
// certain as far as they were the same before it began: the engine may have written
// them down at any moment between. It is taken once: a later start of the program must not replace what was
// true when the snapshot was taken by what is true later.
func (s snapshotStep) manifest(ctx context.Context, v watch, domain *cluster.Cluster, live *cluster.Snapshot) (Manifest, error) {
	if m := manifestBefore(v.world); m.SnapshotUUID == live.UUID {
		return m, nil
	}
	r := newReading(StepSnapshot, v, false)
	r.beside = true
	m, err := takeManifest(ctx, domain, r, s.spec.Move.Proof)
	if err != nil { // what was read before the snapshot began is still needed
		return m, err
	}
	m.since(s.begun)
	s.begun = nil // it is in m, as far as it counts
	m.SnapshotUUID = live.UUID
	m.EngineSeconds = live.Duration.Seconds()
	return m, nil
}

// Takeback deletes the snapshot, if this run took it.
func (s snapshotStep) Takeback(ctx context.Context, w *engine.World, _ steps.Change, _ engine.Emit) (steps.Text, error) {
	live, kept, err := s.left(ctx, w)
	if err != nil || live == nil {
		return kept, err
	}
	return steps.Text{}, s.allowed(ctx, steps.Source, func(c *cluster.Cluster) error {
		return c.DeleteSnapshot(ctx, s.spec.Move.Repository, s.spec.Move.Snapshot)
	})
}

// Data says what deleting the snapshot loses.
func (s snapshotStep) Data(ctx context.Context, w *engine.World, _ steps.Change) (steps.Text, string, error) {
	live, _, err := s.left(ctx, w)
	if err != nil || live == nil {
		return steps.Text{}, "", err
	}
	return steps.T("the snapshot %s with %s", string(live.Name), steps.Indices(len(live.Indices))), string(live.Name), nil
}

// left is the snapshot as far as it is there to be deleted by this run; kept says
// why it is not. After a clean-up the signer may not even look.
func (s snapshotStep) left(ctx context.Context, w *engine.World) (live *cluster.Snapshot, kept steps.Text, err error) {
	m := s.spec.Move
	err = s.allowed(ctx, steps.Source, func(c *cluster.Cluster) error {
		repo, err := c.Repository(ctx, m.Repository)
		if err != nil {
			return err
		}
		if repo == nil {
			kept = steps.T("the repository %s is not registered any more; the snapshot's files go with the bucket's content", string(m.Repository))
			return nil
		}
		live, err = c.Snapshot(ctx, m.Repository, m.Snapshot)
		return err
	})
	if err != nil || live == nil {
		return nil, kept, err
	}
	if !s.mine(w, live) {
		return nil, steps.T("the snapshot carries the mark of another run"), nil
	}
	return live, kept, nil
}
