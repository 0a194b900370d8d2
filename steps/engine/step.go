// Package engine turns steps into a plan, has it approved, applies exactly what
// was approved, reads back, and takes back. It owns order, drift, intent before
// deed, stopping and resuming, once for all kinds of things.
//
// It does not know which steps there are (migrate), how a thing is read or
// written (resource), or who is watching (ui).
package engine

import (
	"context"
	"errors"

	"snapferry/steps"
)

// Info says what a step is before it is planned.
type Info struct {
	ID    steps.StepID
	Side  steps.Side
	Title steps.Text
	// Optional says that the move is still right without this step, so that a
	// person may skip it when it fails.
	Optional bool
}

// Step wants things. Plan reads through the World only and changes nothing; it
// returns a change for everything it wants, also for what is already so.
type Step interface {
	Info() Info
	Plan(ctx context.Context, w *World) ([]steps.Change, error)
}

// Action is a step that does something no document can express: a snapshot, a
// restore, a proof. Planning an action gives exactly one change with verb Act
// (or Exists, when the world shows that it is done).
type Action interface {
	Step
	// Apply does it, or goes on with what is already running: it looks at the
	// world first, so that calling it twice is harmless.
	Apply(ctx context.Context, w *World, c steps.Change, emit Emit) error
	// Verify reads back and gives the proof. One that takes long tells how far it is,
	// and may be stopped where it waits.
	Verify(ctx context.Context, w *World, c steps.Change, emit Emit) (steps.Evidence, error)
	// Takeback undoes it if what is there is still what we made. kept says why
	// it was left, if it was.
	Takeback(ctx context.Context, w *World, c steps.Change, emit Emit) (kept steps.Text, err error)
}

// Emit hands an event of the running step to the engine, which writes it down
// before anybody sees it. Progress and Waiting are shown only.
type Emit func(steps.Event)

// ByHander is an action that can say how what its Takeback left would go by hand.
type ByHander interface {
	ByHand(ctx context.Context, w *World, c steps.Change) (steps.Text, error)
}

// Describer is a step that knows what moves and what stays; the plan gathers it.
type Describer interface {
	Describe(ctx context.Context, w *World) ([]steps.Move, []steps.Stay, steps.Estimate, error)
}

// Prover is a declarative step with a proof beyond "every After holds", e.g. a
// repository that every node has verified. changed says that this run made or
// may have made something of it; where it is false the proof must not write.
type Prover interface {
	Prove(ctx context.Context, w *World, changes []steps.Change, changed bool) (steps.Evidence, error)
}

// ErrNoWitness is a Witness's answer about what shows nowhere by itself: then it is
// told, and not waited for.
var ErrNoWitness = errors.New("nothing tells whether it is so")

// Witness is a step that can tell by other means whether a change that nobody here
// may read has come true, e.g. a role by what its user is answered.
type Witness interface {
	Witnessed(ctx context.Context, w *World, c steps.Change) (bool, error)
}

// DataKeeper is an action whose Takeback loses data. Data says in words what
// would be lost now and what has to be typed to allow it; a zero Text loses nothing.
// What is a noun phrase ("the snapshot s-1 with 3 indices"): it stands in sentences.
type DataKeeper interface {
	Data(ctx context.Context, w *World, c steps.Change) (what steps.Text, typed string, err error)
}

// Sharer is a step of whose changes somebody else may make use by now, without
// having changed a thing. Shared says who, and then it is left; zero is nobody known.
type Sharer interface {
	Shared(ctx context.Context, w *World, c steps.Change) (by steps.Text, err error)
}

// Marker is a kind or an action that knows what marks a change as ours: a tag's
// value, a Sid, the snapshot's metadata. Without one it is the run's id, where
// the document wanted holds it.
type Marker interface {
	Mark(c steps.Change) string
}
