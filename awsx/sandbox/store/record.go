package store

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"
	"unicode/utf8"
)

// record is what .meta keeps about an object. Size, Time and Inode say which
// file it is about; the key is kept for objects under .odd.
type record struct {
	Key string `json:"key"`
	// Raw is the key where JSON could not carry it.
	Raw      []byte            `json:"raw,omitempty"`
	Size     int64             `json:"size"`
	Time     int64             `json:"time"`
	Inode    uint64            `json:"inode"`
	ETag     string            `json:"etag"`
	Modified time.Time         `json:"modified"`
	Attr     map[string]string `json:"attr,omitempty"`
}

func (r record) about(fi fs.FileInfo) bool {
	return r.Size == fi.Size() && r.Time == fi.ModTime().UnixNano() && r.Inode == inode(fi)
}

func (r record) object() Object {
	return Object{Key: r.Key, Size: r.Size, ETag: r.ETag, Modified: r.Modified, Attr: r.Attr}
}

func newRecord(key string, fi fs.FileInfo) record {
	r := record{Key: key, Size: fi.Size(), Time: fi.ModTime().UnixNano(), Inode: inode(fi)}
	if !utf8.ValidString(key) {
		r.Raw = []byte(key)
	}
	return r
}

// recordPath spreads the records over 256 folders a bucket.
func recordPath(bucket, sum string) string {
	return path.Join(metaDir, bucket, sum[:2], sum+".json")
}

// readRecord gives the zero record where there is none or it cannot be read:
// it is then computed anew.
func (s *Store) readRecord(bucket, sum string) record {
	var r record
	b, err := s.root.ReadFile(recordPath(bucket, sum))
	if err != nil || json.Unmarshal(b, &r) != nil {
		return record{}
	}
	if r.Raw != nil {
		r.Key = string(r.Raw)
	}
	return r
}

// writeRecord is for mu held for writing.
func (s *Store) writeRecord(bucket string, r record) error {
	return s.writeJSON(recordPath(bucket, digest(r.Key)), r)
}

func (s *Store) writeJSON(to string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := s.root.MkdirAll(path.Dir(to), 0o700); err != nil {
		return fmt.Errorf("keep what is known of an object: %w", err)
	}
	tmp := s.tempName()
	if err := s.root.WriteFile(tmp, b, 0o600); err != nil {
		return fmt.Errorf("keep what is known of an object: %w", err)
	}
	return s.root.Rename(tmp, to)
}

// describe gives what is known about an open file. For one that came from
// elsewhere the ETag is computed and kept, so that it is read once.
func (s *Store) describe(bucket, key, file string, f *os.File, known record) (Object, error) {
	fi, err := f.Stat()
	if err != nil {
		return Object{}, err
	}
	if known.Key == key && known.about(fi) {
		return known.object(), nil
	}
	r, err := computed(key, f, fi)
	if err != nil {
		return Object{}, err
	}
	return r.object(), s.adopt(bucket, file, r)
}

// computed makes a record from a file's bytes and times.
func computed(key string, f *os.File, fi fs.FileInfo) (record, error) {
	sum := md5.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, fi.Size())); err != nil {
		return record{}, fmt.Errorf("read %s: %w", key, err)
	}
	r := newRecord(key, fi)
	r.ETag, r.Modified = hex.EncodeToString(sum.Sum(nil)), fi.ModTime().UTC()
	return r, nil
}

// adopt keeps a computed record, unless the file was replaced meanwhile: the
// record of the new one must not be lost.
func (s *Store) adopt(bucket, file string, r record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	fi, err := s.root.Lstat(file)
	if err != nil || !r.about(fi) {
		return nil
	}
	return s.writeRecord(bucket, r)
}

// oddKeys gives the keys under .odd, read once; mu is held. Only this process
// writes there.
func (s *Store) oddKeys(bucket string) (map[string]bool, error) {
	s.oddMu.Lock()
	defer s.oddMu.Unlock()
	if keys, ok := s.odd[bucket]; ok {
		return keys, nil
	}
	entries, err := s.readDir(path.Join(oddDir, bucket))
	if err != nil && !missing(err) {
		return nil, err
	}
	keys := map[string]bool{}
	for _, e := range entries {
		// A file without a record was being written when the process ended.
		if r := s.readRecord(bucket, e.Name()); digest(r.Key) == e.Name() {
			keys[r.Key] = true
		}
	}
	s.odd[bucket] = keys
	return keys, nil
}
