package memory

import (
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// nodeRoutes are the APIs of this family: which nodes are asked for makes no
// difference, the answer is about all of them.
func (c *Cluster) nodeRoutes() []route {
	const (
		info  = "cluster:monitor/nodes/info"
		stats = "cluster:monitor/nodes/stats"
		p     = " timeout flat_settings level types groups completion_fields fielddata_fields fields include_segment_file_sizes "
	)
	return []route{
		{"GET", "/_nodes", info, p, c.nodesInfo},
		{"GET", "/_nodes/{metric}", info, p, c.nodesInfo},
		{"GET", "/_nodes/{node}/{metric}", info, p, c.nodesInfo},
		{"GET", "/_nodes/stats", stats, p, c.nodesStats},
		{"GET", "/_nodes/stats/{metric}", stats, p, c.nodesStats},
		{"GET", "/_nodes/{node}/stats", stats, p, c.nodesStats},
		{"GET", "/_nodes/{node}/stats/{metric}", stats, p, c.nodesStats},
	}
}

// roles are a data node's roles, in the engine's order.
func (e engine) roles() []string {
	if e.atLeast(2, 0) {
		return []string{"cluster_manager", "data", "ingest", "remote_cluster_client"}
	}
	return []string{"data", "ingest", "master", "remote_cluster_client"}
}

// roleLetters are the roles as _cat/nodes abbreviates them.
func (e engine) roleLetters() string { return "dimr" }

// heap is what the nodes pretend to have: half of it in use.
const heap = int64(16) << 30

// nodesHeader is what every answer about nodes begins with.
func (c *Cluster) nodesHeader() wire.Object {
	n := len(c.state.Nodes)
	return wire.Obj("_nodes", wire.Obj("total", n, "successful", n, "failed", 0), "cluster_name", c.opt.Name)
}

// nodesInfo is what does not change about a node: version, roles, size of the
// heap.
func (c *Cluster) nodesInfo(*call) (reply, *wire.Error) {
	nodes := wire.Object{}
	for _, n := range c.state.Nodes {
		b := c.eng.build()
		nodes = nodes.Set(n.ID, append(c.nodeHead(n), wire.Obj("version", c.eng.v.Number(), "build_type", "tar", "build_hash", b.hash,
			"total_indexing_buffer", heap/10, "roles", c.eng.roles(),
			"jvm", wire.Obj("mem", wire.Obj("heap_init_in_bytes", heap, "heap_max_in_bytes", heap)), "plugins", []any{}, "modules", []any{})...))
	}
	return ok(c.nodesHeader().Set("nodes", nodes))
}

// nodeHead is how a node introduces itself. Managed domains show no addresses.
func (c *Cluster) nodeHead(n node) wire.Object {
	return wire.Obj("name", n.Name, "transport_address", hiddenIP+":9300", "host", hiddenIP, "ip", hiddenIP)
}

// nodesStats is what changes: heap and disk, the two figures a migration looks
// at before it begins.
func (c *Cluster) nodesStats(r *call) (reply, *wire.Error) {
	metrics := splitList(r.vars["metric"])
	want := func(m string) bool {
		return len(metrics) == 0 || slices.Contains(metrics, m) || slices.Contains(metrics, "_all")
	}
	used := c.used()
	nodes := wire.Object{}
	for i := range c.state.Nodes {
		n := &c.state.Nodes[i]
		now := c.now().UnixMilli()
		o := append(wire.Obj("timestamp", now), c.nodeHead(*n)...).Set("roles", c.eng.roles())
		if want("jvm") {
			o = o.Set("jvm", wire.Obj("timestamp", now, "uptime_in_millis", c.now().Sub(n.Started).Milliseconds(),
				"mem", wire.Obj("heap_used_in_bytes", heap/2, "heap_used_percent", 50, "heap_committed_in_bytes", heap, "heap_max_in_bytes", heap)))
		}
		if want("fs") {
			o = o.Set("fs", wire.Obj("timestamp", now, "total", c.disk(used[n]), "data", []any{}))
		}
		if want("indices") {
			o = o.Set("indices", wire.Obj("store", wire.Obj("size_in_bytes", used[n])))
		}
		nodes = nodes.Set(n.ID, o)
	}
	return ok(c.nodesHeader().Set("nodes", nodes))
}

// disk is a node's file system with so much in use.
func (c *Cluster) disk(used int64) wire.Object {
	free := c.opt.NodeBytes - used
	o := wire.Obj("total_in_bytes", c.opt.NodeBytes, "free_in_bytes", free, "available_in_bytes", free)
	return o.SetIf(c.eng.atLeast(2, 4), "cache_reserved_in_bytes", 0)
}

// shownNode is how the engine prints a node inside texts.
func (c *Cluster) shownNode(n node) string {
	parts := []string{n.Name, n.ID, n.ID, hiddenIP, hiddenIP + ":9300", c.eng.roleLetters()}
	if c.eng.openSearch() {
		parts = append(parts, "shard_indexing_pressure_enabled=true")
	}
	return "{" + strings.Join(parts, "}{") + "}"
}
