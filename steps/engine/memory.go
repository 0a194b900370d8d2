package engine

import (
	"sync"
	"time"

	"snapferry/steps"
)

// Memory is a Journal that is not written anywhere, for looking at a plan
// without a run directory. Nothing can be run with it: Run wants durable intents.
type Memory struct {
	id  string
	now func() time.Time

	mu    sync.Mutex
	state steps.State
}

// NewMemory makes an empty one.
func NewMemory(runID string, now func() time.Time) *Memory { return &Memory{id: runID, now: now} }

// RunID is the run's name.
func (m *Memory) RunID() string { return m.id }

// State is a copy of what was folded so far.
func (m *Memory) State() *steps.State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state.Clone()
}

// Append numbers and folds the event.
func (m *Memory) Append(step steps.StepID, e steps.Event) (steps.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := steps.Record{Seq: m.state.Seq + 1, At: m.now().UTC(), Step: step, Event: e}
	m.state.Apply(r)
	return r, nil
}
