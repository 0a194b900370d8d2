package migrate

import (
	"bytes"
	"encoding/json"
	"slices"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// Proof is the Data of the verify step's evidence.
type Proof struct {
	SnapshotUUID string             `json:"snapshot_uuid"`
	Content      string             `json:"content"`
	Indices      []Comparison       `json:"indices"`
	Streams      []StreamComparison `json:"streams,omitempty"`
}

// data is its JSON, written index by index: of ten thousand the encoder would have it twice.
func (p Proof) data() ([]byte, error) {
	list, frame := p.Indices, p
	frame.Indices = []Comparison{}
	b, err := json.Marshal(frame)
	if err != nil {
		return nil, err
	}
	empty := []byte(`"indices":[]`) // the first is its own: what comes before is quoted
	front, rest, _ := bytes.Cut(b, empty)
	data := append(slices.Clip(front), empty[:len(empty)-1]...)
	for i, c := range list {
		one, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			data = append(data, ',')
		}
		data = append(data, one...)
	}
	return append(append(data, ']'), rest...), nil
}

// holds says that this very index had been proven equal to what this snapshot
// holds, and that what differs now can be somebody's later work: documents that
// differ though nobody wrote are damage.
func (p Proof) holds(snapshot string, now Comparison) bool {
	if p.SnapshotUUID != snapshot {
		return false
	}
	for _, c := range p.Indices {
		if c.As == now.As {
			return c.UUID != "" && c.UUID == now.UUID && len(c.Differences) == 0 && !now.damaged
		}
	}
	return false
}

// evidence turns the comparisons into proof, or into the error that names the
// first difference.
func (p Proof) evidence() (steps.Evidence, error) {
	if err := p.differs(); err != nil {
		return steps.Evidence{}, err
	}
	var docs, compared, sourceless, moved int64
	var gone, since, unsampled, nested, streamsSince int
	for _, c := range p.Indices {
		docs += c.TargetDocs
		compared += c.Compared
		sourceless += c.Sourceless
		moved += c.MovedOn
		if c.Gone {
			gone++
		}
		if p.Content != spec.ProofCounts && !c.Gone && c.Compared+c.Sourceless == 0 && c.SourceDocs > 0 {
			unsampled++
		}
		if c.Nested {
			nested++
		}
		if len(c.Since) > 0 {
			since++
		}
	}
	for _, s := range p.Streams {
		if len(s.Since) > 0 {
			streamsSince++
		}
	}
	data, err := p.data()
	if err != nil {
		return steps.Evidence{}, err
	}
	e := steps.Evidence{
		Summary: steps.T("%s equal: %d documents counted, %d compared by content", steps.Indices(len(p.Indices)-gone), docs, compared),
		Data:    data,
	}
	line := func(n int64, format string) {
		if n > 0 {
			e.Lines = append(e.Lines, steps.T(format, n))
		}
	}
	line(int64(len(p.Streams)), "data streams that came back whole, with their generations and timestamp fields, and can go on: %d")
	e.Lines = append(e.Lines, p.uncompared()...)
	line(moved, "the source has moved on since the snapshot; its operations that are not on the target: %d")
	line(int64(nested), "indices whose nested objects are counted as documents, as the domain does not let the signer count otherwise: %d")
	line(sourceless, "documents that are on both sides without their content (_source), and so compared by id alone: %d")
	line(int64(unsampled), "indices of which no document was compared by content: %d; move.proof: all compares every one")
	line(int64(gone), "indices gone from the source since the snapshot, so that there is nothing to compare with: %d")
	line(int64(since), "indices of the target changed after they had been proven equal: %d")
	line(int64(streamsSince), "data streams of the target changed after they had been proven whole: %d")
	return e, nil
}

// uncompared tells of what is neither proven nor a difference.
func (p Proof) uncompared() []steps.Text {
	n, first := 0, steps.Text{}
	for _, c := range p.Indices {
		if n == 0 && len(c.Uncompared) > 0 {
			first = steps.T("the %s of %s", c.Uncompared[0], c.As)
		}
		n += len(c.Uncompared)
	}
	if n == 0 {
		return nil
	}
	return []steps.Text{steps.T("changed on the source while the snapshot ran, or not read before it, and so not compared: %d; the first is %s", n, first)}
}

// differs is the error of a proof that fails, with the way to bring the first thing
// that differs back once more.
func (p Proof) differs() error {
	var wrong []Comparison
	for _, c := range p.Indices {
		if len(c.Differences) > 0 {
			wrong = append(wrong, c)
		}
	}
	if len(wrong) > 0 {
		first := wrong[0]
		e := &steps.Error{
			Summary: steps.T("The index %s is not equal to its source: %s (%d of %d indices differ)", first.As, first.Differences[0], len(wrong), len(p.Indices)),
			Fix:     steps.T("Somebody may have written to the target. Delete the index there and run again: only what is missing is restored"),
		}
		switch {
		case first.theirs:
			e.Fix = notRestored
		case first.Stream != "" && !p.othersIn(first.Stream):
			e.Fix = again(first.Stream)
		case first.Stream != "":
			e.Fix = notRestored
		}
		return e
	}
	if len(p.Indices) > 0 && !slices.ContainsFunc(p.Indices, func(c Comparison) bool { return !c.unread }) {
		return &steps.Error{
			Summary: steps.T("Nothing could be proven: the source had none of the indices any more when the snapshot was taken, or others under their names; the first is %s", p.Indices[0].Index),
			Fix:     steps.T("Compare with what is known of them by other means; what came back is on the target"),
		}
	}
	for _, s := range p.Streams {
		if len(s.Differences) > 0 {
			if p.othersIn(s.As) {
				return &steps.Error{Summary: steps.T("The data stream %s is not what it is on the source: %s", s.As, s.Differences[0]), Fix: notRestored}
			}
			return &steps.Error{Summary: steps.T("The data stream %s is not what it is on the source: %s", s.As, s.Differences[0]), Fix: again(s.As)}
		}
	}
	return nil
}

// notRestored is for what must not be told to be deleted.
var notRestored = steps.T("This run did not restore it, as far as its journal tells: find out who did, or who made it. Then leave it out, rename on the way, or run again once its owner has deleted it")

// othersIn says that a stream of the target has indices that this run did not restore.
func (p Proof) othersIn(stream string) bool {
	return slices.ContainsFunc(p.Indices, func(c Comparison) bool { return c.Stream == stream && c.theirs })
}

// again is how a data stream that is not what it was is brought back once more.
func again(stream string) steps.Text {
	return steps.T("Somebody may have written to it on the target. Delete the data stream there (DELETE /_data_stream/%s) and run again: only what is missing is restored", stream)
}
