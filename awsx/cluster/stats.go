package cluster

import (
	"context"
	"encoding/json"
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

// indexStatsBody is one index of _stats on the wire.
type indexStatsBody struct {
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

func (b indexStatsBody) value() IndexStats {
	s := IndexStats{
		UUID: b.UUID, Docs: b.Primaries.Docs.Count, DeletedDocs: b.Primaries.Docs.Deleted,
		PrimaryBytes: b.Primaries.Store.Size, Bytes: b.Total.Store.Size, MaxSeqNo: map[int]int64{},
	}
	for id, copies := range b.Shards {
		n, err := strconv.Atoi(id)
		for _, shard := range copies {
			if err == nil && shard.Routing.Primary {
				s.MaxSeqNo[n] = shard.SeqNo.Max
			}
		}
	}
	return s
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
	for _, names := range lists(indices) {
		var whole shardReport
		p := "/" + names + "/_stats/docs,store"
		err := c.streamed(ctx, p, options("level", "shards", "ignore_unavailable", "true", "expand_wildcards", "all"), func(d *json.Decoder) error {
			return Members(d, func(field string) error {
				switch field {
				case "_shards":
					return d.Decode(&whole)
				case "indices":
					return byName(d, func(index string, i indexStatsBody) { take(index, i.value()) })
				}
				return known(d, nil)
			})
		})
		if err != nil {
			return err
		}
		if err := whole.complete("GET " + p); err != nil {
			return err
		}
	}
	return nil
}
