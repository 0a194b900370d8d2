package cluster

import (
	"context"
	"maps"
	"slices"
)

// Unassigned tells of the named indices which have a primary that is on no node,
// and what the engine noted about the first of them: where it was to come from,
// or the chain of exceptions by which it failed. It is a few calls however many
// indices there are, where Explain is one for each shard.
//
// An index that is not there is failure.Missing where few are named, and a closed
// one is refused by Elasticsearch 7 [seen on a 7.10.2 node].
// With fine-grained access control: cluster:monitor/* and indices:monitor/stats on
// the indices.
func (c *Cluster) Unassigned(ctx context.Context, indices []string) (map[string]string, error) {
	if len(lists(indices)) <= fewCalls {
		return merged(indices, func(names string) (map[string]string, error) { return c.unassigned(ctx, "/_cat/shards/"+names) })
	}
	all, err := c.unassigned(ctx, "/_cat/shards")
	maps.DeleteFunc(all, func(name, _ string) bool { return !slices.Contains(indices, name) })
	return all, err
}

func (c *Cluster) unassigned(ctx context.Context, path string) (map[string]string, error) {
	var rows []struct {
		Index   string `json:"index"`
		Copy    string `json:"prirep"`
		State   string `json:"state"`
		Details string `json:"unassigned.details"`
	}
	if err := c.get(ctx, path, options("format", "json", "h", "index,prirep,state,unassigned.details", "s", "index,shard"), &rows); err != nil {
		return nil, err
	}
	noted := map[string]string{}
	for _, r := range rows {
		if _, known := noted[r.Index]; !known && r.Copy == "p" && r.State == "UNASSIGNED" {
			noted[r.Index] = r.Details
		}
	}
	return noted, nil
}
