package cluster_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/awsx/network"
)

// shards answers searches as an engine does: one shard, sorted by sequence
// number, after search_after, at most size.
type shards struct {
	t     *testing.T
	docs  [][]int64 // sequence numbers by shard
	calls int
	fail  string
}

func (s *shards) RoundTrip(r *http.Request) (*http.Response, error) {
	s.calls++
	var q struct {
		Size  int                 `json:"size"`
		Sort  []map[string]string `json:"sort"`
		After []int64             `json:"search_after"`
		Query struct {
			Range map[string]map[string]int64 `json:"range"`
		} `json:"query"`
	}
	b, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(b, &q); err != nil {
		s.t.Error(err)
	}
	var shard int
	if _, err := fmt.Sscanf(r.URL.Query().Get("preference"), "_shards:%d", &shard); err != nil || r.Method != "GET" || r.URL.Path != "/logs/_search" {
		s.t.Errorf("asked %s %s", r.Method, r.URL)
	}
	if len(q.Sort) != 1 || (q.Sort[0]["_seq_no"] != "asc" && q.Sort[0]["_seq_no"] != "desc") {
		s.t.Errorf("sorted by %v", q.Sort)
	}
	var hits []string
	docs, sign := slices.Clone(s.docs[shard]), int64(1)
	if q.Sort[0]["_seq_no"] == "desc" {
		slices.Reverse(docs)
		sign = -1
	}
	for _, n := range docs {
		limit, limited := q.Query.Range["_seq_no"]["lte"]
		if (len(q.After) == 1 && sign*n <= sign*q.After[0]) || (limited && n > limit) || len(hits) == q.Size {
			continue
		}
		hits = append(hits, fmt.Sprintf(`{"_id":"%d-%d","_routing":"r","_source":{"n":%d},"sort":[%d]}`, shard, n, n, n))
	}
	report := `{"total":1,"successful":1,"failed":0}`
	if s.fail != "" {
		report = s.fail
	}
	body := fmt.Sprintf(`{"_shards":%s,"hits":{"hits":[%s]}}`, report, strings.Join(hits, ","))
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func TestWalk(t *testing.T) {
	docs := [][]int64{{0, 1, 2, 3, 4, 5}, {}, {1, 4, 9}}
	for name, tc := range map[string]struct {
		walk  cluster.Walk
		want  string
		calls int
	}{
		"everything":          {cluster.Walk{Shards: 3}, "0-0 0-1 0-2 0-3 0-4 0-5 2-1 2-4 2-9", 3},
		"in small batches":    {cluster.Walk{Shards: 3, Batch: 2}, "0-0 0-1 0-2 0-3 0-4 0-5 2-1 2-4 2-9", 4 + 1 + 2},
		"up to a point":       {cluster.Walk{Shards: 3, MaxSeqNo: map[int]int64{0: 3, 1: -1, 2: 4}}, "0-0 0-1 0-2 0-3 2-1 2-4", 2},
		"a shard left out":    {cluster.Walk{Shards: 3, MaxSeqNo: map[int]int64{2: 9}}, "2-1 2-4 2-9", 1},
		"exactly one batch":   {cluster.Walk{Shards: 1, Batch: 6}, "0-0 0-1 0-2 0-3 0-4 0-5", 2},
		"limit within batch":  {cluster.Walk{Shards: 1, Batch: 2, MaxSeqNo: map[int]int64{0: 2}}, "0-0 0-1 0-2", 2},
		"newest first":        {cluster.Walk{Shards: 3, Batch: 2, Newest: true}, "0-5 0-4 0-3 0-2 0-1 0-0 2-9 2-4 2-1", 4 + 1 + 2},
		"newest of one shard": {cluster.Walk{Shards: 3, Batch: 4, Newest: true, MaxSeqNo: map[int]int64{0: 3}}, "0-3 0-2 0-1 0-0", 2},
		"nothing was written": {cluster.Walk{Shards: 3, MaxSeqNo: map[int]int64{}}, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := &shards{t: t, docs: docs}
			tc.walk.Index = "logs"
			var got []string
			for d, err := range client(s, "3.4.0", cluster.Unsigned()).Documents(ctx, tc.walk) {
				if err != nil {
					t.Fatal(err)
				}
				if want := fmt.Sprintf("%d-%d", d.Shard, d.SeqNo); d.ID != want || d.Routing != "r" || string(d.Source) != fmt.Sprintf(`{"n":%d}`, d.SeqNo) {
					t.Errorf("%+v", d)
				}
				got = append(got, d.ID)
			}
			if strings.Join(got, " ") != tc.want || s.calls != tc.calls {
				t.Errorf("%v in %d calls, want %s in %d", got, s.calls, tc.want, tc.calls)
			}
		})
	}
}

