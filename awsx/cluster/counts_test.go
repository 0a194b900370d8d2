package cluster_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
)

// TestCounts reads what real nodes answered: an index without documents, and one whose
// documents have a weight.
func TestCounts(t *testing.T) {
	names := []string{"empty", "orders", "returns"}
	each(t, map[string]string{"GET /empty,orders,returns/_search": "nested-search-by-index", "GET /empty,gone/_search": "nested-search-by-index-missing"}, func(t *testing.T, _ string, c *cluster.Cluster) {
		got, err := c.Counts(ctx, names)
		if d := cmp.Diff(map[string]int64{"orders": 4, "returns": 2}, got); d != "" || err != nil {
			t.Errorf("%v %s", err, d)
		}
		if _, err := c.Counts(ctx, []string{"empty", "gone"}); !failure.Is(err, failure.Missing) {
			t.Errorf("got %v", err)
		}
	})
}

func TestCountsAsksForAllOfThem(t *testing.T) {
	a, b := strings.Repeat("a", 2000), strings.Repeat("b", 2000)
	bucket := func(name string) answer {
		return ok(`{"_shards":{"failed":0},"aggregations":{"indices":{"buckets":[{"key":"` + name + `","documents":{"value":1}}]}}}`)
	}
	c, d := serve(t, "3.4.0", map[string]answer{"GET /" + a + ",c/_search": bucket(a), "GET /" + b + "/_search": bucket(b)})
	got, err := c.Counts(ctx, []string{a, "c", b})
	if diff := cmp.Diff(map[string]int64{a: 1, b: 1}, got); diff != "" || err != nil || len(d.asked) != 2 {
		t.Errorf("%v %s %d calls", err, diff, len(d.asked))
	}
	if _, body := d.last(); !strings.Contains(body, `"size":1}`) {
		t.Error(body)
	}
	d.answers["GET /c/_search"] = ok(`{"_shards":{"total":2,"failed":1}}`)
	if _, err := c.Counts(ctx, []string{"c"}); err == nil {
		t.Error("half of the shards was enough")
	}
}
