package memory

import (
	"context"
	"strconv"
	"time"

	"snapferry/awsx/sandbox/memory/pace"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/store"
	"snapferry/awsx/sandbox/memory/wire"
)

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
		sh := s.Shards[i]
		if late := c.freeAfter(s, sh); late > 0 && sh.Failure == "" {
			sh.Queued, span = true, pace.Span{Start: span.Start + late, End: span.End + late}
		}
		sh.Span = span
	}
	return nil
}

// freeAfter is how long a shard has to wait until it can be taken at all: while
// another snapshot takes it to the same repository, and while it is being
// restored.
func (c *Cluster) freeAfter(s *running, sh *runningShard) time.Duration {
	free := s.Start
	for _, other := range c.state.Running {
		for _, o := range other.Shards {
			if end := other.Start.Add(o.Span.End); other.Repository == s.Repository && o.Index == sh.Index && o.Shard == sh.Shard && end.After(free) {
				free = end
			}
		}
	}
	if from := c.indices[sh.Index].meta.Restored; from != nil {
		if end := from.Start.Add(from.Shards[sh.Shard].Span.End); end.After(free) {
			free = end
		}
	}
	return free.Sub(s.Start)
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
	sh := &runningShard{Index: ix.meta.Name, Shard: n, Node: c.homeID(ix, n)}
	if c.primary(ix, n, s.Start).state == unassigned {
		sh.Failure, sh.Node = "primary shard is not allocated", ""
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
