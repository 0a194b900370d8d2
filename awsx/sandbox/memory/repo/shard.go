package repo

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"snapferry/awsx/sandbox/memory/wire"
)

// Part is a file of a shard that is to be kept in the repository.
type Part struct {
	Physical string
	// Length is what the file pretends to hold; Body is what it does hold.
	Length   int64
	Checksum string
	Body     []byte
	// Small files stand inside the shard's description instead of in blobs of
	// their own, as the engine does with commit points.
	Small bool
}

// shardIndex is the file index-GEN of a shard: the files of every snapshot that
// holds it, so that the next one can see what is there already.
type shardIndex struct {
	Snapshots []ShardSnapshot `json:"snapshots"`
}

// ShardWrite is a shard to be written.
type ShardWrite struct {
	Index IndexRef
	Shard int
	// Gen is the shard's newest generation, "" for none.
	Gen string
	// Name and UUID are the snapshot's.
	Name, UUID string
	Parts      []Part
	MaxSeq     int64
	// Start and Time are in milliseconds.
	Start, Time int64
}

// Written is a shard in the repository that no finished snapshot names yet.
type Written struct {
	Shard ShardSnapshot
	// Gen is the shard's new generation.
	Gen string
	// Keys are the objects that this write made, for Discard.
	Keys []string
}

// WriteShard uploads the parts of a shard that the repository lacks and then
// describes the shard. On failure Keys still tells what was written.
func (r *Repository) WriteShard(ctx context.Context, w ShardWrite) (Written, *wire.Error) {
	shard := strconv.Itoa(w.Shard)
	dir := r.shardDir(w.Index, shard)
	var earlier shardIndex
	if w.Gen != "" {
		if err := r.readJSON(ctx, dir+"index-"+w.Gen, &earlier); err != nil {
			return Written{}, err
		}
	}
	out := Written{Gen: wire.UUID(r.opt.Random)}
	s := ShardSnapshot{Name: w.Name, Start: w.Start, Time: w.Time, MaxSeq: w.MaxSeq, Files: []File{}}
	for _, p := range w.Parts {
		f, old := earlier.find(p)
		if !old {
			f = File{Name: "__" + wire.UUID(r.opt.Random), Physical: p.Physical, Length: p.Length, Checksum: p.Checksum}
			if p.Small {
				f.Name, f.Inline = "v"+f.Name, p.Body
			} else if err := r.put(ctx, dir+f.Name, p.Body); err != nil {
				return out, err
			} else {
				out.Keys = append(out.Keys, dir+f.Name)
			}
			s.NewFiles++
			s.NewBytes += p.Length
		}
		s.Files = append(s.Files, f)
	}
	out.Shard = s
	for _, f := range []struct {
		name string
		body any
	}{{"snap-" + w.UUID + ".dat", s}, {"index-" + out.Gen, shardIndex{append(earlier.Snapshots, s)}}} {
		if err := r.writeJSON(ctx, dir+f.name, f.body); err != nil {
			return out, err
		}
		out.Keys = append(out.Keys, dir+f.name)
	}
	return out, nil
}

// Discard removes what a snapshot that was broken off had written.
func (r *Repository) Discard(ctx context.Context, keys []string) *wire.Error {
	return r.remove(ctx, keys)
}

// find looks for a file with the same content among the earlier snapshots'.
func (x shardIndex) find(p Part) (File, bool) {
	for _, s := range slices.Backward(x.Snapshots) {
		for _, f := range s.Files {
			if f.Physical == p.Physical && f.Checksum == p.Checksum && f.Length == p.Length {
				return f, true
			}
		}
	}
	return File{}, false
}

// Shard reads how a snapshot describes a shard.
func (r *Repository) Shard(ctx context.Context, ix IndexRef, shard int, uuid string) (ShardSnapshot, *wire.Error) {
	var s ShardSnapshot
	err := r.readJSON(ctx, r.shardDir(ix, strconv.Itoa(shard))+"snap-"+uuid+".dat", &s)
	return s, err
}

// ReadFile gives the content of a shard's file.
func (r *Repository) ReadFile(ctx context.Context, ix IndexRef, shard int, f File) ([]byte, *wire.Error) {
	if f.Inline != nil {
		return f.Inline, nil
	}
	return r.get(ctx, r.shardDir(ix, strconv.Itoa(shard))+f.Name)
}

// readJSON reads a file of ours.
func (r *Repository) readJSON(ctx context.Context, key string, v any) *wire.Error {
	body, err := r.get(ctx, key)
	if err != nil {
		return err
	}
	if jerr := json.Unmarshal(body, v); jerr != nil {
		return wire.New(500, "corrupt_state_exception", "%s: %s", key, jerr)
	}
	return nil
}

// writeJSON writes one.
func (r *Repository) writeJSON(ctx context.Context, key string, v any) *wire.Error {
	body, jerr := json.Marshal(v)
	if jerr != nil {
		return wire.New(500, "json_generation_exception", "%s: %s", key, jerr)
	}
	return r.put(ctx, key, body)
}
