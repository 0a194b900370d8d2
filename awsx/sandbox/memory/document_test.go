package memory_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestDocuments(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := start(t, v)
		kind := `"_type":null,`
		if v == "7.10.2" {
			kind = `"_type":"_doc",`
		}
		w.play([]step{
			{"PUT /a/_doc/1?refresh=true", `{"n":1}`, 201, `{` + kind + `"_index":"a","_id":"1","_version":1,"result":"created","forced_refresh":true,"_shards":{"total":2,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1}`},
			{"PUT /a/_doc/1", `{"n":2}`, 0, `{"_version":2,"result":"updated"}`},
			{"PUT /a/_doc/1?op_type=create", `{"n":2}`, 409, `{"error":{"type":"version_conflict_engine_exception","index":"a","shard":"0"}}`},
			{"PUT /a/_doc/1?if_seq_no=0&if_primary_term=1", `{"n":2}`, 409, `{"error":{"reason":"~required seqNo \\[0\\]"}}`},
			{"PUT /a/_doc/1?if_seq_no=x", `{"n":2}`, 400, ``},
			{"PUT /a/_create/2", `{"n":{"deep":1}}`, 400, `{"error":{"type":"mapper_parsing_exception"}}`},
			{"PUT /a/_create/2?routing=r", `{"n":3}`, 201, `{"result":"created"}`},
			{"GET /a/_doc/2?routing=r", "", 0, `{` + kind + `"found":true,"_routing":"r","_source":{"n":3}}`},
			{"GET /a/_doc/1?_source=false", "", 0, `{"found":true,"_source":null}`},
			{"GET /a/_source/1", "", 0, `{"n":2}`},
			{"GET /a/_source/9", "", 404, `{"error":{"type":"resource_not_found_exception"}}`},
			{"POST /a/_doc", `{"n":4}`, 201, `{"_id":"~^[A-Za-z0-9_-]{20}$"}`},
			{"PUT /a/_doc/3", "", 400, `{"error":{"reason":"request body is required"}}`},
			{"POST /a/_update/1", `{"doc":{"n":2}}`, 0, `{"result":"noop","_version":2}`},
			{"POST /a/_update/1", `{"doc":{"o":{"x":1}}}`, 0, `{"result":"updated","_version":3}`},
			{"POST /a/_update/1", `{"doc":{"o":{"y":2}}}`, 0, ``},
			{"GET /a/_source/1", "", 0, `{"n":2,"o":{"x":1,"y":2}}`},
			{"POST /a/_update/9", `{"doc":{"n":2}}`, 404, `{"error":{"type":"document_missing_exception"}}`},
			{"POST /a/_update/9", `{"doc":{"n":9},"doc_as_upsert":true}`, 201, `{"result":"created"}`},
			{"POST /a/_update/10", `{"doc":{"n":9},"upsert":{"n":10}}`, 201, `{"result":"created"}`},
			{"POST /a/_update/10", `{"doc":{"n":"x"}}`, 400, `{"error":{"type":"mapper_parsing_exception"}}`},
			{"POST /made/_update/1", `{"doc":{}}`, 404, `{"error":{"type":"document_missing_exception","shard":"0","index":"made"}}`},
			{"DELETE /a/_doc/1", "", 0, `{"result":"deleted","_version":5}`},
			{"DELETE /a/_doc/1", "", 404, `{"result":"not_found","_version":6}`},
			{"DELETE /made-too/_doc/1", "", 404, `{"result":"not_found","_shards":{"total":2}}`},
			{"HEAD /made-too", "", 0, ``},
			{"PUT /a/_doc/" + strings.Repeat("x", 513), `{}`, 400, `{"error":{"type":"action_request_validation_exception"}}`},
			{"GET /nobody/_doc/1", "", 404, `{"error":{"type":"index_not_found_exception"}}`},
		})
	})
}

