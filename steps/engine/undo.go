package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"snapferry/steps"
	"snapferry/steps/resource"
)

// CleanUp does an approved plan of PlanCleanUp. confirm is asked before the
// content of something that was made goes with it; nil refuses.
func (r *Runner) CleanUp(ctx context.Context, plan steps.Plan, confirm Confirm) error {
	return r.takeBack(ctx, steps.CleanUp, plan, confirm)
}

// Undo does an approved plan of PlanUndo. confirm is asked before data goes.
func (r *Runner) Undo(ctx context.Context, plan steps.Plan, confirm Confirm) error {
	return r.takeBack(ctx, steps.Undo, plan, confirm)
}

// takeBack has the same gates as Run: approved as shown, written down before it
// is done, stopped at safe points. There is no drift to plan around: what has
// changed since the plan was shown is left and said.
func (r *Runner) takeBack(ctx context.Context, p steps.Purpose, plan steps.Plan, confirm Confirm) error {
	if plan.Purpose != p {
		return fmt.Errorf("engine: this is a plan for %q, not for %q", plan.Purpose, p)
	}
	if _, ok := r.o.Journal.(*Memory); ok {
		return errors.New("engine: taking back needs the journal of the run")
	}
	if open := r.Uncovered(plan); len(open) > 0 {
		return &ApprovalError{Changes: open}
	}
	if err := r.begin(p); err != nil {
		return err
	}
	ctx, end := r.session(ctx)
	defer end()
	r.o.Live.DropAll()
	r.kept, r.refused = nil, map[steps.Ref]steps.Ref{}
	if len(plan.Steps)+len(plan.Stays) == len(r.others(p)) {
		if err := r.emit("", steps.Log{Level: "info", Text: steps.T("There is nothing left to take back.")}); err != nil {
			return err
		}
	}
	return r.finish(r.eachBack(ctx, p, plan, remembered(confirm)))
}

// remembered asks once for each word: what is tried again is not asked again.
func remembered(confirm Confirm) Confirm {
	said := map[string]bool{}
	return func(ctx context.Context, what steps.Text, typed string) bool {
		yes, known := said[typed]
		if !known && confirm != nil {
			yes = confirm(ctx, what, typed)
			said[typed] = yes
		}
		return yes
	}
}

// eachBack follows the journal, not the plan: what had to stay is written down
// as kept, and what the plan does not name is left alone. What stays does not hold
// up the rest: restored indices live without their snapshot. What could not be
// taken back, or not to its end, does: see notBack.
func (r *Runner) eachBack(ctx context.Context, p steps.Purpose, plan steps.Plan, confirm Confirm) error {
	approved := map[int64]*steps.Change{}
	for _, sp := range plan.Steps {
		for i, c := range sp.Changes {
			approved[c.Intent] = &sp.Changes[i]
		}
	}
	for _, made := range r.State().Takebacks(p) {
		r.o.Points(PointBetween)
		r.o.Control.stand(ctx)
		if err := r.halting(ctx); err != nil {
			return err
		}
		err := r.patiently(ctx, made.Step, func(ctx context.Context) (err error) {
			defer recovered(&err)
			return r.back(ctx, made, approved[made.Intent], confirm)
		})
		r.flush(made.Step)
		if err != nil {
			return r.notBack(made.Step, err)
		}
	}
	return nil
}

// notBack explains why taking back ended. It ends at the first failure, as what
// is older may be what the failed one stands on: a role is not deleted while the
// registration that uses it is still there.
func (r *Runner) notBack(step steps.StepID, err error) error {
	if r.resumable(err) {
		return err
	}
	return &StepError{Step: step, Diagnosis: r.diagnose(err), Err: err}
}

// back takes one change back as approved; plan is nil for what has to stay.
func (r *Runner) back(ctx context.Context, made steps.ChangeState, plan *steps.Change, confirm Confirm) error {
	inv, kept, err := r.inverse(ctx, made, func(steps.Ref) (steps.Doc, bool) { return "", false })
	if err != nil {
		return err
	}
	if plan == nil && kept.IsZero() {
		kept = steps.T("It was not part of the plan that was approved.")
	}
	if !kept.IsZero() {
		return r.undone(made, inv.Before, kept, steps.Text{})
	}
	if inv.Verb == steps.Act {
		return r.actBack(ctx, made, inv, confirm)
	}
	if inv.Before == inv.After {
		return r.undone(made, inv.Before, steps.Text{}, steps.Text{})
	}
	if inv.Before != plan.Before || inv.After != plan.After {
		return &DriftError{Change: *plan, Live: inv.Before}
	}
	return r.putBack(ctx, made, inv, confirm)
}

