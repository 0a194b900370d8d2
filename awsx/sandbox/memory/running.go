package memory

import (
	"context"
	"encoding/json"
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

	// failed is why it could not be finished or that it was cancelled: for the
	// one call that may wait for it.
	failed *wire.Error
}

// runningShard is one shard of it.
type runningShard struct {
	Index, IndexUUID string
	Shard            int
	// Node is "" for a shard that is on none.
	Node    string
	Span    pace.Span
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
	for _, name := range s.Indices {
		meta := s.Metas[name]
		raw, jerr := json.Marshal(meta)
		if jerr != nil {
			return storageError(jerr)
		}
		ix := repo.FinishedIndex{Ref: s.Refs[name], Meta: raw, Version: meta.UUID + "-_na_-" + scalar(meta.Revision)}
		for _, sh := range s.Shards {
			if sh.Index == name {
				ix.Gens = append(ix.Gens, sh.Written.Gen)
				if sh.Failure != "" {
					ix.Gens[len(ix.Gens)-1] = ""
				}
			}
		}
		f.Indices = append(f.Indices, ix)
	}
	return rp.Finish(ctx, f)
}

// describe is the snapshot as it will stand in the repository.
func (c *Cluster) describe(s *running) repo.Snapshot {
	out := repo.Snapshot{
		Name: s.Name, UUID: s.UUID, VersionID: versionID(c.eng.v), Version: c.eng.v.Number(), Indices: s.Indices, DataStreams: s.DataStreams,
		GlobalState: s.Global, State: "SUCCESS", Start: s.Start.UnixMilli(), End: s.end().UnixMilli(),
		TotalShards: len(s.Shards), Failures: []repo.ShardFailure{}, Metadata: s.Metadata,
	}
	for _, sh := range s.Shards {
		if sh.Failure == "" {
			out.SuccessfulShards++
			continue
		}
		out.State = "PARTIAL"
		out.Failures = append(out.Failures, repo.ShardFailure{Index: sh.Index, IndexUUID: sh.IndexUUID, Shard: sh.Shard, Reason: sh.Failure, Node: sh.Node, Status: "INTERNAL_SERVER_ERROR"})
	}
	return out
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
