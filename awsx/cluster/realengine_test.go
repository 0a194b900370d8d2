//go:build realengine

package cluster_test

import (
	"path/filepath"
	"testing"
	"time"

	"snapferry/awsx/cluster"
	"snapferry/awsx/network"
	"snapferry/rig"
)

// TestRealRoad walks the road of TestWholeRoad on one real node of each version,
// over a file repository, and asks for all that is read of a domain.
func TestRealRoad(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			root := t.TempDir()
			node, err := rig.Start(t.Context(), rig.Options{Version: version, DataDir: filepath.Join(root, "node"), PathRepo: []string{root}, HeapMB: 512})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(node.Close)
			c := cluster.New(cluster.Options{Endpoint: node.URL, Network: network.New(network.Options{Isolated: true}), Version: engine(version)})
			r := &road{t: t, pass: func() { time.Sleep(20 * time.Millisecond) }}
			r.whole(c, version != "7.10.2")
			r.move(c, c, cluster.Repository{Name: "mig", Type: "fs", Settings: map[string]string{"location": filepath.Join(root, "repo")}})
		})
	}
}
