package memory

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"snapferry/awsx/sandbox/memory/store"
	"snapferry/awsx/sandbox/memory/wire"
)

// writeAll does items in order. Items of one index are logged in one block.
func (c *Cluster) writeAll(items []item) []outcome {
	out := make([]outcome, len(items))
	blocks := map[*index][]int{}
	var order []*index // of first use, so that logs are written in that order
	for i, it := range items {
		if it.id == "" && it.op != "delete" {
			it.id = c.uuid()[:20]
		}
		out[i].item = it
		ix, err := c.prepare(&out[i])
		if err != nil {
			out[i].err = err
			continue
		}
		out[i].ix = ix
		// An update reads what an earlier item of the same call wrote.
		if out[i].op == "update" {
			c.flush(ix, blocks[ix], out)
			blocks[ix] = nil
			out[i].err = c.update(ix, &out[i])
			if out[i].err == nil && !out[i].same {
				out[i].err = c.learnFrom(ix, out[i].id, out[i].source)
			}
			if out[i].err != nil || out[i].same {
				continue
			}
		}
		if !slices.Contains(order, ix) {
			order = append(order, ix)
		}
		blocks[ix] = append(blocks[ix], i)
	}
	for _, ix := range order {
		c.flush(ix, blocks[ix], out)
	}
	return out
}

// prepare finds the index and teaches its mapping what the document brings.
func (c *Cluster) prepare(o *outcome) (*index, *wire.Error) {
	if len(o.id) > 512 {
		return nil, wire.Invalid("id [" + o.id + "] is too long, must be no longer than 512 bytes but was: " + scalar(len(o.id)))
	}
	ix, err := c.writeTarget(o.item)
	if err != nil {
		return nil, err
	}
	if ix.meta.Closed {
		return nil, ix.about(wire.New(400, "index_closed_exception", "closed"))
	}
	if err := ix.blocked(false); err != nil {
		return nil, err
	}
	if o.op == "delete" || o.op == "update" {
		return ix, nil
	}
	return ix, c.learnFrom(ix, o.id, o.source)
}

// block is a setting that forbids writing. Some forbid changing the metadata too.
type block struct {
	key, text string
	metadata  bool
}

var blocks = []block{
	{"index.blocks.read_only", "FORBIDDEN/5/index read-only (api)", true},
	{"index.blocks.write", "FORBIDDEN/8/index write (api)", false},
	{"index.blocks.read_only_allow_delete", "TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block", true},
}

// blocked honours the blocks an index may carry: for writing documents, or for
// changing metadata.
func (ix *index) blocked(metadata bool) *wire.Error {
	for _, b := range blocks {
		if metadata && !b.metadata {
			continue
		}
		if ix.meta.Settings.str(b.key) == "true" {
			status := 403
			if b.key == "index.blocks.read_only_allow_delete" {
				status = 429
			}
			return wire.New(status, "cluster_block_exception", "index [%s] blocked by: [%s];", ix.meta.Name, b.text)
		}
	}
	return nil
}

// learnFrom is dynamic mapping: the fields a document brings are added before
// it is written, or the document is refused.
func (c *Cluster) learnFrom(ix *index, id string, source json.RawMessage) *wire.Error {
	if !bytes.HasPrefix(bytes.TrimSpace(source), []byte("{")) {
		return wire.New(400, "mapper_parsing_exception", "failed to parse").
			CausedBy(wire.NewForeign(400, "not_x_content_exception", "Compressor detection can only be called on some xcontent bytes or compressed xcontent bytes"))
	}
	doc, err := decodeObject(source)
	if err != nil {
		return wire.New(400, "mapper_parsing_exception", "failed to parse").CausedBy(malformed(err))
	}
	mapping := ix.mappings()
	if err := datedFor(mapping, doc); err != nil {
		return err
	}
	if d := scalar(mapping["dynamic"]); d == "false" {
		return nil
	}
	props, _ := mapping["properties"].(object)
	fresh, werr := learn(props, "", id, doc)
	if werr != nil || len(fresh) == 0 {
		return werr
	}
	if d := scalar(mapping["dynamic"]); d == "strict" {
		for name := range maps.Keys(fresh) {
			return wire.New(400, "strict_dynamic_mapping_exception", "mapping set to strict, dynamic introduction of [%s] within [_doc] is not allowed", name)
		}
	}
	merged, werr := mergeMappings(mapping, object{"properties": fresh})
	if werr != nil {
		return werr
	}
	ix.meta.Mappings = merged
	if err := ix.saveMeta(); err != nil {
		return storageError(err)
	}
	return nil
}

