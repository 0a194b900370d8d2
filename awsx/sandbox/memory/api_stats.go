package memory

import (
	"slices"
	"strconv"

	"snapferry/awsx/sandbox/memory/wire"
)

// statRoutes are the APIs of this family: of the engine's many metrics,
// documents, store and sequence numbers are here.
func (c *Cluster) statRoutes() []route {
	const a = "indices:monitor/stats"
	p := "level completion_fields fielddata_fields fields groups include_segment_file_sizes include_unloaded_segments forbid_closed_indices" + pIndices
	return []route{
		{"GET", "/_stats", a, p, c.stats},
		{"GET", "/_stats/{metric}", a, p, c.stats},
		{"GET", "/{index}/_stats", a, p, c.stats},
		{"GET", "/{index}/_stats/{metric}", a, p, c.stats},
	}
}

// figures are counts over shard copies.
type figures struct{ docs, deleted, bytes int64 }

// add sums.
func (f *figures) add(o figures) {
	f.docs += o.docs
	f.deleted += o.deleted
	f.bytes += o.bytes
}

// stats counts copies that are there; shards that are not show in _shards
// alone.
func (c *Cluster) stats(r *call) (reply, *wire.Error) {
	found, err := c.find(r, strict)
	if err != nil {
		return reply{}, err
	}
	metrics := splitList(r.vars["metric"])
	var allPri, allTotal figures
	copies, reached := 0, 0
	indices := object{}
	for _, ix := range found {
		var pri, total figures
		shards := map[string][]wire.Object{}
		for _, s := range c.replicasOf(ix) {
			copies++
			if s.state != started {
				continue
			}
			reached++
			st := ix.docs.Stats(s.shard)
			f := ix.figuresOf(s.shard)
			total.add(f)
			if s.primary {
				pri.add(f)
			}
			key := strconv.Itoa(s.shard)
			shards[key] = append(shards[key], c.shardStats(s, f, st.MaxSeq, metrics))
		}
		if len(shards) == 0 {
			continue // none of its copies is there to be asked
		}
		o := wire.Obj("uuid", ix.meta.UUID, "primaries", c.shownFigures(pri, metrics), "total", c.shownFigures(total, metrics))
		if r.query.Get("level") == "shards" {
			o = o.Set("shards", shards)
		}
		indices[ix.meta.Name] = o
		allPri.add(pri)
		allTotal.add(total)
	}
	all := wire.Obj("primaries", wire.Object{}, "total", wire.Object{})
	if reached > 0 {
		all = wire.Obj("primaries", c.shownFigures(allPri, metrics), "total", c.shownFigures(allTotal, metrics))
	}
	body := wire.Obj("_shards", wire.Obj("total", copies, "successful", reached, "failed", 0), "_all", all)
	if r.query.Get("level") != "cluster" {
		body = body.Set("indices", indices)
	}
	return ok(body)
}

// shownFigures shows the metrics asked for; none means all.
func (c *Cluster) shownFigures(f figures, metrics []string) wire.Object {
	want := func(m string) bool { return len(metrics) == 0 || slices.Contains(metrics, m) || metrics[0] == "_all" }
	o := wire.Object{}
	o = o.SetIf(want("docs"), "docs", wire.Obj("count", f.docs, "deleted", f.deleted))
	store := wire.Obj("size_in_bytes", f.bytes, "reserved_in_bytes", 0)
	return o.SetIf(want("store"), "store", store)
}

// shardStats is one copy at level=shards. The sequence numbers are what tells
// whether anything was written since.
func (c *Cluster) shardStats(s replica, f figures, maxSeq int64, metrics []string) wire.Object {
	o := wire.Obj("routing", wire.Obj("state", s.state, "primary", s.primary, "node", s.node.ID, "relocating_node", nil))
	o = append(o, c.shownFigures(f, metrics)...)
	return o.Set("seq_no", wire.Obj("max_seq_no", maxSeq, "local_checkpoint", maxSeq, "global_checkpoint", maxSeq))
}
