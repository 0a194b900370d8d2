package facts

import (
	"context"
	"slices"
	"strings"
	"time"

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
// recovery names the snapshot, and a time at which that was whole: names are the same
// for everybody who does not change them. Engines forget it when a node starts anew,
// and have none for shards that are on no node: those still wait or have failed, and
// what it noted about them tells where they were to come from.
func (f *Facts) Arrivals(ctx context.Context, side steps.Side, moves []steps.Move, recorded map[string]string) (Arrivals, error) {
	var a Arrivals
	there, err := f.Indices(ctx, side)
	if err != nil {
		return a, err
	}
	uuids, open := map[string]string{}, map[string]bool{}
	for _, i := range there {
		uuids[i.Name], open[i.Name] = i.UUID, i.Open
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
	known := func(n string) bool { return restored[n] || (uuids[n] != "" && recorded[n] == uuids[n]) }
	waiting, err := f.destined(ctx, side, slices.DeleteFunc(slices.Clone(found), func(n string) bool { return known(n) || !open[n] }))
	if err != nil {
		return a, err
	}
	for _, n := range found {
		switch {
		case known(n):
			a.Ours = append(a.Ours, n)
		case waiting[n]:
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

// Run is the run of the run directory, "" where there is none yet.
func (f *Facts) Run() string { return f.opts.Run }

// restored are the indices whose shards the engine brought back from our snapshot.
func (f *Facts) restored(ctx context.Context, side steps.Side, indices []string) (map[string]bool, error) {
	began, err := domainFact(ctx, f, FactArrivals, side, strings.Join(indices, ","), func(ctx context.Context, c *cluster.Cluster) (map[string]time.Time, error) {
		list, err := c.Recovery(ctx, indices)
		if err != nil {
			return nil, err
		}
		began := map[string]time.Time{}
		for _, r := range list {
			if !r.FromSnapshot() || r.Repository != string(f.spec.Move.Repository) || r.Snapshot != string(f.spec.Move.Snapshot) {
				continue
			}
			if first, known := began[r.Index]; !known || r.Start.Before(first) {
				began[r.Index] = r.Start
			}
		}
		return began, nil
	})
	if err != nil || len(began) == 0 {
		return nil, err
	}
	snapshot, err := f.taken(ctx, side)
	if err != nil {
		return nil, err
	}
	from := map[string]bool{}
	for n, at := range began {
		from[n] = canHold(snapshot, at)
	}
	return from, nil
}

// taken is our snapshot, nil where there is none. A target may have no registration of
// the repository yet, or none any more, where the source has one.
func (f *Facts) taken(ctx context.Context, side steps.Side) (*cluster.Snapshot, error) {
	m := f.spec.Move
	s, err := f.Snapshot(ctx, side, m.Repository, m.Snapshot)
	if s != nil || err != nil || side == steps.Source {
		return s, err
	}
	return f.Snapshot(ctx, steps.Source, m.Repository, m.Snapshot)
}

// canHold says that what began to come back at a time can be from a snapshot: it was
// whole by then.
func canHold(s *cluster.Snapshot, at time.Time) bool {
	return s != nil && !s.End.IsZero() && !at.Before(s.End)
}

// What an engine notes about a shard on no node: that it waits for our snapshot, or
// that bringing it back from that one failed [seen on 7.10.2, 2.19.4 and 3.4.0 nodes].

// explained bounds the shards that are explained one by one, where what the engine
// noted about them all does not tell. What is not explained is not ours: it is left
// alone.
const explained = 20

// destined are those of the indices of which no primary is on a node, and whose
// first was to come from our snapshot.
func (f *Facts) destined(ctx context.Context, side steps.Side, indices []string) (map[string]bool, error) {
	health, err := f.Health(ctx, side)
	if err != nil {
		return nil, err
	}
	nowhere := slices.DeleteFunc(indices, func(n string) bool {
		h, known := health.Indices[n]
		return !known || h.ActivePrimaries > 0 || h.Primaries == 0
	})
	if len(nowhere) == 0 {
		return nil, nil
	}
	snapshot, err := f.taken(ctx, side)
	if err != nil || snapshot == nil {
		return nil, err
	}
	return domainFact(ctx, f, FactArrivals, side, "nowhere "+strings.Join(nowhere, ","), func(ctx context.Context, c *cluster.Cluster) (map[string]bool, error) {
		notes, err := c.Unassigned(ctx, nowhere)
		if err != nil {
			return nil, err
		}
		ours, asked := map[string]bool{}, 0
		for _, n := range nowhere {
			note, there := notes[n]
			switch {
			case !there:
			case strings.HasPrefix(note.Details, "restore_source["):
				ours[n] = f.awaits(snapshot, note)
			case strings.Contains(note.Details, "failed to restore snapshot ["+string(snapshot.Name)+"/"+snapshot.UUID+"]"):
				ours[n] = true
			case asked < explained:
				asked++
				e, err := c.Explain(ctx, n, 0, true)
				if err != nil {
					return nil, err
				}
				ours[n] = e != nil && f.fromOurs(snapshot, e)
			}
		}
		return ours, nil
	})
}

// awaits says of an engine's note that a shard is still to come from our snapshot.
func (f *Facts) awaits(s *cluster.Snapshot, note cluster.Note) bool {
	return strings.HasPrefix(note.Details, "restore_source["+string(f.spec.Move.Repository)+"/"+string(s.Name)+"]") && canHold(s, note.At)
}

// fromOurs reads where an unassigned shard was to come from. One that waits has
// "restore_source[REPOSITORY/SNAPSHOT]", one that failed names the snapshot in
// the decider's sentence (bodies of 2.19.4 and 3.4.0).
func (f *Facts) fromOurs(s *cluster.Snapshot, e *cluster.Explanation) bool {
	if f.awaits(s, cluster.Note{Details: e.Details, At: e.At}) {
		return true
	}
	failed := "failed to be restored from the snapshot [" + string(f.spec.Move.Repository) + ":" + string(s.Name) + "/" + s.UUID + "]"
	for _, d := range e.Deciders {
		if strings.Contains(d, failed) {
			return true
		}
	}
	return false
}
