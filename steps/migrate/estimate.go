package migrate

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// Describe tells what moves, what stays and why, and how long it may take.
func (s snapshotStep) Describe(ctx context.Context, w *engine.World) ([]steps.Move, []steps.Stay, steps.Estimate, error) {
	moves, stays, err := s.wanted(ctx, w)
	if err != nil {
		return nil, nil, steps.Estimate{}, err
	}
	switch {
	case facts.AliasesMove(s.spec):
	case s.spec.Move.Aliases == spec.AliasesLeave:
		stays = append(slices.Clip(stays), steps.Stay{What: "alias", Why: steps.T("left behind, as was answered under move.aliases; put on by hand what is wanted")})
	default:
		stays = append(slices.Clip(stays), steps.Stay{What: "alias", Why: steps.T("beside the originals the copies would be found through it, too")})
	}
	e, shards := steps.Estimate{}, 0
	for _, m := range moves {
		e.Bytes, shards = e.Bytes+m.Bytes, shards+m.Primaries
	}
	e.Cost = []steps.Text{steps.T(
		"S3: %s stored until the bucket is emptied, and a request for each file of %s and each part of a large one",
		steps.Size(e.Bytes), steps.Counted(shards, "%d shard", "%d shards"),
	)}
	if s.spec.Source.Region != s.spec.Target.Region {
		e.Cost = append(e.Cost, steps.T("transfer of %s between %s and %s", steps.Size(e.Bytes), string(s.spec.Source.Region), string(s.spec.Target.Region)))
	}
	if !s.spec.Bucket.KMSKey.IsZero() {
		e.Cost = append(e.Cost, steps.T("KMS requests, few because of the bucket key"))
	}
	for _, l := range []struct {
		leg
		took *time.Duration
	}{{leg{steps.Source, "snapshot", "max_snapshot_bytes_per_sec", ""}, &e.Snapshot}, {leg{s.targetSide(), "restore", "max_restore_bytes_per_sec", "indices.recovery.max_bytes_per_sec"}, &e.Restore}} {
		var basis steps.Text
		*l.took, basis = s.guess(ctx, l.leg, e.Bytes)
		e.Basis = append(e.Basis, basis)
	}
	return moves, stays, e, nil
}

// leg is one way of the data: over which domain, and what may throttle it there,
// a setting of the repository and one of the cluster.
type leg struct {
	side                steps.Side
	what                string
	repository, cluster string
}

// defaultThrottle is what each node moves at most, to and from a repository, as
// long as nobody set it otherwise (engine default of max_snapshot_bytes_per_sec
// and max_restore_bytes_per_sec).
const defaultThrottle = 40 << 20

// guess says how long a leg takes at best, and on what that rests.
func (s snapshotStep) guess(ctx context.Context, l leg, bytes int64) (time.Duration, steps.Text) {
	h, err := s.facts.Health(ctx, l.side)
	if err != nil {
		return 0, steps.T("%s: no guess, as the number of nodes is not known", l.what)
	}
	rate, from := s.throttle(ctx, l)
	nodes := max(h.DataNodes, 1)
	took := time.Duration(float64(bytes) / (float64(nodes) * float64(rate)) * float64(time.Second))
	return took, steps.T("%s: at most %d MiB/s on %s, %s; small shards and few of them take longer", l.what, rate>>20, steps.Counted(nodes, "its %d node", "each of %d nodes"), from)
}

// throttle is the lowest rate that a leg is held to, and where it is from. A
// repository that is not registered yet gets the default.
func (s snapshotStep) throttle(ctx context.Context, l leg) (rate int64, from steps.Text) {
	rate, from = defaultThrottle, steps.T("the engine's default throttle")
	r, err := s.facts.Repository(ctx, l.side, s.spec.Move.Repository)
	if err == nil && r != nil {
		if n := byteSize(r.Settings[l.repository]); n > 0 {
			rate, from = n, steps.T("the repository's %s", l.repository)
		}
	}
	if l.cluster == "" {
		return rate, from
	}
	settings, err := s.facts.Settings(ctx, l.side)
	if n := byteSize(settings[l.cluster]); err == nil && n > 0 && n < rate {
		rate, from = n, steps.T("the domain's %s", l.cluster)
	}
	return rate, from
}

// byteSize reads the engine's sizes ("40mb", "1g", "524288b"); 0 is none or no limit.
func byteSize(text string) int64 {
	text = strings.ToLower(strings.TrimSpace(text))
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz ")
	unit, known := map[string]int64{"b": 1, "": 1, "k": 1 << 10, "kb": 1 << 10, "m": 1 << 20, "mb": 1 << 20, "g": 1 << 30, "gb": 1 << 30, "t": 1 << 40, "tb": 1 << 40}[strings.TrimSpace(text[len(digits):])]
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil || !known || n < 0 {
		return 0
	}
	return int64(n * float64(unit))
}
