package cluster_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
)

const catPath = "GET /_cat/indices?bytes=b&expand_wildcards=all&format=json&h=health%2Cstatus%2Cindex%2Cuuid%2Cpri%2Crep%2Cdocs.count%2Cdocs.deleted%2Cstore.size%2Cpri.store.size%2Ccreation.date&s=index"

func TestIndices(t *testing.T) {
	calls := map[string]string{
		catPath: "monitoring-cat-indices-columns",
		"GET /_settings/index.version.created,index.hidden": "indices-settings-human",
	}
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			answers := map[string]answer{"GET /_data_stream": ok(`{"data_streams":[{"name":"s","indices":[{"index_name":"people"}],"generation":1,"template":"t"}]}`)}
			for call, name := range calls {
				answers[call] = golden(t, version, name)
			}
			c, _ := serve(t, version, answers)
			got, err := c.Indices(ctx)
			same(t, []cluster.Index{
				{Name: "lonely", UUID: "<uuid>", Health: "yellow", Open: true, Primaries: 2, Replicas: 1},
				{Name: "people", UUID: "<uuid>", Health: "green", Open: true, Primaries: 1, Docs: 1, CreatedVersion: engine(version), DataStream: "s"},
			}, got, err)
		})
	}
}

func TestIndicesOfEveryKind(t *testing.T) {
	rows := `[{"health":"green","status":"open","index":".ds-web-000002","uuid":"u1","pri":"1","rep":"1","docs.count":"4","docs.deleted":"1","store.size":"20","pri.store.size":"10","creation.date":"1763798400000"},
	 {"health":null,"status":"close","index":"old","uuid":"u2","pri":"5","rep":"0","docs.count":null,"docs.deleted":null,"store.size":null,"pri.store.size":null,"creation.date":"1763798400000"}]`
	settings := `{".ds-web-000002":{"settings":{"index.version.created":"136407827","index.hidden":"true"}},"old":{"settings":{"index.version.created":"6082399"}}}`
	c, d := serve(t, "2.19.4", map[string]answer{
		catPath: ok(rows), "GET /_settings/index.version.created,index.hidden": ok(settings),
		"GET /_data_stream": {403, json.RawMessage(`{"error":{"type":"security_exception","reason":"no permissions for [indices:admin/data_stream/get]"},"status":403}`)},
	})
	got, err := c.Indices(ctx)
	if err != nil || len(got) != 2 {
		t.Fatalf("%v %v", got, err)
	}
	stream, old := got[0], got[1]
	if !stream.Hidden || stream.DataStream != "web" || stream.DeletedDocs != 1 || stream.Bytes != 20 || stream.PrimaryBytes != 10 || stream.Created.Year() != 2025 || stream.CreatedVersion.String() != "OpenSearch 2.19.0" {
		t.Errorf("%+v (%s)", stream, stream.CreatedVersion)
	}
	if old.Open || old.Health != "" || old.Primaries != 5 || old.CreatedVersion.String() != "Elasticsearch 6.8.23" {
		t.Errorf("%+v", old)
	}
	d.answers["GET /_data_stream"] = answer{400, json.RawMessage(`{"error":{"type":"invalid_index_name_exception","reason":"must not start with '_'"},"status":400}`)}
	if got, err = c.Indices(ctx); err != nil || got[0].DataStream != "" {
		t.Errorf("an engine without data streams: %+v %v", got, err)
	}
}

func TestSettingsMappingsAliases(t *testing.T) {
	calls := map[string]string{
		"GET /people/_settings": "indices-settings", "GET /people/_mapping": "indices-mapping", "GET /_alias": "indices-aliases", "GET /people/_alias": "indices-aliases-of-index",
		"PUT /people/_settings": "indices-settings-put", "PUT /shards/_settings": "indices-settings-put-shards",
		"DELETE /people": "indices-delete", "DELETE /none": "indices-delete-missing", "POST /people/_refresh": "documents-refresh",
	}
	each(t, calls, func(t *testing.T, version string, c *cluster.Cluster) {
		settings, err := c.IndexSettings(ctx, []string{"people"})
		if s := settings["people"]; err != nil || s["index.number_of_replicas"] != "0" || s["index.number_of_shards"] != "1" || s["index.version.created"] == "" {
			t.Errorf("%v %v", settings, err)
		}
		if m, err := mappings(ctx, c, "people"); err != nil || !json.Valid(m["people"]) || len(m["people"]) < 10 {
			t.Errorf("%s %v", m["people"], err)
		}
		all, err := c.Aliases(ctx, nil)
		if err != nil || string(all["people"]["everybody"]) != "{}" || len(all["plain"]) != 0 {
			t.Errorf("%s %v", all, err)
		}
		if one, err := c.Aliases(ctx, []string{"people"}); err != nil || len(one["people"]) == 0 {
			t.Errorf("%s %v", one, err)
		}
		one := "1"
		same(t, nil, nil, c.PutIndexSettings(ctx, []string{"people"}, map[string]*string{"index.number_of_replicas": &one, "index.refresh_interval": nil}))
		if err := c.PutIndexSettings(ctx, []string{"shards"}, nil); !failure.Is(err, failure.Invalid) {
			t.Errorf("a static setting gave %v", err)
		}
		same(t, nil, nil, c.DeleteIndex(ctx, "people"))
		same(t, nil, nil, c.DeleteIndex(ctx, "none"))
		same(t, nil, nil, c.Refresh(ctx, []string{"people"}))
	})
}

