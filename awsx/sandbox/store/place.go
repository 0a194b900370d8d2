package store

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"time"
	"unicode/utf8"
)

const maxSegment = 255

// safe says that a key can be a path below its bucket's folder on any system
// the world may be carried to.
func safe(key string) bool {
	if !utf8.ValidString(key) {
		return false
	}
	for _, seg := range strings.Split(key, "/") {
		if !safeSegment(seg) {
			return false
		}
	}
	return true
}

func safeSegment(seg string) bool {
	if seg == "" || seg == "." || seg == ".." || len(seg) > maxSegment {
		return false
	}
	if strings.HasSuffix(seg, ".") || strings.HasSuffix(seg, " ") || strings.ContainsAny(seg, `<>:"|?*\`) {
		return false
	}
	for _, r := range seg {
		if r < ' ' || r == utf8.RuneError {
			return false
		}
	}
	// Windows takes NUL.txt for the device, too.
	stem, _, _ := strings.Cut(strings.ToUpper(seg), ".")
	switch stem = strings.TrimRight(stem, " "); stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return false
	}
	if len(stem) > 3 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) {
		return !strings.Contains("0 1 2 3 4 5 6 7 8 9 ¹ ² ³", stem[3:])
	}
	return true
}

// digest names records and odd objects: any key becomes a name of 64 safe characters.
func digest(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

func oddPath(bucket, key string) string { return path.Join(oddDir, bucket, digest(key)) }

// find gives the path of an object that may exist; it is for reading, with mu
// held. The second result is false where no path can hold the key.
func (s *Store) find(bucket, key string) (string, bool, error) {
	odd, err := s.oddKeys(bucket)
	if err != nil {
		return "", false, err
	}
	if odd[key] {
		return oddPath(bucket, key), true, nil
	}
	if !safe(key) {
		return "", false, nil
	}
	p := bucket + "/" + key
	if s.foldsCase && !s.spelled(p) {
		return "", false, nil
	}
	return p, true, nil
}

// choose gives the path an object is to be written to, with mu held for
// writing. A key whose name on disk would be another's (a file where a folder
// must be, another letter case) goes to .odd.
func (s *Store) choose(bucket, key string) (string, error) {
	odd, err := s.oddKeys(bucket)
	if err != nil {
		return "", err
	}
	if odd[key] || !safe(key) {
		return oddPath(bucket, key), nil
	}
	p := bucket + "/" + key
	if !s.foldsCase {
		// A node may have made names that differ in case only.
		if fi, err := s.root.Lstat(p); err == nil && fi.Mode().IsRegular() {
			return p, nil
		}
	}
	dir := bucket
	segments := strings.Split(key, "/")
	for i, seg := range segments {
		names, err := s.namesOf(dir)
		if err != nil {
			return "", err
		}
		// Nothing of that name means that the folder is to be made: below it nothing clashes.
		there, taken := names.byFold[fold(seg)]
		if !taken {
			return p, nil
		}
		last := i == len(segments)-1
		if there.name != seg || there.isDir == last {
			return oddPath(bucket, key), nil
		}
		dir += "/" + seg
	}
	return p, nil
}

// nameCache remembers the names in folders, because asking for a letter-case
// clash needs all of them and repositories put thousands of files into one
// folder. An entry counts while the folder's time is the one it was read at.
type nameCache map[string]*folder

type folder struct {
	changed time.Time
	byFold  map[string]named
}

type named struct {
	name  string
	isDir bool
}

const maxCachedFolders = 4096

// fold brings names together that some file system takes for one. It folds more than
// most do, which costs a plain path and never an object.
func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// namesOf reads the names of a folder; one that is missing has none.
func (s *Store) namesOf(dir string) (*folder, error) {
	fi, err := s.root.Lstat(dir)
	if missing(err) || err == nil && !fi.IsDir() {
		return &folder{byFold: map[string]named{}}, nil
	}
	if err != nil {
		return nil, err
	}
	if f := s.names[dir]; f != nil && f.changed.Equal(fi.ModTime()) {
		return f, nil
	}
	entries, err := s.readDir(dir)
	if err != nil {
		return nil, err
	}
	f := &folder{changed: fi.ModTime(), byFold: make(map[string]named, len(entries))}
	for _, e := range entries {
		f.byFold[fold(e.Name())] = named{e.Name(), e.IsDir()}
	}
	if len(s.names) >= maxCachedFolders {
		clear(s.names)
	}
	s.names[dir] = f
	return f, nil
}

// placed and removed keep the cache of a file's folder in step with our own
// changes, so that the next one need not read the folder again. removed is told
// before the change, whether the cache was current.
func (s *Store) placed(file string) {
	bucket, key, _ := strings.Cut(file, "/")
	dir, segments := bucket, strings.Split(key, "/")
	for i, name := range segments {
		f, last := s.names[dir], i == len(segments)-1
		if f == nil {
			return // it is read when it is asked for
		}
		// A folder on the way was there already, or was made with the file.
		if _, there := f.byFold[fold(name)]; last || !there {
			fi, err := s.root.Lstat(dir)
			if err != nil {
				return
			}
			f.byFold[fold(name)] = named{name, !last}
			f.changed = fi.ModTime()
		}
		dir += "/" + name
	}
}

func (s *Store) removed(file string, current bool) {
	dir, name := path.Split(file)
	dir = strings.TrimSuffix(dir, "/")
	fi, err := s.root.Lstat(dir)
	if f := s.names[dir]; current && err == nil {
		delete(f.byFold, fold(name))
		f.changed = fi.ModTime()
		return
	}
	delete(s.names, dir)
}

func (s *Store) current(dir string) bool {
	f := s.names[dir]
	fi, err := s.root.Lstat(dir)
	return f != nil && err == nil && f.changed.Equal(fi.ModTime())
}

// spelled says that every segment of a path has exactly this spelling on disk.
func (s *Store) spelled(p string) bool {
	dir, rest, _ := strings.Cut(p, "/")
	for _, seg := range strings.Split(rest, "/") {
		names, err := s.readDir(dir)
		if err != nil {
			return false
		}
		found := false
		for _, e := range names {
			found = found || e.Name() == seg
		}
		if !found {
			return false
		}
		dir += "/" + seg
	}
	return true
}

func (s *Store) readDir(dir string) ([]fs.DirEntry, error) {
	f, err := s.root.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}
