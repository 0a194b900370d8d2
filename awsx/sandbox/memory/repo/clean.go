package repo

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/backend"
	"snapferry/awsx/sandbox/memory/wire"
)

// Clean removes the files that deletions left behind, and tells how much it was:
// descriptions of snapshots that are not listed, older root indices, and whole
// indices that no snapshot holds.
func (r *Repository) Clean(ctx context.Context) (blobs int, bytes int64, err *wire.Error) {
	d, err := r.Load(ctx)
	if err != nil {
		return 0, 0, err
	}
	if err := r.Unmoved(ctx); err != nil {
		return 0, 0, err
	}
	all, err := r.list(ctx, r.root(""))
	if err != nil {
		return 0, 0, err
	}
	stale := slices.DeleteFunc(all, func(b backend.Blob) bool { return r.needed(d, strings.TrimPrefix(b.Key, r.root(""))) })
	if len(stale) == 0 {
		return 0, 0, nil
	}
	if err := r.save(ctx, d); err != nil {
		return 0, 0, err
	}
	keys := make([]string, len(stale))
	for i, b := range stale {
		keys[i] = b.Key
		bytes += b.Size
	}
	if err := r.remove(ctx, keys); err != nil {
		return 0, 0, nil // only the engine's log has it
	}
	return len(keys), bytes, nil
}

// needed says whether a file, named below the base path, is to stay. What does
// not look like a file of a repository stays too.
func (r *Repository) needed(d *Data, name string) bool {
	if rest, in := strings.CutPrefix(name, "indices/"); in {
		id, _, _ := strings.Cut(rest, "/")
		for _, ix := range d.Indices {
			if ix.ID == id {
				return true
			}
		}
		return false
	}
	if gen, in := strings.CutPrefix(name, "index-"); in {
		n, err := strconv.ParseInt(gen, 10, 64)
		return err != nil || n >= d.Gen
	}
	for _, kind := range []string{"snap-", "meta-"} {
		uuid, in := strings.CutPrefix(name, kind)
		if uuid, whole := strings.CutSuffix(uuid, ".dat"); in && whole {
			return slices.ContainsFunc(d.Snapshots, func(s Ref) bool { return s.UUID == uuid })
		}
	}
	return true
}
