package memory

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/names"
	"snapferry/awsx/sandbox/memory/repo"
	"snapferry/awsx/sandbox/memory/wire"
)

// planned is one index that is to be brought back.
type planned struct {
	// source is its name in the snapshot, meta what it will be here.
	source string
	meta   indexMeta
	at     repo.IndexRef
	// over is the closed index of that name, nil for none.
	over *index
	// lost are the shards that the snapshot lacks, for partial restores.
	lost []int
}

// plan decides what a restore brings and refuses what the engine refuses, before
// anything is changed.
type plan struct {
	c       *Cluster
	r       *call
	q       restoreRequest
	rp      *repo.Repository
	data    *repo.Data
	ref     repo.Ref
	snap    repo.Snapshot
	global  globalMeta
	label   string
	indices []*planned
	streams []*dataStream
}

// refuse is a refusal that names repository, snapshot and identifier.
func (p *plan) refuse(format string, args ...any) *wire.Error {
	return wire.New(500, "snapshot_restore_exception", "[%s] %s", p.label, fmt.Sprintf(format, args...))
}

// read finds the snapshot and checks that it can be restored at all.
func (p *plan) read() *wire.Error {
	repository, name := p.r.vars["repository"], p.r.vars["snapshot"]
	var err *wire.Error
	if p.data, err = p.rp.Load(p.r.ctx); err != nil {
		return err
	}
	ref, found := p.data.Find(name)
	if !found {
		return wire.New(500, "snapshot_restore_exception", "[%s:%s] snapshot does not exist", repository, name)
	}
	p.ref, p.label = ref, repository+":"+name+"/"+ref.UUID
	if p.snap, err = p.rp.Snapshot(p.r.ctx, ref); err != nil {
		return err
	}
	if err := p.c.unmasked(p.snap.VersionID); err != nil {
		return err
	}
	if s := p.snap.State; s != "SUCCESS" && s != "PARTIAL" {
		return p.refuse("unsupported snapshot state [%s]", s)
	}
	if versionOf(p.snap.VersionID).Compare(p.c.eng.v) > 0 {
		return p.refuse("the snapshot was created with %s version [%s] which is higher than the version of this node [%s]",
			p.c.eng.product(), p.c.shownVersion(p.snap.VersionID), p.c.eng.v.Number())
	}
	return nil
}

// choose picks indices, data streams and their new names.
func (p *plan) choose() *wire.Error {
	sel := p.q.sel
	lenientSel := sel
	lenientSel.IgnoreUnavailable, lenientSel.AllowNoIndices = true, true
	streams, err := names.Pick(p.snap.DataStreams, lenientSel)
	if err != nil {
		return err
	}
	// The cluster's metadata is read only where it is needed.
	if len(streams) > 0 || p.q.global {
		if err := p.rp.Global(p.r.ctx, p.ref, &p.global); err != nil {
			return err
		}
	}
	fromStream := map[string]bool{}
	for _, s := range streams {
		ds := p.global.DataStreams[s]
		if ds == nil {
			continue
		}
		p.streams = append(p.streams, ds)
		// As the engine does it: the stream's name gives way to the names of its
		// indices. A request for everything, which has no names, becomes one for the
		// streams' indices alone.
		sel.Names = slices.DeleteFunc(slices.Clone(sel.Names), func(n string) bool { return n == s })
		sel.Names = append(sel.Names, ds.Indices...)
		for _, n := range ds.Indices {
			fromStream[n] = true
		}
	}
	chosen, err := names.Pick(p.snap.Indices, sel)
	if err != nil {
		return err
	}
	if err := p.wholeStreams(chosen); err != nil {
		return err
	}
	taken := map[string]string{}
	for _, source := range chosen {
		name := p.newName(source, fromStream[source])
		if was, twice := taken[name]; twice {
			return wire.New(500, "snapshot_restore_exception", "[%s:%s] indices [%s] and [%s] are renamed into the same index [%s]",
				p.r.vars["repository"], p.snap.Name, source, was, name)
		}
		taken[name] = source
		ix := &planned{source: source}
		if ix.at, err = p.rp.IndexMeta(p.r.ctx, p.data, p.ref, source, &ix.meta); err != nil {
			return err
		}
		ix.meta.Name = name
		p.indices = append(p.indices, ix)
	}
	return nil
}

