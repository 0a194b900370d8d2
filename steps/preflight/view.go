package preflight

import (
	"context"
	"errors"
	"slices"
	"sync"

	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/migrate"
)

// View is what checks look at: the facts, and what the plan would make of them.
type View struct {
	*facts.Facts

	once  sync.Once
	plan  planned
	stuck map[steps.StepID]error

	// unusable are the checks of identities that were named and are no use.
	unusable sync.Map
}

// planned is what the declarative steps would change, by thing: the last change
// of each, which holds those before it.
type planned map[steps.Ref]steps.Change

// Planned is what the plan would make of a thing; ok is false where no step that
// can be planned changes it.
func (w *View) Planned(ctx context.Context, ref steps.Ref) (c steps.Change, ok bool) {
	w.forecast(ctx)
	c, ok = w.plan[ref]
	return c, ok
}

// Stuck is why a step cannot be planned, nil where it can.
func (w *View) Stuck(ctx context.Context, id steps.StepID) error {
	w.forecast(ctx)
	return w.stuck[id]
}

// blind is why it is not known what a step would do: it could not look at
// something. A step that refuses to do it is not blind.
func (w *View) blind(ctx context.Context, id steps.StepID) error {
	why := w.Stuck(ctx, id)
	for e := why; e != nil; e = errors.Unwrap(e) {
		switch e.(type) {
		case *facts.Error:
			return why
		case *steps.Error:
			return nil
		}
	}
	return nil
}

func (w *View) forecast(ctx context.Context) {
	w.once.Do(func() { w.plan, w.stuck = forecast(ctx, w.Facts) })
}

// forecast plans without writing anything down. A step that cannot be planned is
// left out, as what stands in its way is a finding of its own; those after it may
// still be planned.
func forecast(ctx context.Context, f *facts.Facts) (planned, map[steps.StepID]error) {
	stuck := map[steps.StepID]error{}
	list := slices.DeleteFunc(migrate.Catalogue(f.Spec(), f), func(s engine.Step) bool {
		_, acts := s.(engine.Action)
		return acts
	})
	for {
		r := engine.New(engine.Options{Steps: list, Facts: f, Journal: engine.NewMemory("preflight", f.Now)})
		plan, err := r.Plan(ctx)
		r.Close()
		var failed *engine.StepError
		if !errors.As(err, &failed) {
			return changes(plan), stuck
		}
		stuck[failed.Step] = failed.Err
		list = slices.DeleteFunc(list, func(s engine.Step) bool { return s.Info().ID == failed.Step })
	}
}

func changes(plan steps.Plan) planned {
	out := planned{}
	for _, s := range plan.Steps {
		for _, c := range s.Changes {
			if !c.Mutates() {
				continue
			}
			if earlier, twice := out[c.Ref]; twice {
				c.Before = earlier.Before
			}
			out[c.Ref] = c
		}
	}
	return out
}
