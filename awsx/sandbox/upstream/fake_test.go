package upstream_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/upstream"
)

// fakeNode is as much of an engine as the proxy touches: it keeps repositories
// as they were forwarded and remembers every request.
type fakeNode struct {
	mu    sync.Mutex
	repos map[string]map[string]any
	seen  []seen
	// fail answers a registration or verification with this status and body.
	fail     int
	failBody string
}

type seen struct {
	Line   string
	Header http.Header
	Body   string
}

func (n *fakeNode) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	n.seen = append(n.seen, seen{r.Method + " " + r.URL.RequestURI(), r.Header.Clone(), string(body)})
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.URL.Path == "/_cat/repositories":
		_, _ = io.WriteString(w, "fs-like fs\nr       fs\n")
	case path[0] != "_snapshot":
		_, _ = io.WriteString(w, `{"plain":true}`)
	case r.Method == http.MethodGet:
		n.show(w, path)
	case r.Method == http.MethodPut && len(path) == 2:
		n.put(w, r, path[1], body)
	case r.Method == http.MethodDelete && len(path) == 2:
		delete(n.repos, path[1])
		_, _ = io.WriteString(w, `{"acknowledged":true}`)
	default:
		_, _ = io.WriteString(w, `{"nodes":{}}`)
	}
}

func (n *fakeNode) show(w http.ResponseWriter, path []string) {
	if len(path) == 1 {
		_ = json.NewEncoder(w).Encode(n.repos)
		return
	}
	repo, ok := n.repos[path[1]]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"error":{"type":"repository_missing_exception"},"status":404}`)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{path[1]: repo})
}

func (n *fakeNode) put(w http.ResponseWriter, r *http.Request, name string, body []byte) {
	var repo map[string]any
	if json.Unmarshal(body, &repo) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if n.fail == 0 || strings.Contains(n.failBody, "verification") {
		n.repos[name] = repo
	}
	if n.fail != 0 && r.URL.Query().Get("verify") != "false" {
		w.WriteHeader(n.fail)
		_, _ = io.WriteString(w, n.failBody)
		return
	}
	_, _ = io.WriteString(w, `{"acknowledged":true}`)
}

func (n *fakeNode) last() seen { return n.seen[len(n.seen)-1] }

func (n *fakeNode) lines() []string {
	var out []string
	for _, s := range n.seen {
		out = append(out, s.Line)
	}
	return out
}

// fakeStore is a bucket per name; deny refuses an operation as S3 would.
type fakeStore struct {
	mu      sync.Mutex
	objects map[string][]byte
	deny    map[string]*backend.StoreError
	ops     []string
}

var denied = &backend.StoreError{Service: "S3", Code: "AccessDenied", Message: "Access Denied", Status: 403, RequestID: "REQ"}

func (s *fakeStore) op(name, what string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ops = append(s.ops, name+" "+what)
	if err := s.deny[name]; err != nil {
		return err
	}
	return nil
}

func (s *fakeStore) Open(ctx context.Context, at backend.Place) (backend.Blobs, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s, s.op("open", at.RoleARN+" "+at.Bucket+" "+at.Region)
}

func (s *fakeStore) Get(_ context.Context, key string) ([]byte, error) {
	return s.objects[key], s.op("get", key)
}

func (s *fakeStore) Put(_ context.Context, key string, body []byte) error {
	if err := s.op("put", key); err != nil {
		return err
	}
	s.objects[key] = body
	return nil
}

func (s *fakeStore) List(_ context.Context, prefix string) ([]backend.Blob, error) {
	var out []backend.Blob
	for key := range s.objects {
		if strings.HasPrefix(key, prefix) {
			out = append(out, backend.Blob{Key: key})
		}
	}
	slices.SortFunc(out, func(a, b backend.Blob) int { return strings.Compare(a.Key, b.Key) })
	return out, s.op("list", prefix)
}

func (s *fakeStore) Delete(_ context.Context, keys []string) error {
	if err := s.op("delete", strings.Join(keys, ",")); err != nil {
		return err
	}
	for _, key := range keys {
		delete(s.objects, key)
	}
	return nil
}

type memoryState struct{ saved []byte }

func (m *memoryState) Load() ([]byte, error) { return m.saved, nil }

func (m *memoryState) Save(b []byte) error {
	m.saved = b
	return nil
}

// slots binds two roles.
type slots struct{}

func (slots) Bind(roleARN string) (string, error) {
	client, ok := map[string]string{role: "slot1", role + "-2": "slot2"}[roleARN]
	if !ok {
		return "", errors.New("all 2 S3 clients of the node stand for other roles")
	}
	return client, nil
}

// bench is a proxy before a fake node.
type bench struct {
	node  *fakeNode
	store *fakeStore
	state *memoryState
	url   string
	o     upstream.Options
}

func openSearch(number string) awsid.EngineVersion { return parse("OpenSearch " + number) }

func parse(s string) awsid.EngineVersion {
	v, err := awsid.ParseEngineVersion(s)
	if err != nil {
		panic(err)
	}
	return v
}

func newBench(t *testing.T, engine upstream.Engine) *bench {
	t.Helper()
	b := &bench{
		node:  &fakeNode{repos: map[string]map[string]any{}},
		store: &fakeStore{objects: map[string][]byte{}, deny: map[string]*backend.StoreError{}},
		state: &memoryState{},
	}
	server := httptest.NewServer(b.node)
	t.Cleanup(server.Close)
	b.url = server.URL
	b.o = upstream.Options{
		URL: b.url, Engine: engine, Slots: slots{}, Roles: b.store, Root: "/store", State: b.state,
		NewID: func() string { return "ID" },
	}
	return b
}

func (b *bench) proxy(t *testing.T) *upstream.Proxy {
	t.Helper()
	p, err := upstream.New(b.o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ask sends "METHOD /path" with a body and gives status and body.
func ask(t *testing.T, h http.Handler, call, body string) (int, string) {
	t.Helper()
	method, path, _ := strings.Cut(call, " ")
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}
