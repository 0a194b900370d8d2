package migrate

import (
	"context"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/facts"
)

// restores says in words what is brought back.
func restores(d restoreDoc) steps.Text {
	if len(d.DataStreams) > 0 {
		return steps.T("restore %s of snapshot %s, data streams among them: %d", steps.Indices(len(d.Indices)), d.Snapshot, len(d.DataStreams))
	}
	return steps.T("restore %s of snapshot %s", steps.Indices(len(d.Indices)), d.Snapshot)
}

// templateless stops the plan for a data stream that could be restored but not live:
// templates are not ours to make.
func (s restoreStep) templateless(ctx context.Context, moves []steps.Move) error {
	list, err := s.facts.Templateless(ctx, s.targetSide(), moves)
	if err != nil || len(list) == 0 {
		return err
	}
	c := list[0]
	return &steps.Error{Field: c.Field, Summary: steps.T("The data stream %s cannot live on the target: %s", c.Name, c.Why), Fix: c.Fix}
}

// restorable says why the restore cannot begin: an index of a data stream that is back
// has gone since the plan was made; or the snapshot, as the target sees it, is not
// there, not whole, or lacks something, which the engine may leave out without a word.
// It is asked before anything is deleted for the restore.
func (s restoreStep) restorable(ctx context.Context, domain *cluster.Cluster, moves, missing []steps.Move) error {
	want := map[string]int{}
	for _, st := range facts.Streams(moves) {
		want[st.Name] = len(st.Moves)
	}
	for _, st := range facts.Streams(missing) {
		if len(st.Moves) < want[st.Name] {
			return &steps.Error{
				Field:   "move.indices",
				Summary: steps.T("The data stream %s on the target lacks %s, which cannot be brought back alone", st.As, st.Moves[0].As),
				Fix:     steps.T("Delete the stream on the target (DELETE /_data_stream/%s), then run again", st.As),
			}
		}
	}
	live, err := domain.Snapshot(ctx, s.spec.Move.Repository, s.spec.Move.Snapshot)
	if err != nil {
		return err
	}
	sees := func(summary steps.Text) error {
		return &steps.Error{
			Field: "move.snapshot", Summary: summary,
			Fix: steps.T("See GET _snapshot/%s/%s on both sides: is it the same one?", string(s.spec.Move.Repository), string(s.spec.Move.Snapshot)),
		}
	}
	if live == nil {
		return sees(steps.T("The target sees no snapshot %s", string(s.spec.Move.Snapshot)))
	}
	if lacks, more := differs(live, missing); len(lacks) > 0 {
		return sees(steps.T("The target sees a snapshot %s without %s", string(s.spec.Move.Snapshot), lacks[0]))
	} else if more != "" {
		return sees(steps.T("The target sees a snapshot %s with %s, too, which is not part of the plan", string(s.spec.Move.Snapshot), more))
	}
	return whole(live)
}
