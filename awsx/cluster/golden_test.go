package cluster_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
)

// Masked numbers in recorded bodies read as seven (golden).
const seven = 7

var seventh = seven * time.Millisecond

// each runs a test against what every recorded version answered.
func each(t *testing.T, calls map[string]string, check func(t *testing.T, version string, c *cluster.Cluster)) {
	t.Helper()
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			answers := map[string]answer{}
			for call, name := range calls {
				answers[call] = golden(t, version, name)
			}
			c, _ := serve(t, version, answers)
			check(t, version, c)
		})
	}
}

func same(t *testing.T, want, got any, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestInfo(t *testing.T) {
	each(t, map[string]string{"GET /": "identity-root"}, func(t *testing.T, version string, c *cluster.Cluster) {
		got, err := c.Info(ctx)
		if err != nil || got.Version != engine(version) || got.Pretends || got.ClusterUUID == "" || got.ClusterName == "" || got.NodeName == "" {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestRepositories(t *testing.T) {
	calls := map[string]string{
		"GET /_snapshot/r": "repositories-get", "GET /_snapshot": "repositories-get-all", "GET /_snapshot/none": "repositories-get-missing",
		"POST /_snapshot/r/_verify": "repositories-verify", "POST /_snapshot/none/_verify": "repositories-verify-missing",
		"DELETE /_snapshot/r": "repositories-delete", "DELETE /_snapshot/none": "repositories-delete-missing",
		"PUT /_snapshot/r": "repositories-register",
	}
	each(t, calls, func(t *testing.T, _ string, c *cluster.Cluster) {
		r, err := c.Repository(ctx, "r")
		if err != nil || r == nil || r.Type != "s3" || r.Settings["bucket"] == "" || r.Settings["role_arn"] == "" {
			t.Fatalf("%+v %v", r, err)
		}
		none, err := c.Repository(ctx, "none")
		same(t, (*cluster.Repository)(nil), none, err)
		if all, err := c.Repositories(ctx); err != nil || len(all) == 0 || all[0].Name == "" {
			t.Errorf("%+v %v", all, err)
		}
		nodes, err := c.VerifyRepository(ctx, "r")
		same(t, []string{"<string>"}, nodes, err)
		if _, err := c.VerifyRepository(ctx, "none"); !failure.Is(err, failure.Missing) {
			t.Errorf("verifying what is not there gave %v", err)
		}
		same(t, nil, nil, c.DeleteRepository(ctx, "r"))
		same(t, nil, nil, c.DeleteRepository(ctx, "none"))
		same(t, nil, nil, c.PutRepository(ctx, *r))
	})
}

func TestRegistrationThatTheStoreRefuses(t *testing.T) {
	for name, kind := range map[string]failure.Kind{
		"store-refuses-everything": failure.Denied, "store-refuses-bucket-missing": failure.Missing, "store-refuses-no-bucket-named": failure.Invalid,
	} {
		c, _ := serve(t, "3.4.0", map[string]answer{"PUT /_snapshot/r": golden(t, "3.4.0", name)})
		f := failure.Of(c.PutRepository(ctx, cluster.Repository{Name: "r", Type: "s3"}))
		if f == nil || f.Kind != kind || len(f.Chain) < 2 || f.Transient || f.Message != f.Chain[len(f.Chain)-1].Reason {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestSnapshots(t *testing.T) {
	calls := map[string]string{
		"GET /_snapshot/r/s1": "snapshot-done", "GET /_snapshot/r/_all": "snapshot-list", "GET /_snapshot/r/none": "snapshot-refused-get-missing",
		"GET /_snapshot/none/s1": "snapshot-refused-no-repository", "DELETE /_snapshot/r/s1": "snapshot-delete", "DELETE /_snapshot/r/none": "snapshot-delete-missing",
		"PUT /_snapshot/r/s1": "snapshot-create", "PUT /_snapshot/r/taken": "snapshot-refused-taken", "GET /_snapshot/r/slow": "snapshot-running-get",
	}
	each(t, calls, func(t *testing.T, version string, c *cluster.Cluster) {
		got, err := c.Snapshot(ctx, "r", "s1")
		if err != nil || got == nil {
			t.Fatalf("%v %v", got, err)
		}
		want := cluster.Snapshot{
			Name: "s1", UUID: "<uuid>", State: cluster.Success, Version: engine(version), Indices: []string{"logs-a", "logs-b"},
			DataStreams: []string{}, Metadata: map[string]string{"marker": "m-1"}, Start: time.UnixMilli(seven).UTC(), End: time.UnixMilli(seven).UTC(),
			Duration: seventh, ShardsTotal: 3, ShardsDone: 3,
		}
		same(t, want, *got, nil)
		none, err := c.Snapshot(ctx, "r", "none")
		same(t, (*cluster.Snapshot)(nil), none, err)
		if _, err := c.Snapshot(ctx, "none", "s1"); !failure.Is(err, failure.Missing) {
			t.Errorf("a missing repository gave %v", err)
		}
		if list, err := c.Snapshots(ctx, "r"); err != nil || len(list) == 0 {
			t.Errorf("%v %v", list, err)
		}
		if slow, err := c.Snapshot(ctx, "r", "slow"); err != nil || slow == nil || slow.State != cluster.InProgress {
			t.Errorf("%+v %v", slow, err)
		}
		same(t, nil, nil, c.DeleteSnapshot(ctx, "r", "s1"))
		same(t, nil, nil, c.DeleteSnapshot(ctx, "r", "none"))
		spec := cluster.SnapshotSpec{Indices: []string{"logs-a"}}
		same(t, nil, nil, c.CreateSnapshot(ctx, "r", "s1", spec))
		if err := c.CreateSnapshot(ctx, "r", "taken", spec); !failure.Is(err, failure.Exists) {
			t.Errorf("a taken name gave %v", err)
		}
	})
}

func TestProgressOfSnapshots(t *testing.T) {
	calls := map[string]string{
		"GET /_snapshot/r/s1/_status": "snapshot-status", "GET /_snapshot/r/slow/_status": "snapshot-running-status",
		"GET /_snapshot/_status": "snapshot-running-status-all", "GET /_snapshot/r/none/_status": "snapshot-refused-status-missing",
	}
	size := cluster.Size{Files: seven, Bytes: seven}
	each(t, calls, func(t *testing.T, _ string, c *cluster.Cluster) {
		done, err := c.SnapshotStatus(ctx, "r", "s1")
		if err != nil || done == nil {
			t.Fatalf("%v %v", done, err)
		}
		same(t, cluster.ShardCounts{Done: 3, Total: 3}, done.Shards, nil)
		if done.Processed != size || done.Incremental != size || done.Total != size || len(done.Indices) != 2 || done.Indices["logs-b"].Shards.Done != 2 || done.Indices["logs-b"].Processed != size {
			t.Errorf("%+v", done)
		}
		slow, err := c.SnapshotStatus(ctx, "r", "slow")
		if err != nil || slow == nil || slow.State != "STARTED" || slow.Shards.Started != 1 || slow.Processed != size || slow.Repository != "r" || slow.Start.IsZero() || slow.Took != seventh {
			t.Errorf("%+v %v", slow, err)
		}
		running, err := c.RunningSnapshots(ctx)
		if err != nil || len(running) != 1 || running[0].Name != "slow" || running[0].UUID != "<uuid>" {
			t.Errorf("%+v %v", running, err)
		}
		none, err := c.SnapshotStatus(ctx, "r", "none")
		same(t, (*cluster.SnapshotStatus)(nil), none, err)
	})
}

func TestRecovery(t *testing.T) {
	calls := map[string]string{"GET /logs-a/_recovery?ignore_unavailable=true": "restore-recovery", "GET /big/_recovery?ignore_unavailable=true": "restore-running-recovery"}
	each(t, calls, func(t *testing.T, _ string, c *cluster.Cluster) {
		want := cluster.ShardRecovery{
			Index: "logs-a", Primary: true, Type: "SNAPSHOT", Stage: "DONE", Repository: "r", Snapshot: "s1", TargetNode: "<string>",
			Total: cluster.Size{Files: seven, Bytes: seven}, Recovered: cluster.Size{Files: 2 * seven, Bytes: 2 * seven},
			Start: time.UnixMilli(seven).UTC(), Stop: time.UnixMilli(seven).UTC(), Took: seventh,
		}
		got, err := c.Recovery(ctx, []string{"logs-a"})
		same(t, []cluster.ShardRecovery{want}, got, err)
		running, err := c.Recovery(ctx, []string{"big"})
		if err != nil || len(running) != 1 || running[0].Stage != "INDEX" || !running[0].Stop.IsZero() {
			t.Errorf("%+v %v", running, err)
		}
		none, err := c.Recovery(ctx, nil)
		same(t, []cluster.ShardRecovery(nil), none, err)
	})
}

func TestRestore(t *testing.T) {
	calls := map[string]string{
		"POST /_snapshot/r/s1/_restore": "restore-accepted", "POST /_snapshot/r/open/_restore": "restore-refused-open-index",
		"POST /_snapshot/r/none/_restore": "restore-refused-snapshot-missing",
	}
	each(t, calls, func(t *testing.T, _ string, c *cluster.Cluster) {
		spec := cluster.RestoreSpec{Indices: []string{"logs-a"}}
		same(t, nil, nil, c.Restore(ctx, "r", "s1", spec))
		if err := c.Restore(ctx, "r", "open", spec); !failure.Is(err, failure.Exists) {
			t.Errorf("an open index of the same name gave %v", err)
		}
		if err := c.Restore(ctx, "r", awsid.SnapshotName("none"), spec); failure.Of(err).Status < 400 {
			t.Errorf("a missing snapshot gave %v", err)
		}
	})
}

func TestKeepsMetadata(t *testing.T) {
	for name, want := range map[string]bool{
		"Elasticsearch_6.8": false, "Elasticsearch_7.1": false, "Elasticsearch_7.3": true, "Elasticsearch_7.10.2": true, "OpenSearch_1.0": true, "OpenSearch_3.4.0": true,
	} {
		v, err := awsid.ParseEngineVersion(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := (cluster.Snapshot{Version: v}).KeepsMetadata(); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
