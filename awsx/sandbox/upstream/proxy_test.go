package upstream_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/upstream"
)

var s3Engine = upstream.Engine{Version: openSearch("3.4.0"), S3: true}

func TestIdentityBecomesHeaders(t *testing.T) {
	const arn = "arn:aws:iam::111111111111:role/team/signer"
	for name, tc := range map[string]struct {
		id                         backend.Identity
		user, roles, authorization string
	}{
		"role":      {backend.IAM(arn), arn, arn, ""},
		"two roles": {backend.Identity{Name: "u", BackendRoles: []string{"a", "b"}}, "u", "a|b", ""},
		"internal":  {backend.Internal("admin"), "", "", "Basic claimed"},
		"nobody":    {backend.Anonymous(), "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, s3Engine)
			r := httptest.NewRequest(http.MethodGet, "/logs/_count?q=a%2Fb", nil)
			for _, claimed := range []string{"X-Proxy-User", "x-proxy-roles", "X-Forwarded-For", "X-Proxy-Ext-Admin", "Forwarded", "X-Amz-Security-Token", "X-Opendistro-Security-User", "_opendistro_security_user"} {
				r.Header.Set(claimed, "claimed")
			}
			r.Header.Set("Authorization", "Basic claimed")
			b.proxy(t).ServeHTTP(httptest.NewRecorder(), r.WithContext(backend.WithIdentity(r.Context(), tc.id)))
			got := b.node.last()
			if got.Line != "GET /logs/_count?q=a%2Fb" {
				t.Errorf("forwarded as %s", got.Line)
			}
			want := map[string]string{
				"X-Proxy-User": tc.user, "X-Proxy-Roles": tc.roles, "Authorization": tc.authorization,
				"X-Forwarded-For": "192.0.2.1", "X-Proxy-Ext-Admin": "", "Forwarded": "", "X-Amz-Security-Token": "", "X-Opendistro-Security-User": "", "_opendistro_security_user": "",
			}
			for header, value := range want {
				if d := cmp.Diff(value, got.Header.Get(header)); d != "" {
					t.Errorf("%s: %s", header, d)
				}
			}
		})
	}
}

// TestAskedAsSomebody: a node is asked in the same words, and takes nothing that
// was claimed along the way.
func TestAskedAsSomebody(t *testing.T) {
	const arn = "arn:aws:iam::111111111111:role/master"
	for name, tc := range map[string]struct {
		id          backend.Identity
		user, basic string
	}{
		"IAM":      {backend.IAM(arn), arn, ""},
		"internal": {backend.Internal("captain"), "", "captain:hush"},
		"nobody":   {backend.Anonymous(), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, s3Engine)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+"/x", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Proxy-User", "claimed")
			resp, err := (&http.Client{Transport: upstream.Identified(tc.id, "hush", nil)}).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			got := (&http.Request{Header: b.node.last().Header})
			user, password, _ := got.BasicAuth()
			if got.Header.Get("X-Proxy-User") != tc.user || got.Header.Get("X-Proxy-Roles") != tc.user || strings.Trim(user+":"+password, ":") != tc.basic || got.Header.Get("X-Forwarded-For") != "127.0.0.1" {
				t.Errorf("asked with %v", got.Header)
			}
			if req.Header.Get("X-Proxy-User") != "claimed" || req.Header.Get("Authorization") != "" {
				t.Errorf("the caller's own request was changed: %v", req.Header)
			}
		})
	}
}

func TestContextWithoutIdentityIsNobody(t *testing.T) {
	b := newBench(t, s3Engine)
	ask(t, b.proxy(t), "GET /", "")
	if got := b.node.last().Header.Get("x-proxy-user"); got != "" {
		t.Errorf("a request without identity came as %q", got)
	}
}

func TestNodeAway(t *testing.T) {
	b := newBench(t, s3Engine)
	b.o.URL = "http://127.0.0.1:1"
	if status, body := ask(t, b.proxy(t), "GET /", ""); status != http.StatusServiceUnavailable || body != "" {
		t.Errorf("got %d %q", status, body)
	}
}

func TestBodiesStream(t *testing.T) {
	b := newBench(t, s3Engine)
	flushed := make(chan struct{})
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte("first"))
		w.(http.Flusher).Flush()
		<-flushed // nothing more until the first part has arrived
	}))
	defer node.Close()
	b.o.URL = node.URL
	front := httptest.NewServer(b.proxy(t))
	defer front.Close()
	resp, err := http.Get(front.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	part := make([]byte, 5)
	if _, err := resp.Body.Read(part); err != nil || string(part) != "first" {
		t.Errorf("got %q, %v", part, err)
	}
	close(flushed)
}

func TestOptionsAreChecked(t *testing.T) {
	good := newBench(t, s3Engine).o
	for name, tc := range map[string]struct {
		spoil func(*upstream.Options)
		want  string
	}{
		"address":          {func(o *upstream.Options) { o.URL = "127.0.0.1" }, "not the address of a node"},
		"state":            {func(o *upstream.Options) { o.State = nil }, "State and NewID"},
		"slots for S3":     {func(o *upstream.Options) { o.Slots = nil }, "needs Slots"},
		"roles for files":  {func(o *upstream.Options) { o.Engine.S3, o.Roles = false, nil }, "needs Roles and Root"},
		"spoilt register":  {func(o *upstream.Options) { o.State = &memoryState{saved: []byte("{")} }, "reading the register"},
		"nothing is wrong": {func(*upstream.Options) {}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := good
			tc.spoil(&o)
			_, err := upstream.New(o)
			if (err != nil) != (tc.want != "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestDetect(t *testing.T) {
	for name, tc := range map[string]struct {
		root, nodes string
		want        upstream.Found
		fails       bool
	}{
		"OpenSearch with S3": {
			`{"version":{"distribution":"opensearch","number":"3.4.0"}}`,
			`{"nodes":{"a":{"settings":{"s3.client.slot2.region":"r","s3.client.slot1.endpoint":"e","s3.client.slot1.region":"r","s3.client.default.region":"r","path.repo":["/x"]},"plugins":[{"name":"repository-s3"}]}}}`,
			upstream.Found{Engine: s3Engine, Clients: []string{"slot1", "slot2"}, Folders: []string{"/x"}},
			false,
		},
		"Elasticsearch with a folder": {
			`{"version":{"number":"7.10.2","build_flavor":"oss"}}`, `{"nodes":{"a":{"settings":{"path.repo":"/x"},"plugins":[]}}}`,
			upstream.Found{Engine: upstream.Engine{Version: parse("Elasticsearch 7.10.2")}, Folders: []string{"/x"}},
			false,
		},
		"something else": {`{"hello":"world"}`, `{}`, upstream.Found{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = w.Write([]byte(map[bool]string{true: tc.root, false: tc.nodes}[r.URL.Path == "/"]))
			}))
			defer node.Close()
			got, err := upstream.Detect(t.Context(), node.Client(), node.URL)
			if d := cmp.Diff(tc.want, got); d != "" || (err != nil) != tc.fails {
				t.Errorf("%v %s", err, d)
			}
		})
	}
}
