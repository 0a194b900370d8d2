package memory_test

import "testing"

// firstRefusals are what real nodes of 2.19.4 and 3.4.0 lack first when somebody
// without any role calls.
const firstRefusals = `
	GET / => [cluster:monitor/main]
	GET /_alias => [indices:admin/aliases/get]
	GET /_alias/al => [indices:admin/aliases/get]
	GET /logs-a/_alias => [indices:admin/aliases/get]
	GET /logs-a/_alias/al => [indices:admin/aliases/get]
	POST /_aliases {"actions":[{"add":{"index":"logs-a","alias":"al2"}}]} => [indices:admin/aliases]
	POST /_aliases {"actions":[{"remove_index":{"index":"logs-a"}}]} => [indices:admin/aliases, indices:admin/delete]
	PUT /logs-a/_alias/z => [indices:admin/aliases]
	DELETE /logs-a/_alias/al => [indices:admin/aliases]
	GET /_cluster/health => [cluster:monitor/health]
	GET /_cluster/health/logs-a => [cluster:monitor/health]
	GET /_cluster/settings => [cluster:monitor/state]
	PUT /_cluster/settings {"persistent":{}} => [cluster:admin/settings/update]
	GET /_cluster/pending_tasks => [cluster:monitor/task]
	GET /_cluster/state => [cluster:monitor/state]
	GET /_cluster/state/metadata/logs-a => [cluster:monitor/state]
	GET /_cluster/allocation/explain {"index":"logs-a","shard":0,"primary":true} => [cluster:monitor/allocation/explain]
	POST /_cluster/reroute => [cluster:admin/reroute]
	PUT /logs-a/_doc/9 {"a":1} => [indices:data/write/index]
	POST /logs-a/_doc {"a":1} => [indices:data/write/index]
	PUT /logs-a/_create/8 {"a":1} => [indices:data/write/index]
	GET /logs-a/_doc/1 => [indices:data/read/get]
	GET /logs-a/_source/1 => [indices:data/read/get]
	DELETE /logs-a/_doc/1 => [indices:data/write/delete]
	POST /logs-a/_update/1 {"doc":{"a":2}} => [indices:data/write/update]
	POST /_bulk {"index":{"_index":"logs-a"}}\n{"a":1}\n => [indices:data/write/bulk]
	GET /_mget {"docs":[{"_index":"logs-a","_id":"1"}]} => [indices:data/read/mget]
	PUT /newindex {} => [indices:admin/create]
	PUT /newindex {"aliases":{"x":{}}} => [indices:admin/create, indices:admin/aliases]
	PUT /UPPER => [indices:admin/create]
	GET /logs-a => [indices:admin/get]
	DELETE /logs-b => [indices:admin/delete]
	DELETE /nosuch => [indices:admin/delete]
	POST /logs-a/_close => [indices:admin/close]
	POST /logs-a/_open => [indices:admin/open]
	POST /_refresh => [indices:admin/refresh]
	POST /logs-a/_flush => [indices:admin/flush]
	POST /logs-a/_forcemerge => [indices:admin/forcemerge]
	GET /_mapping => [indices:admin/mappings/get]
	PUT /logs-a/_mapping {"properties":{}} => [indices:admin/mapping/put]
	GET /_nodes => [cluster:monitor/nodes/info]
	GET /_nodes/stats/fs => [cluster:monitor/nodes/stats]
	GET /_ingest/pipeline => [cluster:admin/ingest/pipeline/get]
	PUT /_ingest/pipeline/p {"processors":[]} => [cluster:admin/ingest/pipeline/put]
	DELETE /_ingest/pipeline/p => [cluster:admin/ingest/pipeline/delete]
	GET /_snapshot => [cluster:admin/repository/get]
	GET /_snapshot/nosuch => [cluster:admin/repository/get]
	PUT /_snapshot/r {"type":"s3"} => [cluster:admin/repository/put]
	DELETE /_snapshot/r => [cluster:admin/repository/delete]
	POST /_snapshot/r/_verify => [cluster:admin/repository/verify]
	POST /_snapshot/r/_cleanup => [cluster:admin/repository/_cleanup]
	GET /_recovery => [indices:monitor/recovery]
	GET /logs-a/_recovery => [indices:monitor/recovery]
	GET /_search => [indices:data/read/search]
	POST /logs-a/_search {"query":{"match_all":{}}} => [indices:data/read/search]
	GET /logs-a/_count => [indices:data/read/search]
	POST /_search/scroll {"scroll_id":"xx"} => [indices:data/read/scroll]
	DELETE /_search/scroll {"scroll_id":"xx"} => [indices:data/read/scroll/clear]
	GET /_settings => [indices:monitor/settings/get]
	PUT /logs-a/_settings {"index":{}} => [indices:admin/settings/update]
	GET /_snapshot/r/_all => [cluster:admin/snapshot/get]
	PUT /_snapshot/r/s2 {"indices":"logs-a"} => [cluster:admin/snapshot/create]
	DELETE /_snapshot/r/s1 => [cluster:admin/snapshot/delete]
	GET /_snapshot/_status => [cluster:admin/snapshot/status]
	GET /_snapshot/r/s1/_status => [cluster:admin/snapshot/status]
	POST /_snapshot/r/s1/_restore {"indices":"logs-a"} => [cluster:admin/snapshot/restore]
	GET /_stats => [indices:monitor/stats]
	GET /_template => [indices:admin/template/get]
	PUT /_template/x {"index_patterns":["x"]} => [indices:admin/template/put]
	DELETE /_template/x => [indices:admin/template/delete]
	GET /_index_template => [indices:admin/index_template/get]
	PUT /_index_template/x {"index_patterns":["x"]} => [indices:admin/index_template/put]
	DELETE /_index_template/x => [indices:admin/index_template/delete]
	GET /_component_template => [cluster:admin/component_template/get]
	GET /_cat/indices => [indices:monitor/settings/get]
	GET /_cat/indices/logs-a => [indices:monitor/settings/get]
	GET /_cat/aliases => [indices:admin/aliases/get]
	GET /_cat/count => [indices:data/read/search]
	GET /_cat/health => [cluster:monitor/health]
	GET /_cat/nodes => [cluster:monitor/state]
	GET /_cat/allocation => [cluster:monitor/state]
	GET /_cat/recovery => [indices:monitor/recovery]
	GET /_cat/repositories => [cluster:admin/repository/get]
	GET /_cat/snapshots/r => [cluster:admin/snapshot/get]
	GET /_cat/templates => [cluster:monitor/state]
	GET /_cat/plugins => [cluster:monitor/state]
	# What matches nothing is refused to nobody.
	GET /zz*/_count => 200
	GET /zz*/_settings => 200
	DELETE /zz* => 200
	GET /_cat/indices/zz* => [cluster:monitor/state]
	# What cannot be read is told before rights are looked at.
	POST /_bulk { => 400
	POST /_mget {} => 400
	PUT /_snapshot/x { => 400
	POST /_aliases { => 400
	POST /_aliases {} => 400
	PUT /_cluster/settings { => 400
	GET /_cat/indices?bogus=1 => 400
	GET /_no_such_api => 400
	POST /_snapshot/r/s1/_restore {"indixes":"a"} => 400
	POST /_snapshot/r/s1/_restore { => 400
	POST /_snapshot/nosuch/s1/_restore {"indices":"a"} => 404
	GET /no/such/path/here => 400
	PATCH /_count => 405
`