func TestBulk(t *testing.T) {
	w := start(t, "2.19.4")
	w.must("PUT /closed")
	w.must("POST /closed/_close")
	w.play([]step{
		{"POST /_bulk?refresh=true", `{"index":{"_index":"a","_id":"1"}}
{"n":1}

{"update":{"_index":"a","_id":"1"}}
{"doc":{"m":2}}
{"create":{"_index":"a","_id":"1","routing":"1"}}
{"n":2}
{"index":{"_index":"a","_id":7}}
{"n":"x"}
{"delete":{"_index":"a","_id":"9"}}
{"index":{"_index":"closed","_id":"1"}}
{}
{"index":{"_index":"Bad","_id":"1"}}
{}
{"update":{"_index":"a","_id":"8"}}
{"doc":{"m":2}}
`, 0, `{"errors":true,"items":[
			{"index":{"_id":"1","status":201,"result":"created","forced_refresh":true}},
			{"update":{"_id":"1","status":200,"result":"updated","_version":2}},
			{"create":{"_id":"1","status":409,"error":{"type":"version_conflict_engine_exception"}}},
			{"index":{"_id":"7","status":400,"error":{"type":"mapper_parsing_exception"}}},
			{"delete":{"_id":"9","status":404,"result":"not_found"}},
			{"index":{"_index":"closed","status":400,"error":{"type":"index_closed_exception"}}},
			{"index":{"_index":"Bad","status":400,"error":{"type":"invalid_index_name_exception"}}},
			{"update":{"_id":"8","status":404,"error":{"type":"document_missing_exception"}}}]}`},
		{"GET /a/_source/1", "", 0, `{"n":1,"m":2}`},
		{"POST /b/_bulk", "{\"index\":{}}\n{\"n\":1}\n", 0, `{"errors":false,"items":[{"index":{"_index":"b","status":201}}]}`},
		{"POST /_bulk", "{\"index\":{}}\n{\"n\":1}\n", 400, `{"error":{"reason":"~index is missing"}}`},
		{"POST /_bulk", "{\"index\":{\"_index\":\"a\"}}\n{\"n\":1}", 400, `{"error":{"reason":"~must be terminated by a newline"}}`},
		{"POST /_bulk", "{\"index\":{\"_index\":\"a\"}}\n", 400, `{"error":{"type":"action_request_validation_exception"}}`},
		{"POST /_bulk", "\n", 400, `{"error":{"reason":"~no requests added"}}`},
		{"POST /_bulk", "", 400, `{"error":{"reason":"request body is required"}}`},
		{"POST /_bulk", "[]\n", 400, `{"error":{"reason":"~^Malformed action/metadata line \\[1\\]"}}`},
		{"POST /_bulk", "{\"put\":{\"_index\":\"a\"}}\n{}\n", 400, `{"error":{"reason":"~but found \\[put\\]$"}}`},
	})
}

func TestMultiGet(t *testing.T) {
	w := start(t, "7.10.2")
	w.must("PUT /a/_doc/1", `{"n":1}`)
	w.must("PUT /b/_doc/1?routing=x", `{"n":2}`)
	w.play([]step{
		{"POST /a/_mget", `{"ids":["1","2"]}`, 0, `{"docs":[{"_type":"_doc","found":true},{"_id":"2","found":false}]}`},
		{"GET /_mget", `{"docs":[{"_index":"b","_id":"1","routing":"x"},{"_index":"nobody","_id":"3"}]}`, 0, `{"docs":[{"found":true,"_routing":"x"},{"_index":"nobody","error":{"type":"index_not_found_exception","root_cause":[{}]}}]}`},
		{"POST /a/_mget", `{"docs":[]}`, 400, `{"error":{"type":"action_request_validation_exception"}}`},
		{"GET /a,b/_doc/1", "", 400, `{"error":{"reason":"alias [a,b] has more than one index associated with it, can't execute a single index op"}}`},
	})
}

// filled is a cluster with forty documents over two indices.
func filled(t *testing.T, v string) *world {
	w := start(t, v)
	w.must("PUT /a", `{"settings":{"number_of_shards":3},"mappings":{"properties":{"at":{"type":"date"},"k":{"type":"keyword"}}},"aliases":{"odd":{"filter":{"term":{"odd":true}}}}}`)
	w.must("PUT /b", `{"aliases":{"odd":{"filter":{"term":{"odd":true}}}}}`)
	var b strings.Builder
	for i := range 40 {
		index := "a"
		if i >= 30 {
			index = "b"
		}
		fmt.Fprintf(&b, "{\"index\":{\"_index\":%q,\"_id\":\"%02d\"}}\n{\"n\":%d,\"odd\":%v,\"k\":\"k%d\",\"at\":\"2026-11-%02dT00:00:00Z\",\"o\":{\"x\":1,\"y\":2}}\n", index, i, i, i%2 == 1, i%3, 1+i%20)
	}
	w.must("POST /_bulk", b.String())
	return w
}

