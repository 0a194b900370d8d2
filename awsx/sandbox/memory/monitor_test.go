package memory_test

import (
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory"
)

func TestCatTables(t *testing.T) {
	each(t, func(t *testing.T, v string) {
		w := start(t, v, three)
		w.must("PUT /a/_doc/1", `{"n":1}`)
		manager := "cluster_manager"
		if v == "7.10.2" {
			manager = "master"
		}
		w.play([]step{
			{"GET /_cat/health?format=json", "", 0, `[{"cluster":"111111111111:source","status":"green","node.total":"3","shards":"2","pri":"1","unassign":"0","active_shards_percent":"100.0%","epoch":"1795327200","timestamp":"06:00:00"}]`},
			{"GET /_cat/nodes?format=json", "", 0, `[{"ip":"x.x.x.x","` + manager + `":"*","node.role":"dimr","name":"~^[0-9a-f]{32}$"},{"` + manager + `":"-"},{}]`},
			{"GET /_cat/nodes?format=json&h=disk.total,disk.used_percent&bytes=gb", "", 0, `[{"disk.total":"1024"},{},{}]`},
			{"GET /_cat/allocation?format=json&bytes=b", "", 0, `[{"disk.total":"1099511627776"},{},{}]`},
			{"GET /_cat/count/a?format=json", "", 0, `[{"count":"1"}]`},
			{"GET /_cat/count?h=count", "", 0, "=1\n"},
			{"GET /_cat/plugins", "", 0, "="},
			{"GET /_cat/plugins?help", "", 0, "=id          |   | unique node id   \nname        | n | node name        \ncomponent   | c | component        \nversion     | v | component version\ndescription | d | plugin details   \n"},
			{"GET /_cat/indices?health=red&format=json", "", 0, `[]`},
			{"GET /_cat/indices?v&h=health,status,index,pri,rep,docs.count", "", 0, "=health status index pri rep docs.count\ngreen  open   a       1   1          1\n"},
			{"GET /_cat/indices?s=nobody", "", 500, "{\"error\":{\"type\":\"unsupported_operation_exception\"}}"},
			{"GET /_cat/recovery?format=json&h=index,type,stage,start_time,stop_time_millis", "", 0, `[{"type":"empty_store","stage":"done","start_time":"2026-11-22T06:00:00.000Z","stop_time_millis":"1795327200000"},{"type":"peer","stage":"done"}]`},
			{"GET /_cat/recovery/nobody", "", 404, ``},
			{"GET /_cat/snapshots/nobody", "", 404, ``},
			{"GET /_cat/shards?h=index,shard,prirep,state", "", 0, "=a 0 p STARTED\na 0 r STARTED\n"},
		})
	})
}

func TestStats(t *testing.T) {
	w := start(t, "3.4.0", three)
	w.must("PUT /a", `{"settings":{"number_of_shards":1,"number_of_replicas":1}}`)
	w.must("PUT /a/_doc/1", `{"n":1}`)
	w.must("PUT /a/_doc/2", `{"n":1}`)
	w.must("DELETE /a/_doc/2")
	w.play([]step{
		{"GET /a/_stats", "", 0, `{"_shards":{"total":2,"successful":2},"indices":{"a":{"primaries":{"docs":{"count":1,"deleted":1}},"total":{"docs":{"count":2,"deleted":2}},"shards":null}}}`},
		{"GET /a/_stats/docs?level=cluster", "", 0, `{"_all":{"primaries":{"docs":{"count":1},"store":null}},"indices":null}`},
		{"GET /_stats/store", "", 0, `{"indices":{"a":{"primaries":{"docs":null,"store":{}}}}}`},
		{"GET /a/_stats/_all?level=shards", "", 0, `{"indices":{"a":{"shards":{"0":[{"routing":{"primary":true},"seq_no":{"max_seq_no":2}},{"routing":{"primary":false}}]}}}}`},
		{"GET /nobody/_stats", "", 404, ``},
		{"GET /_nodes/stats/jvm", "", 0, `{"_nodes":{"total":3},"nodes":{}}`},
		{"GET /_nodes/_all/stats/fs", "", 0, `{"_nodes":{"total":3}}`},
		{"GET /_nodes/_local/jvm", "", 0, ``},
	})
	a := w.must("GET /_nodes/stats")
	for id := range a.at("nodes").(map[string]any) {
		a.is(50, "nodes", id, "jvm", "mem", "heap_used_percent")
		a.is(1<<40, "nodes", id, "fs", "total", "total_in_bytes")
	}
}

