package store

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"path"
	"strings"
)

// ErrCondition says that the object there is not the one the condition wants.
var ErrCondition = errors.New("the object's state does not meet the condition")

// Condition must hold at the moment an object takes its name.
type Condition struct {
	// IfAbsent wants no object with the key.
	IfAbsent bool
	// IfMatch wants an object with this ETag, without quotes; "" wants nothing.
	IfMatch string
}

// Writer takes the bytes of one object or part. Nothing of them can be seen
// before Commit, and Discard (harmless after Commit) takes them away.
type Writer struct {
	s    *Store
	f    *os.File
	tmp  string
	sum  hash.Hash
	size int64
	done bool
}

// Create begins an object. A writer is for one goroutine.
func (s *Store) Create() (*Writer, error) {
	tmp := s.tempName()
	f, err := s.root.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("begin an object: %w", err)
	}
	return &Writer{s: s, f: f, tmp: tmp, sum: md5.New()}, nil
}

func (w *Writer) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	w.sum.Write(p[:n])
	w.size += int64(n)
	return n, err
}

// Size is the number of bytes written, MD5 their digest.
func (w *Writer) Size() int64 { return w.size }

// MD5 is the digest of the bytes written so far.
func (w *Writer) MD5() []byte { return w.sum.Sum(nil) }

// Discard takes the bytes away unless they were committed.
func (w *Writer) Discard() {
	if w.done {
		return
	}
	w.done = true
	w.f.Close()
	_ = w.s.root.Remove(w.tmp) // the next Open clears what stays
}

// Commit makes the bytes the object of the key, in one step for readers. It
// fails with ErrCondition where the condition does not hold.
func (w *Writer) Commit(bucket, key string, attr map[string]string, cond Condition) (Object, error) {
	return w.commit(bucket, key, hex.EncodeToString(w.MD5()), attr, cond)
}

func (w *Writer) commit(bucket, key, etag string, attr map[string]string, cond Condition) (Object, error) {
	defer w.Discard()
	// Size, time and inode stay the same through the rename, so the record can
	// be written first: a kill between the two leaves a record about no file
	// instead of a file under another's record.
	fi, err := w.f.Stat()
	if err := errors.Join(err, w.f.Close()); err != nil {
		return Object{}, fmt.Errorf("finish an object: %w", err)
	}
	r := newRecord(key, fi)
	r.ETag, r.Attr, r.Modified = etag, attr, w.s.now().UTC()

	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	if err := w.s.holds(bucket, key, cond); err != nil {
		return Object{}, err
	}
	to, err := w.s.choose(bucket, key)
	if err != nil {
		return Object{}, err
	}
	if err := w.s.writeRecord(bucket, r); err != nil {
		return Object{}, err
	}
	if err := w.place(bucket, key, to); err != nil {
		return Object{}, fmt.Errorf("name an object: %w", err)
	}
	w.done = true
	return r.object(), nil
}

// place gives the bytes their name; mu is held for writing, so that no deletion takes
// the folder away between its making and the renaming.
func (w *Writer) place(bucket, key, to string) error {
	dir := path.Dir(to)
	if err := w.s.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := w.s.root.Rename(w.tmp, to); err != nil {
		return err
	}
	if strings.HasPrefix(to, oddDir+"/") {
		keys, err := w.s.oddKeys(bucket)
		if err != nil {
			return err
		}
		keys[key] = true
		return nil
	}
	w.s.placed(to)
	return nil
}

// holds is for mu held for writing.
func (s *Store) holds(bucket, key string, cond Condition) error {
	if cond == (Condition{}) {
		return nil
	}
	etag, err := s.etagNow(bucket, key)
	switch {
	case errors.Is(err, ErrNoKey) && cond.IfMatch == "":
		return nil
	case err != nil:
		return err
	case cond.IfAbsent, etag != cond.IfMatch:
		return ErrCondition
	}
	return nil
}

// etagNow computes a missing ETag under the lock: conditions on a node's files are rare.
func (s *Store) etagNow(bucket, key string) (string, error) {
	f, _, known, err := s.openHeld(bucket, key)
	if err != nil {
		return "", err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err == nil && !known.about(fi) {
		known, err = computed(key, f, fi)
	}
	return known.ETag, err
}

func (s *Store) tempName() string { return path.Join(tmpDir, randomID()) }

func randomID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, by its documentation
	return hex.EncodeToString(b[:])
}
