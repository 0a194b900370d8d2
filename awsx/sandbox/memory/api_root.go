package memory

import "snapferry/awsx/sandbox/memory/wire"

// rootRoutes are the APIs of this family: the root answers DELETE as well, as
// an index deletion that lacks its index.
func (c *Cluster) rootRoutes() []route {
	return []route{
		{"GET", "/", "cluster:monitor/main", "", c.root},
		{"HEAD", "/", "cluster:monitor/main", "", c.root},
		{"DELETE", "/", "indices:admin/delete", pIndices + pManager, func(*call) (reply, *wire.Error) {
			return reply{}, wire.Invalid("index / indices is missing")
		}},
	}
}

// root is GET /: the first thing anybody asks a cluster.
func (c *Cluster) root(*call) (reply, *wire.Error) {
	b := c.eng.build()
	v := wire.Object{}
	v = v.SetIf(c.eng.openSearch(), "distribution", "opensearch").Set("number", c.eng.v.Number())
	v = v.SetIf(!c.eng.openSearch(), "build_flavor", b.flavor)
	v = append(v, wire.Obj("build_type", "tar", "build_hash", b.hash, "build_date", b.date, "build_snapshot", false,
		"lucene_version", b.lucene, "minimum_wire_compatibility_version", b.wire, "minimum_index_compatibility_version", b.index)...)
	tagline := "You Know, for Search"
	if c.eng.openSearch() {
		tagline = "The OpenSearch Project: https://opensearch.org/"
	}
	return ok(wire.Obj("name", c.state.Nodes[0].Name, "cluster_name", c.opt.Name, "cluster_uuid", c.state.UUID, "version", v, "tagline", tagline))
}
