package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"snapferry/awsx/awsid"
	"snapferry/steps"
	"snapferry/steps/engine"
	"snapferry/steps/facts"
	"snapferry/steps/spec"
)

// route is what all steps share: the answers and the view of both sides.
type route struct {
	spec  *spec.Spec
	facts *facts.Facts
	// begun is the source as it was read before this start of the program began the
	// snapshot; empty where an earlier one did.
	begun map[string]sight
}

// targetSide is the side whose domain receives the indices.
func (r *route) targetSide() steps.Side {
	if r.spec.Shape == spec.ShapeSameDomain {
		return steps.Source
	}
	return steps.Target
}

// partition is the side's partition, by its region.
func (r *route) partition(side steps.Side) awsid.Partition {
	return r.spec.Side(side).Region.Partition()
}

// roleARN is the snapshot role of a side as it is, or as it will be: IAM's own
// spelling wins over the typed one, because a role is assumed letter by letter.
func (r *route) roleARN(ctx context.Context, side steps.Side) (awsid.ARN, error) {
	side = r.spec.RoleSide(side)
	want := r.spec.Side(side)
	if !want.Role.ARN.IsZero() {
		return want.Role.ARN, nil
	}
	role, err := r.facts.Role(ctx, side)
	switch {
	case errors.Is(err, facts.ErrNobody) || unseeable(steps.KindRole, err): // somebody else makes it, as it was answered
	case err != nil:
		return awsid.ARN{}, err
	case role.Found != nil:
		return role.Found.ARN, nil
	}
	if len(role.Similar) > 0 {
		return awsid.ARN{}, &steps.Error{
			Field:   string(side) + ".role.name",
			Summary: steps.T("A role %s exists already, spelt differently from %s; IAM makes no second one", role.Similar[0].ARN.String(), string(want.Role.Name)),
			Fix:     steps.T("Say that role's exact name under %s.role.name, and the plan adds to it what it lacks; or choose another name there for one of its own", string(side)),
		}
	}
	return awsid.RoleARN(r.partition(side), want.Account, want.Role.Path, want.Role.Name), nil
}

// domain is a side's domain. Where its own access control lets nobody here see it, nothing
// of it is known: the step that maps the signer hands that over before anything is made.
func (r *route) domain(ctx context.Context, side steps.Side) (facts.Domain, error) {
	d, err := r.facts.Domain(ctx, side)
	if facts.Unmapped(err) {
		return facts.Domain{}, nil
	}
	return d, err
}

// domainARN is a side's domain; zero where only an endpoint is known.
func (r *route) domainARN(ctx context.Context, side steps.Side) (awsid.ARN, error) {
	d, err := r.domain(ctx, side)
	if err != nil {
		return awsid.ARN{}, err
	}
	if !d.ARN.IsZero() {
		return d.ARN, nil
	}
	s := r.spec.Side(side)
	if s.Domain == "" {
		return awsid.ARN{}, nil
	}
	return awsid.DomainARN(r.partition(side), s.Region, s.Account, s.Domain), nil
}

// domainARNs are the domains of sides, unknown ones left out.
func (r *route) domainARNs(ctx context.Context, sides []steps.Side) ([]string, error) {
	var arns []string
	for _, s := range sides {
		a, err := r.domainARN(ctx, s)
		if err != nil {
			return nil, err
		}
		if !a.IsZero() {
			arns = append(arns, a.String())
		}
	}
	return arns, nil
}

// moves are the indices of this run: those of the approved plan where there is
// one, because the scope of what was approved must not grow with a live source.
func (r *route) moves(ctx context.Context, w *engine.World) ([]steps.Move, []steps.Stay, error) {
	if p, ok := w.Approved(); ok && len(p.Moves) > 0 {
		return p.Moves, p.Stays, nil
	}
	selection, err := r.facts.Selection(ctx)
	if err != nil {
		return nil, nil, err
	}
	if len(selection.Torn) > 0 {
		c := selection.Torn[0]
		return nil, nil, &steps.Error{Field: c.Field, Summary: steps.T("The data stream %s cannot move: %s", c.Name, c.Why), Fix: c.Fix}
	}
	if len(selection.Moves) == 0 {
		return nil, nil, &steps.Error{
			Field:   "move.indices",
			Summary: steps.T("No index of the source would move: nothing matches the patterns, or what matches has to stay"),
			Fix:     steps.T("snapferry preflight lists what stays and why; widen the patterns"),
		}
	}
	return selection.Moves, selection.Stays, nil
}

// wanted are the moves a plan is made for. What was approved may still shrink, by
// indices that the source lost before they were taken, or grow, by those that a
// data stream was given until then: the plan is then another one, to be approved.
func (r *route) wanted(ctx context.Context, w *engine.World) ([]steps.Move, []steps.Stay, error) {
	moves, stays, err := r.moves(ctx, w)
	if err != nil {
		return nil, nil, err
	}
	if _, approved := w.Approved(); !approved {
		return moves, stays, nil
	}
	taken, err := r.facts.Snapshot(ctx, steps.Source, r.spec.Move.Repository, r.spec.Move.Snapshot)
	if err != nil {
		return nil, nil, err
	}
	if taken != nil {
		moves, err = r.grown(ctx, moves, inSnapshot(taken))
		return moves, stays, err
	}
	left, gone, err := r.standing(ctx, moves)
	return left, append(slices.Clip(stays), gone...), err
}

// standing sorts approved moves that were not taken yet by whether they can be.
func (r *route) standing(ctx context.Context, moves []steps.Move) (left []steps.Move, stays []steps.Stay, err error) {
	of, err := r.ofStreams(ctx)
	if err != nil {
		return nil, nil, err
	}
	if moves, err = r.grown(ctx, moves, of); err != nil {
		return nil, nil, err
	}
	there, err := r.facts.Indices(ctx, steps.Source)
	if err != nil {
		return nil, nil, err
	}
	standing := map[string]bool{}
	for _, x := range there {
		standing[x.Name] = true
	}
	for _, m := range moves {
		if standing[m.Index] {
			left = append(left, m)
			continue
		}
		stays = append(stays, steps.Stay{What: "index", Name: m.Index, Count: 1, Why: steps.T("it is gone from the source")})
	}
	if len(left) == 0 {
		return nil, nil, &steps.Error{
			Field:   "move.indices",
			Summary: steps.T("None of the indices that were to be moved is on the source any more"),
			Fix:     steps.T("Start anew in another run directory"),
		}
	}
	return left, stays, nil
}

// set is for looking names up among thousands.
func set(names []string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

func sourceNames(moves []steps.Move) []string {
	return names(moves, func(m steps.Move) string { return m.Index })
}

func targetNames(moves []steps.Move) []string {
	return names(moves, func(m steps.Move) string { return m.As })
}

func names(moves []steps.Move, of func(steps.Move) string) []string {
	out := make([]string, len(moves))
	for i, m := range moves {
		out[i] = of(m)
	}
	return out
}

// document writes an act's own document. Maps and structs of strings always
// marshal.
func document(v any) (steps.Doc, error) {
	b, err := json.Marshal(v)
	return steps.Doc(b), err
}

// act is the one change of an action.
func act(step steps.StepID, ref steps.Ref, after steps.Doc, done bool, summary steps.Text) steps.Change {
	c := steps.NewAct(step, ref, after, summary)
	if done {
		c.Verb, c.Before = steps.Exists, after
	}
	return c
}
