package migrate

import (
	"maps"
	"slices"

	"snapferry/steps"
)

// Comparison is one index, source against target.
type Comparison struct {
	Index string `json:"index"`
	As    string `json:"as"`
	// Stream is the target's data stream that it backs, "" for none.
	Stream string `json:"stream,omitempty"`
	// UUID is the target's.
	UUID string `json:"uuid"`
	// SourceDocs are the source's when the manifest was taken, right after the
	// snapshot; TargetDocs the target's now: as _count says, or with every object of a
	// nested field in them, if Nested says so.
	SourceDocs int64 `json:"source_docs"`
	TargetDocs int64 `json:"target_docs"`
	Nested     bool  `json:"nested_counted,omitempty"`
	// Compared counts the documents compared by content, Sourceless those that are there
	// on both sides and of which neither keeps the content.
	Compared   int64 `json:"compared"`
	Sourceless int64 `json:"sourceless,omitempty"`
	// MovedOn counts operations on the source since the snapshot, as far as known.
	MovedOn int64 `json:"moved_on,omitempty"`
	// Gone says that the source has no such index any more to compare with.
	Gone        bool         `json:"source_gone,omitempty"`
	Differences []steps.Text `json:"differences,omitempty"`
	// Written says that the target was written to after what was copied.
	Written bool `json:"written,omitempty"`
	// damaged says that documents differ though nothing was written to the target.
	damaged bool
	// theirs says that this run did not restore it, or that nobody knows.
	theirs bool
	// unread says that nothing is known of what was moved, not even how much it was.
	unread bool
	// Since are differences of an index that had been proven equal before: the
	// target lives on.
	Since []steps.Text `json:"since,omitempty"`
	// Uncompared is what could not be compared ("mapping", "alias logs"), as the source
	// changed while the snapshot ran: the snapshot may hold either.
	Uncompared []string `json:"uncompared,omitempty"`
}

func (c *Comparison) differ(format string, args ...any) {
	c.Differences = append(c.Differences, steps.T(format, args...))
}

// compare judges everything but documents. Sequence numbers travel with the
// snapshot: the target's tell up to which operation it was copied, so a source
// that is ahead has moved on, and a target that is ahead was written to.
func compare(m steps.Move, source, target IndexManifest) Comparison {
	c := Comparison{Index: m.Index, As: m.As, Stream: m.StreamAs, UUID: target.UUID, Gone: source.Gone, unread: source.Gone}
	c.SourceDocs, c.TargetDocs, c.Nested = documentsOf(source, target)
	switch {
	case target.Gone:
		c.differ("it is not there, or it is closed")
		return c
	case source.Gone:
		return c
	}
	for _, shard := range shardsOf(source.MaxSeqNo, target.MaxSeqNo) {
		from, inSource := source.MaxSeqNo[shard]
		to, inTarget := target.MaxSeqNo[shard]
		switch {
		case inSource != inTarget:
			c.differ("shard %d is on one side only", shard)
		case to > from:
			c.Written = true
			c.differ("shard %d of the target has %d operations of its own", shard, to-from)
		default:
			c.MovedOn += from - to
		}
	}
	c.counts(source, target)
	switch {
	case source.Mapping == target.Mapping:
	case source.settled("mapping"):
		c.differ("the mappings differ")
	default:
		c.Uncompared = append(c.Uncompared, "mapping")
	}
	c.texts(source, "setting", source.Settings, target.Settings)
	c.texts(source, "alias", source.Aliases, target.Aliases)
	return c
}

// counts compares how many documents there are: first by the engine's own figure, which
// nobody's rights narrow. Every operation adds or removes one at most; but where that
// figure has the objects of nested fields in it, only _count tells anything once the
// source has moved on.
func (c *Comparison) counts(source, target IndexManifest) {
	nested := source.Nested || target.Nested
	switch {
	case len(c.Differences) > 0 || apart(source.Docs, target.Docs) <= c.MovedOn:
	case !nested:
		c.differ("the source has %d documents, the target %d", source.Docs, target.Docs)
	case c.MovedOn == 0:
		c.differ("the source has %d documents, nested ones among them, the target %d", source.Docs, target.Docs)
	case c.Nested:
		c.Uncompared = append(c.Uncompared, "count of documents")
	case apart(c.SourceDocs, c.TargetDocs) > c.MovedOn:
		c.differ("the source has %d documents, the target %d", c.SourceDocs, c.TargetDocs)
	}
}

func apart(a, b int64) int64 { return max(a-b, b-a) }

// since counts the operations that a source has had after what was copied.
func since(source, copied map[int]int64) int64 {
	var n int64
	for shard, to := range copied {
		if from, ok := source[shard]; ok && from > to {
			n += from - to
		}
	}
	return n
}

// texts compares two sets of named texts, as far as the source's stayed what they were.
func (c *Comparison) texts(of IndexManifest, what string, source, target map[string]string) {
	for _, k := range keys(source, target) {
		name := what + " " + k
		from, inSource := source[k]
		to, inTarget := target[k]
		switch {
		case inSource == inTarget && from == to:
		case !of.settled(name):
			c.Uncompared = append(c.Uncompared, name)
		case !inTarget:
			c.differ("the %s %s is missing on the target", what, k)
		case !inSource:
			c.differ("the %s %s is on the target only", what, k)
		default:
			c.differ("the %s %s is %s on the source and %s on the target", what, k, from, to)
		}
	}
}

// settled says that something of a source was the same before and after the snapshot.
func (m IndexManifest) settled(name string) bool { return !m.Once && !slices.Contains(m.Changed, name) }

// changed names what two readings of one index differ in.
func changed(one, two IndexManifest) []string {
	var list []string
	if one.Mapping != two.Mapping {
		list = append(list, "mapping")
	}
	for _, s := range []struct {
		what     string
		one, two map[string]string
	}{{"setting", one.Settings, two.Settings}, {"alias", one.Aliases, two.Aliases}} {
		for _, k := range keys(s.one, s.two) {
			was, before := s.one[k]
			is, after := s.two[k]
			if before != after || was != is {
				list = append(list, s.what+" "+k)
			}
		}
	}
	return list
}

// keys are those of both sets, in order.
func keys(one, two map[string]string) []string {
	all := maps.Clone(one)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, two)
	return slices.Sorted(maps.Keys(all))
}

func shardsOf(maps ...map[int]int64) []int {
	most := -1
	for _, m := range maps {
		for s := range m {
			most = max(most, s)
		}
	}
	list := make([]int, 0, most+1)
	for s := range most + 1 {
		list = append(list, s)
	}
	return list
}
