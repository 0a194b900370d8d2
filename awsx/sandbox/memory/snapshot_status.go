package memory

import (
	"context"
	"slices"
	"strconv"

	"snapferry/awsx/sandbox/memory/pace"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/wire"
)

// Stages of a shard in a snapshot, in the order answers count them.
var stages = []string{"initializing", "started", "finalizing", "done", "failed"}

// shardStatus is one shard's progress.
type shardStatus struct {
	index string
	shard int
	// stage is a position in stages.
	stage int
	// node is empty for finished snapshots.
	node, failure string

	newFiles, newBytes, doneFiles, doneBytes, files, bytes int64
	// Times are in milliseconds; start is 0 before the shard began.
	start, took int64
}

var stageNames = []string{"INIT", "STARTED", "FINALIZE", "DONE", "FAILURE"}

// statuses is a running snapshot's progress, by the clock.
func (c *Cluster) statuses(s *running) []shardStatus {
	since := c.now().Sub(s.Start)
	out := make([]shardStatus, 0, len(s.Shards))
	for _, sh := range s.Shards {
		st := shardStatus{index: sh.Index, shard: sh.Shard, node: sh.Node, failure: sh.Failure}
		phase := sh.Span.At(since)
		st.stage = int(phase)
		switch {
		case phase == pace.Done && sh.Failure != "":
			st.stage = 4
		case phase == pace.Waiting && sh.Queued:
			st.stage, st.node = 1, ""
		}
		// Before its turn a shard does not know yet what it has to do.
		if phase != pace.Waiting {
			files, bytes := sh.Written.Shard.Size()
			st.files, st.bytes = int64(files), bytes
			st.newFiles, st.newBytes = int64(sh.Written.Shard.NewFiles), sh.Written.Shard.NewBytes
			st.doneFiles, st.doneBytes = sh.Span.Part(since, st.newFiles), sh.Span.Part(since, st.newBytes)
			st.start = s.Start.Add(sh.Span.Start).UnixMilli()
			st.took = (min(since, sh.Span.End) - sh.Span.Start).Milliseconds()
		}
		out = append(out, st)
	}
	return out
}

// finished reads a snapshot's shards back from the repository.
func (c *Cluster) finished(r *call, rp *repo.Repository, d *repo.Data, s repo.Snapshot) ([]shardStatus, *wire.Error) {
	var out []shardStatus
	for _, name := range s.Indices {
		var meta indexMeta
		ref, _ := d.Find(s.Name)
		at, err := rp.IndexMeta(r.ctx, d, ref, name, &meta)
		if err != nil {
			return nil, err
		}
		for n := range meta.Settings.number("index.number_of_shards", 1) {
			st := shardStatus{index: name, shard: n, stage: 3}
			failed := slices.IndexFunc(s.Failures, func(f repo.ShardFailure) bool { return f.Index == name && f.Shard == n })
			if failed >= 0 {
				st.stage, st.failure = 4, s.Failures[failed].Reason
				out = append(out, st)
				continue
			}
			sh, err := c.shardOf(r.ctx, rp, at, n, ref)
			if err != nil {
				return nil, err
			}
			files, bytes := sh.Size()
			st.files, st.bytes, st.newFiles, st.newBytes = int64(files), bytes, int64(sh.NewFiles), sh.NewBytes
			st.doneFiles, st.doneBytes, st.start, st.took = st.newFiles, st.newBytes, sh.Start, sh.Time
			out = append(out, st)
		}
	}
	return out, nil
}

// shardOf reads a shard's description. Without it the snapshot counts as missing,
// which OpenSearch tells in fewer words.
func (c *Cluster) shardOf(ctx context.Context, rp *repo.Repository, at repo.IndexRef, n int, ref repo.Ref) (repo.ShardSnapshot, *wire.Error) {
	sh, err := rp.Shard(ctx, at, n, ref.UUID)
	switch {
	case err == nil || err.Type != "no_such_file_exception":
		return sh, err
	case c.eng.openSearch():
		return sh, rp.Missing(ref.Name)
	}
	return sh, rp.Missing(ref.Name + "/" + ref.UUID).CausedBy(err)
}

// statusOfAll shows what runs now, in one repository or in all.
func (c *Cluster) statusOfAll(r *call) (reply, *wire.Error) {
	if name := r.vars["repository"]; name != "" {
		if _, err := c.registered(name); err != nil {
			return reply{}, err
		}
	}
	list := []wire.Object{}
	for _, s := range c.state.Running {
		if name := r.vars["repository"]; name == "" || name == s.Repository {
			list = append(list, c.runningStatus(s))
		}
	}
	return ok(wire.Obj("snapshots", list))
}

