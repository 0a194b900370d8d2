package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
)

type indexName = awsid.IndexName

// recoveryFromSnapshot is the type of a shard's recovery that came from a
// snapshot, as _recovery spells it.
const recoveryFromSnapshot = "SNAPSHOT"

// there sorts the wanted names by what the target has under them.
func (s restoreStep) there(ctx context.Context, w *engine.World, moves []steps.Move) (facts.Arrivals, error) {
	return s.facts.Arrivals(ctx, s.targetSide(), moves, recorded(w))
}

// recorded are the UUIDs of what an earlier start of this run restored.
func recorded(w *engine.World) map[string]string {
	uuids := map[string]string{}
	for n, i := range restoredBefore(w).Indices {
		uuids[n] = i.UUID
	}
	return uuids
}

// whole says that everything has arrived and nothing stands in the way.
func whole(a facts.Arrivals, moves []steps.Move) bool {
	return len(a.Foreign) == 0 && len(a.Ours) == len(moves)
}

// restoreWatch is one Apply.
type restoreWatch struct {
	restoreStep
	domain *cluster.Cluster
	world  *engine.World
	emit   engine.Emit
	moves  []steps.Move
	meter  meter
	calm   int // looks in a row at which nothing moved though something is missing
}

// calmLooks is how often in a row nothing may move before a shard that is not
// assigned is called failed: allocation takes a moment between its tries.
const calmLooks = 5

func (v *restoreWatch) untilDone(ctx context.Context) error {
	since := v.world.Now()
	for n := 0; ; n++ {
		health, err := v.domain.Health(ctx, targetNames(v.moves))
		if err != nil {
			return err
		}
		recoveries, err := v.domain.Recovery(ctx, targetNames(v.moves))
		if err != nil {
			return err
		}
		if v.progress(health, recoveries) {
			v.emit(steps.Waiting{})
			return nil
		}
		if len(recoveries) == 0 {
			v.emit(steps.Waiting{Reason: steps.T("the first shards to be assigned"), Since: since})
		}
		if err := v.stuck(ctx, health, since); err != nil {
			return err
		}
		if err := v.world.Wait(ctx, rest(n)); err != nil {
			return err
		}
	}
}

// progress tells how far the restore is and whether every primary has started.
func (v *restoreWatch) progress(health cluster.Health, recoveries []cluster.ShardRecovery) bool {
	var p steps.Progress
	items := map[string]*steps.ItemProgress{}
	for _, r := range recoveries {
		if !r.Primary || !strings.EqualFold(r.Type, recoveryFromSnapshot) {
			continue
		}
		it := items[r.Index]
		if it == nil {
			it = &steps.ItemProgress{Name: r.Index}
			items[r.Index] = it
		}
		it.DoneBytes += r.Recovered.Bytes
		it.TotalBytes += r.Total.Bytes
		it.TotalShards++
		if strings.EqualFold(r.Stage, "DONE") {
			it.DoneShards++
		} else {
			it.Stage = r.Stage
		}
	}
	started := 0
	for _, m := range v.moves {
		p.TotalShards += m.Primaries
		started += min(health.Indices[m.As].ActivePrimaries, m.Primaries)
		it := items[m.As]
		if it == nil {
			p.TotalBytes += m.Bytes
			continue
		}
		if it.TotalShards < m.Primaries {
			it.TotalBytes = max(it.TotalBytes, m.Bytes) // shards that wait are not told yet
		}
		p.DoneBytes += it.DoneBytes
		p.TotalBytes += it.TotalBytes
		if it.DoneShards < m.Primaries {
			p.Items = append(p.Items, *it)
		}
	}
	p.DoneShards = started
	p.Items = busiest(p.Items)
	v.emit(v.meter.measure(v.world.Now(), p))
	return started == p.TotalShards && len(health.Indices) == len(v.moves)
}

// stuck says why nothing moves any more. An accepted restore is not a restored
// index: with files missing in the bucket a real 3.4.0 answers 200 and leaves a
// red index whose reason stands only in allocation explain.
func (v *restoreWatch) stuck(ctx context.Context, health cluster.Health, since time.Time) error {
	if health.Initializing > 0 || len(health.Indices) == 0 && v.world.Now().Sub(since) < appearWithin {
		v.calm = 0
		return nil
	}
	if v.calm++; v.calm < calmLooks {
		return nil
	}
	for _, m := range v.moves {
		h, ok := health.Indices[m.As]
		if !ok {
			return &steps.Error{
				Summary: steps.T("The target accepted the restore, but there is no index %s", m.As),
				Fix:     steps.T("See GET _cat/recovery on the target; run again to try the restore once more"),
			}
		}
		if h.ActivePrimaries < h.Primaries {
			return v.explain(ctx, m.As, h.Primaries)
		}
	}
	return nil
}

func (v *restoreWatch) explain(ctx context.Context, index string, primaries int) error {
	for shard := range primaries {
		e, err := v.domain.Explain(ctx, index, shard, true)
		if err != nil {
			return err
		}
		if e == nil || e.Details == "" && len(e.Deciders) == 0 {
			continue
		}
		why := strings.TrimSpace(e.Details + " " + strings.Join(e.Deciders, "; "))
		return &steps.Error{
			Summary: steps.T("The index %s came back without shard %d: %s", index, shard, why),
			Fix:     steps.T("Put right what the engine names, delete the red index on the target, and run again"),
			Cause:   errors.New(why),
		}
	}
	return &steps.Error{
		Summary: steps.T("The index %s came back without all its primaries, and the engine does not say why", index),
		Fix:     steps.T("See GET _cluster/allocation/explain on the target"),
	}
}

// restoredBefore is what an earlier start of this run recorded.
func restoredBefore(w *engine.World) Restored {
	var made Restored
	if e, ok := w.Evidence(StepRestore); ok && json.Unmarshal(e.Data, &made) != nil {
		return Restored{}
	}
	return made
}
