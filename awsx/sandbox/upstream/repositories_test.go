package upstream_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/upstream"
)

const (
	role     = "arn:aws:iam::111111111111:role/snapshots"
	register = `{"type":"s3","settings":{"bucket":"mig-bucket","region":"us-east-1","base_path":"a/b","role_arn":"` + role + `","compress":true,"endpoint":"evil.example"}}`
)

func TestForwardedRegistration(t *testing.T) {
	for name, tc := range map[string]struct {
		engine upstream.Engine
		tls    bool
		body   string
		want   string
	}{
		"S3 in plain": {s3Engine, false, register, `{"type":"s3","settings":{"bucket":"mig-bucket","region":"us-east-1","base_path":"a/b","compress":true,"client":"slot1"}}`},
		"S3 over TLS": {s3Engine, true, register, `{"type":"s3","settings":{"bucket":"mig-bucket","region":"us-east-1","base_path":"a/b","compress":true,"client":"slot1","s3_async_client_type":"netty"}}`},
		"another role": {
			s3Engine, false, `{"type":"s3","settings":{"bucket":"mig-bucket","role_arn":"` + role + `-2"}}`, `{"type":"s3","settings":{"bucket":"mig-bucket","client":"slot2"}}`,
		},
		"S3 without role takes no client of the caller's": {
			s3Engine, false, `{"type":"s3","settings":{"bucket":"mig-bucket","client":"slot2","access_key":"x"}}`, `{"type":"s3","settings":{"bucket":"mig-bucket"}}`,
		},
		"files": {
			upstream.Engine{Version: openSearch("2.19.4")},
			false, register,
			`{"type":"fs","settings":{"location":"/store/mig-bucket","base_path":"a/b","compress":true}}`,
		},
		"files of Elasticsearch": {
			upstream.Engine{Version: parse("Elasticsearch 7.10.2")},
			false, register,
			`{"type":"fs","settings":{"location":"/store/mig-bucket/a/b","compress":true}}`,
		},
		"numbers are kept": {
			upstream.Engine{Version: openSearch("2.19.4")},
			false, `{"type":"s3","settings":{"bucket":"mig-bucket","chunk_size":10000000001}}`,
			`{"type":"fs","settings":{"location":"/store/mig-bucket","chunk_size":10000000001}}`,
		},
		"another type is the engine's to refuse": {s3Engine, false, `{"type":"tape"}`, `{"type":"tape"}`},
		"no type is the engine's to refuse":      {s3Engine, false, `{"settings":{}}`, `{"settings":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, tc.engine)
			b.o.StoreTLS = tc.tls
			if status, body := ask(t, b.proxy(t), "PUT /_snapshot/r", tc.body); status != http.StatusOK {
				t.Errorf("got %d %s", status, body)
			}
			if d := cmp.Diff(decoded(t, tc.want), decoded(t, b.node.last().Body)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestNoSlotLeft(t *testing.T) {
	b := newBench(t, s3Engine)
	status, body := ask(t, b.proxy(t), "PUT /_snapshot/r", strings.Replace(register, role, role+"-3", 1))
	if status != http.StatusInternalServerError || !strings.Contains(body, "all 2 S3 clients") || len(b.node.seen) != 0 {
		t.Errorf("got %d %s, forwarded %v", status, body, b.node.lines())
	}
}

// TestNoWayAround sends spellings the engine would take for a registration.
func TestNoWayAround(t *testing.T) {
	// As a node with an empty path.repo answers, word by word.
	const refused = `{"error":{"root_cause":[{"type":"repository_exception","reason":"[r] location [/etc] doesn't match any of the locations specified by path.repo because this setting is empty"}],
		"type":"repository_exception","reason":"[r] failed to create repository",
		"caused_by":{"type":"repository_exception","reason":"[r] location [/etc] doesn't match any of the locations specified by path.repo because this setting is empty"}},"status":500}`
	for _, call := range []string{"PUT /_snapshot/r", "POST /_snapshot/r", "PUT //_snapshot//r/", "PUT /%5Fsnapshot/r", "PUT /_snapshot/r?pretty"} {
		b := newBench(t, s3Engine)
		status, body := ask(t, b.proxy(t), call, `{"type":"fs","settings":{"location":"/etc"}}`)
		if d := cmp.Diff(decoded(t, refused), decoded(t, body)); d != "" || status != http.StatusInternalServerError || len(b.node.seen) != 0 {
			t.Errorf("%s: %d, forwarded %v, %s", call, status, b.node.lines(), d)
		}
	}
}

func TestNamesThatAreNoFolders(t *testing.T) {
	for _, settings := range []string{`"bucket":"../x"`, `"bucket":"a/b"`, `"bucket":"good-name","base_path":"../../x"`, `"bucket":"good-name","base_path":"a//b"`} {
		b := newBench(t, upstream.Engine{Version: openSearch("2.19.4")})
		if status, body := ask(t, b.proxy(t), "PUT /_snapshot/r", `{"type":"s3","settings":{`+settings+`}}`); status == http.StatusOK || len(b.node.seen) != 0 {
			t.Errorf("%s: %d %s, forwarded %v", settings, status, body, b.node.lines())
		}
	}
}

func TestShownAsRegistered(t *testing.T) {
	b := newBench(t, upstream.Engine{Version: openSearch("2.19.4")})
	p := b.proxy(t)
	ask(t, p, "PUT /_snapshot/r", register)
	want := `{"r":{"type":"s3","settings":{"bucket":"mig-bucket","region":"us-east-1","base_path":"a/b","role_arn":"` + role + `","compress":"true","endpoint":"evil.example"}}}`
	for when, h := range map[string]http.Handler{"at once": p, "after a restart": b.proxy(t)} {
		for _, call := range []string{"GET /_snapshot", "GET /_snapshot/r"} {
			_, body := ask(t, h, call, "")
			if d := cmp.Diff(decoded(t, want), decoded(t, body)); d != "" {
				t.Errorf("%s, %s: %s", when, call, d)
			}
		}
	}
	if _, body := ask(t, p, "GET /_cat/repositories", ""); body != "fs-like s3\nr       s3\n" {
		t.Errorf("listed as %q", body)
	}
	if status, _ := ask(t, p, "GET /_snapshot/nobody", ""); status != http.StatusNotFound {
		t.Errorf("a missing repository gave %d", status)
	}
	ask(t, p, "DELETE /_snapshot/r", "")
	if strings.Contains(string(b.state.saved), "mig-bucket") {
		t.Errorf("after the deletion the register holds %s", b.state.saved)
	}
}

// TestFailedRegistration: a verification that fails leaves a registration
// behind, any other failure does not.
func TestFailedRegistration(t *testing.T) {
	for name, tc := range map[string]struct {
		body  string
		stays bool
	}{
		"verification": {`{"error":{"type":"repository_verification_exception"},"status":500}`, true},
		"creation":     {`{"error":{"type":"repository_exception"},"status":500}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, s3Engine)
			b.node.fail, b.node.failBody = http.StatusInternalServerError, tc.body
			status, body := ask(t, b.proxy(t), "PUT /_snapshot/r", register)
			if status != http.StatusInternalServerError || body != tc.body {
				t.Errorf("got %d %s", status, body)
			}
			if got := strings.Contains(string(b.state.saved), "mig-bucket"); got != tc.stays {
				t.Errorf("registered: %v, want %v", got, tc.stays)
			}
		})
	}
}

