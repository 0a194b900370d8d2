package migrate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
)

// Verify reads the snapshot back and writes the manifest that the target will be
// compared with.
func (s snapshotStep) Verify(ctx context.Context, w *engine.World, _ steps.Change) (steps.Evidence, error) {
	domain, err := s.facts.Signer(ctx, steps.Source)
	if err != nil {
		return steps.Evidence{}, err
	}
	m := s.spec.Move
	live, err := domain.Snapshot(ctx, m.Repository, m.Snapshot)
	if err != nil {
		return steps.Evidence{}, err
	}
	if live == nil || live.State != cluster.Success || live.ShardsFailed > 0 {
		return steps.Evidence{}, fmt.Errorf("the snapshot %s is not there as a whole", m.Snapshot)
	}
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return steps.Evidence{}, err
	}
	for _, n := range sourceNames(moves) {
		if !slices.Contains(live.Indices, n) {
			return steps.Evidence{}, fmt.Errorf("the snapshot %s lacks the index %s", m.Snapshot, n)
		}
	}
	w.Fill(holeSnapshotUUID, live.UUID)
	manifest, err := s.manifest(ctx, w, domain, moves, live)
	if err != nil {
		return steps.Evidence{}, err
	}
	data, err := json.Marshal(manifest)
	if err != nil {
		return steps.Evidence{}, err
	}
	return steps.Evidence{
		Summary: steps.T("%d indices, %d shards, all there", len(live.Indices), live.ShardsDone),
		Lines: []steps.Text{
			steps.T("snapshot UUID %s, made by %s", live.UUID, live.Version.String()),
			steps.T("the engine reports %s", live.Duration.String()),
		},
		Data: data,
	}, nil
}

// holeSnapshotUUID is what only the engine can give: the snapshot's identity.
const holeSnapshotUUID = "snapshot-uuid"

// manifest is taken once: a later start of the program must not replace what was
// true when the snapshot was taken by what is true later.
func (s snapshotStep) manifest(ctx context.Context, w *engine.World, domain *cluster.Cluster, moves []steps.Move, live *cluster.Snapshot) (Manifest, error) {
	if e, ok := w.Evidence(StepSnapshot); ok && len(e.Data) > 0 {
		var m Manifest
		if json.Unmarshal(e.Data, &m) == nil && m.SnapshotUUID == live.UUID {
			return m, nil
		}
	}
	m, err := takeManifest(ctx, domain, moves, s.spec.Move.Proof)
	m.SnapshotUUID = live.UUID
	m.EngineSeconds = live.Duration.Seconds()
	return m, err
}

// Takeback deletes the snapshot, if it is still ours.
func (s snapshotStep) Takeback(ctx context.Context, _ *engine.World, c steps.Change, _ engine.Emit) (steps.Text, error) {
	domain, err := s.facts.Signer(ctx, steps.Source)
	if err != nil {
		return steps.Text{}, err
	}
	m := s.spec.Move
	repo, err := domain.Repository(ctx, m.Repository)
	if err != nil {
		return steps.Text{}, err
	}
	if repo == nil {
		return steps.T("the repository %s is not registered any more; the snapshot's files go with the bucket's content", string(m.Repository)), nil
	}
	live, err := domain.Snapshot(ctx, m.Repository, m.Snapshot)
	if err != nil || live == nil {
		return steps.Text{}, err
	}
	if live.Metadata[metadataRun] != s.Mark(c) {
		return steps.T("the snapshot carries the mark of another run"), nil
	}
	return steps.Text{}, domain.DeleteSnapshot(ctx, m.Repository, m.Snapshot)
}

// Data says what deleting the snapshot loses.
func (s snapshotStep) Data(ctx context.Context, _ *engine.World, _ steps.Change) (steps.Text, string, error) {
	domain, err := s.facts.Signer(ctx, steps.Source)
	if err != nil {
		return steps.Text{}, "", err
	}
	m := s.spec.Move
	repo, err := domain.Repository(ctx, m.Repository)
	if err != nil || repo == nil {
		return steps.Text{}, "", err
	}
	live, err := domain.Snapshot(ctx, m.Repository, m.Snapshot)
	if err != nil || live == nil {
		return steps.Text{}, "", err
	}
	return steps.T("the snapshot %s with %d indices", string(m.Snapshot), len(live.Indices)), string(m.Snapshot), nil
}
