package preflight_test

import (
	"fmt"
	"strings"
	"testing"

	"snapferry/steps"
	"snapferry/steps/spec"
)

func replicas(n int) func(*spec.Spec) {
	return func(s *spec.Spec) { s.Move.Replicas = &n }
}

func TestShardRoom(t *testing.T) {
	w := newWorld(t)
	const check = "shard-room"
	b := w.endpoint("target")
	limit := func(n int) between {
		return says(b, "/_cluster/settings", 200, fmt.Sprintf(`{"persistent":{"cluster.max_shards_per_node":"%d"},"transient":{},"defaults":{}}`, n))
	}
	is := func(number, distribution string) between { return says(b, root, 200, engine(number, distribution)) }
	// full is a domain of three nodes with 40 shards, some of which have not come up.
	full := says(b, "/_cluster/health", 200, `{"status":"yellow","number_of_nodes":3,"number_of_data_nodes":3,"active_primary_shards":20,"active_shards":30,
		"relocating_shards":0,"initializing_shards":6,"unassigned_shards":4,"indices":{}}`)
	w.run([]row{
		{name: "room", check: check, want: steps.Pass, evidence: "44 to come"},
		{name: "none", check: check, between: limit(1), want: steps.Block, cause: "too many", fix: "move.replicas", evidence: "3 allowed (1 on each of 3 nodes)"},
		{name: "just enough", check: check, between: all(full, limit(28)), want: steps.Pass, evidence: "40 shards now, 44 to come, 84 allowed"},
		{name: "one too few", check: check, between: all(full, limit(27)), want: steps.Block, evidence: "81 allowed"},
		{name: "without replicas", check: check, spec: replicas(0), between: all(full, limit(27)), want: steps.Pass, evidence: "22 to come"},
		{name: "with more", check: check, spec: replicas(2), between: all(full, limit(28)), want: steps.Block, evidence: "66 to come"},
		{name: "no limit", check: check, between: all(full, limit(1), is("6.8.0", "")), want: steps.Pass, evidence: "40 shards now, 44 to come; Elasticsearch 6.8.0 refuses no restore for their number"},
		{name: "the first with a limit", check: check, between: all(full, limit(1), is("7.1.0", "")), want: steps.Block, evidence: "3 allowed (1 on each of 3 nodes)"},
		{name: "OpenSearch 1", check: check, between: all(full, limit(1), is("1.3.20", "opensearch")), want: steps.Block, evidence: "3 allowed"},
		{name: "no limit, and settings denied", check: check, between: all(says(b, "/_cluster/settings", 403, deniedFront), is("5.6.0", "")), want: steps.Pass, evidence: "refuses no restore"},
		{name: "version denied", check: check, between: says(b, root, 403, deniedFront), want: steps.Unknown, fix: "es:ESHttpGet", evidence: "GET https://" + b},
		{name: "health denied", check: check, between: says(b, "/_cluster/health", 403, deniedFront), want: steps.Unknown, fix: "cluster:monitor/health", evidence: "/_cluster/health"},
		{name: "settings denied", check: check, between: says(b, "/_cluster/settings", 403, deniedFront), want: steps.Unknown, fix: "cluster:monitor/state", evidence: "/_cluster/settings"},
		{name: "source denied", check: check, between: says(w.endpoint("source"), "/_cat/indices", 403, deniedFront), want: steps.Unknown},
		{name: "no target", check: check, spec: func(s *spec.Spec) { s.Target.Domain = "nothing" }, want: steps.Skipped, because: "target-domain-found"},
	})
	w.call(steps.Target, "PUT", "/_cluster/settings", `{"persistent":{"cluster.max_shards_per_node":"2"}}`)
	w.run([]row{{name: "really set", check: check, want: steps.Block, evidence: "6 allowed (2 on each of 3 nodes)"}})
}