// runningStatus is the status of one that runs; its state is STARTED here and
// IN_PROGRESS in lists.
func (c *Cluster) runningStatus(s *running) wire.Object {
	return shownStatus(s.Name, s.Repository, s.UUID, "STARTED", s.Global, c.statuses(s))
}

// statusOfSome shows named snapshots. A finished one is read back shard by
// shard, which is dear on a real cluster.
func (c *Cluster) statusOfSome(r *call) (reply, *wire.Error) {
	repository := r.vars["repository"]
	rp, err := c.open(r.ctx, repository)
	if err != nil {
		return reply{}, err
	}
	data, err := rp.Load(r.ctx)
	if err != nil {
		return reply{}, err
	}
	list := []wire.Object{}
	for _, name := range splitList(r.vars["snapshot"]) {
		i := slices.IndexFunc(c.state.Running, func(s *running) bool { return s.Repository == repository && s.Name == name })
		if i >= 0 {
			list = append(list, c.runningStatus(c.state.Running[i]))
			continue
		}
		ref, found := data.Find(name)
		if !found {
			if r.on("ignore_unavailable") {
				continue
			}
			return reply{}, rp.Missing(name)
		}
		s, err := rp.Snapshot(r.ctx, ref)
		if err == nil {
			err = c.unmasked(s.VersionID)
		}
		if err != nil {
			return reply{}, err
		}
		shards, err := c.finished(r, rp, data, s)
		if err != nil {
			return reply{}, err
		}
		// Elasticsearch says here SUCCESS of a finished snapshot even where shards failed.
		state := s.State
		if state == "PARTIAL" && !c.eng.openSearch() {
			state = "SUCCESS"
		}
		list = append(list, shownStatus(s.Name, repository, s.UUID, state, s.GlobalState, shards))
	}
	return ok(wire.Obj("snapshots", list))
}

// shownStatus is one snapshot, summed up and index by index. Shards come
// grouped by index.
func shownStatus(name, repository, uuid, state string, global bool, shards []shardStatus) wire.Object {
	indices := wire.Object{}
	for i := 0; i < len(shards); {
		j := i
		per := wire.Object{}
		for j < len(shards) && shards[j].index == shards[i].index {
			per = per.Set(strconv.Itoa(shards[j].shard), shards[j].shown())
			j++
		}
		group := shards[i:j]
		indices = indices.Set(shards[i].index, wire.Obj("shards_stats", stageCounts(group), "stats", totals(group), "shards", per))
		i = j
	}
	return wire.Obj("snapshot", name, "repository", repository, "uuid", uuid, "state", state, "include_global_state", global,
		"shards_stats", stageCounts(shards), "stats", totals(shards), "indices", indices)
}

// stageCounts counts shards by stage.
func stageCounts(shards []shardStatus) wire.Object {
	n := make([]int, len(stages))
	for _, s := range shards {
		n[s.stage]++
	}
	o := wire.Object{}
	for i, name := range stages {
		o = o.Set(name, n[i])
	}
	return o.Set("total", len(shards))
}

// totals sums shards; the time is from the first start to the last end.
func totals(shards []shardStatus) wire.Object {
	var t shardStatus
	var end int64
	for _, s := range shards {
		t.newFiles += s.newFiles
		t.newBytes += s.newBytes
		t.doneFiles += s.doneFiles
		t.doneBytes += s.doneBytes
		t.files += s.files
		t.bytes += s.bytes
		if s.start > 0 && (t.start == 0 || s.start < t.start) {
			t.start = s.start
		}
		end = max(end, s.start+s.took)
	}
	t.took = max(0, end-t.start)
	return t.stats()
}

// stats shows processed only while it differs from incremental, as the engine.
func (s shardStatus) stats() wire.Object {
	size := func(files, bytes int64) wire.Object { return wire.Obj("file_count", files, "size_in_bytes", bytes) }
	o := wire.Obj("incremental", size(s.newFiles, s.newBytes))
	o = o.SetIf(s.doneFiles != s.newFiles, "processed", size(s.doneFiles, s.doneBytes))
	return append(o, wire.Obj("total", size(s.files, s.bytes), "start_time_in_millis", s.start, "time_in_millis", s.took)...)
}

// shown is one shard; the node is told only while it is at work.
func (s shardStatus) shown() wire.Object {
	o := wire.Obj("stage", stageNames[s.stage], "stats", s.stats())
	o = o.SetIf(s.node != "" && s.stage != 3, "node", s.node)
	return o.SetIf(s.failure != "", "reason", s.failure)
}
