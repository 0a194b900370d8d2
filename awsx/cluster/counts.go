package cluster

import (
	"context"
	"net/http"
	"strings"
)

// Counts counts the documents of indices as _count does each: what a person wrote,
// where Stats has every object of a nested field in it, too. It is one search for all
// whose names fit into a URL. An index in which the caller can see no document is left
// out; one that is absent or closed is an error.
//
// What a bucket calls its doc_count weighs documents that have a _doc_count (since
// OpenSearch), and so the values in it are counted.
// With fine-grained access control: indices:data/read/search.
func (c *Cluster) Counts(ctx context.Context, indices []string) (map[string]int64, error) {
	type object = map[string]any
	return merged(indices, func(names string) (map[string]int64, error) {
		var out struct {
			Shards       shardReport `json:"_shards"`
			Aggregations struct {
				Indices struct {
					Buckets []struct {
						Key       string                `json:"key"`
						Documents struct{ Value int64 } `json:"documents"`
					} `json:"buckets"`
				} `json:"indices"`
			} `json:"aggregations"`
		}
		byIndex := object{
			"terms": object{"field": "_index", "size": 1 + strings.Count(names, ",")},
			"aggs":  object{"documents": object{"value_count": object{"field": "_index"}}},
		}
		p := "/" + names + "/_search"
		if err := c.call(ctx, http.MethodGet, p, nil, object{"size": 0, "aggs": object{"indices": byIndex}}, &out); err != nil {
			return nil, err
		}
		m := map[string]int64{}
		for _, b := range out.Aggregations.Indices.Buckets {
			m[b.Key] = b.Documents.Value
		}
		return m, out.Shards.complete("GET " + p)
	})
}
