package migrate

import (
	"context"
	"iter"
	"maps"
	"slices"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

type documents = iter.Seq2[cluster.Document, error]

// compareContent compares every document. The source lives on while it is read:
// what it has overwritten or deleted since is missing there, so its sequence
// numbers are asked for afterwards, and they have to account for all of that.
func compareContent(ctx context.Context, from, target *cluster.Cluster, r *reading, m steps.Move, copied map[int]int64, c *Comparison) error {
	page := func(docs int64) error { return r.page(ctx, m, docs) }
	only, err := compareAll(
		paged(from.Documents(ctx, cluster.Walk{Index: m.Index, Shards: m.Primaries, MaxSeqNo: copied, Try: r.try}), page),
		paged(target.Documents(ctx, cluster.Walk{Index: m.As, Shards: m.Primaries, Try: r.try}), page), c)
	if err != nil || len(only) == 0 {
		return err
	}
	now, err := tried(ctx, r, func(ctx context.Context) (map[string]cluster.IndexStats, error) {
		return from.Stats(ctx, []string{m.Index})
	})
	if err != nil {
		return err
	}
	for _, shard := range slices.Sorted(maps.Keys(only)) {
		o := only[shard]
		if ops := now[m.Index].MaxSeqNo[shard] - copied[shard]; o.count > ops {
			c.differ("%d documents of shard %d are on the target only, the first is %s; the source has had %d operations since", o.count, shard, o.first, ops)
		}
	}
	return nil
}

// pageDocs is how many documents are read between two calls of page.
const pageDocs = 1000

// paged calls page before every so many documents; its error ends them.
func paged(list documents, page func(docs int64) error) documents {
	return func(yield func(cluster.Document, error) bool) {
		var n int64
		for d, err := range list {
			if err == nil && n%pageDocs == 0 {
				err = page(n)
			}
			n++
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// surplus are the documents of a shard that only the target has.
type surplus struct {
	count int64
	first string
}

// maxDifferences bounds what is listed of an index that is wrong anyway.
const maxDifferences = 20

// compareAll walks both indices side by side: documents come shard by shard in
// the order of writing, and sequence numbers are the same on both sides. only
// are those the source lacks, by shard.
func compareAll(source, target documents, c *Comparison) (only map[int]surplus, err error) {
	only = map[int]surplus{}
	next, stop := iter.Pull2(source)
	defer stop()
	src, err, more := next()
	if err != nil { // before the target is asked for anything
		return nil, err
	}
	for t, terr := range target {
		if terr != nil {
			return nil, terr
		}
		for more && err == nil && before(src, t) {
			c.differ("the document %s is missing on the target", src.ID)
			src, err, more = next()
		}
		if err != nil {
			return nil, err
		}
		if len(c.Differences) > maxDifferences {
			return nil, nil
		}
		if !more || before(t, src) {
			o := only[t.Shard]
			if o.count++; o.count == 1 {
				o.first = t.ID
			}
			only[t.Shard] = o
			continue
		}
		c.judge(src, t)
		if src, err, more = next(); err != nil {
			return nil, err
		}
	}
	for ; more && err == nil && len(c.Differences) <= maxDifferences; src, err, more = next() {
		c.differ("the document %s is missing on the target", src.ID)
	}
	return only, err
}

func (c *Comparison) judge(src, t cluster.Document) {
	switch {
	case src.ID != t.ID || src.Routing != t.Routing || hash(src.Source) != hash(t.Source):
		c.differ("the document %s has other content on the target", src.ID)
	case len(src.Source) == 0:
		c.Sourceless++
	default:
		c.Compared++
	}
}

// before orders documents as they are walked.
func before(a, b cluster.Document) bool {
	if a.Shard != b.Shard {
		return a.Shard < b.Shard
	}
	return a.SeqNo < b.SeqNo
}
