package memory

import (
	"fmt"
	"time"

	"snapferry/awsx/sandbox/memory/pace"
	"snapferry/awsx/sandbox/memory/wire"
)

// progress is one shard copy's coming to life, now or long ago.
type progress struct {
	copyOf       replica
	kind         string // SNAPSHOT, EMPTY_STORE, EXISTING_STORE, PEER
	stage        string
	files, doneF int64
	bytes, doneB int64
	start        time.Time
	took         time.Duration
	source       *node
}

// recoveries are the copies of an index that a node has begun to bring up. One
// that waits for its turn is on no node and does not appear.
func (c *Cluster) recoveries(ix *index) []progress {
	var out []progress
	for _, r := range c.replicasOf(ix) {
		if r.node == nil {
			continue
		}
		p := progress{copyOf: r, kind: "EMPTY_STORE", stage: "DONE", start: r.since, source: r.node}
		switch {
		case !r.primary:
			c.peer(ix, &p)
		case ix.meta.Restored != nil:
			c.fromSnapshot(ix, &p)
		}
		out = append(out, p)
	}
	return out
}

// peer is a replica being copied from its primary.
func (c *Cluster) peer(ix *index, p *progress) {
	p.kind = "PEER"
	p.source = c.nodeOf(ix, p.copyOf.shard, 0)
	p.bytes = ix.size(p.copyOf.shard)
	p.files = 4
	p.took = p.copyOf.takes
	p.doneB, p.doneF = p.bytes, p.files
	if p.copyOf.state == initializing {
		p.stage = "INDEX"
		since := c.now().Sub(p.start)
		span := pace.Span{End: p.copyOf.takes}
		p.took = since
		p.doneB, p.doneF = span.Part(since, p.bytes), span.Part(since, p.files)
	}
}

// fromSnapshot is a primary on its way out of a snapshot.
func (c *Cluster) fromSnapshot(ix *index, p *progress) {
	from := ix.meta.Restored
	s := from.Shards[p.copyOf.shard]
	since := c.now().Sub(from.Start)
	p.kind, p.source = "SNAPSHOT", nil
	p.start = from.Start.Add(s.Span.Start)
	p.files, p.bytes = int64(s.Files), s.Bytes
	p.doneF, p.doneB = s.Span.Part(since, p.files), s.Span.Part(since, p.bytes)
	p.took = min(since, s.Span.End) - s.Span.Start
	switch s.Span.At(since) {
	case pace.Moving:
		p.stage = "INDEX"
	case pace.Closing:
		p.stage = "FINALIZE"
	}
}

// recovery shows how shards came to be where they are; active_only leaves those
// that are done.
func (c *Cluster) recovery(r *call) (reply, *wire.Error) {
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	out := object{}
	for _, ix := range found {
		shards := []wire.Object{}
		for _, p := range c.recoveries(ix) {
			if p.stage != "DONE" || !r.on("active_only") {
				shards = append(shards, c.shownRecovery(ix, p))
			}
		}
		if len(shards) > 0 {
			out[ix.meta.Name] = wire.Obj("shards", shards)
		}
	}
	return ok(out)
}

// share prints how much of a whole is done.
func share(done, all int64) string {
	if all == 0 {
		return "0.0%"
	}
	return fmt.Sprintf("%.1f%%", float64(int(1000*float64(done)/float64(all)))/10)
}

// shownRecovery is one shard. A stop time stands only where there is one.
func (c *Cluster) shownRecovery(ix *index, p progress) wire.Object {
	stop := wire.Object{}
	if p.stage == "DONE" {
		stop = stop.Set("stop_time_in_millis", p.start.Add(p.took).UnixMilli())
	}
	o := wire.Obj("id", p.copyOf.shard, "type", p.kind, "stage", p.stage, "primary", p.copyOf.primary, "start_time_in_millis", p.start.UnixMilli())
	o = append(o, stop...)
	took := p.took.Milliseconds()
	translog := "100.0%"
	if p.stage == "INDEX" {
		translog = "-1.0%"
	}
	return append(o, wire.Obj("total_time_in_millis", took, "source", c.shownSource(ix, p), "target", c.shownTarget(p.copyOf.node),
		"index", wire.Obj(
			"size", wire.Obj("total_in_bytes", p.bytes, "reused_in_bytes", 0, "recovered_in_bytes", p.doneB, "percent", share(p.doneB, p.bytes)),
			"files", wire.Obj("total", p.files, "reused", 0, "recovered", p.doneF, "percent", share(p.doneF, p.files)),
			"total_time_in_millis", took, "source_throttle_time_in_millis", 0, "target_throttle_time_in_millis", 0),
		"translog", wire.Obj("recovered", 0, "total", 0, "percent", translog, "total_on_start", 0, "total_time_in_millis", 0),
		"verify_index", wire.Obj("check_index_time_in_millis", 0, "total_time_in_millis", 0))...)
}

