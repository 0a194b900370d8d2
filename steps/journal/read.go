package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"snapferry/steps"
)

// Reader follows a journal without locking it, for watchers and reports.
type Reader struct {
	path string
	file *os.File
	head header
	// end is where the last whole line ends, line its number. What stands behind
	// it is read anew each time: it may be cut off and written differently.
	end  int64
	line int
}

// Read opens a journal for reading; fs.ErrNotExist where there is none.
func Read(dir string) (*Reader, error) {
	path := filepath.Join(dir, FileName)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &Reader{path: path, file: f}, nil
}

// Next gives the records that were added since the last call; none is not an
// error. A line that is still being written waits for the next call.
func (r *Reader) Next() ([]steps.Record, error) {
	data, err := io.ReadAll(io.NewSectionReader(r.file, r.end, math.MaxInt64-r.end))
	if err != nil {
		return nil, err
	}
	var records []steps.Record
	// Reading from the end of the last whole line costs a line twice at most, and
	// is right also when a new start has cut off what its forerunner had torn.
	for {
		line, rest, ended := bytes.Cut(data, []byte("\n"))
		if !ended {
			return records, nil
		}
		data, r.end, r.line = rest, r.end+int64(len(line))+1, r.line+1
		if r.line == 1 {
			if err := r.head.parse(line); err != nil {
				return nil, err
			}
			continue
		}
		rec, err := parseRecord(line)
		if err != nil {
			return records, damaged(r.path, r.line, err)
		}
		records = append(records, rec)
	}
}

// State folds the journal of a directory as it stands, for who does not follow.
func State(dir string) (*steps.State, error) {
	r, err := Read(dir)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	records, err := r.Next()
	if err != nil {
		return nil, err
	}
	s := &steps.State{}
	for _, rec := range records {
		s.Apply(rec)
	}
	return s, nil
}

// Close ends reading.
func (r *Reader) Close() error { return r.file.Close() }

func parseRecord(line []byte) (steps.Record, error) {
	var r steps.Record
	err := json.Unmarshal(line, &r)
	return r, err
}

func (h *header) parse(line []byte) error {
	if err := json.Unmarshal(line, h); err != nil || h.Type != "journal" {
		return notJournal(err)
	}
	if h.Format != Format {
		return otherFormat(h.Format)
	}
	return nil
}

// World is where the run of a directory is: "" for the real AWS, or without a run.
func World(dir string) (string, error) {
	h, err := head(dir)
	if h == nil || err != nil {
		return "", err
	}
	return h.World, nil
}

// head is the first line of a directory's journal, nil where there is none.
func head(dir string) (*header, error) {
	b, err := os.ReadFile(filepath.Join(dir, FileName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unusable(dir, err)
	}
	line, _, ended := bytes.Cut(b, []byte("\n"))
	if !ended {
		return nil, nil // killed while it was being written: nothing had happened
	}
	h := &header{}
	return h, h.parse(line)
}

// CheckWorld refuses a directory whose run is of another world; one without a run,
// or with one that nobody claimed, is of none. It locks nothing.
func CheckWorld(dir, world string) error {
	h, err := head(dir)
	if h == nil || err != nil {
		return err
	}
	err = h.in(dir, world)
	if s, unread := State(dir); err != nil && unread == nil && !Claimed(s) {
		return nil
	}
	return err
}

// in says why this run cannot be gone on with in a world.
func (h header) in(dir, world string) error {
	if h.World != world {
		return otherWorld(dir, h.RunID, h.World, world)
	}
	return nil
}
