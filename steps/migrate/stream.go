package migrate

import (
	"context"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// A data stream is a name for a row of hidden indices. Each of these is a move of
// its own, to be counted, watched and proven like any other; but only by the
// stream's name is it taken and brought back as a stream.

// streamNames are the data streams among moves, as the source names them.
func streamNames(moves []steps.Move) []string {
	var list []string
	for _, s := range facts.Streams(moves) {
		list = append(list, s.Name)
	}
	return list
}

// streamsAs are their names on the target.
func streamsAs(moves []steps.Move) []string {
	var list []string
	for _, s := range facts.Streams(moves) {
		list = append(list, s.As)
	}
	return list
}

// asked are the names a snapshot is asked for: a stream's own brings its indices
// along, theirs alone would make plain indices of them.
func asked(moves []steps.Move) []string {
	list := streamNames(moves)
	for _, m := range moves {
		if m.Stream == "" {
			list = append(list, m.Index)
		}
	}
	return list
}

// grown are moves with every index that their data streams have by now, among
// those of the names given: a stream moves whole, whenever it was rolled over.
func (r *route) grown(ctx context.Context, moves []steps.Move, streamOf map[string]string) ([]steps.Move, error) {
	streams := set(streamNames(moves))
	if len(streams) == 0 {
		return moves, nil
	}
	there, err := r.facts.Indices(ctx, steps.Source)
	if err != nil {
		return nil, err
	}
	known := map[string]facts.Index{}
	for _, x := range there {
		known[x.Name] = x
	}
	planned, move := set(sourceNames(moves)), r.facts.Mover()
	moves = slices.Clone(moves)
	for _, name := range slices.Sorted(maps.Keys(streamOf)) {
		if stream := streamOf[name]; streams[stream] && !planned[name] {
			x := known[name] // nothing but its name is known of one that is gone since
			x.Name, x.DataStream = name, stream
			moves = append(moves, move(x))
		}
	}
	slices.SortStableFunc(moves, func(a, b steps.Move) int { return strings.Compare(a.Index, b.Index) })
	return moves, nil
}

// ofStreams are the indices behind the source's data streams as they are.
func (r *route) ofStreams(ctx context.Context) (map[string]string, error) {
	there, err := r.facts.Indices(ctx, steps.Source)
	if err != nil {
		return nil, err
	}
	of := map[string]string{}
	for _, x := range there {
		if x.DataStream != "" {
			of[x.Name] = x.DataStream
		}
	}
	return of, nil
}

// inSnapshot are the indices behind the data streams of a snapshot, which does not
// say itself whose they are.
func inSnapshot(live *cluster.Snapshot) map[string]string {
	streams, of := set(live.DataStreams), map[string]string{}
	for _, name := range live.Indices {
		if stream, _ := cluster.BackedStream(name); streams[stream] {
			of[name] = stream
		}
	}
	return of
}

// sameStreams looks whether the data streams of the source are what they were when
// the plan was made: asked for by its name, a stream is taken as it is by then.
func sameStreams(ctx context.Context, source *cluster.Cluster, moves []steps.Move) error {
	streams := facts.Streams(moves)
	if len(streams) == 0 {
		return nil
	}
	list, err := source.DataStreams(ctx)
	if failure.Is(err, failure.Denied) {
		return nil // what the snapshot holds is looked at in any case
	}
	if err != nil {
		return err
	}
	now := map[string][]string{}
	for _, s := range list {
		now[s.Name] = s.Indices
	}
	for _, s := range streams {
		planned := set(sourceNames(s.Moves))
		more := slices.IndexFunc(now[s.Name], func(n string) bool { return !planned[n] })
		gone := slices.IndexFunc(s.Moves, func(m steps.Move) bool { return !slices.Contains(now[s.Name], m.Index) })
		e := &steps.Error{Field: "move.indices", Fix: steps.T("Run again: the plan is made anew with the stream as it is now, to be approved")}
		switch {
		case more >= 0:
			e.Summary = steps.T("The data stream %s has an index %s by now, which is not part of the plan", s.Name, now[s.Name][more])
			return e
		case gone >= 0:
			e.Summary = steps.T("The data stream %s has lost its index %s since the plan was made", s.Name, s.Moves[gone].Index)
			return e
		}
	}
	return nil
}
