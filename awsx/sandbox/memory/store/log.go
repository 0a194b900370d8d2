package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

// line is one write in the log. Keys are short because there is one a document.
type line struct {
	Shard   int             `json:"s"`
	Seq     int64           `json:"n"`
	Version int64           `json:"v,omitempty"`
	ID      string          `json:"id,omitempty"`
	Routing string          `json:"r,omitempty"`
	Deleted bool            `json:"x,omitempty"`
	Mark    bool            `json:"m,omitempty"` // only raises the sequence number
	Commit  bool            `json:"c,omitempty"` // ends a segment
	Source  json.RawMessage `json:"d,omitempty"`
}

// Create makes the empty documents of a new index, to be kept in a file.
func Create(path string, shards int) *Docs { return &Docs{path: path, shards: newShards(shards)} }

// Load reads an index's log; without the file there are no documents. A line cut short by a kill is dropped together
// with the write it stood for, which nobody was told had succeeded.
func Load(path string, shards int) (*Docs, error) {
	d := Create(path, shards)
	data, err := os.ReadFile(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return nil, err
	}
	whole := bytes.LastIndexByte(data, '\n') + 1
	if whole < len(data) {
		if err := os.Truncate(d.path, int64(whole)); err != nil {
			return nil, err
		}
	}
	n := 0
	for raw := range bytes.Lines(data[:whole]) {
		n++
		l, err := parse(raw)
		if err == nil {
			err = d.apply(l)
		}
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", d.path, n, err)
		}
	}
	return d, nil
}

// parse reads a line. The document stands last in it as it was written here;
// reading that again is most of the work of opening a cluster, and is left out.
func parse(raw []byte) (l line, err error) {
	const document, end = `,"d":`, "}\n"
	head, source, has := bytes.Cut(raw, []byte(document))
	if !has {
		err = json.Unmarshal(raw, &l)
		return l, err
	}
	if l.Source, has = bytes.CutSuffix(source, []byte(end)); !has {
		return l, errors.New("the document does not end")
	}
	l.Source = slices.Clip(l.Source)
	err = json.Unmarshal(append(slices.Clip(head), '}'), &l)
	return l, err
}

// append writes lines to the log in one go and then makes them true in memory.
func (d *Docs) append(lines []line) error {
	if len(lines) == 0 {
		return nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, l := range lines {
		if err := e.Encode(l); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(d.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b.Bytes())
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	for _, l := range lines {
		if err := d.apply(l); err != nil {
			return err
		}
	}
	return nil
}
