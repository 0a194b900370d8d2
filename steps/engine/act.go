package engine

import (
	"context"

	"snapferry/steps"
)

// act does an action's act, or goes on with it, and has it prove itself. The
// intent stands until the proof: an act that cannot be verified was not made,
// but is still ours to take back.
func (r *Runner) act(ctx context.Context, a Action, c steps.Change) (steps.Evidence, error) {
	c, err := r.filled(c)
	if err != nil {
		return steps.Evidence{}, err
	}
	pending := r.pending(c) // a start that died began it: Apply goes on with it
	if c.Verb != steps.Exists {
		if c.Mutates() {
			if err := r.intend(c, pending, r.mark(a, c)); err != nil {
				return steps.Evidence{}, err
			}
		}
		r.o.Live.DropAll() // an act looks at the world as it is now
		if err := a.Apply(ctx, r.world, c, r.emitter(c.Step)); err != nil {
			return steps.Evidence{}, err
		}
		r.o.Live.DropAll()
		r.o.Points(PointAfterDeed)
	}
	// The proof comes before the record: an act that came out wrong (a partial
	// snapshot) stays an intent, which a new start tries again and undo takes back.
	evidence, err := a.Verify(ctx, r.world, c, r.emitter(c.Step))
	if err != nil {
		return steps.Evidence{}, err
	}
	if c.Mutates() || pending != nil {
		return evidence, r.seenMade(c, c.After)
	}
	return evidence, nil
}
