package engine

import (
	"encoding/json"
	"testing"
	"time"

	"snapferry/steps"
)

// paper is a journal that outlives its starts in memory, as lines of JSON.
type paper struct{ lines [][]byte }

// paperStart is one opening of it.
type paperStart struct {
	*Memory
	paper *paper
}

func (p *paper) open(t *testing.T, now func() time.Time) Journal {
	t.Helper()
	m := NewMemory("run-1", now)
	for _, line := range p.lines {
		var r steps.Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		m.state.Apply(r)
	}
	return paperStart{m, p}
}

func (s paperStart) Append(step steps.StepID, e steps.Event) (steps.Record, error) {
	r, err := s.Memory.Append(step, e)
	if err != nil {
		return r, err
	}
	line, err := json.Marshal(r)
	s.paper.lines = append(s.paper.lines, line)
	return r, err
}

// records are what was written on it.
func (p *paper) records(t *testing.T) (list []steps.Record) {
	t.Helper()
	for _, line := range p.lines {
		var r steps.Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}
