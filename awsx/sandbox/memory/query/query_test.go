package query_test

import (
	"encoding/json"
	"strings"
	"testing"

	"snapferry/awsx/sandbox/memory/query"
)

// docs are what every query of the table is put to.
var docs = []query.Doc{
	{ID: "1", Seq: 0, Source: []byte(`{"level":"INFO","took":12,"text":"Request handled well","at":"2026-11-01T00:00:00Z","ok":true,"http":{"status":200},"tags":["a","b"]}`)},
	{ID: "2", Seq: 1, Routing: "x", Source: []byte(`{"level":"ERROR","took":250.5,"text":"slow query","at":"2026-11-20T00:00:00Z","ok":false,"http":{"status":500},"tags":["c"]}`)},
	{ID: "3", Seq: 5, Source: []byte(`{"level":"INFO","took":9000000001,"at":"2026-10-01T00:00:00Z","http.status":404,"items":[{"sku":"P-1"},{"sku":"P-2"}],"none":null}`)},
}

func matching(p query.Predicate) string {
	var out []string
	for i := range docs {
		d := docs[i]
		if p(&d) {
			out = append(out, d.ID)
		}
	}
	return strings.Join(out, " ")
}

var queryCases = []struct{ q, want string }{
	{``, "1 2 3"},
	{`{"match_all":{}}`, "1 2 3"},
	{`{"match_none":{}}`, ""},
	{`{"ids":{"values":["1","3","9"]}}`, "1 3"},
	{`{"ids":{"values":[2]}}`, "2"},
	{`{"term":{"level":"INFO"}}`, "1 3"},
	{`{"term":{"level.keyword":"ERROR"}}`, "2"},
	{`{"term":{"level":{"value":"ERROR"}}}`, "2"},
	{`{"term":{"took":12}}`, "1"},
	{`{"term":{"took":"12"}}`, "1"},
	{`{"term":{"ok":true}}`, "1"},
	{`{"term":{"tags":"b"}}`, "1"},
	{`{"term":{"http.status":404}}`, "3"},
	{`{"term":{"http.status":200}}`, "1"},
	{`{"term":{"items.sku":"P-2"}}`, "3"},
	{`{"term":{"_id":"2"}}`, "2"},
	{`{"term":{"_routing":"x"}}`, "2"},
	{`{"term":{"http":"x"}}`, ""},
	{`{"terms":{"level":["ERROR","WARN"]}}`, "2"},
	{`{"terms":{"took":[12,250.5]}}`, "1 2"},
	{`{"prefix":{"level":"E"}}`, "2"},
	{`{"wildcard":{"level":{"value":"*NF*"}}}`, "1 3"},
	{`{"match":{"text":"QUERY handled"}}`, "1 2"},
	{`{"match":{"text":{"query":"slow"}}}`, "2"},
	{`{"match_phrase":{"text":"slow query"}}`, "2"},
	{`{"range":{"took":{"gte":12,"lt":9000000001}}}`, "1 2"},
	{`{"range":{"took":{"gt":12}}}`, "2 3"},
	{`{"range":{"took":{"lte":12}}}`, "1"},
	{`{"range":{"at":{"gte":"2026-11-01T00:00:00Z"}}}`, "1 2"},
	{`{"range":{"_seq_no":{"lte":1}}}`, "1 2"},
	{`{"range":{"_seq_no":{"gt":1,"lte":5}}}`, "3"},
	{`{"exists":{"field":"text"}}`, "1 2"},
	{`{"exists":{"field":"none"}}`, ""},
	{`{"exists":{"field":"items.sku"}}`, "3"},
	{`{"bool":{}}`, "1 2 3"},
	{`{"bool":{"must":{"term":{"level":"INFO"}},"must_not":[{"ids":{"values":["1"]}}]}}`, "3"},
	{`{"bool":{"filter":[{"term":{"level":"INFO"}},{"range":{"took":{"lt":100}}}]}}`, "1"},
	{`{"bool":{"should":[{"term":{"took":12}},{"term":{"level":"ERROR"}}]}}`, "1 2"},
	{`{"bool":{"should":[{"term":{"took":12}},{"term":{"level":"INFO"}}],"minimum_should_match":2}}`, "1"},
	{`{"bool":{"must":[{"term":{"level":"INFO"}}],"should":[{"term":{"took":12}}]}}`, "1 3"},
	{`{"bool":{"must":[{"term":{"level":"INFO"}}],"should":[{"term":{"took":12}}],"minimum_should_match":"1"}}`, "1"},
	{`{"constant_score":{"filter":{"term":{"level":"ERROR"}}}}`, "2"},
	{`{"query_string":{"query":"*"}}`, "1 2 3"},
	{`{"query_string":{"query":"level:INFO AND took:12"}}`, "1"},
	{`{"query_string":{"query":"level:err*"}}`, "2"},
	{`{"query_string":{"query":"_exists_:text"}}`, "1 2"},
	{`{"query_string":{"query":"handled"}}`, "1"},
	{`{"query_string":{"query":"level:\"ERROR\""}}`, "2"},
	{`{"simple_query_string":{"query":"P-2"}}`, "3"},
	{`{"query_string":{"query":"*:*"}}`, "1 2 3"},
}

