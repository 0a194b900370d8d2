package facts

import (
	"context"
	"slices"
	"strings"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// FactArrivals is what came back from the snapshot on the receiving domain.
const FactArrivals Name = "arrivals"

// recoveryFromSnapshot is the type of a shard's recovery that came from a
// snapshot, as _recovery spells it.
const recoveryFromSnapshot = "SNAPSHOT"

// Arrivals sorts target names by what the target has under them.
type Arrivals struct {
	// Ours came from the run's snapshot, Foreign are of another origin.
	Ours, Foreign []string
}

// Arrivals looks which of the moving indices exist on the receiving side and
// which of them came from our snapshot: the run's own record says so by the
// index's UUID (recorded, by target name), or the engine's record of the
// recovery names the snapshot. Engines forget it when a node starts anew.
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
		} else {
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
			if strings.EqualFold(r.Type, recoveryFromSnapshot) && r.Repository == string(f.spec.Move.Repository) && r.Snapshot == string(f.spec.Move.Snapshot) {
				from[r.Index] = true
			}
		}
		return from, nil
	})
}

// Clash is a name on the receiving side that stands in the way.
type Clash struct {
	Name string
	Why  steps.Text
}

// Clashes lists what keeps indices from coming back under their names: indices
// of another origin, and aliases of the name, as one name cannot be both.
func (f *Facts) Clashes(ctx context.Context, side steps.Side, moves []steps.Move) ([]Clash, error) {
	a, err := f.Arrivals(ctx, side, moves, f.Recorded())
	if err != nil {
		return nil, err
	}
	var list []Clash
	for _, n := range a.Foreign {
		if !slices.ContainsFunc(f.spec.Move.Overwrite, func(o awsid.IndexName) bool { return string(o) == n }) {
			list = append(list, Clash{n, steps.T("the target has an index of that name already")})
		}
	}
	there, err := f.Indices(ctx, side)
	if err != nil {
		return nil, err
	}
	coming := map[string]bool{}
	for _, m := range moves {
		coming[m.As] = true
	}
	for _, i := range there {
		for _, alias := range i.Aliases {
			if coming[alias] && !slices.Contains(a.Ours, i.Name) {
				list = append(list, Clash{alias, steps.T("the target has an alias of that name, on index %s", i.Name)})
			}
		}
	}
	return list, nil
}
