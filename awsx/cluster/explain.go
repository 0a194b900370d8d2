package cluster

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"snapferry/awsx/failure"
)

// Explanation is why a shard stands where it stands, or nowhere.
type Explanation struct {
	State string // started, unassigned, …
	// Allocate is whether it can be: yes, no, throttled, awaiting_info,
	// no_valid_shard_copy, …; "" for a shard that is somewhere.
	Allocate string
	// Why is the engine's sentence, Unassigned its reason word (ALLOCATION_FAILED, …).
	Why        string
	Unassigned string
	// At is since when it is unassigned, zero where the engine does not tell.
	At time.Time
	// Details is the engine's own chain of exceptions in one text; a failed
	// restore's reason stands nowhere else.
	Details  string
	Attempts int
	// Deciders are the sentences of the deciders that said no.
	Deciders []string
}

// Explain asks for one shard; nil when there is no such index.
// With fine-grained access control: cluster:monitor/allocation/explain.
func (c *Cluster) Explain(ctx context.Context, index string, shard int, primary bool) (*Explanation, error) {
	var out struct {
		State      string `json:"current_state"`
		Can        string `json:"can_allocate"`
		Allocate   string `json:"allocate_explanation"`
		Rebalance  string `json:"rebalance_explanation"`
		Unassigned struct {
			Reason   string `json:"reason"`
			At       string `json:"at"`
			Details  string `json:"details"`
			Attempts int    `json:"failed_allocation_attempts"`
		} `json:"unassigned_info"`
		Nodes []struct {
			Deciders []struct {
				Decision    string `json:"decision"`
				Explanation string `json:"explanation"`
			} `json:"deciders"`
		} `json:"node_allocation_decisions"`
	}
	body := map[string]any{"index": index, "shard": shard, "primary": primary}
	err := c.call(ctx, http.MethodGet, "/_cluster/allocation/explain", nil, body, &out)
	if failure.Is(err, failure.Missing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	at, _ := time.Parse(time.RFC3339, out.Unassigned.At) // a time of another form tells nothing
	e := &Explanation{
		State: out.State, At: at, Allocate: out.Can, Why: cmp.Or(out.Allocate, out.Rebalance),
		Unassigned: out.Unassigned.Reason, Details: out.Unassigned.Details, Attempts: out.Unassigned.Attempts,
	}
	for _, n := range out.Nodes {
		for _, d := range n.Deciders {
			if d.Decision == "NO" && !slices.Contains(e.Deciders, d.Explanation) {
				e.Deciders = append(e.Deciders, d.Explanation)
			}
		}
	}
	return e, nil
}
