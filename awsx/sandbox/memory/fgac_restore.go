package memory

import (
	"slices"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/security"
	"snapferry/awsx/sandbox/memory/wire"
)

const restoreAction = "cluster:admin/snapshot/restore"

// permit judges a restore by its content before anybody's rights: the cluster's
// global state and the security index come back by nobody's hand. A refusal
// without a permission in its brackets means the content. What cannot be found
// out counts as everything, and everything holds the security index.
func (p *plan) permit() *wire.Error {
	user := p.r.user
	if user == nil {
		return nil
	}
	if p.q.global {
		if p.c.eng.atLeast(3, 0) {
			return security.Denied(user, restoreAction)
		}
		return security.Denied(user)
	}
	data, err := p.rp.Load(p.r.ctx)
	if err != nil {
		return err
	}
	ref, found := data.Find(p.r.vars["snapshot"])
	if !found {
		return security.Denied(user)
	}
	snap, err := p.rp.Snapshot(p.r.ctx, ref)
	if err != nil {
		return err
	}
	// The names of data streams are not among the indices: a stream that is asked
	// for by its name alone is not found here.
	chosen, err := names.Pick(snap.Indices, p.q.sel)
	if err != nil {
		return err
	}
	if len(chosen) == 0 || slices.Contains(chosen, security.Index) {
		return security.Denied(user)
	}
	var targets []security.Target
	for _, source := range chosen {
		targets = append(targets, p.c.namedTargets(p.q.rename.Rename(source))...)
	}
	if err := p.c.judge(p.r, targets, restoreAction); err != nil {
		return err
	}
	return p.c.judge(p.r, targets, "indices:data/write/index", createAction)
}