func TestQueries(t *testing.T) {
	for _, tc := range queryCases {
		p, err := query.Compile([]byte(tc.q))
		if err != nil {
			t.Errorf("%s: %v", tc.q, err)
			continue
		}
		if got := matching(p); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.q, got, tc.want)
		}
	}
}

func TestRefusedQueries(t *testing.T) {
	for q, want := range map[string]string{
		`{"nope":{}}`:                           "parsing_exception: unknown query [nope]",
		`{}`:                                    "illegal_argument_exception: query malformed, empty clause found",
		`[]`:                                    "illegal_argument_exception: query malformed, empty clause found",
		`{"term":{"a":1},"ids":{}}`:             "parsing_exception: [ids] malformed query, expected [END_OBJECT] but found [FIELD_NAME]",
		`{"term":{"a":1,"b":2}}`:                "parsing_exception: [term] query doesn't support multiple fields",
		`{"range":{"a":{},"b":{}}}`:             "parsing_exception: [range] query doesn't support multiple fields",
		`{"range":{"a":{"above":1}}}`:           "parsing_exception: [range] query does not support [above]",
		`{"terms":{"a":1}}`:                     "parsing_exception: [terms] query requires a field name",
		`{"bool":{"musst":[]}}`:                 "parsing_exception: [bool] query does not support [musst]",
		`{"bool":{"must":[{"nope":{}}]}}`:       "parsing_exception: unknown query [nope]",
		`{"constant_score":{"filter":[]}}`:      "illegal_argument_exception: query malformed, empty clause found",
		`{"bool":{"minimum_should_match":"x"}}`: "parsing_exception: [bool] query does not support [minimum_should_match]",
		`{"ids":[]}`:                            "parsing_exception: ",
		`{"exists":1}`:                          "parsing_exception: ",
		`{"query_string":[]}`:                   "parsing_exception: ",
	} {
		_, err := query.Compile([]byte(q))
		if err == nil || err.Status != 400 || !strings.HasPrefix(err.Type+": "+err.Reason, want) {
			t.Errorf("%s: %v, want %s", q, err, want)
		}
	}
}

func TestCompare(t *testing.T) {
	for _, tc := range []struct {
		a, b any
		want int
	}{{"2", "10", 1}, {json.Number("2"), "10", -1}, {"b", "a", 1}, {"a", "a", 0}, {10, 10, 0}, {true, "true", 0}, {3, 2, 1}, {"2026-01-02", "2026-01-10", -1}} {
		if got := query.Compare(tc.a, tc.b); got != tc.want {
			t.Errorf("Compare(%v, %v) = %d", tc.a, tc.b, got)
		}
	}
}

func TestSpoiltSourceMatchesNothing(t *testing.T) {
	p, err := query.Compile([]byte(`{"term":{"a":1}}`))
	if err != nil {
		t.Fatal(err)
	}
	if p(&query.Doc{Source: []byte(`nonsense`)}) {
		t.Error("it matched")
	}
}
