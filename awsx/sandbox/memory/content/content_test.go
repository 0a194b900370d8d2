package content_test

import (
	"encoding/json"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/memory"
	"snapferry/awsx/sandbox/memory/content"
)

var now = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)

func options(v string) content.Options {
	version, err := awsid.ParseEngineVersion(v)
	if err != nil {
		panic(err)
	}
	return content.Options{Seed: 7, Now: now, Version: version}
}

func cluster(tb testing.TB, o content.Options) *memory.Cluster {
	tb.Helper()
	c, err := memory.Open(memory.Options{
		Dir: tb.TempDir(), Version: o.Version, Name: "1:source", Nodes: 3, NodeBytes: 512 << 30, Clock: func() time.Time { return now },
	})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestSameSeedSameContent(t *testing.T) {
	a, b := content.Make(options("OpenSearch_2.19.4")), content.Make(options("OpenSearch_2.19.4"))
	if !reflect.DeepEqual(a, b) {
		t.Error("two of the same seed differ")
	}
	other := options("OpenSearch_2.19.4")
	other.Seed = 8
	if reflect.DeepEqual(a, content.Make(other)) {
		t.Error("another seed gave the same content")
	}
}

// rows is a cat table as format=json.
func rows(t *testing.T, c *memory.Cluster, path string) []map[string]string {
	t.Helper()
	rec := httptest.NewRecorder()
	c.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
	var out []map[string]string
	if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s: %v: %.200s", path, err, rec.Body)
	}
	return out
}

func TestSeededDomain(t *testing.T) {
	for _, v := range []string{"Elasticsearch_7.10.2", "OpenSearch_2.19.4", "OpenSearch_3.4.0"} {
		t.Run(v, func(t *testing.T) {
			o := options(v)
			c := cluster(t, o)
			for range 2 { // the second time changes nothing
				if err := content.Seed(c, o); err != nil {
					t.Fatal(err)
				}
			}
			seen := map[string]map[string]string{}
			for _, r := range rows(t, c, "/_cat/indices?format=json&bytes=b&expand_wildcards=all") {
				seen[r["index"]] = r
				if r["health"] != "green" || r["docs.count"] == "0" {
					t.Errorf("%s is %s with %s documents", r["index"], r["health"], r["docs.count"])
				}
			}
			for _, name := range []string{"logs-000041", "metrics-2026.11", "orders-2024", "clickstream-2026.11.22", "audit-2026-q4", ".kibana_1", ".tasks"} {
				if seen[name] == nil {
					t.Errorf("%s is missing", name)
				}
			}
			if seen[".opendistro_security"] != nil {
				t.Error("a domain without fine-grained access control has its index")
			}
			if hasStream := seen[".ds-traces-checkout-000003"] != nil; hasStream != (o.Version.Family == awsid.OpenSearch) {
				t.Errorf("a data stream: %v", hasStream)
			}
			if len(seen) < 45 {
				t.Errorf("only %d indices", len(seen))
			}
		})
	}
}

func TestSystemOnly(t *testing.T) {
	o := options("OpenSearch_3.4.0")
	o.SystemOnly = true
	c := cluster(t, o)
	if err := content.Seed(c, o); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows(t, c, "/_cat/indices?format=json") {
		if r["index"][0] != '.' {
			t.Errorf("%s is not the domain's own", r["index"])
		}
	}
	if made := content.Make(o); len(made.IndexTemplates) != 1 || !strings.Contains(string(made.IndexTemplates["traces"]), "data_stream") || len(made.Streams) > 0 {
		t.Errorf("templates %s, streams %v", made.IndexTemplates, made.Streams)
	}
	o.Version = options("Elasticsearch_7.10.2").Version
	if made := content.Make(o); len(made.IndexTemplates) != 0 {
		t.Errorf("an engine without data streams has the template of one: %s", made.IndexTemplates)
	}
}

// Nothing in the default content may stand in the way of one major step up.
func TestEverythingMayMoveUp(t *testing.T) {
	for v, oldest := range map[string]string{"Elasticsearch_7.10.2": "Elasticsearch_7.0.0", "OpenSearch_2.19.4": "OpenSearch_2.0.0", "OpenSearch_3.4.0": "OpenSearch_2.0.0"} {
		floor := options(oldest).Version
		made := map[awsid.EngineVersion]bool{}
		for _, ix := range content.Make(options(v)).Indices {
			if ix.Version.Compare(floor) < 0 {
				t.Errorf("%s: %s was made by %s", v, ix.Name, ix.Version)
			}
			made[ix.Version] = true
		}
		if len(made) < 2 {
			t.Errorf("%s: every index was made by the same version", v)
		}
	}
}

func BenchmarkSeed(b *testing.B) {
	o := options("OpenSearch_2.19.4")
	for b.Loop() {
		if err := content.Seed(cluster(b, o), o); err != nil {
			b.Fatal(err)
		}
	}
}
