package engine

import (
	"context"

	"snapferry/steps"
)

// View is one consumer of a run's records. Progress of a step gives way to a
// newer one while the view is busy; nothing else is dropped.
type View struct{}

// Next gives what has happened since the last call, waiting for something to
// happen; io.EOF once the run is over and everything was given out.
func (v *View) Next(ctx context.Context) ([]steps.Record, error) { return nil, nil }

// Close ends the view.
func (v *View) Close() {}
