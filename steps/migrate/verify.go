package migrate

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
)

// verifyStep proves the result against the manifest: counts, mappings, settings,
// aliases, and documents by their content. It changes nothing.
type verifyStep struct{ *route }

func (s verifyStep) Info() engine.Info {
	return engine.Info{ID: StepVerify, Side: s.targetSide(), Title: steps.T("Proof against the source")}
}

// Proof is the Data of the verify step's evidence.
type Proof struct {
	SnapshotUUID string       `json:"snapshot_uuid"`
	Content      string       `json:"content"`
	Indices      []Comparison `json:"indices"`
}

func (s verifyStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return nil, err
	}
	after, err := document(map[string]any{"indices": targetNames(moves), "content": s.spec.Move.Proof})
	if err != nil {
		return nil, err
	}
	ref := steps.Ref{Kind: steps.KindProof, Side: s.targetSide(), Name: string(s.spec.Move.Snapshot)}
	_, proven := w.Evidence(StepVerify)
	c := act(StepVerify, ref, after, proven, steps.T("compare %d indices: counts, mappings, settings, aliases, content by %s", len(moves), s.spec.Move.Proof))
	c.Reversible = false
	return []steps.Change{c}, nil
}

// Apply has nothing to do: the proof is the verification.
func (s verifyStep) Apply(context.Context, *engine.World, steps.Change, engine.Emit) error {
	return nil
}

// Verify compares. A difference fails the step; what the source wrote since is
// told and is none.
func (s verifyStep) Verify(ctx context.Context, w *engine.World, _ steps.Change) (steps.Evidence, error) {
	moves, _, err := s.moves(ctx, w)
	if err != nil {
		return steps.Evidence{}, err
	}
	manifest, err := s.manifest(w)
	if err != nil {
		return steps.Evidence{}, err
	}
	target, err := s.facts.Signer(ctx, s.targetSide())
	if err != nil {
		return steps.Evidence{}, err
	}
	live, err := describe(ctx, target, targetNames(moves))
	if err != nil {
		return steps.Evidence{}, err
	}
	proof := Proof{SnapshotUUID: manifest.SnapshotUUID, Content: s.spec.Move.Proof}
	for _, m := range moves {
		source := manifest.Indices[m.Index]
		if !facts.AliasesMove(s.spec) {
			source.Aliases = nil
		}
		c := compare(m, source, live.Indices[m.As])
		if err := s.content(ctx, target, m, source, live.Indices[m.As], &c); err != nil {
			return steps.Evidence{}, err
		}
		proof.Indices = append(proof.Indices, c)
	}
	return proof.evidence()
}

func (s verifyStep) manifest(w *engine.World) (Manifest, error) {
	var m Manifest
	e, ok := w.Evidence(StepSnapshot)
	if ok {
		if err := json.Unmarshal(e.Data, &m); err != nil {
			return m, err
		}
	}
	if len(m.Indices) == 0 {
		return m, &steps.Error{
			Summary: steps.T("There is no manifest of the snapshot to compare with"),
			Fix:     steps.T("Run again in the same directory: the snapshot step writes it anew"),
		}
	}
	return m, nil
}

// evidence turns the comparisons into proof, or into the error that names the
// first difference.
func (p Proof) evidence() (steps.Evidence, error) {
	var docs, compared, since int64
	for _, c := range p.Indices {
		if len(c.Differences) > 0 {
			return steps.Evidence{}, &steps.Error{
				Summary: steps.T("The index %s is not equal to its source: %s", c.As, c.Differences[0].String()),
				Fix:     steps.T("Somebody may have written to the target. Delete the index there and run again, or leave it out"),
			}
		}
		docs += c.TargetDocs
		compared += c.Compared
		since += c.MovedOn
	}
	data, err := json.Marshal(p)
	if err != nil {
		return steps.Evidence{}, err
	}
	e := steps.Evidence{
		Summary: steps.T("%d indices equal: %d documents counted, %d compared by content", len(p.Indices), docs, compared),
		Data:    data,
	}
	if since > 0 {
		e.Lines = append(e.Lines, steps.T("the source has moved on since the snapshot by %d operations, which are not on the target", since))
	}
	return e, nil
}

// Takeback has nothing to do: nothing was changed.
func (s verifyStep) Takeback(context.Context, *engine.World, steps.Change, engine.Emit) (steps.Text, error) {
	return steps.Text{}, nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
