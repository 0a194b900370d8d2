package memory

import (
	"context"
	"slices"
	"time"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/wire"
)

// deleteSnapshots deletes finished snapshots and cancels running ones. While
// others run in the repository, the deletion of a finished one waits for them.
func (c *Cluster) deleteSnapshots(r *call) (reply, *wire.Error) {
	repository := r.vars["repository"]
	rp, err := c.open(r.ctx, repository)
	if err != nil {
		return reply{}, err
	}
	if c.state.Repositories[repository].readonly() {
		return reply{}, wire.New(500, "repository_exception", "[%s] cannot delete snapshot from a readonly repository", repository)
	}
	cancelled, doomed, err := c.condemned(r, rp, repository)
	if err != nil {
		return reply{}, err
	}
	if err := c.cancel(r.ctx, rp, cancelled); err != nil {
		return reply{}, err
	}
	if len(doomed) == 0 {
		return acknowledged()
	}
	for until := c.busyUntil(repository); until.After(c.now()); until = c.busyUntil(repository) {
		if !c.wait(r, until) {
			return cutOff()
		}
	}
	err = rp.Delete(r.ctx, doomed)
	if serr := c.save(); serr != nil {
		return reply{}, storageError(serr)
	}
	if err != nil {
		return reply{}, err
	}
	return acknowledged()
}

// busyUntil is when the last snapshot that runs in a repository will be done.
func (c *Cluster) busyUntil(repository string) time.Time {
	var last time.Time
	for _, s := range c.state.Running {
		if s.Repository == repository && s.end().After(last) {
			last = s.end()
		}
	}
	return last
}

// condemned are the running and the finished snapshots a deletion names.
func (c *Cluster) condemned(r *call, rp *repo.Repository, repository string) (cancelled []*running, doomed []repo.Ref, err *wire.Error) {
	data, err := rp.Load(r.ctx)
	if err != nil {
		return nil, nil, err
	}
	wanted := splitList(r.vars["snapshot"])
	seen := map[string]bool{}
	for _, s := range c.state.Running {
		if s.Repository == repository && names.MatchAny(wanted, s.Name) {
			cancelled = append(cancelled, s)
			seen[s.Name] = true
		}
	}
	for _, ref := range data.Snapshots {
		if names.MatchAny(wanted, ref.Name) {
			if err := c.notRestoring(repository, ref); err != nil {
				return nil, nil, err
			}
			doomed = append(doomed, ref)
			seen[ref.Name] = true
		}
	}
	for _, w := range wanted {
		if !seen[w] && !names.IsPattern(w) {
			return nil, nil, rp.Missing(w)
		}
	}
	return cancelled, doomed, nil
}

// notRestoring refuses to delete what is being restored.
func (c *Cluster) notRestoring(repository string, ref repo.Ref) *wire.Error {
	for _, ix := range c.byName {
		from := ix.meta.Restored
		if from == nil || from.SnapshotUUID != ref.UUID || !c.restoring(ix) {
			continue
		}
		label := repository + ":" + ref.Name + "/" + ref.UUID
		status := 503
		if c.eng.atLeast(3, 0) {
			status = 409
		}
		return wire.New(status, "concurrent_snapshot_execution_exception",
			"[%s] cannot delete snapshot during a restore in progress in [RestoreInProgress[{%s}{%s}]]", label, from.UUID, label)
	}
	return nil
}

// cancel forgets running snapshots and removes what they wrote. Files that
// another running snapshot of the same index may share stay.
func (c *Cluster) cancel(ctx context.Context, rp *repo.Repository, list []*running) *wire.Error {
	if len(list) == 0 {
		return nil
	}
	c.state.Running = slices.DeleteFunc(c.state.Running, func(s *running) bool { return slices.Contains(list, s) })
	if err := c.save(); err != nil {
		return storageError(err)
	}
	for _, s := range list {
		s.failed = wire.New(500, "snapshot_exception", "[%s] Snapshot was aborted by deletion", s.label())
		var keys []string
		for _, sh := range s.Shards {
			shared := slices.ContainsFunc(c.state.Running, func(o *running) bool { return o.Repository == s.Repository && o.Metas[sh.Index] != nil })
			if !shared {
				keys = append(keys, sh.Written.Keys...)
			}
		}
		if err := rp.Discard(ctx, keys); err != nil {
			return err
		}
	}
	return nil
}
