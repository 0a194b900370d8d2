package cluster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/sandbox"
)

func TestWholeRoad(t *testing.T) {
	r := open(t)
	r.move(r.domain("source"), r.domain("next"), r.prepare())
}

// move moves one index from one cluster to another, under a new name, and looks
// at it from every side this package has.
func (r *road) move(from, to *cluster.Cluster, repo cluster.Repository) {
	t := r.t
	r.must(from.PutRepository(ctx, repo))
	if got, err := from.Repository(ctx, "mig"); err != nil || cmp.Diff(&repo, got) != "" {
		t.Errorf("registered as %+v %v", got, err)
	}
	if nodes, err := from.VerifyRepository(ctx, "mig"); err != nil || len(nodes) == 0 {
		t.Errorf("%v %v", nodes, err)
	}
	ix := r.user(from)
	before, err := from.Stats(ctx, []string{ix.Name})
	r.must(err)
	r.must(from.CreateSnapshot(ctx, "mig", "s-1", cluster.SnapshotSpec{Indices: []string{ix.Name}, Metadata: map[string]string{"snapferry": "run-1"}}))
	r.taken(from, ix)
	repo.Settings["readonly"] = "true"
	r.must(to.PutRepository(ctx, repo))
	r.must(to.Restore(ctx, "mig", "s-1", cluster.RestoreSpec{Indices: []string{ix.Name}, RenamePattern: "(.+)", RenameReplacement: "moved-$1", WithoutAliases: true}))
	moved := "moved-" + ix.Name
	r.until(func() bool {
		h, err := to.Health(ctx, []string{moved})
		r.must(err)
		return h.ActivePrimaries == ix.Primaries
	})
	r.arrived(to, ix, moved, before[ix.Name])
	want, got := read(t, from, cluster.Walk{Index: ix.Name, Shards: ix.Primaries, Batch: 7}), read(t, to, cluster.Walk{Index: moved, MaxSeqNo: before[ix.Name].MaxSeqNo})
	if d := cmp.Diff(want, got); d != "" || int64(len(want)) != ix.Docs {
		t.Errorf("%d documents of %d: %s", len(want), ix.Docs, d)
	}
	last := want[len(want)-1]
	some, err := to.DocumentsByID(ctx, moved, []cluster.DocumentID{{ID: last.ID, Routing: last.Routing}, {ID: "never"}})
	if err != nil || len(some) != 1 || string(some[0].Source) != string(last.Source) || some[0].SeqNo != last.SeqNo {
		t.Errorf("%+v %v, want %+v", some, err, last)
	}
	r.must(to.DeleteIndex(ctx, moved))
	r.nowhere(to, ix)
	r.must(to.DeleteRepository(ctx, "mig"))
	repo.Settings["readonly"] = "false"
	r.must(from.PutRepository(ctx, repo))
	r.must(from.DeleteSnapshot(ctx, "mig", "s-1"))
	if s, err := from.Snapshot(ctx, "mig", "s-1"); s != nil || err != nil {
		t.Errorf("after: %+v %v", s, err)
	}
}

// taken waits for the snapshot and checks it.
func (r *road) taken(c *cluster.Cluster, ix cluster.Index) {
	t := r.t
	t.Helper()
	var s *cluster.Snapshot
	r.until(func() bool {
		var err error
		s, err = c.Snapshot(ctx, "mig", "s-1")
		r.must(err)
		return s != nil && s.State != cluster.InProgress
	})
	info, err := c.Info(ctx)
	r.must(err)
	if s.State != cluster.Success || s.Metadata["snapferry"] != "run-1" || s.ShardsDone != ix.Primaries || !slices.Equal(s.Indices, []string{ix.Name}) || s.Version != info.Version || s.UUID == "" {
		t.Fatalf("%+v", s)
	}
	status, err := c.SnapshotStatus(ctx, "mig", "s-1")
	if err != nil || status == nil || status.Shards.Done != ix.Primaries || status.Total.Bytes == 0 || status.Processed != status.Incremental {
		t.Errorf("%+v %v", status, err)
	}
	if running, err := c.RunningSnapshots(ctx); err != nil || len(running) != 0 {
		t.Errorf("%+v %v", running, err)
	}
}