func TestStats(t *testing.T) {
	each(t, map[string]string{"GET /people/_stats/docs,store": "monitoring-stats-seq-no"}, func(t *testing.T, _ string, c *cluster.Cluster) {
		got, err := c.Stats(ctx, []string{"people"})
		same(t, map[string]cluster.IndexStats{"people": {UUID: "<uuid>", Docs: 1, MaxSeqNo: map[int]int64{0: 0}}}, got, err)
	})
	each(t, map[string]string{"GET /people/_stats/docs,store": "monitoring-stats"}, func(t *testing.T, _ string, c *cluster.Cluster) {
		if got, err := c.Stats(ctx, []string{"people"}); err != nil || got["people"].PrimaryBytes == 0 || got["people"].Bytes == 0 {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestHealth(t *testing.T) {
	each(t, map[string]string{"GET /_cluster/health?level=indices": "monitoring-health-indices"}, func(t *testing.T, _ string, c *cluster.Cluster) {
		all, err := c.Health(ctx, nil)
		if err != nil || all.Status != "yellow" || all.Nodes != 1 || all.DataNodes != 1 || all.Active == 0 || all.Unassigned == 0 || all.TimedOut || len(all.Indices) < 2 {
			t.Fatalf("%+v %v", all, err)
		}
		one, err := c.Health(ctx, []string{"people", "not there"})
		want := cluster.IndexHealth{Status: "green", Primaries: 1, ActivePrimaries: 1, Active: 1}
		if d := cmp.Diff(map[string]cluster.IndexHealth{"people": want}, one.Indices); err != nil || d != "" || one.Status != "green" || one.Active != 1 || one.Unassigned != 0 || one.Nodes != 1 {
			t.Errorf("%+v %v %s", one, err, d)
		}
		both, err := c.Health(ctx, []string{"people", "lonely"})
		if err != nil || both.Status != "yellow" || both.Active != all.Indices["people"].Active+all.Indices["lonely"].Active {
			t.Errorf("%+v %v", both, err)
		}
		if none, err := c.Health(ctx, []string{"not there"}); err != nil || none.Status != "" || len(none.Indices) != 0 {
			t.Errorf("%+v %v", none, err)
		}
	})
}

func TestRoom(t *testing.T) {
	calls := map[string]string{
		"GET /_cluster/settings?flat_settings=true&include_defaults=true": "monitoring-cluster-settings-defaults", "GET /_nodes/stats/fs,jvm": "monitoring-nodes-stats-fs",
	}
	each(t, calls, func(t *testing.T, _ string, c *cluster.Cluster) {
		settings, err := c.ClusterSettings(ctx)
		if err != nil || settings["cluster.max_shards_per_node"] != "1000" || settings["cluster.routing.allocation.awareness.attributes"] != "" {
			t.Errorf("%v %v", settings, err)
		}
		nodes, err := c.Nodes(ctx)
		same(t, []cluster.Node{{ID: "<uuid>", Name: "<string>", Data: true, DiskTotal: seven, DiskAvailable: seven}}, nodes, err)
	})
	c, _ := serve(t, "3.4.0", map[string]answer{
		"GET /_cluster/settings":   ok(`{"defaults":{"a":"1","b":"1","c":["x","y"],"d":1},"persistent":{"b":"2"},"transient":{"a":"3"}}`),
		"GET /_nodes/stats/fs,jvm": ok(`{"nodes":{"n2":{"name":"b","roles":["cluster_manager"],"jvm":{"mem":{"heap_max_in_bytes":9,"heap_used_percent":5}}},"n1":{"name":"a","roles":["data"]}}}`),
	})
	settings, err := c.ClusterSettings(ctx)
	same(t, map[string]string{"a": "3", "b": "2", "c": "x,y", "d": "1"}, settings, err)
	nodes, err := c.Nodes(ctx)
	same(t, []cluster.Node{{ID: "n1", Name: "a", Data: true}, {ID: "n2", Name: "b", HeapMax: 9, HeapUsedPercent: 5}}, nodes, err)
}

func TestExplain(t *testing.T) {
	for name, want := range map[string]*cluster.Explanation{
		"restore-explain-started": {State: "started"},
		"restore-explain-replica": {State: "unassigned", Allocate: "no", Unassigned: "NEW_INDEX_RESTORED", Details: "restore_source[r/s1]", Why: "cannot allocate because allocation is not permitted to any of the nodes"},
		"restore-explain-missing": nil,
	} {
		each(t, map[string]string{"GET /_cluster/allocation/explain": name}, func(t *testing.T, _ string, c *cluster.Cluster) {
			got, err := c.Explain(ctx, "logs-a", 0, true)
			same(t, want, got, err)
		})
	}
	c, d := serve(t, "3.4.0", map[string]answer{"GET /_cluster/allocation/explain": ok(`{"current_state":"unassigned","unassigned_info":{"reason":"ALLOCATION_FAILED","failed_allocation_attempts":5,"details":"failed shard"},
	 "node_allocation_decisions":[{"deciders":[{"decision":"NO","explanation":"too often"},{"decision":"YES","explanation":"fine"}]},{"deciders":[{"decision":"NO","explanation":"too often"}]}]}`)})
	got, err := c.Explain(ctx, "a", 2, false)
	same(t, &cluster.Explanation{State: "unassigned", Unassigned: "ALLOCATION_FAILED", Attempts: 5, Details: "failed shard", Deciders: []string{"too often"}}, got, err)
	if _, body := d.last(); body != `{"index":"a","primary":false,"shard":2}` {
		t.Errorf("asked %s", body)
	}
}
