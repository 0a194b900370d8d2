package facts

import (
	"context"

	"snapferry/steps"
)

// ReplicaRule is what a domain demands of the number of replicas.
type ReplicaRule struct {
	// Nodes are the data nodes: two copies of a shard never share one.
	Nodes int
	// Copies is what the number of copies must be a multiple of: 3 with Multi-AZ
	// with standby (AWS developer guide, restoring snapshots), else 1.
	Copies int
}

// Replicas reads the rule of a side's domain.
func (f *Facts) Replicas(ctx context.Context, side steps.Side) (ReplicaRule, error) {
	health, err := f.Health(ctx, side)
	if err != nil {
		return ReplicaRule{}, err
	}
	d, err := f.Domain(ctx, side)
	if err != nil {
		return ReplicaRule{}, err
	}
	r := ReplicaRule{Nodes: max(health.DataNodes, 1), Copies: 1}
	if d.Nodes.Standby {
		r.Copies = 3
	}
	return r, nil
}

// Fit is the number of replicas nearest to n that the domain can hold.
func (r ReplicaRule) Fit(n int) int {
	up := (n + r.Copies) / r.Copies * r.Copies
	most := max(r.Nodes/r.Copies, 1) * r.Copies
	return min(up, most) - 1
}

// Trouble says why exactly n replicas cannot be, zero if they can.
func (r ReplicaRule) Trouble(n int) steps.Text {
	switch {
	case n >= r.Nodes:
		return steps.T("%d replicas need %d data nodes, as no two copies share one; there are %d", n, n+1, r.Nodes)
	case (n+1)%r.Copies != 0:
		return steps.T("with standby the copies of a shard must be a multiple of %d; %d replicas make %d copies", r.Copies, n, n+1)
	}
	return steps.Text{}
}
