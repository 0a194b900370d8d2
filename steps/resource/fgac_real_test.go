//go:build realengine

package resource_test

import (
	"path/filepath"
	"sync"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/network"
	"snapferry/awsx/session"
	"snapferry/rig"
	"snapferry/steps"
	"snapferry/steps/resource"
)

// TestRealMappings is the road of mappings on real nodes, walked by a master who
// has a password.
func TestRealMappings(t *testing.T) {
	for _, version := range []string{"2.19.4", "3.4.0"} {
		t.Run(version, func(t *testing.T) {
			master := &rig.Security{MasterUser: "admin", MasterPassword: "Ferry-over-9-rivers!"}
			root := t.TempDir()
			node, err := rig.Start(t.Context(), rig.Options{Version: version, DataDir: filepath.Join(root, "node"), PathRepo: []string{root}, HeapMB: 512, Security: master})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(node.Close)
			engine, err := awsid.ParseEngineVersion("OpenSearch_" + version)
			if err != nil {
				t.Fatal(err)
			}
			as := func(password string) *cluster.Cluster {
				return cluster.New(cluster.Options{
					Endpoint: node.URL, Network: network.New(network.Options{Isolated: true}), Version: engine,
					Auth: cluster.Basic(master.MasterUser, session.NewSecret(password)),
				})
			}
			c := as(master.MasterPassword)
			b := withMapper(t, c)
			realIdentities(b, c, as("wrong"))
			roadOfMappings(b)
			printedLines(b, c, engine)
			realRush(b)
			realReserved(b)
		})
	}
}

func realIdentities(b *bench, c, wrong *cluster.Cluster) {
	b.t.Helper()
	who, err := c.AuthInfo(b.ctx)
	b.must(err)
	may, err := c.PermissionsInfo(b.ctx)
	b.must(err)
	if who == nil || who.User != "admin" || len(who.Roles) != 2 || !may.May("PUT", "ROLESMAPPING") || !may.May("PUT", "ROLES") || may.User != "admin" {
		b.t.Errorf("%+v %+v", who, may)
	}
	if _, err := wrong.PermissionsInfo(b.ctx); !failure.Is(err, failure.Credentials) {
		b.t.Errorf("a wrong password: %v", err)
	}
}

// realRush writes many mappings at the same moment: the domain refuses all but
// one, in a way that passes.
func realRush(b *bench) {
	b.t.Helper()
	roles := []string{"manage_snapshots", "readall", "readall_and_monitor", "kibana_user", "kibana_read_only", "own_index", "logstash"}
	want := resource.RoleMapping{Users: []string{signerARN}}.Doc()
	var wg sync.WaitGroup
	for _, role := range roles {
		ref := mappingRef(role)
		wg.Go(func() {
			for {
				err := b.kind(ref.Kind).Write(b.ctx, ref, steps.Absent, want)
				if err == nil {
					return
				}
				if f := failure.Of(err); f.Kind != failure.Conflict || !f.Transient {
					b.t.Errorf("%s: %v", ref, err)
					return
				}
			}
		})
	}
	wg.Wait()
	for _, role := range roles {
		b.reads(mappingRef(role), want)
	}
}

func realReserved(b *bench) {
	b.t.Helper()
	ref := steps.Ref{Kind: steps.KindFGACRole, Side: steps.Source, Name: "manage_snapshots"}
	live, err := b.kind(ref.Kind).Read(b.ctx, ref)
	b.must(err)
	if r, there, err := resource.ParseFGACRole(live); err != nil || !there || !r.Reserved {
		b.t.Errorf("%s %v", live, err)
	}
}
