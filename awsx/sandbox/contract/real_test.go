//go:build realengine

package contract

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/upstream"
	"snapferry/rig"
)

// TestRealEngines plays every scenario on real nodes behind the upstream proxy.
// With SNAPFERRY_RECORD=1 it writes the golden bodies instead of comparing; with
// SNAPFERRY_ENGINES=7.10.2,3.4.0 it takes only these versions.
func TestRealEngines(t *testing.T) {
	versions := []string{"7.10.2", "2.19.4", "3.4.0"}
	if only := os.Getenv("SNAPFERRY_ENGINES"); only != "" {
		versions = strings.Split(only, ",")
	}
	w := &realWorld{root: t.TempDir(), nodes: map[string]Target{}}
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			if os.Getenv("SNAPFERRY_RECORD") != "" {
				play(t, w, version, record)
				return
			}
			Run(t, w, version)
		})
	}
}

// realWorld starts a node when its version is first asked for.
type realWorld struct {
	root  string
	mu    sync.Mutex
	nodes map[string]Target
}

var errSlow = errors.New("the node took too long to start")

func (w *realWorld) Cluster(t testing.TB, version string) Target {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if target, ok := w.nodes[version]; ok {
		return target
	}
	ctx, cancel := context.WithTimeoutCause(context.Background(), 5*time.Minute, errSlow)
	defer cancel()
	dir, err := os.MkdirTemp("", "contract")
	if err != nil {
		t.Fatal(err)
	}
	node, err := rig.Start(ctx, rig.Options{Version: version, Name: "contract", DataDir: dir, PathRepo: []string{w.root}, HeapMB: 768})
	if err != nil {
		t.Fatal(err)
	}
	endNodes = append(endNodes, func() { node.Close(); os.RemoveAll(dir) })
	v := version
	if !node.Home.Elasticsearch() {
		v = "OpenSearch " + version
	}
	engine, err := awsid.ParseEngineVersion(v)
	if err != nil {
		t.Fatal(err)
	}
	var ids atomic.Int64
	proxy, err := upstream.New(upstream.Options{
		URL: node.URL, Engine: upstream.Engine{Version: engine}, Root: w.root, Roles: folder(w.root),
		State: upstream.File(filepath.Join(dir, "register.json")),
		NewID: func() string { return fmt.Sprintf("Probe%017d", ids.Add(1)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(w.root, bucket), 0o755); err != nil {
		t.Fatal(err)
	}
	target := Target{
		BaseURL: "http://in.process",
		Client:  InProcess(asMaster(proxy)),
		Repository: map[string]any{
			"bucket": bucket, "region": "us-east-1", "role_arn": "arn:aws:iam::111111111111:role/snapshots",
		},
		Pass: func(d time.Duration) { time.Sleep(d) },
	}
	w.nodes[version] = target
	return target
}

const bucket = "contract"

var endNodes []func()

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range endNodes {
		end()
	}
	os.Exit(code)
}

func asMaster(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(backend.WithIdentity(r.Context(), backend.IAM("arn:aws:iam::111111111111:role/master"))))
	})
}

// folder is a store without policies: a file for each object.
type folder string

func (f folder) Open(_ context.Context, at backend.Place) (backend.Blobs, error) {
	if _, err := os.Stat(filepath.Join(string(f), at.Bucket)); err != nil {
		return nil, &backend.StoreError{Service: "S3", Code: "NoSuchBucket", Message: "The specified bucket does not exist", Status: 404, RequestID: "0"}
	}
	return folder(filepath.Join(string(f), at.Bucket)), nil
}

func (f folder) Get(_ context.Context, key string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(f), key))
}

func (f folder) Put(_ context.Context, key string, body []byte) error {
	file := filepath.Join(string(f), key)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, body, 0o644)
}

func (f folder) List(_ context.Context, prefix string) ([]backend.Blob, error) {
	var out []backend.Blob
	err := filepath.WalkDir(string(f), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			key, _ := filepath.Rel(string(f), path)
			if strings.HasPrefix(key, prefix) {
				out = append(out, backend.Blob{Key: key})
			}
		}
		return err
	})
	slices.SortFunc(out, func(a, b backend.Blob) int { return strings.Compare(a.Key, b.Key) })
	return out, err
}

func (f folder) Delete(_ context.Context, keys []string) error {
	for _, key := range keys {
		if err := os.Remove(filepath.Join(string(f), key)); err != nil {
			return err
		}
	}
	return nil
}
