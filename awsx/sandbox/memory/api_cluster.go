package memory

import (
	"slices"
	"strings"
	"time"

	"snapferry/awsx/sandbox/memory/wire"
)

// clusterRoutes are the APIs of this family: health, settings, state and the
// explanation of allocations.
func (c *Cluster) clusterRoutes() []route {
	const state = "cluster:monitor/state"
	health := "level wait_for_status wait_for_no_relocating_shards wait_for_no_initializing_shards wait_for_active_shards wait_for_nodes wait_for_events" + pIndices + pManager
	return []route{
		{"GET", "/_cluster/health", "cluster:monitor/health", health, c.health},
		{"GET", "/_cluster/health/{index}", "cluster:monitor/health", health, c.health},
		{"GET", "/_cluster/settings", state, pSettings, c.getClusterSettings},
		{"PUT", "/_cluster/settings", "cluster:admin/settings/update", pSettings, c.putClusterSettings},
		{"GET", "/_cluster/pending_tasks", "cluster:monitor/task", pManager, c.pendingTasks},
		{"GET", "/_cluster/state", state, pSettings, c.clusterState},
		{"GET", "/_cluster/state/{metric}", state, pSettings, c.clusterState},
		{"GET", "/_cluster/state/{metric}/{index}", state, pSettings, c.clusterState},
		{"GET", "/_cluster/allocation/explain", "cluster:monitor/allocation/explain", "include_yes_decisions include_disk_info", c.explain},
		{"POST", "/_cluster/allocation/explain", "cluster:monitor/allocation/explain", "include_yes_decisions include_disk_info", c.explain},
		{"POST", "/_cluster/reroute", "cluster:admin/reroute", "retry_failed explain dry_run metric" + pManager, c.reroute},
	}
}

// tallyOf counts the shard copies of several indices.
func (c *Cluster) tallyOf(list []*index) tally {
	var t tally
	for _, ix := range list {
		t.add(count(c.replicasOf(ix)))
	}
	return t
}

// percent is the share of copies that are there.
func (t tally) percent() float64 {
	all := t.active + t.initializing + t.missing
	if all == 0 {
		return 100
	}
	return float64(t.active) / float64(all) * 100
}

// health answers at once, or waits for what wait_for_status and its kin ask, up
// to timeout. An index that does not exist counts as red and as not there yet.
func (c *Cluster) health(r *call) (reply, *wire.Error) {
	limit, err := r.span("timeout", 30*time.Second)
	if err != nil {
		return reply{}, err
	}
	until := c.now().Add(limit)
	for {
		list, err := c.find(r, expand{none: true, open: true, closed: true, hidden: true, ignoreUnavailable: true})
		if err != nil {
			return reply{}, err
		}
		t := c.tallyOf(list)
		missing := r.vars["index"] != "" && len(list) == 0
		if missing {
			t.health = red
		}
		good := !missing && c.awaited(r, t)
		// Nothing changes but by time; the next look is when something may.
		next := c.nextChange(list)
		if next.After(until) || next.IsZero() {
			next = until
		}
		if good || !c.now().Before(until) || !c.wait(r, next) {
			return c.healthReply(r, list, t, !good)
		}
	}
}

// awaited says whether everything the call waits for is so.
func (c *Cluster) awaited(r *call, t tally) bool {
	if want := slices.Index(healthNames[:], strings.ToLower(r.query.Get("wait_for_status"))); want >= 0 && t.health > want {
		return false
	}
	return !r.on("wait_for_no_initializing_shards") || t.initializing == 0
}

// nextChange is when a shard of these indices comes next, zero for never.
func (c *Cluster) nextChange(list []*index) time.Time {
	now := c.now()
	var next time.Time
	earlier := func(t time.Time) {
		if t.After(now) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, ix := range list {
		for _, s := range c.replicasOf(ix) {
			if from := ix.meta.Restored; from != nil && s.primary && s.state != started {
				earlier(from.Start.Add(from.Shards[s.shard].Span.End))
			}
			if !s.primary && s.state == initializing {
				earlier(s.since.Add(s.takes))
			}
		}
	}
	return next
}

// healthReply is the answer; one that waited in vain has the status 408 and
// timed_out.
func (c *Cluster) healthReply(r *call, list []*index, t tally, timedOut bool) (reply, *wire.Error) {
	n := len(c.state.Nodes)
	// What is green is whole; anything else is told the cluster's share.
	share := 100.0
	if t.health != green {
		share = c.tallyOf(c.byName).percent()
	}
	o := wire.Obj("cluster_name", c.opt.Name, "status", healthNames[t.health], "timed_out", timedOut, "number_of_nodes", n, "number_of_data_nodes", n)
	if c.eng.openSearch() {
		o = append(o, wire.Obj("discovered_master", true, "discovered_cluster_manager", true)...)
	}
	o = append(o, wire.Obj("active_primary_shards", t.primaries, "active_shards", t.active, "relocating_shards", 0,
		"initializing_shards", t.initializing, "unassigned_shards", t.missing, "delayed_unassigned_shards", 0, "number_of_pending_tasks", 0,
		"number_of_in_flight_fetch", 0, "task_max_waiting_in_queue_millis", 0, "active_shards_percent_as_number", decimal(share))...)
	if l := r.query.Get("level"); l == "indices" || l == "shards" {
		per := wire.Object{}
		for _, ix := range list {
			one := count(c.replicasOf(ix))
			per = per.Set(ix.meta.Name, wire.Obj("status", healthNames[one.health], "number_of_shards", ix.shards(), "number_of_replicas", ix.replicas(),
				"active_primary_shards", one.primaries, "active_shards", one.active, "relocating_shards", 0,
				"initializing_shards", one.initializing, "unassigned_shards", one.missing))
		}
		o = o.Set("indices", per)
	}
	out := reply{body: o}
	if timedOut {
		out.status = 408
	}
	return out, nil
}

// pendingTasks is always empty: every change is done before its call is
// answered.
func (c *Cluster) pendingTasks(*call) (reply, *wire.Error) {
	return ok(wire.Obj("tasks", []any{}))
}

// clusterState is the part of the state that tools read: the metadata.
func (c *Cluster) clusterState(r *call) (reply, *wire.Error) {
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	indices := wire.Object{}
	for _, ix := range found {
		state := "open"
		if ix.meta.Closed {
			state = "close"
		}
		indices = indices.Set(ix.meta.Name, wire.Obj("state", state, "settings", ix.meta.Settings.shown(r.on("flat_settings")),
			"mappings", wire.Obj("_doc", ix.mappings()), "aliases", append([]string{}, sortedNames(ix.meta.Aliases)...), "version", ix.meta.Revision))
	}
	o := wire.Obj("cluster_name", c.opt.Name, "cluster_uuid", c.state.UUID)
	if m := r.vars["metric"]; m == "" || m == "_all" || slices.Contains(splitList(m), "metadata") {
		o = o.Set("metadata", wire.Obj("cluster_uuid", c.state.UUID, "templates", c.state.Templates[legacyTemplates], "indices", indices))
	}
	return ok(o)
}

// reroute has nothing to move; retry_failed finds what is still missing.
func (c *Cluster) reroute(*call) (reply, *wire.Error) {
	return ok(wire.Obj("acknowledged", true, "state", wire.Obj("cluster_uuid", c.state.UUID)))
}
