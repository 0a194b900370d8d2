package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"snapferry/steps"
	"snapferry/steps/resource"
)

// errUnseen says that nothing of a step could be seen here: it was handed over,
// and whether it is so is unknown.
var errUnseen = errors.New("nothing of it can be read here")

// declare makes a declarative step's documents so, one after the other, and then
// shows that all of them hold.
func (r *Runner) declare(ctx context.Context, s Step, changes []steps.Change, unproven bool) (steps.Evidence, error) {
	id := s.Info().ID
	for rest := changes; len(rest) > 0; {
		if err := r.halting(ctx); err != nil {
			return steps.Evidence{}, err
		}
		// Those in a row that cannot be read are one errand for somebody else.
		n := slices.IndexFunc(rest, func(c steps.Change) bool { return !c.Unread })
		if n < 0 {
			n = len(rest)
		}
		if err := r.handBlind(ctx, s, rest[:n]); err != nil {
			return steps.Evidence{}, err
		}
		if rest = rest[n:]; len(rest) == 0 {
			break
		}
		if err := r.apply(ctx, rest[0]); err != nil {
			return steps.Evidence{}, err
		}
		rest = rest[1:]
	}
	evidence, known, err := r.held(ctx, s, changes)
	p, ok := s.(Prover)
	switch {
	case err != nil:
		return evidence, err
	case !ok && known == 0:
		return evidence, errUnseen
	case !ok:
		return evidence, nil
	}
	proof, err := p.Prove(ctx, r.world, changes, unproven || r.made[id])
	if !proof.Summary.IsZero() {
		evidence.Summary = proof.Summary
	}
	evidence.Lines, evidence.Data = append(evidence.Lines, proof.Lines...), proof.Data
	return evidence, err
}

// held looks at all of a step's changes in a second pass: each was read back when
// it was made, but the next one may have touched it. known is of how many of them
// something can be said.
func (r *Runner) held(ctx context.Context, s Step, changes []steps.Change) (evidence steps.Evidence, known int, err error) {
	read, seen := 0, 0
	for _, c := range changes {
		line, effect := steps.T("%s reads back as approved.", c.Ref), false
		if c.Unread {
			if line, effect = r.unread(ctx, s, c); effect {
				seen++
			}
		} else if err := r.holds(ctx, c); err != nil {
			return steps.Evidence{}, 0, err
		} else {
			read++
		}
		evidence.Lines = append(evidence.Lines, line)
	}
	evidence.Summary = steps.T("checked by reading back: %d of %d as approved", read, len(changes))
	if seen > 0 {
		evidence.Summary = steps.T("%s; seen by its effect: %d", evidence.Summary, seen)
	}
	return evidence, read + seen, nil
}

// apply makes one document so: look, write down the intent, write, read back.
//
// The order is what makes a kill harmless. Before the intent nothing is done;
// between intent and deed the world is as it was; after the deed the world shows
// it and the intent says whose it is. So whatever a later start finds, it can
// tell what is still to be done from the world, and what is ours from the journal.
func (r *Runner) apply(ctx context.Context, c steps.Change) error {
	k, c, err := r.hands(c)
	if err != nil {
		return err
	}
	live, err := k.Read(ctx, c.Ref)
	if err != nil {
		return err
	}
	pending := r.pending(c)
	if live == c.After {
		if pending == nil {
			return nil
		}
		return r.seenMade(c, live) // a start that died did it, and could not say so
	}
	if pending != nil && underway(pending.Change, c, live) {
		// What is there is our own work, half done by a start or a try that
		// died: the change goes from where the intent began to where it was to end.
		c.Before = pending.Change.Before
	} else if live != c.Before {
		return &DriftError{Change: c, Live: live}
	}
	if err := r.intend(c, pending, r.mark(k, c)); err != nil {
		return err
	}
	if err := r.deed(ctx, k, c, live); err != nil {
		return refused(c, err)
	}
	r.o.Points(PointAfterDeed)
	if err := r.readBack(ctx, k, c); err != nil {
		return err
	}
	return r.seenMade(c, c.After)
}

// underway says that what is there is what an earlier intent began, on the way to
// where a change ends now.
func underway(began, c steps.Change, live steps.Doc) bool {
	began.After = c.After
	return began.Underway(live)
}

