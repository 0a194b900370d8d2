package migrate

import (
	"context"
	"maps"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
)

// TypedIndices is the word that has to be typed before restored indices are
// deleted; it is no name of anything else that is asked for.
const TypedIndices = "restored-indices"

// Data says what undoing the restore would lose.
func (s restoreStep) Data(ctx context.Context, w *engine.World, _ steps.Change) (steps.Text, string, error) {
	b, err := s.back(ctx, w)
	if err != nil || len(b.untouched) == 0 {
		return steps.Text{}, "", err
	}
	return steps.T("%d restored indices on the %s domain, untouched since", len(b.untouched), string(s.targetSide())), TypedIndices, nil
}

// Takeback deletes the restored indices that are still exactly what came back:
// same UUID, no operation since. Others belong to whoever wrote to them.
func (s restoreStep) Takeback(ctx context.Context, w *engine.World, _ steps.Change, _ engine.Emit) (steps.Text, error) {
	b, err := s.back(ctx, w)
	if err != nil {
		return steps.Text{}, err
	}
	for _, n := range b.untouched {
		if err := s.allowed(ctx, s.targetSide(), func(c *cluster.Cluster) error { return c.DeleteIndex(ctx, n) }); err != nil {
			return steps.Text{}, err
		}
	}
	return b.kept(), nil
}

// back is what undo finds of the restored indices.
type back struct {
	// untouched may be deleted, written were written to since, unsure cannot be
	// told from those that were.
	untouched, written, unsure []string
}

func (b back) kept() steps.Text {
	switch {
	case len(b.written) > 0 && len(b.unsure) > 0:
		return steps.T("%d indices were written to since they came back, the first is %s; of %d more it cannot be told, the first is %s", len(b.written), b.written[0], len(b.unsure), b.unsure[0])
	case len(b.written) > 0:
		return steps.T("%d indices were written to since they came back, the first is %s", len(b.written), b.written[0])
	case len(b.unsure) > 0:
		return steps.T("the run ended before it could record how %d indices came back, so nobody can tell whether they were written to since; the first is %s. Delete them by hand if nobody needs them", len(b.unsure), b.unsure[0])
	}
	return steps.Text{}
}

// back sorts the indices this run restored by whether somebody wrote to them since.
func (s restoreStep) back(ctx context.Context, w *engine.World) (back, error) {
	var b back
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return b, err
	}
	s.facts.DropAll()
	there, err := s.there(ctx, w, moves)
	if err != nil || len(there.Ours) == 0 {
		return b, err
	}
	var stats map[string]cluster.IndexStats
	err = s.allowed(ctx, s.targetSide(), func(c *cluster.Cluster) (err error) {
		stats, err = c.Stats(ctx, there.Ours)
		return err
	})
	if err != nil {
		return b, err
	}
	recorded, manifest := restoredBefore(w), manifestBefore(w)
	ours, nowhere := set(there.Ours), set(there.Nowhere)
	for _, m := range moves {
		was, known := recorded.Indices[m.As]
		switch {
		case !ours[m.As]:
		case known && was.UUID == stats[m.As].UUID && maps.Equal(was.MaxSeqNo, stats[m.As].MaxSeqNo):
			b.untouched = append(b.untouched, m.As)
		case known:
			b.written = append(b.written, m.As)
		case nowhere[m.As], asManifested(manifest.Indices[m.Index], stats[m.As]):
			b.untouched = append(b.untouched, m.As)
		default:
			b.unsure = append(b.unsure, m.As)
		}
	}
	return b, nil
}

// asManifested compares an index that came back unrecorded, as the run was killed
// meanwhile, with its source right after the snapshot: as many documents and
// every shard at the same operation. A write to it would have moved that on.
func asManifested(source IndexManifest, now cluster.IndexStats) bool {
	return len(source.MaxSeqNo) > 0 && source.Docs == now.Docs && maps.Equal(source.MaxSeqNo, now.MaxSeqNo)
}
