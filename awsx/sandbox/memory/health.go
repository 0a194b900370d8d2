package memory

import "context"

// Health is what _cluster/health says of a cluster: its status, and its shard copies,
// all and those no node has.
type Health struct {
	Status             string
	Shards, Unassigned int
}

// Health tells how the cluster is just now, past its security: whoever runs it asks.
func (c *Cluster) Health(ctx context.Context) (Health, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.settle(ctx); err != nil {
		return Health{}, err
	}
	t := c.tallyOf(c.byName)
	return Health{Status: healthNames[t.health], Shards: t.active + t.initializing + t.missing, Unassigned: t.missing}, nil
}
