package memory_test

import (
	"fmt"
	"testing"
	"time"

	"snapferry/awsx/sandbox/memory"
)

// three gives a cluster three nodes of a terabyte.
func three(o *memory.Options) { o.Nodes, o.NodeBytes = 3, 1<<40 }

func TestReplicasNeedNodes(t *testing.T) {
	for nodes, want := range map[int]string{
		1: `{"status":"yellow","number_of_nodes":1,"active_shards":2,"unassigned_shards":2,"active_shards_percent_as_number":50}`,
		2: `{"status":"green","number_of_nodes":2,"active_shards":4,"unassigned_shards":0,"active_shards_percent_as_number":100}`,
	} {
		w := start(t, "3.4.0", func(o *memory.Options) { o.Nodes = nodes })
		w.must("PUT /a", `{"settings":{"number_of_shards":2}}`)
		w.play([]step{{"GET /_cluster/health", "", 0, want}})
	}
	w := start(t, "3.4.0", three)
	w.must("PUT /a", `{"settings":{"number_of_shards":3,"number_of_replicas":2}}`)
	seen := map[string]bool{}
	a := w.must("GET /_cat/shards?format=json&h=shard,node,state")
	for i := range a.body.([]any) {
		seen[fmt.Sprint(a.at(i, "shard"), a.at(i, "node"))] = true
		a.is("STARTED", i, "state")
	}
	if len(seen) != 9 {
		t.Errorf("two copies of a shard on one node: %s", a.raw)
	}
	w.play([]step{
		{"PUT /b", `{"settings":{"number_of_replicas":3}}`, 0, ``},
		{"GET /_cluster/health/b", "", 0, `{"status":"yellow","unassigned_shards":1}`},
		{"GET /_cluster/allocation/explain", `{"index":"b","shard":0,"primary":false}`, 0, `{"current_state":"started"}`},
		{"GET /_cluster/allocation/explain", `{"index":"b","shard":5,"primary":true}`, 404, `{"error":{"type":"shard_not_found_exception","shard":"5"}}`},
		{"GET /_cluster/allocation/explain", "", 0, `{"index":"b","current_state":"unassigned","can_allocate":"no","node_allocation_decisions":[{"deciders":[{"decider":"same_shard","decision":"NO"}]},{},{}]}`},
	})
}

// Replicas of a restored index come after its primaries, one by one.
func TestReplicasTakeTime(t *testing.T) {
	w := snapped(t, "2.19.4", slow, three)
	w.must("DELETE /orders,logs")
	w.must("POST /_snapshot/r/s1/_restore", `{"indices":"logs","index_settings":{"index.number_of_replicas":1}}`)
	seen, last := map[float64]bool{}, 0.0
	for range 80 {
		a := w.must("GET /_cluster/health/logs")
		n := a.at("active_shards").(float64)
		if n < last {
			t.Fatalf("%v shards after %v", n, last)
		}
		last, seen[n] = n, true
		w.clock.pass(200 * time.Millisecond)
	}
	if last != 6 || len(seen) < 5 {
		t.Errorf("active shards seen: %v", seen)
	}
	w.must("PUT /logs/_settings", `{"number_of_replicas":2}`)
	w.play([]step{{"GET /_cat/recovery/logs?format=json&active_only=true&h=type,stage&s=stage", "", 0, `[{"type":"peer","stage":"index"},{"type":"peer"},{"type":"peer"},{"type":"peer"},{"type":"peer"},{"type":"peer"}]`}})
	w.clock.pass(time.Second)
	a := w.must("GET /logs/_recovery?active_only=true")
	a.is("PEER", "logs", "shards", 0, "type")
	a.is("INDEX", "logs", "shards", 0, "stage")
	w.play([]step{{"GET /_cluster/health/logs?wait_for_status=green", "", 0, `{"status":"green","timed_out":false,"active_shards":9}`}})
	w.must("GET /logs/_recovery").has(`{"logs":{"shards":[{},{},{},{},{},{},{},{},{}]}}`)
}

func TestHealthWaits(t *testing.T) {
	w := snapped(t, "3.4.0", slow)
	w.must("DELETE /logs,orders")
	w.must("POST /_snapshot/r/s1/_restore", `{"indices":"orders"}`)
	began := w.clock.at
	w.play([]step{
		{"GET /_cluster/health/orders?wait_for_status=green&timeout=2s", "", 408, `{"status":"yellow","timed_out":true}`},
		{"GET /_cluster/health/orders?wait_for_status=yellow", "", 0, `{"status":"yellow","timed_out":false,"initializing_shards":1}`},
		{"GET /_cluster/health/orders?wait_for_no_initializing_shards=true", "", 0, `{"status":"green","timed_out":false}`},
	})
	if waited := w.clock.at.Sub(began); waited != 10*time.Second {
		t.Errorf("the calls waited %s", waited)
	}
	w.play([]step{
		{"GET /_cluster/health/nobody?timeout=1s", "", 408, `{"status":"red","timed_out":true,"active_shards":0}`},
		{"GET /_cluster/health?wait_for_status=green&level=indices", "", 0, `{"indices":{"orders":{"status":"green","number_of_shards":1}}}`},
	})
	// Without a way to wait the answer is of now.
	w = start(t, "3.4.0", unattended)
	w.must("PUT /a")
	w.play([]step{{"GET /_cluster/health?wait_for_status=green", "", 408, `{"timed_out":true}`}})
}

