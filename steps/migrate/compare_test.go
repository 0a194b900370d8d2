package migrate

import (
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"snapferry/awsx/cluster"
	"snapferry/steps"
)

func manifestOf(docs int64, seq map[int]int64) IndexManifest {
	return IndexManifest{Docs: docs, MaxSeqNo: seq, Mapping: "m", Settings: map[string]string{"index.number_of_shards": "2"}, Aliases: map[string]string{"logs": "{}"}}
}

func num(n int64) *int64 { return &n }

// comparing is a comparison and what has to come of it.
type comparing struct {
	name    string
	target  IndexManifest
	source  IndexManifest
	want    string // part of the first difference, "" for equal
	movedOn int64
	left    string // what is not compared, in order
}

func (c comparing) judge(t *testing.T) {
	got := compare(steps.Move{Index: "a", As: "b"}, c.source, c.target)
	if left := strings.Join(got.Uncompared, ", "); left != c.left {
		t.Errorf("not compared: %q, wants %q", left, c.left)
	}
	if got.MovedOn != c.movedOn {
		t.Errorf("moved on by %d, wants %d", got.MovedOn, c.movedOn)
	}
	if c.want == "" && len(got.Differences) > 0 || c.want != "" && (len(got.Differences) == 0 || !strings.Contains(got.Differences[0].String(), c.want)) {
		t.Errorf("differences %v, wants %q", got.Differences, c.want)
	}
}

func TestCompare(t *testing.T) {
	same := manifestOf(10, map[int]int64{0: 4, 1: 4})
	change := func(f func(*IndexManifest)) IndexManifest {
		m := manifestOf(10, map[int]int64{0: 4, 1: 4})
		f(&m)
		return m
	}
	cases := []comparing{
		{"equal", same, same, "", 0, ""},
		{"a document is missing", change(func(m *IndexManifest) { m.Docs = 9 }), same, "the source has 10 documents, the target 9", 0, ""},
		{"the source moved on", same, change(func(m *IndexManifest) { m.Docs, m.MaxSeqNo = 13, map[int]int64{0: 7, 1: 4} }), "", 3, ""},
		{"more is missing than the source has done since", change(func(m *IndexManifest) { m.Docs = 5 }), change(func(m *IndexManifest) { m.MaxSeqNo = map[int]int64{0: 6, 1: 4} }), "the source has 10 documents, the target 5", 2, ""},
		{"the target was written to", change(func(m *IndexManifest) { m.MaxSeqNo = map[int]int64{0: 5, 1: 4} }), same, "1 operations of its own", 0, ""},
		{"a shard is gone", change(func(m *IndexManifest) { m.MaxSeqNo = map[int]int64{0: 4} }), same, "shard 1 is on one side only", 0, ""},
		{"mapping", change(func(m *IndexManifest) { m.Mapping = "other" }), same, "mappings differ", 0, ""},
		{"setting differs", change(func(m *IndexManifest) { m.Settings = map[string]string{"index.number_of_shards": "3"} }), same, "is 2 on the source and 3 on the target", 0, ""},
		{"setting missing", change(func(m *IndexManifest) { m.Settings = nil }), same, "missing on the target", 0, ""},
		{"alias missing", change(func(m *IndexManifest) { m.Aliases = nil }), same, "alias logs is missing", 0, ""},
		{"not there", IndexManifest{Gone: true}, same, "it is not there", 0, ""},
		{"source is gone", same, IndexManifest{Gone: true}, "", 0, ""},
		{"mapping differs, and the source moved on", same, change(func(m *IndexManifest) { m.Mapping, m.MaxSeqNo = "new", map[int]int64{0: 9, 1: 4} }), "mappings differ", 5, ""},
		{"mapping changed while the snapshot ran", same, change(func(m *IndexManifest) {
			m.Mapping, m.MaxSeqNo, m.Changed = "new", map[int]int64{0: 9, 1: 4}, []string{"mapping"}
		}), "", 5, "mapping"},
		{"all that may change did", same, change(func(m *IndexManifest) {
			m.Settings, m.Aliases = map[string]string{"index.number_of_shards": "2", "index.refresh_interval": "1s"}, map[string]string{"logs": "{1}", "new": "{}"}
			m.Changed = []string{"setting index.refresh_interval", "alias logs", "alias new"}
		}), "", 0, "setting index.refresh_interval, alias logs, alias new"},
		{"taken away while the snapshot ran", same, change(func(m *IndexManifest) { m.Aliases, m.Changed = nil, []string{"alias logs"} }), "", 0, "alias logs"},
		{"one changed, another differs", change(func(m *IndexManifest) { m.Mapping = "other" }), change(func(m *IndexManifest) { m.Aliases, m.Changed = nil, []string{"alias logs"} }), "mappings differ", 0, "alias logs"},
		{"changed, and on the target as well", same, change(func(m *IndexManifest) { m.Changed = []string{"mapping", "alias logs"} }), "", 0, ""},
		{"alias too many", change(func(m *IndexManifest) { m.Aliases = map[string]string{"logs": "{}", "x": "{}"} }), same, "alias x is on the target only", 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, c.judge)
	}
}

