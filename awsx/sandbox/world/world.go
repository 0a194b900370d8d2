// Package world is the memory of the embedded AWS: accounts with their users,
// keys, roles and policies, temporary sessions, buckets' configurations and
// domains. What it holds survives the process that wrote it.
//
// It keeps and finds things. It does not know requests, wire formats or whether
// anybody may do what they do: services decide, then write here. Objects of
// buckets and documents of clusters are kept by those who serve them.
package world

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

const (
	stateFile = "world.json"
	// LockFile is held by the process that serves the world.
	LockFile = "world.lock"
)

// ErrInUse says that another process serves the world in this directory.
var ErrInUse = errors.New("the sandbox in this directory is in use by another process")

// World is the state of one directory, owned by one process from Open to Close.
// All methods may be called from any goroutine.
type World struct {
	dir   string
	clock func() time.Time
	lock  *flock.Flock
	fresh bool

	mu    sync.RWMutex
	state *State
	// written is the text in the file: what a failed Write goes back to.
	written []byte
}

// Open reads the world of a directory, or begins an empty one, and locks it.
// It fails with ErrInUse where another process has it.
func Open(dir string, clock func() time.Time) (*World, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the sandbox directory: %w", err)
	}
	lock := flock.New(filepath.Join(dir, LockFile))
	held, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the sandbox directory: %w", err)
	}
	if !held {
		return nil, ErrInUse
	}
	w := &World{dir: dir, clock: clock, lock: lock}
	if err := w.load(); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return w, nil
}

func (w *World) load() error {
	b, err := os.ReadFile(filepath.Join(w.dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		w.fresh = true
		w.state = emptyState()
		w.written, err = encode(w.state)
		return err
	}
	if err != nil {
		return fmt.Errorf("read the sandbox's state: %w", err)
	}
	w.written = b
	w.state, err = decode(b)
	return err
}

// Fresh says that the directory held no world before Open.
func (w *World) Fresh() bool { return w.fresh }

// Dir is where the world is kept.
func (w *World) Dir() string { return w.dir }

// Now is the world's time, in UTC.
func (w *World) Now() time.Time { return w.clock().UTC() }

// Read shows the state. What f sees may be used only while f runs.
func (w *World) Read(f func(*State)) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	f(w.state)
}

// Write lets f change the state and makes the change durable before it returns.
// Where f or the disk fails, nothing has changed.
func (w *World) Write(f func(*State) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lock == nil {
		return errors.New("the sandbox's world is closed")
	}
	err := f(w.state)
	if err == nil {
		err = w.persist()
	}
	if err == nil {
		return nil
	}
	back, broken := decode(w.written)
	if broken != nil {
		return errors.Join(err, broken)
	}
	w.state = back
	return err
}

// persist replaces the file in one rename. It does not wait for the disk: the
// promise is to outlive the process, not the machine.
func (w *World) persist() error {
	b, err := encode(w.state)
	if err != nil {
		return err
	}
	if bytes.Equal(b, w.written) && !w.fresh {
		return nil
	}
	path := filepath.Join(w.dir, stateFile)
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return fmt.Errorf("write the sandbox's state: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("write the sandbox's state: %w", err)
	}
	w.written = b
	return nil
}

// Close lets another process have the directory. Later writes fail.
func (w *World) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lock == nil {
		return nil
	}
	err := w.lock.Unlock()
	w.lock = nil
	return err
}

func encode(s *State) ([]byte, error) {
	b, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode the sandbox's state: %w", err)
	}
	return append(b, '\n'), nil
}

func decode(b []byte) (*State, error) {
	s := emptyState()
	if err := json.Unmarshal(b, s); err != nil {
		return nil, fmt.Errorf("the sandbox's state is damaged: %w", err)
	}
	return s, nil
}
