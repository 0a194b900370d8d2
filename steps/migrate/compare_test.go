package migrate

import (
	"errors"
	"iter"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

func manifestOf(docs int64, seq map[int]int64) IndexManifest {
	return IndexManifest{Docs: docs, MaxSeqNo: seq, Mapping: "m", Settings: map[string]string{"index.number_of_shards": "2"}, Aliases: map[string]string{"logs": "{}"}}
}

func TestCompare(t *testing.T) {
	same := manifestOf(10, map[int]int64{0: 4, 1: 4})
	change := func(f func(*IndexManifest)) IndexManifest {
		m := manifestOf(10, map[int]int64{0: 4, 1: 4})
		f(&m)
		return m
	}
	cases := []struct {
		name    string
		target  IndexManifest
		source  IndexManifest
		want    string // part of the first difference, "" for equal
		movedOn int64
	}{
		{"equal", same, same, "", 0},
		{"a document is missing", change(func(m *IndexManifest) { m.Docs = 9 }), same, "the source has 10 documents, the target 9", 0},
		{"the source moved on", same, change(func(m *IndexManifest) { m.Docs, m.MaxSeqNo = 13, map[int]int64{0: 7, 1: 4} }), "", 3},
		{"the target was written to", change(func(m *IndexManifest) { m.MaxSeqNo = map[int]int64{0: 5, 1: 4} }), same, "1 operations of its own", 0},
		{"a shard is gone", change(func(m *IndexManifest) { m.MaxSeqNo = map[int]int64{0: 4} }), same, "shard 1 is on one side only", 0},
		{"mapping", change(func(m *IndexManifest) { m.Mapping = "other" }), same, "mappings differ", 0},
		{"setting differs", change(func(m *IndexManifest) { m.Settings = map[string]string{"index.number_of_shards": "3"} }), same, "is 2 on the source and 3 on the target", 0},
		{"setting missing", change(func(m *IndexManifest) { m.Settings = nil }), same, "missing on the target", 0},
		{"alias missing", change(func(m *IndexManifest) { m.Aliases = nil }), same, "alias logs is missing", 0},
		{"alias too many", change(func(m *IndexManifest) { m.Aliases = map[string]string{"logs": "{}", "x": "{}"} }), same, "alias x is on the target only", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := compare(steps.Move{Index: "a", As: "b"}, c.source, c.target)
			if got.MovedOn != c.movedOn {
				t.Errorf("moved on by %d, wants %d", got.MovedOn, c.movedOn)
			}
			if c.want == "" && len(got.Differences) > 0 || c.want != "" && (len(got.Differences) == 0 || !strings.Contains(got.Differences[0].String(), c.want)) {
				t.Errorf("differences %v, wants %q", got.Differences, c.want)
			}
		})
	}
}

func doc(shard int, seq int64, id, source string) cluster.Document {
	return cluster.Document{ID: id, Shard: shard, SeqNo: seq, Source: []byte(source)}
}

func walk(list ...cluster.Document) iter.Seq2[cluster.Document, error] {
	return func(yield func(cluster.Document, error) bool) {
		for _, d := range list {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func TestCompareAll(t *testing.T) {
	a, b, c := doc(0, 0, "a", "1"), doc(0, 3, "b", "2"), doc(1, 0, "c", "3")
	cases := []struct {
		name           string
		source, target iter.Seq2[cluster.Document, error]
		movedOn        int64
		compared       int64
		want           string
	}{
		{"equal", walk(a, b, c), walk(a, b, c), 0, 3, ""},
		{"both empty", walk(), walk(), 0, 0, ""},
		{"first missing", walk(a, b, c), walk(b, c), 0, 2, "document a is missing"},
		{"last missing", walk(a, b, c), walk(a, b), 0, 2, "document c is missing"},
		{"other content", walk(a, b, c), walk(a, doc(0, 3, "b", "9"), c), 0, 2, "document b has other content"},
		{"other id in the same place", walk(a), walk(doc(0, 0, "z", "1")), 0, 0, "has other content"},
		{"overwritten on the source since", walk(a, c), walk(a, b, c), 1, 2, ""},
		{"only on the target though nothing moved on", walk(a, c), walk(a, b, c), 0, 2, "document b is on the target only"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := Comparison{MovedOn: tc.movedOn}
			if err := compareAll(tc.source, tc.target, &got); err != nil {
				t.Fatal(err)
			}
			if got.Compared != tc.compared {
				t.Errorf("compared %d, wants %d", got.Compared, tc.compared)
			}
			if tc.want == "" && len(got.Differences) > 0 || tc.want != "" && (len(got.Differences) == 0 || !strings.Contains(got.Differences[0].String(), tc.want)) {
				t.Errorf("differences %v, wants %q", got.Differences, tc.want)
			}
		})
	}
}

func TestCompareAllHandsErrorsOn(t *testing.T) {
	broken := func(yield func(cluster.Document, error) bool) { yield(cluster.Document{}, errors.New("gone")) }
	if err := compareAll(broken, walk(doc(0, 0, "a", "")), &Comparison{}); err == nil {
		t.Error("an unreadable source compares as equal")
	}
	if err := compareAll(walk(doc(0, 0, "a", "")), broken, &Comparison{}); err == nil {
		t.Error("an unreadable target compares as equal")
	}
	if err := compareAll(broken, walk(), &Comparison{}); err == nil {
		t.Error("an unreadable source compares as equal to an empty target")
	}
}

func TestProofNamesTheFirstDifference(t *testing.T) {
	p := Proof{Indices: []Comparison{{As: "a", TargetDocs: 2, Compared: 2}, {As: "b", Differences: []steps.Text{steps.T("it is upside down")}}}}
	_, err := p.evidence()
	if err == nil || !strings.Contains(err.Error(), "b is not equal to its source: it is upside down") {
		t.Errorf("error %v", err)
	}
	p.Indices = p.Indices[:1]
	p.Indices[0].MovedOn = 5
	e, err := p.evidence()
	if err != nil || len(e.Lines) != 1 || !strings.Contains(e.Lines[0].String(), "moved on since the snapshot by 5") {
		t.Errorf("evidence %+v, error %v", e, err)
	}
}

func TestLastingSettings(t *testing.T) {
	got := lasting(map[string]string{
		"index.uuid": "x", "index.version.created": "1", "index.creation_date": "1", "index.provided_name": "n", "index.number_of_replicas": "1",
		"index.routing.allocation.include._tier": "hot", "index.number_of_shards": "5", "index.analysis.analyzer.a.type": "custom", "index.refresh_interval": "30s",
	})
	if len(got) != 3 || got["index.number_of_shards"] != "5" || got["index.refresh_interval"] != "30s" || got["index.analysis.analyzer.a.type"] != "custom" {
		t.Errorf("%v", got)
	}
}
