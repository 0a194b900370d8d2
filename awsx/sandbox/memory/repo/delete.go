package repo

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// Delete forgets snapshots and removes the files that no other one needs. The
// root index goes first: a kill in between leaves files nobody asks for, never
// a snapshot without its files. Files that the store keeps from being removed
// stay, and nobody is told.
func (r *Repository) Delete(ctx context.Context, list []Ref) *wire.Error {
	d, err := r.Load(ctx)
	if err != nil {
		return err
	}
	var uuids, labels []string
	for _, s := range list {
		uuids = append(uuids, s.UUID)
		labels = append(labels, s.Name+"/"+s.UUID)
	}
	if _, err := r.list(ctx, r.root("")); err != nil {
		return r.failed(err, "failed to delete snapshots ["+strings.Join(labels, ", ")+"]")
	}
	before := *d
	next := &Data{Gen: d.Gen, MinVersion: d.MinVersion, Indices: map[string]*Indexed{}, MetaIDs: map[string]string{}}
	for _, s := range before.Snapshots {
		if slices.Contains(uuids, s.UUID) {
			continue
		}
		next.Snapshots = append(next.Snapshots, s)
		for _, key := range s.Metas {
			next.MetaIDs[key] = before.MetaIDs[key]
		}
	}
	var stale []string
	for name, ix := range before.Indices {
		keep, files := r.dropFrom(ctx, name, ix, uuids)
		stale = append(stale, files...)
		if keep != nil {
			next.Indices[name] = keep
			stale = append(stale, r.staleMetas(ix.ID, &before, next)...)
		}
	}
	for _, id := range uuids {
		stale = append(stale, r.root("snap-"+id+".dat"), r.root("meta-"+id+".dat"))
	}
	if err := r.save(ctx, next); err != nil {
		return err
	}
	slices.Sort(stale)
	r.sweepUp(ctx, stale)
	return nil
}

// dropFrom takes snapshots out of an index. It gives nil for an index that no
// snapshot holds any more, and the keys that are of no use then. A shard that
// cannot be read or written stays as it is, files and all: of that, too, only the
// engine's log tells.
func (r *Repository) dropFrom(ctx context.Context, name string, ix *Indexed, uuids []string) (*Indexed, []string) {
	gone := slices.DeleteFunc(slices.Clone(ix.Snapshots), func(id string) bool { return !slices.Contains(uuids, id) })
	if len(gone) == 0 {
		return ix, nil
	}
	ref := IndexRef{Name: name, ID: ix.ID, PathType: ix.PathType}
	keep := &Indexed{ID: ix.ID, PathType: ix.PathType, Gens: slices.Clone(ix.Gens)}
	keep.Snapshots = slices.DeleteFunc(slices.Clone(ix.Snapshots), func(id string) bool { return slices.Contains(uuids, id) })
	if len(keep.Snapshots) == 0 {
		return nil, r.everything(ctx, ref, len(ix.Gens))
	}
	var stale []string
	for shard, gen := range ix.Gens {
		if gen == "" {
			continue
		}
		files, next, err := r.dropShard(ctx, ref, shard, keep.Snapshots, gone)
		if err != nil {
			continue
		}
		keep.Gens[shard] = next
		stale = append(stale, files...)
	}
	return keep, stale
}

// dropShard writes a shard's index anew from the snapshots that stay.
func (r *Repository) dropShard(ctx context.Context, ref IndexRef, shard int, stay, gone []string) (stale []string, gen string, err *wire.Error) {
	dir := r.shardDir(ref, strconv.Itoa(shard))
	var next shardIndex
	used := map[string]bool{}
	for _, id := range stay {
		s, err := r.Shard(ctx, ref, shard, id)
		if err != nil && err.Type == "no_such_file_exception" {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		next.Snapshots = append(next.Snapshots, s)
		used["snap-"+id+".dat"] = true
		for _, f := range s.Files {
			used[f.Name] = true
		}
	}
	gen = wire.UUID(r.opt.Random)
	used["index-"+gen] = true
	if err := r.writeJSON(ctx, dir+"index-"+gen, next); err != nil {
		return nil, "", err
	}
	blobs, err := r.list(ctx, dir)
	if err != nil {
		return nil, "", err
	}
	for _, b := range blobs {
		if !used[b.Key[len(dir):]] {
			stale = append(stale, b.Key)
		}
	}
	return stale, gen, nil
}

// everything lists all keys of an index: its metadata and each shard, wherever
// that lies.
func (r *Repository) everything(ctx context.Context, ref IndexRef, shards int) []string {
	dirs := []string{r.root("indices/" + ref.ID + "/")}
	if ref.PathType == pathHashed {
		dirs = append(dirs, r.paths(ref))
		for n := range shards {
			dirs = append(dirs, r.shardDir(ref, strconv.Itoa(n)))
		}
	}
	var keys []string
	for _, dir := range dirs {
		blobs, err := r.list(ctx, dir)
		if err != nil {
			continue
		}
		for _, b := range blobs {
			keys = append(keys, b.Key)
		}
	}
	return keys
}

// staleMetas are the index's metadata blobs that no snapshot refers to any more.
func (r *Repository) staleMetas(id string, before, next *Data) []string {
	var keys []string
	for _, s := range before.Snapshots {
		key, ok := s.Metas[id]
		if ok && next.MetaIDs[key] == "" {
			keys = append(keys, r.root("indices/"+id+"/meta-"+before.MetaIDs[key]+".dat"))
		}
	}
	return keys
}
