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
	return moves, stays, s.estimate(ctx, w, moves), nil
}

// estimate is of what is left to be done: a snapshot that is there and finished is not
// taken again, and of the indices only those come that are not there yet.
func (s snapshotStep) estimate(ctx context.Context, w *engine.World, moves []steps.Move) steps.Estimate {
	var e steps.Estimate
	left, taken := moves, s.taken(ctx)
	if taken {
		left = s.toCome(ctx, w, moves)
	}
	e.Bytes, e.Cost = size(left), s.cost(moves, left)
	guess := func(l leg) (took time.Duration) {
		took, basis := s.guess(ctx, l, e.Bytes)
		e.Basis = append(e.Basis, basis)
		return took
	}
	if taken {
		e.Basis = append(e.Basis, steps.T("snapshot: %s is there already, and finished", string(s.spec.Move.Snapshot)))
	} else {
		e.Snapshot = guess(leg{steps.Source, "snapshot", "max_snapshot_bytes_per_sec", ""})
	}
	switch {
	case len(left) == 0:
		e.Basis = append(e.Basis, steps.T("restore: all of it is there already"))
		return e
	case len(left) < len(moves):
		e.Basis = append(e.Basis, steps.T("restore: %d of %d indices are there already", len(moves)-len(left), len(moves)))
	}
	e.Restore = guess(leg{s.targetSide(), "restore", "max_restore_bytes_per_sec", "indices.recovery.max_bytes_per_sec"})
	return e
}

// taken says that the snapshot is there and finished.
func (s snapshotStep) taken(ctx context.Context) bool {
	live, err := s.facts.Snapshot(ctx, steps.Source, s.spec.Move.Repository, s.spec.Move.Snapshot)
	return err == nil && live != nil && whole(live) == nil
}

// toCome are the moves that have not come back yet, all of them where nothing tells.
func (s snapshotStep) toCome(ctx context.Context, w *engine.World, moves []steps.Move) []steps.Move {
	there, err := restoreStep(s).there(ctx, w, moves)
	if err != nil {
		return moves
	}
	health, err := s.facts.Health(ctx, s.targetSide())
	if err != nil {
		return moves
	}
	ours := set(there.Ours)
	return slices.DeleteFunc(slices.Clone(moves), func(m steps.Move) bool { return ours[m.As] && done(health, []steps.Move{m}) })
}

func size(moves []steps.Move) (bytes int64) {
	for _, m := range moves {
		bytes += m.Bytes
	}
	return bytes
}

// cost is what is billed: what lies in the bucket is there for all that moves, what is
// left of it is still to be asked for and to be carried.
func (s snapshotStep) cost(moves, left []steps.Move) []steps.Text {
	stored := steps.Size(size(moves))
	if len(left) == 0 {
		return []steps.Text{steps.T("S3: %s stored until the bucket is emptied", stored)}
	}
	shards := 0
	for _, m := range left {
		shards += m.Primaries
	}
	list := []steps.Text{steps.T(
		"S3: %s stored until the bucket is emptied, and a request for each file of %s and each part of a large one",
		stored, shardCount(shards),
	)}
	if s.spec.Source.Region != s.spec.Target.Region {
		list = append(list, steps.T("transfer of %s between %s and %s", steps.Size(size(left)), string(s.spec.Source.Region), string(s.spec.Target.Region)))
	}
	if !s.spec.Bucket.KMSKey.IsZero() {
		list = append(list, steps.T("KMS requests, few because of the bucket key"))
	}
	return list
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
