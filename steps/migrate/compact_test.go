package migrate

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"snapferry/steps"
	"snapferry/steps/spec"
)

// TestManifestByPieces: written index by index, a manifest is what the encoder makes of it
// in one piece, and is read so.
func TestManifestByPieces(t *testing.T) {
	red, blue := map[string]string{"index.x": "<red>"}, map[string]string{"index.x": "blue"}
	logs := map[string]string{"logs": "{}"}
	count := int64(7)
	m := Manifest{
		SnapshotUUID: "u-1", EngineSeconds: 1.5, Streams: map[string]StreamManifest{"s": {Indices: []string{"a"}, Generation: 2}},
		Indices: map[string]IndexManifest{
			"c":   {UUID: "3", Docs: 9, Count: &count, MaxSeqNo: map[int]int64{0: 8, 11: -1}, Mapping: "m", Settings: red, Aliases: logs},
			"a&b": {UUID: "1", MaxSeqNo: map[int]int64{}, Nested: true, Once: true, Settings: blue},
			"b":   {Gone: true, Settings: red, Changed: []string{"mapping"}},
		},
	}
	want, err := json.Marshal(struct {
		manifestWire
		Indices map[string]indexWire `json:"indices"`
	}{manifestWire{manifestFields(m), []map[string]string{blue, red, logs}}, map[string]indexWire{
		"a&b": {indexFields(m.Indices["a&b"]), 1, 0}, "b": {indexFields(m.Indices["b"]), 2, 0}, "c": {indexFields(m.Indices["c"]), 2, 3},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		of   Manifest
		want string
	}{
		"three": {m, string(want)},
		"none":  {Manifest{SnapshotUUID: "x", Indices: map[string]IndexManifest{}}, `{"snapshot_uuid":"x","engine_seconds":0,"indices":{}}`},
	} {
		got, err := json.Marshal(c.of)
		if diff := cmp.Diff(c.want, string(got)); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
		var back Manifest
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.of, back); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestProofByPieces: written index by index, a proof is what the encoder makes of it.
func TestProofByPieces(t *testing.T) {
	for _, p := range []Proof{
		{SnapshotUUID: `"indices":[]`, Content: spec.ProofAll, Indices: []Comparison{}},
		{SnapshotUUID: "u", Indices: []Comparison{{Index: "a<b", As: "c", MovedOn: 3, Since: []steps.Text{steps.T("%d", 1)}}, {Index: "d"}}, Streams: []StreamComparison{{Name: "s"}}},
	} {
		want, err := json.Marshal(p)
		got, unwritten := p.data()
		if diff := cmp.Diff(string(want), string(got)); err != nil || unwritten != nil || diff != "" {
			t.Errorf("%v %v %s", err, unwritten, diff)
		}
	}
}

// TestBusiestHoldsNoOthers: of ten thousand items a few are told, and kept with the state.
func TestBusiestHoldsNoOthers(t *testing.T) {
	var items []steps.ItemProgress
	for i := range 1000 {
		items = append(items, steps.ItemProgress{Name: fmt.Sprint(i), TotalBytes: int64(i)})
	}
	if few := busiest(items); len(few) != shownItems || cap(few) > 2*shownItems || few[0].Name != "999" {
		t.Errorf("%d of them, room for %d, the first is %s", len(few), cap(few), few[0].Name)
	}
}

// BenchmarkManifest is what it takes to write and read one of ten thousand indices.
func BenchmarkManifest(b *testing.B) {
	m, set := Manifest{Indices: map[string]IndexManifest{}}, map[string]string{"index.number_of_shards": "1"}
	for i := range 10_000 {
		m.Indices[fmt.Sprintf("many-%06d", i)] = IndexManifest{UUID: fmt.Sprintf("uuid-%018d", i), Docs: 1, MaxSeqNo: map[int]int64{0: 0}, Mapping: "0123456789abcdef0123456789abcdef", Settings: set}
	}
	data, err := m.MarshalJSON()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("written", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = m.MarshalJSON()
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var back Manifest
			if err := json.Unmarshal(data, &back); err != nil {
				b.Fatal(err)
			}
		}
	})
}
