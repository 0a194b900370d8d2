package memory_test

import (
	"testing"
)

// TestLimitedRole: everything on some indices and nothing on others. The
// verdicts are those of real nodes: every index an expression means must be
// allowed, a name that is nothing counts by itself, and everything means hidden
// and closed indices too.
func TestLimitedRole(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := secured(t, v)
		w.grant("cluster_monitor,cluster_composite_ops;logs-*: indices_all")
		w.be(signerARN)
		w.rulings(`
			GET /logs-a/_count => 200
			GET /l*/_count => 200
			GET /*/_count => [indices:data/read/search]
			GET /_count => [indices:data/read/search]
			GET /_all/_count => [indices:data/read/search]
			GET /o*/_count => [indices:data/read/search]
			GET /zz*/_count => 200
			GET /nosuch/_count => [indices:data/read/search]
			GET /logs-nosuch/_count => 404
			GET /logs-a,other/_count => [indices:data/read/search]
			GET /logs-a,nosuch/_count => [indices:data/read/search]
			GET /logs-a,nosuch/_count?ignore_unavailable=true => [indices:data/read/search]
			GET /al/_count => 200
			GET /l*,-logs-b/_count => 200
			GET /.opendistro_security/_count => [indices:data/read/search]
			GET /logs-*/_settings => 200
			GET /al/_alias => 200
			GET /other/_alias => [indices:admin/aliases/get]
			GET /_cat/indices => [indices:monitor/settings/get]
			GET /_cat/indices/logs-* => 200
			GET /_cat/shards => [indices:monitor/stats]
			GET /_cat/shards/logs-a => 200
			GET /_cat/recovery => [indices:monitor/recovery]
			GET /_cluster/state/metadata => 200
			POST /logs-*/_refresh => 200
			PUT /logs-new => 200
			PUT /new-1 => [indices:admin/create]
			PUT /logs-UP => 400
			DELETE /logs-new => 200
			DELETE /logs-n*,oth* => [indices:admin/delete]
			DELETE /* => []
			DELETE /logs-nosuch => 404
			PUT /logs-a/_doc/1 {"a":1} => 200
			PUT /other/_doc/1 {"a":1} => [indices:data/write/index]
			PUT /logs-auto/_doc/1 {"a":1} => 201
			DELETE /logs-auto => 200
			POST /_aliases {"actions":[{"add":{"index":"logs-a","alias":"anything"}}]} => 200
			GET /_template => [indices:admin/template/get]
			GET /_ingest/pipeline => [cluster:admin/ingest/pipeline/get]`)
	})
}

// patternRulings are roles and what they let one do.
var patternRulings = map[string]struct{ role, rulings string }{
	"an alias lets to its index": {"cluster_composite_ops;al: read", `
		GET /al/_count => 200
		GET /logs-a/_count => 200
		GET /logs-b/_count => [indices:data/read/search]
		GET /al*/_count => 200
		GET /al/_doc/1 => 200`},
	"a stream lets to its indices": {"cluster_composite_ops;traces*: indices_all", `
		GET /traces/_count => 200
		GET /.ds-traces-000001/_count => 200
		GET /traces*/_count => 200
		GET /_data_stream/tra* => 200
		GET /_data_stream => [indices:admin/data_stream/get]
		GET /*/_count => [indices:data/read/search]
		POST /traces/_doc {"@timestamp":"2026-11-22T00:00:00Z"} => 201
		PUT /_data_stream/traces9 => 200
		DELETE /_data_stream/traces9 => 200`},
	"everything means hidden and closed too": {"cluster_monitor;logs-*,other,.opendistro_security: indices_all", `
		GET /_count => [indices:data/read/search]
		GET /_settings => [indices:monitor/settings/get]
		GET /_cat/indices => [indices:monitor/settings/get]
		GET /_cat/indices/logs-*,other => 200`},
	"everything by its names": {"cluster_monitor;logs-*,other,.opendistro_security,traces: indices_all", `
		GET /_count => 200
		GET /_settings => 200
		GET /_recovery => 200
		GET /_data_stream => 200
		GET /_cat/indices => 200`},
	"question marks, expressions, the user's name": {"cluster_composite_ops;${user.name},/lo[gf]s-a/,o?her: read", `
		GET /logs-a/_count => 200
		GET /logs-b/_count => [indices:data/read/search]
		GET /other/_count => 200`},
	"monitoring": {"cluster_monitor;*: indices_monitor", `
		GET /_cat/indices => 200
		GET /_cat/shards => 200
		GET /_cat/nodes => 200
		GET /_cat/allocation => 200
		GET /_recovery => 200
		GET /_stats => 200
		GET /_cluster/settings => 200
		GET /_nodes/stats/fs => 200
		GET /_snapshot => [cluster:admin/repository/get]
		GET /_mapping => [indices:admin/mappings/get]
		GET /_alias => [indices:admin/aliases/get]
		GET /_count => [indices:data/read/search]
		GET /_index_template => [indices:admin/index_template/get]`},
	"writing alone": {"cluster_composite_ops;logs-*: indices:data/write*", `
		PUT /logs-a/_doc/3 {"a":1} => 201
		PUT /logs-auto/_doc/3 {"a":1} => [indices:admin/create]
		DELETE /logs-a/_doc/3 => 200
		POST /logs-a/_update/1 {"doc":{"a":2}} => 200
		GET /logs-a/_doc/1 => [indices:data/read/get]`},
	"writing without the bulk": {"none;logs-*: indices:data/write*", `
		PUT /logs-a/_doc/3 {"a":1} => [indices:data/write/bulk]
		POST /logs-a/_update/1 {"doc":{"a":2}} => [indices:data/write/bulk]`},
	"writing without the shard": {"cluster_composite_ops;logs-*: indices:data/write/index", `
		PUT /logs-a/_doc/3 {"a":1} => [indices:data/write/bulk[s]]`},
	"half of a deletion": {"none;logs-*: indices:admin/aliases", `
		POST /_aliases {"actions":[{"remove_index":{"index":"logs-b"}}]} => [indices:admin/delete]
		POST /_aliases {"actions":[{"add":{"index":"logs-b","alias":"x"}},{"add":{"index":"other","alias":"x"}}]} => [indices:admin/aliases]
		POST /_aliases {"actions":[{"add":{"indices":["logs-a","logs-b"],"alias":"x"}}]} => 200
		PUT /logs-new {"aliases":{"x":{}}} => [indices:admin/create]`},
}

