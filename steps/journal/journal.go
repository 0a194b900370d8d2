// Package journal keeps what happened in a run: one directory, one run, one
// append-only file of JSON lines, durable before anybody is shown the event.
//
// It knows neither what events mean (the fold is steps.State) nor who writes or
// watches. One process writes at a time; any number may read.
package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"snapferry/steps"
)

// Format is the version of the file; another one is refused. New event types do
// not change it, a new meaning of an old line does.
const Format = 1

// FileName is the journal's name in its directory. lockName is a file of its
// own, as the lock must exist before there is a journal.
const (
	FileName = "journal.jsonl"
	lockName = "journal.lock"
)

// header is the first line.
type header struct {
	Type    string `json:"type"` // always "journal"
	Format  int    `json:"format"`
	RunID   string `json:"run_id"`
	Answers string `json:"answers"`
	// World is where the run is: "" for the real AWS.
	World   string    `json:"world,omitempty"`
	Created time.Time `json:"created"`
}

// Options say which run the directory is for.
type Options struct {
	// RunID names a new run; a journal that exists keeps its own.
	RunID string
	// Answers is the fingerprint of the Spec. A journal of other answers is
	// refused; "" takes any (clean-up, undo and report need no answers).
	Answers string
	// World tells the real AWS ("") and every sandbox apart. A journal of another
	// world is refused: what it says was made was not made here.
	World string
	// Now is the clock of the records; nil is time.Now.
	Now func() time.Time
}

// Journal is an open journal, exclusively ours until Close. It is safe for
// concurrent use.
type Journal struct {
	now  func() time.Time
	lock *flock.Flock

	mu   sync.Mutex
	file *os.File
	// sync makes what was written durable; it is file.Sync.
	sync  func() error
	head  header
	state *steps.State
	cut   int // bytes of a torn last line, cut off at Open
	// broken is the first failed write: after it the file's end is unknown, and
	// going on could only add lines that a replay would not reach.
	broken error
}

// Open locks the directory (made if needed), replays the journal or begins one.
// A run that nobody claimed makes room for one of other answers or another world.
// Errors are *steps.Error: directory in use, other answers, other format,
// damaged before its end.
func Open(dir string, o Options) (*Journal, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unusable(dir, err)
	}
	j := &Journal{now: o.Now, lock: flock.New(filepath.Join(dir, lockName)), state: &steps.State{}}
	locked, err := j.lock.TryLock()
	if err != nil {
		return nil, unusable(dir, err)
	}
	if !locked {
		return nil, inUse(dir)
	}
	if err := j.load(dir, o); err != nil {
		j.lock.Unlock()
		return nil, err
	}
	return j, nil
}

// InUse says that another process has the directory, as Open would; nil if none
// has. A directory that is not there is nobody's.
func InUse(dir string) error {
	lock := flock.New(filepath.Join(dir, lockName), flock.SetFlag(os.O_RDONLY))
	free, err := lock.TryRLock()
	if err != nil || free { // what cannot be asked now is told by Open
		return lock.Unlock()
	}
	return inUse(dir)
}

func (j *Journal) load(dir string, o Options) error {
	path := filepath.Join(dir, FileName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return j.begin(path, o)
	}
	if err != nil {
		return unusable(dir, err)
	}
	whole, err := j.replay(path, data)
	if err != nil {
		return err
	}
	if whole == 0 { // killed while the first line was being written: nothing had happened
		return j.begin(path, o)
	}
	if err := j.meant(dir, o); err != nil {
		if Claimed(j.state) {
			return err
		}
		j.state = &steps.State{}
		return j.begin(path, o)
	}
	j.cut = len(data) - whole
	if j.cut > 0 {
		if err := os.Truncate(path, int64(whole)); err != nil {
			return unusable(dir, err)
		}
	}
	return j.append(path)
}

// meant says why the run that is there is another than the one that is opened.
func (j *Journal) meant(dir string, o Options) error {
	if err := j.head.in(dir, o.World); err != nil {
		return err
	}
	if o.Answers != "" && j.head.Answers != "" && o.Answers != j.head.Answers {
		return otherAnswers(dir, j.head.RunID)
	}
	return nil
}

// Claimed says that a run did something, or was approved to. One that was only
// looked at, as a check or whoever read its plan refused it, changed nothing: its
// directory is free for other answers.
func Claimed(s *steps.State) bool {
	started := slices.ContainsFunc(s.Steps, func(step steps.StepState) bool { return !step.Started.IsZero() })
	return started || len(s.Changes) > 0 || len(s.ApprovedPlan.Steps) > 0
}

// append opens the file for the lines to come.
func (j *Journal) append(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return unusable(path, err)
	}
	j.file, j.sync = f, f.Sync
	return nil
}

// replay folds the lines in and gives the length of the whole ones. A last line
// without its end is what a kill leaves, and is no record of anything that was
// shown or done. An ended line that cannot be read is damage wherever it stands:
// folding on past it could repeat what was done.
func (j *Journal) replay(path string, data []byte) (whole int, err error) {
	for n := 1; ; n++ {
		line, _, ended := bytes.Cut(data[whole:], []byte("\n"))
		if !ended {
			return whole, nil
		}
		if err := j.fold(path, n, line); err != nil {
			return 0, err
		}
		whole += len(line) + 1
	}
}

func (j *Journal) fold(path string, n int, line []byte) error {
	if n == 1 {
		return j.head.parse(line)
	}
	r, err := parseRecord(line)
	if err != nil {
		return damaged(path, n, err)
	}
	j.state.Apply(r)
	return nil
}

func (j *Journal) begin(path string, o Options) error {
	j.head = header{Type: "journal", Format: Format, RunID: o.RunID, Answers: o.Answers, World: o.World, Created: j.now().UTC()}
	line, err := json.Marshal(j.head)
	if err != nil {
		return unusable(path, err)
	}
	if err := WriteFile(path, append(line, '\n')); err != nil {
		return unusable(path, err)
	}
	return j.append(path)
}
