package engine

import (
	"context"
	"time"

	"snapferry/steps"
	"snapferry/steps/resource"
)

// Live is what the World and the Runner need of facts.Facts.
type Live interface {
	// Doc is the canonical document of a thing, memoised.
	Doc(ctx context.Context, ref steps.Ref) (steps.Doc, error)
	// Resource gives the hands for a kind; false for acts.
	Resource(kind steps.Kind) (resource.Kind, bool)
	// Drop forgets what was read of these things, DropAll of everything.
	Drop(refs ...steps.Ref)
	DropAll()
}

// World is what steps see: the facts overlaid with the Afters planned so far,
// the holes filled so far, and what earlier starts of the run proved.
type World struct{}

// Doc is the thing's document as it will be when the step is reached.
func (w *World) Doc(ctx context.Context, ref steps.Ref) (steps.Doc, error) { return "", nil }

// RunID names the run; markers carry it.
func (w *World) RunID() string { return "" }

// Now is the injected time.
func (w *World) Now() time.Time { return time.Time{} }

// Hole gives a filled hole's value.
func (w *World) Hole(name string) (string, bool) { return "", false }

// Fill fills a hole. During Apply it is written into the journal with the change.
func (w *World) Fill(name, value string) {}

// Evidence is what a step proved, in this start of the program or an earlier one.
func (w *World) Evidence(id steps.StepID) (steps.Evidence, bool) { return steps.Evidence{}, false }

// Approved is the plan that was approved, for acts whose scope must not grow
// with the live source. False before approval or without a journal.
func (w *World) Approved() (steps.Plan, bool) { return steps.Plan{}, false }

// Wait lets an action rest between two looks at the world. It is a safe point:
// it returns ErrStopped when a stop was asked for, which Apply hands on.
func (w *World) Wait(ctx context.Context, d time.Duration) error { return nil }
