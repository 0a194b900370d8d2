package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strconv"
)

// Segment is a part of a shard as a snapshot keeps it.
type Segment struct {
	// Name is Lucene's: _0, _1, … _z, _10.
	Name string
	Docs int64
	// Body is the documents, one JSON line each.
	Body     []byte
	Checksum string
}

// Segments gives a shard's parts, from one commit to the next. A part none of
// whose documents changed has the same bytes as before, and that is what makes
// snapshots incremental.
func (d *Docs) Segments(shard int) ([]Segment, error) {
	var out []Segment
	var body bytes.Buffer
	var docs int64
	at, cuts := 0, d.shards[shard].cuts
	flush := func() {
		if docs == 0 {
			return
		}
		b := bytes.Clone(body.Bytes())
		out = append(out, Segment{Name: "_" + strconv.FormatInt(int64(at), 36), Docs: docs, Body: b, Checksum: fmt.Sprintf("%08x", crc32.ChecksumIEEE(b))})
		body.Reset()
		docs = 0
	}
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	for _, doc := range d.Live(shard) {
		for at < len(cuts) && doc.Seq >= cuts[at] {
			flush()
			at++
		}
		docs++
		err := e.Encode(line{Shard: shard, Seq: doc.Seq, Version: doc.Version, ID: doc.ID, Routing: doc.Routing, Source: doc.Source})
		if err != nil {
			return nil, err
		}
	}
	flush()
	return out, nil
}

// ReadSegment gives the documents of a segment's body.
func ReadSegment(body []byte) ([]Doc, error) {
	var out []Doc
	for raw := range bytes.Lines(body) {
		var l line
		if err := json.Unmarshal(raw, &l); err != nil {
			return nil, fmt.Errorf("document %d of a segment: %w", len(out)+1, err)
		}
		out = append(out, Doc{ID: l.ID, Routing: l.Routing, Shard: l.Shard, Seq: l.Seq, Version: l.Version, Source: l.Source})
	}
	return out, nil
}
