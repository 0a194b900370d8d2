package contract

import "fmt"

const orders = `{"settings":{"number_of_shards":1,"number_of_replicas":0},"mappings":{"properties":{"number":{"type":"keyword"},
	"items":{"type":"nested","properties":{"product":{"type":"keyword"},"parts":{"type":"nested","properties":{"of":{"type":"keyword"}}}}}}}}`

// nested is what counts what: statistics count every object of a nested field, searches
// and _count the documents around them.
var nested = Scenario{Name: "nested", Cases: []Case{
	{Name: "create-index", Call: "PUT /orders", Body: orders},
	{Name: "put-two", Call: "PUT /orders/_doc/1", Body: `{"number":"1","items":[{"product":"a"},{"product":"b"}]}`, Status: 201},
	{Name: "put-one", Call: "PUT /orders/_doc/2", Body: `{"number":"2","items":{"product":"c"}}`, Status: 201},
	{Name: "put-inner", Call: "PUT /orders/_doc/3", Body: `{"number":"3","items":[{"product":"d","parts":[{"of":"x"},{"of":"y"}]}]}`, Status: 201},
	{Name: "put-none", Call: "PUT /orders/_doc/4", Body: `{"number":"4"}`, Status: 201},
	{Name: "refresh", Call: "POST /orders/_refresh"},
	{Name: "count", Call: "GET /orders/_count"},
	{Name: "stats", Call: "GET /orders/_stats/docs"},
	{Name: "cat-indices", Call: "GET /_cat/indices/orders?format=json&h=index,docs.count&s=index"},
	{Name: "cat-shards", Call: "GET /_cat/shards/orders?format=json&h=index,docs&s=index"},
	{Name: "cat-count", Call: "GET /_cat/count/orders?format=json&h=count"},
	{Call: "PUT /returns", Body: orders},
	{Call: "PUT /empty", Body: orders},
	{Name: "put-weighted", Call: "PUT /returns/_doc/1?refresh=true", Body: `{"number":"1","_doc_count":7,"items":[{"product":"a"},{"product":"b"}]}`, Status: 201},
	{Name: "put-two-more", Call: "PUT /returns/_doc/2?refresh=true", Body: `{"number":"2","items":[{"product":"a"},{"product":"b"}]}`, Status: 201},
	{Name: "count-weighted", Call: "GET /returns/_count"},
	{Name: "search-by-index", Call: "GET /empty,orders,returns/_search", Body: byIndex(3)},
	{Name: "search-by-index-cut", Call: "GET /empty,orders,returns/_search", Body: byIndex(1)},
	{Name: "search-by-index-missing", Call: "GET /empty,gone/_search", Body: byIndex(2), Status: 404, Error: "index_not_found_exception"},
}}

// byIndex counts documents index by index: the buckets' own counts weigh a document by
// its _doc_count where the engine knows that field, the values in them do not.
func byIndex(size int) string {
	return fmt.Sprintf(`{"size":0,"aggs":{"indices":{"terms":{"field":"_index","size":%d},"aggs":{"documents":{"value_count":{"field":"_index"}}}}}}`, size)
}
