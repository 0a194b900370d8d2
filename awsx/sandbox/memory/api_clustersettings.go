package memory

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// decimal writes a number the way Java does: with at least one decimal.
func decimal(v float64) json.Number {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return json.Number(s)
}

// clusterDefaults are the defaults a migration looks at.
func (c *Cluster) clusterDefaults() settings {
	s := settings{}
	for k, v := range map[string]string{
		"action.auto_create_index": "true", "action.destructive_requires_name": "false",
		"cluster.max_shards_per_node":                                    "1000",
		"cluster.routing.allocation.enable":                              "all",
		"cluster.routing.allocation.disk.threshold_enabled":              "true",
		"cluster.routing.allocation.disk.watermark.low":                  "85%",
		"cluster.routing.allocation.disk.watermark.high":                 "90%",
		"cluster.routing.allocation.disk.watermark.flood_stage":          "95%",
		"cluster.routing.allocation.node_concurrent_recoveries":          "2",
		"cluster.routing.allocation.node_initial_primaries_recoveries":   "4",
		"cluster.routing.allocation.cluster_concurrent_rebalance":        "2",
		"indices.recovery.max_bytes_per_sec":                             "40mb",
		"snapshot.max_concurrent_operations":                             "1000",
		"cluster.routing.allocation.awareness.balance":                   "false",
		"cluster.blocks.create_index":                                    "false",
		"cluster.blocks.read_only":                                       "false",
		"compatibility.override_main_response_version":                   "false",
		"cluster.routing.allocation.node_concurrent_incoming_recoveries": "2",
		"cluster.routing.allocation.node_concurrent_outgoing_recoveries": "2",
		"indices.recovery.max_concurrent_file_chunks":                    "2",
		"cluster.routing.allocation.disk.include_relocations":            "true",
		"search.max_buckets":                                             "65535",
		"cluster.routing.allocation.total_shards_per_node":               "-1",
		"cluster.routing.allocation.awareness.force.zone.values":         "",
		"cluster.routing.allocation.load_awareness.provisioned_capacity": "-1",
		"cluster.search.request.slowlog.level":                           "TRACE",
	} {
		s[k] = v
	}
	s["cluster.routing.allocation.awareness.attributes"] = []string{}
	if c.eng.openSearch() {
		s["indices.recovery.max_bytes_per_sec"] = "41943040b"
	} else {
		delete(s, "compatibility.override_main_response_version")
	}
	return s
}

// getClusterSettings shows what was set; defaults only on request, and only
// where nothing was set.
func (c *Cluster) getClusterSettings(r *call) (reply, *wire.Error) {
	flat := r.on("flat_settings")
	o := wire.Obj("persistent", c.state.Persistent.shown(flat), "transient", c.state.Transient.shown(flat))
	if r.on("include_defaults") {
		d := c.clusterDefaults()
		maps.DeleteFunc(d, func(k string, _ any) bool { return c.state.Persistent[k] != nil || c.state.Transient[k] != nil })
		o = o.Set("defaults", d.shown(flat))
	}
	return ok(o)
}

// putClusterSettings merges into what is set, null bringing a default back, and
// answers with what the call changed.
func (c *Cluster) putClusterSettings(r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	change := map[string]settings{}
	for kind, v := range body {
		inner, isObject := v.(object)
		if kind != "persistent" && kind != "transient" || !isObject {
			continue // the engine passes over what it does not know
		}
		change[kind] = flatten(inner)
		for _, k := range change[kind].keys() {
			if !knownClusterSetting(k) {
				return reply{}, c.eng.settingsError("%s setting [%s], not recognized", kind, k)
			}
		}
	}
	if len(change) == 0 {
		return reply{}, wire.Invalid("no settings to update")
	}
	c.state.Persistent = c.state.Persistent.merge(change["persistent"])
	c.state.Transient = c.state.Transient.merge(change["transient"])
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	shown := func(kind string) object {
		now := map[string]settings{"persistent": c.state.Persistent, "transient": c.state.Transient}[kind]
		out := settings{}
		for k := range change[kind] {
			if now[k] != nil {
				out[k] = now[k]
			}
		}
		return out.shown(r.on("flat_settings"))
	}
	return ok(wire.Obj("acknowledged", true, "persistent", shown("persistent"), "transient", shown("transient")))
}

// knownClusterSetting goes by families: which settings there are depends on
// modules and plugins, and a refusal of one that exists would be worse.
func knownClusterSetting(k string) bool {
	for _, family := range strings.Fields("action. cluster. indices. search. snapshot. ingest. script. plugins. opendistro. logger. network. http. transport. thread_pool. compatibility. archived. knn. repositories. node. gateway. discovery. remote_store. segrep. shard_indexing_pressure. task_resource_tracking. point_in_time. wlm. telemetry. persistent_tasks. no_cluster_manager_block") {
		if strings.HasPrefix(k, family) {
			return true
		}
	}
	return false
}
