package engine

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"

	"snapferry/steps"
)

// Plan looks at the world and says what a run would do. It changes nothing, and
// writes the plan down so that it can be approved. A step that cannot be planned
// is a *StepError.
func (r *Runner) Plan(ctx context.Context) (steps.Plan, error) {
	ctx, end := r.session(ctx)
	defer end()
	if r.begun { // not the first look: the world may have moved on
		r.o.Live.DropAll()
	}
	if err := r.begin(steps.Migrate); err != nil {
		return steps.Plan{}, err
	}
	plan := steps.Plan{RunID: r.o.Journal.RunID()}
	w := r.world.planning()
	for _, s := range r.o.Steps {
		if err := r.planStep(ctx, w, s, &plan); err != nil {
			return steps.Plan{}, r.unplanned(ctx, s.Info().ID, err)
		}
	}
	e := steps.PlanMade{Plan: plan, Digest: plan.Digest()}
	return plan, r.record("", e, PointPlanned)
}

// unplanned is the failure of a plan. It is not written down: nothing was begun,
// and the next plan is a new look.
func (r *Runner) unplanned(ctx context.Context, id steps.StepID, err error) error {
	if err := r.halting(ctx); err != nil {
		return err
	}
	return &StepError{Step: id, Diagnosis: r.diagnose(err), Err: err}
}

func (r *Runner) planStep(ctx context.Context, w *World, s Step, plan *steps.Plan) (err error) {
	defer recovered(&err)
	if err := r.halting(ctx); err != nil {
		return err
	}
	info := s.Info()
	changes, err := s.Plan(ctx, w)
	if err != nil {
		return err
	}
	if err := wellFormed(s, changes); err != nil {
		return err
	}
	for i, c := range changes {
		if _, ok := r.o.Live.Resource(c.Ref.Kind); ok {
			changes[i] = w.finishing(c)
			w.overlay[c.Ref] = c.After
		}
	}
	plan.Steps = append(plan.Steps, steps.StepPlan{ID: info.ID, Side: info.Side, Title: info.Title, Changes: changes})
	// Described after its own changes are in the overlay, so that what a step says
	// about the move fits what it plans.
	d, ok := s.(Describer)
	if !ok {
		return nil
	}
	moves, stays, estimate, err := d.Describe(ctx, w)
	if err != nil {
		return err
	}
	if len(plan.Moves) == 0 {
		plan.Moves = slices.Clip(moves) // of thousands there is no second list beside the facts'
	} else {
		plan.Moves = append(plan.Moves, moves...)
	}
	plan.Stays = append(plan.Stays, stays...)
	plan.Estimate = joined(plan.Estimate, estimate)
	return nil
}

// wellFormed guards what everything later relies on: a change belongs to its
// step, nothing is wanted twice in one step, an action has one act.
func wellFormed(s Step, changes []steps.Change) error {
	id := s.Info().ID
	if _, acts := s.(Action); acts && len(changes) > 1 {
		return fmt.Errorf("engine: action %s planned %d changes", id, len(changes))
	}
	seen := map[steps.Ref]bool{}
	for _, c := range changes {
		if c.Step != id || c.ID == "" || c.Verb == "" {
			return fmt.Errorf("engine: step %s planned a change of step %q, id %q, verb %q", id, c.Step, c.ID, c.Verb)
		}
		if seen[c.Ref] {
			return fmt.Errorf("engine: step %s wants %s twice", id, c.Ref)
		}
		seen[c.Ref] = true
	}
	return nil
}

// joined lets several steps guess parts of one estimate.
func joined(a, b steps.Estimate) steps.Estimate {
	a.Bytes = max(a.Bytes, b.Bytes)
	a.Snapshot = max(a.Snapshot, b.Snapshot)
	a.Restore = max(a.Restore, b.Restore)
	a.Basis = append(a.Basis, b.Basis...)
	a.Cost = append(a.Cost, b.Cost...)
	return a
}

// recovered turns a panic of a step into its failure: one mistake must not take
// the terminal, the journal's lock and the other steps' story with it.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = &PanicError{Value: p, Stack: debug.Stack()}
	}
}

// diagnose explains an error: our own ones here, the world's by the decoder.
func (r *Runner) diagnose(err error) steps.Diagnosis {
	if d, ok := own(err); ok {
		return d
	}
	return r.o.Diagnose(err)
}

func (r *Runner) step(id steps.StepID) (Step, bool) {
	for _, s := range r.o.Steps {
		if s.Info().ID == id {
			return s, true
		}
	}
	return nil, false
}