// TestCompareNested: the engine's figure has the objects of nested fields in it, so that
// it tells little once the source has moved on; what _count says does.
func TestCompareNested(t *testing.T) {
	same := manifestOf(10, map[int]int64{0: 4, 1: 4})
	change := func(f func(*IndexManifest)) IndexManifest {
		m := same
		f(&m)
		return m
	}
	for _, c := range []comparing{
		{"nested documents, and the source moved on", change(func(m *IndexManifest) { m.Docs = 1100 }), change(func(m *IndexManifest) {
			m.Docs, m.Nested, m.MaxSeqNo = 1111, true, map[int]int64{0: 5, 1: 4}
		}), "", 1, "count of documents"},
		{"nested documents, counted, and the source moved on", change(func(m *IndexManifest) { m.Docs, m.Count, m.Nested = 1100, num(10), true }), change(func(m *IndexManifest) {
			m.Docs, m.Count, m.Nested, m.MaxSeqNo = 1111, num(11), true, map[int]int64{0: 5, 1: 4}
		}), "", 1, ""},
		{"nested documents, counted, more missing than the source has done since", change(func(m *IndexManifest) { m.Docs, m.Count, m.Nested = 1100, num(8), true }), change(func(m *IndexManifest) {
			m.Docs, m.Count, m.Nested, m.MaxSeqNo = 1111, num(10), true, map[int]int64{0: 5, 1: 4}
		}), "the source has 10 documents, the target 8", 1, ""},
		{"nested documents, counted on one side, and the source moved on", change(func(m *IndexManifest) { m.Docs, m.Nested = 1100, true }), change(func(m *IndexManifest) {
			m.Docs, m.Count, m.Nested, m.MaxSeqNo = 1111, num(10), true, map[int]int64{0: 5, 1: 4}
		}), "", 1, "count of documents"},
		{"nested documents, of which one side shows less to who counts", change(func(m *IndexManifest) { m.Count, m.Nested = num(3), true }), change(func(m *IndexManifest) { m.Count, m.Nested = num(4), true }), "", 0, ""},
		{"nested objects are missing", change(func(m *IndexManifest) { m.Docs, m.Count, m.Nested = 9, num(4), true }), change(func(m *IndexManifest) { m.Count, m.Nested = num(4), true }), "the source has 10 documents, nested ones among them, the target 9", 0, ""},
		{"nested documents, and a document is missing", change(func(m *IndexManifest) { m.Docs = 9 }), change(func(m *IndexManifest) { m.Nested = true }), "the source has 10 documents, nested ones among them, the target 9", 0, ""},
	} {
		t.Run(c.name, c.judge)
	}
}

// TestReadOnce: where nobody read the source before the snapshot began, what differs
// may have changed meanwhile, and nothing of it is a difference or proven.
func TestReadOnce(t *testing.T) {
	source, target := manifestOf(10, map[int]int64{0: 9}), manifestOf(10, map[int]int64{0: 9})
	source.Aliases, source.Mapping, source.Once = map[string]string{"new": "{}"}, "grown", true
	c := compare(steps.Move{Index: "a", As: "b"}, source, target)
	if len(c.Differences) > 0 || strings.Join(c.Uncompared, ", ") != "mapping, alias logs, alias new" {
		t.Errorf("%v, not compared %v", c.Differences, c.Uncompared)
	}
}

func TestChangedBetweenTwoReadings(t *testing.T) {
	one := IndexManifest{UUID: "u", Mapping: "m", Settings: map[string]string{"a": "1", "b": "1", "c": "1"}, Aliases: map[string]string{"x": "{}"}}
	two := IndexManifest{UUID: "u", Mapping: "n", Settings: map[string]string{"a": "1", "b": "2", "d": "1"}, Aliases: map[string]string{"y": "{}"}}
	want := []string{"mapping", "setting b", "setting c", "setting d", "alias x", "alias y"}
	if got := changed(one, two); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := changed(one, one); len(got) > 0 {
		t.Errorf("nothing changed, but %v", got)
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
		compared       int64
		want           string
		only           map[int]surplus
	}{
		{name: "equal", source: walk(a, b, c), target: walk(a, b, c), compared: 3},
		{name: "both empty", source: walk(), target: walk()},
		{name: "first missing", source: walk(a, b, c), target: walk(b, c), compared: 2, want: "document a is missing"},
		{name: "last missing", source: walk(a, b, c), target: walk(a, b), compared: 2, want: "document c is missing"},
		{name: "all missing", source: walk(a, b, c), target: walk(), want: "document a is missing"},
		{name: "other content", source: walk(a, b, c), target: walk(a, doc(0, 3, "b", "9"), c), compared: 2, want: "document b has other content"},
		{name: "other id in the same place", source: walk(a), target: walk(doc(0, 0, "z", "1")), want: "has other content"},
		{name: "on the target only", source: walk(a, c), target: walk(a, b, c), compared: 2, only: map[int]surplus{0: {1, "b"}}},
		{name: "several of a shard", source: walk(), target: walk(a, b, c), only: map[int]surplus{0: {2, "a"}, 1: {1, "c"}}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			var got Comparison
			only, err := compareAll(tc.source, tc.target, &got)
			if err != nil {
				t.Fatal(err)
			}
			if got.Compared != tc.compared {
				t.Errorf("compared %d, wants %d", got.Compared, tc.compared)
			}
			if tc.want == "" && len(got.Differences) > 0 || tc.want != "" && (len(got.Differences) == 0 || !strings.Contains(got.Differences[0].String(), tc.want)) {
				t.Errorf("differences %v, wants %q", got.Differences, tc.want)
			}
			if !maps.Equal(only, tc.only) {
				t.Errorf("on the target only %v, wants %v", only, tc.only)
			}
		})
	}
}

