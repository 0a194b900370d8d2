package memory

import (
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/wire"
)

// snapshotRoutes are the APIs of this family: taking, listing, watching and
// deleting.
func (c *Cluster) snapshotRoutes() []route {
	const (
		one = "/_snapshot/{repository}/{snapshot}"
		a   = "cluster:admin/snapshot/"
	)
	return []route{
		{"GET", one, a + "get", "ignore_unavailable verbose index_details include_repository sort order offset" + pManager, c.getSnapshots},
		{"PUT", one, a + "create", "wait_for_completion" + pManager, c.createSnapshot},
		{"POST", one, a + "create", "wait_for_completion" + pManager, c.createSnapshot},
		{"DELETE", one, a + "delete", pManager, c.deleteSnapshots},
		{"GET", "/_snapshot/_status", a + "status", "ignore_unavailable" + pManager, c.statusOfAll},
		{"GET", "/_snapshot/{repository}/_status", a + "status", "ignore_unavailable" + pManager, c.statusOfAll},
		{"GET", one + "/_status", a + "status", "ignore_unavailable" + pManager, c.statusOfSome},
	}
}

// shownSnapshot is a snapshot in answers.
func (c *Cluster) shownSnapshot(s repo.Snapshot) wire.Object {
	o := wire.Obj("snapshot", s.Name, "uuid", s.UUID, "version_id", s.VersionID, "version", c.shownVersion(s.VersionID))
	// The engines note this from OpenSearch 2.9 on, for snapshots of their own time.
	o = o.SetIf(c.eng.atLeast(2, 9) && s.VersionID >= 2_090_099|mask, "remote_store_index_shallow_copy", false)
	streams := s.DataStreams
	if streams == nil {
		streams = []string{}
	}
	o = append(o, wire.Obj("indices", s.Indices, "data_streams", streams, "include_global_state", s.GlobalState)...)
	o = o.SetIf(s.Metadata != nil, "metadata", s.Metadata)
	o = o.Set("state", s.State).SetIf(s.Reason != "", "reason", s.Reason)
	o = append(o, wire.Obj("start_time", wire.StampMillis(s.Start), "start_time_in_millis", s.Start, "end_time", wire.StampMillis(s.End), "end_time_in_millis", s.End,
		"duration_in_millis", max(0, s.End-s.Start))...)
	failures := []wire.Object{}
	for _, f := range s.Failures {
		o := wire.Obj("index", f.Index, "index_uuid", f.IndexUUID, "shard_id", f.Shard, "reason", f.Reason).SetIf(f.Node != "", "node_id", f.Node)
		failures = append(failures, o.Set("status", f.Status))
	}
	return append(o, wire.Obj("failures", failures, "shards", wire.Obj("total", s.TotalShards, "failed", s.TotalShards-s.SuccessfulShards, "successful", s.SuccessfulShards))...)
}

// inProgress is a running snapshot as a list shows it: without shard counts.
func (c *Cluster) inProgress(s *running) repo.Snapshot {
	d := c.describe(s)
	d.State, d.End, d.TotalShards, d.SuccessfulShards, d.Failures = "IN_PROGRESS", 0, 0, 0, nil
	return d
}

// getSnapshots lists; verbose=false asks the root index alone, which is fast
// and tells little.
func (c *Cluster) getSnapshots(r *call) (reply, *wire.Error) {
	repository := r.vars["repository"]
	ignore, err := r.flag("ignore_unavailable", false)
	if err != nil {
		return reply{}, err
	}
	verbose, err := r.flag("verbose", true)
	if err != nil {
		return reply{}, err
	}
	list, err := c.list(r, repository, splitList(r.vars["snapshot"]), ignore, verbose)
	if err != nil {
		return reply{}, err
	}
	shown := []wire.Object{}
	for _, s := range list {
		if verbose {
			shown = append(shown, c.shownSnapshot(s))
		} else {
			shown = append(shown, wire.Obj("snapshot", s.Name, "uuid", s.UUID, "indices", s.Indices, "data_streams", []string{}, "state", s.State))
		}
	}
	return ok(wire.Obj("snapshots", shown))
}

