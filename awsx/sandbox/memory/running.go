package memory

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/sandbox/memory/pace"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/wire"
)

// running is a snapshot under way. Its shards' files are in the store from the
// beginning; what time brings is that they count as done, and at the end the
// root index that makes the snapshot exist.
type running struct {
	Repository, Name, UUID string
	Partial, Global        bool
	Indices, DataStreams   []string
	Metadata               json.RawMessage `json:",omitempty"`
	Start                  time.Time
	Shards                 []*runningShard
	// Metas and Refs are the indices' metadata at the start and their places in
	// the repository, GlobalMeta the cluster's.
	Metas      map[string]*indexMeta
	Refs       map[string]repo.IndexRef
	GlobalMeta json.RawMessage
	// Gone are indices that were deleted meanwhile, which a partial snapshot
	// outlives.
	Gone []string `json:",omitempty"`

	// failed is why it could not be finished or that it was cancelled: for the
	// one call that may wait for it.
	failed *wire.Error
}

// runningShard is one shard of it.
type runningShard struct {
	Index string
	Shard int
	// Node is "" for a shard that is on none.
	Node string
	Span pace.Span
	// Queued says that it waits for something before its turn: for another
	// snapshot of the same shard, or for the shard itself to come back.
	Queued  bool `json:",omitempty"`
	Written repo.Written
	// Failure is why the shard could not be taken, "" if it could.
	Failure string `json:",omitempty"`
}

// end is when the last shard is done.
func (s *running) end() time.Time {
	var spans []pace.Span
	for _, sh := range s.Shards {
		spans = append(spans, sh.Span)
	}
	return s.Start.Add(pace.Total(spans))
}

// label is how texts name a snapshot: repository:name/uuid.
func (s *running) label() string { return s.Repository + ":" + s.Name + "/" + s.UUID }

// settle enters every snapshot into its repository whose time has come.
func (c *Cluster) settle(ctx context.Context) error {
	now := c.now()
	var left []*running
	for i, s := range c.state.Running {
		if s.end().After(now) {
			left = append(left, s)
			continue
		}
		// A failure here is told to who waits for the snapshot and to nobody else:
		// the snapshot is gone then.
		// A context that ended says nothing of the kind, so all is left for later.
		if err := c.finish(ctx, s); err != nil {
			if ctx.Err() != nil {
				left = append(left, c.state.Running[i:]...)
				break
			}
			s.failed = err
		}
	}
	if len(left) == len(c.state.Running) {
		return nil
	}
	c.state.Running = left
	return c.save()
}

// finish writes the end of a snapshot.
func (c *Cluster) finish(ctx context.Context, s *running) *wire.Error {
	rp, err := c.open(ctx, s.Repository)
	if err != nil {
		return err
	}
	f := repo.Finished{Snapshot: c.describe(s), Global: s.GlobalMeta}
	gens := map[string][]string{}
	for _, sh := range s.Shards {
		gen := sh.Written.Gen
		if sh.Failure != "" {
			gen = ""
		}
		gens[sh.Index] = append(gens[sh.Index], gen)
	}
	for _, name := range f.Snapshot.Indices {
		meta := s.Metas[name]
		raw, jerr := json.Marshal(meta)
		if jerr != nil {
			return storageError(jerr)
		}
		ix := repo.FinishedIndex{Ref: s.Refs[name], Meta: raw, Version: meta.UUID + "-_na_-" + scalar(meta.Revision), Gens: gens[name]}
		f.Indices = append(f.Indices, ix)
	}
	return rp.Finish(ctx, f)
}

// describe is the snapshot as it will stand in the repository. Of an index that
// is gone only the failures are left, and they count against the others.
func (c *Cluster) describe(s *running) repo.Snapshot {
	out := repo.Snapshot{
		Name: s.Name, UUID: s.UUID, VersionID: versionID(c.eng.v), Version: c.eng.v.Number(), DataStreams: s.DataStreams,
		GlobalState: s.Global, State: "SUCCESS", Start: s.Start.UnixMilli(), End: s.end().UnixMilli(), Failures: []repo.ShardFailure{}, Metadata: s.Metadata,
	}
	out.Indices = slices.DeleteFunc(slices.Clone(s.Indices), func(name string) bool { return slices.Contains(s.Gone, name) })
	for _, sh := range s.Shards {
		if !slices.Contains(s.Gone, sh.Index) {
			out.TotalShards++
		}
		if sh.Failure == "" {
			continue
		}
		out.State = "PARTIAL"
		// The engine forgets the index's identifier here and repeats its name.
		out.Failures = append(out.Failures, repo.ShardFailure{Index: sh.Index, IndexUUID: sh.Index, Shard: sh.Shard, Reason: sh.Failure, Node: sh.Node, Status: "INTERNAL_SERVER_ERROR"})
	}
	out.SuccessfulShards = max(0, out.TotalShards-len(out.Failures))
	return out
}

// abandon deletes an index, and tells the partial snapshots under way: shards
// that are not done yet are broken off.
func (c *Cluster) abandon(ix *index) error {
	changed := false
	for _, s := range c.state.Running {
		meta := s.Metas[ix.meta.Name]
		if meta == nil || meta.UUID != ix.meta.UUID {
			continue
		}
		s.Gone = append(s.Gone, meta.Name)
		changed = true
		since := c.now().Sub(s.Start)
		for _, sh := range s.Shards {
			if sh.Index == meta.Name && sh.Span.At(since) != pace.Done {
				sh.Failure, sh.Span = "aborted", pace.Span{Start: min(sh.Span.Start, since), End: since}
			}
		}
	}
	if changed {
		if err := c.save(); err != nil {
			return err
		}
	}
	return c.dropIndex(ix)
}

// notInSnapshot refuses to delete or close what is being taken.
func (c *Cluster) notInSnapshot(verb string, list []*index) *wire.Error {
	var busy []string
	for _, ix := range list {
		for _, s := range c.state.Running {
			if meta := s.Metas[ix.meta.Name]; meta != nil && !s.Partial && meta.UUID == ix.meta.UUID {
				busy = append(busy, ix.String())
				break
			}
		}
	}
	if busy == nil {
		return nil
	}
	return wire.New(400, "snapshot_in_progress_exception",
		"Cannot %s indices that are being snapshotted: [%s]. Try again after snapshot finishes or cancel the currently running snapshot.", verb, strings.Join(busy, ", "))
}

// streamsNotInSnapshot refuses to delete data streams that are being taken.
func (c *Cluster) streamsNotInSnapshot(list []string) *wire.Error {
	var busy []string
	for _, name := range list {
		if slices.ContainsFunc(c.state.Running, func(s *running) bool { return !s.Partial && slices.Contains(s.DataStreams, name) }) {
			busy = append(busy, name)
		}
	}
	if busy == nil {
		return nil
	}
	return wire.New(400, "snapshot_in_progress_exception",
		"Cannot delete data streams that are being snapshotted: [%s]. Try again after snapshot finishes or cancel the currently running snapshot.", strings.Join(busy, ", "))
}
