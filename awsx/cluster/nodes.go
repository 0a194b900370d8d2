package cluster

import (
	"cmp"
	"context"
	"maps"
	"slices"
)

// ClusterSettings gives flat settings: what was set, over defaults. Lists are
// joined with commas.
// With fine-grained access control: cluster:monitor/state.
func (c *Cluster) ClusterSettings(ctx context.Context) (map[string]string, error) {
	var out struct {
		Defaults   map[string]any `json:"defaults"`
		Persistent map[string]any `json:"persistent"`
		Transient  map[string]any `json:"transient"`
	}
	if err := c.get(ctx, "/_cluster/settings", options("include_defaults", "true", "flat_settings", "true"), &out); err != nil {
		return nil, err
	}
	m := flat(out.Defaults)
	maps.Copy(m, flat(out.Persistent))
	maps.Copy(m, flat(out.Transient))
	return m, nil
}

// Node is one node's room. Sizes are in bytes.
type Node struct {
	ID, Name        string
	Data            bool
	DiskTotal       int64
	DiskAvailable   int64
	HeapMax         int64
	HeapUsedPercent int
}

// Nodes reads every node's room, sorted by name.
// With fine-grained access control: cluster:monitor/nodes/stats.
func (c *Cluster) Nodes(ctx context.Context) ([]Node, error) {
	var out struct {
		Nodes map[string]struct {
			Name  string   `json:"name"`
			Roles []string `json:"roles"`
			FS    struct {
				Total struct {
					Total     int64 `json:"total_in_bytes"`
					Available int64 `json:"available_in_bytes"`
				} `json:"total"`
			} `json:"fs"`
			JVM struct {
				Mem struct {
					Max  int64 `json:"heap_max_in_bytes"`
					Used int   `json:"heap_used_percent"`
				} `json:"mem"`
			} `json:"jvm"`
		} `json:"nodes"`
	}
	if err := c.get(ctx, "/_nodes/stats/fs,jvm", nil, &out); err != nil {
		return nil, err
	}
	list := make([]Node, 0, len(out.Nodes))
	for id, n := range out.Nodes {
		list = append(list, Node{
			ID: id, Name: n.Name, Data: slices.ContainsFunc(n.Roles, func(r string) bool { return r == "data" || r == "data_hot" || r == "data_content" }),
			DiskTotal: n.FS.Total.Total, DiskAvailable: n.FS.Total.Available, HeapMax: n.JVM.Mem.Max, HeapUsedPercent: n.JVM.Mem.Used,
		})
	}
	slices.SortFunc(list, func(a, b Node) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}