func TestWalkEndsWhenTold(t *testing.T) {
	s := &shards{t: t, docs: [][]int64{{0, 1, 2}, {0}}}
	for range client(s, "3.4.0", cluster.Unsigned()).Documents(ctx, cluster.Walk{Index: "logs", Shards: 2, Batch: 2}) {
		break
	}
	if s.calls != 1 {
		t.Errorf("%d calls after the first document", s.calls)
	}
}

// TestPartialReadsAreErrors: the engine answers 200 with what it could reach.
func TestPartialReadsAreErrors(t *testing.T) {
	const lame = `{"total":2,"successful":1,"failed":1,"failures":[{"reason":{"type":"no_shard_available_action_exception","reason":"gone"}}]}`
	check := func(what string, err error) {
		f := failure.Of(err)
		if f == nil || f.Kind != failure.Service || !f.Transient || !f.Has("no_shard_available_action_exception") || !strings.Contains(f.Message, "1 of 2 shards") {
			t.Errorf("%s: %+v", what, f)
		}
	}
	s := &shards{t: t, docs: [][]int64{{0}}, fail: lame}
	n := 0
	for _, err := range client(s, "3.4.0", cluster.Unsigned()).Documents(ctx, cluster.Walk{Index: "logs", Shards: 1}) {
		check("walk", err)
		n++
	}
	if n != 1 {
		t.Errorf("the walk went on %d times", n)
	}
	c, _ := serve(t, "3.4.0", map[string]answer{"GET /a/_count": ok(`{"count":3,"_shards":` + lame + `}`), "GET /a/_stats/docs,store": ok(`{"_shards":` + lame + `}`)})
	_, err := c.Count(ctx, "a")
	check("count", err)
	_, err = c.Stats(ctx, []string{"a"})
	check("stats", err)
}

