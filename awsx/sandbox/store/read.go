package store

import (
	"errors"
	"os"
	"path"
	"strings"
)

// Open opens an object for reading and tells about it. The file stays the one
// described whatever happens to the key meanwhile. It fails with ErrNoKey.
func (s *Store) Open(bucket, key string) (*os.File, Object, error) {
	f, file, known, err := s.open(bucket, key)
	if err != nil {
		return nil, Object{}, err
	}
	o, err := s.describe(bucket, key, file, f, known)
	if err != nil {
		return nil, Object{}, errors.Join(err, f.Close())
	}
	return f, o, nil
}

// Stat tells about an object. It fails with ErrNoKey.
func (s *Store) Stat(bucket, key string) (Object, error) {
	f, o, err := s.Open(bucket, key)
	if err != nil {
		return Object{}, err
	}
	return o, f.Close()
}

// open finds the file and its record as they belong together.
func (s *Store) open(bucket, key string) (f *os.File, file string, known record, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.openHeld(bucket, key)
}

// openHeld is open with mu held. The kind is looked at before opening: opening a named
// pipe would wait for its writer.
func (s *Store) openHeld(bucket, key string) (f *os.File, file string, known record, err error) {
	file, ok, err := s.find(bucket, key)
	if err != nil {
		return nil, "", record{}, err
	}
	if !ok {
		return nil, "", record{}, ErrNoKey
	}
	fi, err := s.root.Lstat(file)
	if missing(err) || err == nil && !fi.Mode().IsRegular() {
		return nil, "", record{}, ErrNoKey
	}
	if err == nil {
		f, err = s.root.Open(file)
	}
	if missing(err) {
		err = ErrNoKey
	}
	if err != nil {
		return nil, "", record{}, err
	}
	return f, file, s.readRecord(bucket, digest(key)), nil
}

// Delete removes an object, and the folders that are empty without it. A key
// that is not there is no error.
func (s *Store) Delete(bucket, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok, err := s.find(bucket, key)
	if err != nil || !ok {
		return err
	}
	fi, err := s.root.Lstat(file)
	if missing(err) || err == nil && !fi.Mode().IsRegular() {
		return nil
	}
	if err != nil {
		return err
	}
	current := s.current(path.Dir(file))
	if err := s.root.Remove(file); err != nil && !missing(err) {
		return err
	}
	_ = s.root.Remove(recordPath(bucket, digest(key))) // a record about no file is harmless
	if strings.HasPrefix(file, oddDir+"/") {
		odd, err := s.oddKeys(bucket)
		delete(odd, key)
		return err
	}
	s.removed(file, current)
	// S3 has no folders: a prefix ends with its last key.
	for dir := path.Dir(file); dir != bucket; dir = path.Dir(dir) {
		if s.root.Remove(dir) != nil {
			break // not empty
		}
		delete(s.names, dir)
	}
	return nil
}