// arrived checks health, recovery, settings, mapping and figures of a restored index.
func (r *road) arrived(c *cluster.Cluster, ix cluster.Index, name string, was cluster.IndexStats) {
	t := r.t
	t.Helper()
	shards, err := c.Recovery(ctx, []string{name, "not-there"})
	r.must(err)
	primaries := 0
	for _, s := range shards {
		if s.Type == "SNAPSHOT" {
			primaries++
			if s.Stage != "DONE" || s.Repository != "mig" || s.Snapshot != "s-1" || s.Total.Bytes == 0 || s.Recovered != s.Total || !s.Primary {
				t.Errorf("%+v", s)
			}
		}
	}
	if primaries != ix.Primaries {
		t.Errorf("%d of %d shards came: %+v", primaries, ix.Primaries, shards)
	}
	health, err := c.Health(ctx, []string{name})
	if err != nil || health.Status == "red" || health.Status == "" || health.ActivePrimaries != ix.Primaries {
		t.Errorf("%+v %v", health, err)
	}
	stats, err := c.Stats(ctx, []string{name})
	r.must(err)
	if d := cmp.Diff(was.MaxSeqNo, stats[name].MaxSeqNo); d != "" || stats[name].Docs != was.Docs || stats[name].UUID == was.UUID {
		t.Errorf("%+v, was %+v: %s", stats[name], was, d)
	}
	if n, err := c.Count(ctx, name); err != nil || n != ix.Docs {
		t.Errorf("%d of %d documents, %v", n, ix.Docs, err)
	}
	if n, err := c.Counts(ctx, []string{name}); err != nil || n[name] != ix.Docs {
		t.Errorf("%v of %d documents, %v", n, ix.Docs, err)
	}
	if m, err := mappings(ctx, c, name); err != nil || len(m[name]) < 3 {
		t.Errorf("%s %v", m[name], err)
	}
	zero := "0"
	r.must(c.PutIndexSettings(ctx, []string{name}, map[string]*string{"index.number_of_replicas": &zero, "index.refresh_interval": nil}))
	r.must(c.Refresh(ctx, []string{name}))
	settings, err := c.IndexSettings(ctx, []string{name})
	if err != nil || settings[name]["index.number_of_replicas"] != "0" || settings[name]["index.number_of_shards"] != fmt.Sprint(ix.Primaries) {
		t.Errorf("%v %v", settings[name], err)
	}
	if e, err := c.Explain(ctx, name, 0, true); err != nil || e == nil || e.State != "started" {
		t.Errorf("%+v %v", e, err)
	}
}

func TestWholeDomain(t *testing.T) {
	r := open(t)
	c := r.domain("source")
	info, err := c.Info(ctx)
	if err != nil || info.Version.String() != "OpenSearch 2.19.4" {
		t.Errorf("%+v %v", info, err)
	}
	r.whole(c, true)
}

// nowhere restores an index that finds no node, and reads what the engine notes.
func (r *road) nowhere(c *cluster.Cluster, ix cluster.Index) {
	r.must(c.Restore(ctx, "mig", "s-1", cluster.RestoreSpec{
		Indices: []string{ix.Name}, RenamePattern: "(.+)", RenameReplacement: "nowhere-$1", WithoutAliases: true,
		IndexSettings: map[string]string{"index.routing.allocation.require._name": "nobody"},
	}))
	name := "nowhere-" + ix.Name
	r.until(func() bool {
		lost, err := c.Unassigned(ctx, []string{name})
		r.must(err)
		n := lost[name]
		return n.Details == "restore_source[mig/s-1]" && !n.At.IsZero()
	})
	r.must(c.DeleteIndex(ctx, name))
}

// templated looks for the template of the stream, if there is one.
func (r *road) templated(c *cluster.Cluster, streaming bool) {
	t := r.t
	t.Helper()
	templates, err := c.IndexTemplates(ctx)
	r.must(err)
	if i := slices.IndexFunc(templates, func(x cluster.IndexTemplate) bool { return x.Name == "web" }); (i >= 0 && templates[i].DataStream) != streaming {
		t.Errorf("templates %+v", templates)
	}
	if lost, err := c.Unassigned(ctx, []string{"secret"}); err != nil || len(lost) != 0 {
		t.Errorf("unassigned %v %v", lost, err)
	}
}

// nodes must tell their disks and heaps.
func (r *road) nodes(c *cluster.Cluster) {
	r.t.Helper()
	nodes, err := c.Nodes(ctx)
	r.must(err)
	if len(nodes) == 0 {
		r.t.Error("no nodes")
	}
	for _, n := range nodes {
		if n.Name == "" || !n.Data || n.DiskTotal == 0 || n.DiskAvailable == 0 || n.HeapMax == 0 {
			r.t.Errorf("%+v", n)
		}
	}
}