// putBack writes the inverse merge, after emptying what has content.
func (r *Runner) putBack(ctx context.Context, made steps.ChangeState, inv steps.Change, confirm Confirm) error {
	k, ok := r.o.Live.Resource(inv.Ref.Kind)
	if !ok {
		return fmt.Errorf("engine: nobody knows how to take back a %s", inv.Ref.Kind)
	}
	answer, err := r.allowed(ctx, made, inv, confirm)
	if answer == withheld || err != nil {
		return err
	}
	if answer == given { // else it was empty, and what came since is nobody's to lose
		if err := r.emptied(ctx, k, inv); err != nil {
			return err
		}
	}
	if err := r.undoing(inv); err != nil {
		return err
	}
	if err := r.deed(ctx, k, inv, inv.Before); err != nil {
		return err
	}
	r.o.Points(PointAfterUndo)
	if err := r.readBack(ctx, k, inv); err != nil {
		return err
	}
	return r.undone(made, inv.After, steps.Text{}, steps.Text{})
}

// consent is what came of asking for what would be lost.
type consent int

const (
	unasked consent = iota // nothing would be lost
	given
	withheld
)

// allowed asks for what would be lost. Refusing is no error: the thing stays, and
// a later undo asks again. What was kept keeps what it lies in, whoever allowed that.
func (r *Runner) allowed(ctx context.Context, made steps.ChangeState, inv steps.Change, confirm Confirm) (consent, error) {
	what, typed, err := r.loses(ctx, made, inv)
	if err != nil || what.IsZero() {
		return unasked, err
	}
	var how steps.Text
	if r.o.Consent != nil {
		how = r.o.Consent(typed)
	}
	if in, ok := r.refused[inv.Ref]; ok {
		return withheld, r.undone(made, inv.Before, steps.T("The %s %s in it was kept.", string(in.Kind), in.Name), how)
	}
	if confirm(ctx, what, typed) {
		return given, nil
	}
	if err := r.halting(ctx); err != nil { // who left the prompt refused nothing
		return withheld, err
	}
	if w := made.Change.Within; w != (steps.Ref{}) {
		r.refused[w] = made.Change.Ref
	}
	live := inv.Before
	if inv.Verb == steps.Act {
		live = made.Live
	}
	return withheld, r.undone(made, live, steps.T("Nobody confirmed that it may delete %s.", what), how)
}

// emptied takes the content out of what is to be deleted.
func (r *Runner) emptied(ctx context.Context, k resource.Kind, inv steps.Change) error {
	c, ok := k.(resource.Content)
	if !ok || inv.After != steps.Absent {
		return nil
	}
	if err := r.undoing(inv); err != nil {
		return err
	}
	return c.Empty(ctx, inv.Ref)
}

// actBack lets an action take itself back, after asking where data would be lost.
func (r *Runner) actBack(ctx context.Context, made steps.ChangeState, inv steps.Change, confirm Confirm) error {
	c := made.Change
	s, _ := r.step(c.Step)
	a, ok := s.(Action)
	if !ok {
		return fmt.Errorf("engine: nobody knows how to take back %s", c.ID)
	}
	if answer, err := r.allowed(ctx, made, inv, confirm); answer == withheld || err != nil {
		return err
	}
	// Whether what is there is still ours only the action can tell (UUIDs,
	// sequence numbers, metadata); it looks again itself and says what it left.
	if err := r.undoing(steps.Change{ID: c.ID, Intent: made.Intent, Step: c.Step, Before: made.Live}); err != nil {
		return err
	}
	kept, err := a.Takeback(ctx, r.world, c, r.emitter(c.Step))
	r.o.Live.DropAll()
	if err != nil {
		return err
	}
	r.o.Points(PointAfterUndo)
	var how steps.Text
	if by, ok := a.(ByHander); ok && !kept.IsZero() {
		if how, err = by.ByHand(ctx, r.world, c); err != nil {
			how = steps.Text{} // it is left all the same, and that has to be written down
		}
	}
	return r.undone(made, steps.Absent, kept, how)
}

// undoing and undone are the intent and the record of a taking back. A kill
// between them is harmless: the next start finds nothing of it in the world and
// writes the record alone.
func (r *Runner) undoing(inv steps.Change) error {
	r.o.Points(PointBeforeUndo)
	return r.record(inv.Step, steps.UndoIntended{ID: inv.ID, Intent: inv.Intent, Live: inv.Before, Want: inv.After}, PointUndoIntent)
}

func (r *Runner) undone(made steps.ChangeState, live steps.Doc, kept, how steps.Text) error {
	c := made.Change
	e := steps.ChangeUndone{ID: c.ID, Intent: made.Intent, Live: live, Kept: kept, How: how}
	if err := r.record(made.Step, e, PointUndone); err != nil {
		return err
	}
	if !kept.IsZero() {
		r.kept = append(r.kept, made.Intent)
	}
	return nil
}

// stays names what this start was to take back and left, apart from what has
// gone with something else since.
func (r *Runner) stays() []steps.Stay {
	var list []steps.Stay
	for _, c := range r.State().Changes {
		if slices.Contains(r.kept, c.Intent) && c.Undone.IsZero() {
			list = append(list, steps.Stay{What: string(c.Change.Ref.Kind), Name: c.Change.Ref.Name, Count: 1, Why: c.Kept, How: c.How})
		}
	}
	slices.Reverse(list)
	return append(list, r.others(r.purpose)...)
}
