package migrate

import (
	"context"
	"maps"
	"slices"

	"snapferry/awsx/cluster"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// verifyStep proves the result against the manifest: counts, mappings, settings,
// aliases, and documents by their content. It changes nothing.
type verifyStep struct{ *route }

func (s verifyStep) Info() engine.Info {
	return engine.Info{ID: StepVerify, Side: s.targetSide(), Title: steps.T("Proof against the source")}
}

func (s verifyStep) Plan(ctx context.Context, w *engine.World) ([]steps.Change, error) {
	moves, _, err := s.wanted(ctx, w)
	if err != nil {
		return nil, err
	}
	after, err := document(map[string]any{"indices": targetNames(moves), "content": s.spec.Move.Proof})
	if err != nil {
		return nil, err
	}
	ref := steps.Ref{Kind: steps.KindProof, Side: s.targetSide(), Name: string(s.spec.Move.Snapshot)}
	_, proven := w.Evidence(StepVerify)
	c := act(StepVerify, ref, after, proven, steps.T("compare %s: counts, mappings, settings, aliases, content by %s", steps.Indices(len(moves)), s.spec.Move.Proof))
	c.Reversible = false
	return []steps.Change{c}, nil
}

// Apply has nothing to do: the proof is the verification.
func (s verifyStep) Apply(context.Context, *engine.World, steps.Change, engine.Emit) error {
	return nil
}

// Verify compares. A difference fails the step; what the source wrote since is
// told and is none, nor is what the target became after it was proven.
func (s verifyStep) Verify(ctx context.Context, w *engine.World, _ steps.Change, emit engine.Emit) (steps.Evidence, error) {
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
	r := newReading(StepVerify, unmeasured(w, emit, moves), s.spec.Move.Proof == spec.ProofAll)
	streams, err := r.streams(ctx, target, streamsAs(moves))
	if err != nil {
		return steps.Evidence{}, err
	}
	own := ownBefore(w)
	proof, before := Proof{SnapshotUUID: manifest.SnapshotUUID, Content: s.spec.Move.Proof}, proofBefore(w)
	proof.Streams = streamsProven(moves, Manifest(manifest.manifestFields), streams, before)
	proof.Indices = make([]Comparison, 0, len(moves))
	err = s.each(ctx, r, manifest, target, atOnce, func(c Comparison) {
		c.theirs = c.UUID == "" || own[c.As] != c.UUID
		if before.holds(manifest.SnapshotUUID, c) {
			c.Since, c.Differences = c.Differences, nil
		}
		proof.Indices = append(proof.Indices, c)
	})
	if err != nil {
		return steps.Evidence{}, err
	}
	r.end()
	return proof.evidence()
}

// atOnce is how many indices both sides are asked about together: enough that calls are
// few, and of ten thousand not everything is in memory at the same time.
const atOnce = 1000

// each compares the indices that move, so many at once, and gives them in their order.
func (s verifyStep) each(ctx context.Context, r *reading, written writtenManifest, target *cluster.Cluster, atOnce int, take func(Comparison)) error {
	for part := range slices.Chunk(r.moves, atOnce) {
		manifest, err := written.of(slices.Values(sourceNames(part)))
		if err != nil {
			return err
		}
		live, err := tried(ctx, r, func(ctx context.Context) (Manifest, error) { return s.targetNow(ctx, target, part) })
		if err != nil {
			return err
		}
		source, err := tried(ctx, r, func(ctx context.Context) (sourceSide, error) { return s.sourceNow(ctx, part, manifest, live) })
		if err != nil {
			return err
		}
		for _, m := range part {
			if err := r.page(ctx, m, 0); err != nil {
				return err
			}
			c, err := s.one(ctx, r, m, manifest.Indices[m.Index], live.Indices[m.As], source, target)
			if err != nil {
				return err
			}
			take(c)
			r.over(m)
		}
	}
	return nil
}

// targetNow is what came back, as far as it is compared without its documents.
func (s verifyStep) targetNow(ctx context.Context, target *cluster.Cluster, moves []steps.Move) (Manifest, error) {
	live, err := describe(ctx, target, targetNames(moves))
	if err != nil {
		return Manifest{}, err
	}
	if err := live.count(ctx, target); err != nil || s.spec.Move.Proof == spec.ProofCounts {
		return live, err
	}
	return live, live.sees(ctx, target, s.targetSide())
}

// sourceSide is the source as it is at the time of the proof; it may have moved on.
type sourceSide struct {
	domain *cluster.Cluster
	seen   map[string]nowThere
}

// nowThere is an index of the source that is there: all that is kept of its figures,
// as there are thousands. ahead counts its operations after what was copied.
type nowThere struct {
	uuid  string
	ahead int64
}

func (s verifyStep) sourceNow(ctx context.Context, moves []steps.Move, manifest, live Manifest) (sourceSide, error) {
	from, err := s.facts.Signer(ctx, steps.Source)
	if err != nil {
		return sourceSide{}, err
	}
	if s.spec.Move.Proof == spec.ProofAll {
		there, err := from.Stats(ctx, sourceNames(moves))
		if err != nil {
			return sourceSide{}, err
		}
		all, err := refreshed(ctx, from, slices.Sorted(maps.Keys(there)))
		if err == nil && all {
			err = manifest.only(there).sees(ctx, from, steps.Source)
		}
		if err != nil {
			return sourceSide{}, err
		}
	}
	as := make(map[string]string, len(moves))
	for _, m := range moves {
		as[m.Index] = m.As
	}
	seen := make(map[string]nowThere, len(moves))
	err = from.EachStats(ctx, sourceNames(moves), func(index string, now cluster.IndexStats) {
		seen[index] = nowThere{now.UUID, since(now.MaxSeqNo, live.Indices[as[index]].MaxSeqNo)}
	})
	return sourceSide{from, seen}, err
}

// one compares one index as the answers ask: without documents, by the
// manifest's samples, or by every document.
func (s verifyStep) one(ctx context.Context, r *reading, m steps.Move, source, live IndexManifest, now sourceSide, target *cluster.Cluster) (Comparison, error) {
	if !facts.AliasesMove(s.spec) {
		source.Aliases = nil
	}
	if s.spec.Move.Aliases == spec.AliasesLeave { // what is put on by hand is nobody's loss
		live.Aliases = nil
	}
	c := compare(m, source, live)
	seen, there := now.seen[m.Index]
	if there = there && !c.Gone && (source.UUID == "" || source.UUID == seen.uuid); there { // else it is another of that name
		c.MovedOn = max(c.MovedOn, seen.ahead)
	}
	had := len(c.Differences)
	switch {
	case live.Gone:
		return c, nil
	case s.spec.Move.Proof == spec.ProofSample:
		err := r.compareSamples(ctx, target, m.As, source.Samples, live.MaxSeqNo, &c)
		c.damaged = len(c.Differences) > had && !c.Written
		return c, err
	case s.spec.Move.Proof == spec.ProofAll && !there:
		c.Gone = true
	case s.spec.Move.Proof == spec.ProofAll:
		err := compareContent(ctx, now.domain, target, r, m, live.MaxSeqNo, &c)
		c.damaged = len(c.Differences) > had && !c.Written
		return c, err
	}
	return c, nil
}

// manifest is what the snapshot step wrote down.
func (s verifyStep) manifest(w *engine.World) (writtenManifest, error) {
	e, _ := w.Evidence(StepSnapshot)
	m, err := readManifest(e.Data)
	if err != nil || len(m.indices) == 0 {
		return m, &steps.Error{
			Summary: steps.T("There is no manifest of the snapshot to compare with"),
			Fix:     steps.T("Run again in the same directory: the snapshot step writes it anew"),
		}
	}
	return m, nil
}

// Takeback has nothing to do: nothing was changed.
func (s verifyStep) Takeback(context.Context, *engine.World, steps.Change, engine.Emit) (steps.Text, error) {
	return steps.Text{}, nil
}
