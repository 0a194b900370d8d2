package memory_test

import (
	"testing"

	"snapferry/awsx/sandbox/memory"
)

func TestIndexLife(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := start(t, v)
		w.play([]step{
			{"PUT /a", `{"settings":{"number_of_shards":2,"index":{"refresh_interval":"5s"}},"mappings":{"properties":{"n":{"type":"long"}}},"aliases":{"x":{"routing":"1"},"y":{"filter":{"term":{"n":1}}}}}`, 0, `{"acknowledged":true,"shards_acknowledged":true,"index":"a"}`},
			{"GET /a", "", 0, `{"a":{"aliases":{"x":{"index_routing":"1","search_routing":"1"},"y":{"filter":{"term":{"n":1}}}},"mappings":{"properties":{"n":{"type":"long"}}},
				"settings":{"index":{"number_of_shards":"2","number_of_replicas":"1","refresh_interval":"5s","provided_name":"a","uuid":"~^.{22}$","creation_date":"~^\\d{13}$"}}}}`},
			{"PUT /a", "", 400, `{"error":{"type":"resource_already_exists_exception","reason":"~^index \\[a/.{22}\\] already exists$"}}`},
			{"PUT /b", `{"settings":{"number_of_shards":0}}`, 400, `{"error":{"reason":"Failed to parse value [0] for setting [index.number_of_shards] must be >= 1"}}`},
			{"PUT /b", `{"settings":{"number_of_replicas":"many"}}`, 400, `{"error":{"reason":"Failed to parse value [many] for setting [index.number_of_replicas]"}}`},
			{"PUT /b", `{"setings":{}}`, 400, `{"error":{"reason":"unknown key [setings] for create index"}}`},
			{"PUT /b", `{"settings":3}`, 400, `{"error":{"type":"parse_exception"}}`},
			{"PUT /b", `{"aliases":{"a":{}}}`, 400, `{"error":{"type":"invalid_alias_name_exception"}}`},
			{"PUT /c", `{"mappings":{"_doc":{"properties":{"k":{"type":"keyword"}}}}}`, 0, ``},
			{"GET /c/_mapping", "", 0, `{"c":{"mappings":{"properties":{"k":{"type":"keyword"}}}}}`},
			{"POST /a/_forcemerge?max_num_segments=1", "", 0, `{"_shards":{"failed":0}}`},
			{"POST /_flush", "", 0, `{"_shards":{"total":6,"successful":3,"failed":0}}`},
			{"DELETE /x", "", 400, `{"error":{"reason":"The provided expression [x] matches an alias, specify the corresponding concrete indices instead."}}`},
			{"DELETE /nobody", "", 404, `{"error":{"type":"index_not_found_exception"}}`},
			{"DELETE /nobody?ignore_unavailable=true", "", 0, `{"acknowledged":true}`},
			{"DELETE /a,c", "", 0, `{"acknowledged":true}`},
			{"GET /_cat/indices", "", 0, "="},
		})
	})
}

func TestOpenAndClose(t *testing.T) {
	w := start(t, "2.19.4")
	w.play([]step{
		{"PUT /a", `{"settings":{"number_of_replicas":0}}`, 0, ``},
		{"PUT /a/_doc/1", `{"n":1}`, 201, ``},
		{"POST /a/_close", "", 0, `{"indices":{"a":{"closed":true}}}`},
	})
	w.clock.pass(1e9)
	w.play([]step{
		{"GET /_cat/indices?format=json&h=index,status,health,docs.count,store.size", "", 0, `[{"index":"a","status":"close","health":"green","docs.count":null,"store.size":null}]`},
		{"GET /a/_search", "", 400, `{"error":{"type":"index_closed_exception","reason":"closed","index":"a"}}`},
		{"GET /_search", "", 0, `{"_shards":{"total":0},"hits":{"total":{"value":0}}}`},
		{"GET /a/_search?ignore_unavailable=true", "", 0, `{"hits":{"total":{"value":0}}}`},
		{"PUT /a/_doc/2", `{"n":1}`, 400, `{"error":{"type":"index_closed_exception"}}`},
		{"PUT /a/_settings", `{"index":{"codec":"best_compression"}}`, 0, ``},
		{"GET /a/_settings/index.verified_before_close", "", 0, `{"a":{"settings":{"index":{"verified_before_close":"true"}}}}`},
		{"POST /a/_open", "", 0, `{"acknowledged":true,"shards_acknowledged":true}`},
		{"GET /a/_settings/index.verified_before_close", "", 0, `{}`},
		{"GET /a/_count", "", 0, `{"count":1}`},
	})
}