func TestFirstRefusals(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := secured(t, v)
		w.be(signerARN)
		w.rulings(firstRefusals)
		if v != "7.10.2" {
			w.rulings(`
				GET /_data_stream => [indices:admin/data_stream/get]
				GET /_data_stream/traces => [indices:admin/data_stream/get]
				GET /_data_stream/zz => [indices:admin/data_stream/get]
				GET /_data_stream/zz* => 200
				PUT /_data_stream/traces2 => [indices:admin/data_stream/create]
				DELETE /_data_stream/traces => [indices:admin/data_stream/delete]
				POST /traces/_rollover => [indices:admin/rollover]`)
		}
		// Shards are asked for by an action of their own since 2.17.
		shards := map[bool]string{true: "[cluster:monitor/shards]", false: "[cluster:monitor/state]"}[v == "2.19.4" || v == "3.4.0"]
		w.rulings("GET /_cat/shards => " + shards)
		for _, call := range []string{"HEAD /", "HEAD /logs-a", "HEAD /nosuch", "HEAD /logs-a/_doc/1"} {
			if a := w.do(call); a.status != 403 || a.raw != "" {
				t.Errorf("%s: %d %s", call, a.status, a.raw)
			}
		}
	})
}

// TestChains gives a role one right after the other: what it lacks next was
// recorded from real nodes.
func TestChains(t *testing.T) {
	w := secured(t, "3.4.0")
	for call, chain := range map[string][]string{
		"GET /_cat/indices":     {"indices:monitor/settings/get", "cluster:monitor/state", "indices:monitor/stats", "cluster:monitor/health"},
		"GET /_cat/shards":      {"cluster:monitor/shards", "cluster:monitor/state", "indices:monitor/stats"},
		"GET /_cat/nodes":       {"cluster:monitor/state", "cluster:monitor/nodes/info", "cluster:monitor/nodes/stats"},
		"GET /_cat/allocation":  {"cluster:monitor/state", "cluster:monitor/nodes/stats"},
		"GET /_cat/plugins":     {"cluster:monitor/state", "cluster:monitor/nodes/info"},
		"GET /_cat/recovery":    {"indices:monitor/recovery"},
		"GET /logs-a/_search":   {"indices:data/read/search"},
		"PUT /logs-a/_doc/9":    {"indices:data/write/index", "indices:data/write/bulk", "indices:data/write/bulk[s]"},
		"PUT /auto/_doc/9":      {"indices:data/write/index", "indices:data/write/bulk", "indices:admin/create", "indices:data/write/bulk[s]"},
		"DELETE /logs-a/_doc/9": {"indices:data/write/delete", "indices:data/write/bulk", "indices:data/write/bulk[s]"},
	} {
		t.Run(call, func(t *testing.T) {
			w.t = t
			cluster, index := "none", "none"
			for i, lacking := range append(chain, "") {
				w.grant(cluster + ";*: " + index)
				w.be(signerARN)
				a := w.do(call, map[bool]string{true: `{"a":1}`}[call[:3] == "PUT"])
				if lacking == "" {
					if a.status == 403 {
						t.Errorf("with everything: %s", a.raw)
					}
					continue
				}
				if got := a.verdict(); got != "["+lacking+"]" {
					t.Errorf("step %d: %s, want %s", i, got, lacking)
				}
				if lacking[:8] == "cluster:" || lacking == "indices:data/write/bulk" {
					cluster += "," + lacking
				} else {
					index += "," + lacking
				}
			}
		})
	}
}