// wholeStreams: the engine fails over a stream of which an index was excluded.
func (p *plan) wholeStreams(chosen []string) *wire.Error {
	for _, ds := range p.streams {
		for _, n := range ds.Indices {
			if !slices.Contains(chosen, n) {
				return wire.NullPointer(`Cannot invoke "org.opensearch.cluster.metadata.IndexMetadata.getIndex()" because the return value of ` +
					`"org.opensearch.cluster.metadata.Metadata$Builder.get(String)" is null`)
			}
		}
	}
	return nil
}

// newName renames; of a data stream's index only the part after .ds- is seen.
func (p *plan) newName(name string, fromStream bool) string {
	const prefix = ".ds-"
	if fromStream && strings.HasPrefix(name, prefix) {
		return prefix + p.q.rename.Rename(name[len(prefix):])
	}
	return p.q.rename.Rename(name)
}

// check judges every index against the cluster, in the engine's order.
func (p *plan) check() *wire.Error {
	adding := 0
	for _, ix := range p.indices {
		if err := p.partly(ix); err != nil {
			return err
		}
		if err := p.resettle(ix); err != nil {
			return err
		}
		if err := p.upgrade(ix); err != nil {
			return err
		}
		if err := p.space(ix, &adding); err != nil {
			return err
		}
		p.aliases(ix)
	}
	return p.nameConflicts()
}

// partly refuses an index the snapshot does not hold whole.
func (p *plan) partly(ix *planned) *wire.Error {
	for _, f := range p.snap.Failures {
		if f.Index == ix.source {
			ix.lost = append(ix.lost, f.Shard)
		}
	}
	if len(ix.lost) > 0 && !p.q.partial {
		return p.refuse("index [%s] wasn't fully snapshotted - cannot restore", ix.source)
	}
	return nil
}

// upgrade refuses an index of an engine too old for this one and marks one that
// comes from an older engine.
func (p *plan) upgrade(ix *planned) *wire.Error {
	id := ix.meta.Settings.number("index.version.created", 0)
	if err := p.c.unmasked(id); err != nil {
		return err
	}
	oldest, shown, reindex := p.c.eng.oldestIndex()
	if versionOf(id).Compare(oldest) < 0 {
		cause := wire.NewForeign(500, "illegal_state_exception",
			"The index [%s] was created with version [%s] but the minimum compatible version is [%s]. It should be re-indexed in %s before upgrading to %s.",
			(&index{meta: ix.meta}).was(ix.source), versionOf(id).Number(), shown, reindex, p.c.eng.v.Number())
		return p.refuse("cannot restore index [%s] because it cannot be upgraded", ix.source).CausedBy(cause)
	}
	upgraded := ix.meta.Settings.number("index.version.upgraded", id)
	if versionOf(upgraded).Compare(p.c.eng.v) < 0 {
		ix.meta.Settings["index.version.upgraded"] = strconv.Itoa(versionID(p.c.eng.v))
	}
	return nil
}

// was is the index under its name in the snapshot.
func (ix *index) was(name string) string { return "[" + name + "/" + ix.meta.UUID + "]" }

// space checks the name: free, or that of a closed index with as many shards.
func (p *plan) space(ix *planned, adding *int) *wire.Error {
	name := ix.meta.Name
	old := p.c.indices[name]
	if old == nil {
		if err := p.c.freeName(name); err != nil {
			return err
		}
		ix.meta.UUID = p.c.uuid()
		ix.meta.Settings["index.uuid"] = ix.meta.UUID
		s := ix.meta.Settings
		if err := p.c.copiesFit(s); err != nil {
			return err
		}
		more := s.number("index.number_of_shards", 1) * (1 + s.number("index.number_of_replicas", 1))
		if err := p.c.roomBeside(*adding, more); err != nil {
			return err
		}
		*adding += more
		return nil
	}
	if !old.meta.Closed {
		return p.refuse("cannot restore index [%s] because an open index with same name already exists in the cluster. Either close or delete "+
			"the existing index or restore the index under a different name by providing a rename pattern and replacement name", name)
	}
	if len(ix.lost) > 0 {
		return p.refuse("cannot restore partial index [%s] because such index already exists", name)
	}
	if have, want := old.shards(), ix.meta.Settings.number("index.number_of_shards", 1); have != want {
		return p.refuse("cannot restore index [%s] with [%d] shards from a snapshot of index [%s] with [%d] shards", name, have, ix.source, want)
	}
	ix.over = old
	ix.meta.UUID = old.meta.UUID
	ix.meta.Settings["index.uuid"] = old.meta.UUID
	ix.meta.Settings["index.history.uuid"] = p.c.uuid()
	return nil
}
