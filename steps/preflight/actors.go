package preflight

import (
	"cmp"
	"context"
	"slices"

	"snapferry/awsx/awsid"
	"snapferry/awsx/policy"
	"snapferry/steps"
	"snapferry/steps/facts"
	"snapferry/steps/migrate"
	"snapferry/steps/resource"
	"snapferry/steps/spec"
)

// actor is somebody with policies of his own.
type actor struct {
	who policy.Who
	// own holds identity policies and boundary; unread is why some of them could
	// not be read.
	own    policy.Stack
	unread error
	// name is a signer's principal as its grant names it, however sure its path is.
	name string
}

func (a *actor) lacks(layer policy.Layer, err error) {
	a.own.Unread = append(a.own.Unread, layer)
	if a.unread == nil {
		a.unread = err
	}
}

// bounded reads the boundary, if there is one.
func (w *View) bounded(ctx context.Context, side steps.Side, a *actor, boundary awsid.ARN) {
	if boundary.IsZero() {
		return
	}
	doc, err := w.Boundary(ctx, side, boundary)
	if err != nil {
		a.lacks(policy.LayerBoundary, err)
		return
	}
	a.own.Boundary = &doc
}

// signer is who signs the calls to a side's domain.
func (w *View) signer(ctx context.Context, side steps.Side) (actor, error) {
	var a actor
	if w.Spec().Side(side).Auth == spec.AuthUnsigned {
		a.who.Anonymous = true
		return a, nil
	}
	who, err := w.Identity(ctx, side, facts.Signer)
	if err != nil {
		return a, err
	}
	arn, exact, err := w.Principal(ctx, side, facts.Signer)
	if err != nil {
		return a, err
	}
	a.name = arn.String()
	a.who = policy.Who{Account: string(who.Account), UniqueID: who.UserID}
	if who.ARN != arn {
		a.who.Session = who.ARN.String()
	}
	if exact {
		a.who.ARN = arn.String()
	}
	have, err := w.Policies(ctx, side, facts.Signer)
	if err != nil {
		a.lacks(policy.LayerIdentity, err)
		return a, nil
	}
	a.own.Identity = have.Documents()
	if have.Incomplete != nil {
		a.lacks(policy.LayerIdentity, w.Partly(facts.FactPolicies, side, have.Incomplete))
	}
	w.bounded(ctx, side, &a, have.Boundary)
	return a, nil
}

// signerAfter is the signer with what the plan grants that very principal, for its
// own side or, where it signs on both, for the other; nil where it grants nothing.
func (w *View) signerAfter(ctx context.Context, side steps.Side, a actor) (actor, *steps.Change) {
	if a.name == "" {
		return a, nil
	}
	c, ok := w.plannedOf(ctx, steps.KindSignerGrant, side, a.name)
	if !ok && side == steps.Source {
		c, ok = w.plannedOf(ctx, steps.KindSignerGrant, steps.Target, a.name)
	}
	doc, err := resource.ParsePolicy(c.After)
	if err != nil || !ok {
		return a, nil
	}
	a.own.Identity = append(slices.Clone(a.own.Identity), doc)
	return a, &c
}

// signerStep is the step that grants a side's signer its rights.
func signerStep(s *spec.Spec, side steps.Side) steps.StepID {
	if side == steps.Target && migrate.TwoSigners(s) {
		return migrate.StepTargetSigner
	}
	return steps.StepID(string(s.RoleSide(side)) + "-signer")
}

// plannedOf is what the plan makes of a thing that stands in something else, or of
// the first by name of a kind.
func (w *View) plannedOf(ctx context.Context, kind steps.Kind, side steps.Side, name string) (steps.Change, bool) {
	w.forecast(ctx)
	var found []steps.Change
	for ref, c := range w.plan {
		if ref.Kind == kind && ref.Side == side && (ref.Name == name || name == "") {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		return steps.Change{}, false
	}
	return slices.MinFunc(found, func(a, b steps.Change) int { return cmp.Compare(a.ID, b.ID) }), true
}
