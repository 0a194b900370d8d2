package migrate

import (
	"context"
	"encoding/json"
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
	manifest, err := s.manifest(ctx, newWatch(w, emit, moves), domain, live)
	if err != nil {
		return steps.Evidence{}, err
	}
	data, err := json.Marshal(manifest)
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

// manifest is taken once: a later start of the program must not replace what was
// true when the snapshot was taken by what is true later.
func (s snapshotStep) manifest(ctx context.Context, v watch, domain *cluster.Cluster, live *cluster.Snapshot) (Manifest, error) {
	if m := manifestBefore(v.world); m.SnapshotUUID == live.UUID {
		return m, nil
	}
	r := newReading(v, false)
	r.beside = true
	m, err := takeManifest(ctx, domain, r, s.spec.Move.Proof)
	m.SnapshotUUID = live.UUID
	m.EngineSeconds = live.Duration.Seconds()
	return m, err
}

// Takeback deletes the snapshot, if this run took it.
func (s snapshotStep) Takeback(ctx context.Context, w *engine.World, _ steps.Change, _ engine.Emit) (steps.Text, error) {
	domain, live, kept, err := s.left(ctx, w)
	if err != nil || live == nil {
		return kept, err
	}
	return steps.Text{}, domain.DeleteSnapshot(ctx, s.spec.Move.Repository, s.spec.Move.Snapshot)
}

// Data says what deleting the snapshot loses.
func (s snapshotStep) Data(ctx context.Context, w *engine.World, _ steps.Change) (steps.Text, string, error) {
	_, live, _, err := s.left(ctx, w)
	if err != nil || live == nil {
		return steps.Text{}, "", err
	}
	return steps.T("the snapshot %s with %s", string(live.Name), steps.Indices(len(live.Indices))), string(live.Name), nil
}

// left is the snapshot as far as it is there to be deleted by this run; kept says
// why it is not.
func (s snapshotStep) left(ctx context.Context, w *engine.World) (domain *cluster.Cluster, live *cluster.Snapshot, kept steps.Text, err error) {
	m := s.spec.Move
	if domain, err = s.facts.Signer(ctx, steps.Source); err != nil {
		return nil, nil, kept, err
	}
	repo, err := domain.Repository(ctx, m.Repository)
	if err != nil {
		return nil, nil, kept, err
	}
	if repo == nil {
		return nil, nil, steps.T("the repository %s is not registered any more; the snapshot's files go with the bucket's content", string(m.Repository)), nil
	}
	if live, err = domain.Snapshot(ctx, m.Repository, m.Snapshot); err != nil || live == nil {
		return nil, nil, kept, err
	}
	if !s.mine(w, live) {
		return nil, nil, steps.T("the snapshot carries the mark of another run"), nil
	}
	return domain, live, kept, nil
}
