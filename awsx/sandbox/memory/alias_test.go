package memory_test

import "testing"

func TestAliases(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := start(t, v)
		w.must("PUT /a")
		w.must("PUT /b")
		w.play([]step{
			{"PUT /a/_alias/x", `{"routing":"1","filter":{"term":{"k":1}}}`, 0, `{"acknowledged":true}`},
			{"POST /_aliases", `{"actions":[{"add":{"indices":["a","b"],"aliases":["y","z"]}},{"add":{"index":"b","alias":"x","is_write_index":true}}]}`, 0, ``},
			{"GET /_alias", "", 0, `{"a":{"aliases":{"x":{"filter":{"term":{"k":1}},"index_routing":"1","search_routing":"1"},"y":{},"z":{}}},"b":{"aliases":{"x":{"is_write_index":true},"y":{},"z":{}}}}`},
			{"GET /_alias/x,nobody", "", 404, `{"a":{"aliases":{"x":{}}},"error":"alias [nobody] missing","status":404}`},
			{"GET /_alias/m,n", "", 404, `{"error":"aliases [m,n] missing"}`},
			{"GET /b/_alias/y*", "", 0, `{"a":null,"b":{"aliases":{"y":{},"x":null}}}`},
			{"HEAD /_alias/x", "", 0, ``},
			{"GET /_cat/aliases/x?format=json", "", 0, `[{"alias":"x","index":"a","filter":"*","routing.index":"1","routing.search":"1","is_write_index":"-"},{"alias":"x","index":"b","filter":"-","is_write_index":"true"}]`},
			{"PUT /x/_doc/1", `{}`, 201, `{"_index":"b"}`},
			{"PUT /y/_doc/1", `{}`, 400, `{"error":{"reason":"~^no write index is defined for alias \\[y\\]"}}`},
			{"DELETE /a/_alias/x", "", 0, ``},
			{"PUT /z/_alias/zz", "", 400, ``},
			{"DELETE /a/_alias/nobody", "", 404, `{"error":{"type":"aliases_not_found_exception","reason":"aliases [nobody] missing"}}`},
			{"POST /_aliases", `{"actions":[{"remove":{"index":"*","alias":"z*"}}]}`, 0, ``},
			{"GET /_alias/z", "", 404, ``},
			{"POST /_aliases", `{"actions":[{"add":{"index":"a","alias":"b"}}]}`, 400, `{"error":{"type":"invalid_alias_name_exception"}}`},
			{"POST /_aliases", `{"actions":[]}`, 400, `{"error":{"reason":"No action specified"}}`},
			{"POST /_aliases", `{"actions":[{"move":{"index":"a","alias":"b"}}]}`, 400, `{"error":{"type":"x_content_parse_exception","caused_by":{"reason":"[1:14] [alias_action] unknown field [move] did you mean [remove]?"}}}`},
			{"POST /_aliases", `{"actions":[{"add":{"index":"nobody","alias":"n"}}]}`, 404, ``},
			{"POST /_aliases", `{"actions":[{"remove_index":{"index":"a"}}]}`, 0, ``},
			{"HEAD /a", "", 404, ``},
		})
	})
}

