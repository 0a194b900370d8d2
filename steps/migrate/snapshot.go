package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
)

// snapshotStep takes the snapshot: an explicit list of indices, without global
// state, with our marker in its metadata. It runs in the cluster; this program
// only watches, and goes on with one that is already there.
type snapshotStep struct{ *route }

// metadataRun is the metadata key that names the run; engines give metadata back.
const metadataRun = "snapferry_run"

type snapshotDoc struct {
	Repository    string            `json:"repository"`
	Snapshot      string            `json:"snapshot"`
	Indices       []string          `json:"indices"`
	IncludeGlobal bool              `json:"include_global_state"`
	Metadata      map[string]string `json:"metadata"`
}

func (s snapshotStep) Info() engine.Info {
	return engine.Info{ID: StepSnapshot, Side: steps.Source, Title: steps.T("Snapshot %s", string(s.spec.Move.Snapshot))}
}

// Mark is what makes the snapshot recognisable as ours: the run in its metadata.
func (s snapshotStep) Mark(c steps.Change) string {
	var d snapshotDoc
	if json.Unmarshal([]byte(c.After), &d) != nil {
		return ""
	}
	return d.Metadata[metadataRun]
}

func (s snapshotStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	moves, _, err := s.wanted(ctx, w)
	if err != nil {
		return nil, err
	}
	m := s.spec.Move
	live, err := s.facts.Snapshot(ctx, steps.Source, m.Repository, m.Snapshot)
	if err != nil {
		return nil, err
	}
	run := w.RunID()
	if live != nil {
		if err := s.adoptable(w, live, moves); err != nil {
			return nil, err
		}
		if err := SnapshotWhole(live); err != nil {
			return nil, err
		}
		if other := live.Metadata[metadataRun]; other != "" {
			run = other
		}
	}
	after, err := document(snapshotDoc{string(m.Repository), string(m.Snapshot), asked(moves), false, map[string]string{metadataRun: run}})
	if err != nil {
		return nil, err
	}
	ref := steps.Ref{Kind: steps.KindSnapshot, Side: steps.Source, Name: string(m.Snapshot), In: string(m.Repository)}
	done := live != nil && whole(live) == nil
	c := act(StepSnapshot, ref, after, done, steps.T("snapshot %s of %s", string(m.Snapshot), steps.Indices(len(moves))))
	c.Within = steps.Ref{Kind: steps.KindBucket, Side: s.spec.Bucket.Owner, Name: string(s.spec.Bucket.Name)}
	return []steps.Change{c}, nil
}

// adoptable says whether a snapshot of that name is one to go on with: taken by
// snapferry, and of all that moves. What it came to is another question.
func (s snapshotStep) adoptable(w *engine.World, live *cluster.Snapshot, moves []steps.Move) error {
	if !s.marked(w, live) {
		return nameTaken(steps.T("A snapshot %s exists already, and it was not taken by snapferry", string(live.Name)))
	}
	return SnapshotHolds(live, moves)
}

// SnapshotHolds says why a snapshot that snapferry took is not one of these moves, nil
// where it is.
func SnapshotHolds(live *cluster.Snapshot, moves []steps.Move) error {
	missing, more := differs(live, moves)
	switch {
	case len(missing) > 0:
		return nameTaken(steps.T("The snapshot %s exists already and lacks %d of the indices, the first is %s", string(live.Name), len(missing), missing[0]))
	case more != "":
		return &steps.Error{
			Field:   "move.snapshot",
			Summary: steps.T("The snapshot %s holds %s, too, an index of a data stream that moves, and it is not part of the plan", string(live.Name), more),
			Fix:     steps.T("Run again: the plan is made anew with it, to be approved; or choose another snapshot name, in a run directory of its own"),
		}
	}
	return nil
}

// differs are the indices and data streams that a snapshot lacks, and an index of
// one of these streams that it holds beyond what moves: it would come back with it.
func differs(live *cluster.Snapshot, moves []steps.Move) (missing []string, more string) {
	holds := set(slices.Concat(live.Indices, live.DataStreams))
	missing = slices.DeleteFunc(slices.Concat(sourceNames(moves), streamNames(moves)), func(n string) bool { return holds[n] })
	planned, streams, of := set(sourceNames(moves)), set(streamNames(moves)), inSnapshot(live)
	for _, name := range live.Indices {
		if streams[of[name]] && !planned[name] {
			return missing, name
		}
	}
	return missing, ""
}

// marked says that snapferry took a snapshot. Where the engine keeps no metadata,
// what this run has seen of it has to do: its UUID, or the approval to take one
// of the name when there was none.
func (s snapshotStep) marked(w *engine.World, live *cluster.Snapshot) bool {
	if live.KeepsMetadata() {
		return live.Metadata[metadataRun] != ""
	}
	if uuid, known := w.Hole(holeSnapshotUUID); known {
		return uuid == live.UUID
	}
	p, _ := w.Approved()
	for _, sp := range p.Steps {
		for _, c := range sp.Changes {
			if c.Step == StepSnapshot && c.Verb == steps.Act {
				return true
			}
		}
	}
	return false
}

// mine says that it was this very run that took it: nothing else may be deleted.
func (s snapshotStep) mine(w *engine.World, live *cluster.Snapshot) bool {
	if live.KeepsMetadata() {
		return live.Metadata[metadataRun] == w.RunID()
	}
	uuid, known := w.Hole(holeSnapshotUUID)
	return known && uuid == live.UUID
}

// nameTaken is a name that another snapshot has.
func nameTaken(summary steps.Text) error {
	return &steps.Error{Field: "move.snapshot", Summary: summary, Fix: steps.T("Choose another snapshot name, in a run directory of its own")}
}

// SnapshotWhole says why a snapshot that ended is not one to restore, nil where it is.
func SnapshotWhole(live *cluster.Snapshot) error {
	if live.State == cluster.InProgress {
		return nil
	}
	return whole(live)
}

// whole says why a snapshot is not, nil if it is.
func whole(live *cluster.Snapshot) error {
	if live.State == cluster.Success && live.ShardsFailed == 0 {
		return nil
	}
	return broken(live)
}

// broken is a snapshot that ended and is not whole. PARTIAL is refused: its
// missing shards would come back empty.
func broken(live *cluster.Snapshot) error {
	why := live.Reason
	if len(live.Failures) > 0 {
		f := live.Failures[0]
		why = f.Index + ": " + f.Reason
	}
	e := &steps.Error{
		Field:   "move.snapshot",
		Summary: steps.T("The snapshot %s ended as %s: %d of %d shards failed. %s", string(live.Name), live.State, live.ShardsFailed, live.ShardsTotal, why),
		Fix:     steps.T("Repair the indices named or leave them out, then start anew in another run directory with another snapshot name; undo deletes this one"),
	}
	if why != "" {
		e.Cause = errors.New(why)
	}
	return e
}
