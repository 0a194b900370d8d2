package memory

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"snapferry/awsx/sandbox/memory/store"
	"snapferry/awsx/sandbox/memory/wire"
)

// index is one index: its metadata, which is a file, and its documents, which
// are another.
type index struct {
	meta indexMeta
	docs *store.Docs
	// path is that of both files, without their endings.
	path string
}

// object is a JSON object whose members nobody here needs to know.
type object = map[string]any

// indexMeta is an index's metadata as it is kept, and as a snapshot carries it.
type indexMeta struct {
	Name, UUID string
	Settings   settings
	Mappings   object
	Aliases    map[string]object `json:",omitempty"`
	Closed     bool              `json:",omitempty"`
	// ClosedAt is when; for a moment after that the shards start anew.
	ClosedAt time.Time
	// DocBytes is what a document pretends to take on disk; 0 means its real size.
	DocBytes int64 `json:",omitempty"`
	// Revision counts changes of the metadata.
	Revision int
	// Restored says where the index came from, for as long as it lives.
	Restored *restored `json:",omitempty"`
	// ReplicasAt is when replicas were last added: they need a while to come.
	ReplicasAt time.Time
}

// shards is the number of primaries, fixed for good.
func (ix *index) shards() int { return ix.docs.Shards() }

// replicas is the number of further copies of each shard.
func (ix *index) replicas() int { return ix.meta.Settings.number("index.number_of_replicas", 1) }

// hidden indices answer to their name and to few wildcards.
func (ix *index) hidden() bool { return ix.meta.Settings.str("index.hidden") == "true" }

// String is how the engine prints an index in texts.
func (ix *index) String() string { return "[" + ix.meta.Name + "/" + ix.meta.UUID + "]" }

// created is when the index was made, in its first cluster.
func (ix *index) created() time.Time {
	return time.UnixMilli(int64(ix.meta.Settings.number("index.creation_date", 0))).UTC()
}

// size is the pretended or real size of a shard in bytes.
func (ix *index) size(shard int) int64 {
	s := ix.docs.Stats(shard)
	if ix.meta.DocBytes > 0 {
		return s.Docs*ix.meta.DocBytes + emptyShard
	}
	return s.Bytes + emptyShard
}

// emptyShard is what Lucene takes for a shard without documents.
const emptyShard = 208

// saveMeta writes the metadata; every change of it goes through here.
func (ix *index) saveMeta() error {
	ix.meta.Revision++
	return writeFile(ix.path+metaEnd, &ix.meta)
}

// addIndex makes an index's files. The metadata comes last: without it the
// documents belong to nobody, and the next Open removes them.
func (c *Cluster) addIndex(meta indexMeta, fill func(*store.Docs) error) (*index, error) {
	ix := &index{meta: meta, path: filepath.Join(c.opt.Dir, indexDir, meta.UUID)}
	ix.docs = store.Create(ix.path+docsEnd, meta.Settings.number("index.number_of_shards", 1))
	if fill != nil {
		if err := fill(ix.docs); err != nil {
			return nil, err
		}
	}
	if err := ix.saveMeta(); err != nil {
		return nil, err
	}
	c.enter(ix)
	return ix, nil
}

// dropIndex removes an index: first the metadata, which makes it gone.
func (c *Cluster) dropIndex(ix *index) error {
	if err := remove(ix.path + metaEnd); err != nil {
		return err
	}
	c.forget(ix.meta.Name)
	return remove(ix.path + docsEnd)
}

// remove deletes a file that may be gone already.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// loadIndices reads what is on disk and sweeps what a kill left half done.
func (c *Cluster) loadIndices() error {
	root := filepath.Join(c.opt.Dir, indexDir)
	files, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, f := range files {
		names[f.Name()] = true
	}
	for name := range names {
		id, isMeta := strings.CutSuffix(name, metaEnd)
		docs, isDocs := strings.CutSuffix(name, docsEnd)
		switch {
		case isMeta:
			if err := c.loadIndex(filepath.Join(root, id)); err != nil {
				return fmt.Errorf("index %s: %w", id, err)
			}
		case !isDocs || !names[docs+metaEnd]:
			if err := remove(filepath.Join(root, name)); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(c.byName, func(a, b *index) int { return strings.Compare(a.meta.Name, b.meta.Name) })
	// A kill between the two deletions leaves a stream that names what is gone.
	for name, ds := range c.state.DataStreams {
		ds.Indices = slices.DeleteFunc(ds.Indices, func(n string) bool { return c.indices[n] == nil })
		if len(ds.Indices) == 0 {
			delete(c.state.DataStreams, name)
		}
	}
	return nil
}

// loadIndex reads one index.
func (c *Cluster) loadIndex(path string) error {
	ix := &index{path: path}
	raw, err := os.ReadFile(path + metaEnd)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &ix.meta); err != nil {
		return err
	}
	if ix.docs, err = store.Load(path+docsEnd, ix.meta.Settings.number("index.number_of_shards", 1)); err != nil {
		return err
	}
	c.indices[ix.meta.Name] = ix
	c.byName = append(c.byName, ix)
	return nil
}

// place is where a name stands among all indices, or would.
func (c *Cluster) place(name string) (int, bool) {
	return slices.BinarySearchFunc(c.byName, name, func(ix *index, name string) int { return strings.Compare(ix.meta.Name, name) })
}

// enter adds an index, or puts it in the place of the one that has its name.
func (c *Cluster) enter(ix *index) {
	at, there := c.place(ix.meta.Name)
	rest := c.byName[at:]
	if there {
		rest = rest[1:]
	}
	c.byName = slices.Concat(c.byName[:at], []*index{ix}, rest)
	c.indices[ix.meta.Name] = ix
}

// forget takes an index out.
func (c *Cluster) forget(name string) {
	if at, there := c.place(name); there {
		c.byName = slices.Concat(c.byName[:at], c.byName[at+1:])
	}
	delete(c.indices, name)
}

// aliasHolders are the indices that carry an alias, sorted by name.
func (c *Cluster) aliasHolders(alias string) []*index {
	var out []*index
	for _, ix := range c.byName {
		if _, ok := ix.meta.Aliases[alias]; ok {
			out = append(out, ix)
		}
	}
	return out
}

// about adds to an error which index it is about.
func (ix *index) about(e *wire.Error) *wire.Error {
	return e.With("index_uuid", ix.meta.UUID).With("index", ix.meta.Name)
}
