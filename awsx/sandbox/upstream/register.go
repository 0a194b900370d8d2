package upstream

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
)

// State keeps a few bytes beyond the life of the process. Load gives nil when
// nothing was saved yet.
type State interface {
	Load() ([]byte, error)
	Save([]byte) error
}

// File is a State in one file, replaced as a whole so that a kill leaves the old
// or the new.
type File string

// Load reads the file.
func (f File) Load() ([]byte, error) {
	b, err := os.ReadFile(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// Save replaces the file.
func (f File) Save(b []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(string(f)), filepath.Base(string(f))+".*")
	if err != nil {
		return err
	}
	_, werr := tmp.Write(b)
	if err := errors.Join(werr, tmp.Sync(), tmp.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return os.Rename(tmp.Name(), string(f))
}

// register is what callers registered, by repository name. The node knows which
// repositories there are; the register only knows how they were described.
type register struct {
	mu    sync.Mutex
	state State
	repos map[string]entry
}

type entry struct {
	Type     string         `json:"type"`
	Settings map[string]any `json:"settings"`
}

func loadRegister(s State) (*register, error) {
	r := &register{state: s, repos: map[string]entry{}}
	b, err := s.Load()
	if err == nil && b != nil {
		err = json.Unmarshal(b, &r.repos)
	}
	if err != nil {
		return nil, fmt.Errorf("upstream: reading the register of repositories: %w", err)
	}
	return r, nil
}

func (r *register) get(name string) (entry, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.repos[name]
	return e, ok
}

// change edits a copy and takes it over only when it is saved.
func (r *register) change(edit func(map[string]entry)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := maps.Clone(r.repos)
	edit(next)
	b, err := json.Marshal(next)
	if err != nil {
		return err
	}
	if err := r.state.Save(b); err != nil {
		return fmt.Errorf("upstream: keeping the register of repositories: %w", err)
	}
	r.repos = next
	return nil
}
