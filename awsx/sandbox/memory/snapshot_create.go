package memory

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/pace"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/store"
	"snapferry/awsx/sandbox/memory/wire"
)

// snapshotRequest is the body of PUT _snapshot/REPO/NAME. The engine ignores
// members it does not know.
type snapshotRequest struct {
	indices           []string
	ignoreUnavailable bool
	partial, global   bool
	metadata          json.RawMessage
}

// readSnapshotRequest reads the body with the engine's defaults: all indices,
// global state included.
func readSnapshotRequest(body object) (snapshotRequest, *wire.Error) {
	q := snapshotRequest{global: true}
	for k, v := range body {
		switch k {
		case "indices":
			q.indices = stringList(v)
		case "ignore_unavailable":
			q.ignoreUnavailable = scalar(v) == "true"
		case "partial":
			q.partial = scalar(v) == "true"
		case "include_global_state":
			q.global = scalar(v) != "false"
		case "metadata":
			if _, isObject := v.(object); v != nil && !isObject {
				return q, wire.IllegalArgument("malformed metadata, should be an object")
			}
			raw, err := wire.Encode(v)
			if err != nil || len(raw) > 1024 {
				return q, wire.Invalid("metadata must be smaller than 1024 bytes, but was [" + strconv.Itoa(len(raw)) + "]")
			}
			if v != nil {
				q.metadata = raw
			}
		}
	}
	return q, nil
}

// createSnapshot starts a snapshot and answers at once, unless asked to wait.
func (c *Cluster) createSnapshot(r *call) (reply, *wire.Error) {
	body, err := r.object()
	if err != nil {
		return reply{}, err
	}
	q, err := readSnapshotRequest(body)
	if err != nil {
		return reply{}, err
	}
	repository, name := r.vars["repository"], r.vars["snapshot"]
	rp, err := c.open(r.ctx, repository)
	if err != nil {
		return reply{}, err
	}
	if err := names.CheckSnapshot(repository, name); err != nil {
		return reply{}, err
	}
	if c.state.Repositories[repository].readonly() {
		return reply{}, wire.New(500, "repository_exception", "[%s] cannot create snapshot in a readonly repository", repository)
	}
	s, err := c.begin(r.ctx, rp, repository, name, q)
	if err != nil {
		return reply{}, err
	}
	c.state.Running = append(c.state.Running, s)
	if err := c.save(); err != nil {
		return reply{}, storageError(err)
	}
	wait, err := r.flag("wait_for_completion", false)
	if err != nil {
		return reply{}, err
	}
	if !wait {
		return ok(wire.Obj("accepted", true))
	}
	if !c.wait(r, s.end()) {
		return cutOff()
	}
	if err := c.settle(r.ctx); err != nil {
		return reply{}, storageError(err)
	}
	if s.failed != nil {
		return reply{}, s.failed
	}
	return ok(wire.Obj("snapshot", c.shownSnapshot(c.describe(s))))
}

// begin decides what a snapshot holds and writes its shards to the store.
func (c *Cluster) begin(ctx context.Context, rp *repo.Repository, repository, name string, q snapshotRequest) (*running, *wire.Error) {
	data, err := rp.Load(ctx)
	if err != nil {
		return nil, err
	}
	taken := func(why string) *wire.Error {
		return wire.New(400, "invalid_snapshot_name_exception", "[%s:%s] Invalid snapshot name [%s], %s", repository, name, name, why)
	}
	if _, exists := data.Find(name); exists {
		return nil, taken("snapshot with the same name already exists")
	}
	for _, s := range c.state.Running {
		if s.Repository == repository && s.Name == name {
			return nil, taken("snapshot with the same name is already in-progress")
		}
	}
	found, err := c.resolveList(q.indices, expand{ignoreUnavailable: q.ignoreUnavailable, none: true, open: true, closed: true, hidden: true})
	if err != nil {
		return nil, err
	}
	s := &running{
		Repository: repository, Name: name, UUID: c.uuid(), Partial: q.partial, Global: q.global, Metadata: q.metadata, Start: c.now(),
		Indices: []string{}, DataStreams: []string{}, Metas: map[string]*indexMeta{}, Refs: map[string]repo.IndexRef{},
	}
	if err := c.allThere(s, found); err != nil && !q.partial {
		return nil, err
	}
	for _, ix := range found {
		meta := ix.meta
		meta.Restored = nil
		s.Indices = append(s.Indices, meta.Name)
		s.Metas[meta.Name] = &meta
		if ds := c.streamOf(meta.Name); ds != "" && !slices.Contains(s.DataStreams, ds) {
			s.DataStreams = append(s.DataStreams, ds)
		}
	}
	if s.GlobalMeta, err = c.globalMeta(s); err != nil {
		return nil, err
	}
	return s, c.writeShards(ctx, rp, data, s, found)
}

