package migrate

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// greenWithin bounds the wait for replicas: copying them is bound by the same
// throttle as restoring, and a large domain needs hours. calmFor bounds how long
// none may be on its way.
const (
	greenWithin = 24 * time.Hour
	calmFor     = 10 * time.Minute
)

// settleWatch is one Apply.
type settleWatch struct {
	watch
	domain *cluster.Cluster
	// busy is when a copy was last on its way.
	busy time.Time
}

func (v *settleWatch) untilGreen(ctx context.Context) error {
	v.busy = v.since
	for n := 0; ; n++ {
		looked := v.world.Now()
		h, err := v.domain.Health(ctx, targetNames(v.moves))
		if err != nil {
			return err
		}
		missing := v.count(h, n == 0)
		if h.Status == "green" && len(h.Indices) == len(v.moves) {
			v.goOn()
			return nil
		}
		if err := v.ends(ctx, h); err != nil {
			return err
		}
		v.waitFor(steps.T("the replicas to be copied; shards that are not there yet: %d", missing))
		if err := v.world.Wait(ctx, restAfter(n, v.world.Now().Sub(looked))); err != nil {
			return err
		}
	}
}

// count tells how many copies are there, of as many as there were to be when the
// watch began, and gives how many are missing.
func (v *settleWatch) count(h cluster.Health, first bool) int {
	items := make([]steps.ItemProgress, 0, len(h.Indices))
	copies := map[string]extent{}
	missing := 0
	for name, i := range h.Indices {
		missing += i.Initializing + i.Unassigned
		items = append(items, steps.ItemProgress{Name: name, DoneShards: i.Active})
		if first {
			copies[name] = extent{shards: i.Active + i.Initializing + i.Unassigned}
		}
	}
	if first {
		v.gauge = gaugeOf(copies, v.since)
	}
	v.emit(v.gauge.show(v.world.Now(), items))
	return missing
}

// ends says why green will not come: an index is gone, the engine has no place
// for a copy, or it took too long.
func (v *settleWatch) ends(ctx context.Context, h cluster.Health) error {
	now := v.world.Now()
	for _, m := range v.moves {
		if _, there := h.Indices[m.As]; !there {
			return &steps.Error{
				Summary: steps.T("The restored index %s is not on the target any more", m.As),
				Fix:     steps.T("Run again: only what is missing is restored"),
			}
		}
	}
	if h.Initializing > 0 || h.Relocating > 0 {
		v.busy = now
	}
	if now.Sub(v.busy) < calmFor && now.Sub(v.since) < greenWithin {
		return nil
	}
	return &steps.Error{
		Summary: steps.T("The restored indices are %s since %s; shards that are not assigned: %d. %s", h.Status, now.Sub(v.since).Round(time.Minute).String(), h.Unassigned, v.reason(ctx, h)),
		Fix:     steps.T("More nodes or more disk help, or a lower index.number_of_replicas; the data is there, so this step may be skipped"),
	}
}

// reason is what the engine says of the first copy it has no place for, where a few
// questions find one. Not being told is no trouble of its own here.
func (v *settleWatch) reason(ctx context.Context, h cluster.Health) string {
	left := mostExplained
	for _, name := range slices.Sorted(maps.Keys(h.Indices)) {
		if h.Indices[name].Unassigned == 0 {
			continue
		}
		for shard := range min(left, h.Indices[name].Primaries) {
			left--
			e, err := v.domain.Explain(ctx, name, shard, false)
			if err == nil && e != nil && e.State == "unassigned" {
				return strings.TrimSpace(e.Why + ": " + strings.Join(e.Deciders, "; "))
			}
		}
	}
	return ""
}
