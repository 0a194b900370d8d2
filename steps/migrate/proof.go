package migrate

import (
	"encoding/json"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// Proof is the Data of the verify step's evidence.
type Proof struct {
	SnapshotUUID string       `json:"snapshot_uuid"`
	Content      string       `json:"content"`
	Indices      []Comparison `json:"indices"`
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
	var docs, compared, moved int64
	var gone, since, wrong, unsampled int
	var first Comparison
	for _, c := range p.Indices {
		docs += c.TargetDocs
		compared += c.Compared
		moved += c.MovedOn
		if c.Gone {
			gone++
		}
		if p.Content == spec.ProofSample && c.Compared == 0 && c.SourceDocs > 0 {
			unsampled++
		}
		if len(c.Since) > 0 {
			since++
		}
		if len(c.Differences) > 0 {
			if wrong++; wrong == 1 {
				first = c
			}
		}
	}
	if wrong > 0 {
		return steps.Evidence{}, &steps.Error{
			Summary: steps.T("The index %s is not equal to its source: %s (%d of %d indices differ)", first.As, first.Differences[0], wrong, len(p.Indices)),
			Fix:     steps.T("Somebody may have written to the target. Delete the index there and run again: only what is missing is restored"),
		}
	}
	data, err := json.Marshal(p)
	if err != nil {
		return steps.Evidence{}, err
	}
	e := steps.Evidence{
		Summary: steps.T("%d indices equal: %d documents counted, %d compared by content", len(p.Indices)-gone, docs, compared),
		Data:    data,
	}
	if moved > 0 {
		e.Lines = append(e.Lines, steps.T("the source has moved on since the snapshot by %d operations, which are not on the target", moved))
	}
	if unsampled > 0 {
		e.Lines = append(e.Lines, steps.T("of %d indices no document was compared by content; move.proof: all compares every one", unsampled))
	}
	if gone > 0 {
		e.Lines = append(e.Lines, steps.T("%d indices are gone from the source since the snapshot: there is nothing to compare them with", gone))
	}
	if since > 0 {
		e.Lines = append(e.Lines, steps.T("%d indices of the target were changed after they had been proven equal", since))
	}
	return e, nil
}
