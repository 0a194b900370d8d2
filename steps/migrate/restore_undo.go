package migrate

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
)

// TypedIndices is the word that has to be typed before restored indices are
// deleted; it is no name of anything else that is asked for.
const TypedIndices = "restored-indices"

// Data says what undoing the restore would lose.
func (s restoreStep) Data(ctx context.Context, w *engine.World, _ steps.Change) (steps.Text, string, error) {
	b, err := s.back(ctx, w)
	if err != nil || len(b.untouched) == 0 {
		return steps.Text{}, "", err
	}
	return steps.T("%s on the %s domain, untouched since (%s)", steps.Counted(len(b.untouched), "%d restored index", "%d restored indices"), string(s.targetSide()), steps.Few(b.untouched, fewNames)), TypedIndices, nil
}

// fewNames is how many names a person is shown of a list that may be of thousands.
const fewNames = 3

// Takeback deletes what this run restored itself and is still exactly what came back:
// same UUID, no operation since. Others belong to whoever restored them or wrote to them.
func (s restoreStep) Takeback(ctx context.Context, w *engine.World, _ steps.Change, emit engine.Emit) (kept steps.Text, err error) {
	b, err := s.back(ctx, w)
	if err != nil {
		return steps.Text{}, err
	}
	if len(b.others) > 0 {
		emit(b.keepsOthers())
	}
	off, err := s.unwritable(ctx, b.untouched)
	var gone map[string]bool
	defer func() { err = errors.Join(err, s.writable(ctx, left(off, gone))) }()
	if err != nil {
		return steps.Text{}, err
	}
	if b, err = s.back(ctx, w); err != nil { // from now on it stays what it is
		return steps.Text{}, err
	}
	if gone, err = s.deleted(ctx, b); err != nil {
		return steps.Text{}, err
	}
	return b.kept(), nil
}

// back is what undo finds of the restored indices.
type back struct {
	// untouched may be deleted, written were written to since, unsure cannot be
	// told from those that were. Of untold nobody knows whether this run restored them,
	// others it did not.
	untouched, written, unsure, untold, others []string
	// streams are data streams of the target all of whose indices are untouched,
	// used are those that are not, behind the indices of each.
	streams, used []string
	behind        map[string][]string
}

func (b back) kept() steps.Text {
	var why []steps.Text
	if len(b.written) > 0 {
		why = append(why, steps.T("indices written to since they came back: %d, the first is %s", len(b.written), b.written[0]))
	}
	if len(b.unsure) > 0 {
		why = append(why, steps.T("indices of which nobody can tell whether they were written to since, as the run ended before it could record how they came back: %d, the first is %s; delete by hand what nobody needs", len(b.unsure), b.unsure[0]))
	}
	if len(b.untold) > 0 {
		why = append(why, steps.T("indices of which the journal does not tell whether this run restored them: %d, the first is %s", len(b.untold), b.untold[0]))
	}
	if len(b.used) > 0 {
		why = append(why, steps.T("data streams in use since they came back, which stay whole: %d, the first is %s", len(b.used), b.used[0]))
	}
	if len(why) == 0 {
		return steps.Text{}
	}
	all := why[0]
	for _, more := range why[1:] {
		all = steps.T("%s; %s", all, more)
	}
	return all
}

// ByHand says how what was left goes once nobody needs it: by its name, as what was
// written to it since goes with it.
func (s restoreStep) ByHand(ctx context.Context, w *engine.World, _ steps.Change) (steps.Text, error) {
	b, err := s.back(ctx, w)
	if err != nil {
		return steps.Text{}, err
	}
	path := "/" + strings.Join(slices.Concat(b.written, b.unsure), ",")
	if path == "/" {
		if len(b.used) == 0 {
			return steps.Text{}, nil
		}
		path = "/_data_stream/" + strings.Join(b.used, ",")
	}
	return steps.T("By hand, once nobody needs what was written to it: DELETE %s on the %s domain; snapferry probe DELETE %s --side %s prints the curl",
		path, string(s.targetSide()), steps.ShellWord(path), string(s.targetSide())), nil
}

// byStream sorts what backs data streams of the target: a stream goes as a whole,
// and stays as a whole where somebody wrote to it or rolled it over.
func (b *back) byStream(there []facts.Index) {
	free, behind := set(b.untouched), map[string][]string{}
	b.behind = behind
	for _, x := range there {
		if x.DataStream != "" {
			behind[x.DataStream] = append(behind[x.DataStream], x.Name)
		}
	}
	stays := map[string]bool{}
	for _, stream := range slices.Sorted(maps.Keys(behind)) {
		indices := behind[stream]
		mine := slices.DeleteFunc(slices.Clone(indices), func(n string) bool { return !free[n] })
		switch {
		case len(mine) == 0:
		case len(mine) == len(indices):
			b.streams = append(b.streams, stream)
		default:
			b.used = append(b.used, stream)
			for _, n := range mine {
				stays[n] = true
			}
		}
	}
	b.untouched = slices.DeleteFunc(b.untouched, func(n string) bool { return stays[n] })
}

// back sorts what is on the target by whether this run restored it, and whether somebody
// wrote to it since.
func (s restoreStep) back(ctx context.Context, w *engine.World) (back, error) {
	var b back
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return b, err
	}
	s.facts.DropAll()
	there, err := s.there(ctx, w, moves)
	if err != nil {
		return b, err
	}
	found := slices.Concat(there.Ours, there.Foreign)
	if len(found) == 0 {
		return b, nil
	}
	var stats map[string]cluster.IndexStats
	err = s.allowed(ctx, s.targetSide(), func(c *cluster.Cluster) (err error) {
		stats, err = c.Stats(ctx, found)
		return err
	})
	if err != nil {
		return b, err
	}
	b.sort(w, moves, there, stats)
	all, err := s.facts.Indices(ctx, s.targetSide())
	if err != nil {
		return b, err
	}
	b.byStream(all)
	return b, nil
}

func (b *back) sort(w *engine.World, moves []steps.Move, there facts.Arrivals, stats map[string]cluster.IndexStats) {
	recorded, begun, manifest := restoredBefore(w), begunBefore(w), manifestBefore(w)
	ours, foreign, nowhere := set(there.Ours), set(there.Foreign), set(there.Nowhere)
	for _, m := range moves {
		was := recorded.Indices[m.As]
		proven := was.UUID != "" && was.UUID == stats[m.As].UUID
		to := &b.others
		switch {
		case !ours[m.As] && !foreign[m.As]:
			continue
		case proven && was.Own == nil:
			to = &b.untold
		case proven && *was.Own && maps.Equal(was.MaxSeqNo, stats[m.As].MaxSeqNo):
			to = &b.untouched
		case proven && *was.Own:
			to = &b.written
		case proven:
		case begun[m.As] && ours[m.As] && (nowhere[m.As] || asManifested(manifest.Indices[m.Index], stats[m.As])):
			to = &b.untouched
		case begun[m.As]: // also where nothing tells any more what it came from
			to = &b.unsure
		case foreign[m.As]:
			continue
		}
		*to = append(*to, m.As)
	}
}

// asManifested compares an index that came back unrecorded, as the run was killed
// meanwhile, with its source right after the snapshot: as many documents and
// every shard at the same operation. A write to it would have moved that on.
func asManifested(source IndexManifest, now cluster.IndexStats) bool {
	return len(source.MaxSeqNo) > 0 && source.Docs == now.Docs && maps.Equal(source.MaxSeqNo, now.MaxSeqNo)
}
