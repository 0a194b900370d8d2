package memory

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/query"
	"snapferry/awsx/sandbox/memory/wire"
)

// target is an index a search reaches, and the filter of the alias it is
// reached by.
type target struct {
	ix     *index
	filter query.Predicate
}

// matches are the documents a query found and the shards that were asked.
type matches struct {
	targets       []target
	hits          []*hit
	total, failed int
}

// shards is the header that tells how much of the whole was asked.
func (m matches) shards() wire.Object {
	return wire.Obj("total", m.total, "successful", m.total-m.failed, "skipped", 0, "failed", m.failed)
}

// targetsOf resolves an expression and keeps the filters of aliases. An index
// that is named itself too is searched whole.
func (c *Cluster) targetsOf(r *call) ([]target, *wire.Error) {
	found, err := c.find(r, strict)
	if err != nil {
		return nil, err
	}
	out := make([]target, len(found))
	for i, ix := range found {
		if out[i], err = targetOf(ix, splitList(r.vars["index"])); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// targetOf decides whether an index is searched whole or through an alias's
// filter.
func targetOf(ix *index, wanted []string) (target, *wire.Error) {
	t := target{ix: ix}
	var filters []query.Predicate
	for _, name := range wanted {
		options, isAlias := ix.meta.Aliases[name]
		filter, hasFilter := options["filter"]
		switch {
		case isAlias && hasFilter:
			raw, _ := wire.Encode(filter)
			p, err := query.Compile(raw)
			if err != nil {
				return t, err
			}
			filters = append(filters, p)
		case isAlias || names.Match(name, ix.meta.Name):
			return t, nil
		}
	}
	if filters != nil {
		t.filter = func(d *query.Doc) bool {
			return slices.ContainsFunc(filters, func(p query.Predicate) bool { return p(d) })
		}
	}
	return t, nil
}

// collect runs a query over the shards of the indices named in the path.
func (c *Cluster) collect(r *call, raw json.RawMessage) (matches, *wire.Error) {
	var m matches
	p, err := query.Compile(raw)
	if err != nil {
		return m, query.Place(err, r.body)
	}
	if m.targets, err = c.targetsOf(r); err != nil {
		return m, err
	}
	only, err := preferred(r.query.Get("preference"))
	if err != nil {
		return m, err
	}
	for _, t := range m.targets {
		for shard := range t.ix.shards() {
			if only != nil && !slices.Contains(only, shard) {
				continue
			}
			m.total++
			if !c.searchable(t.ix, shard) {
				m.failed++
				continue
			}
			if c.sealed(t.ix) {
				continue
			}
			for _, d := range t.ix.docs.Live(shard) {
				doc := &query.Doc{ID: d.ID, Routing: d.Routing, Seq: d.Seq, Source: d.Source}
				if (t.filter == nil || t.filter(doc)) && p(doc) {
					m.hits = append(m.hits, &hit{ix: t.ix, doc: doc, ver: d.Version})
				}
			}
		}
	}
	if m.total > 0 && m.failed == m.total {
		return m, c.shardsFailed(503, nil, nil)
	}
	return m, nil
}

// preferred reads preference=_shards:0,2; other preferences choose between
// copies of a shard and change nothing here.
func preferred(p string) ([]int, *wire.Error) {
	list, ok := strings.CutPrefix(p, "_shards:")
	if !ok {
		return nil, nil
	}
	list, _, _ = strings.Cut(list, "|")
	out := []int{}
	for s := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			return nil, wire.NewForeign(400, "number_format_exception", "For input string: %q", s)
		}
		out = append(out, n)
	}
	return out, nil
}

// page is one search's answer in the making.
type page struct {
	body   searchBody
	found  matches
	order  ordering
	filter sourceFilter
	typed  bool
}

// size is the length of the window, ten unless said.
func (p page) size() int {
	if p.body.Size == nil {
		return 10
	}
	return *p.body.Size
}

// after drops what stands before search_after.
func (p page) after() []*hit {
	if p.body.After == nil {
		return p.found.hits
	}
	return slices.DeleteFunc(slices.Clone(p.found.hits), func(h *hit) bool {
		return p.order.compareKeys(h.sort, p.body.After) <= 0
	})
}

// answer is the body. The best score is null where something else decides the
// order.
func (p page) answer(window []*hit) wire.Object {
	hits := wire.Object{}
	if total := p.total(); total != nil {
		hits = hits.Set("total", total)
	}
	var best any
	if p.found.total == 0 {
		best = json.Number("0.0")
	}
	list := make([]wire.Object, 0, len(window))
	for _, h := range window {
		list = append(list, p.shown(h))
		if p.order == nil {
			best = json.Number("1.0")
		}
	}
	hits = append(hits, wire.Obj("max_score", best, "hits", list)...)
	return wire.Obj("took", 1, "timed_out", false, "_shards", p.found.shards(), "hits", hits)
}

// total is how many matched: exact up to 10000 unless the request says more.
func (p page) total() wire.Object {
	n, limit := len(p.found.hits), 10000
	switch v := p.body.TrackTotal.(type) {
	case bool:
		if !v {
			return nil
		}
		limit = n
	case json.Number:
		if l, err := strconv.Atoi(v.String()); err == nil {
			limit = l
		}
	}
	if n > limit {
		return wire.Obj("value", limit, "relation", "gte")
	}
	return wire.Obj("value", n, "relation", "eq")
}

// shown is one hit.
func (p page) shown(h *hit) wire.Object {
	o := wire.Obj("_index", h.ix.meta.Name).SetIf(p.typed, "_type", "_doc").Set("_id", h.doc.ID)
	o = o.SetIf(p.body.Version, "_version", h.ver)
	if p.body.SeqNo {
		o = append(o, wire.Obj("_seq_no", h.doc.Seq, "_primary_term", 1)...)
	}
	if p.order == nil {
		o = o.Set("_score", json.Number("1.0"))
	} else {
		o = o.Set("_score", nil)
	}
	o = o.SetIf(h.doc.Routing != "", "_routing", h.doc.Routing)
	if src := p.filter.apply(h.doc.Source); src != nil {
		o = o.Set("_source", src)
	}
	return o.SetIf(p.order != nil, "sort", h.sort)
}
