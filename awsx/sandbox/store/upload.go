package store

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// ErrNoUpload says that there is no unfinished upload with this id.
var ErrNoUpload = errors.New("there is no such upload")

const uploadFile = "upload.json"

// Upload is an unfinished multipart upload.
type Upload struct {
	ID      string            `json:"id"`
	Key     string            `json:"key"`
	Started time.Time         `json:"started"`
	Attr    map[string]string `json:"attr,omitempty"`
}

// Part is one stored part. ETag is without quotes, Size in bytes.
type Part struct {
	Number   int               `json:"number"`
	Size     int64             `json:"size"`
	ETag     string            `json:"etag"`
	Modified time.Time         `json:"modified"`
	Attr     map[string]string `json:"attr,omitempty"`
}

// Begin begins a multipart upload; attr becomes the object's.
func (s *Store) Begin(bucket, key string, attr map[string]string) (Upload, error) {
	u := Upload{ID: randomID() + randomID(), Key: key, Started: s.now().UTC(), Attr: attr}
	return u, s.writeJSON(path.Join(uploadDir(bucket, u.ID), uploadFile), u)
}

// Upload finds an unfinished upload of the key. It fails with ErrNoUpload.
func (s *Store) Upload(bucket, key, id string) (Upload, error) {
	u, err := s.readUpload(bucket, id)
	if err == nil && u.Key != key {
		err = ErrNoUpload
	}
	return u, err
}

// readUpload finds an upload by its id alone. An id that was not made here names nothing.
func (s *Store) readUpload(bucket, id string) (Upload, error) {
	var u Upload
	if _, err := hex.DecodeString(id); err != nil || id == "" {
		return u, ErrNoUpload // an id is part of a path
	}
	b, err := s.root.ReadFile(path.Join(uploadDir(bucket, id), uploadFile))
	if missing(err) {
		return u, ErrNoUpload
	}
	if err == nil {
		err = json.Unmarshal(b, &u)
	}
	return u, err
}

// Uploads gives the unfinished uploads of a bucket, by key, then by time.
func (s *Store) Uploads(bucket string) ([]Upload, error) {
	entries, err := s.readDir(path.Join(partsDir, bucket))
	if err != nil && !missing(err) {
		return nil, err
	}
	var out []Upload
	for _, e := range entries {
		u, err := s.readUpload(bucket, e.Name())
		if errors.Is(err, ErrNoUpload) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b Upload) int {
		if c := strings.Compare(a.Key, b.Key); c != 0 {
			return c
		}
		if c := a.Started.Compare(b.Started); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out, nil
}

// CommitPart makes the bytes a part of the upload; an earlier part with the
// number is replaced. It fails with ErrNoUpload.
func (w *Writer) CommitPart(bucket, key, id string, number int, attr map[string]string) (Part, error) {
	defer w.Discard()
	p := Part{Number: number, Size: w.size, ETag: hex.EncodeToString(w.MD5()), Modified: w.s.now().UTC(), Attr: attr}
	if err := w.f.Close(); err != nil {
		return Part{}, fmt.Errorf("finish a part: %w", err)
	}
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	if _, err := w.s.Upload(bucket, key, id); err != nil {
		return Part{}, err
	}
	data := partPath(bucket, id, number)
	// The description goes away first, so that it never stands beside other bytes.
	if err := w.s.root.Remove(data + ".json"); err != nil && !missing(err) {
		return Part{}, err
	}
	if err := w.s.root.Rename(w.tmp, data); err != nil {
		return Part{}, fmt.Errorf("name a part: %w", err)
	}
	w.done = true
	return p, w.s.writeJSON(data+".json", p)
}

// Parts gives the stored parts of an upload in the order of their numbers. It
// fails with ErrNoUpload.
func (s *Store) Parts(bucket, key, id string) ([]Part, error) {
	if _, err := s.Upload(bucket, key, id); err != nil {
		return nil, err
	}
	entries, err := s.readDir(uploadDir(bucket, id))
	if err != nil {
		return nil, err
	}
	var out []Part
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "part-") || !strings.HasSuffix(e.Name(), ".json") {
			continue
		}
		b, err := s.root.ReadFile(path.Join(uploadDir(bucket, id), e.Name()))
		if missing(err) {
			continue
		}
		var p Part
		if err == nil {
			err = json.Unmarshal(b, &p)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Part) int { return a.Number - b.Number })
	return out, nil
}

// Abort gives an upload up and removes its parts. It fails with ErrNoUpload.
func (s *Store) Abort(bucket, key, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.Upload(bucket, key, id); err != nil {
		return err
	}
	return s.root.RemoveAll(uploadDir(bucket, id))
}

func uploadDir(bucket, id string) string { return path.Join(partsDir, bucket, id) }

func partPath(bucket, id string, number int) string {
	return path.Join(uploadDir(bucket, id), fmt.Sprintf("part-%05d", number))
}