func TestSearch(t *testing.T) {
	w := filled(t, "2.19.4")
	w.play([]step{
		{"GET /_search", "", 0, `{"took":1,"timed_out":false,"_shards":{"total":4,"successful":4,"skipped":0,"failed":0},"hits":{"total":{"value":40,"relation":"eq"},"max_score":1}}`},
		{"GET /a/_search?size=0", "", 0, `{"hits":{"total":{"value":30},"max_score":null,"hits":[]}}`},
		{"GET /a/_search?size=0&track_total_hits=false", "", 0, `{"hits":{"total":null,"hits":[]}}`},
		{"GET /a/_search?size=0&track_total_hits=7", "", 0, `{"hits":{"total":{"value":7,"relation":"gte"}}}`},
		{"POST /a/_search", `{"size":0,"track_total_hits":7}`, 0, `{"hits":{"total":{"value":7,"relation":"gte"}}}`},
		{"GET /a/_search?q=n:7", "", 0, `{"hits":{"hits":[{"_id":"07","_score":1,"sort":null}]}}`},
		{"POST /_search", `{"from":38,"size":5,"sort":["n"]}`, 0, `{"hits":{"hits":[{"_id":"38","sort":[38],"_score":null},{"_id":"39"}]}}`},
		{"POST /_search", `{"size":2,"sort":[{"n":{"order":"desc"}}],"search_after":[10]}`, 0, `{"hits":{"total":{"value":40},"hits":[{"_id":"09"},{"_id":"08"}]}}`},
		{"POST /a/_search", `{"size":2,"sort":[{"k":"desc"},"_id"],"search_after":["k2","20"]}`, 0, `{"hits":{"hits":[{"_id":"23","sort":["k2","23"]},{"_id":"26"}]}}`},
		{"POST /a/_search", `{"size":1,"sort":[{"at":"desc"}]}`, 0, `{"hits":{"hits":[{"sort":[1795132800000]}]}}`},
		{"POST /a/_search", `{"size":1,"sort":"_score"}`, 0, `{"hits":{"hits":[{"_score":1}]}}`},
		{"GET /a/_search?sort=n:desc&size=1&version&seq_no_primary_term", "", 0, `{"hits":{"hits":[{"_id":"29","_version":1,"_primary_term":1}]}}`},
		{"GET /odd/_count", "", 0, `{"count":20}`},
		{"GET /odd,a/_count", "", 0, `{"count":35}`},
		{"POST /a/_count", `{"query":{"range":{"n":{"lt":5}}}}`, 0, `{"count":5,"_shards":{"total":3}}`},
		{"GET /a/_count?q=odd:true", "", 0, `{"count":15}`},
		{"POST /a/_search", `{"query":{"ids":{"values":["00"]}},"_source":["o.x","k"]}`, 0, `{"hits":{"hits":[{"_source":{"o":{"x":1},"k":"k0"}}]}}`},
		{"POST /a/_search", `{"query":{"ids":{"values":["00"]}},"_source":{"includes":["o"],"excludes":["o.y"]}}`, 0, `{"hits":{"hits":[{"_source":{"o":{"x":1}}}]}}`},
		{"POST /a/_search", `{"query":{"ids":{"values":["00"]}},"_source":false}`, 0, `{"hits":{"hits":[{"_source":null}]}}`},
		{"GET /a/_search?q=_id:00&_source_excludes=o,at&_source_includes=*", "", 0, `{"hits":{"hits":[{"_source":{"n":0,"o":null,"at":null}}]}}`},
		{"GET /a/_search?q=_id:00&_source=k", "", 0, `{"hits":{"hits":[{"_source":{"k":"k0","n":null}}]}}`},
	})
}