// allThere refuses a snapshot of an index whose primary is missing.
func (c *Cluster) allThere(s *running, found []*index) *wire.Error {
	var gone []string
	for _, ix := range found {
		for n := range ix.shards() {
			if c.primary(ix, n, s.Start).state == unassigned {
				gone = append(gone, ix.meta.Name)
				break
			}
		}
	}
	if gone == nil {
		return nil
	}
	return wire.New(500, "snapshot_exception", "[%s] Indices don't have primary shards [%s]", s.label(), strings.Join(gone, ", "))
}

// writeShards uploads every shard and lays out when each counts as done.
func (c *Cluster) writeShards(ctx context.Context, rp *repo.Repository, data *repo.Data, s *running, found []*index) *wire.Error {
	var sizes []int64
	var total int64
	for _, ix := range found {
		s.Refs[ix.meta.Name] = c.placeOf(rp, data, s.Repository, ix.meta.Name)
		for n := range ix.shards() {
			sh, err := c.writeShard(ctx, rp, data, s, ix, n)
			if err != nil {
				return err
			}
			s.Shards = append(s.Shards, sh)
			sizes = append(sizes, sh.Written.Shard.NewBytes)
			total += sh.Written.Shard.NewBytes
		}
	}
	nodes := len(c.state.Nodes)
	limit := c.opt.Pace.Duration(total, c.opt.Pace.Snapshot)
	if t := c.state.Repositories[s.Repository].throttle("max_snapshot_bytes_per_sec"); t > 0 {
		limit = pace.AtRate(total, t*int64(nodes))
	}
	for i, span := range pace.Spread(sizes, 5*nodes, limit) {
		s.Shards[i].Span = span
	}
	return nil
}

// placeOf is an index's place in the repository; two snapshots that run at once
// share it.
func (c *Cluster) placeOf(rp *repo.Repository, data *repo.Data, repository, index string) repo.IndexRef {
	for _, other := range c.state.Running {
		if ref, ok := other.Refs[index]; ok && other.Repository == repository {
			return ref
		}
	}
	return rp.Place(data, index)
}

// writeShard uploads one shard. A store that refuses fails the shard, and the
// snapshot goes on without it.
func (c *Cluster) writeShard(ctx context.Context, rp *repo.Repository, data *repo.Data, s *running, ix *index, n int) (*runningShard, *wire.Error) {
	sh := &runningShard{Index: ix.meta.Name, IndexUUID: ix.meta.UUID, Shard: n, Node: c.homeID(ix, n)}
	if c.primary(ix, n, s.Start).state == unassigned {
		// The engine forgets the index's identifier here and repeats its name.
		sh.Failure, sh.Node, sh.IndexUUID = "primary shard is not allocated", "", sh.Index
		return sh, nil
	}
	parts, ioerr := shardParts(ix, n)
	if ioerr != nil {
		return nil, storageError(ioerr)
	}
	gen := data.Generation(ix.meta.Name, n)
	for _, other := range c.state.Running {
		for _, o := range other.Shards {
			if other.Repository == s.Repository && o.Index == sh.Index && o.Shard == n && o.Failure == "" {
				gen = o.Written.Gen
			}
		}
	}
	w := repo.ShardWrite{
		Index: s.Refs[ix.meta.Name], Shard: n, Gen: gen, Name: s.Name, UUID: s.UUID, Parts: parts,
		MaxSeq: ix.docs.Stats(n).MaxSeq, Start: s.Start.UnixMilli(),
	}
	var err *wire.Error
	if sh.Written, err = rp.WriteShard(ctx, w); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		sh.Failure = err.Java()
	}
	return sh, nil
}

// shardParts are a shard's files as Lucene would have them: three a segment, of
// which the one with the documents is large, and the commit point.
func shardParts(ix *index, n int) ([]repo.Part, error) {
	if err := ix.docs.Commit(n); err != nil {
		return nil, err
	}
	segments, err := ix.docs.Segments(n)
	if err != nil {
		return nil, err
	}
	var out []repo.Part
	for _, seg := range segments {
		length := int64(len(seg.Body))
		if ix.meta.DocBytes > 0 {
			length = seg.Docs * ix.meta.DocBytes
		}
		small := []byte(seg.Checksum)
		out = append(out,
			repo.Part{Physical: seg.Name + ".si", Length: 370, Checksum: seg.Checksum, Body: small, Small: true},
			repo.Part{Physical: seg.Name + ".cfe", Length: 479, Checksum: seg.Checksum, Body: small, Small: true},
			repo.Part{Physical: seg.Name + ".cfs", Length: length, Checksum: seg.Checksum, Body: seg.Body})
	}
	commit := commitPoint(segments, ix.docs.Stats(n).MaxSeq)
	return append(out, repo.Part{Physical: "segments_" + strconv.Itoa(2+len(segments)), Length: emptyShard, Checksum: commit, Body: []byte(commit), Small: true}), nil
}

// commitPoint is the list of segments, which differs whenever anything does.
func commitPoint(segments []store.Segment, maxSeq int64) string {
	s := "seq=" + strconv.FormatInt(maxSeq, 10)
	for _, seg := range segments {
		s += " " + seg.Name + "=" + seg.Checksum
	}
	return s
}
