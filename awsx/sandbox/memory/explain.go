package memory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/wire"
)

// lower is short for the strings function.
func lower(s string) string { return strings.ToLower(s) }

// explain tells why a shard copy is where it is, or nowhere.
func (c *Cluster) explain(r *call) (reply, *wire.Error) {
	var q struct {
		Index   string `json:"index"`
		Shard   int    `json:"shard"`
		Primary bool   `json:"primary"`
	}
	if err := r.decode(&q); err != nil {
		return reply{}, err
	}
	if len(r.body) == 0 {
		ix, s := c.firstUnassigned()
		if ix == nil {
			return reply{}, wire.IllegalArgument("unable to find any unassigned shards to explain [ClusterAllocationExplainRequest[useAnyUnassignedShard=true,includeYesDecisions?=false]")
		}
		return ok(c.explained(ix, s))
	}
	ix := c.indices[q.Index]
	if ix == nil {
		return reply{}, names.Absent(q.Index)
	}
	all := c.replicasOf(ix)
	i := slices.IndexFunc(all, func(s replica) bool { return s.shard == q.Shard && s.primary == q.Primary })
	if i < 0 {
		e := wire.New(404, "shard_not_found_exception", "no such shard").With("index_uuid", ix.meta.UUID)
		return reply{}, e.With("shard", strconv.Itoa(q.Shard)).With("index", q.Index)
	}
	return ok(c.explained(ix, all[i]))
}

// firstUnassigned is what a call without a body is about.
func (c *Cluster) firstUnassigned() (*index, replica) {
	for _, ix := range c.byName {
		for _, s := range listed(c.replicasOf(ix)) {
			if s.state == unassigned {
				return ix, s
			}
		}
	}
	return nil, replica{}
}

// explained is one copy's explanation: why it is here, why it waits, or why no
// node takes it.
func (c *Cluster) explained(ix *index, s replica) wire.Object {
	o := wire.Obj("index", ix.meta.Name, "shard", s.shard, "primary", s.primary, "current_state", lower(s.state))
	if s.state != unassigned {
		o = o.Set("current_node", wire.Obj("id", s.node.ID, "name", s.node.Name, "transport_address", hiddenIP+":9300", "weight_ranking", 1))
		if s.state == started {
			o = append(o, wire.Obj("can_remain_on_current_node", "yes", "can_rebalance_cluster", "no",
				"can_rebalance_cluster_decisions", []any{}, "can_rebalance_to_other_node", "no",
				"rebalance_explanation", "rebalancing is not allowed")...)
		}
		return o
	}
	v := c.verdict(ix, s)
	if v.waits {
		return append(o, wire.Obj("unassigned_info", v.info, "can_allocate", "throttled", "allocate_explanation", "allocation temporarily throttled")...)
	}
	nodes := []wire.Object{}
	for i := range c.state.Nodes {
		n := &c.state.Nodes[i]
		one := wire.Obj("node_id", n.ID, "node_name", n.Name, "transport_address", hiddenIP+":9300")
		one = one.SetIf(c.eng.openSearch(), "node_attributes", wire.Obj("shard_indexing_pressure_enabled", "true"))
		one = one.Set("node_decision", "no").SetIf(!v.primaryMissing, "weight_ranking", 1)
		nodes = append(nodes, one.Set("deciders", v.deciders(n)))
	}
	return append(o, wire.Obj("unassigned_info", v.info, "can_allocate", "no",
		"allocate_explanation", "cannot allocate because allocation is not permitted to any of the nodes", "node_allocation_decisions", nodes)...)
}

// verdict is why a copy is on no node.
type verdict struct {
	info wire.Object
	// waits says that it will come by itself.
	waits bool
	// primaryMissing says that a replica waits for a primary that will not come.
	primaryMissing bool
	deciders       func(*node) []wire.Object
}

