package memory

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/sandbox/memory/query"
	"snapferry/awsx/sandbox/memory/wire"
)

// ordering is the sort of a search; nil means by score, which is the same for
// all, and thus by index, shard and position.
type ordering []sortKey

type sortKey struct {
	field string
	desc  bool
	// date fields sort by milliseconds, as the engine keeps them.
	date bool
}

// readSort reads the sort of a body: a name, an object, or a list of those.
func (c *Cluster) readSort(raw json.RawMessage, targets []target) (ordering, *wire.Error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, nil
	}
	var one any
	if err := (&call{body: raw}).decode(&one); err != nil {
		return nil, err
	}
	list, ok := one.([]any)
	if !ok {
		list = []any{one}
	}
	var out ordering
	for _, v := range list {
		k, err := readSortKey(v)
		if err != nil {
			return nil, err
		}
		if err := k.check(targets); err != nil {
			return nil, c.shardsFailed(400, targets, err)
		}
		out = append(out, k)
	}
	if len(out) == 1 && out[0].field == "_score" {
		return nil, nil
	}
	return out, nil
}

// readSortKey reads one of them.
func readSortKey(v any) (sortKey, *wire.Error) {
	switch v := v.(type) {
	case string:
		return sortKey{field: v}, nil
	case object:
		for field, how := range v {
			order := how
			if o, ok := how.(object); ok {
				order = o["order"]
			}
			if order == nil {
				order = "asc"
			}
			return sortKey{field: field, desc: strings.EqualFold(scalar(order), "desc")}, nil
		}
	}
	return sortKey{}, wire.IllegalArgument("malformed sort format, either start with array, object, or an actual string")
}

// check refuses fields one cannot sort on and learns which are dates.
func (k *sortKey) check(targets []target) *wire.Error {
	if strings.HasPrefix(k.field, "_") {
		return nil
	}
	for _, t := range targets {
		f := fieldOf(t.ix.mappings(), strings.Split(k.field, "."))
		switch {
		case f == nil:
			return t.ix.about(wire.New(400, "query_shard_exception", "No mapping found for [%s] in order to sort on", k.field))
		case fieldType(f) == "text":
			return wire.IllegalArgument("Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead. Alternatively, set fielddata=true on [%s] in order to load field data by uninverting the inverted index. Note that this can use significant memory.", k.field)
		case fieldType(f) == "date":
			k.date = true
		}
	}
	return nil
}

// fieldOf finds a field's mapping by its path, sub-fields included.
func fieldOf(m object, path []string) object {
	for _, inner := range []string{"properties", "fields"} {
		children, _ := m[inner].(object)
		child, ok := children[path[0]].(object)
		if !ok {
			continue
		}
		if len(path) == 1 {
			return child
		}
		if f := fieldOf(child, path[1:]); f != nil {
			return f
		}
	}
	return nil
}

// apply works out every hit's keys and sorts by them.
func (o ordering) apply(hits []*hit) {
	if o == nil {
		return
	}
	for _, h := range hits {
		h.sort = make([]any, len(o))
		for i, k := range o {
			h.sort[i] = k.value(h)
		}
	}
	slices.SortStableFunc(hits, func(a, b *hit) int { return o.compareKeys(a.sort, b.sort) })
}

// value is what a hit is sorted by.
func (k sortKey) value(h *hit) any {
	switch k.field {
	case "_doc", "_shard_doc":
		// The order of writing is the order in which documents stand in a shard.
		return h.doc.Seq
	case "_score":
		return 1
	}
	values := h.doc.Values(k.field)
	if len(values) == 0 {
		return nil
	}
	v := values[0]
	if s, ok := v.(string); ok && k.date {
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02"} {
			if t, err := time.Parse(layout, s); err == nil {
				return t.UnixMilli()
			}
		}
	}
	return v
}

// compareKeys orders two rows of sort values; a missing value comes last.
func (o ordering) compareKeys(a, b []any) int {
	for i, k := range o {
		if i >= len(a) || i >= len(b) {
			return 0
		}
		if (a[i] == nil) != (b[i] == nil) {
			return cmp.Compare(boolInt(a[i] == nil), boolInt(b[i] == nil))
		}
		c := query.Compare(a[i], b[i])
		if k.desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// boolInt makes false come before true.
func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
