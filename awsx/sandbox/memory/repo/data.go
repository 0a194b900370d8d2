package repo

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"snapferry/awsx/sandbox/memory/wire"
)

// Data is the root index of a repository, the file index-N.
type Data struct {
	// Gen is N, -1 for a repository without any file.
	Gen        int64               `json:"-"`
	MinVersion string              `json:"min_version,omitempty"`
	Snapshots  []Ref               `json:"snapshots"`
	Indices    map[string]*Indexed `json:"indices"`
	// MetaIDs finds the blob of an index's metadata by its identifier.
	MetaIDs map[string]string `json:"index_metadata_identifiers,omitempty"`
}

// Ref is a snapshot as the root index lists it.
type Ref struct {
	Name  string `json:"name"`
	UUID  string `json:"uuid"`
	State int    `json:"state"`
	// Metas finds, by index ID, the identifier under which MetaIDs knows the
	// index's metadata of this snapshot.
	Metas   map[string]string `json:"index_metadata_lookup,omitempty"`
	Version string            `json:"version"`
}

// Indexed is an index in the repository with the snapshots that hold it.
type Indexed struct {
	ID        string   `json:"id"`
	Snapshots []string `json:"snapshots"`
	// Gens names, by shard, the newest file that lists the shard's snapshots.
	Gens     []string `json:"shard_generations"`
	PathType int      `json:"shard_path_type,omitempty"`
}

// States of a snapshot in the root index, by the engine's own numbers.
var states = map[string]int{"IN_PROGRESS": 0, "SUCCESS": 1, "FAILED": 2, "PARTIAL": 3, "INCOMPATIBLE": 4}

// State is the name of a number in the root index.
func (s Ref) StateName() string {
	for name, n := range states {
		if n == s.State {
			return name
		}
	}
	return "INCOMPATIBLE"
}

// Find looks a snapshot up by name.
func (d *Data) Find(name string) (Ref, bool) {
	i := slices.IndexFunc(d.Snapshots, func(s Ref) bool { return s.Name == name })
	if i < 0 {
		return Ref{}, false
	}
	return d.Snapshots[i], true
}

// Index gives the place of an index, making one in memory where it is new.
func (d *Data) index(name string) (IndexRef, bool) {
	ix, ok := d.Indices[name]
	if !ok {
		return IndexRef{}, false
	}
	return IndexRef{Name: name, ID: ix.ID, PathType: ix.PathType}, true
}

// Load reads the newest root index, or the one this cluster wrote last. A bucket
// without one is an empty repository: no error tells a wrong base path from a
// new one.
func (r *Repository) Load(ctx context.Context) (*Data, *wire.Error) {
	if r.opt.Known != nil && r.opt.Known.Corrupt {
		return nil, r.corrupt()
	}
	if r.trusted() {
		body, err := r.recall(ctx)
		if err != nil {
			return nil, err
		}
		return r.parse(body, r.opt.Known.Gen)
	}
	gen, err := r.latest(ctx)
	if err != nil {
		return nil, r.failed(err, "Could not determine repository generation from root blobs")
	}
	if gen < 0 {
		return &Data{Gen: -1, Indices: map[string]*Indexed{}, MetaIDs: map[string]string{}}, nil
	}
	body, err := r.get(ctx, r.rootIndex(gen))
	if err != nil {
		return nil, r.failed(err, "could not read repository data from index blob")
	}
	return r.parse(body, gen)
}

// parse reads a root index.
func (r *Repository) parse(body []byte, gen int64) (*Data, *wire.Error) {
	d := &Data{Gen: gen}
	if jerr := json.Unmarshal(body, d); jerr != nil {
		return nil, r.failed(wire.New(400, "parse_exception", "%s", jerr), "could not read repository data from index blob")
	}
	if d.Indices == nil {
		d.Indices = map[string]*Indexed{}
	}
	if d.MetaIDs == nil {
		d.MetaIDs = map[string]string{}
	}
	return d, nil
}

// latest finds the newest generation, -1 for none.
func (r *Repository) latest(ctx context.Context) (int64, *wire.Error) {
	prefix := r.root("index-")
	blobs, err := r.list(ctx, prefix)
	if err != nil {
		return 0, err
	}
	gen := int64(-1)
	for _, b := range blobs {
		if n, err := strconv.ParseInt(strings.TrimPrefix(b.Key, prefix), 10, 64); err == nil {
			gen = max(gen, n)
		}
	}
	return gen, nil
}

// save writes the next root index, then the pointer to it, and then drops the
// one before: there is never more than one for long.
func (r *Repository) save(ctx context.Context, d *Data) *wire.Error {
	body, jerr := json.Marshal(d)
	if jerr != nil {
		return wire.New(500, "json_generation_exception", "%s", jerr)
	}
	if err := r.stillThere(ctx, d.Gen); err != nil {
		return err
	}
	next := d.Gen + 1
	if k := r.opt.Known; k != nil {
		// A number that was tried once is not tried again.
		next = max(next, k.Tried+1)
		k.Tried = next
	}
	if err := r.put(ctx, r.rootIndex(next), body); err != nil {
		return err
	}
	if err := r.put(ctx, r.root("index.latest"), binary.BigEndian.AppendUint64(nil, uint64(next))); err != nil {
		return err
	}
	if k := r.opt.Known; k != nil {
		k.Gen, k.body = next, body
	}
	if d.Gen >= 0 {
		r.sweepUp(ctx, []string{r.rootIndex(d.Gen)})
	}
	d.Gen = next
	return nil
}
