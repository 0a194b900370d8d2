package engine

import (
	"context"
	"encoding/json"
	"maps"
	"sync"
	"time"

	"snapferry/awsx/failure"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/resource"
)

// Live is what the engine itself needs of facts.Facts.
type Live interface {
	// Doc is the canonical document of a thing, memoised.
	Doc(ctx context.Context, ref steps.Ref) (steps.Doc, error)
	// Resource gives the hands for a kind; false for acts.
	Resource(kind steps.Kind) (resource.Kind, bool)
	// Drop forgets what was read of these things, DropAll of everything.
	Drop(refs ...steps.Ref)
	DropAll()
}

// World is what steps see: the facts, overlaid while planning with the Afters
// planned so far; the holes filled so far; what earlier steps proved.
type World struct {
	// Facts are the typed reads. While planning they know nothing of the overlay.
	Facts *facts.Facts

	live    Live
	clock   failure.Clock
	control *Control
	journal Journal
	emit    func(steps.StepID, steps.Event) error
	point   func(string)
	again   func(context.Context, steps.StepID, func(context.Context) error) error
	holes   *holes
	// overlay is nil while applying: then the world is what it is.
	overlay map[steps.Ref]steps.Doc
	// halfDone are things as they are where planning was shown them finished.
	halfDone map[steps.Ref]steps.Doc
}

// holes are shared by all views of one world. fresh are those filled since take.
type holes struct {
	mu    sync.Mutex
	known map[string]string
	fresh map[string]string
}

func (w *World) planning() *World {
	p := *w
	p.overlay, p.halfDone = map[steps.Ref]steps.Doc{}, map[steps.Ref]steps.Doc{}
	return &p
}

// Doc is the thing's document: while planning, as it will be when the step is
// reached. Our own work that a kill left half done is shown as it was to be, so
// that no step takes it for somebody else's thing to be adopted as it is.
func (w *World) Doc(ctx context.Context, ref steps.Ref) (steps.Doc, error) {
	if d, ok := w.overlay[ref]; ok {
		return d, nil
	}
	live, err := w.live.Doc(ctx, ref)
	if err != nil || w.overlay == nil {
		return live, err
	}
	p := w.journal.State().PendingOn(ref)
	if p == nil || live == p.Change.Before || !p.Change.Underway(live) {
		return live, nil
	}
	w.halfDone[ref] = live
	return p.Change.After, nil
}

// finishing turns a change planned from the finished thing into the one that
// finishes it.
func (w *World) finishing(c steps.Change) steps.Change {
	live, ok := w.halfDone[c.Ref]
	if !ok {
		return c
	}
	delete(w.halfDone, c.Ref)
	c.Before, c.Verb = live, steps.NewChange(c.Step, c.Ref, live, c.After, c.Summary).Verb
	return c
}

// RunID names the run; markers carry it.
func (w *World) RunID() string { return w.journal.RunID() }

// Now is the injected time.
func (w *World) Now() time.Time { return w.clock.Now() }

// Hole gives a filled hole's value.
func (w *World) Hole(name string) (string, bool) {
	w.holes.mu.Lock()
	defer w.holes.mu.Unlock()
	v, ok := w.holes.known[name]
	return v, ok
}

// Fill fills a hole, while planning if the world shows the value already, else
// while applying: then it is written into the journal with the change.
func (w *World) Fill(name, value string) {
	w.holes.mu.Lock()
	defer w.holes.mu.Unlock()
	w.holes.known[name] = value
	w.holes.fresh[name] = value
}

func (h *holes) values() map[string]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.known)
}

// take gives what was filled since the last take, nil for nothing.
func (h *holes) take() map[string]string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.fresh) == 0 {
		return nil
	}
	fresh := h.fresh
	h.fresh = map[string]string{}
	return fresh
}

// Evidence is what a step proved last, in this start of the program or an
// earlier one, also while it is being done again and after that failed. It is lost
// with the journal, and what it is of may be gone: nothing may depend on it alone.
func (w *World) Evidence(id steps.StepID) (steps.Evidence, bool) {
	s := w.journal.State()
	st := s.Step(id)
	if st == nil || st.Evidence.Summary.IsZero() || st.TakenBack && s.Purpose == steps.Migrate {
		return steps.Evidence{}, false
	}
	return st.Evidence, true
}

// Begin writes down what an act is about to make, before the call that makes it. An
// act that gets an error must not go on.
func (w *World) Begin(id steps.StepID, what any) error {
	data, err := json.Marshal(what)
	if err != nil {
		return err
	}
	return w.emit(id, steps.ActBegun{Data: data})
}

// Begun is what was begun last and not proven since, by this start of the program or
// by one that died; nil for nothing.
func (w *World) Begun(id steps.StepID) json.RawMessage {
	s := w.journal.State()
	st := s.Step(id)
	if st == nil || st.TakenBack && s.Purpose == steps.Migrate {
		return nil
	}
	return st.Begun
}

// Approved is the plan that was approved, for acts whose scope must not grow
// with the live source. False before approval.
func (w *World) Approved() (steps.Plan, bool) {
	s := w.journal.State()
	// Taking back ends the approval, but has to know what it was for.
	return s.ApprovedPlan, s.Approval.Digest != "" || s.Purpose != steps.Migrate && len(s.ApprovedPlan.Steps) > 0
}

// Wait lets an action rest between two looks at the world. It is a safe point:
// it returns ErrStopped when a stop was asked for, which the action hands on.
func (w *World) Wait(ctx context.Context, d time.Duration) error {
	w.point(PointPoll)
	return w.rest(ctx, d)
}

// rest is a wait that ends early when a stop is asked for.
func (w *World) rest(ctx context.Context, d time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(w.control.soon, cancel)()
	err := w.clock.Wait(ctx, d)
	if w.control.Stopping() {
		return ErrStopped
	}
	return err
}
