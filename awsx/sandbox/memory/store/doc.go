// Package store keeps the documents of one index on disk and in memory: an
// append-only log, one line a write, read back whole when the log is opened.
//
// It knows documents, shards, sequence numbers and segments. It does not know
// mappings, queries, index names or HTTP.
package store

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
)

// Doc is one live document. It is never changed once made, so that a reader may
// keep it while the index goes on.
type Doc struct {
	ID      string
	Routing string
	Shard   int
	// Seq counts the writes of a shard, Version those of a document.
	Seq, Version int64
	Source       json.RawMessage
}

// size is what a document takes in a pretended segment.
func (d *Doc) size() int64 { return int64(len(d.Source) + len(d.ID) + 24) }

// Docs are the documents of one index. It is not safe for concurrent use: the
// cluster has one lock.
type Docs struct {
	path   string
	shards []*shard
}

type shard struct {
	byID map[string]*Doc
	// tombs are the versions of deleted documents, which a later write of the
	// same id goes on from.
	tombs map[string]int64
	// order holds the documents by sequence number; a nil stands where one was
	// replaced or deleted.
	order []*Doc
	// max is the highest sequence number given out, -1 for none.
	max int64
	// cuts are where segments end: the sequence numbers that begin a new one.
	cuts []int64
	// gone counts what was replaced or deleted.
	gone  int64
	bytes int64
}

// newShards makes empty shards.
func newShards(n int) []*shard {
	out := make([]*shard, n)
	for i := range out {
		out[i] = &shard{byID: map[string]*Doc{}, tombs: map[string]int64{}, max: -1}
	}
	return out
}

// Shards is the number of primaries.
func (d *Docs) Shards() int { return len(d.shards) }

// ShardOf is where a document with this id and routing lives.
func (d *Docs) ShardOf(id, routing string) int {
	if routing == "" {
		routing = id
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(routing))
	return int(h.Sum32() % uint32(len(d.shards)))
}

// Get reads a document, nil when there is none.
func (d *Docs) Get(id, routing string) *Doc {
	return d.shards[d.ShardOf(id, routing)].byID[id]
}

// Live gives the documents of a shard in the order of writing.
func (d *Docs) Live(n int) []*Doc {
	s := d.shards[n]
	if slices.Contains(s.order, nil) {
		s.order = slices.DeleteFunc(s.order, func(doc *Doc) bool { return doc == nil })
	}
	return s.order
}

// Stats are the counts of one shard. Bytes is the size of the live documents.
type Stats struct {
	Docs, Deleted, Bytes, MaxSeq int64
}

// Stats counts a shard.
func (d *Docs) Stats(n int) Stats {
	s := d.shards[n]
	return Stats{Docs: int64(len(s.byID)), Deleted: s.gone, Bytes: s.bytes, MaxSeq: s.max}
}

// Merge forgets deleted documents, as a force merge does. It changes no
// document, and lasts as long as the process.
func (d *Docs) Merge() {
	for _, s := range d.shards {
		s.gone = 0
	}
}

// Commit ends the current segment of a shard: what is written from now on goes
// into a new one. It is what an engine's flush before a snapshot does.
func (d *Docs) Commit(n int) error {
	s := d.shards[n]
	if s.max < 0 || len(s.cuts) > 0 && s.cuts[len(s.cuts)-1] > s.max {
		return nil
	}
	return d.append([]line{{Shard: n, Seq: s.max, Commit: true}})
}

// apply makes one log line true in memory.
func (d *Docs) apply(l line) error {
	if l.Shard < 0 || l.Shard >= len(d.shards) {
		return fmt.Errorf("shard %d of %d", l.Shard, len(d.shards))
	}
	s := d.shards[l.Shard]
	s.max = max(s.max, l.Seq)
	if l.Commit && (len(s.cuts) == 0 || s.cuts[len(s.cuts)-1] <= l.Seq) {
		s.cuts = append(s.cuts, l.Seq+1)
	}
	if l.Mark || l.Commit {
		return nil
	}
	if old := s.byID[l.ID]; old != nil {
		s.drop(old)
	}
	if l.Deleted {
		s.tombs[l.ID] = l.Version
		return nil
	}
	delete(s.tombs, l.ID)
	doc := &Doc{ID: l.ID, Routing: l.Routing, Shard: l.Shard, Seq: l.Seq, Version: l.Version, Source: l.Source}
	s.byID[l.ID] = doc
	s.order = append(s.order, doc)
	s.bytes += doc.size()
	return nil
}

// drop takes a replaced or deleted document out of the order of writing.
func (s *shard) drop(old *Doc) {
	delete(s.byID, old.ID)
	at, ok := slices.BinarySearchFunc(s.order, old.Seq, func(d *Doc, seq int64) int {
		if d == nil {
			return -1
		}
		return int(d.Seq - seq)
	})
	if !ok {
		// A nil in the way misleads the search; deletions are rare, so look.
		at = slices.Index(s.order, old)
	}
	s.order[at] = nil
	s.gone++
	s.bytes -= old.size()
}
