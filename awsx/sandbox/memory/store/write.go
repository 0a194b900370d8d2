package store

import (
	"encoding/json"
	"fmt"
)

// Kind is what a write does.
type Kind int

// The kinds. Put replaces, Create refuses to, Delete removes.
const (
	Put Kind = iota
	Add
	Delete
)

// Write is one change that is asked for.
type Write struct {
	Kind        Kind
	ID, Routing string
	Source      json.RawMessage
	// IfSeq makes the write depend on the document's sequence number.
	IfSeq *int64
}

// Outcome is what became of a write. Exactly one of Conflict and the rest is
// meaningful.
type Outcome struct {
	Shard        int
	Seq, Version int64
	// Was says that the document was there before, Found (for a deletion) that
	// there was something to delete.
	Was bool
	// Conflict is the reason of a version conflict, "" for none.
	Conflict string
}

// Apply does writes in order and logs them as one block: after a kill either
// all lines before some point are there or none after it.
func (d *Docs) Apply(writes []Write) ([]Outcome, error) {
	out := make([]Outcome, len(writes))
	lines := make([]line, 0, len(writes))
	// seen holds what this block did already, because the shards change only
	// when it is logged.
	seen := map[string]line{}
	next := make([]int64, len(d.shards))
	for i, s := range d.shards {
		next[i] = s.max + 1
	}
	for i, w := range writes {
		n := d.ShardOf(w.ID, w.Routing)
		was, seq, version := d.state(n, w.ID, seen)
		o := Outcome{Shard: n, Was: was, Version: version + 1}
		o.Conflict = conflict(w, was, seq, version)
		if o.Conflict == "" {
			o.Seq = next[n]
			next[n]++
			l := line{Shard: n, Seq: o.Seq, Version: o.Version, ID: w.ID, Routing: w.Routing, Source: w.Source, Deleted: w.Kind == Delete}
			lines = append(lines, l)
			seen[w.ID] = l
		}
		out[i] = o
	}
	return out, d.append(lines)
}

// state is a document as the writes before this one in the block left it.
func (d *Docs) state(n int, id string, seen map[string]line) (was bool, seq, version int64) {
	if l, ok := seen[id]; ok && l.Shard == n {
		return !l.Deleted, l.Seq, l.Version
	}
	if doc := d.shards[n].byID[id]; doc != nil {
		return true, doc.Seq, doc.Version
	}
	return false, -1, d.shards[n].tombs[id]
}

// conflict judges a write's condition and words the refusal as the engine does;
// the primary term is always 1 here.
func conflict(w Write, was bool, seq, version int64) string {
	switch {
	case w.Kind == Add && was:
		return fmt.Sprintf("[%s]: version conflict, document already exists (current version [%d])", w.ID, version)
	case w.IfSeq != nil && !was:
		return fmt.Sprintf("[%s]: version conflict, required seqNo [%d], primary term [1]. but no document was found", w.ID, *w.IfSeq)
	case w.IfSeq != nil && *w.IfSeq != seq:
		return fmt.Sprintf("[%s]: version conflict, required seqNo [%d], primary term [1]. current document has seqNo [%d] and primary term [1]", w.ID, *w.IfSeq, seq)
	}
	return ""
}

// Import fills one shard of a new index with segments as they come out of a
// snapshot: sequence numbers and versions stay what they were, the segments end
// where they ended, and maxSeq (which may be above all of them) is kept.
func (d *Docs) Import(shard int, segments [][]Doc, maxSeq int64) error {
	var lines []line
	for _, docs := range segments {
		for _, doc := range docs {
			lines = append(lines, line{Shard: shard, Seq: doc.Seq, Version: doc.Version, ID: doc.ID, Routing: doc.Routing, Source: doc.Source})
		}
		if len(docs) > 0 {
			lines = append(lines, line{Shard: shard, Seq: docs[len(docs)-1].Seq, Commit: true})
		}
	}
	if maxSeq >= 0 {
		lines = append(lines, line{Shard: shard, Seq: maxSeq, Mark: true})
	}
	return d.append(lines)
}
