package engine

import (
	"context"
	"slices"

	"snapferry/awsx/failure"
	"snapferry/steps"
)

// refusedWrite is a write that the identity here was refused, of a thing that was as it
// had been approved.
type refusedWrite struct {
	change steps.Change
	err    error
}

func (e *refusedWrite) Error() string { return e.err.Error() }
func (e *refusedWrite) Unwrap() error { return e.err }

// handable are the kinds that somebody else can make as well as we: those of the
// control and mapping identities. What the signer does on a domain is its own to be
// let do, and its refusals have causes of their own.
var handable = append(slices.Clone(granting), steps.KindFGACRole, steps.KindRoleMapping)

// refused tells a refusal of a write from every other failure of it: throttling, and
// a login that ran out, are none.
func refused(c steps.Change, err error) error {
	if !failure.Is(err, failure.Denied) || !slices.Contains(handable, c.Ref.Kind) {
		return err
	}
	return &refusedWrite{c, err}
}

// handRefused hands over what was refused and waits until it is so. A deed of several
// calls may have been refused in its middle: what it left is ours to be finished, and
// nobody else's. Where somebody sits here he is asked after a while, as he may rather
// give the right than have it done.
func (r *Runner) handRefused(ctx context.Context, step steps.StepID, no *refusedWrite) error {
	c := no.change
	k, _, err := r.hands(c)
	if err != nil {
		return err
	}
	if err := r.world.rest(ctx, firstLook); err != nil { // what the first call made may not be seen at once
		return err
	}
	if live, err := k.Read(ctx, c.Ref); err != nil || live != c.Before {
		return no.err
	}
	told := c
	told.Handed = true
	do, err := r.instruct([]steps.Change{told})
	if err != nil {
		return err
	}
	f := failure.Of(no.err)
	do.What = steps.T("%s (refused here: %s: %s)", do.What, f.Operation, f.Message)
	if err := r.emit(step, steps.ChangeRefused{ID: c.ID, Why: steps.T("%s: %s", f.Operation, f.Message)}); err != nil {
		return err
	}
	since := r.o.Clock.Now()
	return r.patiently(ctx, step, func(ctx context.Context) error {
		return r.handOver(ctx, step, do, func() (bool, error) {
			live, err := k.Read(ctx, c.Ref)
			r.o.Live.Drop(c.Ref)
			switch {
			case err != nil || live == c.After:
				return err == nil, err
			case live != c.Before && !c.Underway(live):
				return false, &DriftError{Change: c, Live: live}
			case r.o.WaitOther == Forever && r.o.Failed != nil && r.o.Clock.Now().Sub(since) > askAfter:
				return false, no.err
			}
			return false, nil
		})
	})
}