// shownTarget is a node inside a recovery.
func (c *Cluster) shownTarget(n *node) wire.Object {
	return wire.Obj("id", n.ID, "host", hiddenIP, "transport_address", hiddenIP+":9300", "ip", hiddenIP, "name", n.Name)
}

// shownSource says where a shard comes from: a snapshot, a node, or nowhere.
func (c *Cluster) shownSource(ix *index, p progress) wire.Object {
	switch {
	case p.kind == "PEER":
		return c.shownTarget(p.source)
	case p.kind != "SNAPSHOT":
		return wire.Object{}
	}
	from := ix.meta.Restored
	o := wire.Obj("repository", from.Repository, "snapshot", from.Snapshot, "version", c.shownVersion(from.VersionID), "index", from.Index, "restoreUUID", from.UUID)
	if c.eng.atLeast(2, 9) {
		o = append(o, wire.Obj("isSearchableSnapshot", false, "remoteStoreIndexShallowCopy", false, "sourceRemoteStoreRepository", nil)...)
		o = o.SetIf(c.eng.atLeast(2, 17), "sourceRemoteTranslogRepository", nil)
	}
	return o
}

// catRecovery is the same as a table, stages in small letters.
func (c *Cluster) catRecovery(r *call) (reply, *wire.Error) {
	found, err := c.find(r, lenient)
	if err != nil {
		return reply{}, err
	}
	t := wire.Table{Columns: []wire.Column{
		wire.Col("index", "i", "idx"), wire.Num("shard", "s", "sh"), wire.Hidden(wire.Col("start_time", "start")), wire.Hidden(wire.Col("start_time_millis", "start_millis")),
		wire.Hidden(wire.Col("stop_time", "stop")), wire.Hidden(wire.Col("stop_time_millis", "stop_millis")), wire.Col("time", "t", "ti"), wire.Col("type", "ty"), wire.Col("stage", "st"),
		wire.Col("source_host", "shost"), wire.Col("source_node", "snode"), wire.Col("target_host", "thost"), wire.Col("target_node", "tnode"),
		wire.Col("repository", "rep"), wire.Col("snapshot", "snap"), wire.Num("files", "f"), wire.Num("files_recovered", "fr"), wire.Col("files_percent", "fp"),
		wire.Num("files_total", "tf"), wire.Num("bytes", "b"), wire.Num("bytes_recovered", "br"), wire.Col("bytes_percent", "bp"), wire.Num("bytes_total", "tb"),
		wire.Num("translog_ops", "to"), wire.Num("translog_ops_recovered", "tor"), wire.Col("translog_ops_percent", "top"),
	}}
	for _, ix := range found {
		for _, p := range c.recoveries(ix) {
			if p.stage != "DONE" || !r.on("active_only") {
				t.Rows = append(t.Rows, c.recoveryRow(ix, p))
			}
		}
	}
	return printed(r, t)
}

// recoveryRow is one line of it.
func (c *Cluster) recoveryRow(ix *index, p progress) []any {
	host, source, repository, snapshot := "n/a", "n/a", "n/a", "n/a"
	if p.kind == "SNAPSHOT" {
		repository, snapshot = ix.meta.Restored.Repository, ix.meta.Restored.Snapshot
	}
	if p.kind == "PEER" {
		host, source = hiddenIP, p.source.Name
	}
	var stopText, stopMillis any
	if p.stage == "DONE" {
		stopText, stopMillis = wire.Stamp(p.start.Add(p.took)), p.start.Add(p.took).UnixMilli()
	}
	kinds := map[string]string{"SNAPSHOT": "snapshot", "PEER": "peer", "EMPTY_STORE": "empty_store"}
	translog := "100.0%"
	if p.stage == "INDEX" {
		translog = "-1.0%"
	}
	return []any{
		ix.meta.Name, p.copyOf.shard, wire.Stamp(p.start), p.start.UnixMilli(), stopText, stopMillis, wire.MillisOf(p.took), kinds[p.kind], lower(p.stage),
		host, source, hiddenIP, p.copyOf.node.Name, repository, snapshot, p.files, p.doneF, share(p.doneF, p.files), p.files,
		wire.Bytes(p.bytes), wire.Bytes(p.doneB), share(p.doneB, p.bytes), wire.Bytes(p.bytes), 0, 0, translog,
	}
}
