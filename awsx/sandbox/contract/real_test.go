//go:build realengine

package contract

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
	w := &realWorld{root: t.TempDir(), nodes: map[string]Target{}, stores: map[string]*plainS3{}}
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			if os.Getenv("SNAPFERRY_RECORD") != "" {
				play(t, w, Scenarios(), version, record)
				return
			}
			Run(t, w, version)
		})
	}
}

// realWorld starts a node when its version is first asked for.
type realWorld struct {
	root   string
	ids    atomic.Int64
	mu     sync.Mutex
	nodes  map[string]Target
	stores map[string]*plainS3
}

var errSlow = errors.New("the node took too long to start")

func (w *realWorld) Cluster(t testing.TB, version string) Target {
	t.Helper()
	return w.cluster(t, version, Actor{})
}

// cluster gives the node of a version and master; a zero master is a plain node.
func (w *realWorld) cluster(t testing.TB, version string, master Actor) Target {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	key := version + " " + master.ARN + master.User
	if target, ok := w.nodes[key]; ok {
		return target
	}
	dir, err := os.MkdirTemp("", "contract")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(w.root, bucket), 0o755); err != nil {
		t.Fatal(err)
	}
	o := rig.Options{Version: version, Name: "contract", DataDir: dir, PathRepo: []string{w.root}, HeapMB: 768}
	who := Actor{ARN: "arn:aws:iam::111111111111:role/master"}
	if master != (Actor{}) {
		o.Security = &rig.Security{MasterARN: master.ARN, MasterUser: master.User, MasterPassword: master.Password}
		who = master
	}
	proxy, err := upstream.New(w.node(t, key, o))
	if err != nil {
		t.Fatal(err)
	}
	target := Target{
		BaseURL: "http://in.process",
		Client:  Acting(proxy)(who),
		Repository: map[string]any{
			"bucket": bucket, "region": "us-east-1", "role_arn": snapshotRole,
		},
		Deny: w.deny(key),
		Pass: func(d time.Duration) { time.Sleep(d) },
	}
	if master != (Actor{}) {
		target.As = Acting(proxy)
	}
	w.nodes[key] = target
	return target
}

// deny makes the S3 of a node refuse.
func (w *realWorld) deny(key string) func(string) {
	return func(method string) {
		d := &denial{method: method, status: http.StatusForbidden, code: "AccessDenied", message: "Access Denied"}
		switch method {
		case "":
			d = nil
		case "*":
			d.method = ""
		}
		w.stores[key].refuse(d)
	}
}

// node starts a node and says how to stand before it: over S3 where the version
// has the plugin, over files where it has not.
func (w *realWorld) node(t testing.TB, key string, o rig.Options) upstream.Options {
	t.Helper()
	s3 := &plainS3{root: folder(w.root)}
	server := httptest.NewTLSServer(s3)
	ctx, cancel := context.WithTimeoutCause(context.Background(), 5*time.Minute, errSlow)
	defer cancel()
	home, err := rig.Assemble(ctx, o.Version)
	if err != nil {
		t.Fatal(err)
	}
	if home.S3() {
		o.S3 = []rig.Client{{Name: slot, AccessKey: slot, SecretKey: "secret"}}
		o.S3Endpoint = server.Listener.Addr().String()
		o.S3CA = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	}
	node, err := rig.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	atEnd = append(atEnd, func() { node.Close(); server.Close(); os.RemoveAll(o.DataDir) })
	w.stores[key] = s3
	found, err := upstream.Detect(ctx, &http.Client{Transport: master{node}}, node.URL)
	if err != nil {
		t.Fatal(err)
	}
	return upstream.Options{
		URL: node.URL, Engine: found.Engine, Slots: oneSlot{}, StoreTLS: true, Root: w.root, Roles: folder(w.root),
		State: upstream.File(filepath.Join(o.DataDir, "register.json")),
		NewID: func() string { return fmt.Sprintf("Probe%017d", w.ids.Add(1)) },
	}
}

const (
	bucket       = "contract"
	snapshotRole = "arn:aws:iam::111111111111:role/snapshots"
	slot         = "slot1"
)

// oneSlot binds the one role of the scenarios.
type oneSlot struct{}

func (oneSlot) Bind(string) (string, error) { return slot, nil }

var atEnd []func()

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range atEnd {
		end()
	}
	os.Exit(code)
}

// master asks a node as its master.
type master struct{ node *rig.Node }

func (m master) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	m.node.AsMaster(r)
	return http.DefaultTransport.RoundTrip(r)
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
			if info, err := e.Info(); err == nil && strings.HasPrefix(key, prefix) {
				out = append(out, backend.Blob{Key: key, Size: info.Size()})
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