func TestRolePatterns(t *testing.T) {
	for name, tc := range patternRulings {
		t.Run(name, func(t *testing.T) {
			w := secured(t, "3.4.0")
			w.grant(tc.role)
			w.be(signerARN)
			w.rulings(tc.rulings)
		})
	}
}

// TestItemsAreJudgedOneByOne: a bulk and a multi-get succeed as calls.
func TestItemsAreJudgedOneByOne(t *testing.T) {
	const user = "and User [name=" + signerARN + ", backend_roles=[" + signerARN + "], requestedTenant=null]"
	w := secured(t, "2.19.4")
	w.grant("cluster_composite_ops;logs-*: indices_all")
	w.be(signerARN)
	w.play([]step{
		{"POST /_bulk", `{"index":{"_index":"logs-a","_id":"1"}}` + "\n" + `{"a":1}` + "\n" + `{"index":{"_index":"other","_id":"1"}}` + "\n" + `{"a":1}` + "\n" + `{"create":{"_index":"zzz","_id":"1"}}` + "\n" + `{"a":1}` + "\n", 0, `{"errors":true,"items":[
			{"index":{"_index":"logs-a","status":200,"result":"updated"}},
			{"index":{"_index":"other","_id":"1","status":403,"error":{"type":"security_exception","reason":"no permissions for [indices:data/write/bulk[s], indices:data/write/index] ` + user + `"}}},
			{"create":{"_index":"zzz","_id":"1","status":403,"error":{"type":"security_exception","reason":"no permissions for [indices:admin/create] ` + user + `"}}}]}`},
		{"GET /zzz", "", 403, ``},
		{"POST /_mget", `{"docs":[{"_index":"logs-a","_id":"1"},{"_index":"other","_id":"1"},{"_index":"nosuch","_id":"1"}]}`, 0, `{"docs":[{"found":true},
			{"_index":"other","_id":"1","error":{"type":"security_exception","reason":"no permissions for [indices:data/read/mget[shard]] ` + user + `"}},
			{"error":{"type":"index_not_found_exception"}}]}`},
	})
	// Items that reach a shard together fall together.
	mixed := `{"index":{"_index":"logs-a","_id":"1"}}` + "\n" + `{"a":1}` + "\n" + `{"delete":{"_index":"logs-a","_id":"nn"}}` + "\n" + `{"update":{"_index":"logs-a","_id":"1"}}` + "\n" + `{"doc":{"a":2}}` + "\n"
	for actions, want := range map[string]string{
		"indices:data/write/bulk[s]":                         "indices:data/write/index, indices:data/write/delete, indices:data/write/update",
		"indices:data/write/bulk*,indices:data/write/index":  "indices:data/write/delete, indices:data/write/update",
		"indices:data/write/delete,indices:data/write/index": "indices:data/write/bulk[s], indices:data/write/update",
	} {
		w.grant("cluster_composite_ops;logs-*: " + actions)
		a := w.must("POST /_bulk", mixed)
		for i, op := range []string{"index", "delete", "update"} {
			a.is("no permissions for ["+want+"] "+user, "items", i, op, "error", "reason")
		}
	}
}
