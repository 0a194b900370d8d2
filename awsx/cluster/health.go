package cluster

import (
	"context"
	"encoding/json"
	"slices"
)

// Health is the cluster's or the named indices' health.
type Health struct {
	Status                                             string // green, yellow, red
	TimedOut                                           bool
	Nodes, DataNodes                                   int
	ActivePrimaries, Active                            int
	Relocating, Initializing, Unassigned, PendingTasks int
	Indices                                            map[string]IndexHealth
}

// IndexHealth is one index's health.
type IndexHealth struct {
	Status                               string
	Primaries, Replicas                  int
	ActivePrimaries, Active              int
	Relocating, Initializing, Unassigned int
}

// shardNumbers are the counts that cluster and index health have in common.
type shardNumbers struct {
	Status          string `json:"status"`
	Primaries       int    `json:"number_of_shards"`
	Replicas        int    `json:"number_of_replicas"`
	ActivePrimaries int    `json:"active_primary_shards"`
	Active          int    `json:"active_shards"`
	Relocating      int    `json:"relocating_shards"`
	Initializing    int    `json:"initializing_shards"`
	Unassigned      int    `json:"unassigned_shards"`
}

// Health asks for the named indices, or for the cluster when none is named.
// Indices that are not there are left out; with none of them there Status is "".
//
// The whole cluster is always asked for and the rest left away here: named in
// the URL, an index that is not there yet holds the answer back for thirty
// seconds and makes it red.
// With fine-grained access control: cluster:monitor/health.
func (c *Cluster) Health(ctx context.Context, indices []string) (Health, error) {
	wanted := make(map[string]bool, len(indices))
	for _, name := range indices {
		wanted[name] = true
	}
	whole, h := shardNumbers{}, Health{Indices: make(map[string]IndexHealth, len(indices))}
	fields := map[string]any{
		"status": &whole.Status, "active_primary_shards": &whole.ActivePrimaries, "active_shards": &whole.Active,
		"relocating_shards": &whole.Relocating, "initializing_shards": &whole.Initializing, "unassigned_shards": &whole.Unassigned,
		"timed_out": &h.TimedOut, "number_of_nodes": &h.Nodes, "number_of_data_nodes": &h.DataNodes, "number_of_pending_tasks": &h.PendingTasks,
	}
	err := c.streamed(ctx, "/_cluster/health", options("level", "indices"), func(d *json.Decoder) error {
		return Members(d, func(field string) error {
			if field != "indices" {
				return known(d, fields[field])
			}
			return byName(d, func(index string, n shardNumbers) {
				if n.Status = colour(n.Status); len(indices) == 0 || wanted[index] {
					h.Indices[index] = IndexHealth(n)
				}
			})
		})
	})
	if err != nil {
		return Health{}, err
	}
	if len(indices) == 0 {
		h.add(whole)
		return h, nil
	}
	for _, n := range h.Indices {
		h.add(shardNumbers(n))
	}
	return h, nil
}

// colour is a status whose text is not kept once for each of thousands of indices.
func colour(s string) string {
	for _, c := range []string{"green", "yellow", "red"} {
		if s == c {
			return c
		}
	}
	return s
}

func (h *Health) add(n shardNumbers) {
	h.Status = worse(h.Status, n.Status)
	h.ActivePrimaries += n.ActivePrimaries
	h.Active += n.Active
	h.Relocating += n.Relocating
	h.Initializing += n.Initializing
	h.Unassigned += n.Unassigned
}

// worst is the order of health; "" is that of nothing.
var worst = []string{"", "green", "yellow", "red"}

func worse(a, b string) string {
	if slices.Index(worst, b) > slices.Index(worst, a) {
		return b
	}
	return a
}