// list gives the running and finished snapshots of a repository that patterns
// name, by start time.
func (c *Cluster) list(r *call, repository string, wanted []string, ignore, verbose bool) ([]repo.Snapshot, *wire.Error) {
	rp, err := c.open(r.ctx, repository)
	if err != nil {
		return nil, err
	}
	var out []repo.Snapshot
	seen := map[string]bool{}
	current := slices.Contains(wanted, "_current")
	for _, s := range c.state.Running {
		if s.Repository == repository && (current || picks(wanted, s.Name)) {
			out = append(out, c.inProgress(s))
			seen[s.Name] = true
		}
	}
	if current && len(wanted) == 1 {
		return out, nil
	}
	data, err := rp.Load(r.ctx)
	if err != nil {
		return nil, err
	}
	for _, ref := range data.Snapshots {
		if !picks(wanted, ref.Name) {
			continue
		}
		seen[ref.Name] = true
		if !verbose {
			out = append(out, brief(data, ref))
			continue
		}
		s, err := c.readable(r, rp, repository, ref)
		if err != nil {
			if ignore {
				continue
			}
			return nil, err
		}
		out = append(out, s)
	}
	for _, w := range wanted {
		if !seen[w] && !names.IsPattern(w) && w != "_all" && w != "_current" && !ignore {
			return nil, rp.Missing(w)
		}
	}
	// A pattern without a match is an error of its own, "_all" of nothing is not.
	if len(out) == 0 && len(seen) == 0 && !names.IsAll(wanted) && !ignore {
		return nil, rp.Missing(wanted[0])
	}
	slices.SortStableFunc(out, func(a, b repo.Snapshot) int {
		if a.Start != b.Start {
			return int(a.Start - b.Start)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, nil
}

// picks says whether a name is among those asked for; no names, or _all among
// them, means every snapshot.
func picks(wanted []string, name string) bool {
	return names.IsAll(wanted) || slices.Contains(wanted, "_all") || names.MatchAny(wanted, name)
}

// readable reads a snapshot's description, if this engine can: from OpenSearch 3
// on it does not understand the versions of Elasticsearch any more.
func (c *Cluster) readable(r *call, rp *repo.Repository, repository string, ref repo.Ref) (repo.Snapshot, *wire.Error) {
	s, err := rp.Snapshot(r.ctx, ref)
	if err == nil {
		err = c.unmasked(s.VersionID)
	}
	if err != nil && err.Type != "snapshot_missing_exception" {
		return s, wire.New(500, "snapshot_exception", "[%s:%s/%s] Snapshot could not be read", repository, ref.Name, ref.UUID).CausedBy(err)
	}
	return s, err
}

// unmasked is the refusal of a version number without OpenSearch's mask.
func (c *Cluster) unmasked(id int) *wire.Error {
	if c.eng.atLeast(3, 0) && id&mask == 0 {
		return wire.IllegalArgument("Version id %d must contain OpenSearch mask", id)
	}
	return nil
}

// brief is what the root index alone tells of a snapshot.
func brief(d *repo.Data, ref repo.Ref) repo.Snapshot {
	s := repo.Snapshot{Name: ref.Name, UUID: ref.UUID, State: ref.StateName(), Indices: []string{}}
	for _, name := range sortedNames(d.Indices) {
		if slices.Contains(d.Indices[name].Snapshots, ref.UUID) {
			s.Indices = append(s.Indices, name)
		}
	}
	return s
}

// catSnapshots is the list as a table.
func (c *Cluster) catSnapshots(r *call) (reply, *wire.Error) {
	ignore, err := r.flag("ignore_unavailable", false)
	if err != nil {
		return reply{}, err
	}
	list, err := c.list(r, r.vars["repository"], nil, ignore, true)
	if err != nil {
		return reply{}, err
	}
	t := wire.Table{Columns: []wire.Column{
		wire.Col("id", "snapshot"), wire.Col("status", "s"), wire.Col("start_epoch", "ste", "startEpoch"), wire.Col("start_time", "sti", "startTime"),
		wire.Col("end_epoch", "ete", "endEpoch"), wire.Col("end_time", "eti", "endTime"), wire.Num("duration", "dur"), wire.Num("indices", "i"),
		wire.Num("successful_shards", "ss"), wire.Num("failed_shards", "fs"), wire.Num("total_shards", "ts"), wire.Hidden(wire.Col("reason", "r")),
	}}
	for _, s := range list {
		var reason any
		if s.Reason != "" {
			reason = s.Reason
		}
		t.Rows = append(t.Rows, []any{
			s.Name, s.State, s.Start / 1000, wire.StampMillis(s.Start)[11:19], s.End / 1000, wire.StampMillis(s.End)[11:19],
			wire.Duration(max(0, s.End-s.Start)), len(s.Indices), s.SuccessfulShards, s.TotalShards - s.SuccessfulShards, s.TotalShards, reason,
		})
	}
	return printed(r, t)
}
