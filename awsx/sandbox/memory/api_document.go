package memory

import (
	"bytes"
	"encoding/json"
	"strconv"

	"snapferry/awsx/sandbox/memory/store"
	"snapferry/awsx/sandbox/memory/wire"
)

// documentRoutes are the APIs of this family: writes go to an index, an alias
// with one write index, or a data stream; a missing index is made.
func (c *Cluster) documentRoutes() []route {
	const (
		read  = "indices:data/read/get"
		write = "indices:data/write/index"
		p     = "routing refresh timeout version version_type op_type pipeline wait_for_active_shards if_seq_no if_primary_term require_alias"
		g     = "routing refresh realtime preference stored_fields _source _source_includes _source_excludes version"
	)
	return []route{
		{"PUT", "/{index}/_doc/{id}", write, p, c.putDoc},
		{"POST", "/{index}/_doc/{id}", write, p, c.putDoc},
		{"POST", "/{index}/_doc", write, p, c.putDoc},
		{"PUT", "/{index}/_create/{id}", write, p, c.addDoc},
		{"POST", "/{index}/_create/{id}", write, p, c.addDoc},
		{"GET", "/{index}/_doc/{id}", read, g, c.getDoc},
		{"HEAD", "/{index}/_doc/{id}", read, g, c.getDoc},
		{"GET", "/{index}/_source/{id}", read, g, c.getSource},
		{"DELETE", "/{index}/_doc/{id}", "indices:data/write/delete", p, c.deleteDoc},
		{"POST", "/{index}/_update/{id}", "indices:data/write/update", p + " retry_on_conflict _source", c.updateDoc},
		{"POST", "/_bulk", "indices:data/write/bulk", p + " _source", c.bulk},
		{"PUT", "/_bulk", "indices:data/write/bulk", p + " _source", c.bulk},
		{"POST", "/{index}/_bulk", "indices:data/write/bulk", p + " _source", c.bulk},
		{"GET", "/_mget", "indices:data/read/mget", g, c.multiGet},
		{"POST", "/_mget", "indices:data/read/mget", g, c.multiGet},
		{"GET", "/{index}/_mget", "indices:data/read/mget", g, c.multiGet},
		{"POST", "/{index}/_mget", "indices:data/read/mget", g, c.multiGet},
	}
}

// item is one write that is asked for, alone or in a bulk.
type item struct {
	// op is index, create, delete or update, as answers name it.
	op                 string
	index, id, routing string
	source             json.RawMessage
	ifSeq              *int64
}

// putDoc writes a document whole, replacing one of the same id unless
// op_type=create says otherwise.
func (c *Cluster) putDoc(r *call) (reply, *wire.Error) {
	op := "index"
	// Without an id there is nothing to replace.
	if r.query.Get("op_type") == "create" || r.vars["id"] == "" {
		op = "create"
	}
	return c.writeOne(r, op)
}

// addDoc refuses to replace.
func (c *Cluster) addDoc(r *call) (reply, *wire.Error) { return c.writeOne(r, "create") }

// deleteDoc deletes; one that is not there is a 404 that counts as a write all
// the same.
func (c *Cluster) deleteDoc(r *call) (reply, *wire.Error) { return c.writeOne(r, "delete") }

// updateDoc lays a part over a document.
func (c *Cluster) updateDoc(r *call) (reply, *wire.Error) { return c.writeOne(r, "update") }

// writeOne does a single write through the same path as a bulk.
func (c *Cluster) writeOne(r *call, op string) (reply, *wire.Error) {
	it := item{op: op, index: r.vars["index"], id: r.vars["id"], routing: r.query.Get("routing")}
	if it.op != "delete" {
		it.source = json.RawMessage(bytes.TrimSpace(r.body))
		if len(it.source) == 0 {
			return reply{}, wire.New(400, "parse_exception", "request body is required")
		}
	}
	if v := r.query.Get("if_seq_no"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return reply{}, wire.IllegalArgument("Failed to parse long parameter [if_seq_no] with value [%s]", v)
		}
		it.ifSeq = &n
	}
	out := c.writeAll([]item{it})[0]
	if out.err != nil {
		return reply{}, out.err
	}
	status, body := c.written(out)
	if r.query.Get("refresh") == "true" || r.query.Has("refresh") && r.query.Get("refresh") == "" {
		body = body.Set("forced_refresh", true)
	}
	return reply{status: status, body: body}, nil
}

