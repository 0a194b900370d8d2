package migrate

import (
	"context"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
)

// count asks for what _count says of the indices with nested fields; of all others the
// engine's figure is the same. Their statistics are read once more afterwards: whatever
// was written meanwhile is then among the operations that may account for it. Whom the
// domain does not let refresh or search, and who finds one gone, knows no count.
func (m Manifest) count(ctx context.Context, c *cluster.Cluster) error {
	var nested []string
	for _, n := range m.there() {
		if d := m.Indices[n]; d.Nested && d.Docs > 0 {
			nested = append(nested, n)
		}
	}
	if all, err := refreshed(ctx, c, nested); !all || len(nested) == 0 {
		return err
	}
	counts, err := c.Counts(ctx, nested)
	if failure.Is(err, failure.Denied) || failure.Is(err, failure.Missing) {
		return nil
	}
	if err != nil {
		return err
	}
	stats, err := c.Stats(ctx, nested)
	if err != nil {
		return err
	}
	for _, n := range nested {
		d := m.Indices[n]
		now, there := stats[n]
		if documents, seen := counts[n]; seen && there && now.UUID == d.UUID {
			d.Count, d.Docs, d.MaxSeqNo = &documents, now.Docs, now.MaxSeqNo
		}
		m.Indices[n] = d
	}
	return nil
}

// documentsOf are the documents of an index on both sides, counted in one way.
func documentsOf(source, target IndexManifest) (from, to int64, nested bool) {
	from, known := source.documents()
	to, too := target.documents()
	if known && too || source.Gone || target.Gone {
		return from, to, !known || !too
	}
	return source.Docs, target.Docs, true
}

// documents is how many there are; known says that nested objects are not among them.
func (m IndexManifest) documents() (n int64, known bool) {
	if m.Count != nil {
		return *m.Count, true
	}
	return m.Docs, !m.Nested || m.Docs == 0
}
