package memory

import (
	"maps"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// indexRoutes are the APIs of this family: making, reading, closing and
// deleting whole indices.
func (c *Cluster) indexRoutes() []route {
	const one = "/{index}"
	return []route{
		{"PUT", one, "indices:admin/create", "wait_for_active_shards include_type_name" + pManager, c.putIndex},
		{"GET", one, "indices:admin/get", "include_type_name" + pSettings, c.getIndex},
		{"HEAD", one, "indices:admin/get", "include_type_name" + pSettings, c.getIndex},
		{"DELETE", one, "indices:admin/delete", pIndices + pManager, c.deleteIndex},
		{"POST", "/{index}/_close", "indices:admin/close", "wait_for_active_shards" + pIndices + pManager, c.closeIndex},
		{"POST", "/{index}/_open", "indices:admin/open", "wait_for_active_shards wait_for_completion" + pIndices + pManager, c.openIndex},
		{"POST", "/_refresh", "indices:admin/refresh", pIndices, c.touch},
		{"GET", "/_refresh", "indices:admin/refresh", pIndices, c.touch},
		{"POST", "/{index}/_refresh", "indices:admin/refresh", pIndices, c.touch},
		{"GET", "/{index}/_refresh", "indices:admin/refresh", pIndices, c.touch},
		{"POST", "/_flush", "indices:admin/flush", "force wait_if_ongoing" + pIndices, c.touch},
		{"POST", "/{index}/_flush", "indices:admin/flush", "force wait_if_ongoing" + pIndices, c.touch},
		{"POST", "/{index}/_forcemerge", "indices:admin/forcemerge", "max_num_segments only_expunge_deletes flush" + pIndices, c.forceMerge},
	}
}

// putIndex makes an index. Shards of a new index are there at once, so
// shards_acknowledged is always true.
func (c *Cluster) putIndex(r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	want, err := readCreation(body)
	if err != nil {
		return reply{}, err
	}
	name := r.vars["index"]
	ix, err := c.createIndex(name, want)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.Obj("acknowledged", true, "shards_acknowledged", true, "index", ix.meta.Name))
}

// readCreation reads the body of an index creation or of a template's inner part.
func readCreation(body object) (creation, *wire.Error) {
	var want creation
	for k, v := range body {
		inner, isObject := v.(object)
		if !isObject && v != nil {
			return want, wire.New(400, "parse_exception", "key [%s] must be an object", k)
		}
		switch k {
		case "settings":
			want.settings = flatten(inner).prefixed()
		case "mappings":
			want.mappings = inner
		case "aliases":
			want.aliases = map[string]object{}
			for name, a := range inner {
				options, _ := a.(object)
				want.aliases[name] = aliasOptions(options)
			}
		default:
			return want, wire.New(400, "parse_exception", "unknown key [%s] for create index", k)
		}
	}
	return want, nil
}

// getIndex shows aliases, mappings and settings in one.
func (c *Cluster) getIndex(r *call) (reply, *wire.Error) {
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	out := object{}
	for _, ix := range found {
		aliases := ix.meta.Aliases
		if aliases == nil {
			aliases = map[string]object{}
		}
		o := wire.Obj("aliases", aliases, "mappings", ix.mappings(), "settings", c.shownSettings(r, ix, nil))
		if ds := c.streamOf(ix.meta.Name); ds != "" {
			o = o.Set("data_stream", ds)
		}
		out[ix.meta.Name] = o
	}
	return ok(out)
}

// find resolves the expression of the path with an API's defaults.
func (c *Cluster) find(r *call, e expand) ([]*index, *wire.Error) {
	e, err := e.from(r)
	if err != nil {
		return nil, err
	}
	return c.resolve(r.vars["index"], e)
}

// mappings is never nil: an index without fields has an empty object.
func (ix *index) mappings() object {
	if ix.meta.Mappings == nil {
		return object{}
	}
	return ix.meta.Mappings
}

