// Package store keeps the objects of the embedded S3 as plain files, so that
// gigabytes fit and the file repository of a real engine node and an S3 bucket
// can be one place.
//
// It knows keys, bytes, ETags and attributes; it does not know requests,
// accounts or rights. Other processes may write and delete files inside a
// bucket's folder behind its back; what it remembers about a file counts only
// while the file is the one that was written.
//
// Layout, under the root folder:
//
//	BUCKET/KEY           objects whose key is a safe path
//	.odd/BUCKET/SHA256   objects whose key is not
//	.meta/BUCKET/…       what is known about an object besides its bytes
//	.parts/BUCKET/ID/    parts of unfinished multipart uploads
//	.tmp/                files being written
package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"sync"
	"syscall"
	"time"
)

const (
	oddDir   = ".odd"
	metaDir  = ".meta"
	partsDir = ".parts"
	tmpDir   = ".tmp"
)

// Errors that callers tell apart.
var (
	ErrNoKey    = errors.New("there is no object with this key")
	ErrNotEmpty = errors.New("the bucket holds objects")
)

// Store is one root folder, owned by one process at a time. All methods may be
// called from any goroutine.
type Store struct {
	root *os.Root
	now  func() time.Time
	// foldsCase says that the file system takes "a" and "A" for one name.
	foldsCase bool

	// mu orders what changes names (write) against what opens files by name and
	// reads the record that belongs to them (read).
	mu    sync.RWMutex
	names nameCache
	// odd holds the keys under .odd by bucket, once they were read. oddMu guards
	// the outer map; the inner ones change with mu held for writing.
	oddMu sync.Mutex
	odd   map[string]map[string]bool
}

// Object is what is known about an object. ETag is without quotes.
type Object struct {
	Key      string
	Size     int64
	ETag     string
	Modified time.Time
	// Attr is what the writer wanted kept with the object; nil for a file that
	// came from elsewhere.
	Attr map[string]string
}

// Open opens a root folder, making it where it is missing, and removes what a
// killed process left half-written. now stamps new objects.
func Open(dir string, now func() time.Time) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the object folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the object folder: %w", err)
	}
	s := &Store{root: root, now: now, names: nameCache{}, odd: map[string]map[string]bool{}}
	err = root.RemoveAll(tmpDir)
	for _, d := range []string{tmpDir, oddDir, metaDir, partsDir} {
		err = errors.Join(err, root.MkdirAll(d, 0o700))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the object folder: %w", err), root.Close())
	}
	_, err = root.Lstat(".TMP")
	s.foldsCase = err == nil
	return s, nil
}

// Close ends the use of the folder.
func (s *Store) Close() error { return s.root.Close() }

// MakeBucket makes a bucket's folder; one that is there is fine.
func (s *Store) MakeBucket(bucket string) error {
	if err := s.root.MkdirAll(bucket, 0o700); err != nil {
		return fmt.Errorf("make the bucket's folder: %w", err)
	}
	return nil
}

// RemoveBucket removes a bucket without objects, its unfinished uploads and the
// folders nodes left in it. It fails with ErrNotEmpty.
func (s *Store) RemoveBucket(bucket string) error {
	for _, err := range s.Keys(bucket, "", "") {
		if err != nil {
			return err
		}
		return ErrNotEmpty
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.names)
	s.oddMu.Lock()
	delete(s.odd, bucket)
	s.oddMu.Unlock()
	var err error
	for _, d := range []string{bucket, path.Join(oddDir, bucket), path.Join(metaDir, bucket), path.Join(partsDir, bucket)} {
		err = errors.Join(err, s.root.RemoveAll(d))
	}
	return err
}

// missing says that a path leads nowhere, also where a file stands in the place
// of one of its folders.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
