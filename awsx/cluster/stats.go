package cluster

import (
	"context"
	"strconv"
)

// IndexStats are the figures of one index. Sizes are in bytes.
type IndexStats struct {
	UUID              string
	Docs, DeletedDocs int64 // of the primaries
	PrimaryBytes      int64
	Bytes             int64
	// MaxSeqNo by shard, of the primaries; -1 for a shard never written to.
	MaxSeqNo map[int]int64
}

type statsFigures struct {
	Docs struct {
		Count   int64 `json:"count"`
		Deleted int64 `json:"deleted"`
	} `json:"docs"`
	Store struct {
		Size int64 `json:"size_in_bytes"`
	} `json:"store"`
}

// Stats reads figures by index. Closed and absent indices are left out.
// With fine-grained access control: indices:monitor/stats.
func (c *Cluster) Stats(ctx context.Context, indices []string) (map[string]IndexStats, error) {
	all := make(map[string]IndexStats, len(indices))
	if err := c.EachStats(ctx, indices, func(index string, s IndexStats) { all[index] = s }); err != nil {
		return nil, err
	}
	return all, nil
}

// EachStats is Stats for many indices, of which not everything is kept. What take was
// given does not count where there is an error.
func (c *Cluster) EachStats(ctx context.Context, indices []string, take func(index string, s IndexStats)) error {
	type one struct {
		UUID      string       `json:"uuid"`
		Primaries statsFigures `json:"primaries"`
		Total     statsFigures `json:"total"`
		Shards    map[string][]struct {
			Routing struct {
				Primary bool `json:"primary"`
			} `json:"routing"`
			SeqNo struct {
				Max int64 `json:"max_seq_no"`
			} `json:"seq_no"`
		} `json:"shards"`
	}
	for _, names := range lists(indices) {
		var out struct {
			Shards  shardReport    `json:"_shards"`
			Indices map[string]one `json:"indices"`
		}
		p := "/" + names + "/_stats/docs,store"
		if err := c.get(ctx, p, options("level", "shards", "ignore_unavailable", "true", "expand_wildcards", "all"), &out); err != nil {
			return err
		}
		if err := out.Shards.complete("GET " + p); err != nil {
			return err
		}
		for name, i := range out.Indices {
			s := IndexStats{
				UUID: i.UUID, Docs: i.Primaries.Docs.Count, DeletedDocs: i.Primaries.Docs.Deleted,
				PrimaryBytes: i.Primaries.Store.Size, Bytes: i.Total.Store.Size, MaxSeqNo: map[int]int64{},
			}
			for id, copies := range i.Shards {
				n, err := strconv.Atoi(id)
				for _, shard := range copies {
					if err == nil && shard.Routing.Primary {
						s.MaxSeqNo[n] = shard.SeqNo.Max
					}
				}
			}
			take(name, s)
		}
	}
	return nil
}