// deleteIndex deletes for good. It takes no alias for an index, no index that a
// snapshot is being taken of, and not the one a data stream writes to.
func (c *Cluster) deleteIndex(r *call) (reply, *wire.Error) {
	found, err := c.find(r, expand{none: true, open: true, closed: true, noAliases: true})
	if err != nil {
		return reply{}, err
	}
	if err := c.notInSnapshot("delete", found); err != nil {
		return reply{}, err
	}
	for _, ix := range found {
		if ds := c.streamOf(ix.meta.Name); ds != "" && c.state.DataStreams[ds].writeIndex() == ix.meta.Name {
			return reply{}, wire.IllegalArgument("index [%s] is the write index for data stream [%s] and cannot be deleted", ix.meta.Name, ds)
		}
	}
	for _, ix := range found {
		c.leaveStream(ix.meta.Name)
		if err := c.abandon(ix); err != nil {
			return reply{}, storageError(err)
		}
	}
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	return acknowledged()
}

// closeIndex closes indices; they keep their shards, but nobody reads or writes
// them, and a restore may replace them.
func (c *Cluster) closeIndex(r *call) (reply, *wire.Error) {
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	if err := c.notInSnapshot("close", found); err != nil {
		return reply{}, err
	}
	if err := c.notInRestore("close", found); err != nil {
		return reply{}, err
	}
	var writers []string
	for _, ix := range found {
		if ds := c.state.DataStreams[c.streamOf(ix.meta.Name)]; ds != nil && ds.writeIndex() == ix.meta.Name {
			writers = append(writers, ix.meta.Name)
		}
	}
	if writers != nil {
		return reply{}, wire.IllegalArgument("cannot close the following data stream write indices [%s]", strings.Join(writers, ","))
	}
	closed := wire.Object{}
	for _, ix := range found {
		if ix.meta.Closed {
			continue // not even mentioned
		}
		ix.meta.Closed, ix.meta.ClosedAt = true, c.now()
		ix.meta.Settings["index.verified_before_close"] = "true"
		if err := ix.saveMeta(); err != nil {
			return reply{}, storageError(err)
		}
		closed = closed.Set(ix.meta.Name, wire.Obj("closed", true))
	}
	return ok(wire.Obj("acknowledged", true, "shards_acknowledged", len(closed) > 0, "indices", closed))
}

// openIndex takes a closing back.
func (c *Cluster) openIndex(r *call) (reply, *wire.Error) {
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	for _, ix := range found {
		ix.meta.Closed = false
		delete(ix.meta.Settings, "index.verified_before_close")
		if err := ix.saveMeta(); err != nil {
			return reply{}, storageError(err)
		}
	}
	return ok(wire.Obj("acknowledged", true, "shards_acknowledged", true))
}

// touch answers refresh and flush, which have nothing to do here: what was
// written can be read at once.
func (c *Cluster) touch(r *call) (reply, *wire.Error) {
	found, err := c.find(r, strict)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.Obj("_shards", c.broadcast(found)))
}

// forceMerge forgets deleted documents; nothing else of a merge can be seen
// here.
func (c *Cluster) forceMerge(r *call) (reply, *wire.Error) {
	found, err := c.find(r, strict)
	if err != nil {
		return reply{}, err
	}
	for _, ix := range found {
		ix.docs.Merge()
	}
	return ok(wire.Obj("_shards", c.broadcast(found)))
}

// broadcast counts the copies an operation on whole indices reached.
func (c *Cluster) broadcast(list []*index) wire.Object {
	total, reached := 0, 0
	for _, ix := range list {
		for _, copyOf := range c.replicasOf(ix) {
			total++
			if copyOf.state == started {
				reached++
			}
		}
	}
	return wire.Obj("total", total, "successful", reached, "failed", 0)
}

// aliasOptions brings an alias into the form it is kept in.
func aliasOptions(in object) object {
	out := object{}
	maps.Copy(out, in)
	for _, k := range []string{"index", "indices", "alias", "aliases", "must_exist"} {
		delete(out, k)
	}
	if v, ok := out["routing"]; ok {
		delete(out, "routing")
		for _, k := range []string{"index_routing", "search_routing"} {
			if _, has := out[k]; !has {
				out[k] = v
			}
		}
	}
	return out
}

// notInRestore refuses to close what is being brought back.
func (c *Cluster) notInRestore(verb string, list []*index) *wire.Error {
	var busy []string
	for _, ix := range list {
		if c.restoring(ix) {
			busy = append(busy, ix.String())
		}
	}
	if busy == nil {
		return nil
	}
	return wire.IllegalArgument("Cannot %s indices that are being restored: [%s]", verb, strings.Join(busy, ", "))
}
