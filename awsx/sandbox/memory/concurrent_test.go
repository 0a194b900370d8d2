package memory_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"snapferry/awsx/sandbox/memory"
	"snapferry/awsx/sandbox/memory/fake"
)

// TestManyClients has several of them write, read, snapshot and restore at once;
// the race detector watches.
func TestManyClients(t *testing.T) {
	var mu sync.Mutex
	at := newClock().at
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return at
	}
	pass := func(_ context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(d)
		return nil
	}
	o := memory.Options{Dir: t.TempDir(), Version: version(t, "2.19.4"), Name: "c", Clock: now, Wait: pass, Roles: fake.NewBucket()}
	slow(&o)
	c, err := memory.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	do := func(call, body string) (int, string) {
		method, path, _ := strings.Cut(call, " ")
		req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		c.ServeHTTP(rec, req)
		return rec.Code, rec.Body.String()
	}
	if code, body := do("PUT /_snapshot/r", repositoryBody); code != 200 {
		t.Fatal(body)
	}
	var wg sync.WaitGroup
	for client := range 6 {
		wg.Go(func() {
			index := fmt.Sprint("i", client)
			for n := range 12 {
				do(fmt.Sprintf("PUT /%s/_doc/%d", index, n), `{"n":1}`)
				do("GET /_search", "")
				do("GET /_cluster/health?wait_for_status=green&timeout=50ms", "")
			}
			if code, body := do("PUT /_snapshot/r/s-"+index+"?wait_for_completion=true", `{"indices":"`+index+`"}`); code != 200 {
				t.Errorf("%s: %d %s", index, code, body)
			}
			if code, body := do("POST /_snapshot/r/s-"+index+"/_restore?wait_for_completion=true", `{"indices":"`+index+`","rename_pattern":"i","rename_replacement":"copy-"}`); code != 200 {
				t.Errorf("%s: %d %s", index, code, body)
			}
			if _, body := do(fmt.Sprintf("GET /copy-%d/_count", client), ""); !strings.Contains(body, `"count":12`) {
				t.Errorf("%s: %s", index, body)
			}
		})
	}
	wg.Wait()
	if _, body := do("GET /_snapshot/r/_all", ""); strings.Count(body, `"SUCCESS"`) != 6 {
		t.Errorf("snapshots: %s", body)
	}
}

// A client that goes away while it waits gets no lie and stops nothing.
func TestClientGoesAway(t *testing.T) {
	w := stocked(t, "2.19.4", slow)
	ctx, cancel := context.WithCancel(t.Context())
	w.options.Wait = func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}
	w.reopen()
	req := httptest.NewRequestWithContext(ctx, "PUT", "/_snapshot/r/s1?wait_for_completion=true", strings.NewReader(`{"indices":"orders"}`))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	w.c.ServeHTTP(rec, req)
	if rec.Code == 200 {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	// Nor does a cancelled call that comes at the very end spoil the snapshot.
	w.clock.pass(time.Minute)
	req = httptest.NewRequestWithContext(ctx, "GET", "/_snapshot/r/s1", nil)
	w.c.ServeHTTP(httptest.NewRecorder(), req)
	w.play([]step{{"GET /_snapshot/r/s1", "", 0, `{"snapshots":[{"state":"SUCCESS"}]}`}})
}

func TestRestoreGivenUp(t *testing.T) {
	w := snapped(t, "2.19.4")
	w.must("DELETE /logs")
	ctx, cancel := context.WithCancel(t.Context())
	w.bucket.Refuse = func(op, key string) error {
		if strings.Contains(key, "/__") {
			cancel()
		}
		return ctx.Err()
	}
	req := httptest.NewRequestWithContext(ctx, "POST", "/_snapshot/r/s1/_restore", strings.NewReader(`{"indices":"logs"}`))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	w.c.ServeHTTP(rec, req)
	if rec.Code == 200 {
		t.Error("accepted")
	}
	w.bucket.Refuse = nil
	w.play([]step{{"HEAD /logs", "", 404, ``}})
}
