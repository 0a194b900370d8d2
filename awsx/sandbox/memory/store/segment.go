package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strconv"
)

// perSegment is how many sequence numbers share a segment. A segment whose
// documents did not change has the same bytes as before, and that is what makes
// snapshots incremental.
const perSegment = 256

// Segment is a part of a shard as a snapshot keeps it.
type Segment struct {
	// Name is Lucene's: _0, _1, … _z, _10.
	Name string
	Docs int64
	// Body is the documents, one JSON line each.
	Body     []byte
	Checksum string
}

// Segments cuts a shard into parts by sequence number.
func (d *Docs) Segments(shard int) ([]Segment, error) {
	var out []Segment
	var body bytes.Buffer
	var docs int64
	at := int64(-1)
	flush := func() {
		if docs == 0 {
			return
		}
		b := bytes.Clone(body.Bytes())
		out = append(out, Segment{Name: "_" + strconv.FormatInt(at, 36), Docs: docs, Body: b, Checksum: fmt.Sprintf("%08x", crc32.ChecksumIEEE(b))})
		body.Reset()
		docs = 0
	}
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	for _, doc := range d.Live(shard) {
		if n := doc.Seq / perSegment; n != at {
			flush()
			at = n
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
