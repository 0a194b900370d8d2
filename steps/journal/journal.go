// Package journal keeps what happened in a run: one directory, one run, one
// append-only file of JSON lines, durable before anybody is shown the event.
//
// It knows neither what events mean (the fold is steps.State) nor who writes or
// watches. One process writes at a time; any number may read.
package journal

import (
	"time"

	"snapferry/steps"
)

// Format is the version of the file; another one is refused.
const Format = 1

// FileName is the journal's name in its directory.
const FileName = "journal.jsonl"

// Options say which run the directory is for.
type Options struct {
	// RunID names a new run; a journal that exists keeps its own.
	RunID string
	// Answers is the fingerprint of the Spec. A journal of other answers is
	// refused; "" takes any (clean-up, undo and report need no answers).
	Answers string
	Now     func() time.Time
}

// Journal is an open journal, exclusively ours until Close. It is safe for
// concurrent use.
type Journal struct{}

// Open locks the directory (made if needed), replays the journal or begins one.
// Errors are *steps.Error: directory in use, other answers, other format,
// damaged before its end.
func Open(dir string, o Options) (*Journal, error) { return nil, nil }

// RunID is the run's name.
func (j *Journal) RunID() string { return "" }

// State is a copy of what was folded from the records so far.
func (j *Journal) State() *steps.State { return nil }

// Cut is how many bytes of a torn last line were cut off at Open.
func (j *Journal) Cut() int { return 0 }

// Append gives the event its number and time and writes it, durably if it is a
// state change, before it returns.
func (j *Journal) Append(step steps.StepID, e steps.Event) (steps.Record, error) {
	return steps.Record{}, nil
}

// Close ends the use of the directory.
func (j *Journal) Close() error { return nil }

// Reader follows a journal without locking it, for watchers and reports.
type Reader struct{}

// Read opens a journal for reading; os.ErrNotExist where there is none.
func Read(dir string) (*Reader, error) { return nil, nil }

// Next gives the records that were added since the last call; none is not an
// error. A line that is still being written waits for the next call.
func (r *Reader) Next() ([]steps.Record, error) { return nil, nil }

// Close ends reading.
func (r *Reader) Close() error { return nil }

// InUse says whether another process has the directory open for writing.
func InUse(dir string) (bool, error) { return false, nil }

// WriteFile replaces a file of the run directory (plan, report, answers) whole:
// a reader sees the old one or the new one, also after a loss of power.
func WriteFile(path string, data []byte) error { return nil }