// whole asks for everything that is read of a domain. Data streams are not in
// the open Elasticsearch.
func (r *road) whole(c *cluster.Cluster, streaming bool) {
	t := r.t
	t.Helper()
	r.user(c)
	if streaming {
		r.do(c, "PUT", "/_index_template/web", `{"index_patterns":["web"],"data_stream":{}}`)
		r.do(c, "PUT", "/_data_stream/web", "")
	}
	r.do(c, "PUT", "/secret", `{"settings":{"index":{"hidden":true}}}`)
	r.do(c, "PUT", "/closed", "")
	r.do(c, "POST", "/closed/_close", "")
	list, err := c.Indices(ctx)
	r.must(err)
	streams, err := c.DataStreams(ctx)
	if err != nil || (len(streams) > 0) != streaming {
		t.Fatalf("%v %v", streams, err)
	}
	backing := map[string]string{}
	for _, s := range streams {
		for _, i := range s.Indices {
			backing[i] = s.Name
		}
	}
	kinds := map[string]bool{}
	for _, i := range list {
		kinds["closed"] = kinds["closed"] || !i.Open
		kinds["hidden"] = kinds["hidden"] || i.Hidden
		kinds["backing"] = kinds["backing"] || i.DataStream == "web"
		if i.UUID == "" || i.Primaries == 0 || i.CreatedVersion.IsZero() || i.Created.IsZero() || i.DataStream != backing[i.Name] || (i.Open && i.Health == "") {
			t.Errorf("%+v", i)
		}
	}
	if !kinds["closed"] || !kinds["hidden"] || kinds["backing"] != streaming {
		t.Errorf("not every kind of index is seen: %v", kinds)
	}
	r.templated(c, streaming)
	settings, err := c.ClusterSettings(ctx)
	if err != nil || settings["cluster.max_shards_per_node"] == "" {
		t.Errorf("%v %v", settings["cluster.max_shards_per_node"], err)
	}
	r.nodes(c)
	if aliases, err := c.Aliases(ctx, nil); err != nil || len(aliases) == 0 {
		t.Errorf("%v %v", aliases, err)
	}
}

// TestTemporaryKeys signs with a session token, which the front demands.
func TestTemporaryKeys(t *testing.T) {
	r := open(t)
	c := cluster.New(cluster.Options{Endpoint: r.domain("source").Host(), Region: sandbox.Region, Auth: cluster.Signed(r.assumed()), Network: r.session.Network()})
	if info, err := c.Info(ctx); err != nil || info.ClusterName == "" {
		t.Errorf("%+v %v", info, err)
	}
}

// TestRefusalsAreRead: what the front and the engine refuse is named by its kind.
func TestRefusalsAreRead(t *testing.T) {
	r := open(t)
	c := r.domain("source")
	repo := r.prepare()
	bad := func(change func(*cluster.Repository)) cluster.Repository {
		b := cluster.Repository{Name: repo.Name, Type: repo.Type, Settings: map[string]string{}}
		for k, v := range repo.Settings {
			b.Settings[k] = v
		}
		change(&b)
		return b
	}
	unsigned := cluster.New(cluster.Options{Endpoint: c.Host(), Region: sandbox.Region, Network: r.session.Network()})
	elsewhere := cluster.New(cluster.Options{Endpoint: c.Host(), Region: "us-east-1", Auth: cluster.Signed(r.session), Network: r.session.Network()})
	none := awsid.RepositoryName("none")
	for name, tc := range map[string]struct {
		err  error
		kind failure.Kind
		says string
	}{
		"unsigned":        {ask(unsigned.Info(ctx)), failure.Denied, "User: anonymous is not authorized to perform: es:ESHttpGet"},
		"other region":    {ask(elsewhere.Info(ctx)), failure.Signature, "Credential should be scoped to"},
		"no role_arn":     {c.PutRepository(ctx, bad(func(b *cluster.Repository) { delete(b.Settings, "role_arn") })), failure.Invalid, "settings.role_arn is needed"},
		"no ARN at all":   {c.PutRepository(ctx, bad(func(b *cluster.Repository) { b.Settings["role_arn"] = "snap" })), failure.Denied, "iam:PassRole on resource: snap"},
		"other case":      {c.PutRepository(ctx, bad(func(b *cluster.Repository) { b.Settings["role_arn"] = "arn:aws:iam::111111111111:role/SNAP" })), failure.Denied, "sts:AssumeRole on resource"},
		"no bucket":       {c.PutRepository(ctx, bad(func(b *cluster.Repository) { b.Settings["bucket"] = "acme-never-made" })), failure.Missing, "bucket does not exist"},
		"no repository":   {c.CreateSnapshot(ctx, none, "s", cluster.SnapshotSpec{Indices: []string{"a"}}), failure.Missing, "[none] missing"},
		"name in capital": {snapshot(r, c, repo, "S-1"), failure.Invalid, "must be lowercase"},
	} {
		f := failure.Of(tc.err)
		if f == nil || f.Kind != tc.kind || !strings.Contains(f.Message, tc.says) || f.Transient {
			t.Errorf("%s: %v (%+v)", name, tc.err, f)
		}
	}
}

func ask[T any](_ T, err error) error { return err }

func snapshot(r *road, c *cluster.Cluster, repo cluster.Repository, name awsid.SnapshotName) error {
	r.must(c.PutRepository(ctx, repo))
	return c.CreateSnapshot(ctx, repo.Name, name, cluster.SnapshotSpec{Indices: []string{r.user(c).Name}})
}
