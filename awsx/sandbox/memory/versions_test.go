package memory_test

import (
	"strings"
	"testing"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/memory"
)

// TestVersionPaths: from which engine to which a snapshot may go, and what a
// refusal says. Those marked were seen on real nodes; the rest follows from the
// engines' rules.
func TestVersionPaths(t *testing.T) {
	for _, tc := range []struct{ from, to, list, restore string }{
		{"7.10.2", "7.10.2", "", ""},
		{"7.10.2", "1.3.0", "", ""},
		{"7.10.2", "2.19.4", "", ""}, // seen
		{"7.10.2", "3.4.0", "Snapshot could not be read", "Version id 7100299 must contain OpenSearch mask"}, // seen
		{"7.4.2", "7.10.2", "", ""},
		{"6.8.0", "7.10.2", "", ""},
		{"6.8.0", "2.19.4", "", "cannot restore index [orders] because it cannot be upgraded"},
		{"1.3.0", "2.19.4", "", ""},
		{"1.3.0", "3.4.0", "", "cannot restore index [orders] because it cannot be upgraded"},
		{"2.19.4", "3.4.0", "", ""}, // seen
		{"2.19.4", "2.11.0", "", "the snapshot was created with OpenSearch version [2.19.4] which is higher than the version of this node [2.11.0]"},
		{"3.4.0", "2.19.4", "", "the snapshot was created with OpenSearch version [3.4.0] which is higher than the version of this node [2.19.4]"},              // seen
		{"3.8.0", "3.4.0", "", "the snapshot was created with OpenSearch version [3.8.0] which is higher than the version of this node [3.4.0]"},                // seen
		{"2.19.4", "7.10.2", "", "the snapshot was created with Elasticsearch version [36.40.82-beta2] which is higher than the version of this node [7.10.2]"}, // seen
		{"7.10.2", "7.4.2", "", "the snapshot was created with Elasticsearch version [7.10.2] which is higher than the version of this node [7.4.2]"},
	} {
		t.Run(tc.from+" to "+tc.to, func(t *testing.T) {
			target := snapped(t, tc.from).neighbour(tc.to)
			for call, want := range map[string]string{"GET /_snapshot/r/_all": tc.list, "POST /_snapshot/r/s1/_restore?wait_for_completion=true": tc.restore} {
				body := ""
				if strings.HasPrefix(call, "POST") {
					body = `{"indices":"orders"}`
				}
				a := target.do(call, body)
				if want == "" && a.status != 200 || want != "" && (a.status < 400 || !strings.HasSuffix(a.at("error", "reason").(string), want)) {
					t.Errorf("%s: %d %.500s; want %q", call, a.status, a.raw, want)
				}
			}
		})
	}
}

// An index can be older than its snapshot: its own version counts as well.
func TestOldIndexInNewSnapshot(t *testing.T) {
	plant := func(w *world, v awsid.EngineVersion) {
		t.Helper()
		err := w.c.Plant(memory.Content{Indices: []memory.Planted{{Name: "old", Created: w.clock.at, Version: v, Docs: []memory.PlantedDoc{{ID: "1", Source: []byte(`{"n":1}`)}}}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct{ index, on, to, reason, cause string }{
		{"6.8.0", "7.10.2", "2.19.4", "cannot restore index [old] because it cannot be upgraded", "The index [[old/ID]] was created with version [6.8.0] but the minimum compatible version is [7.0.0]. It should be re-indexed in OpenSearch 7.x before upgrading to 2.19.4."},
		{"1.3.0", "2.19.4", "3.4.0", "cannot restore index [old] because it cannot be upgraded", "The index [[old/ID]] was created with version [1.3.0] but the minimum compatible version is [2.0.0]. It should be re-indexed in OpenSearch 2.x before upgrading to 3.4.0."},
		{"7.10.2", "2.19.4", "3.4.0", "Version id 7100299 must contain OpenSearch mask", ""},
		{"5.6.0", "6.8.0", "7.10.2", "cannot restore index [old] because it cannot be upgraded", "The index [[old/ID]] was created with version [5.6.0] but the minimum compatible version is [6.0.0-beta1]. It should be re-indexed in Elasticsearch 6.x before upgrading to 7.10.2."},
	} {
		source := start(t, tc.on)
		source.must("PUT /_snapshot/r", repositoryBody)
		plant(source, version(t, tc.index))
		source.must("PUT /_snapshot/r/s1?wait_for_completion=true", `{"indices":"old"}`)
		a := source.neighbour(tc.to).do("POST /_snapshot/r/s1/_restore", `{"indices":"old"}`)
		reason, _ := a.at("error", "reason").(string)
		if a.status < 400 || !strings.HasSuffix(reason, tc.reason) {
			t.Errorf("%s in %s to %s: %d %s", tc.index, tc.on, tc.to, a.status, a.raw)
		}
		cause, _ := a.at("error", "caused_by", "reason").(string)
		if id, _ := source.must("GET /old/_settings").at("old", "settings", "index", "uuid").(string); strings.Replace(cause, id, "ID", 1) != tc.cause {
			t.Errorf("%s in %s to %s: cause %q, want %q", tc.index, tc.on, tc.to, cause, tc.cause)
		}
	}
}

// What GET / says; version numbers carry OpenSearch's mask.
func TestWhoAmI(t *testing.T) {
	for v, want := range map[string]string{
		"7.10.2": `{"cluster_name":"111111111111:source","version":{"distribution":null,"number":"7.10.2","lucene_version":"8.7.0","minimum_index_compatibility_version":"6.0.0-beta1"},"tagline":"You Know, for Search"}`,
		"2.19.4": `{"version":{"distribution":"opensearch","number":"2.19.4","lucene_version":"9.12.3","minimum_index_compatibility_version":"7.0.0"},"tagline":"The OpenSearch Project: https://opensearch.org/"}`,
		"3.8.0":  `{"version":{"number":"3.8.0","minimum_index_compatibility_version":"2.0.0"}}`,
		"1.3.0":  `{"version":{"number":"1.3.0","minimum_index_compatibility_version":"6.0.0-beta1"}}`,
	} {
		start(t, v).play([]step{{"GET /", "", 0, want}})
	}
	for v, id := range map[string]string{"7.10.2": "7100299", "1.3.0": "135247827", "2.19.4": "136408227", "3.4.0": "137257827", "3.8.0": "137297827"} {
		w := start(t, v)
		w.must("PUT /a")
		w.must("GET /a/_settings?flat_settings").is(id, "a", "settings", "index.version.created")
	}
}

// Exclusions in a restore's list: their order counts only before OpenSearch 2.5.
func TestExclusionsByVersion(t *testing.T) {
	for v, want := range map[string]string{"7.10.2": "logs orders", "2.4.0": "logs orders", "2.5.0": "orders", "3.4.0": "orders"} {
		w := snapped(t, v)
		w.must("DELETE /logs,orders")
		a := w.must("POST /_snapshot/r/s1/_restore?wait_for_completion=true", `{"indices":"-logs,*"}`)
		var got []string
		for _, n := range a.at("snapshot", "indices").([]any) {
			got = append(got, n.(string))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: restored %v, want %s", v, got, want)
		}
	}
}
