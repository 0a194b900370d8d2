package migrate

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/cluster"
	"snapferry/awsx/network"
	"snapferry/steps"
	"snapferry/steps/spec"
)

// crowd is a domain of ten thousand indices that counts what it is asked.
type crowd struct {
	t     *testing.T
	names []string
	calls map[string]int
	// started is how many indices have their primaries.
	started int
}

const many = 10_000

func newCrowd(t *testing.T) (*crowd, *cluster.Cluster, []steps.Move) {
	t.Helper()
	c := &crowd{t: t, calls: map[string]int{}}
	var moves []steps.Move
	for i := range many {
		name := fmt.Sprintf("application-logs-of-team-%05d", i)
		c.names = append(c.names, name)
		moves = append(moves, steps.Move{Index: name, As: name, Primaries: 2, Bytes: 1000, Docs: 10})
	}
	return c, cluster.New(cluster.Options{
		Endpoint: "search-crowd.eu-west-1.es.amazonaws.com", Region: "eu-west-1", Auth: cluster.Unsigned(),
		Network: network.New(network.Options{Isolated: true, RoundTripper: c}),
	}), moves
}

// RoundTrip answers for the names in the path, or for all.
func (c *crowd) RoundTrip(req *http.Request) (*http.Response, error) {
	list, what, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/")
	if strings.HasPrefix(list, "_") {
		list, what = "", strings.TrimPrefix(req.URL.Path, "/")
	}
	c.calls[req.Method+" "+what]++
	if n := len(req.URL.RequestURI()); n > 3500 {
		c.t.Errorf("a request line of %d bytes", n)
	}
	names := c.names
	if list != "" {
		names = strings.Split(list, ",")
	}
	each := func(of func(name string, i int) string) *http.Response {
		var parts []string
		for i, n := range names {
			parts = append(parts, strconv.Quote(n)+":"+of(n, i))
		}
		return reply(200, "{"+strings.Join(parts, ",")+"}")
	}
	switch what {
	case "_cluster/health":
		defer func() { c.started += many / 4 }()
		all := each(func(_ string, i int) string {
			return fmt.Sprintf(`{"status":"green","number_of_shards":2,"active_primary_shards":%d}`, map[bool]int{true: 2}[i < c.started])
		})
		return reply(200, `{"status":"yellow","initializing_shards":2,"indices":`+read(all)+`}`), nil
	case "_recovery":
		names = names[:2]
		return each(func(string, int) string {
			return `{"shards":[{"id":0,"type":"SNAPSHOT","stage":"INDEX","primary":true,"index":{"size":{"total_in_bytes":500,"recovered_in_bytes":100}}}]}`
		}), nil
	case "_stats/docs,store":
		all := each(func(string, int) string {
			return `{"uuid":"abcdefghijklmnopqrstuv","primaries":{"docs":{"count":10}},"shards":{"0":[{"routing":{"primary":true},"seq_no":{"max_seq_no":4}}],"1":[{"routing":{"primary":true},"seq_no":{"max_seq_no":4}}]}}`
		})
		return reply(200, `{"_shards":{},"indices":`+read(all)+`}`), nil
	case "_settings":
		return each(func(string, int) string {
			return `{"settings":{"index.number_of_replicas":"0","index.mapping.total_fields.limit":"2000","index.codec":"best_compression"}}`
		}), nil
	case "_mapping":
		return each(func(string, int) string { return `{"mappings":{"properties":{"a":{"type":"keyword"}}}}` }), nil
	case "_alias":
		return each(func(string, int) string { return `{"aliases":{"logs":{}}}` }), nil
	case "_search":
		if strings.Contains(body(req), `"aggs"`) {
			var buckets []string
			for _, n := range names {
				buckets = append(buckets, fmt.Sprintf(`{"key":%q,"documents":{"value":10}}`, n))
			}
			return reply(200, `{"_shards":{},"aggregations":{"indices":{"buckets":[`+strings.Join(buckets, ",")+`]}}}`), nil
		}
		return reply(200, `{"_shards":{},"hits":{"hits":[{"_id":"AVabcdefghijklmnop","_source":{"a":1},"sort":[3]}]}}`), nil
	}
	return reply(200, `{"acknowledged":true}`), nil
}

func read(r *http.Response) string {
	return body(&http.Request{Body: r.Body})
}

// sum counts the calls since the last time.
func (c *crowd) sum() int {
	n := 0
	for _, k := range c.calls {
		n += k
	}
	c.calls = map[string]int{}
	return n
}

// idle is a world that waits for nothing.
func idle(t *testing.T) *road { return newRoad(t, options{}) }

// TestTenThousandIndices: how often a domain is asked does not grow with what is
// done, nor, where a call can be about many, with how many they are.
func TestTenThousandIndices(t *testing.T) {
	r := idle(t)
	c, domain, moves := newCrowd(t)
	silent := func(steps.Event) {}
	var last steps.Progress
	tell := func(e steps.Event) {
		if p, ok := e.(steps.Progress); ok {
			last = p
		}
	}
	v := &restoreWatch{restoreStep: r.step(StepRestore).(restoreStep), domain: domain, watch: newWatch(r.runner.World(), tell, moves)}
	r.must(v.untilDone(r.ctx))
	looks := c.calls["GET _cluster/health"]
	if n := c.sum(); n > 2*looks || looks != 5 {
		t.Errorf("%d looks at a restore took %d calls", looks, n)
	}
	if last.DoneShards != 2*many || last.DoneBytes != 1000*many {
		t.Errorf("at the end %+v", last)
	}
	want := map[string]int{}
	for i, n := range c.names {
		want[n] = 1 + i%2
	}
	r.must(setReplicas(r.ctx, domain, want))
	if n := c.sum(); n > 250 {
		t.Errorf("the replicas took %d calls", n)
	}
	m, err := takeManifest(r.ctx, domain, newReading(StepSnapshot, newWatch(r.runner.World(), silent, moves), false), spec.ProofSample)
	r.must(err)
	counted := 110 // lines of names, each counted once
	if n := c.calls["GET _search"] - counted; n > searchBudget {
		t.Errorf("the samples took %d searches", n)
	}
	if n := c.sum() - searchBudget - counted; n > 600 {
		t.Errorf("the manifest took %d calls beside the searches", n)
	}
	b, err := json.Marshal(m)
	r.must(err)
	if len(b) > 3<<20 || len(m.Indices) != many {
		t.Errorf("the manifest of %d indices is %d bytes long", len(m.Indices), len(b))
	}
	var back Manifest
	r.must(json.Unmarshal(b, &back))
	if diff := cmp.Diff(m, back); diff != "" {
		t.Error(diff)
	}
}

// TestManifestsAreReadStrictly: one that names what is not there is none.
func TestManifestsAreReadStrictly(t *testing.T) {
	for _, b := range []string{`{"indices":{"a":{"settings":1}}}`, `{"sets":[{}],"indices":{"a":{"aliases":-1}}}`, `{"indices":[]}`} {
		if json.Unmarshal([]byte(b), &Manifest{}) == nil {
			t.Errorf("%s was read", b)
		}
	}
}

func TestEvenly(t *testing.T) {
	for _, c := range []struct {
		many, n int
		want    []int
	}{{0, 5, []int{}}, {3, 5, []int{0, 1, 2}}, {5, 5, []int{0, 1, 2, 3, 4}}, {11, 3, []int{0, 5, 10}}, {10, 1, []int{0}}} {
		if diff := cmp.Diff(c.want, evenly(c.many, c.n)); diff != "" {
			t.Errorf("%d of %d: %s", c.n, c.many, diff)
		}
	}
}
