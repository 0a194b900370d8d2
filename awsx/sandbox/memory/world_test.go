package memory_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory"
	"snapferry/awsx/sandbox/memory/fake"
)

// clock is a hand-moved clock.
type clock struct {
	at time.Time
	// meanwhile is done once while somebody waits.
	meanwhile func()
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)} }

func (k *clock) now() time.Time       { return k.at }
func (k *clock) pass(d time.Duration) { k.at = k.at.Add(d) }
func (k *clock) wait(_ context.Context, d time.Duration) error {
	if f := k.meanwhile; f != nil {
		k.meanwhile = nil
		f()
	}
	k.pass(d)
	return nil
}

// world is one cluster with its clock and bucket.
type world struct {
	t       *testing.T
	c       *memory.Cluster
	clock   *clock
	bucket  *fake.Bucket
	options memory.Options
	// who calls; the zero identity is nobody, which matters to a secured cluster.
	who      backend.Identity
	password string
}

func version(t testing.TB, s string) awsid.EngineVersion {
	t.Helper()
	family := "OpenSearch_"
	if s >= "5" {
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
	w := &world{t: t, clock: newClock(), bucket: fake.NewBucket()}
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
	ctx := w.t.Context()
	if w.who.Name != "" {
		ctx = backend.WithIdentity(ctx, w.who)
	}
	req := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(text))
	if w.who.InternalUser {
		req.SetBasicAuth(w.who.Name, w.password)
	}
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

// members are the names of an answer's members, in order.
func (a answer) members() []string {
	a.t.Helper()
	m, _ := a.body.(map[string]any)
	return slices.Sorted(maps.Keys(m))
}