func TestReplicasFit(t *testing.T) {
	w := newWorld(t)
	const check = "replicas-fit"
	standby := edits("es.", "/2021-01-01/opensearch/domain/", `"MultiAZWithStandbyEnabled":false`, `"MultiAZWithStandbyEnabled":true`)
	w.run([]row{
		{name: "not answered", check: check, want: steps.Pass, evidence: "fitted to 3 data nodes and copies in multiples of 1"},
		{name: "as many as fit", check: check, spec: replicas(2), want: steps.Pass, evidence: "2 replicas on 3 data nodes"},
		{name: "one too many", check: check, spec: replicas(3), want: steps.Block, cause: "3 replicas need 4 data nodes", fix: "Answer 2"},
		{name: "standby, not answered", check: check, between: standby, want: steps.Pass, evidence: "multiples of 3"},
		{name: "standby, two copies", check: check, spec: replicas(1), between: standby, want: steps.Block, cause: "1 replicas make 2 copies", fix: "Answer 2"},
		{name: "standby, three copies", check: check, spec: replicas(2), between: standby, want: steps.Pass},
		{name: "denied", check: check, between: says(w.endpoint("target"), "/_cluster/health", 403, deniedFront), want: steps.Unknown, fix: "cluster:monitor/health"},
		{name: "no target", check: check, spec: func(s *spec.Spec) { s.Target.Domain = "nothing" }, want: steps.Skipped, because: "target-domain-found"},
	})
}

// nodes is an answer of nodes with total and available bytes; "m" holds no data.
func nodes(list ...[2]int64) string {
	var parts []string
	for i, n := range list {
		parts = append(parts, fmt.Sprintf(`"n%d":{"name":"n%d","roles":["data"],"fs":{"total":{"total_in_bytes":%d,"available_in_bytes":%d}}}`, i, i, n[0], n[1]))
	}
	parts = append(parts, `"m":{"name":"m","roles":["cluster_manager"],"fs":{"total":{"total_in_bytes":99999999999999,"available_in_bytes":99999999999999}}}`)
	return `{"nodes":{` + strings.Join(parts, ",") + `}}`
}

func TestDiskRoom(t *testing.T) {
	w := newWorld(t)
	const check = "disk-room"
	const gib = 1 << 30
	a, b := w.endpoint("source"), w.endpoint("target")
	w.call(steps.Source, "PUT", "/shop-1", `{"settings":{"number_of_shards":1,"number_of_replicas":1}}`)
	shop := patterns("shop-1")
	shopWith := func(n int) func(*spec.Spec) {
		return func(s *spec.Spec) { shop(s); replicas(n)(s) }
	}
	// Of each node of 100 GiB 20 must stay free, of one of 50 GiB 10.
	big := says(a, "/_cat/indices", 200, fmt.Sprintf(`[{"index":"shop-1","uuid":"u","status":"open","health":"green","pri":"1","rep":"1","docs.count":"1","pri.store.size":"%d","store.size":"%d"}]`, 10*gib, 20*gib))
	with := func(list ...[2]int64) between { return all(big, says(b, "/_nodes/stats", 200, nodes(list...))) }
	w.run([]row{
		{name: "room", check: check, want: steps.Pass, evidence: "bytes free on 3 nodes"},
		{name: "just enough", check: check, spec: shop, between: with([2]int64{100 * gib, 30 * gib}, [2]int64{100 * gib, 30 * gib}), want: steps.Pass, evidence: fmt.Sprintf("%d of them must stay free, %d bytes come", 40*gib, 20*gib)},
		{name: "a byte too few", check: check, spec: shop, between: with([2]int64{100 * gib, 30 * gib}, [2]int64{100 * gib, 30*gib - 1}), want: steps.Block, cause: "would not fit", fix: "Larger volumes", evidence: "on 2 nodes"},
		{name: "a fifth of small ones", check: check, spec: shop, between: with([2]int64{50 * gib, 20 * gib}, [2]int64{50 * gib, 20 * gib}), want: steps.Pass, evidence: fmt.Sprintf("%d of them must", 20*gib)},
		{name: "fewer replicas", check: check, spec: shopWith(0), between: with([2]int64{100 * gib, 30 * gib}), want: steps.Pass, evidence: fmt.Sprintf("%d bytes come", 10*gib)},
		{name: "more replicas", check: check, spec: shopWith(2), between: with([2]int64{100 * gib, 30 * gib}, [2]int64{100 * gib, 30 * gib}), want: steps.Block},
		{name: "no data node", check: check, between: with(), want: steps.Unknown, cause: "no data node"},
		{name: "target denied", check: check, between: says(b, "/_nodes/stats", 403, deniedFront), want: steps.Unknown, fix: "cluster:monitor/nodes/stats", evidence: "/_nodes/stats"},
		{name: "source denied", check: check, between: says(a, "/_cat/indices", 403, deniedFront), want: steps.Unknown},
		{name: "no target", check: check, spec: func(s *spec.Spec) { s.Target.Domain = "nothing" }, want: steps.Skipped, because: "target-domain-found"},
	})
}
