package migrate

import (
	"context"
	"slices"

	"snapferry/awsx/cluster"
	"snapferry/awsx/failure"
	"snapferry/steps"
)

// sees refuses a proof by content where the signer does not see every document: a role
// with document-level security leaves some out of all answers, and what is left out on
// both sides alike would be equal. The engine's own figure is narrowed by nobody's
// rights. Of an index with nested fields that figure is another, and nothing is known.
func (m Manifest) sees(ctx context.Context, c *cluster.Cluster, side steps.Side) error {
	var plain []string
	for _, n := range m.there() {
		if d := m.Indices[n]; !d.Nested && d.Docs > 0 {
			plain = append(plain, n)
		}
	}
	if len(plain) == 0 {
		return nil
	}
	counts, err := c.Counts(ctx, plain)
	if failure.Is(err, failure.Denied) || failure.Is(err, failure.Missing) {
		return nil // the reading itself is going to tell
	}
	if err != nil {
		return err
	}
	few := slices.DeleteFunc(plain, func(n string) bool { return counts[n] >= m.Indices[n].Docs })
	if len(few) == 0 {
		return nil
	}
	now, err := c.Stats(ctx, few)
	if err != nil {
		return err
	}
	for _, n := range few {
		// What is written meanwhile can take away as many as it has operations.
		was, is := m.Indices[n], now[n]
		if was.UUID == is.UUID && counts[n] < was.Docs-since(is.MaxSeqNo, was.MaxSeqNo) {
			return &steps.Error{
				Summary: steps.T("Not all can be compared by content: of the %d documents of %s on the %s domain the signer sees %d", was.Docs, n, string(side), counts[n]),
				Fix:     steps.T("A role of the signer there hides documents (document-level security). Map the signer to no such role, or answer move.proof: counts"),
			}
		}
	}
	return nil
}

// only is the part of it that is there now, as it is now.
func (m Manifest) only(there map[string]cluster.IndexStats) Manifest {
	part := Manifest{Indices: map[string]IndexManifest{}}
	for n, d := range m.Indices {
		if now, is := there[n]; is && now.UUID == d.UUID {
			d.Docs, d.MaxSeqNo = now.Docs, now.MaxSeqNo
			part.Indices[n] = d
		}
	}
	return part
}
