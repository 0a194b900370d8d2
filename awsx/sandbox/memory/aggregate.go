package memory

import (
	"cmp"
	"encoding/json"
	"slices"

	"snapferry/awsx/sandbox/memory/query"
	"snapferry/awsx/sandbox/memory/wire"
)

// byIndex is the one aggregation that is known: buckets by the index that a document
// is of, and in each, if asked, how many documents it holds.
type byIndex struct {
	name, count string // count is the name of the counting within, "" for none
	size        int
}

func errAggregation() *wire.Error {
	return wire.IllegalArgument("the sandbox's embedded cluster knows one aggregation alone: terms of _index, with a value_count of _index or _seq_no in it")
}

// aggregation is one member of aggs as a request has it.
type aggregation struct {
	Terms *struct {
		Field string `json:"field"`
		Size  *int   `json:"size"`
	} `json:"terms"`
	Count *struct {
		Field string `json:"field"`
	} `json:"value_count"`
	Aggs map[string]aggregation `json:"aggs"`
}

// readAggs reads the aggregations of a search; nil for none.
func readAggs(raw json.RawMessage) (*byIndex, *wire.Error) {
	if raw == nil {
		return nil, nil
	}
	var all map[string]aggregation
	if json.Unmarshal(raw, &all) != nil || len(all) != 1 {
		return nil, errAggregation()
	}
	b := &byIndex{size: 10} // as the engine does unless told
	for name, a := range all {
		if a.Terms == nil || a.Terms.Field != "_index" || a.Count != nil || len(a.Aggs) > 1 {
			return nil, errAggregation()
		}
		if b.name = name; a.Terms.Size != nil {
			b.size = *a.Terms.Size
		}
		for inner, within := range a.Aggs {
			if c := within.Count; c == nil || c.Field != "_index" && c.Field != "_seq_no" || within.Terms != nil || len(within.Aggs) > 0 {
				return nil, errAggregation()
			}
			b.count = inner
		}
	}
	return b, nil
}

// bucket is an index with its documents: by their weight, and as they are.
type bucket struct {
	index           string
	weight, matched int64
}

// answer gives the fullest buckets first, and by name where two are equally full.
// What a bucket calls its doc_count is the sum of the documents' _doc_count, which
// Elasticsearch 7.10 does not know yet; a value_count within it is not weighed.
func (b byIndex) answer(hits []*hit, weighs bool) wire.Object {
	at, list := map[*index]int{}, []bucket{}
	for _, h := range hits {
		i, known := at[h.ix]
		if !known {
			i = len(list)
			at[h.ix], list = i, append(list, bucket{index: h.ix.meta.Name})
		}
		list[i].matched++
		list[i].weight += weight(h.doc, weighs)
	}
	slices.SortFunc(list, func(x, y bucket) int { return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.index, y.index)) })
	kept, others := cut(list, 0, b.size), int64(0)
	for _, left := range list[len(kept):] {
		others += left.weight
	}
	buckets := make([]wire.Object, len(kept))
	for i, one := range kept {
		buckets[i] = wire.Obj("key", one.index, "doc_count", one.weight)
		if b.count != "" {
			buckets[i] = buckets[i].Set(b.count, wire.Obj("value", one.matched))
		}
	}
	return wire.Obj(b.name, wire.Obj("doc_count_error_upper_bound", 0, "sum_other_doc_count", others, "buckets", buckets))
}

func weight(d *query.Doc, weighs bool) int64 {
	if weighs {
		for _, v := range d.Values("_doc_count") {
			if n, ok := v.(json.Number); ok {
				w, _ := n.Int64()
				return max(1, w)
			}
		}
	}
	return 1
}
