package awsid

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestParseEngineVersion(t *testing.T) {
	for in, want := range map[string]EngineVersion{
		"OpenSearch_2.11":     {OpenSearch, 2, 11, NoPatch},
		"OpenSearch 2.19.4":   {OpenSearch, 2, 19, 4},
		"Elasticsearch_7.10":  {Elasticsearch, 7, 10, NoPatch},
		" 7.10.2 ":            {Elasticsearch, 7, 10, 2},
		"5.6":                 {Elasticsearch, 5, 6, NoPatch},
		"Elasticsearch_2.3":   {Elasticsearch, 2, 3, NoPatch},
		"2.11":                {},
		"8.1":                 {},
		"OpenSearch_2":        {},
		"OpenSearch_2.x":      {},
		"OpenSearch_2.1.1.1":  {},
		"OpenSearch_+2.1":     {},
		"Opensearch_2.11":     {},
		"OpenSearch_2.11-RC1": {},
		"":                    {},
		"99999999999999.1":    {},
	} {
		got, err := ParseEngineVersion(in)
		if got != want || (err == nil) == want.IsZero() {
			t.Errorf("%q: %+v, %v", in, got, err)
		}
	}
}

func TestEngineVersionsAreOneLine(t *testing.T) {
	inOrder := []EngineVersion{
		{Elasticsearch, 5, 6, 0},
		{Elasticsearch, 6, 8, 0},
		{Elasticsearch, 7, 1, 1},
		{Elasticsearch, 7, 10, 0},
		{Elasticsearch, 7, 10, 2},
		{OpenSearch, 1, 0, 0},
		{OpenSearch, 1, 3, 20},
		{OpenSearch, 2, 9, 0},
		{OpenSearch, 2, 19, 4},
		{OpenSearch, 3, 4, 0},
	}
	mixed := slices.Clone(inOrder)
	slices.Reverse(mixed)
	slices.SortFunc(mixed, EngineVersion.Compare)
	if !slices.Equal(mixed, inOrder) {
		t.Errorf("sorted as %v", mixed)
	}
	for _, v := range inOrder {
		if v.Compare(v) != 0 {
			t.Errorf("%v differs from itself", v)
		}
	}
}

func TestEngineVersionInJSON(t *testing.T) {
	for _, v := range []EngineVersion{{}, {OpenSearch, 2, 19, 4}, {Elasticsearch, 7, 10, 0}} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		back := EngineVersion{Major: 9}
		if err := json.Unmarshal(b, &back); err != nil || back != v {
			t.Errorf("%s came back as %+v, %v", b, back, err)
		}
	}
	if v := (EngineVersion{OpenSearch, 2, 19, 4}); v.String() != "OpenSearch 2.19.4" || v.Number() != "2.19.4" {
		t.Errorf("written %s, %s", v, v.Number())
	}
	var v EngineVersion
	if err := json.Unmarshal([]byte(`"two"`), &v); err == nil || !v.IsZero() {
		t.Error("two is no version")
	}
}

// TestVersionsAreShownAsTold: the control plane tells no patch level, a node does.
func TestVersionsAreShownAsTold(t *testing.T) {
	for told, want := range map[string]string{
		"OpenSearch_2.19": "OpenSearch 2.19", "OpenSearch 2.19.4": "OpenSearch 2.19.4", "OpenSearch_3.4.0": "OpenSearch 3.4.0", "Elasticsearch_7.10": "Elasticsearch 7.10",
	} {
		v, err := ParseEngineVersion(told)
		if err != nil || v.String() != want {
			t.Errorf("%s is shown as %s, %v", told, v, err)
		}
		b, err := json.Marshal(v)
		var again EngineVersion
		if err != nil || json.Unmarshal(b, &again) != nil || again != v {
			t.Errorf("%s comes back from %s as %+v, %v", told, b, again, err)
		}
	}
	api, node := EngineVersion{OpenSearch, 2, 19, NoPatch}, EngineVersion{OpenSearch, 2, 19, 0}
	if api.Compare(node) != 0 || api.Compare(EngineVersion{OpenSearch, 2, 19, 4}) >= 0 {
		t.Error("what is not told is no older than the first")
	}
}