func TestProbeAsTheRole(t *testing.T) {
	b := newBench(t, upstream.Engine{Version: openSearch("2.19.4")})
	p := b.proxy(t)
	ask(t, p, "PUT /_snapshot/r", register)
	written := []string{
		"open " + role + " mig-bucket us-east-1", "put a/b/tests-ID/master.dat", "get a/b/tests-ID/master.dat", "put a/b/tests-ID/data-ID.dat",
		"list a/b/tests-ID/", "delete a/b/tests-ID/data-ID.dat,a/b/tests-ID/master.dat",
	}
	if d := cmp.Diff(written, b.store.ops); d != "" {
		t.Error(d)
	}
	b.store.ops = nil
	ask(t, p, "POST /_snapshot/r/_verify", "")
	if d := cmp.Diff(written, b.store.ops); d != "" {
		t.Errorf("verify: %s", d)
	}
	b.store.ops = nil
	ask(t, p, "PUT /_snapshot/ro", strings.Replace(register, `"compress":true`, `"readonly":true`, 1))
	if d := cmp.Diff([]string{"open " + role + " mig-bucket us-east-1", "list a/b/index-"}, b.store.ops); d != "" {
		t.Errorf("readonly: %s", d)
	}
	b.store.ops = nil
	ask(t, p, "PUT /_snapshot/r?verify=false", register)
	if len(b.store.ops) != 0 {
		t.Errorf("verify=false touched the store: %v", b.store.ops)
	}
}

