package cluster

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Note is what the engine noted about a shard that is on no node.
type Note struct {
	// Details is where it was to come from, or the chain of exceptions by which it
	// failed.
	Details string
	// At is when it was noted, zero where the engine does not tell.
	At time.Time
}

// Unassigned tells of the named indices which have a primary that is on no node,
// and what the engine noted about the first of them. It is a few calls however many
// indices there are, where Explain is one for each shard.
//
// An index that is not there is failure.Missing where few are named, and a closed
// one is refused by Elasticsearch 7 [seen on a 7.10.2 node].
// With fine-grained access control: cluster:monitor/* and indices:monitor/stats on
// the indices.
func (c *Cluster) Unassigned(ctx context.Context, indices []string) (map[string]Note, error) {
	if len(lists(indices)) <= fewCalls {
		return merged(indices, func(names string) (map[string]Note, error) { return c.unassigned(ctx, "/_cat/shards/"+names) })
	}
	all, err := c.unassigned(ctx, "/_cat/shards")
	maps.DeleteFunc(all, func(name string, _ Note) bool { return !slices.Contains(indices, name) })
	return all, err
}

func (c *Cluster) unassigned(ctx context.Context, path string) (map[string]Note, error) {
	var rows []struct {
		Index   string `json:"index"`
		Copy    string `json:"prirep"`
		State   string `json:"state"`
		Details string `json:"unassigned.details"`
		At      string `json:"unassigned.at"`
	}
	if err := c.get(ctx, path, options("format", "json", "h", "index,prirep,state,unassigned.at,unassigned.details", "s", "index,shard"), &rows); err != nil {
		return nil, err
	}
	noted := map[string]Note{}
	for _, r := range rows {
		if _, known := noted[r.Index]; !known && r.Copy == "p" && r.State == "UNASSIGNED" {
			at, _ := time.Parse(time.RFC3339, r.At) // a time of another form tells nothing
			noted[r.Index] = Note{r.Details, at}
		}
	}
	return noted, nil
}