func TestWildcards(t *testing.T) {
	w := start(t, "2.19.4")
	for _, name := range []string{"logs-1", "logs-2", ".system", "closed"} {
		w.must("PUT /" + name)
	}
	w.must("PUT /.hidden", `{"settings":{"index.hidden":true}}`)
	w.must("PUT /hidden", `{"settings":{"index.hidden":true},"aliases":{"seen":{}}}`)
	w.must("POST /closed/_close")
	w.must("POST /_aliases", `{"actions":[{"add":{"index":"logs-2","alias":"current"}}]}`)
	for expr, want := range map[string]string{
		"/_settings/index.uuid":                                ".system closed logs-1 logs-2",
		"/_all/_settings/index.uuid":                           ".system closed logs-1 logs-2",
		"/logs-*/_settings/index.uuid":                         "logs-1 logs-2",
		"/logs-*,-logs-1/_settings/index.uuid":                 "logs-2",
		"/*,-logs*,-.s*/_settings/index.uuid":                  "closed",
		"/logs-1,current/_settings/index.uuid":                 "logs-1 logs-2",
		"/cur*/_settings/index.uuid":                           "logs-2",
		"/.*/_settings/index.uuid":                             ".hidden .system",
		"/*/_settings/index.uuid?expand_wildcards=all":         ".hidden .system closed hidden logs-1 logs-2",
		"/*/_settings/index.uuid?expand_wildcards=open":        ".system logs-1 logs-2",
		"/*/_settings/index.uuid?expand_wildcards=closed":      "closed",
		"/*/_settings/index.uuid?expand_wildcards=open,hidden": ".hidden .system hidden logs-1 logs-2",
		"/*/_settings/index.uuid?expand_wildcards=none":        "",
		"/zz*/_settings/index.uuid":                            "",
		"/logs-1,no/_settings/index.uuid?ignore_unavailable":   "logs-1",
	} {
		got := ""
		for _, name := range w.must("GET " + expr).members() {
			got += " " + name
		}
		if got != "" {
			got = got[1:]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
	w.play([]step{
		{"GET /-logs-1/_settings", "", 404, `{"error":{"reason":"no such index [-logs-1]"}}`},
		{"GET /zz*/_settings?allow_no_indices=false", "", 404, `{"error":{"reason":"no such index [zz*]"}}`},
		{"GET /_nonsense/_settings", "", 400, `{"error":{"type":"invalid_index_name_exception"}}`},
	})
}

func TestIndexSettings(t *testing.T) {
	w := start(t, "2.19.4")
	w.must("PUT /a", `{"settings":{"number_of_replicas":0,"analysis":{"filter":{"f":{"type":"stop","stopwords":["a","b"]}}}}}`)
	w.play([]step{
		{"GET /a/_settings", "", 0, `{"a":{"settings":{"index":{"analysis":{"filter":{"f":{"stopwords":["a","b"]}}},"version":{"created":"136408227"}}}}}`},
		{"GET /a/_settings?flat_settings", "", 0, `{"a":{"settings":{"index.analysis.filter.f.stopwords":["a","b"],"index.number_of_replicas":"0"}}}`},
		{"GET /a/_settings?human", "", 0, `{"a":{"settings":{"index":{"creation_date_string":"2026-11-22T06:00:00.000Z","version":{"created_string":"2.19.4"}}}}}`},
		{"GET /a/_settings?include_defaults&flat_settings", "", 0, `{"a":{"defaults":{"index.refresh_interval":"1s","index.max_result_window":"10000"}}}`},
		{"PUT /a/_settings", `{"refresh_interval":"30s","index":{"blocks":{"write":true}}}`, 0, `{"acknowledged":true}`},
		{"GET /a/_settings/index.refresh_interval,index.blocks*", "", 0, `{"a":{"settings":{"index":{"refresh_interval":"30s","blocks":{"write":"true"}}}}}`},
		{"PUT /a/_doc/1", `{}`, 403, `{"error":{"type":"cluster_block_exception","reason":"index [a] blocked by: [FORBIDDEN/8/index write (api)];"}}`},
		{"PUT /a/_settings", `{"index.blocks.write":null,"index.blocks.read_only_allow_delete":"true","index.refresh_interval":null}`, 0, ``},
		{"PUT /a/_doc/1", `{}`, 429, `{"error":{"type":"cluster_block_exception"}}`},
		{"PUT /a/_settings", `{"settings":{"index.blocks.read_only_allow_delete":null}}`, 0, ``},
		{"PUT /a/_doc/1", `{}`, 201, ``},
		{"GET /a/_settings/index.refresh_interval", "", 0, `{}`},
		{"PUT /a/_settings", `{"number_of_replicas":null}`, 0, ``},
		{"GET /a/_settings/index.number_of_replicas", "", 0, `{"a":{"settings":{"index":{"number_of_replicas":"1"}}}}`},
		{"PUT /a/_settings", `{"number_of_shards":3,"codec":"x"}`, 400, `{"error":{"reason":"unknown value for [index.codec] must be one of [default, lz4, best_compression, zlib] but was: x"}}`},
		{"PUT /a/_settings", `{"number_of_shards":3,"codec":"zstd"}`, 400, `{"error":{"reason":"~^Can't update non dynamic settings \\[\\[index.codec, index.number_of_shards\\]\\] for open indices \\[\\[a/.{22}\\]\\]$"}}`},
		{"PUT /nobody/_settings", `{"number_of_replicas":0}`, 404, ``},
		{"PUT /_settings", `{"number_of_replicas":0}`, 0, ``},
	})
}

func TestStandbyZones(t *testing.T) {
	w := start(t, "2.19.4", func(o *memory.Options) { o.Nodes, o.Zones = 3, 3 })
	const refusal = `{"error":{"type":"validation_exception","reason":"Validation Failed: 1: expected total copies needs to be a multiple of total awareness attributes [3];"}}`
	w.play([]step{
		{"PUT /a", "", 400, refusal},
		{"PUT /a", `{"settings":{"number_of_replicas":2}}`, 0, ``},
		{"PUT /a/_settings", `{"number_of_replicas":0}`, 400, refusal},
		{"PUT /a/_settings", `{"number_of_replicas":5}`, 0, ``},
		{"PUT /a/_settings", `{"refresh_interval":"5s"}`, 0, ``},
	})
}

func TestMappings(t *testing.T) {
	w := start(t, "3.4.0")
	w.must("PUT /a", `{"mappings":{"properties":{"o":{"properties":{"k":{"type":"keyword"}}},"n":{"type":"nested","properties":{"x":{"type":"long"}}},"d":{"type":"date"},"b":{"type":"boolean"}}}}`)
	w.must("PUT /s", `{"mappings":{"dynamic":"strict","properties":{"k":{"type":"keyword"}}}}`)
	w.must("PUT /f", `{"mappings":{"dynamic":false}}`)
	w.play([]step{
		{"PUT /a/_doc/1", `{"o":{"k":"x","new":1},"n":[{"x":1,"y":"z"}],"list":[null,1.5],"empty":[],"gone":null,"when":"2026-11-22","not":"2026","d":1763791200000}`, 201, ``},
		{"GET /a/_mapping", "", 0, `{"a":{"mappings":{"properties":{"o":{"properties":{"k":{"type":"keyword"},"new":{"type":"long"}}},"n":{"type":"nested","properties":{"x":{"type":"long"},"y":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}}}},
			"list":{"type":"float"},"empty":null,"gone":null,"when":{"type":"date"},"not":{"type":"text"}}}}}`},
		{"PUT /a/_doc/2", `{"o":"x"}`, 400, `{"error":{"type":"mapper_parsing_exception","reason":"object mapping for [o] tried to parse field [o] as object, but found a concrete value"}}`},
		{"PUT /a/_doc/2", `{"d":"soon"}`, 400, `{"error":{"type":"mapper_parsing_exception","caused_by":{"reason":"failed to parse date field [soon] with format [strict_date_optional_time||epoch_millis]"}}}`},
		{"PUT /a/_doc/2", `{"b":"yes"}`, 400, `{"error":{"type":"mapper_parsing_exception","caused_by":{"reason":"Failed to parse value [yes] as only [true] or [false] are allowed."}}}`},
		{"PUT /a/_doc/2", `{"o":{"new":{"deeper":1}}}`, 400, `{"error":{"type":"mapper_parsing_exception"}}`},
		{"PUT /a/_doc/2", `[1]`, 400, `{"error":{"type":"mapper_parsing_exception","reason":"failed to parse"}}`},
		{"PUT /s/_doc/1", `{"k":"x","z":1}`, 400, `{"error":{"type":"strict_dynamic_mapping_exception"}}`},
		{"PUT /f/_doc/1", `{"z":1}`, 201, ``},
		{"GET /f/_mapping", "", 0, `{"f":{"mappings":{"dynamic":false,"properties":null}}}`},
		{"PUT /a/_mapping", `{"properties":{"o":{"properties":{"k":{"type":"text"}}}}}`, 400, `{"error":{"reason":"mapper [o.k] cannot be changed from type [keyword] to [text]"}}`},
		{"PUT /a,s/_mapping", `{"properties":{"added":{"type":"ip"}}}`, 0, ``},
		{"GET /s/_mappings", "", 0, `{"s":{"mappings":{"dynamic":"strict","properties":{"k":{},"added":{"type":"ip"}}}}}`},
		{"PUT /a/_doc/3", `{"a.dotted":1}`, 201, ``},
	})
}
