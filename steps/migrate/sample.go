package migrate

import (
	"context"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
)

// Sample is one document by its content.
type Sample struct {
	ID      string `json:"id"`
	Routing string `json:"routing,omitempty"`
	Shard   int    `json:"shard"`
	SeqNo   int64  `json:"seq_no"`
	// Hash is of the document's source as stored.
	Hash string `json:"hash"`
}

// samplesPerIndex bounds the sampled documents: enough to notice a wrong index,
// few enough for thousands of indices. "all" compares every document instead.
// sampledShards bounds the searches of one index, two for each shard, and
// searchBudget those of all: of very many indices some are picked.
const (
	samplesPerIndex = 20
	sampledShards   = 5
	searchBudget    = 2000
)

// takeSamples reads a few documents of the indices that are there: of every one,
// as long as they are not too many.
func takeSamples(ctx context.Context, c *cluster.Cluster, r *reading, m Manifest) error {
	shards := min(sampledShards, max(1, searchBudget/2/max(1, len(r.moves))))
	picked := map[int]bool{}
	for _, i := range evenly(len(r.moves), searchBudget/2) {
		picked[i] = true
	}
	for i, mv := range r.moves {
		if err := r.page(ctx, mv, 0); err != nil {
			return err
		}
		if d := m.Indices[mv.Index]; !d.Gone && picked[i] {
			var err error
			if d.Samples, err = r.sample(ctx, c, mv.Index, d.MaxSeqNo, shards); err != nil {
				return err
			}
			m.Indices[mv.Index] = d
		}
		r.over(mv)
	}
	r.end()
	return nil
}

// sample takes the oldest and the newest documents of shards all over the index:
// what was lost of an index is mostly a shard, or the end of one.
func (r *reading) sample(ctx context.Context, c *cluster.Cluster, index string, last map[int]int64, most int) ([]Sample, error) {
	shards := spread(last, most)
	if len(shards) == 0 {
		return nil, nil
	}
	each := max(1, samplesPerIndex/len(shards)/2)
	var list []Sample
	seen := map[string]bool{}
	for _, shard := range shards {
		for _, newest := range []bool{false, true} {
			left := each
			w := cluster.Walk{Index: index, Shards: shard + 1, MaxSeqNo: map[int]int64{shard: last[shard]}, Batch: each, Newest: newest, Try: r.try}
			for d, err := range c.Documents(ctx, w) {
				if err != nil {
					return nil, err
				}
				if !seen[d.ID] {
					seen[d.ID] = true
					list = append(list, sampleOf(d))
				}
				if left--; left == 0 {
					break
				}
			}
		}
	}
	return list, nil
}

// spread picks at most n of the shards that were written to, evenly.
func spread(last map[int]int64, n int) []int {
	var written []int
	for _, shard := range shardsOf(last) {
		if seq, ok := last[shard]; ok && seq >= 0 {
			written = append(written, shard)
		}
	}
	picked := evenly(len(written), n)
	for i, at := range picked {
		picked[i] = written[at]
	}
	return picked
}

// evenly picks at most n of so many things, from the first to the last.
func evenly(many, n int) []int {
	picked := make([]int, min(many, n))
	for i := range picked {
		picked[i] = i
		if many > n {
			picked[i] = i * (many - 1) / max(1, n-1)
		}
	}
	return picked
}

func sampleOf(d cluster.Document) Sample {
	return Sample{ID: d.ID, Routing: d.Routing, Shard: d.Shard, SeqNo: d.SeqNo, Hash: hash(d.Source)}
}

// compareSamples looks every sampled document up on the target. One that was
// written after the shard was copied has moved on.
func (r *reading) compareSamples(ctx context.Context, target *cluster.Cluster, index string, samples []Sample, copied map[int]int64, c *Comparison) error {
	var ids []cluster.DocumentID
	var expected []Sample
	for _, s := range samples {
		if s.SeqNo <= copied[s.Shard] {
			ids = append(ids, cluster.DocumentID{ID: s.ID, Routing: s.Routing})
			expected = append(expected, s)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	docs, err := tried(ctx, r, func(ctx context.Context) ([]cluster.Document, error) { return target.DocumentsByID(ctx, index, ids) })
	if err != nil {
		return err
	}
	found := map[cluster.DocumentID]cluster.Document{}
	for _, d := range docs {
		found[cluster.DocumentID{ID: d.ID, Routing: d.Routing}] = d
	}
	for i, s := range expected {
		d, ok := found[ids[i]]
		switch {
		case !ok:
			c.differ("the document %s is missing on the target", s.ID)
		case hash(d.Source) != s.Hash:
			c.differ("the document %s has other content on the target", s.ID)
		case len(d.Source) == 0:
			c.Sourceless++
		default:
			c.Compared++
		}
	}
	return nil
}

// refreshed makes what the source holds visible to searches. An index without
// searches is not refreshed by itself, and a search would show documents older
// than those that were copied. Who may not refresh sees what is visible, which is not
// sure to be all.
func refreshed(ctx context.Context, c *cluster.Cluster, indices []string) (all bool, err error) {
	if len(indices) == 0 {
		return true, nil
	}
	if err := c.Refresh(ctx, indices); !failure.Is(err, failure.Denied) {
		return err == nil, err
	}
	return false, nil
}
