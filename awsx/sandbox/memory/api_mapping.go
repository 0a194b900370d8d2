package memory

import "snapferry/awsx/sandbox/memory/wire"

// mappingRoutes are the APIs of this family: both spellings of the path are in
// use.
func (c *Cluster) mappingRoutes() []route {
	const get, put = "indices:admin/mappings/get", "indices:admin/mapping/put"
	p := "include_type_name write_index_only" + pIndices + pManager
	return []route{
		{"GET", "/_mapping", get, p, c.getMapping},
		{"GET", "/{index}/_mapping", get, p, c.getMapping},
		{"GET", "/{index}/_mappings", get, p, c.getMapping},
		{"PUT", "/{index}/_mapping", put, p, c.putMapping},
		{"POST", "/{index}/_mapping", put, p, c.putMapping},
	}
}

// getMapping shows mappings without a type around them.
func (c *Cluster) getMapping(r *call) (reply, *wire.Error) {
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	out := object{}
	for _, ix := range found {
		out[ix.meta.Name] = wire.Obj("mappings", ix.mappings())
	}
	return ok(out)
}

// putMapping adds fields to all named indices or, where one of them refuses, to
// none.
func (c *Cluster) putMapping(r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	merged := make([]object, len(found))
	for i, ix := range found {
		if err := ix.blocked(true); err != nil {
			return reply{}, err
		}
		if merged[i], err = mergeMappings(ix.meta.Mappings, body); err != nil {
			return reply{}, err
		}
	}
	for i, ix := range found {
		ix.meta.Mappings = merged[i]
		if err := ix.saveMeta(); err != nil {
			return reply{}, storageError(err)
		}
	}
	return acknowledged()
}
