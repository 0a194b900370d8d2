package store

import (
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
)

// Entry is one key in a listing. Size is in bytes.
type Entry struct {
	Key  string
	Size int64
}

// Keys gives the keys of a bucket that begin with prefix and follow after, in
// the order of their bytes. Folders are read as the loop comes to them, and a
// file that goes away meanwhile is left out.
func (s *Store) Keys(bucket, prefix, after string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		w := walker{s: s, bucket: bucket, prefix: prefix, after: after}
		stopped := false
		w.yield = func(e Entry) bool {
			stopped = !yield(e, nil)
			return !stopped
		}
		if err := w.run(); err != nil && !stopped {
			yield(Entry{}, err)
		}
	}
}

type walker struct {
	s             *Store
	bucket        string
	prefix, after string
	// skip leaves out keys that begin with it; the receiver may set it on the way.
	skip  string
	odd   []string
	yield func(Entry) bool
}

func (w *walker) run() error {
	if err := w.takeOdd(); err != nil {
		return err
	}
	more, err := w.dir("")
	if err == nil && more {
		_, err = w.oddBefore("")
	}
	return err
}

// takeOdd takes the keys under .odd in order; the walk merges them in as it goes.
func (w *walker) takeOdd() error {
	w.s.mu.RLock()
	defer w.s.mu.RUnlock()
	keys, err := w.s.oddKeys(w.bucket)
	for key := range keys {
		if key > w.after && strings.HasPrefix(key, w.prefix) {
			w.odd = append(w.odd, key)
		}
	}
	slices.Sort(w.odd)
	return err
}

// dir walks one folder; rel is "" or ends in a slash. Sorting folder names with
// their slash makes the whole walk follow the order of key bytes: "a-b" comes
// before "a/1", and "a/1" before "a0".
func (w *walker) dir(rel string) (more bool, err error) {
	entries, err := w.s.readDir(path.Join(w.bucket, rel))
	if missing(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	byKey := make(map[string]fs.DirEntry, len(entries))
	keys := make([]string, 0, len(entries))
	for _, e := range entries {
		key := rel + e.Name()
		if e.IsDir() {
			key += "/"
		}
		if (e.IsDir() || e.Type().IsRegular()) && w.wanted(key, e.IsDir()) {
			byKey[key] = e
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		if w.skipped(key) {
			continue
		}
		if byKey[key].IsDir() {
			more, err = w.dir(key)
		} else {
			more, err = w.file(key, byKey[key])
		}
		if err != nil || !more {
			return false, err
		}
	}
	return true, nil
}

// wanted says that the key, or one below the folder, can be in the answer.
func (w *walker) wanted(key string, isDir bool) bool {
	if !isDir {
		return key > w.after && strings.HasPrefix(key, w.prefix)
	}
	inPrefix := strings.HasPrefix(key, w.prefix) || strings.HasPrefix(w.prefix, key)
	return inPrefix && (key > w.after || strings.HasPrefix(w.after, key))
}

func (w *walker) skipped(key string) bool {
	return w.skip != "" && strings.HasPrefix(key, w.skip)
}

func (w *walker) file(key string, e fs.DirEntry) (more bool, err error) {
	if more, err := w.oddBefore(key); err != nil || !more {
		return more, err
	}
	if len(w.odd) > 0 && w.odd[0] == key || w.skipped(key) {
		return true, nil // the one under .odd is the object; it comes next
	}
	fi, err := e.Info()
	if missing(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return w.yield(Entry{key, fi.Size()}), nil
}

// oddBefore gives the keys under .odd that come before key; "" means all.
func (w *walker) oddBefore(key string) (more bool, err error) {
	for len(w.odd) > 0 && (key == "" || w.odd[0] < key) {
		next := w.odd[0]
		w.odd = w.odd[1:]
		if w.skipped(next) {
			continue
		}
		// Its size is asked for as late as a plain file's.
		fi, err := w.s.root.Lstat(oddPath(w.bucket, next))
		if missing(err) {
			continue
		}
		if err != nil {
			return false, err
		}
		if !w.yield(Entry{next, fi.Size()}) {
			return false, nil
		}
	}
	return true, nil
}