func TestTemplates(t *testing.T) {
	w := start(t, "2.19.4")
	w.play([]step{
		{"PUT /_component_template/base", `{"template":{"settings":{"number_of_replicas":0,"refresh_interval":"9s"},"mappings":{"properties":{"@timestamp":{"type":"date"}}},"aliases":{"every":{}}}}`, 0, `{"acknowledged":true}`},
		{"PUT /_index_template/logs", `{"index_patterns":["logs-*"],"composed_of":["base"],"priority":10,"template":{"settings":{"index":{"number_of_shards":2}},"aliases":{"logs":{}}}}`, 0, ``},
		{"PUT /_index_template/low", `{"index_patterns":"logs-*","priority":1,"template":{"settings":{"number_of_shards":5}}}`, 0, ``},
		{"PUT /_template/old", `{"index_patterns":["old-*"],"order":1,"settings":{"number_of_shards":3},"mappings":{"properties":{"k":{"type":"keyword"}}},"aliases":{"olds":{}}}`, 0, ``},
		{"PUT /_template/older", `{"index_patterns":["ol*"],"settings":{"number_of_shards":4,"number_of_replicas":2}}`, 0, ``},
		{"PUT /logs-1", `{"settings":{"refresh_interval":"1s"}}`, 0, ``},
		{"GET /logs-1", "", 0, `{"logs-1":{"aliases":{"every":{},"logs":{}},"mappings":{"properties":{"@timestamp":{"type":"date"}}},"settings":{"index":{"number_of_shards":"2","number_of_replicas":"0","refresh_interval":"1s"}}}}`},
		{"PUT /old-1/_doc/1", `{"k":"x"}`, 201, ``},
		{"GET /old-1", "", 0, `{"old-1":{"aliases":{"olds":{}},"mappings":{"properties":{"k":{"type":"keyword"}}},"settings":{"index":{"number_of_shards":"3","number_of_replicas":"2"}}}}`},
		{"GET /_component_template/base", "", 0, `{"component_templates":[{"name":"base","component_template":{"template":{"settings":{"index":{"refresh_interval":"9s"}}}}}]}`},
		{"GET /_index_template/lo*", "", 0, `{"index_templates":[{"name":"logs","index_template":{"composed_of":["base"],"priority":10}},{"name":"low","index_template":{"index_patterns":["logs-*"],"composed_of":[]}}]}`},
		{"GET /_template/old", "", 0, `{"old":{"order":1,"index_patterns":["old-*"],"settings":{"index":{"number_of_shards":"3"}},"mappings":{"properties":{}},"aliases":{"olds":{}}}}`},
		{"HEAD /_template/nobody", "", 404, ``},
		{"GET /_template/nobody", "", 404, `{}`},
		{"GET /_template/no*", "", 0, `{}`},
		{"GET /_index_template/nobody", "", 404, `{"error":{"reason":"index template matching [nobody] not found"}}`},
		{"GET /_component_template/nobody", "", 404, `{"error":{"reason":"component template matching [nobody] not found"}}`},
		{"PUT /_index_template/bad", `{"index_patterns":["x"],"composed_of":["nobody"]}`, 400, `{"error":{"type":"invalid_index_template_exception","reason":"~\\[nobody\\] that do not exist"}}`},
		{"PUT /_index_template/bad", `{"template":{}}`, 400, `{"error":{"reason":"Required [index_patterns]"}}`},
		{"PUT /_template/bad", `{"index_patterns":["x"],"settings":7}`, 400, ``},
		{"GET /_cat/templates?format=json&s=name", "", 0, `[{"name":"logs","index_patterns":"[logs-*]","order":"10","composed_of":"[base]"},{"name":"low","order":"1","composed_of":"[]"},{"name":"old","index_patterns":"[old-*]","order":"1","composed_of":""},{"name":"older","order":"0"}]`},
		{"DELETE /_template/ol*", "", 0, ``},
		{"DELETE /_template/old", "", 404, `{"error":{"type":"index_template_missing_exception"}}`},
	})
}

func TestPipelines(t *testing.T) {
	w := start(t, "2.19.4")
	w.play([]step{
		{"PUT /_ingest/pipeline/p", `{"description":"d","processors":[{"set":{"field":"a","value":1}}]}`, 0, `{"acknowledged":true}`},
		{"GET /_ingest/pipeline/p", "", 0, `{"p":{"description":"d","processors":[{"set":{"field":"a","value":1}}]}}`},
		{"GET /_ingest/pipeline", "", 0, `{"p":{}}`},
		{"GET /_ingest/pipeline/q", "", 404, `{}`},
		{"PUT /_ingest/pipeline/q", `{}`, 400, `{"error":{"type":"parse_exception","reason":"[processors] required property is missing","property_name":"processors"}}`},
		{"DELETE /_ingest/pipeline/q", "", 404, `{"error":{"reason":"pipeline [q] is missing"}}`},
		{"DELETE /_ingest/pipeline/p", "", 0, ``},
		{"GET /_ingest/pipeline", "", 404, `{}`},
	})
}