// TestALimitedSearchIsNoPage: an engine that gives up answers 200 with what it found.
func TestALimitedSearchIsNoPage(t *testing.T) {
	c, _ := serve(t, "3.4.0", map[string]answer{"GET /a/_search": ok(`{"timed_out":true,"_shards":{"failed":0},"hits":{"hits":[]}}`)})
	n := 0
	for _, err := range c.Documents(ctx, cluster.Walk{Index: "a", Shards: 1}) {
		if f := failure.Of(err); f == nil || !f.Transient || f.Kind != failure.Timeout {
			t.Errorf("%+v", err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d times", n)
	}
}

// TestLongDocumentsComeFewAtATime: a page is no longer than what is read of an answer.
func TestLongDocumentsComeFewAtATime(t *testing.T) {
	const many = 24
	long, sizes := strings.Repeat("x", 8<<20), []int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Size  int
			After []int `json:"search_after"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		sizes = append(sizes, body.Size)
		from := 0
		if len(body.After) > 0 {
			from = body.After[0] + 1
		}
		_, _ = io.WriteString(w, `{"_shards":{"failed":0},"hits":{"hits":[`)
		for i := from; i < min(many, from+body.Size); i++ {
			comma := ","
			if i == from {
				comma = ""
			}
			_, _ = fmt.Fprintf(w, `%s{"_id":"%d","_source":{"a":"%s"},"sort":[%d]}`, comma, i, long, i)
		}
		_, _ = io.WriteString(w, `]}}`)
	}))
	defer server.Close()
	c := cluster.New(cluster.Options{Endpoint: server.URL, Network: network.New(network.Options{Isolated: true})})
	n := 0
	for d, err := range c.Documents(ctx, cluster.Walk{Index: "a", Shards: 1, Batch: many}) {
		if err != nil || d.SeqNo != int64(n) {
			t.Fatal(d.ID, err)
		}
		n++
	}
	if n != many || sizes[0] != many || sizes[len(sizes)-1] > 7 {
		t.Errorf("%d documents, asked for %v", n, sizes)
	}
}

func TestWalkAsksForShards(t *testing.T) {
	c, d := serve(t, "3.4.0", map[string]answer{
		"GET /logs/_settings": ok(`{"logs":{"settings":{"index.number_of_shards":"2"}}}`),
		"GET /logs/_search":   ok(`{"_shards":{"failed":0},"hits":{"hits":[]}}`),
	})
	for range c.Documents(ctx, cluster.Walk{Index: "logs"}) {
		t.Error("a document out of nothing")
	}
	if len(d.asked) != 3 {
		t.Errorf("%d calls", len(d.asked))
	}
	missing, _ := serve(t, "3.4.0", map[string]answer{"GET /logs/_settings": golden(t, "3.4.0", "documents-search-missing")})
	for _, err := range missing.Documents(ctx, cluster.Walk{Index: "logs"}) {
		if !failure.Is(err, failure.Missing) {
			t.Errorf("got %v", err)
		}
	}
	odd, _ := serve(t, "3.4.0", map[string]answer{"GET /logs/_search": ok(`{"hits":{"hits":[{"_id":"1"}]}}`)})
	for _, err := range odd.Documents(ctx, cluster.Walk{Index: "logs", Shards: 1}) {
		if !failure.Is(err, failure.Unknown) {
			t.Errorf("a hit without its number gave %v", err)
		}
	}
}

func TestCountAndDocumentsByID(t *testing.T) {
	each(t, map[string]string{"GET /people/_count": "documents-count", "GET /none/_count": "documents-count-missing", "GET /people/_mget": "documents-mget"}, func(t *testing.T, _ string, c *cluster.Cluster) {
		if n, err := c.Count(ctx, "people"); err != nil || n != 3 {
			t.Errorf("%d %v", n, err)
		}
		if _, err := c.Count(ctx, "none"); !failure.Is(err, failure.Missing) {
			t.Errorf("got %v", err)
		}
		docs, err := c.DocumentsByID(ctx, "people", []cluster.DocumentID{{ID: "1"}, {ID: "9"}})
		if err != nil || len(docs) != 1 || docs[0].ID != "1" || docs[0].SeqNo != 1 || !strings.Contains(string(docs[0].Source), "first of all") {
			t.Errorf("%+v %v", docs, err)
		}
	})
}

func TestDocumentsByIDInBatches(t *testing.T) {
	c, d := serve(t, "3.4.0", map[string]answer{"GET /a/_mget": ok(`{"docs":[]}`)})
	ids := make([]cluster.DocumentID, 501)
	ids[500] = cluster.DocumentID{ID: "x", Routing: "y"}
	if _, err := c.DocumentsByID(ctx, "a", ids); err != nil || len(d.asked) != 2 {
		t.Fatalf("%d calls, %v", len(d.asked), err)
	}
	if _, body := d.last(); body != `{"docs":[{"_id":"x","routing":"y"}]}` {
		t.Errorf("asked %s", body)
	}
	d.answers["GET /a/_mget"] = ok(`{"docs":[{"_id":"x","error":{"type":"routing_missing_exception","reason":"routing is required"}}]}`)
	if _, err := c.DocumentsByID(ctx, "a", ids[:1]); failure.Of(err).Code != "routing_missing_exception" {
		t.Errorf("got %v", err)
	}
}

func TestWhatWouldTakeEverythingIsRefused(t *testing.T) {
	c, d := serve(t, "3.4.0", nil)
	calls := map[string]error{
		"snapshot": c.CreateSnapshot(ctx, "r", "s", cluster.SnapshotSpec{}), "restore": c.Restore(ctx, "r", "s", cluster.RestoreSpec{}),
	}
	for _, name := range []string{"", "_all", "*", "logs-*", "a,b", "-a"} {
		calls["delete "+name] = c.DeleteIndex(ctx, name)
	}
	for what, err := range calls {
		if !failure.Is(err, failure.Invalid) {
			t.Errorf("%s gave %v", what, err)
		}
	}
	if len(d.asked) != 0 {
		t.Errorf("%d calls were made", len(d.asked))
	}
}

func TestBodiesSent(t *testing.T) {
	one := "1"
	for name, tc := range map[string]struct {
		version string
		do      func(c *cluster.Cluster) error
		call    string
		body    string
	}{
		"snapshot": {"3.4.0", func(c *cluster.Cluster) error {
			return c.CreateSnapshot(ctx, "r", "s", cluster.SnapshotSpec{Indices: []string{"a", "b"}, Metadata: map[string]string{"k": "v"}})
		}, "PUT /_snapshot/r/s", `{"ignore_unavailable":false,"include_global_state":false,"indices":["a","b"],"metadata":{"k":"v"},"partial":false}`},
		"snapshot, old engine": {"7.2.0", func(c *cluster.Cluster) error {
			return c.CreateSnapshot(ctx, "r", "s", cluster.SnapshotSpec{Indices: []string{"a"}, Metadata: map[string]string{"k": "v"}})
		}, "PUT /_snapshot/r/s", `{"ignore_unavailable":false,"include_global_state":false,"indices":["a"],"partial":false}`},
		"restore": {"3.4.0", func(c *cluster.Cluster) error {
			return c.Restore(ctx, "r", "s", cluster.RestoreSpec{Indices: []string{"a"}})
		}, "POST /_snapshot/r/s/_restore", `{"ignore_unavailable":false,"include_aliases":true,"include_global_state":false,"indices":["a"],"partial":false}`},
		"restore of a data stream": {"3.4.0", func(c *cluster.Cluster) error {
			return c.Restore(ctx, "r", "s", cluster.RestoreSpec{Indices: []string{".ds-web-000001", "a"}, DataStreams: []string{"web"}})
		}, "POST /_snapshot/r/s/_restore", `{"ignore_unavailable":true,"include_aliases":true,"include_global_state":false,"indices":["web",".ds-web-000001","a"],"partial":false}`},
		"restore with everything": {"3.4.0", func(c *cluster.Cluster) error {
			return c.Restore(ctx, "r", "s", cluster.RestoreSpec{
				Indices: []string{"a"}, RenamePattern: "(.+)", RenameReplacement: "x-$1", WithoutAliases: true,
				IndexSettings: map[string]string{"index.number_of_replicas": "0"}, IgnoreIndexSettings: []string{"index.x"},
			})
		}, "POST /_snapshot/r/s/_restore", `{"ignore_index_settings":["index.x"],"ignore_unavailable":false,"include_aliases":false,"include_global_state":false,"index_settings":{"index.number_of_replicas":"0"},"indices":["a"],"partial":false,"rename_pattern":"(.+)","rename_replacement":"x-$1"}`},
		"repository": {"3.4.0", func(c *cluster.Cluster) error {
			return c.PutRepository(ctx, cluster.Repository{Name: "r+", Type: "s3", Settings: map[string]string{"readonly": "true"}})
		}, "PUT /_snapshot/r%2B", `{"type":"s3","settings":{"readonly":"true"}}`},
		"index settings": {"3.4.0", func(c *cluster.Cluster) error {
			return c.PutIndexSettings(ctx, []string{"a"}, map[string]*string{"index.number_of_replicas": &one, "index.refresh_interval": nil})
		}, "PUT /a/_settings", `{"index.number_of_replicas":"1","index.refresh_interval":null}`},
	} {
		t.Run(name, func(t *testing.T) {
			c, d := serve(t, tc.version, map[string]answer{tc.call: ok(`{"accepted":true}`)})
			if err := tc.do(c); err != nil {
				t.Fatal(err)
			}
			if r, body := d.last(); body != tc.body || r.URL.RawQuery != "" {
				t.Errorf("sent %s with query %q", body, r.URL.RawQuery)
			}
		})
	}
}

func TestPretendedVersion(t *testing.T) {
	root := ok(`{"name":"n","cluster_name":"c","cluster_uuid":"u","version":{"number":"7.10.2","distribution":"opensearch"}}`)
	c, d := serve(t, "2.11.0", map[string]answer{"GET /": root, "GET /_cat/nodes": ok(`[{"version":"2.19.4"},{"version":"2.11.0"}]`)})
	if got, err := c.Info(ctx); err != nil || !got.Pretends || got.Version.String() != "OpenSearch 2.11.0" {
		t.Errorf("%+v %v", got, err)
	}
	d.answers["GET /_cat/nodes"] = answer{403, json.RawMessage(`{"error":{"type":"security_exception","reason":"no permissions for [cluster:monitor/nodes/info]"},"status":403}`)}
	if got, err := c.Info(ctx); err != nil || got.Version.String() != "OpenSearch 2.11.0" {
		t.Errorf("where nodes may not be asked: %+v %v", got, err)
	}
	d.answers["GET /"] = ok(`{"tagline":"hello"}`)
	var f *failure.Failure
	if _, err := c.Info(ctx); !errors.As(err, &f) || f.Kind != failure.Unknown {
		t.Errorf("something else altogether gave %v", err)
	}
}