func TestManyDifferencesAreEnough(t *testing.T) {
	var source, target []cluster.Document
	for i := range int64(1000) {
		source, target = append(source, doc(0, i, "x", "1")), append(target, doc(0, i, "x", "2"))
	}
	var got Comparison
	if _, err := compareAll(walk(source...), walk(target...), &got); err != nil || len(got.Differences) != maxDifferences+1 {
		t.Errorf("%d differences are listed, %v", len(got.Differences), err)
	}
	got = Comparison{}
	if _, err := compareAll(walk(source...), walk(), &got); err != nil || len(got.Differences) != maxDifferences+1 {
		t.Errorf("%d missing documents are listed, %v", len(got.Differences), err)
	}
}

func TestCompareAllHandsErrorsOn(t *testing.T) {
	broken := func(yield func(cluster.Document, error) bool) { yield(cluster.Document{}, errors.New("gone")) }
	asked := 0
	target := func(yield func(cluster.Document, error) bool) {
		asked++
		walk(doc(0, 0, "a", ""))(yield)
	}
	if _, err := compareAll(broken, target, &Comparison{}); err == nil || asked > 0 {
		t.Errorf("an unreadable source compares as equal: %v, and the target was asked %d times", err, asked)
	}
	if _, err := compareAll(walk(doc(0, 0, "a", "")), broken, &Comparison{}); err == nil {
		t.Error("an unreadable target compares as equal")
	}
	if _, err := compareAll(broken, walk(), &Comparison{}); err == nil {
		t.Error("an unreadable source compares as equal to an empty target")
	}
}

func TestEvidence(t *testing.T) {
	differs := []steps.Text{steps.T("it is upside down")}
	for name, c := range map[string]struct {
		second  Comparison
		err     string
		summary string
		line    string
	}{
		"equal":                {Comparison{As: "b", TargetDocs: 3, Compared: 1}, "", "2 indices equal: 5 documents counted, 3 compared", ""},
		"different":            {Comparison{As: "b", Differences: differs}, "b is not equal to its source: it is upside down (1 of 2 indices differ)", "", ""},
		"moved on":             {Comparison{As: "b", MovedOn: 5}, "", "2 indices equal", "moved on since the snapshot; its operations that are not on the target: 5"},
		"gone":                 {Comparison{As: "b", Gone: true}, "", "1 index equal", "nothing to compare with: 1"},
		"not compared":         {Comparison{As: "b", Uncompared: []string{"alias x", "mapping"}}, "", "2 indices equal", "not compared: 2; the first is the alias x of b"},
		"proven, then changed": {Comparison{As: "b", Since: differs}, "", "2 indices equal", "changed after they had been proven"},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := Proof{Indices: []Comparison{{As: "a", TargetDocs: 2, Compared: 2}, c.second}}.evidence()
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("error %v", err)
				}
				return
			}
			lines := ""
			for _, l := range e.Lines {
				lines += l.String()
			}
			if err != nil || !strings.Contains(e.Summary.String(), c.summary) || !strings.Contains(lines, c.line) || (c.line == "") != (lines == "") || len(e.Data) == 0 {
				t.Errorf("%s %q %v", e.Summary, lines, err)
			}
		})
	}
}

func TestWhatWasProvenHolds(t *testing.T) {
	before := Proof{SnapshotUUID: "s", Indices: []Comparison{{As: "a", UUID: "u"}, {As: "b", UUID: "v", Differences: []steps.Text{steps.T("x")}}}}
	for name, c := range map[string]struct {
		snapshot string
		now      Comparison
		want     bool
	}{
		"same index":                {"s", Comparison{As: "a", UUID: "u"}, true},
		"restored again":            {"s", Comparison{As: "a", UUID: "w"}, false},
		"of another snapshot":       {"t", Comparison{As: "a", UUID: "u"}, false},
		"never proven":              {"s", Comparison{As: "c", UUID: "u"}, false},
		"never proven equal":        {"s", Comparison{As: "b", UUID: "v"}, false},
		"nothing known of its kind": {"s", Comparison{As: "c"}, false},
	} {
		if got := before.holds(c.snapshot, c.now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
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