func TestProbeRefusals(t *testing.T) {
	os, es := upstream.Engine{Version: openSearch("2.19.4")}, upstream.Engine{Version: parse("Elasticsearch 7.10.2")}
	const upload = `{"type":"i_o_exception","reason":"Unable to upload object [a/b/tests-ID/master.dat] using a single upload","caused_by":`
	for name, tc := range map[string]struct {
		engine upstream.Engine
		deny   string
		err    *backend.StoreError
		reason string
		cause  string
	}{
		"put": {os, "put", denied, "[r] path [a][b] is not accessible on cluster-manager node", upload + `{"type":"s3_exception","reason":"Access Denied (Service: S3, Status Code: 403, Request ID: REQ)"}}`},
		"put, Elasticsearch": {
			es, "put", denied, "[r] path [a][b] is not accessible on master node",
			upload + `{"type":"amazon_s3_exception","reason":"Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: REQ)"}}`,
		},
		"trust": {
			os, "open", &backend.StoreError{Service: "Sts", Code: "AccessDenied", Message: "no", Status: 403, RequestID: "REQ"},
			"[r] path [a][b] is not accessible on cluster-manager node", upload + `{"type":"sts_exception","reason":"no (Service: Sts, Status Code: 403, Request ID: REQ)"}}`,
		},
		"get": {
			os, "get", denied, "[r] [[ID, 'RepositoryVerificationException[[r] Failed to verify repository]; nested: S3Exception[Access Denied (Service: S3, Status Code: 403, Request ID: REQ)];']]", "",
		},
		"put, OpenSearch 3": {
			upstream.Engine{Version: openSearch("3.4.0")},
			"put", denied, "[r] path [a][b] is not accessible on cluster-manager node",
			upload + `{"type":"s3_exception","reason":"Access Denied (Service: S3, Status Code: 403, Request ID: REQ) (SDK Attempt Count: 1)"}}`,
		},
		"delete": {os, "delete", denied, "[r] cannot delete test data at [a][b]", `{"type":"s3_exception","reason":"Access Denied (Service: S3, Status Code: 403, Request ID: REQ)"}`},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, tc.engine)
			b.store.deny[tc.deny] = tc.err
			p := b.proxy(t)
			want := `{"error":{"root_cause":[{"type":"repository_verification_exception","reason":"` + tc.reason + `"}],"type":"repository_verification_exception","reason":"` + tc.reason + `"` + causedBy(tc.cause) + `},"status":500}`
			status, body := ask(t, p, "PUT /_snapshot/r", register)
			if d := cmp.Diff(decoded(t, want), decoded(t, body)); d != "" || status != http.StatusInternalServerError {
				t.Errorf("%d %s", status, d)
			}
			if status, _ := ask(t, p, "GET /_snapshot/r", ""); status != http.StatusOK {
				t.Errorf("the repository is not registered: %d", status)
			}
			if status, body := ask(t, p, "POST /_snapshot/r/_verify", ""); status != http.StatusInternalServerError || !strings.Contains(body, tc.reason) {
				t.Errorf("verify gave %d %s", status, body)
			}
		})
	}
}

func causedBy(cause string) string {
	if cause == "" {
		return ""
	}
	return `,"caused_by":` + cause
}

func TestProbeEndsWithItsCaller(t *testing.T) {
	b := newBench(t, upstream.Engine{Version: openSearch("2.19.4")})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	b.proxy(t).ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/_snapshot/r", strings.NewReader(register)).WithContext(ctx))
	if w.Code != http.StatusGatewayTimeout || len(b.node.seen) != 0 {
		t.Errorf("got %d, forwarded %v", w.Code, b.node.lines())
	}
}

func decoded(t *testing.T, s string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, s)
	}
	return v
}
