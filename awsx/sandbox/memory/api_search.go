package memory

import (
	"encoding/json"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/query"
	"snapferry/awsx/sandbox/memory/wire"
)

// searchRoutes are the APIs of this family: search, count and scroll.
// Parameters that only steer execution are known and have no effect.
func (c *Cluster) searchRoutes() []route {
	const (
		a = "indices:data/read/search"
		p = "q size from sort _source _source_includes _source_excludes track_total_hits scroll version seq_no_primary_term preference search_type " +
			"allow_partial_search_results rest_total_hits_as_int request_cache batched_reduce_size ccs_minimize_roundtrips max_concurrent_shard_requests " +
			"pre_filter_shard_size typed_keys timeout terminate_after routing df analyzer default_operator lenient track_scores" + pIndices
		count = "q preference routing terminate_after min_score df analyzer default_operator lenient" + pIndices
	)
	var out []route
	for _, path := range []string{"", "/{index}"} {
		for _, method := range []string{"GET", "POST"} {
			out = append(out,
				route{method, path + "/_search", a, p, c.search},
				route{method, path + "/_count", a, count, c.count})
		}
	}
	return append(out,
		route{"POST", "/_search/scroll", "indices:data/read/scroll", "scroll scroll_id rest_total_hits_as_int", c.nextPage},
		route{"GET", "/_search/scroll", "indices:data/read/scroll", "scroll scroll_id rest_total_hits_as_int", c.nextPage},
		route{"DELETE", "/_search/scroll", "indices:data/read/scroll/clear", "scroll_id", c.clearScroll})
}

// searchBody is the part of a search request that is understood. Members that
// only shape the answer's looks are taken and have no effect.
type searchBody struct {
	Query       json.RawMessage `json:"query"`
	Size        *int            `json:"size"`
	From        int             `json:"from"`
	Sort        json.RawMessage `json:"sort"`
	After       []any           `json:"search_after"`
	Source      json.RawMessage `json:"_source"`
	TrackTotal  any             `json:"track_total_hits"`
	Version     bool            `json:"version"`
	SeqNo       bool            `json:"seq_no_primary_term"`
	StoredField json.RawMessage `json:"stored_fields"`
	Timeout     string          `json:"timeout"`
	TrackScores bool            `json:"track_scores"`
	Explain     bool            `json:"explain"`
	DocValues   json.RawMessage `json:"docvalue_fields"`
	Aggs        json.RawMessage `json:"aggs"`
}

// searchKeys are the members of searchBody, for the refusal of others.
var searchKeys = strings.Fields("query size from sort search_after _source track_total_hits version seq_no_primary_term stored_fields timeout track_scores explain docvalue_fields aggs")

// readSearch reads body and parameters; a parameter goes before the body.
func readSearch(r *call) (searchBody, *wire.Error) {
	var b searchBody
	raw, err := r.object()
	if err != nil {
		return b, err
	}
	for _, k := range sortedNames(raw) {
		if contains(searchKeys, k) {
			continue
		}
		if k == "aggregations" {
			return b, errAggregation()
		}
		e := wire.New(400, "parsing_exception", "Unknown key for a %s in [%s].", token(raw[k]), k).With("line", 1).With("col", 2)
		return b, query.Place(e, r.body)
	}
	if err := r.decode(&b); err != nil {
		return b, err
	}
	if r.query.Has("q") {
		b.Query, _ = wire.Encode(wire.Obj("query_string", wire.Obj("query", r.query.Get("q"))))
	}
	if r.query.Has("size") {
		n, err := r.number("size", 10)
		if err != nil {
			return b, err
		}
		b.Size = &n
	}
	if b.From, err = r.number("from", b.From); err != nil {
		return b, err
	}
	if v := r.query.Get("sort"); v != "" {
		b.Sort, _ = wire.Encode(sortFromQuery(v))
	}
	if r.query.Has("track_total_hits") {
		b.TrackTotal = trackParameter(r.query.Get("track_total_hits"))
	}
	b.Version = b.Version || r.on("version")
	b.SeqNo = b.SeqNo || r.on("seq_no_primary_term")
	return b, nil
}

// token is what the engine's parser calls the beginning of a value.
func token(v any) string {
	switch v.(type) {
	case object:
		return "START_OBJECT"
	case []any:
		return "START_ARRAY"
	case string:
		return "VALUE_STRING"
	case bool:
		return "VALUE_BOOLEAN"
	case nil:
		return "VALUE_NULL"
	}
	return "VALUE_NUMBER"
}

