package memory

import (
	"bytes"
	"encoding/json"
	"slices"

	"snapferry/awsx/sandbox/memory/wire"
)

// decodeObject reads a document, numbers as they were written.
func decodeObject(raw json.RawMessage) (object, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var o object
	return o, d.Decode(&o)
}

// compact drops blanks and line breaks, so that a document is one log line.
func compact(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return nil
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}

// bulk does many writes. The call itself succeeds even where every item fails:
// the outcome stands in "errors" and the items.
func (c *Cluster) bulk(r *call) (reply, *wire.Error) {
	items, err := c.readBulk(r.body, r.vars["index"])
	if err != nil {
		return reply{}, err
	}
	if err := c.judge(r, nil, bulkAction); err != nil {
		return reply{}, err
	}
	out := c.writeAllowed(r, items)
	failed := false
	list := make([]wire.Object, len(out))
	for i, o := range out {
		if o.err != nil {
			failed = true
			name := o.index
			if o.ix != nil {
				name = o.ix.meta.Name
			}
			body := wire.Obj("_index", name).SetIf(c.eng.typed(), "_type", "_doc").Set("_id", o.id)
			list[i] = wire.Obj(o.op, append(body, wire.Obj("status", o.err.Status, "error", o.err.Nested())...))
			continue
		}
		status, body := c.written(o)
		if v := r.query.Get("refresh"); v == "true" {
			body = body.Set("forced_refresh", true)
		}
		list[i] = wire.Obj(o.op, body.Set("status", status))
	}
	return ok(wire.Obj("took", 1, "errors", failed, "items", list))
}

// readBulk reads the pairs of lines of a bulk body.
func (c *Cluster) readBulk(body []byte, index string) ([]item, *wire.Error) {
	if !bytes.HasSuffix(body, []byte("\n")) {
		if len(body) == 0 {
			return nil, wire.New(400, "parse_exception", "request body is required")
		}
		return nil, wire.IllegalArgument("The bulk request must be terminated by a newline [\\n]")
	}
	lines := slices.Collect(bytes.Lines(body))
	var out []item
	for i := 0; i < len(lines); i++ {
		line := bytes.TrimSpace(lines[i])
		if len(line) == 0 {
			continue
		}
		it, err := c.readAction(line, index, i+1)
		if err != nil {
			return nil, err
		}
		if it.op != "delete" {
			if i++; i == len(lines) {
				return nil, wire.Invalid("no requests added")
			}
			it.source = slices.Clone(bytes.TrimSpace(lines[i]))
		}
		if it.op != "" {
			out = append(out, it)
		}
	}
	if len(out) == 0 {
		return nil, wire.Invalid("no requests added")
	}
	return out, nil
}

// readAction reads the first line of a pair. An id may be written as a number.
func (c *Cluster) readAction(line []byte, index string, number int) (item, *wire.Error) {
	var action map[string]struct {
		Index   string `json:"_index"`
		ID      any    `json:"_id"`
		Routing string `json:"routing"`
		IfSeq   *int64 `json:"if_seq_no"`
	}
	if err := json.Unmarshal(line, &action); err != nil || len(action) != 1 {
		return item{}, wire.IllegalArgument("Malformed action/metadata line [%d], expected START_OBJECT but found [VALUE_STRING]", number)
	}
	for op, a := range action {
		if !slices.Contains([]string{"index", "create", "delete", "update"}, op) {
			if !c.eng.openSearch() {
				return item{}, nil // Elasticsearch 7 passes over what it does not know
			}
			return item{}, wire.IllegalArgument("Malformed action/metadata line [%d], expected one of [create, delete, index, update] but found [%s]", number, op)
		}
		it := item{op: op, index: a.Index, routing: a.Routing, ifSeq: a.IfSeq}
		if a.ID != nil {
			it.id = scalar(a.ID)
		}
		if it.index == "" {
			it.index = index
		}
		if it.index == "" {
			return item{}, wire.Invalid("index is missing")
		}
		return it, nil
	}
	return item{}, nil
}