func (c *Cluster) verdict(ix *index, s replica) verdict {
	v := verdict{info: wire.Obj("reason", s.why, "at", wire.Stamp(s.since))}
	last := "no_attempt"
	if ix.meta.Restored != nil && s.failure == "" {
		v.info = v.info.Set("details", c.restoreSource(ix))
	}
	switch {
	case s.failure != "":
		text := c.failureText(ix, s)
		v.info = append(v.info, wire.Obj("failed_allocation_attempts", 5, "details", text)...)
		last = "no"
		v.deciders = func(n *node) []wire.Object {
			return []wire.Object{c.tooManyTries(s, n, text), c.restoreFailed(ix, text)}
		}
	case len(c.homes(ix)) == 0 && s.primary:
		last = "no"
		v.deciders = ix.filtered
	case s.primary:
		v.waits = true
	case c.primary(ix, s.shard, c.now()).state != started:
		v.primaryMissing = true
		v.deciders = func(*node) []wire.Object { return noPrimary }
	default:
		v.deciders = func(*node) []wire.Object { return []wire.Object{c.sameShard(ix, s)} }
	}
	v.info = v.info.Set("last_allocation_status", last)
	return v
}

// noPrimary are the deciders that keep a replica waiting for its primary.
var noPrimary = []wire.Object{
	wire.Obj("decider", "replica_after_primary_active", "decision", "NO", "explanation", "primary shard for this replica is not yet active"),
	wire.Obj("decider", "throttling", "decision", "NO", "explanation", "primary shard for this replica is not yet active"),
}

// restoreSource names the snapshot a shard is to come from.
func (c *Cluster) restoreSource(ix *index) string {
	from := ix.meta.Restored
	return "restore_source[" + from.Repository + "/" + from.Snapshot + "]"
}

// failureText is how the engine words a shard that could not be restored.
func (c *Cluster) failureText(ix *index, s replica) string {
	from := ix.meta.Restored
	n := c.homes(ix)[0]
	return fmt.Sprintf("failed shard on node [%s]: failed recovery, failure RecoveryFailedException[[%s][%d]: Recovery failed on %s]; "+
		"nested: IndexShardRecoveryException[failed recovery]; nested: IndexShardRestoreFailedException[restore failed]; "+
		"nested: IndexShardRestoreFailedException[failed to restore snapshot [%s/%s]]; nested: %s ",
		n.ID, ix.meta.Name, s.shard, c.shownNode(*n), from.Snapshot, from.SnapshotUUID, s.failure)
}

// tooManyTries is the decider that gives up after five attempts.
func (c *Cluster) tooManyTries(s replica, n *node, text string) wire.Object {
	return wire.Obj("decider", "max_retry", "decision", "NO", "explanation", fmt.Sprintf(
		"shard has exceeded the maximum number of retries [5] on failed allocation attempts - manually call [/_cluster/reroute?retry_failed=true] to retry, "+
			"[unassigned_info[[reason=ALLOCATION_FAILED], at[%s], failed_attempts[5], failed_nodes[[%s]], delayed=false, details[%s], allocation_status[deciders_no]]]",
		wire.Stamp(s.since), n.ID, text))
}

// restoreFailed is the decider that knows the restore failed, and what to do
// about it.
func (c *Cluster) restoreFailed(ix *index, text string) wire.Object {
	from := ix.meta.Restored
	return wire.Obj("decider", "restore_in_progress", "decision", "NO", "explanation", fmt.Sprintf(
		"shard has failed to be restored from the snapshot [%s:%s/%s] because of [%s] - manually close or delete the index [%s] in order to retry to restore "+
			"the snapshot again or use the reroute API to force the allocation of an empty primary shard",
		from.Repository, from.Snapshot, from.SnapshotUUID, text, ix.meta.Name))
}

// sameShard is the decider that keeps two copies off one node.
func (c *Cluster) sameShard(ix *index, s replica) wire.Object {
	n := c.nodeOf(ix, s.shard, 0)
	return wire.Obj("decider", "same_shard", "decision", "NO", "explanation", fmt.Sprintf(
		"a copy of this shard is already allocated to this node [[%s][%d], node[%s], [P], s[STARTED], a[id=%s]]", ix.meta.Name, s.shard, n.ID, ix.allocation(s.shard)))
}
