package migrate

import (
	"context"
	"slices"
	"time"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
)

// defaultThrottle is what each node moves at most, to and from a repository, as
// long as nobody set it otherwise (engine default of max_snapshot_bytes_per_sec
// and max_restore_bytes_per_sec).
const defaultThrottle = 40 << 20

// Describe tells what moves, what stays and why, and how long it may take.
func (s snapshotStep) Describe(ctx context.Context, w *engine.World) ([]steps.Move, []steps.Stay, steps.Estimate, error) {
	moves, stays, err := s.moves(ctx, w)
	if err != nil {
		return nil, nil, steps.Estimate{}, err
	}
	if !facts.AliasesMove(s.spec) {
		stays = append(slices.Clone(stays), steps.Stay{What: "alias", Why: steps.T("beside the originals the copies would be found through it, too")})
	}
	e := steps.Estimate{Cost: []steps.Text{
		steps.T("S3: storage of the snapshot until the bucket is emptied, and one request for each file and each part of a large one"),
	}}
	for _, m := range moves {
		e.Bytes += m.Bytes
	}
	if s.spec.Source.Region != s.spec.Target.Region {
		e.Cost = append(e.Cost, steps.T("transfer between %s and %s for %d bytes", string(s.spec.Source.Region), string(s.spec.Target.Region), e.Bytes))
	}
	if !s.spec.Bucket.KMSKey.IsZero() {
		e.Cost = append(e.Cost, steps.T("KMS requests, few because of the bucket key"))
	}
	for _, leg := range []struct {
		side steps.Side
		took *time.Duration
		what string
	}{{steps.Source, &e.Snapshot, "snapshot"}, {s.targetSide(), &e.Restore, "restore"}} {
		h, err := s.facts.Health(ctx, leg.side)
		if err != nil {
			e.Basis = append(e.Basis, steps.T("%s: no guess, as the number of nodes is not known", leg.what))
			continue
		}
		nodes := max(h.DataNodes, 1)
		*leg.took = time.Duration(float64(e.Bytes) / float64(nodes*defaultThrottle) * float64(time.Second))
		e.Basis = append(e.Basis, steps.T("%s: at most 40 MiB/s on each of %d nodes, the engine's default throttle; small shards and few of them take longer", leg.what, nodes))
	}
	return moves, stays, e, nil
}