// put turns what is there into what is wanted.
func put(ctx context.Context, k resource.Kind, ref steps.Ref, was, want steps.Doc) error {
	if want == steps.Absent {
		return k.Delete(ctx, ref, was)
	}
	return k.Write(ctx, ref, was, want)
}

// intend writes the intent down before the deed; one that an earlier start wrote
// down for the same document is still good.
func (r *Runner) intend(c steps.Change, pending *steps.ChangeState, mark string) error {
	r.o.Points(PointBeforeIntent)
	if pending == nil {
		if err := r.emit(c.Step, steps.ChangeIntended{Change: c, Marker: mark}); err != nil {
			return err
		}
	}
	r.o.Points(PointAfterIntent)
	return nil
}

// seenMade writes down that a change is seen in the world, whoever's hand of ours
// made it: this start's, or that of one which died before it could say so.
func (r *Runner) seenMade(c steps.Change, live steps.Doc) error {
	r.made[c.Step] = true
	r.isWell()
	e := steps.ChangeMade{ID: c.ID, Live: live, Filled: r.world.holes.take()}
	return r.record(c.Step, e, PointAfterMade)
}

// pending is the intent of an earlier start for this very document.
func (r *Runner) pending(c steps.Change) *steps.ChangeState {
	if p := r.State().Pending(c.ID); p != nil && p.Change.After == c.After {
		return p
	}
	return nil
}

// hands gives the kind that does it, and the change with its holes filled.
func (r *Runner) hands(c steps.Change) (resource.Kind, steps.Change, error) {
	k, ok := r.o.Live.Resource(c.Ref.Kind)
	if !ok {
		return nil, c, fmt.Errorf("engine: nobody knows how to make a %s", c.Ref.Kind)
	}
	c, err := r.filled(c)
	return k, c, err
}

// filled puts in what earlier steps found out. The journalled change is the
// filled one: it has to say what was really written, for undo.
func (r *Runner) filled(c steps.Change) (steps.Change, error) {
	known := r.world.holes.values()
	c.Before, c.After = c.Before.Fill(known), c.After.Fill(known)
	if name := c.After.Open(); name != "" {
		return c, &steps.Error{
			Summary: steps.T("%s needs %s, which no step has found out yet.", c.Ref, name),
			Fix:     steps.T("Plan again: the plan shows which step fills it."),
		}
	}
	return c, nil
}

// mark is what makes the result recognisable as ours, "" if nothing does.
func (r *Runner) mark(by any, c steps.Change) string {
	if m, ok := by.(Marker); ok {
		return m.Mark(c)
	}
	if id := r.o.Journal.RunID(); id != "" && strings.Contains(string(c.After), id) {
		return id
	}
	return ""
}

// readBack waits, up to the bound, until the thing shows what was written. IAM
// and S3's settings are eventually consistent; a first interrupt does not end
// this wait, because stopping after a write would leave a deed without its record.
func (r *Runner) readBack(ctx context.Context, k resource.Kind, c steps.Change) error {
	end := r.o.Clock.Now().Add(r.o.Settle)
	wait := firstWait / 2
	for waited := false; ; waited = true {
		live, err := k.Read(ctx, c.Ref)
		if err != nil {
			return err
		}
		if live == c.After {
			if waited {
				r.waiting(c.Step, steps.Text{})
			}
			return nil
		}
		if r.o.Clock.Now().Add(wait).After(end) {
			return &DriftError{Change: c, Live: live, Written: true}
		}
		if !waited {
			r.waiting(c.Step, steps.T("%s to show the change", c.Ref))
		}
		if err := r.o.Clock.Wait(ctx, wait); err != nil {
			return err
		}
		wait = min(2*wait, lastWait)
	}
}

// holds looks once more, after all of the step's changes: a later one must not
// have undone an earlier one. It waits as readBack does, since a copy that lags may
// still give the old answer after another gave the new one: only what stays
// different is an edit.
func (r *Runner) holds(ctx context.Context, c steps.Change) error {
	k, c, err := r.hands(c)
	if err != nil {
		return err
	}
	return r.readBack(ctx, k, c)
}
