package migrate

import (
	"context"
	"maps"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
)

// Data says what undoing the restore would lose.
func (s restoreStep) Data(ctx context.Context, w *engine.World, _ steps.Change) (steps.Text, string, error) {
	untouched, _, err := s.untouched(ctx, w)
	if err != nil || len(untouched) == 0 {
		return steps.Text{}, "", err
	}
	return steps.T("%d restored indices on the %s domain, untouched since", len(untouched), string(s.targetSide())), string(s.spec.Move.Snapshot), nil
}

// Takeback deletes the restored indices that are still exactly what came back:
// same UUID, no operation since. Others belong to whoever wrote to them.
func (s restoreStep) Takeback(ctx context.Context, w *engine.World, _ steps.Change, _ engine.Emit) (steps.Text, error) {
	untouched, moved, err := s.untouched(ctx, w)
	if err != nil {
		return steps.Text{}, err
	}
	domain, err := s.facts.Signer(ctx, s.targetSide())
	if err != nil {
		return steps.Text{}, err
	}
	for _, n := range untouched {
		if err := domain.DeleteIndex(ctx, n); err != nil {
			return steps.Text{}, err
		}
	}
	if len(moved) > 0 {
		return steps.T("%d indices were written to since they came back, the first is %s", len(moved), moved[0]), nil
	}
	return steps.Text{}, nil
}

// untouched sorts the indices this run restored by whether somebody wrote to
// them since. An index that cannot be compared counts as written to.
func (s restoreStep) untouched(ctx context.Context, w *engine.World) (untouched, moved []string, err error) {
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return nil, nil, err
	}
	s.facts.DropAll()
	there, err := s.there(ctx, w, moves)
	if err != nil || len(there.Ours) == 0 {
		return nil, nil, err
	}
	domain, err := s.facts.Signer(ctx, s.targetSide())
	if err != nil {
		return nil, nil, err
	}
	stats, err := domain.Stats(ctx, there.Ours)
	if err != nil {
		return nil, nil, err
	}
	recorded := restoredBefore(w)
	for _, n := range there.Ours {
		if s.same(recorded, n, stats[n]) {
			untouched = append(untouched, n)
		} else {
			moved = append(moved, n)
		}
	}
	return untouched, moved, nil
}

// same compares an index with what was recorded when it had come back. A run
// that was killed before it recorded anything has nobody's later writes to fear
// only where the manifest's own numbers still hold.
func (s restoreStep) same(recorded Restored, index string, now cluster.IndexStats) bool {
	was, ok := recorded.Indices[index]
	return ok && was.UUID == now.UUID && maps.Equal(was.MaxSeqNo, now.MaxSeqNo)
}