func TestSearchRefused(t *testing.T) {
	w := filled(t, "3.4.0")
	w.must("PUT /texts/_doc/1", `{"t":"words"}`)
	w.play([]step{
		{"POST /a/_search", `{"sort":["nobody"]}`, 400, `{"error":{"type":"search_phase_execution_exception","reason":"all shards failed","phase":"query","grouped":true,"caused_by":null,"failed_shards":[{"index":"a","shard":0,"reason":{"type":"query_shard_exception","reason":"No mapping found for [nobody] in order to sort on"}}]}}`},
		{"POST /texts/_search", `{"sort":["t"]}`, 400, `{"error":{"caused_by":{"reason":"~^Text fields are not optimised"}}}`},
		{"POST /texts/_search", `{"sort":["t.keyword"]}`, 0, ``},
		{"POST /texts/_search", `{"sort":[7]}`, 400, ``},
		{"POST /a/_search", `{"aggs":{}}`, 400, `{"error":{"reason":"~knows one aggregation alone"}}`},
		{"POST /a/_search", `{"aggregations":{"a":{"terms":{"field":"_index"}}}}`, 400, `{"error":{"reason":"~knows one aggregation alone"}}`},
		{"POST /a/_search", `{"aggs":{"a":{"terms":{"field":"k"}}}}`, 400, `{"error":{"reason":"~knows one aggregation alone"}}`},
		{"POST /a/_search", `{"aggs":{"a":{"terms":{"field":"_index"},"aggs":{"b":{"terms":{"field":"_index"}}}}}}`, 400, `{"error":{"reason":"~knows one aggregation alone"}}`},
		{"POST /a/_search", `{"sise":1}`, 400, `{"error":{"type":"parsing_exception","reason":"Unknown key for a VALUE_NUMBER in [sise]."}}`},
		{"POST /a/_search", `{"size":"x"}`, 400, ``},
		{"POST /a/_search", `{"sises":{}}`, 400, `{"error":{"reason":"Unknown key for a START_OBJECT in [sises].","col":10}}`},
		{"POST /a/_search", `{"sises":[]}`, 400, `{"error":{"reason":"Unknown key for a START_ARRAY in [sises]."}}`},
		{"POST /a/_search", `{"sises":"x"}`, 400, `{"error":{"reason":"Unknown key for a VALUE_STRING in [sises]."}}`},
		{"POST /a/_search", `{"sises":true}`, 400, `{"error":{"reason":"Unknown key for a VALUE_BOOLEAN in [sises]."}}`},
		{"POST /a/_search", `{"sises":null}`, 400, `{"error":{"reason":"Unknown key for a VALUE_NULL in [sises]."}}`},
		{"POST /a/_search", `{"query":{"range":{"n":{"above":1}}}}`, 400, `{"error":{"reason":"[range] query does not support [above]","line":1,"col":33}}`},
		{"GET /a/_search?from=9999&size=2", "", 400, `{"error":{"caused_by":{"reason":"~^Result window is too large.*\\[10001\\]"}}}`},
		{"GET /a/_search?preference=_shards:x", "", 400, `{"error":{"type":"number_format_exception"}}`},
		{"POST /a/_count", `{"query":{"nope":{}}}`, 400, `{"error":{"type":"parsing_exception"}}`},
	})
}

// TestWalkByShard is how a proof reads a whole index: shard by shard, in the
// order of writing, going on after the last one seen.
func TestWalkByShard(t *testing.T) {
	w := filled(t, "2.19.4")
	seen := map[string]bool{}
	for shard := range 3 {
		after := ""
		for {
			a := w.must(fmt.Sprintf("POST /a/_search?preference=_shards:%d", shard), `{"size":4,"sort":[{"_seq_no":"asc"}],"seq_no_primary_term":true,"query":{"range":{"_seq_no":{"lte":1000}}}`+after+`}`)
			a.is(1, "_shards", "total")
			hits, _ := a.at("hits", "hits").([]any)
			if len(hits) == 0 {
				break
			}
			for i := range hits {
				id := a.at("hits", "hits", i, "_id").(string)
				if seen[id] {
					t.Fatalf("%s came twice", id)
				}
				seen[id] = true
			}
			after = fmt.Sprintf(`,"search_after":[%v]`, a.at("hits", "hits", len(hits)-1, "sort", 0))
		}
	}
	if len(seen) != 30 {
		t.Errorf("the walk saw %d of 30 documents", len(seen))
	}
}

func TestScroll(t *testing.T) {
	w := filled(t, "3.4.0")
	a := w.must("POST /a/_search?scroll=1m", `{"size":12,"sort":["_doc"]}`)
	id := a.at("_scroll_id").(string)
	for _, want := range []int{12, 6, 0} {
		a = w.must("POST /_search/scroll", `{"scroll":"1m","scroll_id":"`+id+`"}`)
		if hits := a.at("hits", "hits").([]any); len(hits) != want {
			t.Errorf("a page of %d, want %d", len(hits), want)
		}
	}
	other := w.must("GET /a/_search?scroll=5m").at("_scroll_id").(string)
	w.play([]step{
		{"GET /_search/scroll?scroll=1m&scroll_id=nobody", "", 400, `{"error":{"reason":"Cannot parse scroll id"}}`},
		{"DELETE /_search/scroll", `{"scroll_id":["` + id + `"]}`, 0, `{"succeeded":true,"num_freed":1}`},
		{"DELETE /_search/scroll?scroll_id=" + id, "", 404, `{"num_freed":0}`},
		{"POST /_search/scroll", `{"scroll_id":"` + id + `"}`, 404, `{"error":{"type":"search_phase_execution_exception","root_cause":[{"type":"search_context_missing_exception","reason":"~^No search context found for id"}]}}`},
		{"POST /_search/scroll", `{"scroll_id":"` + other + `"}`, 0, ``},
	})
	w.clock.pass(6 * 60e9)
	w.play([]step{{"POST /_search/scroll", `{"scroll_id":"` + other + `"}`, 404, ``}})
}
