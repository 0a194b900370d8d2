package migrate

import (
	"context"
	"slices"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
)

// there sorts the wanted names by what the target has under them.
func (s restoreStep) there(ctx context.Context, w *engine.World, moves []steps.Move) (facts.Arrivals, error) {
	return s.facts.Arrivals(ctx, s.targetSide(), moves, restoredBefore(w).uuids())
}

// restoreWatch is one Apply.
type restoreWatch struct {
	restoreStep
	watch
	domain *cluster.Cluster
	calm   int // looks in a row at which nothing moved though something is missing
	asked  int // how many shards the engine was asked about
}

// calmLooks is how often in a row nothing may move before the engine is asked
// why: allocation takes a moment between its tries.
const calmLooks = 5

func (v *restoreWatch) untilDone(ctx context.Context) error {
	for n := 0; ; n++ {
		looked := v.world.Now()
		health, err := v.domain.Health(ctx, targetNames(v.moves))
		if err != nil {
			return err
		}
		if done(health, v.moves) {
			v.goOn()
			v.emit(v.gauge.whole())
			return nil
		}
		recoveries, err := v.recoveries(ctx)
		if err != nil {
			return err
		}
		if err := v.show(restored(health, recoveries, v.moves)); err != nil {
			return err
		}
		if err := v.stuck(ctx, health); err != nil {
			return err
		}
		if err := v.world.Wait(ctx, restAfter(n, v.world.Now().Sub(looked))); err != nil {
			return err
		}
	}
}

// manyIndices is from where on it is not each of them that is asked for, but what
// is under way: what a look costs must not grow with what is done.
const manyIndices = 200

func (v *restoreWatch) recoveries(ctx context.Context) ([]cluster.ShardRecovery, error) {
	if len(v.moves) > manyIndices {
		return v.domain.ActiveRecoveries(ctx)
	}
	return v.domain.Recovery(ctx, targetNames(v.moves))
}

// done says that every primary of every index has started.
func done(health cluster.Health, moves []steps.Move) bool {
	for _, m := range moves {
		if h, there := health.Indices[m.As]; !there || h.ActivePrimaries < h.Primaries {
			return false
		}
	}
	return true
}

// restored is how far each index is. What has started counts as whole, whatever
// the engine still remembers of its way, or was asked about it.
func restored(health cluster.Health, recoveries []cluster.ShardRecovery, moves []steps.Move) []steps.ItemProgress {
	items := make([]steps.ItemProgress, len(moves))
	place := map[string]*steps.ItemProgress{}
	told := map[string]int{} // shards that are done, by index
	for i, m := range moves {
		items[i] = steps.ItemProgress{Name: m.As, DoneShards: health.Indices[m.As].ActivePrimaries}
		place[m.As] = &items[i]
	}
	for _, r := range recoveries {
		it := place[r.Index]
		if it == nil || !r.Primary || !r.FromSnapshot() {
			continue
		}
		it.DoneBytes += r.Recovered.Bytes
		it.TotalBytes += r.Total.Bytes
		it.TotalShards++
		if strings.EqualFold(r.Stage, "DONE") {
			told[r.Index]++
		} else {
			it.Stage = r.Stage
		}
	}
	for i, m := range moves {
		if untold := items[i].DoneShards - told[m.As]; untold > 0 && m.Primaries > 0 {
			share := m.Bytes * int64(untold) / int64(m.Primaries)
			items[i].DoneBytes += share
			items[i].TotalBytes += share
			items[i].TotalShards += untold
		}
	}
	return items
}

