package cluster

import "context"

// Health is the cluster's or the named indices' health.
type Health struct {
	Status                                             string // green, yellow, red
	TimedOut                                           bool
	Nodes, DataNodes                                   int
	ActivePrimaries, Active                            int
	Relocating, Initializing, Unassigned, PendingTasks int
	Indices                                            map[string]IndexHealth
}

// IndexHealth is one index's health.
type IndexHealth struct {
	Status                               string
	Primaries, Replicas                  int
	ActivePrimaries, Active              int
	Relocating, Initializing, Unassigned int
}

// shardNumbers are the counts that cluster and index health have in common.
type shardNumbers struct {
	Status          string `json:"status"`
	Primaries       int    `json:"number_of_shards"`
	Replicas        int    `json:"number_of_replicas"`
	ActivePrimaries int    `json:"active_primary_shards"`
	Active          int    `json:"active_shards"`
	Relocating      int    `json:"relocating_shards"`
	Initializing    int    `json:"initializing_shards"`
	Unassigned      int    `json:"unassigned_shards"`
}

// Health asks for the named indices, or for the cluster when none is named.
// Indices that are not there are left out; with none of them there Status is "".
//
// The whole cluster is always asked for and the rest left away here: named in
// the URL, an index that is not there yet holds the answer back for thirty
// seconds and makes it red.
// With fine-grained access control: cluster:monitor/health.
func (c *Cluster) Health(ctx context.Context, indices []string) (Health, error) {
	var out struct {
		shardNumbers
		TimedOut  bool                    `json:"timed_out"`
		Nodes     int                     `json:"number_of_nodes"`
		DataNodes int                     `json:"number_of_data_nodes"`
		Pending   int                     `json:"number_of_pending_tasks"`
		Indices   map[string]shardNumbers `json:"indices"`
	}
	if err := c.get(ctx, "/_cluster/health", options("level", "indices"), &out); err != nil {
		return Health{}, err
	}
	h := Health{
		Status: out.Status, TimedOut: out.TimedOut, Nodes: out.Nodes, DataNodes: out.DataNodes, PendingTasks: out.Pending,
		ActivePrimaries: out.ActivePrimaries, Active: out.Active,
		Relocating: out.Relocating, Initializing: out.Initializing, Unassigned: out.Unassigned, Indices: map[string]IndexHealth{},
	}
	if len(indices) == 0 {
		for name, n := range out.Indices {
			h.Indices[name] = IndexHealth(n)
		}
		return h, nil
	}
	h.Status, h.ActivePrimaries, h.Active, h.Relocating, h.Initializing, h.Unassigned = "", 0, 0, 0, 0, 0
	for _, name := range indices {
		if n, there := out.Indices[name]; there {
			h.Indices[name] = IndexHealth(n)
			h.add(n)
		}
	}
	return h, nil
}

func (h *Health) add(n shardNumbers) {
	h.Status = worse(h.Status, n.Status)
	h.ActivePrimaries += n.ActivePrimaries
	h.Active += n.Active
	h.Relocating += n.Relocating
	h.Initializing += n.Initializing
	h.Unassigned += n.Unassigned
}

func worse(a, b string) string {
	rank := map[string]int{"": 0, "green": 1, "yellow": 2, "red": 3}
	if rank[b] > rank[a] {
		return b
	}
	return a
}