func TestClusterSettingsAndState(t *testing.T) {
	w := start(t, "7.10.2")
	w.must("PUT /a", `{"aliases":{"x":{}}}`)
	w.must("PUT /b")
	w.must("POST /b/_close")
	w.play([]step{
		{"PUT /_cluster/settings?flat_settings", `{"persistent":{"indices.recovery.max_bytes_per_sec":"80mb"},"transient":{"cluster":{"routing":{"allocation":{"enable":"all"}}}}}`, 0, `{"acknowledged":true,"persistent":{"indices.recovery.max_bytes_per_sec":"80mb"},"transient":{"cluster.routing.allocation.enable":"all"}}`},
		{"GET /_cluster/settings?flat_settings&include_defaults", "", 0, `{"persistent":{"indices.recovery.max_bytes_per_sec":"80mb"},"defaults":{"indices.recovery.max_bytes_per_sec":null,"cluster.max_shards_per_node":"1000","compatibility.override_main_response_version":null}}`},
		{"PUT /_cluster/settings", `{"persistent":{"no.such":1}}`, 400, `{"error":{"reason":"persistent setting [no.such], not recognized"}}`},
		{"PUT /_cluster/settings", `{"lasting":{}}`, 400, `{"error":{"reason":"~no settings to update"}}`},
		{"PUT /_cluster/settings", `{}`, 400, `{"error":{"reason":"~no settings to update"}}`},
		{"GET /_cluster/state", "", 0, `{"cluster_name":"111111111111:source","metadata":{"indices":{"a":{"state":"open","aliases":["x"],"mappings":{"_doc":{}}},"b":{"state":"close"}}}}`},
		{"GET /_cluster/state/metadata/a", "", 0, `{"metadata":{"indices":{"b":null}}}`},
		{"GET /_cluster/state/version", "", 0, `{"metadata":null}`},
	})
}

// Pretended sizes drive every figure and travel with a snapshot; the bucket holds
// little all the same.
func TestPretendedSizes(t *testing.T) {
	const gib = int64(1) << 30
	w := start(t, "2.19.4", slow, three)
	var docs []memory.PlantedDoc
	for i := range 200 {
		docs = append(docs, memory.PlantedDoc{ID: string(rune('a'+i%26)) + strings.Repeat("x", i/26), Source: []byte(`{"n":1}`)})
	}
	err := w.c.Plant(memory.Content{Indices: []memory.Planted{{
		Name: "big", Created: w.clock.at.AddDate(-1, 0, 0), Settings: map[string]string{"index.number_of_shards": "2", "index.number_of_replicas": "1"}, Docs: docs, Bytes: 40 * gib,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got any, want int64) {
		t.Helper()
		n, _ := got.(float64)
		if n < float64(want)*0.99 || n > float64(want)*1.01 {
			t.Errorf("%s: %v bytes, want about %d", what, got, want)
		}
	}
	a := w.must("GET /big/_stats/store")
	near("primaries", a.at("_all", "primaries", "store", "size_in_bytes"), 40*gib)
	near("all copies", a.at("_all", "total", "store", "size_in_bytes"), 80*gib)
	w.play([]step{
		{"GET /_cat/indices/big?format=json&bytes=gb&h=pri.store.size,creation.date.string", "", 0, `[{"pri.store.size":"~^(39|40)$","creation.date.string":"2025-11-22T06:00:00.000Z"}]`},
		{"GET /big/_settings?human", "", 0, `{"big":{"settings":{"index":{"version":{"created_string":"2.19.4"}}}}}`},
	})
	w.must("PUT /_snapshot/r", repositoryBody)
	w.must("PUT /_snapshot/r/s1?wait_for_completion=true", `{"indices":"big"}`)
	near("snapshot", w.must("GET /_snapshot/r/s1/_status").at("snapshots", 0, "stats", "total", "size_in_bytes"), 40*gib)
	stored := 0
	for _, k := range w.bucket.Keys("") {
		b, err := w.bucket.Get(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		stored += len(b)
	}
	if stored > 1<<20 {
		t.Errorf("the bucket holds %d bytes", stored)
	}
	n := w.neighbour("3.4.0")
	n.must("POST /_snapshot/r/s1/_restore?wait_for_completion=true", `{"indices":"big"}`)
	near("restored", n.must("GET /big/_stats/store").at("_all", "primaries", "store", "size_in_bytes"), 40*gib)
	near("recovered", n.must("GET /big/_recovery").at("big", "shards", 0, "index", "size", "total_in_bytes"), 20*gib)
}

// Planting again changes nothing that is there.
func TestPlantTwice(t *testing.T) {
	w := start(t, "2.19.4")
	p := memory.Content{Indices: []memory.Planted{{Name: "a", Created: w.clock.at, Docs: []memory.PlantedDoc{{ID: "1", Source: []byte(`{"n":1}`)}}}}}
	if err := w.c.Plant(p); err != nil {
		t.Fatal(err)
	}
	w.must("PUT /a/_doc/2", `{"n":2}`)
	before := w.look()
	if err := w.c.Plant(p); err != nil {
		t.Fatal(err)
	}
	w.same("planted twice", before)
	p.Indices[0] = memory.Planted{Name: "bad", Mappings: []byte("{")}
	if err := w.c.Plant(p); err == nil {
		t.Error("a mapping that is no JSON was planted")
	}
}