// stuck says why nothing moves any more. An accepted restore is not a restored
// index: with files missing in the bucket a real 3.4.0 answers 200 and leaves a
// red index whose reason stands only in allocation explain.
func (v *restoreWatch) stuck(ctx context.Context, health cluster.Health) error {
	switch {
	case health.Initializing > 0:
		v.calm = 0
		v.goOn()
		return nil
	case len(health.Indices) == 0 && v.world.Now().Sub(v.since) < appearWithin:
		v.waitFor(steps.T("the restored indices to appear"))
		return nil
	}
	if v.calm++; v.calm < calmLooks {
		return nil
	}
	v.calm = 0
	var shards []shardOf
	missing := 0
	for _, m := range v.moves {
		h, there := health.Indices[m.As]
		if !there {
			return &steps.Error{
				Summary: steps.T("The target accepted the restore, but there is no index %s", m.As),
				Fix:     steps.T("Somebody may have deleted it. Run again: only what is missing is restored"),
			}
		}
		if h.ActivePrimaries == h.Primaries {
			continue
		}
		missing += h.Primaries - h.ActivePrimaries
		for n := range h.Primaries {
			shards = append(shards, shardOf{m, n})
		}
	}
	shards, err := v.undone(ctx, shards)
	if err != nil {
		return err
	}
	return v.explain(ctx, shards, missing)
}

// undone leaves out the shards that the engine lists as recovered. Health tells how many
// primaries an index lacks and not which: among thousands that have started the one that
// never will would not have its turn before all is given up.
func (v *restoreWatch) undone(ctx context.Context, shards []shardOf) ([]shardOf, error) {
	var names []string
	for _, s := range shards {
		if n := len(names); n < manyIndices && (n == 0 || names[n-1] != s.move.As) {
			names = append(names, s.move.As)
		}
	}
	if len(shards) <= mostExplained {
		return shards, nil
	}
	list, err := v.domain.Recovery(ctx, names)
	if err != nil {
		return nil, err
	}
	type shard struct {
		index string
		n     int
	}
	done := map[shard]bool{}
	for _, r := range list {
		if r.Primary && strings.EqualFold(r.Stage, "DONE") {
			done[shard{r.Index, r.Shard}] = true
		}
	}
	if left := slices.DeleteFunc(slices.Clone(shards), func(s shardOf) bool { return done[shard{s.move.As, s.n}] }); len(left) > 0 {
		return left, nil
	}
	return shards, nil // one that was there is lost again
}

// shardOf is a shard of an index that has not come back whole.
type shardOf struct {
	move steps.Move
	n    int
}

// mostExplained is how many shards the engine is asked about at one look: each is a
// call of its own, and there may be thousands.
const mostExplained = 8

// explain asks about shards that may not be there, a few at a time and all in their
// turn. The first that only waits for its own is shown as what is waited for.
func (v *restoreWatch) explain(ctx context.Context, shards []shardOf, missing int) error {
	if len(shards) <= mostExplained {
		v.asked = 0
	}
	var waits steps.Text
	for range min(mostExplained, len(shards)) {
		s := shards[v.asked%len(shards)]
		v.asked++
		e, err := v.domain.Explain(ctx, s.move.As, s.n, true)
		if err != nil {
			return err
		}
		switch {
		case e == nil || e.State != "unassigned":
		case e.Allocate == "no" || e.Allocate == "no_valid_shard_copy":
			return hopeless(s.move, s.n, e)
		case waits.IsZero():
			waits = steps.T("shard %d of %s to have its turn: %s; others that are not there yet: %d", s.n, s.move.As, e.Why, missing-1)
		}
	}
	if !waits.IsZero() {
		v.waitFor(waits)
	}
	return nil
}

// hopeless is a shard that the engine has given up on.
func hopeless(m steps.Move, shard int, e *cluster.Explanation) error {
	text := e.Details
	if e.Attempts == 0 && len(e.Deciders) > 0 {
		text = strings.Join(e.Deciders, "; ") // it was never tried
	}
	cause, path := said(text), m.As
	if m.Stream != "" {
		path = "_data_stream/" + m.StreamAs // the index cannot come back without it
	}
	return &steps.Error{
		Summary: steps.T("The index %s came back without shard %d: %s", m.As, shard, cause.Message),
		Fix:     steps.T("Put right what the engine names, delete it on the target (DELETE /%s), and run again: only what is missing is restored", path),
		Cause:   cause,
	}
}

// said is what the engine put into a sentence, with the innermost cause first:
// the outermost type is only the symptom.
func said(text string) *failure.Failure {
	f := &failure.Failure{Kind: failure.Unknown, Front: failure.FrontEngine, Message: text, Chain: failure.Nested(text), Body: []byte(text)}
	if last := f.Innermost(); last.Type != "" {
		f.Message = last.Type + ": " + last.Reason
	}
	return f
}