// outcome is what became of an item.
type outcome struct {
	item
	ix     *index
	result store.Outcome
	err    *wire.Error
	// same says that an update changed nothing.
	same bool
}

// written is the answer to a write that succeeded.
func (c *Cluster) written(o outcome) (int, wire.Object) {
	status, result := 200, "updated"
	switch {
	case o.same:
		result = "noop"
	case o.op == "delete" && o.result.Was:
		result = "deleted"
	case o.op == "delete":
		status, result = 404, "not_found"
	case !o.result.Was:
		status, result = 201, "created"
	}
	body := wire.Obj("_index", o.ix.meta.Name).SetIf(c.eng.typed(), "_type", "_doc").Set("_id", o.id)
	body = append(body, wire.Obj("_version", o.result.Version, "result", result,
		"_shards", c.acted(o),
		"_seq_no", o.result.Seq, "_primary_term", 1)...)
	return status, body
}

// acted counts the copies a write went to; one that changed nothing went to none.
func (c *Cluster) acted(o outcome) wire.Object {
	if o.same {
		return wire.Obj("total", 0, "successful", 0, "failed", 0)
	}
	return wire.Obj("total", 1+o.ix.replicas(), "successful", c.reached(o.ix, o.result.Shard), "failed", 0)
}

// reached counts the copies of a shard that take a write.
func (c *Cluster) reached(ix *index, shard int) int {
	n := 0
	for _, r := range c.replicasOf(ix) {
		if r.shard == shard && r.state == started {
			n++
		}
	}
	return n
}

// getDoc reads by id. It sees a write at once, without a refresh.
func (c *Cluster) getDoc(r *call) (reply, *wire.Error) {
	ix, doc, err := c.lookUp(r.vars["index"], r.vars["id"], r.query.Get("routing"))
	if err != nil {
		return reply{}, err
	}
	status := 200
	if doc == nil {
		status = 404
	}
	body, err := c.gotten(ix, r.vars["id"], doc, r)
	if err != nil {
		return reply{}, err
	}
	return reply{status: status, body: body}, nil
}

// getSource reads the document alone.
func (c *Cluster) getSource(r *call) (reply, *wire.Error) {
	_, doc, err := c.lookUp(r.vars["index"], r.vars["id"], r.query.Get("routing"))
	if err != nil {
		return reply{}, err
	}
	if doc == nil {
		return reply{}, wire.New(404, "resource_not_found_exception", "Document not found [%s]/%s[%s]", r.vars["index"], c.eng.typePart("[_doc]/"), r.vars["id"])
	}
	return ok(doc.Source)
}

// lookUp finds one document through an index or an alias of one index.
func (c *Cluster) lookUp(name, id, routing string) (*index, *store.Doc, *wire.Error) {
	found, err := c.resolve(name, strict)
	if err != nil {
		return nil, nil, err
	}
	if len(found) != 1 {
		return nil, nil, wire.IllegalArgument("alias [%s] has more than one index associated with it, can't execute a single index op", name)
	}
	ix := found[0]
	if !c.searchable(ix, ix.docs.ShardOf(id, routing)) {
		return nil, nil, wire.New(503, "no_shard_available_action_exception", "No shard available for [get [%s]%s[%s]: routing [null]]", name, c.eng.typePart("[_doc]"), id)
	}
	if c.sealed(ix) {
		return ix, nil, nil
	}
	return ix, ix.docs.Get(id, routing), nil
}