// trackParameter reads track_total_hits from the query string: true, false, or
// a limit.
func trackParameter(v string) any {
	if n, err := strconv.Atoi(v); err == nil {
		return json.Number(strconv.Itoa(n))
	}
	return v != "false"
}

// sortFromQuery reads sort=age:desc,_id.
func sortFromQuery(v string) []any {
	var out []any
	for part := range strings.SplitSeq(v, ",") {
		field, order, ok := strings.Cut(part, ":")
		if ok {
			out = append(out, wire.Obj(field, order))
		} else {
			out = append(out, field)
		}
	}
	return out
}

// contains is slices.Contains for names of members.
func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// search finds, sorts and cuts. All of it is done on the whole result: indices
// here are small, whatever they pretend.
func (c *Cluster) search(r *call) (reply, *wire.Error) {
	body, err := readSearch(r)
	if err != nil {
		return reply{}, err
	}
	f := sourceFilter{}
	if err := f.fromBody(body.Source); err != nil {
		return reply{}, err
	}
	if err := f.fromQuery(r); err != nil {
		return reply{}, err
	}
	aggs, err := readAggs(body.Aggs)
	if err != nil {
		return reply{}, err
	}
	found, err := c.collect(r, body.Query)
	if err != nil {
		return reply{}, err
	}
	order, err := c.readSort(body.Sort, found.targets)
	if err != nil {
		return reply{}, err
	}
	order.apply(found.hits)
	p := page{body: body, found: found, order: order, filter: f, typed: c.eng.typed()}
	hits := p.after()
	if body.From+p.size() > 10000 && !r.query.Has("scroll") {
		return reply{}, c.tooDeep(found.targets, body.From+p.size())
	}
	window := cut(hits, body.From, p.size())
	out := p.answer(window)
	if aggs != nil {
		out = out.Set("aggregations", aggs.answer(found.hits, c.eng.openSearch()))
	}
	if r.query.Has("scroll") {
		id := c.keepScroll(r, p, hits[len(window):])
		out = append(wire.Obj("_scroll_id", id), out...)
	}
	return ok(out)
}

// tooDeep is the refusal to page further than max_result_window.
func (c *Cluster) tooDeep(targets []target, n int) *wire.Error {
	cause := wire.IllegalArgument("Result window is too large, from + size must be less than or equal to: [10000] but was [%d]. See the scroll api for a more efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.", n)
	return c.shardsFailed(400, targets, cause)
}

// shardsFailed is a search that no shard could do, for the same reason.
// The engine's own exceptions are told as the shards' failure alone, foreign ones
// as the cause too, twice over.
func (c *Cluster) shardsFailed(status int, targets []target, cause *wire.Error) *wire.Error {
	e := wire.New(status, "search_phase_execution_exception", "all shards failed")
	e = e.With("phase", "query").With("grouped", true)
	if cause == nil {
		e.Roots = []*wire.Error{}
		return e.With("failed_shards", []any{})
	}
	e.Roots = []*wire.Error{cause}
	first := wire.Obj("shard", 0)
	if len(targets) > 0 {
		ix := targets[0].ix
		first = append(first, wire.Obj("index", ix.meta.Name, "node", c.homeID(ix, 0))...)
	}
	e = e.With("failed_shards", []wire.Object{first.Set("reason", cause.Nested())})
	if cause.Foreign {
		again := *cause
		e.Cause = &again
		e.Cause.Cause = cause
	}
	return e
}

// cut is a window of a list, shorter at its end.
func cut[T any](list []T, from, size int) []T {
	from = min(from, len(list))
	return list[from:min(len(list), from+size)]
}

// count counts matching documents; the documents of shards that are not there
// are not counted, which only _shards tells.
func (c *Cluster) count(r *call) (reply, *wire.Error) {
	var body struct {
		Query json.RawMessage `json:"query"`
	}
	if err := r.decode(&body); err != nil {
		return reply{}, err
	}
	if q := r.query.Get("q"); q != "" {
		body.Query, _ = wire.Encode(wire.Obj("query_string", wire.Obj("query", q)))
	}
	found, err := c.collect(r, body.Query)
	if err != nil {
		return reply{}, err
	}
	return ok(wire.Obj("count", len(found.hits), "_shards", found.shards()))
}

// hit is a document that matched, with where it stands.
type hit struct {
	ix   *index
	doc  *query.Doc
	ver  int64
	sort []any
}
