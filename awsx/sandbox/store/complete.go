package store

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// The ways a list of parts can be wrong.
var (
	ErrPartOrder   = errors.New("the parts are not in ascending order")
	ErrInvalidPart = errors.New("a part is missing or has another ETag")
)

// TooSmallError is a part, other than the last, below the least size.
type TooSmallError struct {
	Part
	Least int64
}

func (e *TooSmallError) Error() string {
	return fmt.Sprintf("part %d has %d bytes, at least %d are needed", e.Number, e.Size, e.Least)
}

// Wanted names a part for the finished object.
type Wanted struct {
	Number int
	ETag   string
}

// Select finds the wanted parts among the stored ones and checks their order
// and sizes. least is the smallest size of all but the last, in bytes.
func Select(stored []Part, want []Wanted, least int64) ([]Part, error) {
	byNumber := map[int]Part{}
	for _, p := range stored {
		byNumber[p.Number] = p
	}
	out := make([]Part, 0, len(want))
	for i, w := range want {
		if i > 0 && w.Number <= want[i-1].Number {
			return nil, ErrPartOrder
		}
		p, ok := byNumber[w.Number]
		if !ok || p.ETag != w.ETag {
			return nil, ErrInvalidPart
		}
		out = append(out, p)
	}
	for _, p := range out[:max(0, len(out)-1)] {
		if p.Size < least {
			return nil, &TooSmallError{p, least}
		}
	}
	return out, nil
}

// Complete makes an object of the parts, in their order, and ends the upload.
// All bytes go through also, which may be nil, before attr is asked for what to
// keep with the object.
func (s *Store) Complete(bucket, key, id string, parts []Part, also io.Writer, attr func() (map[string]string, error), cond Condition) (Object, error) {
	w, err := s.Create()
	if err != nil {
		return Object{}, err
	}
	defer w.Discard()
	// The ETag of such an object is the MD5 of its parts' MD5s and their number. Clients
	// know an upload in parts by the hyphen.
	etags := md5.New()
	for _, p := range parts {
		sum, err := hex.DecodeString(p.ETag)
		if err != nil {
			return Object{}, ErrInvalidPart
		}
		etags.Write(sum)
		if err := s.appendPart(w, also, partPath(bucket, id, p.Number), p.Size); err != nil {
			return Object{}, err
		}
	}
	kept, err := attr()
	if err != nil {
		return Object{}, err
	}
	etag := fmt.Sprintf("%x-%d", etags.Sum(nil), len(parts))
	o, err := w.commit(bucket, key, etag, kept, cond)
	if err != nil {
		return Object{}, err
	}
	return o, s.root.RemoveAll(uploadDir(bucket, id))
}

// appendPart copies past the writer's digest: the object's ETag is not that of
// its bytes.
func (s *Store) appendPart(w *Writer, also io.Writer, part string, size int64) error {
	f, err := s.root.Open(part)
	if missing(err) {
		return ErrNoUpload
	}
	if err != nil {
		return err
	}
	defer f.Close()
	var to io.Writer = w.f
	if also != nil {
		to = io.MultiWriter(w.f, also)
	}
	n, err := io.Copy(to, f)
	if err == nil && n != size {
		err = ErrInvalidPart
	}
	return err
}