// gotten is a document as GET shows it.
func (c *Cluster) gotten(ix *index, id string, doc *store.Doc, r *call) (wire.Object, *wire.Error) {
	body := wire.Obj("_index", ix.meta.Name).SetIf(c.eng.typed(), "_type", "_doc").Set("_id", id)
	if doc == nil {
		return body.Set("found", false), nil
	}
	body = append(body, wire.Obj("_version", doc.Version, "_seq_no", doc.Seq, "_primary_term", 1)...)
	body = body.SetIf(doc.Routing != "", "_routing", doc.Routing).Set("found", true)
	f := sourceFilter{}
	if err := f.fromQuery(r); err != nil {
		return nil, err
	}
	if src := f.apply(doc.Source); src != nil {
		body = body.Set("_source", src)
	}
	return body, nil
}

// multiGet reads several documents. One that cannot be read is an entry with an
// error, not an error of the call.
func (c *Cluster) multiGet(r *call) (reply, *wire.Error) {
	var body struct {
		Docs []struct {
			Index   string `json:"_index"`
			ID      string `json:"_id"`
			Routing string `json:"routing"`
		} `json:"docs"`
		IDs []string `json:"ids"`
	}
	if err := r.decode(&body); err != nil {
		return reply{}, err
	}
	for _, id := range body.IDs {
		body.Docs = append(body.Docs, struct {
			Index   string `json:"_index"`
			ID      string `json:"_id"`
			Routing string `json:"routing"`
		}{ID: id})
	}
	if len(body.Docs) == 0 {
		return reply{}, wire.Invalid("no documents to get")
	}
	if err := c.judge(r, nil, multiGetAction); err != nil {
		return reply{}, err
	}
	list := []wire.Object{}
	for _, d := range body.Docs {
		if d.Index == "" {
			d.Index = r.vars["index"]
		}
		ix, doc, err := c.lookUp(d.Index, d.ID, d.Routing)
		if err == nil {
			err = c.judge(r, c.namedTargets(d.Index), multiGetAction+"[shard]")
		}
		if err != nil {
			o := wire.Obj("_index", d.Index).SetIf(c.eng.typed(), "_type", "_doc").Set("_id", d.ID)
			list = append(list, o.Set("error", append(wire.Obj("root_cause", []wire.Object{err.Nested()}), err.Nested()...)))
			continue
		}
		got, err := c.gotten(ix, d.ID, doc, r)
		if err != nil {
			return reply{}, err
		}
		list = append(list, got)
	}
	return ok(wire.Obj("docs", list))
}

// writeTarget finds the index a write goes to, making it where it is missing.
func (c *Cluster) writeTarget(it item) (*index, *wire.Error) {
	if ix := c.indices[it.index]; ix != nil {
		return ix, nil
	}
	if ds := c.state.DataStreams[it.index]; ds != nil {
		return c.streamTarget(ds, it)
	}
	held := c.aliasHolders(it.index)
	for _, ix := range held {
		if w, set := ix.meta.Aliases[it.index]["is_write_index"].(bool); w || !set && len(held) == 1 {
			return ix, nil
		}
	}
	if len(held) > 0 {
		return nil, wire.IllegalArgument("no write index is defined for alias [%s]. The write index may be explicitly disabled using is_write_index=false or the alias points to multiple indices without one being designated as a write index", it.index)
	}
	if t := c.composable(it.index); t != nil && len(t.Stream) > 0 {
		if err := c.createStream(it.index); err != nil {
			return nil, err
		}
		return c.streamTarget(c.state.DataStreams[it.index], it)
	}
	return c.createIndex(it.index, creation{})
}

// streamTarget are the APIs of this family: data streams are only added to.
func (c *Cluster) streamTarget(ds *dataStream, it item) (*index, *wire.Error) {
	if it.op != "create" {
		return nil, wire.IllegalArgument("only write ops with an op_type of create are allowed in data streams")
	}
	return c.indices[ds.writeIndex()], nil
}
