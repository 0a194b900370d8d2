package migrate

import (
	"context"
	"iter"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

// content compares documents as the answers ask: none, the manifest's samples,
// or every one.
func (s verifyStep) content(ctx context.Context, target *cluster.Cluster, m steps.Move, source, live IndexManifest, c *Comparison) error {
	switch s.spec.Move.Proof {
	case proofSample:
		return compareSamples(ctx, target, m.As, source.Samples, live.MaxSeqNo, c)
	case proofAll:
		from, err := s.facts.Signer(ctx, steps.Source)
		if err != nil {
			return err
		}
		return compareAll(
			from.Documents(ctx, cluster.Walk{Index: m.Index, Shards: m.Primaries, MaxSeqNo: live.MaxSeqNo}),
			target.Documents(ctx, cluster.Walk{Index: m.As, Shards: m.Primaries}), c)
	}
	return nil
}

// compareSamples looks every sampled document up on the target. One that was
// written after the shard was copied has moved on.
func compareSamples(ctx context.Context, target *cluster.Cluster, index string, samples []Sample, copied map[int]int64, c *Comparison) error {
	ids := make([]cluster.DocumentID, 0, len(samples))
	for _, s := range samples {
		ids = append(ids, cluster.DocumentID{ID: s.ID, Routing: s.Routing})
	}
	if len(ids) == 0 {
		return nil
	}
	docs, err := target.DocumentsByID(ctx, index, ids)
	if err != nil {
		return err
	}
	found := map[string]cluster.Document{}
	for _, d := range docs {
		found[d.ID] = d
	}
	for _, s := range samples {
		if s.SeqNo > copied[s.Shard] {
			continue
		}
		d, ok := found[s.ID]
		switch {
		case !ok:
			c.differ("the document %s is missing on the target", s.ID)
		case hash(d.Source) != s.Hash:
			c.differ("the document %s has other content on the target", s.ID)
		default:
			c.Compared++
		}
	}
	return nil
}

type documents = iter.Seq2[cluster.Document, error]

// compareAll walks both indices side by side: documents come shard by shard in
// the order of writing, and sequence numbers are the same on both sides. A
// document the source lacks was overwritten or deleted there since; that is
// possible only where the source has moved on.
func compareAll(source, target documents, c *Comparison) error {
	next, stop := iter.Pull2(source)
	defer stop()
	src, err, more := next()
	for t, terr := range target {
		if terr != nil {
			return terr
		}
		for more && err == nil && before(src, t) {
			c.differ("the document %s is missing on the target", src.ID)
			src, err, more = next()
		}
		if err != nil {
			return err
		}
		if len(c.Differences) > maxDifferences {
			return nil
		}
		if !more || before(t, src) {
			if c.MovedOn == 0 {
				c.differ("the document %s is on the target only", t.ID)
			}
			continue
		}
		c.judge(src, t)
		src, err, more = next()
	}
	for ; more && err == nil && len(c.Differences) <= maxDifferences; src, err, more = next() {
		c.differ("the document %s is missing on the target", src.ID)
	}
	return err
}

// maxDifferences bounds what is listed of an index that is wrong anyway.
const maxDifferences = 20

func (c *Comparison) judge(src, t cluster.Document) {
	if src.ID != t.ID || src.Routing != t.Routing || hash(src.Source) != hash(t.Source) {
		c.differ("the document %s has other content on the target", src.ID)
		return
	}
	c.Compared++
}

// before orders documents as they are walked.
func before(a, b cluster.Document) bool {
	if a.Shard != b.Shard {
		return a.Shard < b.Shard
	}
	return a.SeqNo < b.SeqNo
}
