package memory

import (
	"context"
	"slices"
	"time"

	"snapferry/awsx/sandbox/memory/pace"
	"snapferry/awsx/sandbox/memory/store"
	"snapferry/awsx/sandbox/memory/wire"
)

// restored is where an index came from, kept as long as the index lives: it is
// what the recovery APIs show.
type restored struct {
	// UUID is the restore's own.
	UUID                 string
	Repository, Snapshot string
	SnapshotUUID         string
	VersionID            int
	Index                string
	Start                time.Time
	Over                 bool `json:",omitempty"`
	Shards               []restoredShard
}

type restoredShard struct {
	Span  pace.Span
	Files int
	Bytes int64
	// Failure is why the shard cannot be brought back, as a Java exception.
	Failure string `json:",omitempty"`
}

// why is the reason of a shard that has not come yet.
func (r *restored) why() string {
	if r.Over {
		return "EXISTING_INDEX_RESTORED"
	}
	return "NEW_INDEX_RESTORED"
}

// end is when the last shard is there, or has failed.
func (r *restored) end() time.Time {
	var spans []pace.Span
	for _, s := range r.Shards {
		spans = append(spans, s.Span)
	}
	return r.Start.Add(pace.Total(spans))
}

// restoring says whether a shard of an index is still to come.
func (c *Cluster) restoring(ix *index) bool {
	return ix.meta.Restored != nil && (ix.meta.Restored.end().After(c.now()) || len(c.homes(ix)) == 0)
}

// restoreRoutes are the APIs of this family: restoring, and watching it.
func (c *Cluster) restoreRoutes() []route {
	const recovery = "indices:monitor/recovery"
	p := "detailed active_only" + pIndices
	return []route{
		{"POST", "/_snapshot/{repository}/{snapshot}/_restore", "cluster:admin/snapshot/restore", "wait_for_completion" + pManager, c.restore},
		{"GET", "/_recovery", recovery, p, c.recovery},
		{"GET", "/{index}/_recovery", recovery, p, c.recovery},
	}
}

// restore answers as soon as the indices are decided on and made; what follows
// shows in _recovery and in the health. A restore that selects nothing is done
// at once and says so.
func (c *Cluster) restore(r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	q, err := c.readRestore(body)
	if err != nil {
		return reply{}, err
	}
	rp, err := c.open(r.ctx, r.vars["repository"])
	if err != nil {
		return reply{}, err
	}
	p := &plan{c: c, r: r, q: q, rp: rp}
	for _, step := range []func() *wire.Error{p.permit, p.read, p.choose, p.check} {
		if err := step(); err != nil {
			return reply{}, err
		}
	}
	made, err := p.carryOut()
	if err != nil {
		return reply{}, err
	}
	wait, err := r.flag("wait_for_completion", false)
	if err != nil {
		return reply{}, err
	}
	if len(made) > 0 && !wait {
		return ok(wire.Obj("accepted", true))
	}
	for _, ix := range made {
		if !c.wait(r, ix.meta.Restored.end()) {
			return cutOff()
		}
	}
	return ok(wire.Obj("snapshot", c.restoreInfo(p.snap.Name, made)))
}

// restoreInfo is the answer of a restore that was waited for. Failed shards
// stand here and nowhere else: the status is 200 all the same.
func (c *Cluster) restoreInfo(snapshot string, made []*index) wire.Object {
	list := []string{}
	total, failed := 0, 0
	for _, ix := range made {
		list = append(list, ix.meta.Name)
		for _, s := range ix.meta.Restored.Shards {
			total++
			if s.Failure != "" {
				failed++
			}
		}
	}
	return wire.Obj("snapshot", snapshot, "indices", list, "shards", wire.Obj("total", total, "failed", failed, "successful", total-failed))
}

// contents are a planned index's shards as they were read from the store.
type contents struct {
	docs   [][]store.Doc
	maxSeq int64
	shard  restoredShard
}