// datedFor refuses a document without a date in an index of a data stream.
func datedFor(mapping, doc object) *wire.Error {
	stamp, _ := mapping["_data_stream_timestamp"].(object)
	if stamp["enabled"] != true {
		return nil
	}
	switch doc["@timestamp"].(type) {
	case nil, object, []any:
		return wire.New(400, "mapper_parsing_exception", "failed to parse").
			CausedBy(wire.IllegalArgument("documents must contain a single-valued timestamp field '@timestamp' of date type"))
	}
	return nil
}

// update turns an update into a write of the whole document.
func (c *Cluster) update(ix *index, o *outcome) *wire.Error {
	var body struct {
		Doc    object          `json:"doc"`
		Upsert json.RawMessage `json:"upsert"`
		AsUp   bool            `json:"doc_as_upsert"`
	}
	r := call{body: o.source}
	if err := r.decode(&body); err != nil {
		return err
	}
	old := ix.docs.Get(o.id, o.routing)
	base := object{}
	switch {
	case old != nil:
		was, err := decodeObject(old.Source)
		if err != nil {
			return malformed(err)
		}
		base = was
	case body.Upsert != nil:
		o.source = body.Upsert
		return nil
	case !body.AsUp:
		e := wire.New(404, "document_missing_exception", "%s[%s]: document missing", c.eng.typePart("[_doc]"), o.id).With("index_uuid", ix.meta.UUID)
		return e.With("shard", scalar(ix.docs.ShardOf(o.id, o.routing))).With("index", ix.meta.Name)
	}
	next := overlay(base, body.Doc)
	raw, err := wire.Encode(next)
	if err != nil {
		return wire.IllegalArgument("%s", err)
	}
	before, _ := wire.Encode(base)
	if old != nil && string(before) == string(raw) {
		o.same = true
		o.result = store.Outcome{Shard: old.Shard, Seq: old.Seq, Version: old.Version, Was: true}
	}
	o.source = raw
	return nil
}

// overlay lays one object over another, level by level.
func overlay(base, add object) object {
	out := maps.Clone(base)
	for k, v := range add {
		inner, isObject := v.(object)
		was, wasObject := out[k].(object)
		if isObject && wasObject {
			v = overlay(was, inner)
		}
		out[k] = v
	}
	return out
}

// flush logs the writes of one index.
func (c *Cluster) flush(ix *index, at []int, out []outcome) {
	writes := make([]store.Write, len(at))
	for n, i := range at {
		kind := store.Put
		switch out[i].op {
		case "create":
			kind = store.Add
		case "delete":
			kind = store.Delete
		}
		writes[n] = store.Write{Kind: kind, ID: out[i].id, Routing: out[i].routing, Source: compact(out[i].source), IfSeq: out[i].ifSeq}
	}
	results, err := ix.docs.Apply(writes)
	for n, i := range at {
		switch {
		case err != nil:
			out[i].err = storageError(err)
		case results[n].Conflict != "":
			e := wire.New(409, "version_conflict_engine_exception", "%s", results[n].Conflict)
			out[i].err = e.With("index_uuid", ix.meta.UUID).With("shard", scalar(results[n].Shard)).With("index", ix.meta.Name)
		default:
			out[i].result = results[n]
		}
	}
}
