package memory_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory"
)

// bucket is an object store of one bucket in memory. refuse decides, by
// operation and key, what the role may not do.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
	refuse  func(op, key string) error
	open    error
	puts    []string
}

func newBucket() *bucket { return &bucket{objects: map[string][]byte{}} }

func (b *bucket) Open(_ context.Context, at backend.Place) (backend.Blobs, error) {
	switch {
	case b.open != nil:
		return nil, b.open
	case at.Bucket == "no-such-bucket":
		gone := func(string, string) error {
			return &backend.StoreError{Service: "S3", Code: "NoSuchBucket", Message: "The specified bucket does not exist", Status: 404, RequestID: "R1"}
		}
		return &bucket{refuse: gone}, nil
	}
	return b, nil
}

func (b *bucket) may(op, key string) error {
	if b.refuse != nil {
		return b.refuse(op, key)
	}
	return nil
}

func (b *bucket) Get(_ context.Context, key string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.may("get", key); err != nil {
		return nil, err
	}
	if v, ok := b.objects[key]; ok {
		return v, nil
	}
	return nil, &backend.StoreError{Service: "S3", Code: "NoSuchKey", Message: "The specified key does not exist.", Status: 404, RequestID: "R1"}
}

func (b *bucket) Put(_ context.Context, key string, body []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.may("put", key); err != nil {
		return err
	}
	b.objects[key] = bytes.Clone(body)
	b.puts = append(b.puts, key)
	return nil
}

func (b *bucket) List(_ context.Context, prefix string) ([]backend.Blob, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.may("list", prefix); err != nil {
		return nil, err
	}
	var out []backend.Blob
	for k, v := range b.objects {
		if strings.HasPrefix(k, prefix) {
			out = append(out, backend.Blob{Key: k, Size: int64(len(v))})
		}
	}
	slices.SortFunc(out, func(a, b backend.Blob) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

func (b *bucket) Delete(_ context.Context, keys []string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range keys {
		if err := b.may("delete", k); err != nil {
			return err
		}
		delete(b.objects, k)
	}
	return nil
}

func (b *bucket) keys(prefix string) []string {
	l, _ := b.List(context.Background(), prefix)
	out := []string{}
	for _, o := range l {
		out = append(out, o.Key)
	}
	return out
}

func denied() error {
	return &backend.StoreError{Service: "S3", Code: "AccessDenied", Message: "Access Denied", Status: 403, RequestID: "R1"}
}

// clock is a hand-moved clock.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)} }

func (k *clock) now() time.Time       { return k.at }
func (k *clock) pass(d time.Duration) { k.at = k.at.Add(d) }
func (k *clock) wait(_ context.Context, d time.Duration) error {
	k.pass(d)
	return nil
}

// world is one cluster with its clock and bucket.
type world struct {
	t       *testing.T
	c       *memory.Cluster
	clock   *clock
	bucket  *bucket
	options memory.Options
}

func version(t testing.TB, s string) awsid.EngineVersion {
	t.Helper()
	family := "OpenSearch_"
	if strings.HasPrefix(s, "7.") || strings.HasPrefix(s, "6.") {
		family = "Elasticsearch_"
	}
	v, err := awsid.ParseEngineVersion(family + s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// start opens a cluster; change adjusts its options.
func start(t *testing.T, v string, change ...func(*memory.Options)) *world {
	t.Helper()
	w := &world{t: t, clock: newClock(), bucket: newBucket()}
	w.options = memory.Options{
		Dir: t.TempDir(), Version: version(t, v), Name: "111111111111:source", Clock: w.clock.now, Wait: w.clock.wait, Roles: w.bucket,
	}
	for _, f := range change {
		f(&w.options)
	}
	w.reopen()
	return w
}

// reopen is what a killed process does when it comes back.
func (w *world) reopen() {
	w.t.Helper()
	c, err := memory.Open(w.options)
	if err != nil {
		w.t.Fatal(err)
	}
	w.c = c
}

// answer is a decoded response.
type answer struct {
	t      *testing.T
	call   string
	status int
	raw    string
	body   any
}

// do sends "METHOD /path" with an optional JSON body.
func (w *world) do(call string, body ...string) answer {
	w.t.Helper()
	method, path, _ := strings.Cut(call, " ")
	text := strings.Join(body, "")
	req := httptest.NewRequestWithContext(w.t.Context(), method, path, strings.NewReader(text))
	if text != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	w.c.ServeHTTP(rec, req)
	a := answer{t: w.t, call: call, status: rec.Code, raw: rec.Body.String()}
	if strings.HasPrefix(rec.Header().Get("Content-Type"), "application/json") && a.raw != "" {
		if err := json.Unmarshal(rec.Body.Bytes(), &a.body); err != nil {
			w.t.Fatalf("%s: %v: %s", call, err, a.raw)
		}
	}
	return a
}

// must is do for a step that has to succeed.
func (w *world) must(call string, body ...string) answer {
	w.t.Helper()
	a := w.do(call, body...)
	if a.status >= http.StatusMultipleChoices {
		w.t.Fatalf("%s: %d %s", call, a.status, a.raw)
	}
	return a
}

// at follows a path of member names and positions.
func (a answer) at(path ...any) any {
	a.t.Helper()
	v := a.body
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

// is compares the value at a path, numbers as float64.
func (a answer) is(want any, path ...any) {
	a.t.Helper()
	if n, ok := want.(int); ok {
		want = float64(n)
	}
	if got := a.at(path...); got != want {
		a.t.Errorf("%s: %v is %v, want %v; answer: %.600s", a.call, path, got, want, a.raw)
	}
}

const repositoryBody = `{"type":"s3","settings":{"bucket":"b","base_path":"mig","region":"us-east-1","role_arn":"arn:aws:iam::111111111111:role/snapshots"}}`