// carryOut reads every shard, lays out the time, and makes the indices.
func (p *plan) carryOut() ([]*index, *wire.Error) {
	c := p.c
	var sizes []int64
	var total int64
	all := make([][]contents, len(p.indices))
	for i, ix := range p.indices {
		for n := range ix.meta.Settings.number("index.number_of_shards", 1) {
			got, err := p.fetch(p.r.ctx, ix, n)
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], got)
			sizes = append(sizes, got.shard.Bytes)
			total += got.shard.Bytes
		}
	}
	nodes := len(c.state.Nodes)
	limit := c.opt.Pace.Duration(total, c.opt.Pace.Restore)
	if t := c.state.Repositories[p.r.vars["repository"]].throttle("max_restore_bytes_per_sec"); t > 0 {
		limit = pace.AtRate(total, t*int64(nodes))
	}
	spans := pace.Spread(sizes, 4*nodes, limit)
	id, start := c.uuid(), c.now()
	var made []*index
	for i, ix := range p.indices {
		from := &restored{
			UUID: id, Repository: p.r.vars["repository"], Snapshot: p.snap.Name, SnapshotUUID: p.snap.UUID, VersionID: p.snap.VersionID,
			Index: ix.source, Start: start, Over: ix.over != nil,
		}
		for n := range all[i] {
			all[i][n].shard.Span, spans = spans[0], spans[1:]
			from.Shards = append(from.Shards, all[i][n].shard)
		}
		ix.meta.Restored = from
		one, err := p.make(ix, all[i])
		if err != nil {
			return nil, err
		}
		made = append(made, one)
	}
	return made, p.joinStreams()
}

// make puts one index in place, over the closed one of the same name if any.
func (p *plan) make(ix *planned, shards []contents) (*index, *wire.Error) {
	if ix.over != nil {
		if err := p.c.dropIndex(ix.over); err != nil {
			return nil, storageError(err)
		}
	}
	one, err := p.c.addIndex(ix.meta, func(d *store.Docs) error {
		for n, s := range shards {
			if err := d.Import(n, s.docs, s.maxSeq); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, storageError(err)
	}
	return one, nil
}

// fetch reads one shard. What is missing in the store fails the shard, not the
// restore: the engine finds out only when the shard's turn has come.
func (p *plan) fetch(ctx context.Context, ix *planned, n int) (contents, *wire.Error) {
	out := contents{maxSeq: -1}
	if slices.Contains(ix.lost, n) {
		return out, nil // comes back empty
	}
	sh, err := p.c.shardOf(ctx, p.rp, ix.at, n, p.ref)
	if err == nil {
		out.shard.Files, out.shard.Bytes = sh.Size()
		out.maxSeq = sh.MaxSeq
		for _, f := range sh.Files {
			if f.Inline != nil {
				continue
			}
			var body []byte
			if body, err = p.rp.ReadFile(ctx, ix.at, n, f); err != nil {
				break
			}
			docs, derr := store.ReadSegment(body)
			if derr != nil {
				err = wire.New(500, "index_format_too_old_exception", "%s", derr)
				break
			}
			out.docs = append(out.docs, docs)
		}
	}
	switch {
	case ctx.Err() != nil:
		return out, wire.NewForeign(500, "cancellation_exception", "%s", ctx.Err())
	case err != nil:
		out.docs = nil
		out.shard.Failure = err.Java()
	}
	return out, nil
}

// joinStreams registers the data streams whose indices were restored, and the
// global state if it was asked for.
func (p *plan) joinStreams() *wire.Error {
	for _, ds := range p.streams {
		next := &dataStream{Name: p.q.rename.Rename(ds.Name), Field: ds.Field, Generation: ds.Generation}
		for _, n := range ds.Indices {
			next.Indices = append(next.Indices, p.newName(n, true))
		}
		p.c.state.DataStreams[next.Name] = next
	}
	if p.q.global {
		p.c.adopt(p.global)
	}
	if err := p.c.save(); err != nil {
		return storageError(err)
	}
	return nil
}
