package memory

import (
	"context"
	"maps"
	"slices"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/wire"
)

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
	found, err := c.resolveList(q.indices, q.expand)
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
	}
	if s.DataStreams, err = c.streamsFor(q.indices, s.Indices); err != nil {
		return nil, err
	}
	if s.GlobalMeta, err = c.globalMeta(s); err != nil {
		return nil, err
	}
	return s, c.writeShards(ctx, rp, data, s, found)
}

// streamsFor are the data streams that the names of a request match: a backing
// index that is named itself brings no stream. A stream of which an index is left
// out makes the engine fail without a word.
func (c *Cluster) streamsFor(wanted, indices []string) ([]string, *wire.Error) {
	out := []string{}
	for _, name := range slices.Sorted(maps.Keys(c.state.DataStreams)) {
		in := names.IsAll(wanted)
		for _, w := range wanted {
			exclusion, isExclusion := strings.CutPrefix(w, "-")
			switch {
			case isExclusion && names.Match(exclusion, name):
				in = false
			case names.Match(w, name):
				in = true
			}
		}
		if !in {
			continue
		}
		for _, ix := range c.state.DataStreams[name].Indices {
			if !slices.Contains(indices, ix) {
				return nil, wire.NullPointer("")
			}
		}
		out = append(out, name)
	}
	return out, nil
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
