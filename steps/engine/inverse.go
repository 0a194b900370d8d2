package engine

import (
	"context"
	"strings"

	"snapferry/steps"
	"snapferry/steps/resource"
)

// PlanCleanUp lists the inverse changes of the helpers this run made, newest
// first: Before is what is there, After what will be. What would be taken back
// but has to stay is among the plan's Stays, with the reason. It changes nothing.
func (r *Runner) PlanCleanUp(ctx context.Context) (steps.Plan, error) {
	return r.planInverse(ctx, steps.CleanUp)
}

// PlanUndo lists the inverse of everything this run made, as PlanCleanUp does.
func (r *Runner) PlanUndo(ctx context.Context) (steps.Plan, error) {
	return r.planInverse(ctx, steps.Undo)
}

func (r *Runner) planInverse(ctx context.Context, p steps.Purpose) (steps.Plan, error) {
	ctx, end := r.session(ctx)
	defer end()
	if err := r.begin(p); err != nil {
		return steps.Plan{}, err
	}
	plan := steps.Plan{RunID: r.o.Journal.RunID(), Purpose: p}
	seen := map[steps.Ref]steps.Doc{}
	for _, made := range r.State().Takebacks(p) {
		if err := r.planBack(ctx, made, seen, &plan); err != nil {
			return steps.Plan{}, r.unplanned(ctx, made.Step, err)
		}
	}
	plan.Stays = append(plan.Stays, r.others(p)...)
	e := steps.PlanMade{Plan: plan, Digest: plan.Digest()}
	return plan, r.record("", e, PointPlanned)
}

// others are what stays as somebody else made it: nobody shall think that it went, too.
func (r *Runner) others(p steps.Purpose) []steps.Stay {
	var list []steps.Stay
	if p == steps.Migrate {
		return nil
	}
	for _, c := range r.State().ByOthers(p) {
		list = append(list, c.Stay())
	}
	return list
}

// planBack adds one inverse. seen are the documents as the inverses before it
// will leave them, since one thing may have been changed by several steps.
func (r *Runner) planBack(ctx context.Context, made steps.ChangeState, seen map[steps.Ref]steps.Doc, plan *steps.Plan) (err error) {
	defer recovered(&err)
	if err := r.halting(ctx); err != nil {
		return err
	}
	inv, kept, err := r.inverse(ctx, made, func(ref steps.Ref) (steps.Doc, bool) { d, ok := seen[ref]; return d, ok })
	if err != nil {
		return err
	}
	if !kept.IsZero() {
		plan.Stays = append(plan.Stays, steps.Stay{What: string(inv.Ref.Kind), Name: inv.Ref.Name, Count: 1, Why: kept})
		return nil
	}
	if inv.Verb != steps.Act {
		seen[inv.Ref] = inv.After
	}
	if inv.Asks, _, err = r.loses(ctx, made, inv); err != nil {
		return err
	}
	if last := len(plan.Steps) - 1; last >= 0 && plan.Steps[last].ID == inv.Step {
		plan.Steps[last].Changes = append(plan.Steps[last].Changes, inv)
		return nil
	}
	sp := steps.StepPlan{ID: inv.Step, Side: inv.Ref.Side, Changes: []steps.Change{inv}}
	if s, ok := r.step(inv.Step); ok {
		sp.Title = s.Info().Title
	}
	plan.Steps = append(plan.Steps, sp)
	return nil
}

// inverse is what takes one change back, seen from the world as it is now; kept
// says why it has to stay instead.
func (r *Runner) inverse(ctx context.Context, made steps.ChangeState, seen func(steps.Ref) (steps.Doc, bool)) (inv steps.Change, kept steps.Text, err error) {
	c := made.Change
	inv = steps.Change{ID: c.ID, Intent: made.Intent, Step: c.Step, Ref: c.Ref, Helper: c.Helper, Summary: steps.T("Take back: %s", c.Summary)}
	if !c.Reversible {
		return inv, steps.T("It cannot be taken back."), nil
	}
	k, ok := r.o.Live.Resource(c.Ref.Kind)
	if !ok {
		// An act looks for itself whether what is there is still its own.
		inv.Verb = steps.Act
		return inv, steps.Text{}, nil
	}
	live, known := seen(c.Ref)
	if !known {
		if live, err = k.Read(ctx, c.Ref); err != nil {
			return inv, steps.Text{}, err
		}
	}
	want, kept := wanted(k, made, live)
	if s, _ := r.step(c.Step); kept.IsZero() && want != live {
		if sharer, ok := s.(Sharer); ok {
			if kept, err = sharer.Shared(ctx, r.world, c); err != nil {
				return inv, steps.Text{}, err
			}
		}
	}
	back := steps.NewChange(c.Step, c.Ref, live, want, inv.Summary)
	inv.Verb, inv.Before, inv.After = back.Verb, live, want
	return inv, kept, nil
}

// loses says in words what data would go with the taking back of a change, and
// what has to be typed to allow it; a zero Text loses none.
func (r *Runner) loses(ctx context.Context, made steps.ChangeState, inv steps.Change) (what steps.Text, typed string, err error) {
	if inv.Verb == steps.Act {
		s, _ := r.step(made.Step)
		if keeper, ok := s.(DataKeeper); ok {
			return keeper.Data(ctx, r.world, made.Change)
		}
		return what, "", nil
	}
	k, _ := r.o.Live.Resource(inv.Ref.Kind)
	c, ok := k.(resource.Content)
	if !ok || inv.After != steps.Absent || inv.Before == steps.Absent {
		return what, "", nil
	}
	inside, err := c.Content(ctx, inv.Ref)
	if err != nil || inside.Objects == 0 {
		return what, "", err
	}
	what = steps.T("the %s %s with %s", string(inv.Ref.Kind), inv.Ref.Name, inside.Words())
	if in := r.within(inv.Ref); in != nil { // it goes too, however it was answered for
		what = steps.T("%s, the %s %s among them", what, string(in.Kind), in.Name)
	}
	return what, inv.Ref.Name, nil
}

// within is what this run made that still lies in a thing, nil for nothing.
func (r *Runner) within(ref steps.Ref) *steps.Ref {
	for _, c := range r.State().Changes {
		if c.Change.Within == ref && c.Change.Reversible && c.Undone.IsZero() {
			return &c.Change.Ref
		}
	}
	return nil
}

// wanted is the document without what is ours in it. An intent whose end was
// not seen is ours only where its mark is: the process may have died before the
// deed, and somebody else may have done the same since.
func wanted(k resource.Kind, made steps.ChangeState, live steps.Doc) (steps.Doc, steps.Text) {
	c := made.Change
	if live == c.Before {
		return live, steps.Text{} // nothing of it is there (any more)
	}
	unmarked := made.Marker != "" && !strings.Contains(string(live), made.Marker)
	if made.Made.IsZero() && live != c.After && unmarked {
		return live, steps.T("It was about to be changed when the run was killed, and what is there is not marked as ours.")
	}
	want, ok, why := k.Takeback(live, c.Before, c.After)
	if !ok {
		return live, why
	}
	return want, steps.Text{}
}