// Elasticsearch's free distribution, which the service runs, has no data streams.
func TestNoDataStreams(t *testing.T) {
	w := start(t, "7.10.2")
	w.play([]step{
		{"PUT /_index_template/t", `{"index_patterns":["traces*"],"data_stream":{}}`, 400, `{"error":{"reason":"composable template [t] template after composition is invalid","caused_by":{"reason":"[index_template] unknown field [data_stream]"}}}`},
		{"PUT /_data_stream/traces", "", 405, `{"error":"Incorrect HTTP method for uri [/_data_stream/traces] and method [PUT], allowed: [POST]"}`},
		{"GET /_data_stream", "", 400, `{"error":{"type":"invalid_index_name_exception"}}`},
		{"POST /_data_stream/traces", `{}`, 400, `{"error":{"type":"invalid_index_name_exception"}}`},
		{"POST /a/own-type", `{}`, 400, `{"error":{"reason":"Rejecting mapping update to [a] as the final mapping would have more than 1 type: [_doc, own-type]"}}`},
	})
}

func TestDataStreams(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		if v == "7.10.2" {
			return
		}
		w := start(t, v)
		w.play([]step{
			{"PUT /_data_stream/traces", "", 400, `{"error":{"reason":"no matching index template found for data stream [traces]"}}`},
			{"PUT /_index_template/t", `{"index_patterns":["traces*"],"data_stream":{},"template":{"settings":{"number_of_replicas":0}}}`, 0, ``},
			{"PUT /_data_stream/traces", "", 0, `{"acknowledged":true}`},
			{"PUT /_data_stream/traces", "", 400, `{"error":{"type":"resource_already_exists_exception"}}`},
			{"PUT /traces", "", 400, `{"error":{"reason":"cannot create index with name [traces], because it matches with template [t] that creates data streams only, use create data stream api instead"}}`},
			{"PUT /x", `{"aliases":{"traces":{}}}`, 500, `{"error":{"reason":"~alias of .x/.*conflicts with data stream"}}`},
			{"PUT /traces/_doc/1", `{"@timestamp":"2026-11-22T00:00:00Z"}`, 400, `{"error":{"reason":"only write ops with an op_type of create are allowed in data streams"}}`},
			{"POST /traces/_doc?op_type=create", `{"@timestamp":"2026-11-22T00:00:00Z"}`, 201, `{"_index":".ds-traces-000001"}`},
			{"POST /traces-auto/_doc?op_type=create", `{"@timestamp":"2026-11-22T00:00:00Z"}`, 201, `{"_index":".ds-traces-auto-000001"}`},
			{"GET /_data_stream", "", 0, `{"data_streams":[{"name":"traces","timestamp_field":{"name":"@timestamp"},"indices":[{"index_name":".ds-traces-000001"}],"generation":1,"status":"GREEN","template":"t"},{"name":"traces-auto"}]}`},
			{"GET /_data_stream/nobody", "", 404, ``},
			{"GET /_data_stream/no*", "", 0, `{"data_streams":[]}`},
			{"GET /traces/_count", "", 0, `{"count":1}`},
			{"GET /.ds-traces-000001", "", 0, `{".ds-traces-000001":{"data_stream":"traces","settings":{"index":{"hidden":"true"}},"mappings":{"properties":{"@timestamp":{"type":"date"}}}}}`},
			{"GET /_cat/indices?format=json&h=index", "", 0, `[{"index":".ds-traces-000001"},{"index":".ds-traces-auto-000001"}]`},
			{"GET /trac*/_count", "", 0, `{"count":2}`},
			{"DELETE /.ds-traces-000001", "", 400, `{"error":{"reason":"index [.ds-traces-000001] is the write index for data stream [traces] and cannot be deleted"}}`},
			{"DELETE /_data_stream/traces", "", 0, ``},
			{"HEAD /.ds-traces-000001", "", 404, ``},
			{"DELETE /_data_stream/traces", "", 0, `{"acknowledged":true}`},
		})
	})
}
