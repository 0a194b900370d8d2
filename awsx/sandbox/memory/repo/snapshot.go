package repo

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"snapferry/awsx/sandbox/memory/wire"
)

// Place gives an index its identifier in the repository: the one it has, or a
// new one that becomes known when a snapshot with it is finished.
func (r *Repository) Place(d *Data, name string) IndexRef {
	if ref, ok := d.index(name); ok {
		return ref
	}
	ref := IndexRef{Name: name, ID: wire.UUID(r.opt.Random)}
	if r.opt.Hashed {
		ref.PathType = pathHashed
	}
	return ref
}

// Generation is a shard's newest generation in the root index, "" for none.
func (d *Data) Generation(name string, shard int) string {
	ix := d.Indices[name]
	if ix == nil || shard >= len(ix.Gens) {
		return ""
	}
	return ix.Gens[shard]
}

// Finished is a snapshot whose shards are all written.
type Finished struct {
	Snapshot Snapshot
	// Global is the cluster's metadata.
	Global json.RawMessage
	// Indices are the parts of it, in any order.
	Indices []FinishedIndex
}

// FinishedIndex is one index of a finished snapshot.
type FinishedIndex struct {
	Ref  IndexRef
	Meta json.RawMessage
	// Version identifies the metadata: the same version is not written again.
	Version string
	// Gens are the shards' new generations, "" where a shard failed.
	Gens []string
}

// Finish writes what makes a snapshot exist: the metadata of cluster and
// indices, the description, and last the root index.
func (r *Repository) Finish(ctx context.Context, f Finished) *wire.Error {
	d, err := r.Load(ctx)
	if err != nil {
		return err
	}
	if err := r.finishOver(ctx, d, f); err != nil {
		return wire.New(500, "snapshot_exception", "[%s:%s/%s] failed to update snapshot in repository", r.opt.Name, f.Snapshot.Name, f.Snapshot.UUID).CausedBy(err)
	}
	return nil
}

// finishOver is that over the root index as it is.
func (r *Repository) finishOver(ctx context.Context, d *Data, f Finished) *wire.Error {
	s := f.Snapshot
	ref := Ref{Name: s.Name, UUID: s.UUID, State: states[s.State], Version: s.Version, Metas: map[string]string{}}
	if err := r.finishRoot(ctx, s, f.Global); err != nil {
		return err
	}
	var stale []string
	for _, ix := range f.Indices {
		old, err := r.finishIndex(ctx, d, &ref, ix)
		if err != nil {
			return err
		}
		stale = append(stale, old...)
	}
	d.Snapshots = append(d.Snapshots, ref)
	if d.MinVersion == "" {
		d.MinVersion = minVersion
	}
	if err := r.save(ctx, d); err != nil {
		return err
	}
	r.sweepUp(ctx, stale)
	return nil
}

// finishRoot writes the two root files of a snapshot. The engine writes them side
// by side: the failure of one is told with that of the other.
func (r *Repository) finishRoot(ctx context.Context, s Snapshot, global json.RawMessage) *wire.Error {
	err := r.put(ctx, r.root("meta-"+s.UUID+".dat"), global)
	beside := r.writeJSON(ctx, r.root("snap-"+s.UUID+".dat"), s)
	switch {
	case err == nil:
		return beside
	case beside != nil:
		err.Suppressed = append(err.Suppressed, beside)
	}
	return err
}

// minVersion is the oldest engine that understands this form of the root index.
const minVersion = "7.9.0"

// finishIndex enters an index into the root index and gives the keys of the
// shard generations that the new ones replace.
func (r *Repository) finishIndex(ctx context.Context, d *Data, ref *Ref, ix FinishedIndex) (stale []string, err *wire.Error) {
	key := ix.Version
	if d.MetaIDs[key] == "" {
		id := wire.UUID(r.opt.Random)
		if err := r.put(ctx, r.root("indices/"+ix.Ref.ID+"/meta-"+id+".dat"), ix.Meta); err != nil {
			return nil, err
		}
		d.MetaIDs[key] = id
	}
	ref.Metas[ix.Ref.ID] = key
	in := d.Indices[ix.Ref.Name]
	if in == nil {
		if ix.Ref.PathType == pathHashed {
			if err := r.notePaths(ctx, ix.Ref, len(ix.Gens)); err != nil {
				return nil, err
			}
		}
		in = &Indexed{ID: ix.Ref.ID, PathType: ix.Ref.PathType}
		d.Indices[ix.Ref.Name] = in
	}
	in.Snapshots = append(in.Snapshots, ref.UUID)
	for i, g := range ix.Gens {
		if i == len(in.Gens) {
			in.Gens = append(in.Gens, "")
		}
		if g == "" {
			continue
		}
		if in.Gens[i] != "" {
			stale = append(stale, r.shardDir(ix.Ref, strconv.Itoa(i))+"index-"+in.Gens[i])
		}
		in.Gens[i] = g
	}
	return stale, nil
}

// notePaths leaves a note of how the shards of an index outside the base path are
// found. The engine tells all of it in the note's name.
func (r *Repository) notePaths(ctx context.Context, ix IndexRef, shards int) *wire.Error {
	note := wire.Obj("indexId", ix.ID, "indexName", ix.Name, "numberOfShards", shards, "shardPathType", pathHashed, "shardPathHashAlgorithm", 1)
	return r.writeJSON(ctx, r.paths(ix)+ix.Name+"."+strconv.Itoa(shards)+".1.1", note)
}

// paths begins the name of an index's note about its shards' paths.
func (r *Repository) paths(ix IndexRef) string {
	return r.root("snapshot_shard_paths/snapshot_path_" + ix.ID + ".")
}

// Snapshot reads a snapshot's description.
func (r *Repository) Snapshot(ctx context.Context, ref Ref) (Snapshot, *wire.Error) {
	var s Snapshot
	return s, r.readOf(ctx, ref, r.root("snap-"+ref.UUID+".dat"), &s)
}

// Missing is the error for a snapshot that is not in the repository.
func (r *Repository) Missing(name string) *wire.Error {
	return wire.New(404, "snapshot_missing_exception", "[%s:%s] is missing", r.opt.Name, name)
}

// readOf reads a file of a snapshot. Without one of its files the whole snapshot
// counts as missing.
func (r *Repository) readOf(ctx context.Context, ref Ref, key string, v any) *wire.Error {
	err := r.readJSON(ctx, key, v)
	if err != nil && err.Type == "no_such_file_exception" {
		return r.Missing(ref.Name + "/" + ref.UUID).CausedBy(err)
	}
	return err
}

// Global reads the cluster's metadata of a snapshot.
func (r *Repository) Global(ctx context.Context, ref Ref, v any) *wire.Error {
	return r.readOf(ctx, ref, r.root("meta-"+ref.UUID+".dat"), v)
}

// IndexMeta reads an index's metadata of a snapshot and tells where the index
// lies.
func (r *Repository) IndexMeta(ctx context.Context, d *Data, ref Ref, name string, v any) (IndexRef, *wire.Error) {
	at, ok := d.index(name)
	if !ok || !slices.Contains(d.Indices[name].Snapshots, ref.UUID) {
		return at, wire.New(500, "repository_exception", "[%s] index [%s] is not in snapshot [%s]", r.opt.Name, name, ref.Name)
	}
	return at, r.readOf(ctx, ref, r.root("indices/"+at.ID+"/meta-"+d.MetaIDs[ref.Metas[at.ID]]+".dat"), v)
}
