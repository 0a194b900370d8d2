package journal

import (
	"errors"

	"snapferry/steps"
)

var errClosed = errors.New("the journal is closed")

// RunID is the run's name.
func (j *Journal) RunID() string { return j.head.RunID }

// State is a copy of what was folded from the records so far.
func (j *Journal) State() *steps.State {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.state.Clone()
}

// Append gives the event its number and time and writes it, durably if it is a
// state change, before it returns. After a failed write every later one fails.
func (j *Journal) Append(step steps.StepID, e steps.Event) (steps.Record, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return steps.Record{}, unwritable(j.broken)
	}
	r := steps.Record{Seq: j.state.Seq + 1, At: j.now().UTC(), Step: step, Event: e}
	if err := j.write(r); err != nil {
		j.broken = err
		return steps.Record{}, unwritable(err)
	}
	j.state.Apply(r)
	return r, nil
}

func (j *Journal) write(r steps.Record) error {
	// A kill in between tears the last line, as one within a call would.
	if err := r.WriteLine(j.file); err != nil {
		return err
	}
	if !steps.Durable(r.Event) {
		return nil
	}
	return j.sync()
}

// Close ends the use of the directory. Calling it again does nothing.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if errors.Is(j.broken, errClosed) {
		return nil
	}
	j.broken = errClosed
	return errors.Join(j.file.Close(), j.lock.Unlock())
}