// Filters of another cluster's nodes keep an index from being allocated, until
// they are taken away.
func TestAllocationFilters(t *testing.T) {
	w := start(t, "2.19.4", three)
	nodes := w.must("GET /_cat/nodes?format=json&h=name")
	name := nodes.at(1, "name").(string)
	for i, tc := range []struct{ filter, state, explanation string }{
		{`"require.box_type":"hot"`, "UNASSIGNED", `node does not match index setting [index.routing.allocation.require] filters [box_type:"hot"]`},
		{`"include._name":"nobody"`, "UNASSIGNED", `node does not match index setting [index.routing.allocation.include] filters [_name:"nobody"]`},
		{`"exclude._name":"*"`, "UNASSIGNED", `node matches index setting [index.routing.allocation.exclude] filters [_name:"*"]`},
		{`"require._ip":"x.x.x.x"`, "STARTED", ""},
		{`"include._tier_preference":"data_hot"`, "STARTED", ""},
		{`"require._name":"` + name + `"`, "STARTED", ""},
	} {
		index := fmt.Sprint("i", i)
		w.must("PUT /"+index, `{"settings":{"number_of_replicas":0,"index.routing.allocation":{`+tc.filter+`}}}`)
		w.play([]step{{"GET /_cat/shards/" + index + "?format=json&h=state", "", 0, `[{"state":"` + tc.state + `"}]`}})
		if tc.state == "STARTED" {
			continue
		}
		a := w.must("GET /_cluster/allocation/explain", `{"index":"`+index+`","shard":0,"primary":true}`)
		a.is(tc.explanation, "node_allocation_decisions", 0, "deciders", 0, "explanation")
		w.play([]step{
			{"GET /_cluster/health/" + index, "", 0, `{"status":"red"}`},
			{"PUT /" + index + "/_settings", `{"index.routing.allocation.require.box_type":null,"index.routing.allocation.include._name":null,"index.routing.allocation.exclude._name":null}`, 0, ``},
			{"GET /_cluster/health/" + index, "", 0, `{"status":"green"}`},
		})
	}
	w.must("GET /_cat/shards/i5?format=json&h=node").is(name, 0, "node")
}

// A restore that finds no node begins when it may.
func TestRestoreWithoutNode(t *testing.T) {
	w := snapped(t, "2.19.4", slow)
	w.must("DELETE /orders")
	w.must("POST /_snapshot/r/s1/_restore", `{"indices":"orders","index_settings":{"index.routing.allocation.require.box":"hot"}}`)
	w.clock.pass(time.Hour)
	w.play([]step{
		{"GET /_cluster/health/orders", "", 0, `{"status":"yellow","unassigned_shards":1}`},
		{"GET /_recovery", "", 0, `{"orders":null}`},
		{"GET /_cluster/allocation/explain", "", 0, `{"unassigned_info":{"reason":"NEW_INDEX_RESTORED","details":"restore_source[r/s1]"},"node_allocation_decisions":[{"deciders":[{"decider":"filter"}]}]}`},
		{"DELETE /_snapshot/r/s1", "", 503, ``},
		{"PUT /orders/_settings", `{"index.routing.allocation.require.box":null}`, 0, ``},
		{"GET /orders/_recovery", "", 0, `{"orders":{"shards":[{"stage":"INDEX"}]}}`},
	})
	w.clock.pass(11 * time.Second)
	w.play([]step{{"GET /orders/_count", "", 0, `{"count":50}`}, {"GET /_cluster/health/orders", "", 0, `{"status":"green"}`}})
}

func TestShardLimit(t *testing.T) {
	w := start(t, "2.19.4", three)
	w.must("PUT /_cluster/settings", `{"persistent":{"cluster.max_shards_per_node":"2"}}`)
	w.play([]step{
		{"PUT /a", `{"settings":{"number_of_shards":2,"number_of_replicas":1}}`, 0, ``},
		{"PUT /b", `{"settings":{"number_of_shards":2,"number_of_replicas":1}}`, 400, `{"error":{"type":"validation_exception","reason":"Validation Failed: 1: this action would add [4] total shards, but this cluster currently has [4]/[6] maximum shards open;"}}`},
		{"POST /a/_close", "", 0, ``},
		{"PUT /b", `{"settings":{"number_of_shards":2,"number_of_replicas":1}}`, 0, ``},
		{"PUT /_cluster/settings", `{"transient":{"cluster.max_shards_per_node":1}}`, 0, ``},
		{"PUT /c", "", 400, `{"error":{"reason":"~\\[4\\]/\\[3\\] maximum shards open"}}`},
	})
}
