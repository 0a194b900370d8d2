//go:build realengine

package rig_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"snapferry/rig"
)

var errTooLong = errors.New("the node took too long to start")

func start(t *testing.T, o rig.Options) *rig.Node {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), 5*time.Minute, errTooLong)
	defer cancel()
	node, err := rig.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(node.Close)
	return node
}

// TestEveryVersionStarts assembles and starts each node, asks it who it is, and
// sees that Close leaves nothing that answers.
func TestEveryVersionStarts(t *testing.T) {
	for _, version := range rig.Versions() {
		t.Run(version, func(t *testing.T) {
			node := start(t, rig.Options{Version: version, Name: "who", DataDir: t.TempDir(), HeapMB: 512})
			var who struct {
				ClusterName string `json:"cluster_name"`
				Version     struct{ Number string }
			}
			getJSON(t, node.URL+"/", &who)
			if who.ClusterName != "who" || who.Version.Number != version {
				t.Errorf("the node says it is %+v", who)
			}
			var plugins []struct{ Component string }
			getJSON(t, node.URL+"/_cat/plugins?format=json", &plugins)
			if s3 := len(plugins) == 1 && plugins[0].Component == "repository-s3"; s3 != node.Home.S3() {
				t.Errorf("plugins %v, S3 wanted: %v", plugins, node.Home.S3())
			}
			node.Close()
			if _, err := http.Get(node.URL); err == nil {
				t.Error("the node answers after Close")
			}
		})
	}
}

func TestDataOutlivesTheNode(t *testing.T) {
	o := rig.Options{Version: "2.19.4", DataDir: t.TempDir(), HeapMB: 512}
	node := start(t, o)
	req, err := http.NewRequest(http.MethodPut, node.URL+"/kept/_doc/1?refresh=true", strings.NewReader(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	node.Close()
	var found struct{ Count int }
	getJSON(t, start(t, o).URL+"/kept/_count", &found)
	if found.Count != 1 {
		t.Errorf("%d documents after the second start", found.Count)
	}
}

func TestFailedStartTellsWhy(t *testing.T) {
	_, err := rig.Start(t.Context(), rig.Options{Version: "7.10.2", DataDir: t.TempDir(), HeapMB: 512, Settings: map[string]string{"no.such.setting": "1"}})
	if err == nil || !strings.Contains(err.Error(), "unknown setting [no.such.setting]") {
		t.Errorf("got %v", err)
	}
}

func TestStartCanBeCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	if _, err := rig.Assemble(ctx, "7.10.2"); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(300*time.Millisecond, func() { cancel(errTooLong) })
	if _, err := rig.Start(ctx, rig.Options{Version: "7.10.2", DataDir: t.TempDir(), HeapMB: 512}); !errors.Is(err, errTooLong) {
		t.Errorf("got %v", err)
	}
}

func getJSON(t *testing.T, url string, into any) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatalf("%s: %v", url, err)
	}
}
