package facts

import (
	"context"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// FactArrivals is what came back from the snapshot on the receiving domain.
const FactArrivals Name = "arrivals"

// Arrivals sorts target names by what the target has under them.
type Arrivals struct {
	// Ours came from the run's snapshot, Foreign are of another origin.
	Ours, Foreign []string
	// Nowhere are those of Ours that have no primary on any node: they wait for
	// their turn, or failed to come back.
	Nowhere []string
}

// Arrivals looks which of the moving indices exist on the receiving side and
// which of them came from our snapshot: the run's own record says so by the
// index's UUID (recorded, by target name), or the engine's record of the
// recovery names the snapshot. Engines forget it when a node starts anew, and
// have none for shards that are on no node: those still wait or have failed, and
// allocation explain tells where they were to come from.
func (f *Facts) Arrivals(ctx context.Context, side steps.Side, moves []steps.Move, recorded map[string]string) (Arrivals, error) {
	var a Arrivals
	there, err := f.Indices(ctx, side)
	if err != nil {
		return a, err
	}
	uuids := map[string]string{}
	for _, i := range there {
		uuids[i.Name] = i.UUID
	}
	var found []string
	for _, m := range moves {
		if _, ok := uuids[m.As]; ok {
			found = append(found, m.As)
		}
	}
	if len(found) == 0 {
		return a, nil
	}
	restored, err := f.restored(ctx, side, found)
	if err != nil {
		return a, err
	}
	for _, n := range found {
		if restored[n] || (uuids[n] != "" && recorded[n] == uuids[n]) {
			a.Ours = append(a.Ours, n)
			continue
		}
		waits, err := f.destined(ctx, side, n)
		switch {
		case err != nil:
			return a, err
		case waits:
			a.Ours, a.Nowhere = append(a.Ours, n), append(a.Nowhere, n)
		default:
			a.Foreign = append(a.Foreign, n)
		}
	}
	return a, nil
}

// Recorded are the UUIDs, by target name, of what an earlier start of this run
// restored.
func (f *Facts) Recorded() map[string]string { return f.opts.Recorded }

// restored are the indices whose shards the engine brought back from our snapshot.
func (f *Facts) restored(ctx context.Context, side steps.Side, indices []string) (map[string]bool, error) {
	return domainFact(ctx, f, FactArrivals, side, strings.Join(indices, ","), func(ctx context.Context, c *cluster.Cluster) (map[string]bool, error) {
		list, err := c.Recovery(ctx, indices)
		if err != nil {
			return nil, err
		}
		from := map[string]bool{}
		for _, r := range list {
			if r.FromSnapshot() && r.Repository == string(f.spec.Move.Repository) && r.Snapshot == string(f.spec.Move.Snapshot) {
				from[r.Index] = true
			}
		}
		return from, nil
	})
}

// destined says that no primary of an index is on a node, and that the first was
// to come from our snapshot.
func (f *Facts) destined(ctx context.Context, side steps.Side, index string) (bool, error) {
	health, err := f.Health(ctx, side)
	if err != nil {
		return false, err
	}
	if h, known := health.Indices[index]; !known || h.ActivePrimaries > 0 || h.Primaries == 0 {
		return false, nil
	}
	return domainFact(ctx, f, FactArrivals, side, "explain "+index, func(ctx context.Context, c *cluster.Cluster) (bool, error) {
		e, err := c.Explain(ctx, index, 0, true)
		if err != nil || e == nil {
			return false, err
		}
		return f.fromOurs(e), nil
	})
}

// fromOurs reads where an unassigned shard was to come from. One that waits has
// "restore_source[REPOSITORY/SNAPSHOT]", one that failed names the snapshot in
// the decider's sentence (bodies of 2.19.4 and 3.4.0).
func (f *Facts) fromOurs(e *cluster.Explanation) bool {
	m := f.spec.Move
	if strings.HasPrefix(e.Details, "restore_source["+string(m.Repository)+"/"+string(m.Snapshot)+"]") {
		return true
	}
	failed := "failed to be restored from the snapshot [" + string(m.Repository) + ":" + string(m.Snapshot) + "/"
	for _, d := range e.Deciders {
		if strings.Contains(d, failed) {
			return true
		}
	}
	return false
}
